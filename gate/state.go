package gate

import (
	"landport/border"
)

// Phase is what a visit is doing.
type Phase uint8

// Phases of a visit.
const (
	PhaseEnded Phase = iota
	PhaseAnnounced
	PhaseWaiting            // in a hold, for the next leg
	PhaseCalled             // in a hold, told to drive forward
	PhaseDriving            // on a way
	PhaseWayEnd             // at the end of a way, about to go on
	PhaseAtStop             // at a stop, in line for a server
	PhaseInService          // a server has it
	PhaseAwaitingDossier    // at a stop that needs a ready dossier
	PhaseAwaitingPassengers // a coach whose passengers are being cleared
	PhaseDone               // nothing more to do in this place
	PhaseRefused            // an agency refused it; it waits to be turned back or readmitted
	PhaseAstray             // where its procedure does not take it
	phases
)

// Milestones a visit has passed, as bits.
const (
	passedExit uint8 = 1 << iota
	passedHandOver
	passedEntry
)

// What was said of a visit in its phase and is not said again, as bits.
const (
	saidBlocked uint8 = 1 << iota
	saidNoLane
)

// visit is one visit's state. Slots hold visits; a slot whose id is 0 is free.
type visit struct {
	id                      VisitID
	parent                  VisitID // the coach a passenger belongs to, or the outward visit of a return leg
	traits                  border.Traits
	arrivedAt               border.Time
	since                   border.Time // start of the phase
	countsFrom              border.Time // its instant in line: arrival, or the slot it booked
	lineAt                  border.Time // when it reached the stop or finished in the place
	deadline                border.Time // of a call or a booking; 0 for none
	slotStart               border.Time
	need, done, held        FormalitySet
	key                     int64 // by which it stands in line
	plan                    *plan // of its procedure
	next, prev              int32 // others in the same place, in order of entry; -1 for none
	class                   int32
	awaiting                int32 // passengers not yet back
	queue                   int16 // the queue it belongs to while it waits; -1 for none
	leg, step, to           int16 // to: the leg it heads for
	place, target           PlaceID
	stop                    StopID
	procedure               ProcedureID
	direction               Direction
	phase                   Phase
	passed, said            uint8
	calls, rebooked, server uint8
	unready, booked, child  bool
	inLine                  bool
	reserved                bool // target and the ways to it are reserved
	things                  ThingID
}

type placeState struct {
	Place
	inside, reserved [8]int32 // by direction
	head, tail       int32
	capacity         int32
	accepts          border.Predicate
	directions       uint8
	turning          uint8 // 1 + the direction a draining tidal lane will have
	open, dirty      bool
	admits           uint8 // bit set of the directions in which dispatch may send visits here while there is room
	contested        bool  // some need it together with a way, others not
	total            int32 // of all directions, inside and reserved
	full             uint8 // bit set of the directions for which there is no room
	feeds            []feed
}

type stopState struct {
	line    line
	busy    uint64 // bit set of servers at work
	busyN   int32
	servers int32
	staff   int32 // by the calendar
	until   border.Time
	dirty   bool
}

type openingState struct {
	level int8
	until border.Time
	hours *border.Calendar // with the days that were set; nil is always open
}

// feed is a queue that may send visits into a place, and which of its
// alternatives the place is; -1 for a way to them.
type feed struct {
	queue       int16
	alternative int8
}

// queue gathers the visits that want the same move: from one leg of a
// procedure into any of the same places of another.
type queue struct {
	line      line
	accepted  uint64 // which of places take these visits
	full      uint64 // which of places have no room
	places    []PlaceID
	ways      []PlaceID
	procedure ProcedureID
	direction Direction
	from, to  int16
	opposed   bool // what it waits for is shared with the other direction
}

// lately is the queue assigned last from a leg to visits of some traits: the
// next of them there mostly wants the same.
type lately struct {
	traits border.Traits
	to     int16 // 0 for none
	queue  int16
}

type stay struct {
	visit VisitID
	until border.Time
}

type slotCount struct {
	start     border.Time
	direction Direction
	booked    int32
}

type thing struct {
	kind  uint8
	visit VisitID
	place PlaceID // where it rests when no visit has it
	next  ThingID // of the same visit
}

// Counts are totals since the State began.
type Counts struct {
	Announced, Booked, Rebooked, Kept, Unbooked, NoShows int64
	Arrived, Removed, TurnedBack, Cancelled, Boarded     int64
	Confirmed, Anomalies                                 int64
}

