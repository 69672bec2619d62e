package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// Kinds of entries that are the node's own.
const (
	kindNamed          = "node.named"           // namedData: how a visit is called
	kindClaimed        = "node.claimed"         // claimedData: under which reference it came that is not its own
	kindRemarked       = "node.remarked"        // remarkData, about the entry that caused it
	kindSettled        = "node.settled"         // remarkData, about the anomaly that caused it
	kindClockConfirmed = "node.clock-confirmed" // clockData
)

// namedData says how a visit is called where that is not by its serial number.
type namedData struct {
	Visit     uint64 `json:"visit"`
	Slot      int    `json:"slot"`
	Reference string `json:"reference,omitzero"` // that the neighbour minted
	Plate     string `json:"plate,omitzero"`     // commitment
}

// remarkData is what a person wrote.
type remarkData struct {
	Remark string `json:"remark,omitzero"` // commitment
}

// clockData is by how much the wall clock was set.
type clockData struct {
	Ahead border.Micros `json:"ahead_us"`
}

// Refusals of the node's own, beside the gate's codes.
const (
	refusedAnomaly   = "unknown-anomaly"
	refusedClock     = "already-so"
	refusedReference = "reference-in-use"
	refusedUsed      = "reference-used"
	refusedUnminted  = "reference-not-minted"
	refusedLeft      = "has-left"
)

// decide takes in what other replicas wrote, then decides what is due and the
// commands, one after the other.
func (n *Node) decide(ctx context.Context, b *ledger.Batch, tick *asked, batch []*asked) error {
	if err := n.catchUp(ctx, b); err != nil {
		return err
	}
	ids := make([]string, len(batch))
	for i, a := range batch {
		ids[i] = a.ID
	}
	before, err := b.Commands(ctx, ids)
	if err != nil {
		return err
	}
	clear(n.fresh)
	clear(n.plates)
	clear(n.retimed)
	n.made = n.made[:0]
	now := n.instant(b.Now())
	n.gate(b, tick, &gate.Input{At: now})
	for _, a := range batch {
		a.result, a.err, a.entries, a.facts, a.from = Answer{}, nil, nil, nil, len(n.made)
		if o, ok := before[a.ID]; ok {
			n.repeat(ctx, a, o)
			continue
		}
		if n.decideOne(ctx, b, a, now); a.err != nil {
			continue
		}
		a.result.Entries = len(a.entries)
		a.result.note(a.facts)
		if len(a.entries) > 0 {
			a.result.Sequence = a.entries[0].Seq
		}
		o := ledger.Outcome{Request: a.digest, First: a.result.Sequence, Entries: a.result.Entries, Answer: a.result.json()}
		b.Done(a.ID, o)
		before[a.ID] = o
	}
	return n.index(ctx, b)
}

// index notes in the tables what was decided.
func (n *Node) index(ctx context.Context, b *ledger.Batch) error {
	rows := &n.rows
	rows.empty()
	entries := b.Appended()
	for i := range entries {
		if err := rows.add(&entries[i], &n.made[i]); err != nil {
			return err
		}
	}
	return rows.write(ctx, b)
}

