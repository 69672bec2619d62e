package gate

// What coming into a place, leaving it and keeping room in it do to the tables.
// These functions run inside Apply: they change the State but decide nothing.

func (s *State) setPhase(v *visit, p Phase) {
	v.phase, v.since, v.said = p, s.now, 0
}

// occupy counts who comes into a place or leaves it, or has room there reserved.
func (s *State) occupy(p *placeState, d Direction, inside, reserved int32) {
	p.inside[d] += inside
	p.reserved[d] += reserved
	p.total += inside + reserved
	if p.capacity > 0 {
		s.noteRoom(p, d)
	}
}

// noteRoom tells the queues that may send visits into a place whether there is
// room, when that has changed.
func (s *State) noteRoom(p *placeState, d Direction) {
	directions := ^uint8(0)
	if p.EachWay {
		directions = 1 << d
	}
	full := p.full &^ directions
	if p.capacity > 0 && p.load(d) >= p.capacity {
		full |= directions
	}
	if full == p.full {
		return
	}
	p.full = full
	for _, f := range p.feeds {
		if q := &s.queues[f.queue]; f.alternative >= 0 && directions>>q.direction&1 != 0 {
			q.full ^= 1 << f.alternative
		}
	}
}

// enter puts a visit into a place on a leg of its route.
func (s *State) enter(v *visit, id PlaceID, leg int) {
	p := &s.places[id]
	s.occupy(p, v.direction, 1, 0)
	slot := int32(v.id.Slot())
	v.prev, v.next = p.tail, -1
	if p.tail >= 0 {
		s.visits[p.tail].next = slot
	} else {
		p.head = slot
	}
	p.tail = slot
	v.place, v.lineAt = id, s.now
	s.resume(v, p.Kind, leg)
}

// resume has a visit begin what its procedure wants in the place where it is.
func (s *State) resume(v *visit, kind PlaceKind, leg int) {
	v.leg, v.stop = int16(leg), 0
	switch {
	case leg < 0:
		s.setPhase(v, PhaseAstray)
	case kind.Hold():
		s.setPhase(v, PhaseWaiting)
		s.enqueue(v)
	case kind.Way():
		s.setPhase(v, PhaseDriving)
	default:
		s.atStep(v)
	}
}

// leave takes a visit out of the place it is in.
func (s *State) leave(v *visit) {
	if v.inLine {
		s.dequeue(v)
	}
	if v.place == Outside {
		return
	}
	p := &s.places[v.place]
	s.occupy(p, v.direction, -1, 0)
	heir := int32(-1)
	if p.SingleFile {
		heir = s.nextInFile(v)
	}
	if v.prev >= 0 {
		s.visits[v.prev].next = v.next
	} else {
		p.head = v.next
	}
	if v.next >= 0 {
		s.visits[v.next].prev = v.prev
	} else {
		p.tail = v.prev
	}
	v.next, v.prev = -1, -1
	if !p.dirty {
		s.markPlace(v.place)
	}
	v.place = Outside
	if heir >= 0 {
		s.comesFirst(&s.visits[heir])
	}
}

// comesFirst lets a visit line up that has become the first of a single file.
func (s *State) comesFirst(v *visit) {
	if v.phase == PhaseWaiting || v.said&saidBlocked != 0 {
		s.enqueue(v)
		s.want(v)
	}
}

// goTo takes a visit to a place of the leg it heads for, which may have been
// reserved.
func (s *State) goTo(v *visit, id PlaceID) {
	leg := int(v.to)
	if v.reserved {
		v.reserved = false
		s.occupy(&s.places[id], v.direction, 0, -1)
	}
	s.leave(v)
	s.dropDeadline(v)
	v.target, v.to = Outside, -1
	s.enter(v, id, leg)
}

// reserve keeps room in the target and in every way to it.
func (s *State) reserve(v *visit, target PlaceID) {
	q := &s.queues[v.queue]
	for _, w := range q.ways {
		s.occupy(&s.places[w], v.direction, 0, 1)
	}
	v.to, v.target, v.reserved = q.to, target, true
	if target != Outside {
		s.occupy(&s.places[target], v.direction, 0, 1)
	}
	s.dequeue(v)
}

// release gives back what is reserved and not yet reached.
func (s *State) release(v *visit) {
	if !v.reserved {
		return
	}
	v.reserved = false
	legs := v.plan.Legs
	for i := int(v.leg) + 1; i < int(v.to); i++ {
		if v.plan.kinds[i].Way() {
			id := legs[i].Places[0]
			s.occupy(&s.places[id], v.direction, 0, -1)
			s.markPlace(id)
		}
	}
	if v.target != Outside {
		s.occupy(&s.places[v.target], v.direction, 0, -1)
		s.markPlace(v.target)
	}
	v.target, v.to = Outside, -1
}

// markPlace has settle look at a place, if anybody stands in line for it or it
// is to turn.
func (s *State) markPlace(id PlaceID) {
	p := &s.places[id]
	if !p.dirty && (p.turning != 0 || s.wanted(p)) {
		p.dirty = true
		s.dirtyPlaces = append(s.dirtyPlaces, id)
	}
}

func (s *State) wanted(p *placeState) bool {
	for i := range p.feeds {
		if len(s.queues[p.feeds[i].queue].line.at) > 0 {
			return true
		}
	}
	return false
}

func (s *State) markStop(id StopID) {
	if st := &s.stops[id]; !st.dirty {
		st.dirty = true
		s.dirtyStops = append(s.dirtyStops, id)
	}
}
