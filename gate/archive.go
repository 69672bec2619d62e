package gate

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// archiveVersion is the version of the format below. Another is not read: the
// facts are always there to make the State anew.
const archiveVersion = 1

// AppendArchive appends everything that future decisions depend on, for
// RestoreState on the same layout.
func (s *State) AppendArchive(b []byte) []byte {
	a := archive{bytes: b}
	s.archive(&a)
	return a.bytes
}

// RestoreState returns the State that AppendArchive wrote. l must be the layout
// that one was built on, compiled.
func RestoreState(l *Layout, archived []byte) (*State, error) {
	s := NewState(l, 0)
	a := archive{bytes: archived, reading: true}
	s.archive(&a)
	switch {
	case a.err != nil:
		return nil, a.err
	case len(a.bytes) > 0:
		return nil, fmt.Errorf("the archived state has %d bytes too many", len(a.bytes))
	}
	s.rules = &l.Policies[s.policy]
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

// archive writes values one after the other, or reads them back in the same
// order, so that one list of fields serves both.
type archive struct {
	bytes   []byte
	reading bool
	err     error
}

var errArchiveShort = errors.New("the archived state is cut off")

// number writes or reads an integer.
func number[T ~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64](a *archive, v *T) {
	if !a.reading {
		a.bytes = binary.AppendVarint(a.bytes, int64(*v))
		return
	}
	x, n := binary.Varint(a.bytes)
	if n <= 0 {
		a.err, a.bytes = errArchiveShort, nil
		return
	}
	*v, a.bytes = T(x), a.bytes[n:]
}

func (a *archive) flags(values ...*bool) {
	for _, v := range values {
		n := int8(0)
		if *v {
			n = 1
		}
		number(a, &n)
		*v = n != 0
	}
}

// list writes or reads a list whose length is its own.
func list[T any](a *archive, values *[]T, each func(*T)) {
	n := len(*values)
	number(a, &n)
	if a.reading {
		if n < 0 || n > len(a.bytes) { // every element takes a byte at least
			a.err, a.bytes = errArchiveShort, nil
			return
		}
		*values = make([]T, n)
	}
	for i := range *values {
		if a.err != nil {
			return
		}
		each(&(*values)[i])
	}
}

// fixed writes or reads a list that the layout has made.
func fixed[T any](a *archive, values []T, each func(*T)) {
	n := len(values)
	number(a, &n)
	if n != len(values) {
		a.err, a.bytes = fmt.Errorf("the archived state is of another layout: %d where this one has %d", n, len(values)), nil
		return
	}
	for i := range values {
		each(&values[i])
	}
}

func (s *State) archive(a *archive) {
	version := archiveVersion
	if number(a, &version); version != archiveVersion {
		a.err, a.bytes = fmt.Errorf("the archived state is of version %d; this program reads %d", version, archiveVersion), nil
		return
	}
	number(a, &s.now)
	number(a, &s.serial)
	number(a, &s.policy)
	number(a, &s.calendarAt)
	list(a, &s.visits, func(v *visit) { v.archive(a) })
	list(a, &s.free, func(slot *uint32) { number(a, slot) })
	fixed(a, s.places, func(p *placeState) { p.archive(a) })
	fixed(a, s.stops, func(st *stopState) {
		st.line.archive(a)
		number(a, &st.busy)
		number(a, &st.busyN)
		number(a, &st.servers)
		number(a, &st.staff)
		number(a, &st.until)
	})
	fixed(a, s.openings, func(o *openingState) { number(a, &o.level); number(a, &o.until) })
	fixed(a, s.shut, func(shut *bool) { a.flags(shut) })
	fixed(a, s.suspended, func(suspended *bool) { a.flags(suspended) })
	list(a, &s.queues, func(q *queue) { q.archive(a) })
	fixed(a, s.index, func(queues *[]int16) { list(a, queues, func(q *int16) { number(a, q) }) })
	list(a, (*[]deadline)(&s.deadlines), func(d *deadline) { number(a, &d.at); number(a, &d.visit) })
	number(a, &s.nextStay.at)
	number(a, &s.nextStay.visit)
	list(a, &s.slots, func(c *slotCount) { number(a, &c.start); number(a, &c.direction); number(a, &c.booked) })
	list(a, &s.stays, func(st *stay) { number(a, &st.visit); number(a, &st.until) })
	list(a, &s.things, func(t *thing) { number(a, &t.kind); number(a, &t.visit); number(a, &t.place); number(a, &t.next) })
	c := &s.counts
	for _, n := range []*int64{
		&c.Announced, &c.Booked, &c.Rebooked, &c.Kept, &c.Unbooked, &c.NoShows, &c.Arrived,
		&c.Removed, &c.TurnedBack, &c.Cancelled, &c.Boarded, &c.Confirmed, &c.Anomalies,
	} {
		number(a, n)
	}
}

func (v *visit) archive(a *archive) {
	number(a, &v.id)
	number(a, &v.parent)
	number(a, &v.traits)
	number(a, &v.arrivedAt)
	number(a, &v.since)
	number(a, &v.countsFrom)
	number(a, &v.lineAt)
	number(a, &v.deadline)
	number(a, &v.slotStart)
	number(a, &v.need)
	number(a, &v.done)
	number(a, &v.held)
	number(a, &v.key)
	number(a, &v.next)
	number(a, &v.prev)
	number(a, &v.class)
	number(a, &v.awaiting)
	number(a, &v.queue)
	number(a, &v.leg)
	number(a, &v.step)
	number(a, &v.to)
	number(a, &v.place)
	number(a, &v.target)
	number(a, &v.stop)
	number(a, &v.procedure)
	number(a, &v.direction)
	number(a, &v.phase)
	number(a, &v.passed)
	number(a, &v.said)
	number(a, &v.calls)
	number(a, &v.rebooked)
	number(a, &v.server)
	number(a, &v.things)
	a.flags(&v.unready, &v.booked, &v.child, &v.inLine, &v.reserved)
}

func (p *placeState) archive(a *archive) {
	for d := range p.inside {
		number(a, &p.inside[d])
		number(a, &p.reserved[d])
	}
	number(a, &p.head)
	number(a, &p.tail)
	number(a, &p.capacity)
	number(a, &p.accepts.Refused)
	number(a, &p.accepts.Required)
	number(a, &p.directions)
	number(a, &p.turning)
	number(a, &p.total)
	number(a, &p.full)
	a.flags(&p.open, &p.contested)
	list(a, &p.feeds, func(f *feed) { number(a, &f.queue); number(a, &f.alternative) })
}

func (q *queue) archive(a *archive) {
	q.line.archive(a)
	number(a, &q.accepted)
	number(a, &q.full)
	list(a, &q.places, func(p *PlaceID) { number(a, p) })
	list(a, &q.ways, func(p *PlaceID) { number(a, p) })
	number(a, &q.procedure)
	number(a, &q.direction)
	number(a, &q.from)
	number(a, &q.to)
}

func (l *line) archive(a *archive) {
	list(a, &l.at, func(e *standing) { number(a, &e.key); number(a, &e.visit) })
	if a.reading {
		l.room = l.at
	}
}