// catchUp takes in what other replicas wrote. It is committed: readers may see it.
func (n *Node) catchUp(ctx context.Context, b *ledger.Batch) error {
	missed, err := b.After(ctx, n.applied)
	if err != nil || len(missed) == 0 {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range missed {
		if err := n.fold(&missed[i]); err != nil {
			return err
		}
	}
	return nil
}

// instant is when decisions are taken. While the clock is in doubt it stays
// short of the next deadline.
func (n *Node) instant(now border.Time) border.Time {
	now = max(now, n.state.Now())
	if n.jump != 0 {
		now = max(n.state.Now(), min(now, n.state.NextDeadline()-1))
	}
	return now
}

func (n *Node) decideOne(ctx context.Context, b *ledger.Batch, a *asked, now border.Time) {
	if n.far() && a.Act != ConfirmClock {
		a.err = fmt.Errorf("%w: %w", ErrNotReady, n.doubt())
		return
	}
	switch a.Act {
	case Settle:
		n.decideSettle(b, a, now)
	case CorrectTime:
		n.decideTime(ctx, b, a, now)
	case ConfirmClock:
		if n.jump == 0 {
			a.refuse(refusedClock, "the clock is not in doubt; there is nothing to confirm")
			return
		}
		n.append(b, a, kindClockConfirmed, now, 0, clockData{n.jump})
	default:
		n.decideGate(ctx, b, a, now)
	}
}

func (a *asked) refuse(code, detail string) { a.result.Refusal, a.result.Detail = code, detail }

func (n *Node) decideSettle(b *ledger.Batch, a *asked, now border.Time) {
	for i := range n.anoms {
		if n.anoms[i].Seq == a.Anomaly {
			n.settle(b, a, now, &n.anoms[i], remark(b, a))
			return
		}
	}
	a.refuse(refusedAnomaly, "no anomaly of this number is left to settle; settle one of those that are listed")
}

func (n *Node) settle(b *ledger.Batch, a *asked, now border.Time, o *Anomaly, remark string) {
	n.append(b, a, kindSettled, now, o.Seq, remarkData{remark})
	a.facts[len(a.facts)-1].Visit = o.Visit // whose record it belongs to
}

// placeless reports whether a visit is here and nobody knows in which place.
func (n *Node) placeless(id gate.VisitID) bool {
	v, here := n.state.Visit(id)
	return here && v.Phase != gate.PhaseAnnounced && v.Place == gate.Outside
}

// placed settles that a visit's place is gone: somebody told where it is.
func (n *Node) placed(b *ledger.Batch, a *asked, now border.Time, id gate.VisitID) {
	for i := range n.anoms {
		if o := &n.anoms[i]; o.Visit == id && o.Reason == gate.PlaceGone {
			n.settle(b, a, now, o, "")
		}
	}
}

func remark(b *ledger.Batch, a *asked) string {
	if a.Remark == "" {
		return ""
	}
	return b.Personal("remark", a.Remark)
}

func (n *Node) decideGate(ctx context.Context, b *ledger.Batch, a *asked, now border.Time) {
	in := a.Input
	if in.At == 0 || in.At > now || !in.Do.Observation() {
		in.At = now
	}
	in.Told = now
	of := n.aim(ctx, a, &in)
	if a.err != nil || a.result.Refusal != "" || in.Do == gate.Announce && a.spoken(of.is) {
		return
	}
	if in.Do == gate.Correct && of.known() {
		code, err := n.correct(ctx, a, &in, &of)
		if a.err = err; err != nil {
			return
		}
		if code != gate.Accepted {
			a.refuse(code.String(), n.model.Layout.Explain(gate.Refusal{Code: code}))
			return
		}
	}
	if a.aboutThing() && !n.state.KnowsThing(in.Thing) {
		a.refuse(gate.CodeUnknownThing.String(), "nothing of this number was ever linked to a visit here; give the number that its linked fact has, or link it first, without a number")
		return
	}
	placeless := n.placeless(in.Visit)
	refusal := n.gate(b, a, &in)
	switch {
	case refusal.Refused():
		a.refuse(refusal.Code.String(), n.model.Layout.Explain(refusal))
		return
	case a.brings() && of.is != present:
		n.name(b, a, &of)
	case in.Do == gate.ObserveArrival:
		a.result.Reference = a.Reference
		if a.Plate != "" && of.plate == "" {
			n.plate(b, a, namedData{Visit: in.Visit.Serial(), Slot: in.Visit.Slot()})
		}
	case a.Input.Do == gate.Correct && a.Plate != "":
		n.plate(b, a, namedData{Visit: in.Visit.Serial(), Slot: in.Visit.Slot()})
	}
	if a.Remark != "" && len(a.entries) > 0 {
		n.append(b, a, kindRemarked, now, a.entries[0].Seq, remarkData{remark(b, a)})
	}
	if placeless && !n.placeless(in.Visit) {
		n.placed(b, a, now, in.Visit)
	}
}

// spoken refuses to announce a visit under a reference that is another's or
// nobody's, and reports whether it is.
func (a *asked) spoken(is bearing) bool {
	switch is {
	case present:
		a.refuse(refusedReference, "a visit of this reference is announced or present; report its arrival, or announce under another reference")
	case left:
		a.refuse(refusedUsed, "the visit of this reference is over, and a reference is of one visit; announce without one, and a new one is given")
	case unminted:
		a.refuse(refusedUnminted, "this reference would be this post's to give, and it has not given it; announce without one, or under the one that the neighbour gave")
	default:
		return false
	}
	return true
}

// aim finds the visits that a command names, or says in a.err which is unknown.
// It returns whose the reference is that somebody brings. Orders are about those
// who are here, or amend the record of who has left; what is observed may be told
// of who has left, as may the limit of a stay and the outward visit of a return
// leg.
func (n *Node) aim(ctx context.Context, a *asked, in *gate.Input) (of bearer) {
	if a.Other != "" {
		other, err := n.bearer(ctx, a.Other)
		if in.Other, a.err = other.id, err; !other.known() && err == nil {
			a.err = &UnknownReference{a.Other}
		}
	}
	if a.Reference == "" || a.err != nil {
		return of
	}
	if of, a.err = n.bearer(ctx, a.Reference); a.err != nil {
		return of
	}
	switch over := in.Do.Observation() || in.Do == gate.LimitStay; {
	case in.Do == gate.ObserveArrival && of.is == present:
		if of.plate, a.err = n.plateOf(ctx, of.id); a.contradicts(&of) {
			of.is = another
			break
		}
		in.Visit = of.id
	case a.brings() && of.is == present:
		in.Visit = of.id
	case a.brings():
		if of.is == left && in.Traits == 0 { // that visit is said to have come
			in.Traits, in.Direction = of.traits, of.direction
		}
	case of.is == present, over && of.known(), a.amends(&of):
		in.Visit = of.id
	case of.known():
		a.refuse(refusedLeft, "the visit has left, and nothing more can be ordered about it; note a remark, correct its plate or when a fact was, and report as an arrival who comes back")
	default:
		a.err = &UnknownReference{a.Reference}
	}
	return of
}

// UnknownReference is that of a visit which is neither announced nor present.
type UnknownReference struct{ Reference string } //nolint:errname // it is named by what it is

func (u *UnknownReference) Error() string {
	return "no visit " + u.Reference + " is announced or present here"
}

// gate has the gate decide, and appends the facts that follow.
func (n *Node) gate(b *ledger.Batch, a *asked, in *gate.Input) gate.Refusal {
	var refusal gate.Refusal
	n.decided, refusal = n.state.Decide(in, n.decided[:0])
	for i := range n.decided {
		n.add(b, a, n.codec.Entry(&n.decided[i]), &n.decided[i])
	}
	return refusal
}

// name gives a visit the reference and plate that it brought; its own reference
// if that is of somebody else.
func (n *Node) name(b *ledger.Batch, a *asked, of *bearer) {
	id := gate.VisitID(0)
	for i := range a.facts {
		switch a.facts[i].Kind {
		case gate.Announced, gate.Arrived, gate.Alighted:
			id = a.facts[i].Visit
		}
		if id != 0 {
			break
		}
	}
	if id == 0 {
		return // a passenger whose coach nobody knows
	}
	brought := a.Reference
	if of.barred() {
		brought = ""
	}
	a.result.Reference = cmp.Or(brought, n.minted(id.Serial()))
	n.fresh[a.result.Reference] = id
	if brought != "" || a.Plate != "" {
		n.plate(b, a, namedData{Visit: id.Serial(), Slot: id.Slot(), Reference: brought})
	}
	if of.barred() {
		n.claim(b, a, id, of)
	}
}

// plate appends how a visit is called, with the plate that the command brought.
func (n *Node) plate(b *ledger.Batch, a *asked, named namedData) {
	if a.Plate != "" {
		named.Plate = b.Personal("plate", a.Plate)
		n.plates[gate.MakeVisitID(named.Visit, named.Slot)] = a.Plate
	}
	n.append(b, a, kindNamed, a.facts[0].At, a.entries[0].Seq, named)
}

// append appends an entry of the node's own.
func (n *Node) append(b *ledger.Batch, a *asked, kind string, at border.Time, cause int64, data any) {
	n.add(b, a, ledger.Entry{Occurred: at, Post: n.Post(), Kind: kind, Version: 1, Cause: cause, Data: compact(data)}, &gate.Fact{})
}

// add appends an entry and its fact. All of a command stand one behind the other.
func (n *Node) add(b *ledger.Batch, a *asked, e ledger.Entry, f *gate.Fact) {
	e.Actor, e.OnBehalfOf, e.Command = a.Actor, a.OnBehalfOf, a.ID
	b.Append(e)
	n.made = append(n.made, *f)
	a.entries, a.facts = b.Appended()[a.from:], n.made[a.from:]
}

// annotate shows an entry of the node's own.
func (n *Node) annotate(e *ledger.Entry) error {
	switch e.Kind {
	case kindNamed:
		var d namedData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
		}
		n.screen.name(gate.MakeVisitID(d.Visit, d.Slot), d.Reference, d.Plate)
	case kindClaimed:
		return n.annotateClaim(e)
	case kindSettled:
		for i := range n.anoms {
			if n.anoms[i].Seq == e.Cause {
				n.anoms = append(n.anoms[:i:i], n.anoms[i+1:]...)
				break
			}
		}
	}
	return nil
}

// conclude shows what was committed and answers.
func (n *Node) conclude(batch []*asked) {
	n.file(batch)
	for _, a := range batch {
		if a.answer != nil {
			a.answer <- answered{a.result, a.err}
		}
	}
}

// file shows what was committed.
func (n *Node) file(batch []*asked) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble = nil
	n.hear()
	for _, a := range batch {
		for i := range a.entries {
			if err := n.publish(&a.entries[i], &a.facts[i]); err != nil {
				n.trouble = err
			}
			n.applied = a.entries[i].Seq
		}
	}
	for _, a := range batch {
		for i := range a.facts {
			n.refresh(&a.facts[i])
		}
		if a.Act == ConfirmClock && a.err == nil && len(a.entries) > 0 {
			n.acceptClock()
		}
	}
	n.show()
}
