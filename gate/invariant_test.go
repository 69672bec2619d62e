package gate

import (
	"math/bits"
	"slices"
)

// checkState checks what holds in every State between two inputs.
func (w *watcher) checkState() {
	w.checkSlots()
	w.checkPlaces()
	w.checkLines()
	w.checkServers()
	w.checkThings()
	w.checkBooks()
	w.checkNothingLeft()
}

// checkSlots: every visit is held under the slot its id names, and the free
// slots are the others.
func (w *watcher) checkSlots() {
	s := w.s
	free := slices.Clone(s.free)
	slices.Sort(free)
	if len(slices.Compact(free)) != len(s.free) {
		w.fail("a slot is free twice: %v", s.free)
	}
	for i := range s.visits {
		v := &s.visits[i]
		_, isFree := slices.BinarySearch(free, uint32(i))
		if (v.id == 0) != isFree || v.id != 0 && v.id.Slot() != i {
			w.fail("slot %d holds %d, free %v", i, v.id, isFree)
		}
		if v.id != 0 {
			w.checkPhase(v)
		}
	}
}

// checkPhase: what a visit does fits where it is.
func (w *watcher) checkPhase(v *visit) {
	kind := w.s.layout.Places[v.place].Kind
	fits := false
	switch v.phase {
	case PhaseAnnounced:
		fits = v.place == Outside
	case PhaseWaiting, PhaseCalled:
		fits = kind.Hold()
	case PhaseDriving, PhaseWayEnd:
		fits = kind.Way()
	case PhaseAtStop, PhaseInService, PhaseAwaitingDossier, PhaseAwaitingPassengers:
		fits = kind.Work()
	case PhaseDone:
		fits = kind.Work() || kind.Way()
	case PhaseRefused, PhaseAstray:
		fits = v.place != Outside || w.rebuilt
	case PhaseEnded:
	}
	if !fits {
		w.fail("visit %d is in phase %v in place %d", v.id.Serial(), v.phase, v.place)
	}
	if v.deadline != 0 && v.phase != PhaseAnnounced && v.phase != PhaseCalled {
		w.fail("visit %d has a deadline in phase %v", v.id.Serial(), v.phase)
	}
	if v.need&v.done != 0 {
		w.fail("visit %d needs %b and has done %b", v.id.Serial(), v.need, v.done)
	}
}

// checkPlaces: every visit stands in the list of its place and in no other, and
// what is counted and reserved is what visits hold.
func (w *watcher) checkPlaces() {
	s := w.s
	type count struct{ inside, reserved [8]int32 }
	counts := make([]count, len(s.places))
	listed := 0
	for i := range s.visits {
		v := &s.visits[i]
		if v.id == 0 {
			continue
		}
		if v.place != Outside {
			counts[v.place].inside[v.direction]++
			listed++
		}
		for _, id := range reservedBy(s, v) {
			counts[id].reserved[v.direction]++
		}
	}
	for i := range s.places {
		p := &s.places[i]
		if p.inside != counts[i].inside || p.reserved != counts[i].reserved {
			w.fail("place %d counts %v inside and %v reserved; its visits are %v", i, p.inside, p.reserved, counts[i])
		}
		prev := int32(-1)
		for j := p.head; j >= 0; j = s.visits[j].next {
			if v := &s.visits[j]; v.place != PlaceID(i) || v.prev != prev {
				w.fail("the list of place %d holds visit %d of place %d", i, v.id.Serial(), v.place)
			}
			prev = j
			listed--
		}
		if p.tail != prev {
			w.fail("the list of place %d ends at %d, not %d", i, prev, p.tail)
		}
		if p.turning != 0 && (p.inside == [8]int32{} && p.reserved == [8]int32{}) {
			w.fail("lane %d is empty and has not turned", i)
		}
		if p.dirty {
			w.fail("place %d was not looked at", i)
		}
	}
	if listed != 0 {
		w.fail("%d visits stand in no list", listed)
	}
}

// checkLines: lines are in order, and a visit stands in one exactly where it says.
func (w *watcher) checkLines() {
	s := w.s
	inLine := 0
	check := func(l *line, fits func(v *visit) bool) {
		for i, e := range l.at {
			v := &s.visits[e.visit.Slot()]
			if v.id != e.visit || !v.inLine || v.key != e.key || !fits(v) || v.held != 0 {
				w.fail("a line holds visit %d (phase %v, held %b) by %d, which says %d", e.visit.Serial(), v.phase, v.held, e.key, v.key)
			}
			if i > 0 && !l.at[i-1].before(e) {
				w.fail("a line is out of order at %d", i)
			}
		}
		inLine += len(l.at)
	}
	for i := range s.queues {
		q := &s.queues[i]
		check(&q.line, func(v *visit) bool {
			return int(v.queue) == i && (v.phase == PhaseWaiting || v.phase == PhaseDone) && v.to == q.to && v.leg == q.from && mayGo(s, v)
		})
		for _, e := range q.line.at {
			if v := &s.visits[e.visit.Slot()]; e.key != instant(s, v) {
				w.fail("visit %d stands in line by %d; it counts from %d", e.visit.Serial(), e.key, instant(s, v))
			}
			if to, _ := nextLeg(s, &s.visits[e.visit.Slot()]); to != int(q.to) {
				w.fail("visit %d stands in line for leg %d; it must go to leg %d", e.visit.Serial(), q.to, to)
			}
		}
	}
	for i := range s.queues {
		q := &s.queues[i]
		for n, id := range q.places {
			if room := hasRoom(s, id, q.direction); q.accepted>>n&1 != 0 && room == (q.full>>n&1 != 0) {
				w.fail("queue %d thinks place %d full: %b, room %v", i, id, q.full, room)
			}
		}
	}
	for i := range s.stops {
		check(&s.stops[i].line, func(v *visit) bool { return int(v.stop) == i && v.phase == PhaseAtStop })
		for _, e := range s.stops[i].line.at {
			if v := &s.visits[e.visit.Slot()]; e.key != lineKey(s, v) {
				w.fail("visit %d stands in line at a stop by %d; it counts from %d", e.visit.Serial(), e.key, lineKey(s, v))
			}
		}
	}
	for i := range s.visits {
		if v := &s.visits[i]; v.inLine {
			inLine--
		}
	}
	if inLine != 0 {
		w.fail("lines hold %d visits more than say so", inLine)
	}
}

