package gate

import "landport/border"

// Apply carries out one fact of a history. It never decides: fed the facts that
// Decide appended, in order, it leads to the same State. Facts of a history
// that Decide did not write are the caller's fault.
func (s *State) Apply(f *Fact) {
	s.apply(f)
	for _, p := range s.dirtyPlaces {
		s.places[p].dirty = false
	}
	for _, st := range s.dirtyStops {
		s.stops[st].dirty = false
	}
	s.dirtyPlaces, s.dirtyStops, s.dirtyVisits = s.dirtyPlaces[:0], s.dirtyStops[:0], s.dirtyVisits[:0]
	s.denied = true // for all it knows
	s.due = s.findDue()
}

func (s *State) apply(f *Fact) {
	s.now = max(s.now, f.At)
	switch {
	case f.Kind <= ExportCancelled:
		s.applyLife(f)
	case f.Kind <= KeptProcedure:
		s.applyCondition(f)
	case f.Kind <= Boarded:
		s.applyLink(f)
	default:
		s.applyPost(f)
	}
}

func (s *State) applyLife(f *Fact) {
	switch f.Kind {
	case Announced:
		v := s.allocate(f)
		s.follow(v, f.Procedure)
		s.setPhase(v, PhaseAnnounced)
		s.counts.Announced++
		return
	case Arrived:
		s.applyArrived(s.find(f.Visit), f)
		return
	case Confirmed:
		s.counts.Confirmed++
		return
	}
	v := s.find(f.Visit)
	if v == nil {
		return
	}
	switch f.Kind {
	case Called:
		s.applyCalled(v, f)
	case CallExpired:
		v.countsFrom = v.countsFrom.Add(s.places[v.place].CallGrace)
		s.standBack(v)
	case Entered, Moved:
		s.goTo(v, f.Place)
	case Departed:
		s.applyDeparted(v, f.Place, PlaceID(f.N))
	case Reached:
		s.applyReached(v, f.At)
	case Joined:
		s.joinLine(v)
	case ServiceStarted:
		s.applyServiceStarted(v, &s.stops[f.Stop], f.Server)
	case ServiceEnded:
		s.applyServiceEnded(v, f)
	case Interrupted:
		s.freeServer(v)
		s.atStep(v)
	case Referred:
		v.need |= f.Formalities &^ v.done
		if v.phase == PhaseWaiting || v.phase == PhaseDone {
			s.requeue(v)
		}
	case ExitReleased:
		v.passed |= passedExit
	case HandedOver:
		v.passed |= passedHandOver
	case EntryReleased:
		v.passed |= passedEntry
	case Blocked:
		s.applyBlocked(v)
	case Refused:
		s.dequeue(v)
		s.release(v)
		s.dropDeadline(v)
		s.setPhase(v, PhaseRefused)
	default:
		s.applyEnd(v, f)
	}
}

// applyEnd carries out bookings given back and the ends of a visit.
func (s *State) applyEnd(v *visit, f *Fact) {
	switch f.Kind {
	case Booked:
		if v.booked {
			s.countSlot(v.slotStart, v.direction, -1)
			s.counts.Rebooked++
			v.giveUp()
		} else {
			s.counts.Booked++
		}
		v.booked, v.slotStart = true, border.Time(f.N)
		s.countSlot(v.slotStart, v.direction, 1)
		slots := &s.rules.Slots
		s.setDeadline(v, v.slotStart.Add(slots.Length+slots.Grace))
	case Unbooked:
		s.countSlot(v.slotStart, v.direction, -1)
		v.booked = false
		s.dropDeadline(v)
		v.giveUp()
		s.counts.Unbooked++
	case Cancelled, ExportCancelled:
		s.counts.Cancelled++
		s.end(v)
	case NoShow:
		s.counts.NoShows++
		s.end(v)
	case Removed:
		s.applyRemoved(v)
	case TurnedBack, Readmitted:
		s.counts.TurnedBack++
		s.end(v)
	}
}

// giveUp counts a booking the visit had and no longer wants.
func (v *visit) giveUp() {
	if v.rebooked < 255 {
		v.rebooked++
	}
}

func (s *State) applyRemoved(v *visit) {
	s.counts.Removed++
	s.end(v)
}

func (s *State) applyArrived(v *visit, f *Fact) *visit {
	if v == nil {
		v = s.allocate(f)
	}
	s.counts.Arrived++
	if v.booked {
		s.counts.Kept++
	}
	v.traits, v.direction = f.Traits, f.Direction
	s.follow(v, f.Procedure)
	v.arrivedAt, v.countsFrom = f.At, border.Time(f.N)
	s.dropDeadline(v)
	v.need = f.Formalities
	v.parent = f.Other
	v.class = s.rules.classOf(v.traits)
	if f.Other != 0 {
		s.dropStay(f.Other)
	}
	if f.Place == Outside {
		s.setPhase(v, PhaseAstray)
		return v
	}
	s.enter(v, f.Place, v.legAt(f.Place))
	return v
}