// State is a crossing point at an instant. It is not safe for use by several
// goroutines.
type State struct {
	layout     *Layout
	now        border.Time
	serial     uint64
	visits     []visit
	free       []uint32
	places     []placeState
	stops      []stopState
	openings   []openingState
	special    []int64 // hours of single days set by order, packed, in order
	shut       []bool  // posts closed by order
	suspended  []bool  // procedures
	policy     int
	rules      *Policy // the policy in force
	queues     []queue
	index      [][]int16   // procedure and leg → queues that start there
	lately     [][4]lately // by procedure and leg, by some of the traits' bits
	calendarAt border.Time
	deadlines  deadlines
	due        border.Time // the next deadline
	dueMoved   bool        // it has to be worked out anew
	nextStay   deadline    // the stay known to run out next, if any
	slots      []slotCount
	stays      []stay
	things     []thing // by ThingID
	counts     Counts

	clock border.Time // of the current Decide; now moves by facts alone
	out   []Fact      // what the current Decide appends to
	// What became possible while facts were applied, for settle to look at.
	dirtyPlaces []PlaceID
	dirtyStops  []StopID
	dirtyVisits []VisitID
	denied      bool // somebody may not go on because room is kept
	offered     int  // facts in out when kept room was last offered again
}

// NewState returns the empty crossing point of a compiled layout at an instant.
func NewState(l *Layout, at border.Time) *State {
	s := &State{
		layout:    l,
		now:       at,
		places:    make([]placeState, len(l.Places)),
		stops:     make([]stopState, len(l.Stops)),
		openings:  make([]openingState, len(l.Openings)),
		shut:      make([]bool, len(l.Posts)),
		suspended: make([]bool, len(l.Procedures)),
		things:    make([]thing, 1),
		rules:     &l.Policies[0],
	}
	for i := range s.places {
		p := &l.Places[i]
		s.places[i] = placeState{Place: *p, head: -1, tail: -1, capacity: p.Capacity, accepts: p.Accepts, directions: p.Directions, open: !p.Shut}
	}
	for i := range s.stops {
		s.stops[i].servers = l.Stops[i].Servers
		s.stops[i].staff, s.stops[i].until = MaxServers, border.Never
		if c := l.Stops[i].Staff; c != nil {
			level, until := lookAhead(c, at)
			s.stops[i].staff, s.stops[i].until = int32(level), until
		}
	}
	for i := range s.openings {
		s.openings[i] = openingState{level: Admitting, until: border.Never}
		if h := l.Openings[i].Hours; h != nil {
			level, until := lookAhead(h, at)
			s.openings[i] = openingState{level: int8(level), until: until, hours: h}
		}
	}
	for i := range s.places {
		s.noteAdmission(PlaceID(i))
	}
	legs := 0
	for i := range l.Procedures {
		s.suspended[i] = l.Procedures[i].Suspended
		legs += len(l.Procedures[i].Legs)
	}
	s.index = make([][]int16, legs)
	s.lately = make([][4]lately, legs)
	s.setCalendarDue()
	s.due = s.findDue()
	return s
}

func (s *State) setCalendarDue() {
	due := border.Never
	for i := range s.openings {
		due = min(due, s.openings[i].until)
	}
	for i := range s.stops {
		due = min(due, s.stops[i].until)
	}
	s.calendarAt, s.dueMoved = due, true
}

// find returns the visit present under an id, or nil.
func (s *State) find(id VisitID) *visit {
	slot := id.Slot()
	if id == 0 || slot >= len(s.visits) || s.visits[slot].id != id {
		return nil
	}
	return &s.visits[slot]
}

// level is the effective level of an opening.
func (s *State) level(o OpeningID) int {
	if o != 0 && s.shut[s.layout.Openings[o].Post] {
		return Closed
	}
	return int(s.openings[o].level)
}

// room reports whether a place has space for one more in a direction.
func (s *State) room(id PlaceID, d Direction) bool { return s.places[id].full>>d&1 == 0 }

// load counts who is in a place or has it reserved, as its capacity does.
func (p *placeState) load(d Direction) int32 {
	if p.EachWay {
		return p.inside[d] + p.reserved[d]
	}
	return p.total
}

// enterable reports whether dispatch may send a visit into a place now.
func (p *placeState) enterable(d Direction) bool {
	return (p.admits&^p.full)>>d&1 != 0
}

// takesNow reports whether a place takes visits that come to it now, be there
// room or not. Where they wait or drive it always does.
func (p *placeState) takesNow(d Direction) bool { return p.admits>>d&1 != 0 || !p.Kind.Work() }

// noteAdmission works out in which directions a place admits visits, room aside.
func (s *State) noteAdmission(id PlaceID) {
	p := &s.places[id]
	p.admits = p.directions
	if !p.open || !s.admitting(p) {
		p.admits = 0
	}
}

// admitting reports whether neither hours, nor an order about the post, nor its
// turning keep visits from a place.
func (s *State) admitting(p *placeState) bool {
	return p.turning == 0 && (!p.Kind.Work() || !s.shut[p.Post] && s.level(p.Opening) == Admitting)
}

func (st *stopState) onDuty() int32 { return min(st.servers, st.staff) }

// first returns the first visit in a line, which has one.
func (s *State) first(l *line) *visit { return &s.visits[l.at[0].visit.Slot()] }
