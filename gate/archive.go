package gate

import "landport/border/archive"

// archiveVersion is the version of the format below. Another is not read: the
// facts are always there to make the State anew.
const archiveVersion = 2

// AppendArchive appends everything that future decisions depend on, for
// RestoreState on the same layout.
func (s *State) AppendArchive(b []byte) []byte {
	a := archive.Append(b, archiveVersion)
	s.archive(a)
	b, _ = a.Close() // writing never fails
	return b
}

// RestoreState returns the State that AppendArchive wrote. l must be the layout
// that one was built on, compiled.
func RestoreState(l *Layout, archived []byte) (*State, error) {
	s := NewState(l, 0)
	a := archive.Read(archived, archiveVersion)
	s.archive(a)
	if _, err := a.Close(); err != nil {
		return nil, err
	}
	s.rules = &l.Policies[s.policy]
	for _, h := range s.HoursSet() {
		if int(h.Opening) >= len(s.openings) || s.openings[h.Opening].hours == nil {
			return nil, archive.ErrOther
		}
		s.readHours(h.Opening)
	}
	for i := range s.visits {
		v := &s.visits[i]
		v.plan = &l.plans[v.procedure]
		if v.id != 0 {
			s.wake(v)
		}
	}
	for i := range s.places {
		s.noteAdmission(PlaceID(i))
		s.markPlace(PlaceID(i))
	}
	for i := range s.stops {
		s.markStop(StopID(i))
	}
	s.due = s.findDue()
	return s, nil
}

func (s *State) archive(a *archive.Archive) {
	archive.Int(a, &s.now)
	archive.Int(a, &s.serial)
	archive.Int(a, &s.policy)
	archive.Int(a, &s.calendarAt)
	archive.List(a, &s.visits, func(v *visit) { v.archive(a) })
	archive.List(a, &s.free, func(slot *uint32) { archive.Int(a, slot) })
	archive.Fixed(a, s.places, func(p *placeState) { p.archive(a) })
	archive.Fixed(a, s.stops, func(st *stopState) {
		st.line.archive(a)
		archive.Int(a, &st.busy)
		archive.Int(a, &st.busyN)
		archive.Int(a, &st.servers)
		archive.Int(a, &st.staff)
		archive.Int(a, &st.until)
	})
	archive.Fixed(a, s.openings, func(o *openingState) { archive.Int(a, &o.level); archive.Int(a, &o.until) })
	archive.List(a, &s.special, func(n *int64) { archive.Int(a, n) })
	archive.Fixed(a, s.shut, func(shut *bool) { a.Flags(shut) })
	archive.Fixed(a, s.suspended, func(suspended *bool) { a.Flags(suspended) })
	archive.List(a, &s.queues, func(q *queue) { q.archive(a) })
	archive.Fixed(a, s.index, func(queues *[]int16) { archive.List(a, queues, func(q *int16) { archive.Int(a, q) }) })
	archive.List(a, (*[]deadline)(&s.deadlines), func(d *deadline) { archive.Int(a, &d.at); archive.Int(a, &d.visit) })
	archive.Int(a, &s.nextStay.at)
	archive.Int(a, &s.nextStay.visit)
	archive.List(a, &s.slots, func(c *slotCount) { archive.Int(a, &c.start); archive.Int(a, &c.direction); archive.Int(a, &c.booked) })
	archive.List(a, &s.stays, func(st *stay) { archive.Int(a, &st.visit); archive.Int(a, &st.until) })
	archive.List(a, &s.things, func(t *thing) {
		archive.Int(a, &t.kind)
		archive.Int(a, &t.visit)
		archive.Int(a, &t.place)
		archive.Int(a, &t.next)
	})
	c := &s.counts
	for _, n := range []*int64{
		&c.Announced, &c.Booked, &c.Rebooked, &c.Kept, &c.Unbooked, &c.NoShows, &c.Arrived,
		&c.Removed, &c.TurnedBack, &c.Cancelled, &c.Boarded, &c.Confirmed, &c.Anomalies,
	} {
		archive.Int(a, n)
	}
}

func (v *visit) archive(a *archive.Archive) {
	archive.Int(a, &v.id)
	archive.Int(a, &v.parent)
	archive.Int(a, &v.traits)
	archive.Int(a, &v.arrivedAt)
	archive.Int(a, &v.since)
	archive.Int(a, &v.countsFrom)
	archive.Int(a, &v.lineAt)
	archive.Int(a, &v.deadline)
	archive.Int(a, &v.slotStart)
	archive.Int(a, &v.need)
	archive.Int(a, &v.done)
	archive.Int(a, &v.held)
	archive.Int(a, &v.key)
	archive.Int(a, &v.next)
	archive.Int(a, &v.prev)
	archive.Int(a, &v.class)
	archive.Int(a, &v.awaiting)
	archive.Int(a, &v.queue)
	archive.Int(a, &v.leg)
	archive.Int(a, &v.step)
	archive.Int(a, &v.to)
	archive.Int(a, &v.place)
	archive.Int(a, &v.target)
	archive.Int(a, &v.stop)
	archive.Int(a, &v.procedure)
	archive.Int(a, &v.direction)
	archive.Int(a, &v.phase)
	archive.Int(a, &v.passed)
	archive.Int(a, &v.said)
	archive.Int(a, &v.calls)
	archive.Int(a, &v.rebooked)
	archive.Int(a, &v.server)
	archive.Int(a, &v.things)
	a.Flags(&v.unready, &v.booked, &v.child, &v.inLine, &v.reserved)
}

func (p *placeState) archive(a *archive.Archive) {
	for d := range p.inside {
		archive.Int(a, &p.inside[d])
		archive.Int(a, &p.reserved[d])
	}
	archive.Int(a, &p.head)
	archive.Int(a, &p.tail)
	archive.Int(a, &p.capacity)
	archive.Int(a, &p.accepts.Refused)
	archive.Int(a, &p.accepts.Required)
	archive.Int(a, &p.directions)
	archive.Int(a, &p.turning)
	archive.Int(a, &p.total)
	archive.Int(a, &p.full)
	a.Flags(&p.open, &p.contested)
	archive.List(a, &p.feeds, func(f *feed) { archive.Int(a, &f.queue); archive.Int(a, &f.alternative) })
}

func (q *queue) archive(a *archive.Archive) {
	q.line.archive(a)
	archive.Int(a, &q.accepted)
	archive.Int(a, &q.full)
	archive.List(a, &q.places, func(p *PlaceID) { archive.Int(a, p) })
	archive.List(a, &q.ways, func(p *PlaceID) { archive.Int(a, p) })
	archive.Int(a, &q.procedure)
	archive.Int(a, &q.direction)
	archive.Int(a, &q.from)
	archive.Int(a, &q.to)
}

func (l *line) archive(a *archive.Archive) {
	archive.List(a, &l.at, func(e *standing) { archive.Int(a, &e.key); archive.Int(a, &e.visit) })
	if a.Reading() {
		l.room = l.at
	}
}
