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
	blocked                // done in its place, the way ahead is not free
	astray                 // where its procedure does not take it
	refused                // waiting to be taken back
)

// waits reports whether it depends on hours, officers or policy whose time it is.
func (d doing) waits() bool { return d == between || d == waiting || d == lining || d == blocked }

// stay is what is known of one visit that is present.
type stay struct {
	id      gate.VisitID
	arrived border.Time
	since   border.Time // start of the interval under way
	came    border.Time // into the area it is in
	traits  border.Traits
	spent   []spent         // by party
	parties uint64          // bit set of those whose time it spent, modulo 64
	inArea  []border.Micros // by post

	// For the collector: since when it is in the line, hold or service it is
	// in, and how long it waited there before that, or before it was called.
	asked border.Time
	stood border.Micros

	order      int64 // among those in the same place: who came into it first has the least
	held       gate.FormalitySet
	passengers int32 // not yet back aboard
	place      gate.PlaceID
	stop       gate.StopID
	procedure  gate.ProcedureID
	direction  gate.Direction
	areas      uint8 // bit set of the posts in whose area it has been
	doing      doing
	unready    bool
	passenger  bool
	measured   bool
}

// noArea is the area of the road between posts, which is nobody's.
const noArea = 255

// track follows visits by their facts and cuts each one's stay into intervals
// that belong to one party each. The parts add up to the stay exactly: every
// interval ends at the instant at which the next one starts. Whose it was is
// looked at when it ends, and not at all if it took no time.
type track struct {
	layout     *gate.Layout
	parties    parties
	hours      hours
	grounds    []ground    // by place
	outlooks   [][]outlook // by procedure, by place
	readyFirst bool        // the policy in force calls nobody whose dossier is not ready
	stays      []stay      // by slot
	entries    int64       // how often somebody came into a place
	holding    bool        // somebody was held at some time
	record     *recorder
}

// ground is what a place is to who enters it.
type ground struct {
	area  uint8 // the post whose area it is, or noArea
	doing doing
}

// outlook is what there is to wait for in a place on a procedure.
type outlook struct {
	onRoute bool
	next    []gate.PlaceID // those it waits to get into; none have hours if there are none
	dossier gate.StopID    // the first stop here that needs a ready dossier, 0 for none
}

func newTrack(l *gate.Layout, start border.Time) track {
	t := track{
		layout:     l,
		parties:    partiesOf(l),
		hours:      newHours(l, start),
		grounds:    make([]ground, len(l.Places)),
		outlooks:   make([][]outlook, len(l.Procedures)),
		readyFirst: l.Policies[0].ReadyFirst,
	}
	for i, p := range l.Places {
		g := ground{uint8(p.Post), between}
		if i == int(gate.Outside) || p.Kind == gate.NeutralZone {
			g.area = noArea
		}
		switch {
		case p.Kind.Hold():
			g.doing = waiting
		case p.Kind.Way():
			g.doing = driving
		}
		t.grounds[i] = g
	}
	for i := range l.Procedures {
		t.outlooks[i] = outlooksOf(l, &l.Procedures[i])
	}
	return t
}

// outlooksOf finds for every place of a procedure the next leg where visits stop
// or wait: work places that only referred visits enter are passed over.
func outlooksOf(l *gate.Layout, p *gate.Procedure) []outlook {
	all := make([]outlook, len(l.Places))
	var ahead []gate.PlaceID
	for leg, places := range slices.Backward(p.Legs) {
		for _, place := range places.Places {
			all[place].onRoute, all[place].next = true, ahead
		}
		switch kind := l.Places[places.Places[0]].Kind; {
		case kind.Hold():
			ahead = nil // a hold has no hours
		case kind.Work() && everybodyStops(p, leg):
			ahead = places.Places
		}
	}
	for _, step := range p.Steps {
		for i, stop := range step.Stops {
			if o := &all[p.Legs[step.Leg].Places[i]]; o.dossier == 0 && l.Stops[stop].Dossier {
				o.dossier = stop
			}
		}
	}
	return all
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
	if slot := id.Slot(); slot < len(t.stays) && id != 0 {
		if s := &t.stays[slot]; s.id == id {
			return s
		}
	}
	return nil
}

