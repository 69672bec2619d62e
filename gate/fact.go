package gate

import "landport/border"

// VisitID names a visit for ever: a serial number that is never reused, over
// the slot that holds the visit while it is present. 0 is none.
type VisitID uint64

const slotBits = 24

// MakeVisitID returns the name of a serial number and a slot, as they stand in
// a record.
func MakeVisitID(serial uint64, slot int) VisitID {
	return VisitID(serial<<slotBits | uint64(slot)&(1<<slotBits-1))
}

// Serial returns the visit's serial number, from 1.
func (v VisitID) Serial() uint64 { return uint64(v) >> slotBits }

// Slot returns the index under which State holds the visit while it is
// present. Slots are reused and small: callers may keep arrays by slot.
func (v VisitID) Slot() int { return int(v & (1<<slotBits - 1)) }

// ThingID names a power unit, a trailer or container, a consignment or a person.
type ThingID uint32

// Fact is one thing that happened. Which fields it uses depends on its Kind;
// the others are zero.
type Fact struct {
	At          border.Time
	Visit       VisitID
	Other       VisitID // the coach of a passenger, the visit of exit of a return leg
	Traits      border.Traits
	N           int64
	Thing       ThingID
	Formalities FormalitySet
	Place       PlaceID
	Stop        StopID
	Procedure   ProcedureID
	Direction   Direction
	Kind        Kind
	Reason      Reason
	Outcome     Outcome
	Server      uint8
}

// Kind says what a fact states. Its number is final: meanings never change.
type Kind uint8

// Kinds of fact. "World" facts are exogenous: people or devices brought them
// about; the others were decided here. The comment names the fields used
// besides At and Visit.
const (
	NoFact Kind = iota

	// The life of a visit.
	Announced       // world: Traits, Direction
	Booked          // decided: N start of the slot
	Unbooked        // world: the booking was given back
	Arrived         // world: Place, Procedure, Direction, Traits, Formalities it needs, N the instant it counts from in line, Other the coach or outward visit
	Cancelled       // world: Reason
	NoShow          // decided: Reason
	Called          // decided: from Place's pager to Place; Reason why it; N how many others were waiting
	CallExpired     // decided: N calls so far; it stands back in line by the grace it was given
	Entered         // world: Place; a called visit is where it was called to
	Moved           // decided: Place it goes to at once; Reason; N how many others were waiting
	Departed        // decided: Place is the way it drives on; N the place reserved beyond, 0 outside
	Reached         // world: the end of the way it was on, Place; Departed, Moved or Removed follows
	Joined          // decided: Stop whose line it stands in
	ServiceStarted  // decided: Stop, Server, Formalities
	ServiceEnded    // world: Stop, Server, Formalities, Outcome; Traits unused
	Interrupted     // world: Stop, Server; service broke off, back into line
	Referred        // world: Formalities added to what it needs
	ExitReleased    // decided: the last exit formality is done
	HandedOver      // decided: jurisdiction moved to the country of entry
	EntryReleased   // decided: the last entry formality is done
	Blocked         // decided: done here, no room ahead, or somebody before it in single file; Place it waits in
	Removed         // decided: it left the crossing from Place
	Confirmed       // world: the other side confirmed arrival
	Refused         // world: Formalities, Reason
	TurnedBack      // decided or world: it left the way it came; Reason
	Readmitted      // world: the country of exit took it back after hand-over
	ExportCancelled // world

	// Conditions of a visit.
	Ready         // world: the dossier is ready
	Unready       // world: the dossier needs mending
	Held          // world: Formalities on hold, Reason
	Unheld        // world: Formalities
	Milestone     // world: N one of the study's Event codes, Stop or Formalities whose
	Corrected     // world: Traits, Reason
	FellBack      // decided: Procedure it now follows
	KeptProcedure // decided: Procedure was suspended, this visit finishes under it

	// Links between the five identities.
	Linked        // world: Thing now belongs to Visit
	Unlinked      // world: Thing left Visit; Place it rests at, 0 gone
	GoodsReturned // world: Thing
	Sealed        // world: Thing, N seal
	Unsealed      // world: Thing, N seal
	Alighted      // world: Visit is the passenger on foot, Other the coach
	Boarded       // decided: Visit ends, Other the coach it rejoined

	// The post itself.
	HoursChanged       // decided: N opening<<8 | level
	StaffChanged       // decided: Stop, N officers on duty
	ServersSet         // world: Stop, N, Reason
	CapacitySet        // world: Place, N, Reason
	AcceptsSet         // world: Place, Traits refused, N required, Reason
	LaneOpened         // world: Place, Direction, Reason
	LaneClosed         // world: Place, Reason
	LaneTurning        // world: Place, Direction it will have once empty, Reason
	LaneTurned         // decided: Place, Direction
	PostClosed         // world: N post, Reason
	PostReopened       // world: N post, Reason
	ProcedureStarted   // world: Procedure, Reason
	ProcedureSuspended // world: Procedure, Reason
	PolicySet          // world: N index into Layout.Policies, Reason

	Seen        // world: Place, where it should be
	Strayed     // world: Place it was seen in, N place it should be in
	Relocated   // world: Place an operator put it in, N place it was in, Reason
	StayLimited // world: N the instant by which it must be back
	Overstayed  // decided: the stay limit passed; N the limit
	Anomaly     // decided: Reason, Place; N the instant that was told, if that was too early
	Noted       // world: Reason; an operator's remark, the text lives outside
	HoursSet    // world: N the DayHours, packed; Reason

	CallWithdrawn // decided: Place it had been called to; it is held, and waits where it stands
	kinds
)

// Outcome of a service.
type Outcome uint8

// Outcomes.
const (
	Passed     Outcome = iota
	ReferredOn         // Formalities of the input are added to what is needed
	HeldBack           // a hold is put on the visit
	RefusedHere
	Again // the same stop once more
)
