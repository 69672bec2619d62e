package gate

import (
	"slices"

	"landport/border"
)

// patience is how much later others must have come than somebody who needs
// ways and a place at once, before what is free of these is kept for it. Else
// those who need one of them alone could take each whenever it gets free.
const patience = border.Hour

// contend notes for a place and a new queue whether somebody may need the place
// together with a way that others who need the place do without.
func (s *State) contend(id PlaceID, q *queue) {
	p := &s.places[id]
	apart := slices.ContainsFunc(q.ways, func(w PlaceID) bool { return s.places[w].EachWay })
	for _, f := range p.feeds {
		r := &s.queues[f.queue]
		p.contested = p.contested || !slices.Equal(r.ways, q.ways) || apart && r.direction != q.direction
	}
}

// kept reports whether room in a place is kept from the first of a queue for
// somebody who came long before and lacks nothing but room on a way.
func (s *State) kept(id PlaceID, q *queue) bool {
	if s.layout.plans[q.procedure].kinds[q.from].Way() {
		return false // the way might be the one that is lacking
	}
	came := int64(s.clock)
	if len(q.line.at) > 0 {
		came = q.line.at[0].key
	}
	for _, f := range s.places[id].feeds {
		r := &s.queues[f.queue]
		if r.direction != q.direction && s.places[id].EachWay {
			continue
		}
		if r != q && len(r.line.at) > 0 && r.line.at[0].key < came-int64(patience) && s.lacksWay(r) {
			s.denied = true
			return true
		}
	}
	return false
}

// lacksWay reports whether the first of a queue lacks nothing but room on ways,
// and these will have room without anybody's leave.
func (s *State) lacksWay(q *queue) bool {
	lacks := false
	for _, w := range q.ways {
		full := !s.room(w, q.direction)
		if full && !s.drains(w) {
			return false
		}
		lacks = lacks || full
	}
	open := len(q.places) == 0
	for i, id := range q.places {
		open = open || q.accepted>>i&1 != 0 && s.places[id].enterable(q.direction)
	}
	return lacks && open && !s.overtakes(q, s.first(&q.line))
}

// drains reports whether everybody on a way drives on, or is about to.
func (s *State) drains(way PlaceID) bool {
	for i := s.places[way].head; i >= 0; i = s.visits[i].next {
		if v := &s.visits[i]; !v.drivesOn() {
			return false
		}
	}
	return true
}

// drivesOn reports whether a visit on a way needs nobody's leave to go on, or
// has just come to its end and was not yet said to be blocked there.
func (v *visit) drivesOn() bool {
	return v.held == 0 && (v.phase == PhaseDriving || v.phase == PhaseDone && v.said&saidBlocked == 0)
}

// offer has settle look again at places that were kept for somebody.
func (s *State) offer() {
	s.denied, s.offered = false, len(s.out)
	for i := range s.places {
		if s.places[i].contested {
			s.markPlace(PlaceID(i))
		}
	}
}
