package gate

import "math/bits"

// begin appends a fact of a visit, to be filled in place and then applied: the
// facts every visit has are many, and copying them would cost more than
// deciding them.
func (s *State) begin(k Kind, id VisitID, at PlaceID) *Fact {
	n := len(s.out)
	if n == cap(s.out) {
		s.out = append(s.out, Fact{})
	}
	s.out = s.out[:n+1]
	f := &s.out[n]
	*f = Fact{}
	s.now = s.clock
	f.At, f.Kind, f.Visit, f.Place = s.clock, k, id, at
	return f
}

// emit appends a fact and applies it.
func (s *State) emit(f *Fact) {
	s.out = append(s.out, *f)
	f = &s.out[len(s.out)-1]
	if f.At == 0 {
		f.At = s.clock
	}
	s.apply(f)
}

// idle reports whether nothing became possible since settle last looked.
func (s *State) idle() bool { return len(s.dirtyPlaces)|len(s.dirtyVisits)|len(s.dirtyStops) == 0 }

// settle carries on until nobody can move and no free server has anyone to take.
func (s *State) settle() {
	for {
		if len(s.dirtyPlaces) > 0 {
			s.fill()
		} else if n := len(s.dirtyVisits); n > 0 {
			v := s.find(s.dirtyVisits[n-1])
			s.dirtyVisits = s.dirtyVisits[:n-1]
			if v != nil {
				s.proceed(v)
			}
		} else if n := len(s.dirtyStops); n > 0 {
			st := s.dirtyStops[n-1]
			s.dirtyStops = s.dirtyStops[:n-1]
			s.stops[st].dirty = false
			s.serve(st)
		} else if s.denied && len(s.out) > s.offered {
			s.offer()
		} else {
			return
		}
	}
}

// carryOn has a visit proceed that came from elsewhere. Where it may move on at
// once, it passes nobody who may so too, and whoever waits for the room it left
// goes first.
func (s *State) carryOn(v *visit) {
	if v.phase == PhaseAtStop {
		s.proceed(v)
	} else {
		s.want(v)
	}
}

// serve lets free servers take the next in line.
func (s *State) serve(id StopID) {
	st := &s.stops[id]
	for len(st.line.at) > 0 && st.busyN < st.onDuty() {
		s.start(s.first(&st.line), st)
	}
}

func (s *State) start(v *visit, st *stopState) {
	f := s.begin(ServiceStarted, v.id, v.place)
	f.Stop, f.Server, f.Formalities = v.stop, uint8(bits.TrailingZeros64(^st.busy)), v.plan.steps[v.step].acts&v.need
	s.applyServiceStarted(v, st, f.Server)
}

// proceed does what a visit can do next.
func (s *State) proceed(v *visit) {
	if v.held != 0 {
		return
	}
	switch v.phase {
	case PhaseAtStop:
		if v.plan.formal {
			s.grantReleases(v)
		}
		if v.inLine {
			return
		}
		st := &s.stops[v.stop]
		free := st.busyN < st.onDuty()
		if free && len(st.line.at) == 0 {
			s.start(v, st)
			return
		}
		s.begin(Joined, v.id, v.place).Stop = v.stop
		s.joinLine(v)
		if free {
			s.markStop(v.stop)
		}
	case PhaseAwaitingDossier, PhaseAwaitingPassengers:
		s.grantReleases(v)
	case PhaseWaiting:
		if v.inLine {
			s.sayNoLane(v)
			s.drain(v.queue)
		} else if v.queue < 0 && s.headOfFile(v) {
			s.depart(v)
		}
	case PhaseDone:
		if v.plan.formal {
			s.grantReleases(v)
		}
		s.moveOn(v)
	case PhaseWayEnd:
		s.goOn(v)
	}
}

