package gate

import "slices"

// orderCall calls a visit forward that waits where drivers are called, before
// its turn: to the lane that dispatch would choose, or to one that is named. It
// passes others, but needs room there and on the way as they do. A lane that is
// closed to dispatch can be named too: so its room is kept for whom people call.
func (s *State) orderCall(v *visit, in *Input) Refusal {
	switch {
	case in.Place != Outside && s.known(in.Place) == Outside:
		return refuse(CodeUnknownPlace)
	case in.Reason < ByDriver || in.Reason > BreakGlass:
		return refuse(CodeReasonNeeded)
	case !s.awaitsCall(v):
		return refuse(CodeNotWaiting)
	case v.held != 0:
		return Refusal{Code: CodeHeld, N: int64(v.held)}
	}
	q := s.queues[v.queue]
	others := len(q.line.at)
	if v.inLine {
		others--
	}
	q.line = line{at: []standing{{s.orderBy(v, v.countsFrom), v.id}}} // as if nobody else stood there
	to, ok := s.destination(&q)
	if in.Place != Outside {
		if code := s.callable(&q, in.Place); code != Accepted {
			return Refusal{Code: code, Place: in.Place, N: int64(to)}
		}
		to = in.Place
	} else if !ok {
		return refuse(CodeNoRoomAhead)
	}
	s.emit(&Fact{Kind: Called, Visit: v.id, Place: to, Reason: in.Reason, N: int64(others)})
	return Refusal{}
}

// callable says why the first of a queue cannot be called to a place, if so.
func (s *State) callable(q *queue, to PlaceID) RefusalCode {
	p, i := &s.places[to], slices.Index(q.places, to)
	way := *q
	way.places = nil
	switch {
	case i < 0 || q.accepted>>i&1 == 0:
		return CodeNotItsLane
	case p.directions>>q.direction&1 == 0 || !s.admitting(p):
		return CodeNotOpen
	case !s.room(to, q.direction) || p.contested && s.kept(to, q):
		return CodeNoRoomAhead
	}
	if _, free := s.destination(&way); !free {
		return CodeNoRoomAhead
	}
	return Accepted
}

// awaitsCall reports whether a visit waits in a place from which drivers are
// called to the place of work that comes next.
func (s *State) awaitsCall(v *visit) bool {
	if v.phase != PhaseWaiting || !s.places[v.place].Pager || !s.headOfFile(v) {
		return false
	}
	to, _ := v.heading()
	return to < len(v.plan.kinds) && v.plan.kinds[to].Work()
}
