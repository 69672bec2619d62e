package sim

import (
	"landport/border"
	"landport/gate"
)

// nextArrival draws when a flow brings its next visits after an instant.
func (f *flowRun) nextArrival(after, start border.Time) {
	f.at, f.due = f.arrivals.Next(after, &f.come), border.Never
	if f.at != border.Never {
		f.due = max(f.at-border.Time(f.ahead), start)
	}
}

// findFlow finds the flow that is due first. The flows are few: keeping them
// out of the event list spares it half its work where visits do little else.
func (w *World) findFlow() {
	w.next, w.flowDue = 0, border.Never
	for i := range w.flows {
		if due := w.flows[i].due; due < w.flowDue {
			w.next, w.flowDue = i, due
		}
	}
}

// draw has the next visits of the flow that is due arrive, or sees to it that
// they will.
func (w *World) draw() {
	i := int32(w.next)
	f := &w.flows[i]
	now, at := f.due, f.at
	for range f.arrivals.Size(&f.come) {
		class := f.pick()
		k := &w.classes[class]
		switch {
		case k.BookP > 0 && k.booking.Chance(k.BookP):
			lead := min(k.Lead.Draw(&k.booking), f.ahead)
			w.events.Push(Event{Kind: announces, At: max(at-border.Time(lead), now), A: class, B: i, V: uint64(at)})
		case at > now:
			w.events.Push(Event{Kind: comes, At: at, A: class, B: i})
		default:
			w.arrive(at, class, i, 0)
		}
	}
	f.nextArrival(at, w.model.Start)
	w.findFlow()
}

// pick draws the class of a visit.
func (f *flowRun) pick() int32 {
	last := len(f.Mix) - 1
	if last == 0 {
		return int32(f.Mix[0].Class)
	}
	u := f.mix.Float64()
	for i := range last {
		if u -= f.Mix[i].P; u < 0 {
			return int32(f.Mix[i].Class)
		}
	}
	return int32(f.Mix[last].Class)
}

// arrive brings a visit of a flow. One that was announced and has lost its
// booking in the meantime comes like anybody else.
func (w *World) arrive(at border.Time, class, flow int32, announced gate.VisitID) {
	if announced != 0 && w.find(announced) == nil {
		announced = 0
	}
	f := &w.flows[flow]
	in := w.tell(gate.ObserveArrival, at)
	in.Visit, in.Direction, in.Place = announced, f.Direction, f.Place
	w.key = f.keys.Uint64()
	w.bring(class)
}

// bring has a visit of a class arrive: the input says where and whence.
func (w *World) bring(class int32) {
	k, in := &w.classes[class], &w.input
	in.Traits = k.Traits
	in.Unready = k.ReadyP < 1 && !k.dossier.Chance(k.ReadyP)
	for i := range k.Refer {
		if k.referral.Chance(k.Refer[i].P) {
			in.Formalities |= k.Refer[i].Formalities
		}
	}
	w.arriving = class
	w.decide()
}

// announce has a visit announce itself and book: the slot it wants or the next
// with room. Without one it comes when it wants to.
func (w *World) announce(e *Event) {
	k, f := &w.classes[e.A], &w.flows[e.B]
	w.arriving = e.A
	in := w.tell(gate.Announce, e.At)
	w.key = f.keys.Uint64()
	in.Traits, in.Direction = k.Traits, f.Direction
	w.decide()
	told := w.latest(gate.Announced)
	if w.refusal != (gate.Refusal{}) || told == nil {
		w.events.Push(Event{Kind: comes, At: max(border.Time(e.V), e.At), A: e.A, B: e.B})
		return
	}
	id := told.Visit
	in = w.tell(gate.Book, e.At)
	in.Visit, in.N = id, int64(e.V)
	w.decide()
	if w.refusal.Code == gate.CodeSlotFull {
		in.N = w.refusal.N
		w.decide()
	}
	at := border.Time(e.V)
	if booked := w.latest(gate.Booked); w.refusal == (gate.Refusal{}) && booked != nil && booked.Visit == id {
		if k.booking.Chance(k.NoShowP) {
			return
		}
		at = border.Time(booked.N).Add(k.Lateness.Draw(&k.booking) - k.Earliness.Draw(&k.booking))
	}
	w.events.Push(Event{Kind: comes, At: max(at, e.At), A: e.A, B: e.B, V: uint64(id)})
}

// latest returns the last fact of a kind among those that followed, nil for none:
// where the gate is elsewhere, others may have acted since, or the answer is lost.
func (w *World) latest(kind gate.Kind) *gate.Fact {
	for i := len(w.facts) - 1; i >= 0; i-- {
		if w.facts[i].Kind == kind {
			return &w.facts[i]
		}
	}
	return nil
}

// Cross has a visit come from the neighbour's post, now.
func (w *World) Cross(now border.Time, traits border.Traits, d gate.Direction) {
	w.facts = w.facts[:0]
	w.tell(gate.ObserveArrival, now).Direction = d
	w.bring(w.like(traits))
}
