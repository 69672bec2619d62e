package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"landport/border"
)

// Trace is a visit that is found by its plate.
type Trace struct {
	Visit

	Ended border.Time // 0 while it is announced or here, and if nobody knows
}

// tracesMost is how many visits are found by a plate at most, the latest.
const tracesMost = 50

// Traces returns the visits that went by a plate, in any spelling, the latest
// first: those announced, those here, and those that left, however long ago.
// Under a plate that was corrected, or erased, nobody is found.
func (n *Node) Traces(ctx context.Context, plate string) (out []Trace, err error) {
	if border.PlateKey(plate) == "" {
		return nil, nil
	}
	commitments, err := n.ledger.Search(ctx, "plate", plate)
	if err != nil {
		return nil, err
	}
	for _, commitment := range slices.Backward(commitments) {
		serial, ok, err := n.wearer(ctx, commitment)
		if err != nil {
			return nil, err
		}
		if !ok || slices.ContainsFunc(out, func(t Trace) bool { return t.ID.Serial() == serial }) {
			continue
		}
		trace, ok, err := n.trace(ctx, serial, commitment)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, trace)
		}
		if len(out) == tracesMost {
			break
		}
	}
	slices.SortFunc(out, func(a, b Trace) int { return cmp.Compare(b.ID.Serial(), a.ID.Serial()) })
	return out, nil
}

// wearer returns the serial number of the visit of which a plate was noted.
func (n *Node) wearer(ctx context.Context, commitment string) (serial uint64, ok bool, err error) {
	at, after, ok, err := n.ledger.Recorded(ctx, commitment)
	for ok && err == nil {
		page, err := n.ledger.Entries(ctx, after, originsAtOnce)
		if err != nil || len(page) == 0 {
			return 0, false, err
		}
		for i := range page {
			e := &page[i]
			if e.Recorded > at {
				return 0, false, nil
			}
			if e.Kind != kindNamed {
				continue
			}
			var d namedData
			if err := json.Unmarshal(e.Data, &d); err != nil {
				return 0, false, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
			}
			if d.Plate == commitment {
				return d.Visit, true, nil
			}
		}
		after = page[len(page)-1].Seq
	}
	return 0, false, err
}

// trace is the visit of a serial number, if a commitment is to its plate still.
func (n *Node) trace(ctx context.Context, serial uint64, commitment string) (t Trace, ok bool, err error) {
	facts, asides, err := n.facts(ctx, serial)
	if err != nil {
		return t, false, err
	}
	name, plate := called(asides)
	rec := Record{Facts: facts}
	rec.recall(serial, cmp.Or(name, n.minted(serial)), plate)
	n.mu.Lock()
	v := n.screen.visits[rec.ID]
	if t.Visit = rec.Visit; v != nil {
		t.Visit = v.Visit
	}
	n.mu.Unlock()
	if v == nil && !rec.Lost {
		t.Ended = rec.Until()
	}
	return t, rec.ID != 0 && plate == commitment, nil
}
