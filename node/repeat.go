package node

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"landport/gate"
	"landport/ledger"
)

// repeat answers a command that was carried out before. Where a recovery could
// only tell from the entries that it was, these say what it came to, and any
// request under its ID is taken for the one there was.
func (n *Node) repeat(ctx context.Context, a *asked, o ledger.Outcome) {
	switch lost := o.Request == [sha256.Size]byte{}; {
	case lost && o.Answer == "":
		a.result, a.err = n.recalled(ctx, o)
	case o.Request != a.digest:
		a.err = ErrReused
		return
	default:
		if err := json.Unmarshal([]byte(o.Answer), &a.result); err != nil {
			a.err = fmt.Errorf("the answer on record for %s cannot be read: %w", a.ID, err)
		}
	}
	a.result.Repeated = true
}

// recalled is the answer to a command, made of the entries that followed.
func (n *Node) recalled(ctx context.Context, o ledger.Outcome) (Answer, error) {
	out := Answer{Sequence: o.First, Entries: o.Entries}
	entries, err := n.ledger.Entries(ctx, o.First-1, o.Entries)
	last := "" // anomaly
	for i := range entries {
		e := &entries[i]
		switch aside, _, err := asideOf(e); {
		case err != nil:
		case aside.Kind == AsideNamed:
			out.Reference = cmp.Or(aside.Reference, out.Reference)
		case aside.Kind == AsideClaimed:
			out.Anomaly, out.Claimed = last, aside.Claimed
		}
		fact, ok, _ := n.fact(e)
		if !ok {
			continue
		}
		out.note([]gate.Fact{fact})
		switch fact.Kind {
		case gate.Anomaly:
			last = fact.Reason.String()
		case gate.Announced, gate.Arrived, gate.Alighted:
			out.Reference = cmp.Or(out.Reference, n.minted(fact.Visit.Serial()))
		}
	}
	return out, err
}
