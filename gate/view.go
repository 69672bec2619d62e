package gate

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"landport/border"
)

// Visit is what can be seen of a visit that is announced or present.
type Visit struct {
	ID         VisitID
	Parent     VisitID // a passenger's coach, or the outward visit of a return leg
	Traits     border.Traits
	Direction  Direction
	Procedure  ProcedureID
	Phase      Phase
	Place      PlaceID
	Target     PlaceID // called to, or reserved beyond the way it is on
	Stop       StopID
	Server     uint8
	Leg, Step  int
	ArrivedAt  border.Time
	Since      border.Time // start of the phase
	CountsFrom border.Time // its instant in line
	Slot       border.Time // booked; 0 for none
	Need, Done FormalitySet
	Held       FormalitySet
	Unready    bool
	Passenger  bool
	HandedOver bool
	Awaiting   int // passengers not yet back
}

func (v *visit) view() Visit {
	out := Visit{
		ID: v.id, Parent: v.parent, Traits: v.traits, Direction: v.direction, Procedure: v.procedure,
		Phase: v.phase, Place: v.place, Target: v.target, Stop: v.stop, Server: v.server,
		Leg: int(v.leg), Step: int(v.step), ArrivedAt: v.arrivedAt, Since: v.since, CountsFrom: v.countsFrom,
		Need: v.need, Done: v.done, Held: v.held, Unready: v.unready, Passenger: v.child,
		HandedOver: v.passed&passedHandOver != 0, Awaiting: int(v.awaiting),
	}
	if !v.reserved {
		out.Target = Outside
	}
	if v.booked {
		out.Slot = v.slotStart
	}
	return out
}

// Layout returns the layout the State is built on.
func (s *State) Layout() *Layout { return s.layout }

// Now returns the instant of the latest fact.
func (s *State) Now() border.Time { return s.now }

// Counts returns the totals since the State began.
func (s *State) Counts() Counts { return s.counts }

// Visit returns the visit announced or present under an id.
func (s *State) Visit(id VisitID) (Visit, bool) {
	v := s.find(id)
	if v == nil {
		return Visit{}, false
	}
	return v.view(), true
}

// Present yields every visit announced or present, by slot.
func (s *State) Present(yield func(Visit) bool) {
	for i := range s.visits {
		if s.visits[i].id != 0 && !yield(s.visits[i].view()) {
			return
		}
	}
}

// In yields the visits in a place in order of entry.
func (s *State) In(id PlaceID) func(yield func(Visit) bool) {
	return func(yield func(Visit) bool) {
		for i := s.places[id].head; i >= 0; i = s.visits[i].next {
			if !yield(s.visits[i].view()) {
				return
			}
		}
	}
}

// Behind returns who, of the same direction, stands behind a visit in single
// file, in their order.
func (s *State) Behind(id VisitID) (behind []VisitID) {
	v := s.find(id)
	if v == nil || v.place == Outside || !s.places[v.place].SingleFile {
		return nil
	}
	for i := v.next; i >= 0; i = s.visits[i].next {
		if s.visits[i].direction == v.direction {
			behind = append(behind, s.visits[i].id)
		}
	}
	return behind
}

// Occupancy returns how many of a direction are in a place, and for how many
// more room is reserved.
func (s *State) Occupancy(id PlaceID, d Direction) (inside, reserved int) {
	return int(s.places[id].inside[d]), int(s.places[id].reserved[d])
}

// Capacity returns how many vehicles a place takes now; 0 is unbounded.
func (s *State) Capacity(id PlaceID) int { return int(s.places[id].capacity) }

// Accepts returns what traffic a place takes now.
func (s *State) Accepts(id PlaceID) border.Predicate { return s.places[id].accepts }

// LaneOpen returns whether a place admits at all, and its directions as a bit
// set; while it drains before it turns, turning is the direction it turns to as
// such a set, else 0.
func (s *State) LaneOpen(id PlaceID) (open bool, directions, turning uint8) {
	p := &s.places[id]
	if p.turning != 0 {
		turning = 1 << (p.turning - 1)
	}
	return p.open, p.directions, turning
}

// Level returns Closed, Finishing or Admitting, with closures by order.
func (s *State) Level(o OpeningID) int { return s.level(o) }

// OpeningUntil returns when the hours next change.
func (s *State) OpeningUntil(o OpeningID) border.Time { return s.openings[o].until }

// OnDuty returns how many servers a stop has on duty and how many are at work:
// officers who finish after their shift can make them more.
func (s *State) OnDuty(id StopID) (servers, busy int) {
	return int(s.stops[id].onDuty()), bits.OnesCount64(s.stops[id].busy)
}

// Line returns how many visits stand in line at a stop.
func (s *State) Line(id StopID) int { return len(s.stops[id].line.at) }

