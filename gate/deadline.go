package gate

import (
	"cmp"
	"slices"

	"landport/border"
)

// deadline is an instant at which a call, a booking or a stay runs out. One
// whose visit no longer waits for that instant is passed over.
type deadline struct {
	at    border.Time
	visit VisitID
}

// deadlines is a binary heap, earliest first.
type deadlines []deadline

func (a deadline) before(b deadline) bool {
	return a.at < b.at || a.at == b.at && a.visit < b.visit
}

func (h *deadlines) push(d deadline) {
	a := append(*h, d)
	i := len(a) - 1
	for i > 0 && d.before(a[(i-1)/2]) {
		a[i] = a[(i-1)/2]
		i = (i - 1) / 2
	}
	a[i] = d
	*h = a
}

func (h *deadlines) pop() deadline {
	a := *h
	top, last := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	for i := 0; len(a) > 0; {
		c := 2*i + 1
		if c+1 < len(a) && a[c+1].before(a[c]) {
			c++
		}
		if c >= len(a) || !a[c].before(last) {
			a[i] = last
			break
		}
		a[i] = a[c]
		i = c
	}
	*h = a
	return top
}

// NextDeadline returns the instant at which a Tick is due: hours or shifts
// change, or a call, a booking or a stay runs out. border.Never is none.
func (s *State) NextDeadline() border.Time { return s.due }

// findDue works out the next deadline, and forgets those that nobody waits for.
func (s *State) findDue() border.Time {
	s.dueMoved = false
	for len(s.deadlines) > 0 && !s.stands(s.deadlines[0]) {
		s.deadlines.pop()
	}
	if len(s.deadlines) > 0 {
		return min(s.calendarAt, s.deadlines[0].at)
	}
	return s.calendarAt
}

// stands reports whether a visit still waits for a deadline.
func (s *State) stands(d deadline) bool {
	if v := s.find(d.visit); v != nil && v.deadline == d.at {
		return true
	}
	if d == s.nextStay {
		return true
	}
	i, ok := s.stayOf(d.visit)
	if !ok || s.stays[i].until != d.at {
		return false
	}
	s.nextStay = d
	return true
}

func (s *State) setDeadline(v *visit, at border.Time) {
	v.deadline = at
	s.remind(deadline{at, v.id})
}

func (s *State) remind(d deadline) {
	s.deadlines.push(d)
	s.dueMoved = true
}

func (s *State) dropDeadline(v *visit) {
	if v.deadline != 0 {
		v.deadline, s.dueMoved = 0, true
	}
}

// runDeadlines carries out, each as of its own instant and in order, everything
// due by an instant. So the facts do not depend on how often Ticks come.
func (s *State) runDeadlines(to border.Time) {
	for ; s.due <= to; s.due = s.findDue() {
		due := s.due
		s.clock = max(s.now, due)
		if s.calendarAt == due {
			s.turnCalendars(due)
		} else {
			s.runOut(s.deadlines.pop())
		}
		s.settle()
	}
}

// lookAhead returns a calendar's level and when to ask again. Calendar.At sees
// 400 days ahead; a holiday may lie beyond.
func lookAhead(c *border.Calendar, at border.Time) (level int, until border.Time) {
	level, until = c.At(at)
	if until == border.Never && len(c.Dates) > 0 {
		until = at.Add(400 * border.Day)
	}
	return level, until
}

func (s *State) turnCalendars(due border.Time) {
	for i := range s.openings {
		if s.openings[i].until == due {
			level, _ := s.openings[i].hours.At(due)
			s.emit(&Fact{Kind: HoursChanged, At: due, N: int64(i)<<8 | int64(level)})
		}
	}
	for i := range s.stops {
		if s.stops[i].until == due {
			level, _ := s.layout.Stops[i].Staff.At(due)
			s.emit(&Fact{Kind: StaffChanged, At: due, Stop: StopID(i), N: int64(level)})
		}
	}
}

func (s *State) runOut(d deadline) {
	if i, ok := s.stayOf(d.visit); ok && s.stays[i].until == d.at {
		s.emit(&Fact{Kind: Overstayed, Visit: d.visit, N: int64(d.at)})
		return
	}
	v := s.find(d.visit)
	if v == nil || v.deadline != d.at {
		return
	}
	switch {
	case v.phase == PhaseAnnounced:
		s.emit(&Fact{Kind: NoShow, Visit: v.id, Reason: BookingMissed})
	case v.phase == PhaseCalled && v.calls >= s.layout.Places[v.place].CallTries && s.layout.Places[v.place].CallTries > 0:
		s.emit(&Fact{Kind: NoShow, Visit: v.id, Place: v.place, Reason: CallMissed})
	case v.phase == PhaseCalled:
		s.emit(&Fact{Kind: CallExpired, Visit: v.id, Place: v.target, N: int64(v.calls)})
		s.wake(v)
	}
}

// stayOf returns where in stays, which are in order of visits, the one of a
// visit is, or would be.
func (s *State) stayOf(id VisitID) (i int, ok bool) {
	return slices.BinarySearchFunc(s.stays, id, func(a stay, id VisitID) int { return cmp.Compare(a.visit, id) })
}

func (s *State) dropStay(id VisitID) {
	if i, ok := s.stayOf(id); ok {
		s.stays = slices.Delete(s.stays, i, i+1)
		s.nextStay, s.dueMoved = deadline{}, true
	}
}

// slotStart returns the start of the slot an instant lies in. Slots follow each
// other from local midnight of the day the zone's clock first read.
func (s *State) slotStart(at border.Time) border.Time {
	var offset border.Time
	if zone := s.layout.Posts[0].Zone; zone != nil {
		_, seconds := at.Std(zone).Zone()
		offset = border.Time(seconds) * border.Time(border.Second)
	}
	length := border.Time(s.rules.Slots.Length)
	into := (at + offset) % length
	if into < 0 {
		into += length
	}
	return at - into
}

// findSlot returns where the bookings of a slot stand, or would.
func (s *State) findSlot(start border.Time, d Direction) (int, bool) {
	return slices.BinarySearchFunc(s.slots, slotCount{start: start, direction: d}, func(a, b slotCount) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.direction, b.direction))
	})
}

// countSlot adds to the bookings of a slot and forgets slots that are over.
func (s *State) countSlot(start border.Time, d Direction, n int32) {
	switch i, found := s.findSlot(start, d); {
	case found:
		if s.slots[i].booked += n; s.slots[i].booked <= 0 {
			s.slots = slices.Delete(s.slots, i, i+1)
		}
	case n > 0:
		s.slots = slices.Insert(s.slots, i, slotCount{start, d, n})
	}
	var longest border.Micros
	for i := range s.layout.Policies {
		longest = max(longest, s.layout.Policies[i].Slots.Length)
	}
	over := 0
	for over < len(s.slots) && s.slots[over].start.Add(longest) <= s.now {
		over++
	}
	s.slots = slices.Delete(s.slots, 0, over)
}

// bookings returns how many have booked a slot.
func (s *State) bookings(start border.Time, d Direction) int32 {
	if i, found := s.findSlot(start, d); found {
		return s.slots[i].booked
	}
	return 0
}
