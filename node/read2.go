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
}

// Stays returns the stays of visits that are here, and of those that left by
// the ways out, in the order in which they arrived. All that left since an
// instant are among them; of those before it some are forgotten.
func (n *Node) Stays() (stays []Stay, since border.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	since = n.begin
	for i, v := range n.screen.gone {
		s, ok := stay(v, 0)
		if i == 0 && n.screen.forgotten > 0 && len(v.facts) > 0 {
			since = v.facts[len(v.facts)-1].At
		}
		if ok && s.Left != 0 {
			stays = append(stays, s)
		}
	}
	now := n.moment().At
	for _, v := range n.screen.visits {
		if s, ok := stay(v, now); ok {
			stays = append(stays, s)
		}
	}
	slices.SortStableFunc(stays, func(a, b Stay) int { return cmp.Compare(a.Arrived, b.Arrived) })
	return stays, since
}

// stay sums up a visit's facts until it left, or now; false if it has not
// arrived.
func stay(v *visit, now border.Time) (s Stay, ok bool) {
	s.Direction, s.Traits, s.Waiting = v.Direction, v.Traits, v.Waits()
	var busy border.Micros
	var since border.Time // when what it is busy with began; 0 if it waits
	rest := func(at border.Time) {
		if since != 0 {
			busy += at.Sub(since)
		}
		since = 0
	}
	for i := range v.facts {
		f := &v.facts[i]
		if f.Visit != v.ID {
			continue
		}
		switch f.Kind {
		case gate.Arrived:
			s.Arrived, ok = f.At, true
		case gate.ServiceStarted, gate.Departed:
			rest(f.At)
			since = f.At
		case gate.ServiceEnded, gate.Interrupted, gate.Reached, gate.Strayed, gate.Relocated:
			rest(f.At)
		case gate.Removed:
			rest(f.At)
			s.Left, now = f.At, f.At
		}
	}
	rest(now)
	s.Waited = now.Sub(s.Arrived) - busy
	return s, ok
}
