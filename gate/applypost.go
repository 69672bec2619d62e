package gate

import (
	"slices"

	"landport/border"
)

// applyCondition carries out facts about a visit that do not move it.
func (s *State) applyCondition(f *Fact) {
	v := s.find(f.Visit)
	if v == nil {
		return
	}
	switch f.Kind {
	case Ready:
		v.unready = false
		if v.phase == PhaseAwaitingDossier {
			s.setPhase(v, PhaseAtStop)
		} else if v.phase == PhaseWaiting {
			s.enqueue(v)
		}
	case Unready:
		v.unready = true
		if v.phase == PhaseAtStop && s.layout.Stops[v.stop].Dossier {
			s.dequeue(v)
			s.setPhase(v, PhaseAwaitingDossier)
		} else if v.phase == PhaseWaiting {
			s.dequeue(v)
			s.enqueue(v)
		}
	case Held:
		v.held |= f.Formalities
		v.said &^= saidBlocked
		s.dequeue(v)
	case Unheld:
		v.held &^= f.Formalities
		if v.phase == PhaseWaiting {
			s.enqueue(v)
		}
	case Corrected:
		v.traits = f.Traits
		s.requeue(v)
	case FellBack:
		s.dequeue(v)
		s.follow(v, f.Procedure)
		v.need = f.Formalities
		leg := v.legAt(v.place) // it keeps its place in line and in the file
		v.step = v.plan.firstStep(leg)
		s.resume(v, s.places[v.place].Kind, leg)
	}
}

// put has a visit continue its procedure from a place: at the first step that
// can be done there or beyond. One that was refused stays refused.
func (s *State) put(v *visit, id PlaceID) {
	refused := v.phase == PhaseRefused
	if v.phase == PhaseInService {
		s.freeServer(v)
	}
	s.release(v)
	s.leave(v)
	v.target = Outside
	leg := v.legAt(id)
	v.step = v.plan.firstStep(leg)
	s.dropDeadline(v)
	s.enter(v, id, leg)
	if refused {
		s.dequeue(v)
		s.setPhase(v, PhaseRefused)
	}
}

// applyLink carries out facts about the things and persons of a visit.
func (s *State) applyLink(f *Fact) {
	switch f.Kind {
	case Linked:
		s.unlink(f.Thing)
		if int(f.Thing) == len(s.things) {
			s.things = append(s.things, thing{kind: uint8(f.N)})
		}
		if v := s.find(f.Visit); v != nil {
			t := &s.things[f.Thing]
			t.visit, t.place, t.next = v.id, Outside, v.things
			v.things = f.Thing
		}
	case Unlinked, GoodsReturned:
		s.unlink(f.Thing)
		s.things[f.Thing].place = f.Place
	case Alighted:
		s.applyAlighted(s.find(f.Other), f)
	case Boarded:
		s.applyBoarded(s.find(f.Visit))
	}
}

// applyAlighted begins the visit of a passenger of a coach, which may have left.
func (s *State) applyAlighted(coach *visit, f *Fact) *visit {
	if coach != nil {
		coach.awaiting++
		if coach.phase == PhaseWaiting || coach.phase == PhaseDone {
			s.requeue(coach)
			s.want(coach)
		}
	}
	v := s.allocate(f) // the coach may lie elsewhere after this
	s.follow(v, f.Procedure)
	v.need, v.parent, v.child = f.Formalities, f.Other, true
	v.arrivedAt, v.countsFrom = f.At, f.At
	v.class = s.rules.classOf(v.traits)
	s.enter(v, f.Place, v.legAt(f.Place))
	return v
}

func (s *State) applyBoarded(v *visit) {
	s.counts.Boarded++
	s.end(v)
}

// unlink takes a thing from the visit that has it.
func (s *State) unlink(id ThingID) {
	if int(id) >= len(s.things) {
		return
	}
	t := &s.things[id]
	v := s.find(t.visit)
	t.visit = 0
	if v == nil {
		return
	}
	if v.things == id {
		v.things = t.next
		return
	}
	for i := v.things; i != 0; i = s.things[i].next {
		if s.things[i].next == id {
			s.things[i].next = t.next
			return
		}
	}
}

// applyPost carries out facts about the post itself, and what was seen.
func (s *State) applyPost(f *Fact) {
	switch f.Kind {
	case HoursChanged:
		o := &s.openings[f.N>>8]
		o.level = int8(f.N & 0xff)
		_, o.until = lookAhead(o.hours, f.At)
		s.setCalendarDue()
		s.markOpening(OpeningID(f.N >> 8))
	case HoursSet:
		s.setHours(f)
	case StaffChanged:
		st := &s.stops[f.Stop]
		st.staff = int32(f.N)
		_, st.until = lookAhead(s.layout.Stops[f.Stop].Staff, f.At)
		s.setCalendarDue()
		s.markStop(f.Stop)
	case ServersSet:
		s.stops[f.Stop].servers = int32(f.N)
		s.markStop(f.Stop)
	case CapacitySet:
		s.places[f.Place].capacity = int32(f.N)
		for d := range s.layout.Directions {
			s.noteRoom(&s.places[f.Place], Direction(d))
		}
		s.markPlace(f.Place)
	case AcceptsSet:
		s.places[f.Place].accepts = border.Predicate{Refused: f.Traits, Required: border.Traits(f.N)}
		clear(s.lately)
		s.requeueAll()
	case LaneOpened:
		s.places[f.Place].open = true
		s.admit(f.Place)
	case LaneClosed:
		s.places[f.Place].open = false
		s.admit(f.Place)
	case LaneTurning:
		s.places[f.Place].turning = 1 + uint8(f.Direction)
		s.admit(f.Place)
	case LaneTurned:
		s.places[f.Place].turning = 0
		s.places[f.Place].directions = 1 << f.Direction
		s.admit(f.Place)
	case PostClosed, PostReopened:
		s.shut[f.N] = f.Kind == PostClosed
		for i := range s.places {
			s.admit(PlaceID(i))
		}
	case ProcedureStarted, ProcedureSuspended:
		s.suspended[f.Procedure] = f.Kind == ProcedureSuspended
	case PolicySet:
		s.policy, s.rules = int(f.N), &s.layout.Policies[f.N]
		s.requeueAll()
	default:
		s.applySeen(f)
	}
}

func (s *State) applySeen(f *Fact) {
	switch f.Kind {
	case Strayed, Relocated:
		if v := s.find(f.Visit); v != nil {
			s.put(v, f.Place)
		}
	case CallWithdrawn:
		if v := s.find(f.Visit); v != nil {
			v.calls = max(v.calls, 1) - 1 // the driver missed nothing
			s.standBack(v)
			v.target = f.Place // where it is taken to be if it is told to have come all the same
		}
	case StayLimited:
		i, limited := s.stayOf(f.Visit)
		if limited {
			s.nextStay = deadline{}
		} else {
			s.stays = slices.Insert(s.stays, i, stay{visit: f.Visit})
		}
		s.stays[i].until = border.Time(f.N)
		s.remind(deadline{border.Time(f.N), f.Visit})
	case Overstayed:
		s.dropStay(f.Visit)
	case Anomaly:
		s.counts.Anomalies++
		if v := s.find(f.Visit); v != nil && f.Reason == NoLane {
			v.said |= saidNoLane
		}
	}
}

func (s *State) markOpening(o OpeningID) {
	for i := range s.places {
		if s.places[i].Opening == o {
			s.admit(PlaceID(i))
		}
	}
}

// admit takes note that what a place admits may have changed.
func (s *State) admit(id PlaceID) {
	s.noteAdmission(id)
	s.markPlace(id)
}
