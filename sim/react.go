package sim

import (
	"landport/border"
	"landport/gate"
)

// act has a visit do what was to happen to it.
func (w *World) act(e *Event, t *traveller) {
	in := w.tell(gate.Unhold, e.At)
	in.Visit = t.id
	switch e.Kind {
	case getsDossier:
		in.Do = gate.SetReady
	case isReadmitted:
		in.Do = gate.Readmit
	case alights, alightsAgain:
		if e.Kind == alightsAgain {
			w.again = e.A + 1
		} else if e.A > 1 {
			w.events.Push(Event{Kind: alights, At: e.At, A: e.A - 1, B: e.B, V: e.V})
		}
		w.arriving, w.key = int32(w.classes[t.class].PassengerClass), t.draws.Uint64()
		in.Do, in.Visit, in.Other, in.Place = gate.ObserveAlighted, 0, t.id, gate.PlaceID(e.B)
		in.Traits = w.classes[w.arriving].Traits
	}
	w.decide()
}

// endService ends the service a visit is in.
func (w *World) endService(t *traveller, at border.Time) {
	in := w.tell(gate.ObserveServed, at)
	in.Visit = t.id
	if s := t.was; s != nil {
		in.Outcome, in.Formalities, in.Reason = s.outcome, renamed(s.formalities, w.past.layout, w.model.Layout), gate.Documents
		if s.end == broke {
			in.Do = gate.ObserveInterrupted
		}
	} else if s := &w.services[t.service]; !s.plain {
		in.Outcome, in.Formalities = s.outcome(t.draws.Float64(), t.acts)
		in.Reason = gate.Documents
	}
	w.decide()
}

// outcome says how a service ends, from a number drawn from (0, 1).
func (s *serviceRun) outcome(x float64, acts gate.FormalitySet) (gate.Outcome, gate.FormalitySet) {
	if x -= s.AgainP; x < 0 {
		return gate.Again, 0
	}
	if x -= s.RefuseP; x < 0 {
		return gate.RefusedHere, 0
	}
	if x -= s.HoldP; x < 0 {
		return gate.HeldBack, acts
	}
	for i := range s.Refer {
		if x -= s.Refer[i].P; x < 0 {
			return gate.ReferredOn, s.Refer[i].Formalities
		}
	}
	return gate.Passed, 0
}

// asks is the set of the kinds of fact that ask something of the world. A kind
// above 63 has the bit of the one 64 below: CallWithdrawn that of Announced.
const asks uint64 = 1<<gate.Arrived | 1<<gate.Alighted | 1<<gate.Announced | 1<<gate.ServiceStarted | 1<<gate.Removed | 1<<gate.Called | 1<<gate.Departed |
	1<<gate.Moved | 1<<gate.Entered | 1<<gate.CallExpired | 1<<gate.Interrupted | 1<<gate.Strayed | 1<<gate.Relocated | 1<<gate.Held | 1<<gate.Unready |
	1<<gate.Refused | 1<<gate.TurnedBack | 1<<gate.Readmitted | 1<<gate.ExportCancelled | 1<<gate.Cancelled | 1<<gate.NoShow | 1<<gate.Boarded

// react has the world do what facts from the first given on ask of it.
func (w *World) react(facts []gate.Fact, first int) {
	for i := first; i < len(facts); i++ {
		if f := &facts[i]; asks>>(f.Kind&63)&1 != 0 {
			w.heed(f)
		}
	}
}

// heed has the world do what a fact asks of it: drive, serve, hand in papers.
func (w *World) heed(f *gate.Fact) {
	switch f.Kind {
	case gate.Arrived, gate.Alighted, gate.Announced:
		w.admit(f)
	case gate.ServiceStarted:
		w.serve(f)
	case gate.Removed:
		w.release(f)
	case gate.Called, gate.Departed:
		w.drive(f)
	case gate.Moved, gate.Entered:
		w.alight(w.find(f.Visit), f)
	case gate.CallExpired, gate.CallWithdrawn, gate.Interrupted, gate.Strayed, gate.Relocated:
		w.find(f.Visit).turn++
	case gate.Held:
		w.hold(f)
	case gate.Unready:
		w.events.Push(Event{Kind: getsDossier, At: f.At.Add(w.lodge(w.find(f.Visit))), V: uint64(f.Visit)})
	case gate.Refused:
		w.events.Push(Event{Kind: isReadmitted, At: f.At, V: uint64(f.Visit)})
	case gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow, gate.Boarded:
		w.forget(f.Visit)
	}
}