// begin starts the stay of a visit that arrives, alights or is announced.
func (t *track) begin(f *gate.Fact) *stay {
	slot := f.Visit.Slot()
	for slot >= len(t.stays) {
		t.makeRoom()
	}
	s := &t.stays[slot]
	s.forget()
	s.unready = s.id == f.Visit && s.unready // said when it was announced
	s.id, s.arrived, s.since, s.came = f.Visit, f.At, f.At, f.At
	s.traits, s.procedure, s.direction = f.Traits, f.Procedure, f.Direction
	s.held, s.passengers, s.place, s.stop, s.order = 0, 0, gate.Outside, 0, 0
	s.asked, s.stood, s.doing, s.passenger, s.measured = 0, 0, absent, false, false
	return s
}

// forget clears what the visit spent that had the slot before.
func (s *stay) forget() {
	for m := s.parties; m != 0; m &= m - 1 {
		for party := bits.TrailingZeros64(m); party < len(s.spent); party += 64 {
			s.spent[party] = spent{}
		}
	}
	for m := s.areas; m != 0; m &= m - 1 {
		s.inArea[bits.TrailingZeros8(m)] = 0
	}
	s.parties, s.areas = 0, 0
}

// makeRoom makes room for some more stays.
func (t *track) makeRoom() {
	const more = 16
	parties, posts := len(t.parties.list), len(t.layout.Posts)
	times, inArea := make([]spent, more*parties), make([]border.Micros, more*posts)
	for i := range more {
		t.stays = append(t.stays, stay{spent: times[i*parties:][:parties], inArea: inArea[i*posts:][:posts]})
	}
}

// arrive starts the stay of a visit that comes, or gets off a coach.
func (t *track) arrive(f *gate.Fact) *stay {
	if f.Kind == gate.Alighted {
		t.passenger(f.Other, f.At, 1)
	}
	s := t.begin(f)
	s.passenger = f.Kind == gate.Alighted
	t.enter(s, f.Place)
	return s
}

// add takes in a fact and returns the stay of the visit it is about, nil if
// there is none. After a fact that ends a visit its stay is complete and absent,
// and stays readable until the next fact.
func (t *track) add(f *gate.Fact) *stay {
	switch f.Kind {
	case gate.Announced:
		return t.begin(f)
	case gate.Arrived, gate.Alighted:
		return t.arrive(f)
	}
	s := t.find(f.Visit)
	if s == nil {
		t.rule(f)
		return nil
	}
	t.close(s, f.At)
	t.change(s, f)
	return s
}

// change carries out a fact about a visit whose last interval has been closed.
func (t *track) change(s *stay, f *gate.Fact) {
	switch f.Kind {
	case gate.Called:
		s.doing = called
	case gate.CallExpired, gate.CallWithdrawn:
		s.doing = waiting
	case gate.Entered, gate.Moved, gate.Departed, gate.Relocated:
		t.enter(s, f.Place)
	case gate.Strayed:
		t.enter(s, f.Place)
		if !t.outlook(s).onRoute {
			s.doing = astray
		}
	case gate.FellBack:
		s.procedure = f.Procedure
		t.enter(s, s.place)
	case gate.Joined:
		s.doing, s.stop = lining, f.Stop
	case gate.ServiceStarted:
		s.doing, s.stop = inService, f.Stop
	case gate.Reached, gate.ServiceEnded, gate.Interrupted:
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
		t.hold(s, s.held|f.Formalities)
		if s.doing == lining {
			s.doing = between
		}
	case gate.Unheld:
		t.hold(s, s.held&^f.Formalities)
	case gate.Corrected:
		s.traits = f.Traits
	case gate.Removed, gate.Boarded, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		t.end(s, f)
	}
}