func (s *State) applyCalled(v *visit, f *Fact) {
	if v.phase != PhaseCalled {
		s.reserve(v, f.Place)
	}
	s.setPhase(v, PhaseCalled)
	if v.calls < 255 {
		v.calls++
	}
	if grace := s.places[v.place].CallGrace; grace > 0 {
		s.setDeadline(v, f.At.Add(grace))
	}
}

// standBack has a visit wait again that was called.
func (s *State) standBack(v *visit) {
	s.release(v)
	s.dropDeadline(v)
	s.setPhase(v, PhaseWaiting)
	s.enqueue(v)
}

func (s *State) applyDeparted(v *visit, way, target PlaceID) {
	if !v.reserved {
		s.reserve(v, target)
	}
	leg, _ := v.nextWay()
	s.dropDeadline(v)
	s.leave(v)
	s.occupy(&s.places[way], v.direction, 0, -1)
	s.enter(v, way, leg)
}

// applyReached brings a visit to the end of a way. One that was first seen on
// the way has nothing reserved beyond: it is done there, and waits for room.
func (s *State) applyReached(v *visit, at border.Time) {
	if v.reserved {
		s.setPhase(v, PhaseWayEnd)
		return
	}
	v.lineAt = s.reported(at)
	s.setPhase(v, PhaseDone)
	s.assign(v)
}

func (s *State) applyBlocked(v *visit) {
	v.said |= saidBlocked
	s.enqueue(v)
}

func (s *State) applyServiceStarted(v *visit, st *stopState, server uint8) {
	if v.inLine {
		v.stepOut(&st.line)
	}
	st.busy |= 1 << server
	st.busyN++
	v.server = server
	s.setPhase(v, PhaseInService)
}

func (s *State) applyServiceEnded(v *visit, f *Fact) {
	s.freeServer(v)
	v.lineAt = s.reported(f.At)
	switch f.Outcome {
	case Again:
		s.atStep(v)
		return
	case RefusedHere:
		s.setPhase(v, PhaseRefused)
		return
	}
	v.done |= f.Formalities
	v.need &^= f.Formalities
	v.step++
	s.atStep(v)
}

func (s *State) freeServer(v *visit) {
	st := &s.stops[v.stop]
	st.busy &^= 1 << v.server
	st.busyN--
	if len(st.line.at) > 0 {
		s.markStop(v.stop)
	}
}

// allocate gives a new visit the slot its id names.
func (s *State) allocate(f *Fact) *visit {
	slot := f.Visit.Slot()
	if slot == len(s.visits) {
		s.visits = append(s.visits, visit{})
	} else {
		s.free = s.free[:len(s.free)-1]
	}
	s.serial = f.Visit.Serial()
	v := &s.visits[slot]
	*v = visit{}
	v.id, v.traits, v.direction = f.Visit, f.Traits, f.Direction
	v.next, v.prev, v.queue, v.to = -1, -1, -1, -1
	return v
}

// mint returns the id the next visit will have.
func (s *State) mint() VisitID {
	slot := len(s.visits)
	if n := len(s.free); n > 0 {
		slot = int(s.free[n-1])
	}
	return VisitID((s.serial+1)<<slotBits | uint64(slot))
}

// comesBack counts a passenger that a coach need no longer wait for.
func (s *State) comesBack(coach *visit) {
	coach.awaiting--
	switch {
	case coach.awaiting > 0:
	case coach.phase == PhaseAwaitingPassengers:
		coach.step++
		s.atStep(coach)
		s.wake(coach)
	case coach.phase == PhaseWaiting || coach.phase == PhaseDone:
		s.requeue(coach) // it need not stop for them ahead
		s.want(coach)
	}
}

// end takes a visit out of the State.
func (s *State) end(v *visit) {
	switch {
	case v.phase == PhaseInService:
		s.freeServer(v)
	case v.phase == PhaseAnnounced && v.booked:
		s.countSlot(v.slotStart, v.direction, -1)
	}
	if v.reserved {
		s.release(v)
	}
	s.leave(v)
	s.dropDeadline(v)
	if v.child {
		if coach := s.find(v.parent); coach != nil {
			s.comesBack(coach)
		}
	}
	for t := v.things; t != 0; {
		t, s.things[t] = s.things[t].next, thing{kind: s.things[t].kind}
	}
	s.free = append(s.free, uint32(v.id.Slot()))
	v.id, v.phase = 0, PhaseEnded
}

// follow has a visit follow a procedure.
func (s *State) follow(v *visit, id ProcedureID) {
	v.procedure, v.plan = id, &s.layout.plans[id]
}