// hold draws when a hold ends.
func (w *World) hold(f *gate.Fact) {
	t := w.find(f.Visit)
	var after border.Micros
	if w.past != nil {
		after = w.holdAgain(t)
	} else {
		after = w.services[t.service].HoldFor.Draw(&t.draws)
	}
	w.events.Push(Event{Kind: endsHold, At: f.At.Add(after), V: uint64(t.id)})
}

// admit takes note of a visit.
func (w *World) admit(f *gate.Fact) {
	slot := f.Visit.Slot()
	for slot >= len(w.travellers) {
		w.travellers = append(w.travellers, traveller{})
	}
	t := &w.travellers[slot]
	if t.id != f.Visit {
		if w.key == 0 {
			w.key = w.strays.Uint64()
		}
		*t = traveller{id: f.Visit, class: w.kind(f.Traits), draws: keyed(w.key), past: w.again}
		if w.again != 0 {
			w.past.ids[w.again-1] = f.Visit
		}
		w.key, w.again = 0, 0
	}
	if f.Kind == gate.Arrived {
		t.direction = f.Direction
		w.alight(t, f)
	}
}

// kind is the class of who comes: the one being brought, or, of somebody that
// others brought, the first with its traits.
func (w *World) kind(traits border.Traits) int32 {
	if w.classes[w.arriving].Traits == traits {
		return w.arriving
	}
	return w.like(traits)
}

// like returns the first class with traits, or the first with their vehicle
// type, or simply the first.
func (w *World) like(traits border.Traits) int32 {
	alike := int32(-1)
	for i := range w.classes {
		switch known := w.classes[i].Traits; {
		case known == traits:
			return int32(i)
		case alike < 0 && border.VehicleType.Of(known) == border.VehicleType.Of(traits):
			alike = int32(i)
		}
	}
	return max(alike, 0)
}

func (w *World) forget(id gate.VisitID) {
	if t := w.find(id); t != nil {
		t.id = 0
	}
}

// serve draws when a service ends.
func (w *World) serve(f *gate.Fact) {
	t := w.find(f.Visit)
	t.service = w.caseOf[int(f.Stop)*len(w.classes)+int(t.class)]
	t.turn++
	t.acts = f.Formalities
	end := f.At
	if w.past == nil {
		end = end.Add(w.services[t.service].Time.Draw(&t.draws))
	} else {
		end = end.Add(w.serveAgain(t, f))
	}
	w.events.Push(Event{Kind: endsService, At: end, A: t.turn, V: uint64(f.Visit)})
}

// drive draws when a visit comes to the end of a way, or to where it was called.
func (w *World) drive(f *gate.Fact) {
	t := w.find(f.Visit)
	t.turn++
	kind := endsWay
	if f.Kind == gate.Called {
		kind = answersCall
	}
	end := f.At
	if w.past == nil {
		end = end.Add(w.model.Drives[f.Place].Draw(&w.drives[f.Place]))
	} else {
		end = end.Add(w.driveAgain(t, f))
	}
	w.events.Push(Event{Kind: kind, At: end, A: t.turn, V: uint64(f.Visit)})
	if f.Kind == gate.Departed {
		w.alight(t, f)
	}
}

// alight lets the passengers of a coach get off where they have to walk.
func (w *World) alight(t *traveller, f *gate.Fact) {
	if !w.walks {
		return
	}
	k := &w.classes[t.class]
	for i := range k.Alight {
		if k.Alight[i].From != f.Place {
			continue
		}
		if t.past != 0 && w.alightAgain(t, f, k.Alight[i].To) {
			return
		}
		if !t.counted {
			t.counted, t.aboard = true, int32(k.Passengers.Draw(&t.draws))
		}
		if t.aboard > 0 {
			w.events.Push(Event{Kind: alights, At: f.At, A: t.aboard, B: int32(k.Alight[i].To), V: uint64(f.Visit)})
		}
		return
	}
}

// release lets a visit go, and draws whether and when it comes back.
func (w *World) release(f *gate.Fact) {
	t := w.find(f.Visit)
	k := &w.classes[t.class]
	if k.StayLimit > 0 {
		w.events.Push(Event{Kind: overstays, At: f.At, A: t.class, V: uint64(f.Visit)})
	}
	if w.model.Onward>>t.direction&1 == 0 && k.ReturnP > 0 && t.draws.Chance(k.ReturnP) {
		at := f.At.Add(k.Stay.Draw(&t.draws))
		back := int32(w.back[t.direction]) + manyWays*int32(t.draws.Below(1<<27))
		w.events.Push(Event{Kind: returns, At: at, A: int32(k.ReturnAs), B: back, V: uint64(f.Visit)})
	}
	t.id = 0
}
