package gate

import "landport/border"

// WindUp appends the facts with which the State ends at an instant, before it is
// carried to another layout: that services broke off which cannot go on there,
// and who stands in a place that is gone then. carried is what Carry makes of it; so that it is
// exact, Tick first.
func (s *State) WindUp(carried *State, at border.Time, facts []Fact) []Fact {
	s.out, s.offered = facts, len(facts)
	s.clock = max(s.now, at)
	for i := range s.visits {
		v := &s.visits[i]
		is := carried.find(v.id)
		if is != nil && is.phase != v.phase {
			s.interrupt(v, s.clock)
		}
		if is != nil && is.place == Outside && v.place != Outside {
			s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Reason: PlaceGone})
		}
	}
	return s.out
}

// TakeUp appends what follows at an instant in a State that was carried from
// another: who goes on by another procedure, stands in a place that is gone, is
// off its way or too many, what was ordered that the layout does not tell, and then
// whom dispatch calls and serves.
func (s *State) TakeUp(from *State, at border.Time, facts []Fact) []Fact {
	s.out, s.offered = facts, len(facts)
	s.clock = max(s.now, at)
	for i := range s.visits {
		if v := &s.visits[i]; v.id != 0 && v.phase != PhaseAnnounced {
			s.takeUp(&from.visits[i], v, from.layout)
		}
	}
	s.crowded(from)
	if s.policy != 0 { // not the one that the layout begins with
		s.emit(&Fact{Kind: PolicySet, N: int64(s.policy)})
	}
	for i := range s.openings {
		o := &s.openings[i]
		if plain := s.layout.Openings[i].Hours; plain != nil {
			if level, _ := plain.At(s.now); level != int(o.level) { // a day's own hours
				s.emit(&Fact{Kind: HoursChanged, N: int64(i)<<8 | int64(o.level)})
			}
		}
	}
	s.settle()
	s.due = s.findDue()
	return s.out
}

// takeUp states what is out of the ordinary about a visit.
func (s *State) takeUp(old, v *visit, was *Layout) {
	if was.Procedures[old.procedure].Name != s.layout.Procedures[v.procedure].Name {
		switch v.phase {
		case PhaseWaiting, PhaseAtStop, PhaseAwaitingDossier, PhaseAwaitingPassengers:
			s.emit(&Fact{Kind: FellBack, Visit: v.id, Place: v.place, Procedure: v.procedure, Formalities: v.need})
		default:
			s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Reason: NoProcedure})
		}
	}
	if v.phase == PhaseAstray && v.place != Outside && old.phase != PhaseAstray {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Reason: Astray})
	}
}

// crowded states which places hold more than they now take.
func (s *State) crowded(from *State) {
	for i := range s.places {
		p := &s.places[i]
		for d := range s.layout.Directions {
			if p.capacity > 0 && p.load(Direction(d)) > p.capacity && !from.tooMany(p.Name) {
				s.emit(&Fact{Kind: Anomaly, Place: PlaceID(i), Reason: OverCapacity})
				break
			}
		}
	}
}

// tooMany reports whether the place of a name holds more than it takes.
func (s *State) tooMany(name string) bool {
	for i := range s.places {
		if p := &s.places[i]; p.Name == name {
			for d := range s.layout.Directions {
				if p.capacity > 0 && p.load(Direction(d)) > p.capacity {
					return true
				}
			}
		}
	}
	return false
}
