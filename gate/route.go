package gate

import (
	"math/bits"

	"landport/border"
)

// What follows mechanically from where a visit is and what it still needs.
// These functions run inside Apply: they change the State but decide nothing.

// stopsAt reports whether a visit has to do a step of its procedure.
func (v *visit) stopsAt(st *planStep) bool {
	return v.need&st.acts != 0 || st.always || st.rejoin && v.awaiting > 0
}

// atStep brings a visit in a work place to its next stop there, or to the end
// of what is done there.
func (s *State) atStep(v *visit) {
	steps := v.plan.steps
	k := int(v.step)
	for ; k < len(steps) && steps[k].leg <= v.leg; k++ {
		step := &steps[k]
		if step.leg < v.leg || !v.stopsAt(step) {
			continue
		}
		v.step = int16(k)
		if step.rejoin {
			s.setPhase(v, PhaseAwaitingPassengers)
			return
		}
		v.stop = step.stops[v.place]
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
func (v *visit) heading() (to int, ways bool) {
	kinds := v.plan.kinds
	for i := int(v.leg) + 1; i < len(kinds); i++ {
		switch kind := kinds[i]; {
		case kind.Way():
			ways = true
		case kind.Hold() || v.stopsIn(int16(i)):
			return i, ways
		}
	}
	return len(kinds), ways
}

func (v *visit) stopsIn(leg int16) bool {
	steps := v.plan.steps
	for k := int(v.step); k < len(steps) && steps[k].leg <= leg; k++ {
		if steps[k].leg == leg && v.stopsAt(&steps[k]) {
			return true
		}
	}
	return false
}

// hashing spreads traits over the two highest bits of a product (Knuth, The Art
// of Computer Programming 3, 6.4: the golden ratio).
const hashing = 0x9e3779b97f4a7c15

// assign finds the queue of the move a visit wants next. A visit that can just
// drive out of the crossing has none.
func (s *State) assign(v *visit) {
	to, ways := v.heading()
	v.to, v.queue = int16(to), -1
	if to == len(v.plan.kinds) && !ways {
		return
	}
	at := v.plan.base + int(v.leg)
	last := &s.lately[at][v.traits*hashing>>62]
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
	legs := v.plan.Legs
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
func (v *visit) nextWay() (leg int, ok bool) {
	for i := int(v.leg) + 1; i < int(v.to); i++ {
		if v.plan.kinds[i].Way() {
			return i, true
		}
	}
	return 0, false
}

// legAt returns the leg on which a visit can go on from a place; -1 where its
// procedure does not take it, or not before something that lies behind.
func (v *visit) legAt(id PlaceID) int {
	leg := int(v.plan.legAt[id])
	if leg >= 0 && v.need&^v.plan.ahead[leg] != 0 {
		return -1
	}
	return leg
}

func (s *State) newQueue(v *visit, at, to int, accepted uint64) int16 {
	id := int16(len(s.queues))
	legs := v.plan.Legs
	q := queue{accepted: accepted, procedure: v.procedure, direction: v.direction, from: v.leg, to: int16(to)}
	for i := int(v.leg) + 1; i < to; i++ {
		if v.plan.kinds[i].Way() {
			q.ways = append(q.ways, legs[i].Places[0])
		}
	}
	for _, w := range q.ways {
		q.opposed = q.opposed || s.places[w].opposed()
		s.contend(w, &q)
		s.places[w].feeds = append(s.places[w].feeds, feed{id, -1})
	}
	if to < len(legs) {
		q.places = legs[to].Places
		for i, p := range q.places {
			q.opposed = q.opposed || s.places[p].opposed()
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
	if v.inLine || v.held != 0 || !waiting && v.phase != PhaseDone {
		return
	}
	s.assign(v)
	if v.queue < 0 || !s.headOfFile(v) || waiting && v.unready && s.rules.ReadyFirst {
		return
	}
	q, key := &s.queues[v.queue], int64(v.lineAt)
	if waiting || q.opposed {
		key = s.orderBy(v, v.countsFrom)
	}
	v.lineUp(&q.line, key)
}

func (v *visit) lineUp(l *line, key int64) {
	v.inLine, v.key = true, key
	l.push(standing{key, v.id})
}

func (v *visit) stepOut(l *line) {
	v.inLine = false
	l.remove(standing{v.key, v.id})
}

// nextInFile returns the slot of who becomes the first of its direction when
// the first in a single-file place leaves; -1 for nobody.
func (s *State) nextInFile(v *visit) int32 {
	if !s.headOfFile(v) {
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
	if !s.places[v.place].SingleFile {
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
	if !v.inLine {
		v.lineUp(&s.stops[v.stop].line, s.orderBy(v, v.lineAt))
	}
}

// dequeue takes a visit out of the line it stands in.
func (s *State) dequeue(v *visit) {
	switch {
	case !v.inLine:
	case v.phase == PhaseAtStop:
		v.stepOut(&s.stops[v.stop].line)
	default:
		q := &s.queues[v.queue]
		v.stepOut(&q.line)
		if s.rules.Strict {
			// It may have stood before visits that want other lanes too.
			for _, id := range q.places {
				s.markPlace(id)
			}
		}
	}
}

// orderBy is the key of a visit in a line: the least is first.
func (s *State) orderBy(v *visit, from border.Time) int64 {
	return s.rules.turn(v.class, from)
}

// Turn is by what visits that wait take their turns under a policy, the least
// first: by the instant from which one counts, of a preferred class as many ageings
// earlier.
func (p *Policy) Turn(t border.Traits, countsFrom border.Time) int64 {
	return p.turn(p.classOf(t), countsFrom)
}

func (p *Policy) turn(class int32, countsFrom border.Time) int64 {
	return int64(countsFrom) - int64(class)*int64(p.Ageing)
}

func (p *Policy) classOf(t border.Traits) int32 {
	for i := range p.Priorities {
		if of := &p.Priorities[i]; of.Accepts.Has(t) {
			return of.Class
		}
	}
	return 0
}

// requeue lines a visit up anew.
func (s *State) requeue(v *visit) {
	v.class = s.rules.classOf(v.traits)
	inLine := v.inLine
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
	if !v.inLine {
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