// grantReleases states that the last formality of a side is done.
func (s *State) grantReleases(v *visit) {
	plan := v.plan
	if !plan.formal || v.passed&passedEntry != 0 {
		return
	}
	if v.need&plan.exit == 0 && v.passed&passedHandOver == 0 {
		if plan.exit != 0 {
			s.begin(ExitReleased, v.id, v.place)
			v.passed |= passedExit
		}
		s.begin(HandedOver, v.id, v.place)
		v.passed |= passedHandOver
	}
	if v.need == 0 && plan.entry != 0 {
		s.begin(EntryReleased, v.id, v.place)
		v.passed |= passedEntry
	}
}

// moveOn takes a visit that is done in a work place onwards, or says it is blocked.
func (s *State) moveOn(v *visit) {
	switch {
	case v.inLine:
		s.sayNoLane(v)
		s.drain(v.queue)
	case !s.headOfFile(v):
		s.block(v)
	case v.queue < 0:
		s.depart(v)
	default:
		q := &s.queues[v.queue]
		if to, ok := s.destination(q); ok && len(q.line.at) == 0 && !s.overtakes(q, v) {
			s.send(v, to, 0)
		} else {
			s.block(v)
		}
	}
}

// block says once that a visit cannot leave the place it is done in.
func (s *State) block(v *visit) {
	if v.said&saidBlocked != 0 {
		return
	}
	s.begin(Blocked, v.id, v.place)
	s.applyBlocked(v)
	if v.inLine {
		s.sayNoLane(v)
	}
}

// sayNoLane says once that no lane ahead takes a visit.
func (s *State) sayNoLane(v *visit) {
	if q := &s.queues[v.queue]; q.accepted == 0 && len(q.places) > 0 && v.said&saidNoLane == 0 {
		s.emit(&Fact{Kind: Anomaly, Visit: v.id, Place: v.place, Reason: NoLane})
	}
}

// goOn takes a visit at the end of a way to what was reserved for it.
func (s *State) goOn(v *visit) {
	if leg, ok := v.nextWay(); ok {
		s.driveOn(v, leg, v.target)
		return
	}
	if v.target == Outside {
		s.depart(v)
		return
	}
	s.begin(Moved, v.id, v.target).Reason = WayReserved
	s.goTo(v, v.target)
	s.carryOn(v)
}

// driveOn has a visit drive off on the way that is a leg of its route, to what
// is reserved for it beyond.
func (s *State) driveOn(v *visit, leg int, target PlaceID) *Fact {
	way := v.plan.Legs[leg].Places[0]
	f := s.begin(Departed, v.id, way)
	f.N = int64(target)
	s.applyDeparted(v, way, target)
	return f
}

// depart takes a visit out of the crossing, or a passenger back to the coach.
func (s *State) depart(v *visit) {
	if v.child && s.find(v.parent) != nil {
		s.begin(Boarded, v.id, v.place).Other = v.parent
		s.applyBoarded(v)
		return
	}
	s.begin(Removed, v.id, v.place)
	s.applyRemoved(v)
}

// destination returns the place that the first of a queue may go to now: the
// one with fewest vehicles, the first among equals.
func (s *State) destination(q *queue) (PlaceID, bool) {
	for _, w := range q.ways {
		if !s.room(w, q.direction) || s.places[w].contested && s.kept(w, q) {
			return 0, false
		}
	}
	if len(q.places) == 0 {
		return Outside, true
	}
	best, least := Outside, int32(0)
	for m := q.accepted &^ q.full; m != 0; m &= m - 1 {
		id := q.places[bits.TrailingZeros64(m)]
		p := &s.places[id]
		if !p.enterable(q.direction) || p.contested && s.kept(id, q) {
			continue
		}
		n := p.load(q.direction)
		if n == 0 {
			return id, true
		}
		if best == Outside || n < least {
			best, least = id, n
		}
	}
	return best, best != Outside
}

// drain sends visits of one queue on while there is room.
func (s *State) drain(i int16) {
	for {
		q := &s.queues[i]
		if len(q.line.at) == 0 {
			return
		}
		v := s.first(&q.line)
		to, ok := s.destination(q)
		if !ok || s.overtakes(q, v) {
			return
		}
		s.send(v, to, len(q.line.at)-1)
	}
}

