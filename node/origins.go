package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"landport/border"
	"landport/gate"
)

// Origin says who brought an entry about, and what they said of it.
type Origin struct {
	Actor  string // "" for the clock
	Remark string // commitment, "" for none
}

// originsAtOnce is how many entries are read in one go. A remark follows the
// entry it is about with only that order's other entries between.
const originsAtOnce = 48

// Origins returns the origins of entries, by seq.
func (n *Node) Origins(ctx context.Context, seqs []int64) (map[int64]Origin, error) {
	out := make(map[int64]Origin, len(seqs))
	for _, seq := range seqs {
		if _, done := out[seq]; done {
			continue
		}
		entries, err := n.ledger.Entries(ctx, seq-1, originsAtOnce)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			e := &entries[i]
			if e.Kind == kindRemarked {
				var d remarkData
				if err := json.Unmarshal(e.Data, &d); err != nil {
					return nil, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
				}
				if about, ok := out[e.Cause]; ok {
					about.Remark = d.Remark
					out[e.Cause] = about
				}
				continue
			}
			if slices.Contains(seqs, e.Seq) && e.Seq-seq < originsAtOnce/2 {
				out[e.Seq] = Origin{Actor: e.Actor}
			}
		}
	}
	return out, nil
}

// Stay is how long one visit was at the post, and for how much of that it waited.
type Stay struct {
	Direction gate.Direction
	Traits    border.Traits
	Arrived   border.Time
	Left      border.Time   // 0 while it is here
	Waited    border.Micros // so far: neither in service nor driving
	Waiting   bool          // now
	Ready     bool          // its dossier is
}

// Stays returns the stays of visits that are here, and of those that left by
// the ways out, in the order in which they arrived. All that left since an
// instant are among them; of those before it some are forgotten.
func (n *Node) Stays() (stays []Stay, since border.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	since = n.begin
	for i, v := range n.screen.gone {
		if i == 0 && n.screen.forgotten > 0 && len(v.facts) > 0 {
			since = max(since, v.facts[len(v.facts)-1].At)
		}
		if v.ArrivedAt != 0 && v.Left != 0 {
			stays = append(stays, v.stay(v.Left))
		}
	}
	now := n.moment().At
	for _, v := range n.screen.visits {
		if v.ArrivedAt > n.epochAt { // of earlier ones a part of the wait may be lost
			stays = append(stays, v.stay(now))
		}
	}
	slices.SortStableFunc(stays, func(a, b Stay) int { return cmp.Or(cmp.Compare(a.Arrived, b.Arrived), cmp.Compare(a.Left, b.Left)) })
	return stays, since
}

// stay sums up a visit until an instant.
func (v *Visit) stay(until border.Time) Stay {
	busy := v.Busy
	if v.BusySince != 0 {
		busy += until.Sub(v.BusySince)
	}
	return Stay{v.Direction, v.Traits, v.ArrivedAt, v.Left, until.Sub(v.ArrivedAt) - busy, v.Waits(), v.Ready}
}
