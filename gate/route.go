package gate

import (
	"math/bits"

	"landport/border"
)

// What follows mechanically from where a visit is and what it still needs.
// These functions run inside Apply: they change the State but decide nothing.

// stopsAt reports whether a visit has to do a step of its procedure.
func (v *visit) stopsAt(st *Step) bool {
	switch {
	case st.Rejoin:
		return v.awaiting > 0
	case st.OnReferral || st.Formalities != 0:
		return v.need&st.Formalities != 0
	}
	return true
}

// atStep brings a visit in a work place to its next stop there, or to the end
// of what is done there.
func (s *State) atStep(v *visit) {
	steps := s.layout.Procedures[v.procedure].Steps
	k := int(v.step)
	for ; k < len(steps) && steps[k].Leg <= int(v.leg); k++ {
		if steps[k].Leg < int(v.leg) || !v.stopsAt(&steps[k]) {
			continue
		}
		v.step = int16(k)
		if steps[k].Rejoin {
			s.setPhase(v, PhaseAwaitingPassengers)
			return
		}
		v.stop = s.layout.plans[v.procedure].stops[k][v.place]
		if v.unready && s.layout.Stops[v.stop].Dossier {
			s.setPhase(v, PhaseAwaitingDossier)
		} else {
			s.setPhase(v, PhaseAtStop)
		}
		return
	}
	v.step = int16(k)
	s.setPhase(v, PhaseDone)
	s.assign(v)
}

// heading returns the leg a visit makes for: the next hold, or the next work
// place where it has to stop; the number of legs when it leaves the crossing.
func (s *State) heading(v *visit) (to int, ways bool) {
	p := &s.layout.Procedures[v.procedure]
	for i := int(v.leg) + 1; i < len(p.Legs); i++ {
		switch kind := s.layout.Places[p.Legs[i].Places[0]].Kind; {
		case kind.Way():
			ways = true
		case kind.Hold() || s.stopsIn(v, i):
			return i, ways
		}
	}
	return len(p.Legs), ways
}

func (s *State) stopsIn(v *visit, leg int) bool {
	steps := s.layout.Procedures[v.procedure].Steps
	for k := int(v.step); k < len(steps) && steps[k].Leg <= leg; k++ {
		if steps[k].Leg == leg && v.stopsAt(&steps[k]) {
			return true
		}
	}
	return false
}

// assign finds the queue of the move a visit wants next. A visit that can just
// drive out of the crossing has none.
func (s *State) assign(v *visit) {
	to, ways := s.heading(v)
	v.to, v.queue = int16(to), -1
	legs := s.layout.Procedures[v.procedure].Legs
	if to == len(legs) && !ways {
		return
	}
	at := s.layout.plans[v.procedure].base + int(v.leg)
	last := &s.lately[at]
	if int(last.to) == to && last.traits == v.traits {
		v.queue = last.queue
		v.said &^= saidNoLane
		return
	}
	v.queue = s.queueTo(v, at, to)
	if s.queues[v.queue].accepted != 0 {
		v.said &^= saidNoLane
		*last = lately{v.traits, int16(to), v.queue}
	}
}

// queueTo returns the queue of a move, a new one if need be.
func (s *State) queueTo(v *visit, at, to int) int16 {
	legs := s.layout.Procedures[v.procedure].Legs
	var accepted uint64
	if to < len(legs) {
		for i, id := range legs[to].Places {
			if s.places[id].accepts.Accepts(v.traits) {
				accepted |= 1 << i
			}
		}
	}
	for _, i := range s.index[at] {
		if q := &s.queues[i]; int(q.to) == to && q.accepted == accepted {
			return i
		}
	}
	return s.newQueue(v, at, to, accepted)
}

// nextWay returns the leg of the next way between a visit and the leg it heads
// for.
func (s *State) nextWay(v *visit) (leg int, ok bool) {
	legs := s.layout.Procedures[v.procedure].Legs
	for i := int(v.leg) + 1; i < int(v.to); i++ {
		if s.layout.Places[legs[i].Places[0]].Kind.Way() {
			return i, true
		}
	}
	return 0, false
}

// legAt returns the leg on which a visit can go on from a place; -1 where its
// procedure does not take it, or not before something that lies behind.
func (s *State) legAt(v *visit, id PlaceID) int {
	p := &s.layout.Procedures[v.procedure]
	leg := p.legOf(id, 0)
	if v.need&^p.ahead(leg) != 0 {
		return -1
	}
	return leg
}

// ahead returns the formalities done on a leg or beyond.
func (p *Procedure) ahead(leg int) FormalitySet {
	var f FormalitySet
	for i := range p.Steps {
		if p.Steps[i].Leg >= leg {
			f |= p.Steps[i].Formalities
		}
	}
	return f
}