// overtakes reports whether, where first come is first served, moving v would
// pass somebody who came first and may use the same lanes.
func (s *State) overtakes(q *queue, v *visit) bool {
	if !s.rules.Strict || v.phase != PhaseWaiting {
		return false
	}
	mine := standing{s.orderBy(v, v.countsFrom), v.id}
	for m := q.accepted; m != 0; m &= m - 1 {
		for _, r := range s.places[q.places[bits.TrailingZeros64(m)]].feeds {
			rival := &s.queues[r.queue]
			if rival != q && rival.direction == q.direction && len(rival.line.at) > 0 && rival.line.at[0].before(mine) &&
				s.first(&rival.line).phase == PhaseWaiting {
				return true
			}
		}
	}
	return false
}

// fill gives room that appeared to the first among those who want it, wherever
// it appeared. A place that nobody can be sent to for now is done with.
func (s *State) fill() {
	best, to := -1, Outside
	for k := len(s.dirtyPlaces) - 1; k >= 0; k-- {
		id := s.dirtyPlaces[k]
		s.turnIfEmpty(id)
		wanted := false
		for _, f := range s.places[id].feeds {
			i := f.queue
			q := &s.queues[i]
			if len(q.line.at) == 0 {
				continue
			}
			if int(i) == best || best >= 0 && !q.line.at[0].before(s.queues[best].line.at[0]) {
				wanted = true
				continue
			}
			if dest, ok := s.destination(q); ok && !s.overtakes(q, s.first(&q.line)) {
				best, to, wanted = int(i), dest, true
			}
		}
		if !wanted {
			n := len(s.dirtyPlaces) - 1
			s.dirtyPlaces[k] = s.dirtyPlaces[n]
			s.dirtyPlaces = s.dirtyPlaces[:n]
			s.places[id].dirty = false
		}
	}
	if best >= 0 {
		q := &s.queues[best]
		s.send(s.first(&q.line), to, len(q.line.at)-1)
	}
}

// turnIfEmpty turns a tidal lane that has drained, or turns back.
func (s *State) turnIfEmpty(id PlaceID) {
	p := &s.places[id]
	if p.turning != 0 && (p.directions == 1<<(p.turning-1) || p.inside == [8]int32{} && p.reserved == [8]int32{}) {
		s.emit(&Fact{Kind: LaneTurned, Place: id, Direction: Direction(p.turning - 1)})
	}
}

// send moves a visit: it is called, drives off, or rolls on. waiting is how
// many others stood in its queue.
func (s *State) send(v *visit, to PlaceID, waiting int) {
	q := &s.queues[v.queue]
	f := s.begin(Moved, v.id, to)
	f.Reason, f.N = s.reasonFor(v, waiting), int64(waiting)
	switch {
	case s.places[v.place].Pager && v.phase == PhaseWaiting && s.places[to].Kind.Work():
		f.Kind = Called
		s.applyCalled(v, f)
	case len(q.ways) > 0:
		f.Kind, f.Place, f.N = Departed, q.ways[0], int64(to)
		s.applyDeparted(v, f.Place, to)
	default:
		s.goTo(v, to)
		s.carryOn(v)
	}
}

func (s *State) reasonFor(v *visit, waiting int) Reason {
	switch policy := s.rules; {
	case waiting == 0 && (v.class == 0 || v.phase != PhaseWaiting):
		return NobodyAhead
	case v.phase != PhaseWaiting:
		return FirstInLine // a policy orders only those who wait in a hold
	case v.class > 0:
		return ByPriority
	case policy.Slots.Length > 0 && v.booked:
		return BySlot
	case policy.Slots.Length > 0:
		return OnStandby
	case policy.ReadyFirst && s.unreadyAhead(v):
		return ReadyAhead
	}
	return FirstInLine
}

// unreadyAhead reports whether the one who stands before v in the place was
// passed over for want of a dossier.
func (s *State) unreadyAhead(v *visit) bool {
	return v.prev >= 0 && s.visits[v.prev].unready
}
