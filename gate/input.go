package gate

import "landport/border"

// Input is an order, which may be refused with a reason, or an observation,
// which never is. Which fields it uses depends on its Do.
type Input struct {
	At          border.Time
	Told        border.Time // when an observation that comes late was reported; 0 is when the State is
	Visit       VisitID
	Other       VisitID
	Traits      border.Traits
	N           int64
	Thing       ThingID
	Formalities FormalitySet
	Place       PlaceID
	Stop        StopID
	Procedure   ProcedureID
	Direction   Direction
	Do          Do
	Reason      Reason
	Outcome     Outcome
	Unready     bool // ObserveArrival: the dossier is not ready yet
}

// Do says what an input asks or reports.
type Do uint8

// Orders and observations. The comment names the fields used besides At.
const (
	Tick Do = iota // nothing but the passing of time: deadlines that are due

	// Observations.
	ObserveArrival     // Visit if announced, else 0 and Traits, Direction; Other the outward visit of a return leg; Place where seen, 0 for the start of the route; Formalities referred from the start
	ObserveEntered     // Visit; Place it entered, 0 for where it was called to
	ObserveReached     // Visit came to the end of the way it was on
	ObserveServed      // Visit, Outcome, Formalities when referred or held
	ObserveInterrupted // Visit
	ObserveSeen        // Visit, Place
	ObserveAlighted    // Other the coach; a passenger on foot gets a visit of Traits
	ObserveLinked      // Visit, Thing (0 makes one of kind N)
	ObserveUnlinked    // Thing, Place it rests at
	ObserveSealed      // Thing, N seal
	ObserveUnsealed    // Thing, N seal
	ObserveMilestone   // Visit, N code, Formalities
	ObserveGone        // Visit left without release: Reason
	ObserveConfirmed   // Visit: the other side confirmed arrival

	// Orders.
	Announce     // Traits, Direction
	Book         // Visit, N an instant in the slot
	GiveBack     // Visit: the booking
	Cancel       // Visit, Reason
	SetReady     // Visit
	SetUnready   // Visit
	Hold         // Visit, Formalities, Reason
	Unhold       // Visit, Formalities
	Refer        // Visit, Formalities
	Refuse       // Visit, Formalities, Reason
	Readmit      // Visit
	CancelExport // Visit
	ReturnGoods  // Visit, Thing
	Recall       // Visit: call it again
	Move         // Visit, Place, Reason: an operator puts it there
	Correct      // Visit, Traits, Reason
	LimitStay    // Visit, N instant

	SetServers       // Stop, N, Reason
	SetCapacity      // Place, N, Reason
	SetAccepts       // Place, Traits refused, N required, Reason
	OpenLane         // Place, Reason
	CloseLane        // Place, Reason
	TurnLane         // Place, Direction, Reason
	ClosePost        // N post, Reason
	ReopenPost       // N post, Reason
	StartProcedure   // Procedure, Reason
	SuspendProcedure // Procedure, Reason; N 1 when visits fall back where they can
	SetPolicy        // N index into Layout.Policies, Reason
	Note             // Visit, Reason
	SetHours         // N the DayHours, packed; Reason
	Call             // Visit that waits where drivers are called, Place or 0 for the one dispatch would choose, Reason: call it out of turn
	dos
)

// Refusal says why an order was not carried out. The zero Refusal is none.
type Refusal struct {
	Code  RefusalCode
	Place PlaceID
	Stop  StopID
	N     int64 // what would be right, where a number says it
}
