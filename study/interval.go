package study

import (
	"math/bits"
	"slices"

	"landport/border"
	"landport/gate"
)

// doing says what a visit is doing, as far as it decides whose time it is.
type doing uint8

const (
	absent    doing = iota // announced, or gone
	between                // in a place, neither in a line nor served
	waiting                // in a hold, for the next leg
	called                 // in a hold, told to drive forward
	driving                // on a way
	lining                 // in line at a stop
	inService              // a server has it
	blocked                // done in its place, no room ahead
	astray                 // where its procedure does not take it
	refused                // waiting to be taken back
)

// active reports whether something is done with the visit, rather than waited for.
func (d doing) active() bool { return d == inService || d == driving || d == called }

// stay is what is known of one visit that is present.
type stay struct {
	id      gate.VisitID
	arrived border.Time
	since   border.Time   // start of the interval under way
	came    border.Time   // into the area it is in
	closed  border.Micros // what its clock read then
	traits  border.Traits
	held    gate.FormalitySet
	spent   []spent         // by party, zero but for those of the bit set parties
	inArea  []border.Micros // by post, zero but for those of the bit set areas
	parties uint64
	areas   uint8

	// For the collector: since when it is in the line, hold or service it is
	// in, how long it stood in line here before that, and since when called.
	asked    border.Time
	stood    border.Micros
	calledAt border.Time

	place      gate.PlaceID
	stop       gate.StopID
	clock      clockID
	passengers int // not yet back aboard
	procedure  gate.ProcedureID
	direction  gate.Direction
	party      partyID // of the interval under way
	active     bool    // something is done with it, rather than waited for
	doing      doing
	unready    bool
	passenger  bool
	measured   bool
}

// noArea is the area of the road between posts, which is nobody's.
const noArea = 255

// track follows visits by their facts and cuts each one's stay into intervals
// that belong to one party each. The parts add up to the stay exactly: every
// interval ends at the instant at which the next one starts.
type track struct {
	layout     *gate.Layout
	parties    parties
	hours      hours
	area       []uint8  // by place: the post whose area it is, or noArea
	next       [][]int8 // by procedure, by place: the leg it waits for; -1 for none with hours
	readyFirst bool     // the policy in force calls nobody whose dossier is not ready
	stays      []stay   // by slot
	record     *recorder
}

// spent is time of a visit by whether something was done with it.
type spent struct{ waiting, active border.Micros }

func newTrack(l *gate.Layout, start border.Time) track {
	t := track{
		layout:     l,
		parties:    partiesOf(l),
		hours:      newHours(l, start),
		area:       make([]uint8, len(l.Places)),
		next:       make([][]int8, len(l.Procedures)),
		readyFirst: l.Policies[0].ReadyFirst,
	}
	for i, p := range l.Places {
		t.area[i] = uint8(p.Post)
		if i == int(gate.Outside) || p.Kind == gate.NeutralZone {
			t.area[i] = noArea
		}
	}
	for i := range l.Procedures {
		t.next[i] = nextLegs(l, &l.Procedures[i])
	}
	return t
}

// nextLegs finds for every place of a procedure the next leg where visits stop
// or wait: work places that only referred visits enter are passed over.
func nextLegs(l *gate.Layout, p *gate.Procedure) []int8 {
	next := make([]int8, len(l.Places))
	ahead := int8(-1)
	for i := range next {
		next[i] = -1
	}
	for leg, places := range slices.Backward(p.Legs) {
		for _, place := range places.Places {
			next[place] = ahead
		}
		switch kind := l.Places[places.Places[0]].Kind; {
		case kind.Hold():
			ahead = -1 // a hold has no hours
		case kind.Work() && everybodyStops(p, leg):
			ahead = int8(leg)
		}
	}
	return next
}

func everybodyStops(p *gate.Procedure, leg int) bool {
	for _, step := range p.Steps {
		if step.Leg == leg && !step.OnReferral && !step.Rejoin {
			return true
		}
	}
	return false
}

// find returns the stay of a visit that is known, or nil.
func (t *track) find(id gate.VisitID) *stay {
	if slot := id.Slot(); id != 0 && slot < len(t.stays) && t.stays[slot].id == id {
		return &t.stays[slot]
	}
	return nil
}

// reset forgets the visit whose stay it was and keeps the memory.
func (s *stay) reset() {
	for parties := s.parties; parties != 0; parties &= parties - 1 {
		s.spent[bits.TrailingZeros64(parties)] = spent{}
	}
	for areas := s.areas; areas != 0; areas &= areas - 1 {
		s.inArea[bits.TrailingZeros8(areas)] = 0
	}
	*s = stay{spent: s.spent, inArea: s.inArea}
}

// begin starts the stay of a visit that arrives, alights or is announced.
func (t *track) begin(f *gate.Fact) *stay {
	slot := f.Visit.Slot()
	for slot >= len(t.stays) {
		t.stays = append(t.stays, stay{
			spent: make([]spent, len(t.parties.list)), inArea: make([]border.Micros, len(t.layout.Posts)),
		})
	}
	s := &t.stays[slot]
	unready := s.id == f.Visit && s.unready // said when it was announced
	s.reset()
	s.id, s.arrived, s.since, s.came, s.unready = f.Visit, f.At, f.At, f.At, unready
	s.traits, s.procedure, s.direction = f.Traits, f.Procedure, f.Direction
	return s
}

