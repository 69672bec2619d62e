package gate

import (
	"math/bits"
	"time"

	"landport/border"
)

// Identities in a layout are indices into its slices. Index 0 of Openings,
// Places and Stops is reserved: always open, the world outside, and no stop.
type (
	PostID      uint8
	OpeningID   uint8
	PlaceID     uint16
	StopID      uint16
	ProcedureID uint8
	Direction   uint8 // index into Layout.Directions
)

// Outside is the world beyond the crossing point.
const Outside PlaceID = 0

// MaxServers is the most officers or booths one stop can have.
const MaxServers = 64

// Layout is a crossing point as data: what is where, who holds it, when it is
// open, and which procedures run through it. A State is built on a compiled
// Layout; what changes while running (capacity, servers, lanes, policy) changes
// in the State by facts, never in the Layout.
type Layout struct {
	Name        string
	Directions  []Way
	Posts       []Post
	Openings    []Opening
	Formalities []Formality
	Places      []Place
	Stops       []Stop
	Procedures  []Procedure
	Policies    []Policy // the first one is in force at the start

	// Filled by Compile.
	plans      []plan          // by procedure
	of         [][]ProcedureID // the procedures of a direction
	tellsKinds [8]bool         // whether they differ by the kind of vehicle
}

// Way is a direction of travel, from the country of exit to that of entry
// (ISO 3166 alpha-2).
type Way struct{ Exit, Entry string }

// Post is one country's side of the crossing point.
type Post struct {
	Name    string
	Country string // ISO 3166 alpha-2
	Zone    *time.Location
}

// Opening is a set of hours that places share: level 0 closed, 1 open without
// new admission, 2 admitting.
type Opening struct {
	Name  string
	Post  PostID
	Hours *border.Calendar
}

// Opening levels.
const (
	Closed    = 0
	Finishing = 1
	Admitting = 2
)

// PlaceKind says what a place is.
type PlaceKind uint8

// Kinds of place. In a hold vehicles wait for the next leg; a way is driven
// through; at a work place formalities are done.
const (
	World         PlaceKind = iota
	Approach                // hold: the public road before the post
	DryPort                 // hold
	WaitingZone             // hold
	EscortLeg               // way
	NeutralZone             // way: the road or bridge between the posts
	Lane                    // work
	Bay                     // work: examination bay, scanner hall, passenger hall
	CommonControl           // work: common control area
	Transshipment           // work: transshipment yard
)

// Hold reports whether vehicles wait there for the next leg.
func (k PlaceKind) Hold() bool { return k == Approach || k == DryPort || k == WaitingZone }

// Way reports whether the place is driven through; how long that takes is for
// the world to observe.
func (k PlaceKind) Way() bool { return k == EscortLeg || k == NeutralZone }

// Work reports whether formalities are done there.
func (k PlaceKind) Work() bool { return k >= Lane }

// Place is anywhere a visit can be.
type Place struct {
	Name       string
	Kind       PlaceKind
	Post       PostID // the holder
	Capacity   int32  // vehicles; 0 is unbounded
	EachWay    bool   // the capacity counts for each direction apart
	Directions uint8  // bit set of the directions it takes at the start
	Tidal      bool   // its direction may be turned while running
	Shut       bool   // closed at the start
	Accepts    border.Predicate
	Opening    OpeningID
	SingleFile bool // of a direction, who entered first leaves first
	Pager      bool // hold: visits are called and drive forward; they do not just roll on
	// CallGrace is how long a called visit has to enter before the call
	// expires; CallTries how many calls before it counts as a no-show.
	CallGrace border.Micros
	CallTries uint8
	TurnAway  bool // arrivals that find it full are turned away; else they stay, an anomaly
}

// opposed reports whether directions share its room. There who came first goes
// first: by when they finished in the place before, a direction that comes one
// by one would wait behind all who stand in the other's line.
func (p *Place) opposed() bool { return !p.EachWay && bits.OnesCount8(p.Directions) > 1 }

// Stop is where one agency or several together serve visits.
type Stop struct {
	Name    string
	Post    PostID
	Agency  border.Agency // whose waiting and service time it is
	Servers int32         // officers or booths, at most MaxServers
	Staff   *border.Calendar
	Dossier bool // service starts only with a ready dossier
}

// FormalitySet is a set of formalities, bit i for Layout.Formalities[i].
type FormalitySet uint32

// Formality is one agency's act on one subject for exit or entry.
type Formality struct {
	Name     string
	Agency   border.Agency
	Country  string
	Subject  border.Subject
	Side     border.Side
	Visiting bool // done by officers visiting the neighbour's soil
}

// Procedure is an ordered list of stops with the formalities done at each, on
// a route of legs. Exit formalities precede entry formalities or share a stop.
type Procedure struct {
	Name       string
	LegalBasis string
	Direction  Direction
	Accepts    border.Predicate
	Legs       []Leg
	Steps      []Step
	Suspended  bool // at the start
	// Fallback takes over visits when this procedure is suspended; itself is none.
	Fallback ProcedureID
}

// Leg is one stretch of the route: one place, or several of which dispatch
// chooses one.
type Leg struct{ Places []PlaceID }

// Step is one stop on the way.
type Step struct {
	Leg         int
	Stops       []StopID // by position in the leg's Places; a shared stop repeats
	Formalities FormalitySet
	OnReferral  bool // only for visits referred to it; else everybody stops
	Rejoin      bool // a coach waits here until its passengers are back
}

// Policy decides whom to call and whom a free server takes next. Its parts are
// a closed set and combine. Each waiting visit has a key, an instant; the least
// is first: arrival, less Ageing for each class of priority, or the slot booked.
// Every advantage is bounded by an amount of time, so nobody waits for ever.
type Policy struct {
	Name       string
	Strict     bool // first come, first served: nobody passes the first in line, whatever lane is free
	ReadyFirst bool // who has no ready dossier is not called and keeps the place in line
	Ageing     border.Micros
	Priorities []Priority
	Slots      Slots
}

// Priority gives visits of a group a class above 0.
type Priority struct {
	Accepts border.Group
	Class   int32
}

// Slots are bookable windows. The zero Slots means no booking.
type Slots struct {
	Length           border.Micros
	Quota            int32         // vehicles per slot and direction
	OverbookPermille int32         // by the measured no-show rate
	Grace            border.Micros // how late a booked visit may arrive
	MaxRebook        uint8
}
