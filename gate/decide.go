package gate

import (
	"landport/border"
)

// Decide takes one input, appends the facts that follow from it and returns
// them with the refusal of the order, if it was refused. Every fact appended
// has been applied. What was due before the input is carried out first, so
// facts may be appended even when the order is refused.
//
// An input reported late (At before an earlier one) is taken as it comes; its
// own fact carries its instant, what is decided carries the State's. If its
// instant contradicts what is known of the visit, that is an anomaly, and it is
// taken to be of when it was told.
func (s *State) Decide(in *Input, facts []Fact) ([]Fact, Refusal) {
	s.out, s.offered = facts, len(facts)
	if at := max(in.At, in.Told); at >= s.due {
		s.runDeadlines(at)
	}
	s.clock = max(s.now, in.At)
	var r Refusal
	switch {
	case in.Do == Tick:
	case in.Do <= ObserveConfirmed:
		s.observe(in)
	case in.Do < SetServers || in.Do == Note || in.Do == Call:
		r = s.orderVisit(in)
	default:
		r = s.orderPost(in)
	}
	if !s.idle() || s.denied {
		s.settle()
	}
	if s.dueMoved {
		s.due = s.findDue()
	}
	return s.out, r
}

func (s *State) anomaly(in *Input, why Reason) {
	s.emit(&Fact{Kind: Anomaly, At: in.At, Visit: in.Visit, Place: s.known(in.Place), Reason: why})
}

// known returns the place, or Outside when the layout has no such place.
func (s *State) known(id PlaceID) PlaceID {
	if int(id) < len(s.places) {
		return id
	}
	return Outside
}

// observe takes what people and devices report. Nothing is refused: what does
// not fit is stated as an anomaly.
func (s *State) observe(in *Input) {
	v := s.find(in.Visit)
	if v == nil {
		s.observeUnknown(in)
		return
	}
	if in.At < s.now {
		in = s.placed(v, in)
	}
	switch in.Do {
	case ObserveServed:
		s.observeServed(v, in)
	case ObserveReached:
		if v.phase != PhaseDriving {
			s.anomaly(in, NotExpected)
			return
		}
		s.reach(v, in.At)
		s.proceed(v)
	case ObserveEntered, ObserveSeen:
		switch {
		case v.phase == PhaseAnnounced && s.known(in.Place) != Outside:
			s.observeArrival(v, in)
		case in.Do == ObserveEntered:
			s.observeEntered(v, in)
		default:
			s.observeSeen(v, in)
		}
	case ObserveInterrupted:
		if v.phase != PhaseInService {
			s.anomaly(in, NotInService)
			return
		}
		s.interrupt(v, in.At)
		s.proceed(v)
	case ObserveMilestone:
		s.emit(&Fact{Kind: Milestone, At: in.At, Visit: v.id, N: in.N, Stop: v.stop, Formalities: in.Formalities})
	case ObserveGone:
		if v.phase == PhaseAnnounced {
			s.emit(&Fact{Kind: Cancelled, At: in.At, Visit: v.id, Reason: in.Reason})
			return
		}
		s.emit(&Fact{Kind: TurnedBack, At: in.At, Visit: v.id, Place: v.place, Reason: in.Reason})
	case ObserveArrival:
		if v.phase == PhaseAnnounced {
			s.observeArrival(v, in)
			return
		}
		s.emit(&Fact{Kind: Anomaly, At: in.At, Visit: v.id, Place: s.known(in.Place), Traits: in.Traits, Formalities: in.Formalities, Reason: NotExpected})
		if in.Unready && !v.unready {
			s.emit(&Fact{Kind: Unready, At: in.At, Visit: v.id, Place: v.place})
		}
		if in.Place != Outside {
			s.observeSeen(v, in)
		}
	default:
		s.observeUnknown(in)
	}
}

// observeUnknown takes what need not be about a visit that is known.
func (s *State) observeUnknown(in *Input) {
	switch in.Do {
	case ObserveArrival:
		s.observeArrival(nil, in)
	case ObserveAlighted:
		s.observeAlighted(in)
	case ObserveLinked, ObserveUnlinked, ObserveSealed, ObserveUnsealed:
		s.observeThing(in)
	case ObserveConfirmed:
		if in.Visit.Serial() == 0 || in.Visit.Serial() > s.serial {
			s.anomaly(in, UnknownVisit)
			return
		}
		s.emit(&Fact{Kind: Confirmed, At: in.At, Visit: in.Visit})
	default:
		s.anomaly(in, s.absent(in.Visit))
	}
}

// absent is why nothing can be told of a visit that is not here.
func (s *State) absent(id VisitID) Reason {
	if n := id.Serial(); n != 0 && n <= s.serial {
		return HasLeft
	}
	return UnknownVisit
}

// reach states that a visit came to the end of the way it is on.
func (s *State) reach(v *visit, when border.Time) {
	s.begin(Reached, v.id, v.place).At = when
	s.applyReached(v, when)
}

func (s *State) observeEntered(v *visit, in *Input) {
	at := s.known(in.Place)
	if at == Outside {
		at = v.target
	}
	switch {
	case at == Outside:
		s.anomaly(in, NotCalled)
		return
	case at == v.target && (v.phase == PhaseDriving || v.phase == PhaseWayEnd):
		s.arriveBeyond(v, in.At)
		return
	case v.phase != PhaseCalled || at != v.target:
		s.seenAt(v, at, in.At)
		return
	}
	if leg, ok := v.nextWay(); ok {
		s.driveOn(v, leg, at).At = in.At
		return
	}
	s.begin(Entered, v.id, at).At = in.At
	s.goTo(v, at)
	s.proceed(v)
}