// checkServers: a server is busy exactly with the visits in service.
func (w *watcher) checkServers() {
	s := w.s
	busy := make([]uint64, len(s.stops))
	for i := range s.visits {
		if v := &s.visits[i]; v.id != 0 && v.phase == PhaseInService {
			if busy[v.stop]>>v.server&1 != 0 {
				w.fail("server %d of stop %d has two visits", v.server, v.stop)
			}
			busy[v.stop] |= 1 << v.server
		}
	}
	for i := range s.stops {
		if st := &s.stops[i]; st.busy != busy[i] || int(st.busyN) != bits.OnesCount64(busy[i]) {
			w.fail("stop %d is busy with %b (%d); its visits are with %b", i, st.busy, st.busyN, busy[i])
		}
	}
}

// checkThings: every thing is with the visit that lists it, and with no other;
// a coach awaits exactly the passengers who are out.
func (w *watcher) checkThings() {
	s := w.s
	with := make([]VisitID, len(s.things))
	for i := range s.visits {
		v := &s.visits[i]
		if v.id == 0 {
			continue
		}
		for t, n := v.things, 0; t != 0; t, n = s.things[t].next, n+1 {
			if with[t] != 0 || n > len(s.things) {
				w.fail("thing %d is with two visits", t)
				return
			}
			with[t] = v.id
		}
		out := int32(0)
		for j := range s.visits {
			if u := &s.visits[j]; u.id != 0 && u.child && u.parent == v.id {
				out++
			}
		}
		if out != v.awaiting {
			w.fail("coach %d awaits %d passengers; %d are out", v.id.Serial(), v.awaiting, out)
		}
	}
	for i := range s.things {
		if s.things[i].visit != with[i] {
			w.fail("thing %d says it is with %d; %d lists it", i, s.things[i].visit, with[i])
		}
	}
}

// checkBooks: arrivals are present or ended, and slots hold the bookings made.
func (w *watcher) checkBooks() {
	s := w.s
	var present int64
	for i := range s.visits {
		if v := &s.visits[i]; v.id != 0 && v.phase != PhaseAnnounced {
			present++
		}
	}
	if present != w.present {
		w.fail("%d visits are present; %d came and did not leave", present, w.present)
	}
	if s.counts != w.counts {
		w.fail("the counts are %+v; by the facts they are %+v", s.counts, w.counts)
	}
	for i := range s.slots {
		slot := s.slots[i]
		want := w.booked[slotCount{start: slot.start, direction: slot.direction}]
		if slot.booked != want || slot.booked <= 0 {
			w.fail("the slot at %d has %d bookings; %d were made", slot.start, slot.booked, want)
		}
	}
}

// checkNothingLeft: nobody who could move or be served is left standing.
func (w *watcher) checkNothingLeft() {
	s := w.s
	for i := range s.visits {
		v := &s.visits[i]
		if v.id == 0 || v.held != 0 {
			continue
		}
		id, plan := v.id.Serial(), &s.layout.plans[v.procedure]
		switch v.phase {
		case PhaseAtStop:
			if !v.inLine || s.stops[v.stop].busyN < int32(servers(s, v.stop)) {
				w.fail("visit %d is left at stop %d, where %d of %d are at work", id, v.stop, s.stops[v.stop].busyN, servers(s, v.stop))
			}
		case PhaseWayEnd:
			w.fail("visit %d is left at the end of a way", id)
		case PhaseWaiting, PhaseDone:
			if mayGo(s, v) && !strictlyBehind(s, v) {
				if to := destinations(s, v); len(to) > 0 {
					w.fail("visit %d is left in %d though %v would take it", id, v.place, to)
				}
			}
			switch {
			case !mayGo(s, v):
			case !v.inLine:
				w.fail("visit %d may move but stands in no line", id)
			case len(s.queues[v.queue].places) > 0 && s.queues[v.queue].accepted == 0 && v.said&saidNoLane == 0:
				w.fail("no lane takes visit %d, and nobody is told", id)
			}
		case PhaseAwaitingPassengers:
			if v.awaiting == 0 {
				w.fail("coach %d waits for nobody", id)
			}
		default:
		}
		working := v.phase == PhaseAtStop || v.phase == PhaseAwaitingDossier || v.phase == PhaseAwaitingPassengers || v.phase == PhaseDone
		if working && plan.exit|plan.entry != 0 && v.need&plan.exit == 0 && v.passed&passedHandOver == 0 {
			w.fail("visit %d is done with exit and not handed over", id)
		}
		if working && plan.entry != 0 && v.need == 0 && v.passed&passedEntry == 0 {
			w.fail("visit %d is done and not released", id)
		}
	}
	if len(s.dirtyPlaces)+len(s.dirtyStops)+len(s.dirtyVisits) > 0 {
		w.fail("work is left for later")
	}
}