// add takes in a fact and returns the stay of the visit it is about, nil if
// there is none. After a fact that ends a visit its stay is complete and absent,
// and stays readable until the next fact.
func (t *track) add(f *gate.Fact) *stay {
	switch f.Kind {
	case gate.Announced:
		return t.begin(f)
	case gate.Arrived:
		s := t.begin(f)
		t.enter(s, f.Place)
		t.open(s, f.At)
		return s
	case gate.Alighted:
		t.passenger(f.Other, f.At, 1)
		s := t.begin(f)
		s.passenger = true
		t.enter(s, f.Place)
		t.open(s, f.At)
		return s
	case gate.PolicySet:
		t.readyFirst = t.layout.Policies[f.N].ReadyFirst
		t.turn(f.At)
		return nil
	}
	if s := t.find(f.Visit); s != nil {
		t.apply(s, f)
		return s
	}
	if t.hours.add(f) && t.record != nil {
		t.turn(f.At) // so that a recorded interval is wholly open or wholly closed
	}
	return nil
}

// apply takes in a fact about the visit of a stay. Services, the most of all
// facts, need no looking up whose time they are.
func (t *track) apply(s *stay, f *gate.Fact) {
	if s.since != f.At {
		t.close(s, f.At)
	}
	switch {
	case f.Kind == gate.ServiceStarted:
		s.doing, s.stop = inService, f.Stop
		s.party, s.active, s.clock = t.parties.ofStop[f.Stop], true, neverClosed
	case f.Kind == gate.ServiceEnded && s.held == 0 && s.passengers == 0 && !s.unready:
		s.doing = between
		s.party, s.active, s.clock = partyID(Operator), false, neverClosed
	default:
		t.change(s, f)
		if s.doing != absent {
			t.open(s, f.At)
		}
	}
}

// change carries out a fact about a visit.
func (t *track) change(s *stay, f *gate.Fact) {
	switch f.Kind {
	case gate.Called:
		s.doing = called
	case gate.CallExpired:
		s.doing = waiting
	case gate.Entered, gate.Moved, gate.Departed, gate.Relocated:
		t.enter(s, f.Place)
	case gate.Strayed:
		t.enter(s, f.Place)
		if t.offRoute(s) {
			s.doing = astray
		}
	case gate.Reached:
		s.doing = between
	case gate.Joined:
		s.doing, s.stop = lining, f.Stop
	case gate.ServiceEnded, gate.Interrupted:
		s.doing = between
	case gate.Blocked:
		s.doing = blocked
	case gate.Refused:
		s.doing = refused
	case gate.Ready:
		s.unready = false
	case gate.Unready:
		s.unready = true
		if s.doing == lining && t.layout.Stops[s.stop].Dossier {
			s.doing = between
		}
	case gate.Held:
		s.held |= f.Formalities
		if s.doing == lining {
			s.doing = between
		}
	case gate.Unheld:
		s.held &^= f.Formalities
	case gate.FellBack:
		s.procedure = f.Procedure
		t.enter(s, s.place)
	case gate.Corrected:
		s.traits = f.Traits
	case gate.Boarded:
		t.passenger(f.Other, f.At, -1)
		t.leaveArea(s)
		s.doing = absent
	case gate.Removed, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		t.leaveArea(s)
		s.doing = absent
	}
}

// passenger counts somebody out of a coach, or back aboard.
func (t *track) passenger(coach gate.VisitID, at border.Time, n int) {
	if s := t.find(coach); s != nil && s.doing != absent {
		t.close(s, at)
		s.passengers += n
		t.open(s, at)
	}
}

// enter puts a visit into a place.
func (t *track) enter(s *stay, place gate.PlaceID) {
	if t.area[place] != t.area[s.place] {
		t.leaveArea(s)
	}
	s.place, s.stop = place, 0
	switch kind := t.layout.Places[place].Kind; {
	case kind.Hold():
		s.doing = waiting
	case kind.Way():
		s.doing = driving
	default:
		s.doing = between
	}
}

// leaveArea books the time that a visit has been in the area of a post.
func (t *track) leaveArea(s *stay) {
	if area := t.area[s.place]; area != noArea {
		s.areas |= 1 << area
		s.inArea[area] += s.since.Sub(s.came)
	}
	s.came = s.since
}

func (t *track) offRoute(s *stay) bool {
	for _, leg := range t.layout.Procedures[s.procedure].Legs {
		if slices.Contains(leg.Places, s.place) {
			return false
		}
	}
	return true
}

// open begins the next interval, whoever's it is.
func (t *track) open(s *stay, at border.Time) {
	s.party, s.clock = t.whose(s, at)
	s.active = s.doing.active()
	if s.clock != neverClosed {
		s.closed = t.hours.clocks[s.clock].at(at)
	}
}

// turn ends every interval under way and begins the next.
func (t *track) turn(at border.Time) {
	for i := range t.stays {
		if s := &t.stays[i]; s.doing != absent {
			t.close(s, at)
			t.open(s, at)
		}
	}
}

// close books what has passed of the interval under way.
func (t *track) close(s *stay, at border.Time) {
	d := at.Sub(s.since)
	if d <= 0 || s.doing == absent {
		return
	}
	shut := border.Micros(0)
	if s.clock != neverClosed {
		now := t.hours.clocks[s.clock].at(at)
		if shut = now - s.closed; shut > 0 {
			s.closed = now
			s.spent[ClosedHours].waiting += shut
			s.parties |= 1 << ClosedHours
		}
	}
	s.parties |= 1 << s.party
	if p := &s.spent[s.party]; s.active {
		p.active += d - shut
	} else {
		p.waiting += d - shut
	}
	if t.record != nil {
		t.record.add(t, s, at, shut == d)
	}
	s.since = at
}