// arriveBeyond takes a visit that was seen where it is bound for past the ends
// of the ways that lead there, which nobody reported.
func (s *State) arriveBeyond(v *visit, when border.Time) {
	for id := v.id; v.id == id && v.reserved; {
		if v.phase == PhaseDriving {
			s.reach(v, when)
		}
		s.goOn(v)
	}
}

func (s *State) observeSeen(v *visit, in *Input) {
	at := s.known(in.Place)
	switch {
	case at == Outside || v.phase == PhaseAnnounced:
		s.anomaly(in, NotExpected)
	case at == v.target:
		s.observeEntered(v, in)
	default:
		s.seenAt(v, at, in.At)
	}
}

// seenAt confirms where a visit is, or states that it strayed and has it go on
// from there. Of whom nobody knew where they are it is odd only off their way.
func (s *State) seenAt(v *visit, at PlaceID, when border.Time) {
	if at == v.place {
		s.emit(&Fact{Kind: Seen, At: when, Visit: v.id, Place: at})
		return
	}
	full, sought := !s.room(at, v.direction), v.place == Outside
	s.interrupt(v, when)
	s.emit(&Fact{Kind: Strayed, At: when, Visit: v.id, Place: at, N: int64(v.place)})
	if !sought || v.phase == PhaseAstray {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: at, Reason: Astray})
	}
	if full {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: at, Reason: OverCapacity})
	}
	s.carryOn(v)
}

// interrupt states that the service of a visit, if it is in one, broke off.
func (s *State) interrupt(v *visit, when border.Time) {
	if v.phase == PhaseInService {
		s.emit(&Fact{Kind: Interrupted, At: when, Visit: v.id, Place: v.place, Stop: v.stop, Server: v.server})
	}
}

func (s *State) observeServed(v *visit, in *Input) {
	if v.phase != PhaseInService || in.Outcome > Again {
		s.anomaly(in, NotInService)
		return
	}
	acts := v.plan.steps[v.step].acts
	if in.Outcome == ReferredOn {
		// Before the service ends: the visit may go on to the next stop at once.
		if s.canRefer(v, in.Formalities, int(v.step)+1) {
			s.emit(&Fact{Kind: Referred, At: in.At, Visit: v.id, Formalities: in.Formalities})
		} else {
			s.anomaly(in, CannotRefer)
		}
	}
	f := s.begin(ServiceEnded, v.id, v.place)
	f.At, f.Stop, f.Server, f.Formalities, f.Outcome = in.At, v.stop, v.server, acts&v.need, in.Outcome
	s.applyServiceEnded(v, f)
	switch in.Outcome {
	case HeldBack:
		s.emit(&Fact{Kind: Held, At: in.At, Visit: v.id, Formalities: orAny(in.Formalities), Reason: in.Reason})
	case RefusedHere:
		s.emit(&Fact{Kind: Refused, At: in.At, Visit: v.id, Formalities: acts, Reason: in.Reason})
		s.turnBackIfExit(v)
		return
	}
	s.proceed(v)
}

// orAny stands for a hold that names no formality.
func orAny(f FormalitySet) FormalitySet {
	if f == 0 {
		return 1 << 31
	}
	return f
}

// turnBackIfExit sends back who was refused before hand-over; after it the
// country of exit has to take the visit back first.
func (s *State) turnBackIfExit(v *visit) {
	if v.passed&passedHandOver == 0 {
		s.emit(&Fact{Kind: TurnedBack, Visit: v.id, Place: v.place, Reason: ByOfficer})
	}
}

// canRefer reports whether every one of the formalities is still to be done, at
// the given step or beyond, at a stop that lies ahead.
func (s *State) canRefer(v *visit, f FormalitySet, from int) bool {
	leg := v.leg
	if v.reserved {
		leg = v.to // it no longer stops before
	}
	var ahead FormalitySet
	steps := v.plan.Steps
	for k := from; k < len(steps); k++ {
		if steps[k].Leg >= int(leg) {
			ahead |= steps[k].Formalities
		}
	}
	return f != 0 && f&^(ahead&^v.done) == 0
}

func (s *State) observeThing(in *Input) {
	id := in.Thing
	if in.Do == ObserveLinked && id == 0 {
		id = ThingID(len(s.things))
	}
	if id == 0 || int(id) > len(s.things) || int(id) == len(s.things) && in.Do != ObserveLinked || in.Do == ObserveLinked && s.find(in.Visit) == nil {
		s.anomaly(in, s.absent(in.Visit))
		return
	}
	f := Fact{At: in.At, Visit: in.Visit, Thing: id, N: in.N, Place: s.known(in.Place)}
	if in.Do != ObserveLinked { // whose thing it is
		f.Visit = s.things[id].visit
	}
	switch in.Do {
	case ObserveLinked:
		f.Kind = Linked
	case ObserveUnlinked:
		f.Kind = Unlinked
	case ObserveSealed:
		f.Kind = Sealed
	default:
		f.Kind = Unsealed
	}
	s.emit(&f)
}
