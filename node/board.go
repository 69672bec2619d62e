package node

import (
	"fmt"
	"strconv"
	"strings"

	"landport/border"
	"landport/gate"
)

// Cursor says which facts a reader has seen: Sequence of them in a run, the one
// under way if it names none. The zero Cursor has seen nothing.
type Cursor struct {
	Run      string
	Sequence uint64
}

// String writes the cursor as run-sequence.
func (c Cursor) String() string { return c.Run + "-" + strconv.FormatUint(c.Sequence, 10) }

// ParseCursor reads what String writes, or a sequence alone.
func ParseCursor(s string) (Cursor, error) {
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return Cursor{Sequence: n}, nil
	}
	run, digits, _ := strings.Cut(s, "-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if run == "" || err != nil {
		return Cursor{}, fmt.Errorf("%q is not a run and a sequence such as m3k9x2-1042", s)
	}
	return Cursor{run, n}, nil
}

// Moment is where a playback stands.
type Moment struct {
	Cursor
	At, Start, End border.Time
	Speed          float64 // simulated seconds per second
	Paused         bool
	Seeking        bool  // on the way to where somebody jumped
	Trouble        error // of a node: why all is as it was at At, when its ledger last answered; nil while it does
}

// Ended reports whether the scenario is over.
func (m *Moment) Ended() bool { return m.At >= m.End }

// Board is what is where at a moment.
type Board struct {
	Moment
	Standing
	Whole  bool // all visits, not only those that changed
	Visits []Visit
	Gone   []string // references of visits that left; empty when Whole
}

// Standing is how posts, places and stops stand.
type Standing struct {
	Posts     []PostState
	Openings  []OpeningState // by gate.OpeningID; [0] is always open
	Places    []PlaceState   // by gate.PlaceID; in [gate.Outside] is who is here, and nobody knows in which place
	Stops     []StopState    // by gate.StopID
	Policy    string
	Suspended []bool      // by gate.ProcedureID
	Uncounted border.Time // since when, after a recovery, nobody knows who stands at the post; 0 if it is known
}

// Visit is one vehicle, or a person on foot, at the crossing.
type Visit struct {
	ID        gate.VisitID
	Reference string
	Plate     string // commitment to its plate, "" if it is not known
	Traits    border.Traits
	Direction gate.Direction
	Procedure gate.ProcedureID
	Phase     gate.Phase
	Place     gate.PlaceID
	Target    gate.PlaceID // where it was called to or is driving to
	Stop      gate.StopID
	Ready     bool // its dossier is
	Held      bool
	Since     border.Time // in this phase
	HereSince border.Time // in this place
	ArrivedAt border.Time
	Slot      border.Time   // start of the slot it booked; 0 for none
	Left      border.Time   // by the way out; 0 while it is here
	Busy      border.Micros // in service or driving, of what is over
	BusySince border.Time   // start of the service or drive under way; 0 for none
	Order     int64         // among those in the same place: the least is ahead
	Touched   uint64        // the sequence of its latest fact
	Lost      bool          // it has ended, and nobody knows how: entries of the ledger were lost while it was here
}

// Came reports whether the visit has arrived. One that is announced has no
// procedure yet.
func (v *Visit) Came() bool { return v.ArrivedAt != 0 }

// Waits reports whether the visit stands in a queue.
func (v *Visit) Waits() bool {
	switch v.Phase {
	case gate.PhaseWaiting, gate.PhaseCalled, gate.PhaseAtStop, gate.PhaseAwaitingDossier:
		return true
	}
	return false
}

// PostState is one post's day.
type PostState struct{ Released []int } // since local midnight of the moment shown, by direction

// OpeningState is how far hours are open, and until when by the calendar.
type OpeningState struct {
	Level int
	Until border.Time
	Hours *border.Calendar // with the days in Set; nil is always open
	Set   []gate.DayHours  // by order, of days that are not long past
}

// PlaceState is whether a place is in use, for which directions and traffic.
type PlaceState struct {
	Open       bool
	Directions uint8
	Turning    uint8 // the direction it drains for and then has, as in Directions; 0 if it does not turn
	Capacity   int   // vehicles; 0 is any number
	Accepts    border.Predicate
	Lines      []Line // by direction
}

// Line is who is in a place going one way.
type Line struct {
	Present, Waiting int
	Since            border.Time // since when the longest waiting has been there
	Barred           Barred
}

// Barred are those who stand in single file behind somebody who is held, and
// cannot pass.
type Barred struct {
	By     string // reference of who is held, "" for nobody
	Behind []gate.VisitID
}

// StopState is who is at work at a stop.
type StopState struct{ Servers, Busy, Line int }

// Entry is a fact with its place in the order of facts.
type Entry struct {
	Sequence uint64
	gate.Fact
	Told border.Time // when it was told to be at first, if that was corrected; else 0
}

// Record is one visit with all that happened to it.
type Record struct {
	Visit
	Facts   []Entry
	Asides  []Aside // a node's own entries about it
	Moment  Moment
	Outward string // reference of the visit whose return leg it is, "" for none that is known

	Claimed   string   // reference under which it came that is not its own, "" for none
	Before    bool     // Claimed is another visit's; else nobody's
	ClaimedBy []string // references of those who came under its own
}

// outward is the visit whose return leg the record is of, 0 for none.
func (r *Record) outward() gate.VisitID {
	for i := range r.Facts {
		if f := &r.Facts[i]; f.Kind == gate.Arrived && f.Visit == r.ID {
			return f.Other
		}
	}
	return 0
}

// recall makes out from its facts what a visit was that has left.
func (r *Record) recall(serial uint64, reference, plate string) {
	r.Reference, r.Plate, r.Phase, r.Ready, r.Lost = reference, plate, gate.PhaseEnded, true, true
	for i := range r.Facts {
		f := &r.Facts[i]
		r.Touched = f.Sequence
		r.Lost = r.Lost && !(f.Visit.Serial() == serial && ends(f.Kind))
		switch f.Kind {
		case gate.Announced:
			r.ID, r.Traits, r.Direction = f.Visit, f.Traits, f.Direction
		case gate.Arrived, gate.Alighted:
			if r.ID == 0 || r.ID == f.Visit {
				r.ID, r.Traits, r.Direction, r.Procedure, r.ArrivedAt = f.Visit, f.Traits, f.Direction, f.Procedure, f.At
			}
		case gate.Corrected:
			r.Traits = f.Traits
		case gate.Booked:
			r.Slot = border.Time(f.N)
		case gate.Unbooked:
			r.Slot = 0
		case gate.FellBack:
			r.Procedure = f.Procedure
		}
	}
}

// Until is now, or when the visit left.
func (r *Record) Until() border.Time {
	if r.Phase != gate.PhaseEnded || len(r.Facts) == 0 {
		return r.Moment.At
	}
	for i := range r.Facts {
		if f := &r.Facts[i]; f.Visit == r.ID && ends(f.Kind) {
			return f.At
		}
	}
	return r.Facts[len(r.Facts)-1].At
}

// ends reports whether a visit ends with a fact of the kind. Its arrival beyond
// may be confirmed later, and it may come back.
func ends(k gate.Kind) bool {
	switch k {
	case gate.Removed, gate.Boarded, gate.TurnedBack, gate.Readmitted, gate.Cancelled, gate.ExportCancelled, gate.NoShow:
		return true
	}
	return false
}
