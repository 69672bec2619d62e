package gate

import "landport/border"

// maxLate is how late a report may come and still count from its instant in
// line; what is reported later counts as that late, lest a wrong clock pass all.
const maxLate = border.Day

// observeArrival takes in who arrives; v is the visit if it was announced. What
// is told of it now counts, besides what was announced.
func (s *State) observeArrival(v *visit, in *Input) {
	id, traits, d := in.Visit, in.Traits, in.Direction
	if v != nil {
		traits, d = v.traits.With(traits), v.direction
	} else {
		id = s.mint()
	}
	if int(d) >= len(s.layout.Directions) {
		d = 0
	}
	at := s.known(in.Place)
	proc, ok := s.procedureFor(traits, d, at)
	if !ok {
		proc, ok = s.procedureFor(traits, d, Outside)
	}
	if !ok {
		proc = s.layout.of[d][0]
	}
	plan := &s.layout.plans[proc]
	if at == Outside {
		at = s.firstPlace(plan, traits)
	}
	full := !s.room(at, d)
	turnAway := full && s.places[at].TurnAway
	f := s.begin(Arrived, id, at)
	f.At, f.Other, f.Procedure, f.Direction, f.Traits = in.At, in.Other, proc, d, traits
	f.Formalities, f.N = plan.needWith(in.Formalities), int64(s.countsFrom(v, s.reported(in.At)))
	if turnAway {
		f.Place = Outside
	}
	v = s.applyArrived(v, f)
	if turnAway {
		s.emit(&Fact{Kind: TurnedBack, Visit: id, Reason: Full})
		return
	}
	if in.Unready && !v.unready {
		s.emit(&Fact{Kind: Unready, At: in.At, Visit: id, Place: at})
	}
	if !ok {
		s.emit(&Fact{Kind: Anomaly, Visit: id, Place: at, Reason: NoProcedure})
	} else if s.layout.tellsKinds[d] && traits&border.VehicleType.Mask() == 0 {
		s.emit(&Fact{Kind: Anomaly, Visit: id, Place: at, Reason: KindUnknown})
	}
	if !s.places[at].takesNow(d) {
		s.emit(&Fact{Kind: Anomaly, Visit: id, Place: at, Reason: NotOpen})
	}
	if full || v.phase == PhaseAstray || in.Formalities != 0 {
		s.oddities(v, in.Formalities, full)
	}
	s.proceed(v)
}

// oddities states what is out of the ordinary about where a visit was seen.
func (s *State) oddities(v *visit, referred FormalitySet, full bool) {
	if v.phase == PhaseAstray {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Reason: Astray})
	}
	if full {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Reason: OverCapacity})
	}
	if plan := v.plan; referred&^(plan.exit|plan.entry) != 0 {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Formalities: referred, Reason: CannotRefer})
	}
}

// reported returns the instant from which something reported counts in line.
func (s *State) reported(at border.Time) border.Time { return max(at, s.now.Add(-maxLate)) }

// countsFrom is the instant that decides a visit's place in line. With slots,
// a booking that is kept counts from its slot; without one a visit stands
// behind those booked for the slot in which it arrives.
func (s *State) countsFrom(v *visit, at border.Time) border.Time {
	slots := &s.rules.Slots
	switch {
	case slots.Length == 0:
		return at
	case v != nil && v.booked && at <= v.slotStart.Add(slots.Length+slots.Grace):
		return v.slotStart
	}
	return at.Add(slots.Length)
}

// procedureFor returns the procedure in force for a visit: of those suspended,
// none.
func (s *State) procedureFor(t border.Traits, d Direction, at PlaceID) (ProcedureID, bool) {
	for _, i := range s.layout.of[d] {
		p := &s.layout.plans[i]
		if p.Accepts.Accepts(t) && (at == Outside || p.legAt[at] >= 0) && !s.suspended[i] {
			return i, true
		}
	}
	return 0, false
}

// firstPlace returns where a visit is first seen: of several lanes the one
// with fewest vehicles among those that take it now, one with room if there is.
func (s *State) firstPlace(p *plan, t border.Traits) PlaceID {
	places := p.Legs[0].Places
	if len(places) == 1 {
		return places[0]
	}
	const free, full, no = 0, 1, 2
	best, rank, least := places[0], no, int32(0)
	for _, id := range places {
		lane := &s.places[id]
		r, n := free, lane.load(p.Direction)
		switch {
		case !lane.takesNow(p.Direction) || !lane.accepts.Accepts(t):
			continue
		case !s.room(id, p.Direction):
			r = full
		}
		if r < rank || r == rank && n < least {
			best, rank, least = id, r, n
		}
	}
	return best
}

// observeAlighted gives a passenger on foot a visit; the coach waits for it
// where its procedure says so.
func (s *State) observeAlighted(in *Input) {
	coach := s.find(in.Other)
	at := s.known(in.Place)
	if coach == nil || coach.phase == PhaseAnnounced || at == Outside {
		why := UnknownVisit
		if coach == nil {
			why = s.absent(in.Other)
		}
		s.emit(&Fact{Kind: Anomaly, At: in.At, Visit: in.Other, Place: at, Reason: why})
		return
	}
	traits := in.Traits&^border.VehicleType.Mask() | border.OnFoot
	proc, ok := s.procedureFor(traits, coach.direction, at)
	if !ok {
		s.anomaly(in, NoProcedure)
		return
	}
	full := !s.room(at, coach.direction)
	f := s.begin(Alighted, s.mint(), at)
	f.At, f.Other, f.Procedure, f.Direction, f.Traits = in.At, in.Other, proc, coach.direction, traits
	f.Formalities = s.layout.plans[proc].needWith(in.Formalities)
	kind := border.VehicleType.Of(coach.traits)
	v := s.applyAlighted(coach, f)
	if kind != 0 && kind != border.Coach {
		s.emit(&Fact{Kind: Anomaly, Visit: in.Other, Place: at, Reason: NoCoach})
	}
	s.oddities(v, in.Formalities, full)
	s.proceed(v)
}