// rule takes in a fact about what holds for all who wait. Their intervals end
// before it does, so that each is wholly open or wholly closed.
func (t *track) rule(f *gate.Fact) {
	if f.Kind != gate.PolicySet && !t.hours.changes(f) {
		return
	}
	for i := range t.stays {
		if s := &t.stays[i]; s.doing.waits() {
			t.close(s, f.At)
		}
	}
	if f.Kind == gate.PolicySet {
		t.readyFirst = t.layout.Policies[f.N].ReadyFirst
	}
	t.hours.add(f)
}

// passenger counts somebody out of a coach, or back aboard.
func (t *track) passenger(coach gate.VisitID, at border.Time, n int32) {
	if s := t.find(coach); s != nil && s.doing != absent {
		t.close(s, at)
		s.passengers += n
	}
}

// hold puts holds on a visit, or lifts them.
func (t *track) hold(s *stay, held gate.FormalitySet) {
	t.closeBehind(s)
	s.held = held
	t.holding = t.holding || held != 0
}

// closeBehind ends the intervals of those who stand blocked behind a visit in
// single file, before it is held there, or no longer.
func (t *track) closeBehind(s *stay) {
	if !t.layout.Places[s.place].SingleFile {
		return
	}
	for i := range t.stays {
		if b := &t.stays[i]; b.doing == blocked && s.before(b) {
			t.close(b, s.since)
		}
	}
}

// before reports whether a visit stands before another in one file.
func (s *stay) before(b *stay) bool {
	return s.place == b.place && s.direction == b.direction && s.order < b.order
}

// heldBefore returns a visit that is held and that another cannot pass in single
// file, the one nearest to it; nil if there is none.
func (t *track) heldBefore(b *stay) (nearest *stay) {
	if !t.holding || !t.layout.Places[b.place].SingleFile {
		return nil
	}
	for i := range t.stays {
		if s := &t.stays[i]; s.held != 0 && s.doing != absent && s.before(b) && (nearest == nil || nearest.before(s)) {
			nearest = s
		}
	}
	return nearest
}

// enter puts a visit into a place.
func (t *track) enter(s *stay, place gate.PlaceID) {
	if place != s.place {
		if s.held != 0 {
			t.closeBehind(s)
		}
		t.entries++
		s.order = t.entries
	}
	g := t.grounds[place]
	if g.area != t.grounds[s.place].area {
		t.leaveArea(s)
	}
	s.place, s.stop, s.doing = place, 0, g.doing
}

// end makes a visit's stay complete.
func (t *track) end(s *stay, f *gate.Fact) {
	if f.Kind == gate.Boarded {
		t.passenger(f.Other, f.At, -1)
	}
	t.leaveArea(s)
	if s.held != 0 {
		t.hold(s, 0)
	}
	s.doing = absent
}

// leaveArea books the time that a visit has been in the area of a post.
func (t *track) leaveArea(s *stay) {
	if area := t.grounds[s.place].area; area != noArea {
		s.areas |= 1 << area
		s.inArea[area] += s.since.Sub(s.came)
	}
	s.came = s.since
}

// outlook is that of the place where a visit is.
func (t *track) outlook(s *stay) *outlook { return &t.outlooks[s.procedure][s.place] }

// close ends the interval under way.
func (t *track) close(s *stay, at border.Time) {
	if at > s.since {
		t.book(s, at)
	}
}

// book counts the interval under way for whose it was.
func (t *track) book(s *stay, at border.Time) {
	party, how := t.whose(s)
	s.spent[party][how] += at.Sub(s.since)
	s.parties |= 1 << (party & 63)
	if t.record != nil {
		t.record.add(t, s, at, party, how)
	}
	s.since = at
}
