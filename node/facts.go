package node

import (
	"context"
	"iter"
	"strings"

	"landport/gate"
	"landport/ledger"
)

// Facts reads the gate's facts of a post out of its ledger, in the order in
// which they were written. It ends with an error that names the entry if one
// cannot be read.
func Facts(ctx context.Context, l *ledger.Ledger, layout *gate.Layout) iter.Seq2[gate.Fact, error] {
	return func(yield func(gate.Fact, error) bool) {
		codec, err := NewCodec(layout)
		if err != nil {
			yield(gate.Fact{}, err)
			return
		}
		for e, err := range l.Each(ctx, 0) {
			if err == nil && !strings.HasPrefix(e.Kind, gatePrefix) {
				continue
			}
			var f gate.Fact
			if err == nil {
				f, err = codec.Fact(&e)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}
