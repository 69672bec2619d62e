package node

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// A time once recorded is corrected by an entry that says what it was. Records
// tell the fact at the new instant and the study counts it so; the gate, which
// went by what it was told, stays where it is.

// kindTimeCorrected is the kind of such an entry: timeCorrectedData. It is caused
// by the fact that was corrected.
const kindTimeCorrected = "node.time-corrected"

// timeCorrectedData says when facts were.
type timeCorrectedData struct {
	remarkData

	Visit  uint64      `json:"visit"`
	Slot   int         `json:"slot"`
	Facts  []int64     `json:"facts"`  // their entries: the one that was corrected, and what followed from it at once
	At     border.Time `json:"at_us"`  // when they were
	Was    border.Time `json:"was_us"` // when they were told to be, until now
	Reason string      `json:"reason"`
}

// earlierMost is by how much the first fact of a visit can be put earlier.
const earlierMost = 30 * border.Day

// Refusals of a time.
const (
	refusedFact  = "unknown-fact"
	refusedOrder = "time-order"
)

// decideTime corrects when a fact of a visit was.
func (n *Node) decideTime(ctx context.Context, b *ledger.Batch, a *asked, now border.Time) {
	of, err := n.bearer(ctx, a.Reference)
	if a.err = err; err == nil && !of.known() {
		a.err = &UnknownReference{a.Reference}
	}
	if a.err != nil {
		return
	}
	facts, _, err := n.facts(ctx, of.id.Serial())
	if a.err = err; err != nil {
		return
	}
	facts = slices.DeleteFunc(facts, func(e Entry) bool { return e.Visit.Serial() != of.id.Serial() })
	at := slices.IndexFunc(facts, func(e Entry) bool { return int64(e.Sequence) == a.Fact })
	if at < 0 {
		a.refuse(refusedFact, fmt.Sprintf("entry %d is no fact of this visit; give the number of one that its record has", a.Fact))
		return
	}
	together, err := n.together(ctx, facts[at:])
	if a.err = err; err != nil {
		return
	}
	for i := range facts { // what was corrected in this batch
		if t, ok := n.retimed[int64(facts[i].Sequence)]; ok {
			facts[i].At = t
		}
	}
	told, is := facts[at].At, a.Input.At
	from, to := between(facts, at, len(together), now)
	switch {
	case is == told:
		a.refuse(gate.CodeAlreadySo.String(), n.model.Layout.Explain(gate.Refusal{Code: gate.CodeAlreadySo}))
		return
	case is < from || is > to:
		a.refuse(refusedOrder, orderWords(a.Fact, told, from, to, Zone(n.model.Layout, 0)))
		return
	}
	for _, seq := range together {
		n.retimed[seq] = is
	}
	n.append(b, a, kindTimeCorrected, now, a.Fact, timeCorrectedData{
		remarkData{remark(b, a)}, of.id.Serial(), of.id.Slot(), together, is, told, a.Input.Reason.String(),
	})
	a.facts[len(a.facts)-1].Visit = of.id // whose record it belongs to
}

// together are the entries of the first of some facts and of those behind it that
// followed from the same report, at the same instant.
func (n *Node) together(ctx context.Context, facts []Entry) ([]int64, error) {
	entries, err := n.ledger.Entries(ctx, int64(facts[0].Sequence)-1, originsAtOnce)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	first, seqs := &entries[0], []int64{}
	for i := range facts {
		k := int64(facts[i].Sequence) - first.Seq
		if k >= int64(len(entries)) || facts[i].At != facts[0].At {
			break
		}
		if e := &entries[k]; e.Command != first.Command || e.Recorded != first.Recorded || e.Occurred != first.Occurred {
			break
		}
		seqs = append(seqs, int64(facts[i].Sequence))
	}
	return seqs, nil
}

// orders reports whether facts of a kind say when something began or ended, so
// that none can be put past another.
func orders(k gate.Kind) bool {
	return k != gate.Anomaly && k != gate.Noted && k != gate.Corrected && k != gate.Milestone
}

// between is from when until when a number of facts from one on can be, by those
// about them, so that no order that holds is upset.
func between(facts []Entry, at, count int, now border.Time) (from, to border.Time) {
	told := facts[at].At
	from, to = told.Add(-earlierMost), now
	for i := range facts {
		switch t := facts[i].At; {
		case i >= at && i < at+count, !orders(facts[i].Kind) || !orders(facts[at].Kind):
		case i < at && t <= told:
			from = max(from, t)
		case i > at && t >= told:
			to = min(to, t)
		}
	}
	return from, max(to, told)
}

// orderWords says of what seconds a fact can be that is told to be at an instant
// and can be from one until another, all by a clock.
func orderWords(seq int64, told, from, to border.Time, zone *time.Location) string {
	const second = border.Time(border.Second)
	first, last := (from+second-1)/second*second, to/second*second
	if is := told / second * second; first > last || first == is && last == is {
		return fmt.Sprintf("what else is known of the visit, just before and just after entry %d, leaves no other second that it can be of; correct the one beside it first", seq)
	}
	say := func(t border.Time) string { return t.Std(zone).Format("2006-01-02 15:04:05 Z07:00") }
	return fmt.Sprintf("by what else is known of the visit, entry %d can be of %s at the earliest and %s at the latest; give a time in between, or correct the one beside it first",
		seq, say(first), say(last))
}

// retimings reads the entries whose time an entry corrects, nil for none.
func retimings(e *ledger.Entry) (d timeCorrectedData, err error) {
	if e.Kind != kindTimeCorrected {
		return d, nil
	}
	if e.Version != 1 {
		err = errNewer
	} else {
		err = json.Unmarshal(e.Data, &d)
	}
	if err != nil {
		return d, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	return d, nil
}

// retime puts facts where asides say that they were.
func retime(facts []Entry, asides []Aside) {
	for i := range asides {
		for _, seq := range asides[i].Facts {
			at, ok := slices.BinarySearchFunc(facts, uint64(seq), func(e Entry, seq uint64) int { return int(e.Sequence) - int(seq) })
			if !ok {
				continue
			}
			f := &facts[at]
			if f.Told == 0 {
				f.Told = f.At
			}
			f.At = asides[i].Is
		}
	}
}

// retime has a record tell when the visit came and left by its facts, where these
// are corrected.
func (r *Record) retime() {
	for i := range r.Facts {
		switch e := &r.Facts[i]; {
		case e.Told == 0 || e.Visit != r.ID:
		case e.Kind == gate.Arrived || e.Kind == gate.Alighted:
			r.ArrivedAt = e.At
		case e.Kind == gate.Removed:
			r.Left = e.At
		}
	}
}

// Correctable reports whether operators may be offered to correct when a fact of
// a record was: it is the visit's own and not about the record itself.
func (r *Record) Correctable(e *Entry) bool { return e.Visit == r.ID && orders(e.Kind) }

// Clock is when a fact was by the clock of a zone, to the second.
func (e *Entry) Clock(zone *time.Location) string {
	return e.At.Std(zone).Format("2006-01-02T15:04:05")
}