// Suspended reports whether a procedure is suspended.
func (s *State) Suspended(id ProcedureID) bool { return s.suspended[id] }

// PolicyInForce returns the index of the policy in Layout.Policies.
func (s *State) PolicyInForce() int { return s.policy }

// Bookings returns how many have booked the slot an instant lies in, and how
// many it takes with overbooking.
func (s *State) Bookings(at border.Time, d Direction) (booked, limit int) {
	slots := &s.rules.Slots
	if slots.Length == 0 {
		return 0, 0
	}
	return int(s.bookings(s.slotStart(at), d)), int(slots.limit())
}

// Things yields the things a visit has, latest first.
func (s *State) Things(id VisitID) func(yield func(ThingID) bool) {
	return func(yield func(ThingID) bool) {
		v := s.find(id)
		if v == nil {
			return
		}
		for t := v.things; t != 0; t = s.things[t].next {
			if !yield(t) {
				return
			}
		}
	}
}

// KnowsThing reports whether a thing was ever linked to a visit.
func (s *State) KnowsThing(id ThingID) bool { return id != 0 && int(id) < len(s.things) }

// Digest is a hash of everything future decisions depend on. Two States that
// went through the same facts have the same digest.
func (s *State) Digest() [32]byte {
	d := digester{make([]byte, 0, 4096+384*len(s.visits))}
	d.put(int64(s.now), int64(s.serial), int64(s.policy), int64(s.calendarAt), int64(len(s.visits)))
	c := &s.counts
	d.put(c.Announced, c.Booked, c.Rebooked, c.Kept, c.Unbooked, c.NoShows, c.Arrived, c.Removed, c.TurnedBack, c.Cancelled, c.Boarded, c.Confirmed, c.Anomalies)
	for _, slot := range s.free {
		d.put(int64(slot))
	}
	for i := range s.visits {
		if v := &s.visits[i]; v.id != 0 {
			d.visit(v)
		}
	}
	for i := range s.places {
		p := &s.places[i]
		for d1 := range p.inside {
			d.put(int64(p.inside[d1]), int64(p.reserved[d1]))
		}
		d.put(int64(p.head), int64(p.tail), int64(p.capacity), int64(p.accepts.Refused), int64(p.accepts.Required), int64(p.directions), int64(p.turning))
		d.flags(p.open)
	}
	for i := range s.stops {
		st := &s.stops[i]
		d.put(int64(st.busy), int64(st.servers), int64(st.staff), int64(st.until))
		d.line(&st.line)
	}
	for i := range s.queues {
		q := &s.queues[i]
		d.put(int64(q.accepted), int64(q.procedure), int64(q.from), int64(q.to))
		d.line(&q.line)
	}
	for i := range s.openings {
		d.put(int64(s.openings[i].level), int64(s.openings[i].until))
	}
	d.put(s.special...)
	d.flags(s.shut...)
	d.flags(s.suspended...)
	for _, c := range s.slots {
		d.put(int64(c.start), int64(c.direction), int64(c.booked))
	}
	for _, st := range s.stays {
		d.put(int64(st.visit), int64(st.until))
	}
	for _, t := range s.things {
		d.put(int64(t.kind), int64(t.visit), int64(t.place), int64(t.next))
	}
	return sha256.Sum256(d.bytes)
}

// digester gathers what is hashed, eight bytes for every number.
type digester struct{ bytes []byte }

func (d *digester) put(values ...int64) {
	for _, v := range values {
		d.bytes = binary.LittleEndian.AppendUint64(d.bytes, uint64(v))
	}
}

func (d *digester) flags(values ...bool) {
	for _, v := range values {
		if v {
			d.put(1)
		} else {
			d.put(0)
		}
	}
}

func (d *digester) line(l *line) {
	d.put(int64(len(l.at)))
	for _, e := range l.at {
		d.put(e.key, int64(e.visit))
	}
}

func (d *digester) visit(v *visit) {
	d.put(int64(v.id), int64(v.parent), int64(v.traits), int64(v.arrivedAt), int64(v.since), int64(v.countsFrom), int64(v.lineAt),
		int64(v.deadline), int64(v.slotStart), int64(v.need), int64(v.done), int64(v.held), v.key, int64(v.next), int64(v.prev),
		int64(v.class), int64(v.awaiting), int64(v.queue), int64(v.leg), int64(v.step), int64(v.to), int64(v.place), int64(v.target),
		int64(v.stop), int64(v.procedure), int64(v.direction), int64(v.phase), int64(v.passed), int64(v.said), int64(v.calls),
		int64(v.rebooked), int64(v.server), int64(v.things))
	d.flags(v.unready, v.booked, v.child, v.inLine, v.reserved)
}