func (s *State) newQueue(v *visit, at, to int, accepted uint64) int16 {
	id := int16(len(s.queues))
	legs := s.layout.Procedures[v.procedure].Legs
	q := queue{accepted: accepted, procedure: v.procedure, direction: v.direction, from: v.leg, to: int16(to)}
	for i := int(v.leg) + 1; i < to; i++ {
		if w := legs[i].Places[0]; s.layout.Places[w].Kind.Way() {
			q.ways = append(q.ways, w)
		}
	}
	for _, w := range q.ways {
		s.contend(w, &q)
		s.places[w].feeds = append(s.places[w].feeds, feed{id, -1})
	}
	if to < len(legs) {
		q.places = legs[to].Places
		for i, p := range q.places {
			if accepted>>i&1 != 0 {
				s.contend(p, &q)
				s.places[p].feeds = append(s.places[p].feeds, feed{id, int8(i)})
				if !s.room(p, v.direction) {
					q.full |= 1 << i
				}
			}
		}
	}
	s.queues = append(s.queues, q)
	s.index[at] = append(s.index[at], id)
	return id
}

// enqueue lets a visit stand in the queue for its next move, if it may.
func (s *State) enqueue(v *visit) {
	waiting := v.phase == PhaseWaiting
	if v.pos >= 0 || v.held != 0 || !waiting && v.phase != PhaseDone {
		return
	}
	s.assign(v)
	if v.queue < 0 || !s.headOfFile(v) || waiting && v.unready && s.layout.Policies[s.policy].ReadyFirst {
		return
	}
	key := int64(v.lineAt)
	if waiting {
		key = s.key(v, v.countsFrom)
	}
	s.queues[v.queue].line.push(s.visits, standing{key, v.id.Serial(), uint32(v.id.Slot())})
}

// nextInFile returns the slot of who becomes the first of its direction when
// the first in a single-file place leaves; -1 for nobody.
func (s *State) nextInFile(v *visit) int32 {
	if !s.layout.Places[v.place].SingleFile || !s.headOfFile(v) {
		return -1
	}
	i := v.next
	for i >= 0 && s.visits[i].direction != v.direction {
		i = s.visits[i].next
	}
	return i
}

// headOfFile reports whether nobody of its direction stands before the visit in
// a single-file place.
func (s *State) headOfFile(v *visit) bool {
	if !s.layout.Places[v.place].SingleFile {
		return true
	}
	i := v.prev
	for i >= 0 && s.visits[i].direction != v.direction {
		i = s.visits[i].prev
	}
	return i < 0
}

// joinLine lets a visit stand in line at its stop.
func (s *State) joinLine(v *visit) {
	if v.pos < 0 {
		s.stops[v.stop].line.push(s.visits, standing{s.key(v, v.lineAt), v.id.Serial(), uint32(v.id.Slot())})
	}
}

// dequeue takes a visit out of the line it stands in.
func (s *State) dequeue(v *visit) {
	switch {
	case v.pos < 0:
	case v.phase == PhaseAtStop:
		s.stops[v.stop].line.remove(s.visits, int(v.pos))
	default:
		q := &s.queues[v.queue]
		q.line.remove(s.visits, int(v.pos))
		if s.layout.Policies[s.policy].Strict {
			// It may have stood before visits that want other lanes too.
			for _, id := range q.places {
				s.markPlace(id)
			}
		}
	}
}

// key orders a line: the least is first.
func (s *State) key(v *visit, from border.Time) int64 {
	return int64(from) - int64(v.class)*int64(s.layout.Policies[s.policy].Ageing)
}

func (s *State) classOf(t border.Traits) int32 {
	for _, p := range s.layout.Policies[s.policy].Priorities {
		if p.Accepts.Accepts(t) {
			return p.Class
		}
	}
	return 0
}

// requeue lines a visit up anew.
func (s *State) requeue(v *visit) {
	v.class = s.classOf(v.traits)
	inLine := v.pos >= 0
	s.dequeue(v)
	switch {
	case v.phase == PhaseAtStop && inLine:
		s.joinLine(v)
	case v.phase == PhaseDone && !inLine:
		s.assign(v)
	default:
		s.enqueue(v)
	}
}

// requeueAll lines everybody up anew, after a change of policy or of what the
// lanes accept.
func (s *State) requeueAll() {
	for i := range s.visits {
		v := &s.visits[i]
		if v.id == 0 {
			continue
		}
		s.requeue(v)
		if v.phase == PhaseWaiting || v.phase == PhaseDone {
			s.wake(v)
		}
	}
	for i := range s.places {
		s.markPlace(PlaceID(i))
	}
}

// want has settle look at what a visit can go on to: with the others who want
// it, if it stands in a queue.
func (s *State) want(v *visit) {
	if v.pos < 0 {
		s.wake(v)
		return
	}
	q := &s.queues[v.queue]
	switch {
	case len(q.places) == 0:
		s.markPlace(q.ways[0])
	case q.accepted == 0:
		s.wake(v)
	default:
		for m := q.accepted &^ q.full; m != 0; m &= m - 1 {
			s.markPlace(q.places[bits.TrailingZeros64(m)])
		}
	}
}

// wake has settle look at a visit again.
func (s *State) wake(v *visit) { s.dirtyVisits = append(s.dirtyVisits, v.id) }
