package node

import (
	"context"
	"fmt"
	"iter"

	"landport/gate"
	"landport/ledger"
)

// Facts reads the gate's facts of a post out of its ledger, in the order in
// which they were written: since the crossing that a layout is of came into
// force. It ends with an error that names the entry if one cannot be read, or
// that says that the ledger's last crossing is another.
func Facts(ctx context.Context, l *ledger.Ledger, layout *gate.Layout) iter.Seq2[gate.Fact, error] {
	return func(yield func(gate.Fact, error) bool) {
		codec, from, err := lastCrossing(ctx, l, layout)
		if err != nil {
			yield(gate.Fact{}, err)
			return
		}
		for e, err := range l.Each(ctx, from) {
			var f gate.Fact
			ours := false
			if err == nil {
				f, ours, err = codec.read(&e)
			}
			if (ours || err != nil) && !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// lastCrossing is the codec of a layout and the entry behind which a ledger was
// written by it, if that is the last that it was written by.
func lastCrossing(ctx context.Context, l *ledger.Ledger, layout *gate.Layout) (codec *Codec, from int64, err error) {
	if codec, err = NewCodec(layout); err != nil {
		return nil, 0, err
	}
	seqs, err := searchedCrossings(ctx, l)
	if err != nil {
		return nil, 0, err
	}
	all, err := readCrossings(ctx, l, seqs, codec)
	if err != nil || len(all) == 0 {
		return codec, 0, err
	}
	last := all[len(all)-1]
	if last.codec != codec {
		return nil, 0, fmt.Errorf("the ledger of %s was last written by another crossing than this one; give the post's file by which its node last ran", codec.post)
	}
	if len(all) > 1 {
		from = last.seq
	}
	return codec, from, nil
}
