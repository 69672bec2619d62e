package gate

// Reason says why something was decided, refused or done. Its number is final.
type Reason uint8

// Why dispatch did what it did.
const (
	NoReason Reason = iota
	NobodyAhead
	FirstInLine
	ByPriority
	BySlot
	OnStandby   // no booking; took room that bookings left
	ReadyAhead  // others ahead in line wait for their dossier
	WayReserved // goes on to the place that was reserved for it

	// What is out of the ordinary.
	Full
	NoProcedure
	NoLane
	NotExpected
	OverCapacity
	NotInService
	NotCalled
	UnknownVisit
	CannotRefer
	CallMissed
	BookingMissed
	Astray

	// Why people act.
	ByDriver
	ByBroker
	ByOfficer
	ByOperator
	ByAgreement
	Documents
	Examination
	Security
	Weather
	Breakdown
	Mistake
	BreakGlass

	// TooEarly: an observation was told for an instant before what is known.
	TooEarly
	// KindUnknown: a vehicle came of which it is not known what it is, where
	// procedures differ by that.
	KindUnknown
	// HasLeft: something was told of a visit that had left.
	HasLeft
	// NoCoach: a passenger alighted from a vehicle that is no coach.
	NoCoach
	// NotMinted: a vehicle came under a reference that was never given.
	NotMinted
	// UsedBefore: a vehicle came under the reference of a visit that had left.
	UsedBefore
	// PlaceGone: the place where a visit was is no longer part of the crossing.
	PlaceGone
	// InUse: a vehicle came under the reference of another that is announced or here.
	InUse
	// NotOpen: a vehicle came straight to a work place that takes nobody now: by
	// its hours, by order, or because it serves the other direction.
	NotOpen
	// EntriesLost: entries of the node's ledger were lost, so that nobody knows who
	// stood at the post. The gate never states it: its State begins empty then.
	EntriesLost
	reasons
)

// ByPeople reports whether it is a reason why people act.
func (r Reason) ByPeople() bool { return r >= ByDriver && r <= BreakGlass }

// NeedsReason reports whether people have to say why they do it: what turns
// somebody away, keeps a visit or changes the post for all who come.
func (d Do) NeedsReason() bool {
	switch d {
	case Hold, Refuse, Move, Correct, Call, ObserveGone, CloseLane, TurnLane, ClosePost, ReopenPost, SuspendProcedure, SetPolicy, SetHours:
		return true
	}
	return false
}

// RefusalCode says why an order was not carried out. Its number is final.
type RefusalCode uint8

// Why an order is refused.
const (
	Accepted RefusalCode = iota
	CodeUnknownOrder
	CodeUnknownVisit
	CodeUnknownPlace
	CodeUnknownStop
	CodeUnknownPost
	CodeUnknownProcedure
	CodeUnknownPolicy
	CodeUnknownThing
	CodeNotAnnounced
	CodeAlreadyPresent
	CodeNotBooked
	CodeNoSlots
	CodeSlotPast
	CodeSlotFull // N: start of the next slot with room
	CodeTooManyRebookings
	CodeNotHeld
	CodeTooLate // the formality's stop lies behind
	CodeInService
	CodeNotCalled
	CodeNotHandedOver
	CodeHandedOver
	CodeNotRefused
	CodePlaceFull
	CodeNotALane
	CodeNotTidal
	CodeLastLane
	CodeAlreadySo
	CodeNoFallback
	CodeReasonNeeded
	CodeBadTraits
	CodeBadNumber // N: the greatest allowed
	CodeSlotFar   // N: the latest instant that can be booked
	CodeTimePast  // N: the instant that has passed
	CodeUnknownHours
	CodeBadHours
	CodeDayFar // N: how many days ahead can be set
	CodeNotWaiting
	CodeHeld        // N: the formalities
	CodeNotItsLane  // N: a place that takes it now, 0 for none
	CodeNotOpen     // N: as before
	CodeNoRoomAhead // N: as before
	CodeNotItsWay
	codes
)
