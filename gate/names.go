package gate

// The names under which everything stands in JSON, in text scenarios and on
// screens. They are as final as the numbers.

var kindNames = [...]string{
	NoFact:             "",
	Announced:          "announced",
	Booked:             "booked",
	Unbooked:           "unbooked",
	Arrived:            "arrived",
	Cancelled:          "cancelled",
	NoShow:             "no-show",
	Called:             "called",
	CallExpired:        "call-expired",
	Entered:            "entered",
	Moved:              "moved",
	Departed:           "departed",
	Reached:            "reached",
	Joined:             "joined",
	ServiceStarted:     "service-started",
	ServiceEnded:       "service-ended",
	Interrupted:        "interrupted",
	Referred:           "referred",
	ExitReleased:       "exit-released",
	HandedOver:         "handed-over",
	EntryReleased:      "entry-released",
	Blocked:            "blocked",
	Removed:            "removed",
	Confirmed:          "confirmed",
	Refused:            "refused",
	TurnedBack:         "turned-back",
	Readmitted:         "readmitted",
	ExportCancelled:    "export-cancelled",
	GoodsReturned:      "goods-returned",
	Overstayed:         "overstayed",
	Ready:              "ready",
	Unready:            "unready",
	Held:               "held",
	Unheld:             "unheld",
	Milestone:          "milestone",
	Corrected:          "corrected",
	FellBack:           "fell-back",
	KeptProcedure:      "kept-procedure",
	Linked:             "linked",
	Unlinked:           "unlinked",
	Sealed:             "sealed",
	Unsealed:           "unsealed",
	Alighted:           "alighted",
	Boarded:            "boarded",
	HoursChanged:       "hours-changed",
	StaffChanged:       "staff-changed",
	ServersSet:         "servers-set",
	CapacitySet:        "capacity-set",
	AcceptsSet:         "accepts-set",
	LaneOpened:         "lane-opened",
	LaneClosed:         "lane-closed",
	LaneTurning:        "lane-turning",
	LaneTurned:         "lane-turned",
	PostClosed:         "post-closed",
	PostReopened:       "post-reopened",
	ProcedureStarted:   "procedure-started",
	ProcedureSuspended: "procedure-suspended",
	PolicySet:          "policy-set",
	Seen:               "seen",
	Strayed:            "strayed",
	Relocated:          "relocated",
	StayLimited:        "stay-limited",
	Anomaly:            "anomaly",
	Noted:              "noted",
	HoursSet:           "hours-set",
	CallWithdrawn:      "call-withdrawn",
}

var outcomeNames = [...]string{
	Passed:      "passed",
	ReferredOn:  "referred-on",
	HeldBack:    "held-back",
	RefusedHere: "refused-here",
	Again:       "again",
}

var reasonNames = [...]string{
	NoReason:      "",
	NobodyAhead:   "nobody-ahead",
	FirstInLine:   "first-in-line",
	ByPriority:    "by-priority",
	BySlot:        "by-slot",
	OnStandby:     "on-standby",
	ReadyAhead:    "ready-ahead",
	WayReserved:   "way-reserved",
	Full:          "full",
	NoProcedure:   "no-procedure",
	NoLane:        "no-lane",
	NotExpected:   "not-expected",
	OverCapacity:  "over-capacity",
	NotInService:  "not-in-service",
	NotCalled:     "not-called",
	UnknownVisit:  "unknown-visit",
	CannotRefer:   "cannot-refer",
	CallMissed:    "call-missed",
	BookingMissed: "booking-missed",
	Astray:        "astray",
	ByDriver:      "by-driver",
	ByBroker:      "by-broker",
	ByOfficer:     "by-officer",
	ByOperator:    "by-operator",
	ByAgreement:   "by-agreement",
	Documents:     "documents",
	Examination:   "examination",
	Security:      "security",
	Weather:       "weather",
	Breakdown:     "breakdown",
	Mistake:       "mistake",
	BreakGlass:    "break-glass",
	TooEarly:      "too-early",
	KindUnknown:   "kind-unknown",
	PlaceGone:     "place-gone",
	HasLeft:       "has-left",
	NoCoach:       "no-coach",
	NotMinted:     "not-minted",
	UsedBefore:    "used-before",
	InUse:         "in-use",
	NotOpen:       "not-open",
	EntriesLost:   "entries-lost",
}

var phaseNames = [...]string{
	PhaseEnded:              "ended",
	PhaseAnnounced:          "announced",
	PhaseWaiting:            "waiting",
	PhaseCalled:             "called",
	PhaseDriving:            "driving",
	PhaseWayEnd:             "way-end",
	PhaseAtStop:             "at-stop",
	PhaseInService:          "in-service",
	PhaseAwaitingDossier:    "awaiting-dossier",
	PhaseAwaitingPassengers: "awaiting-passengers",
	PhaseDone:               "done",
	PhaseRefused:            "refused",
	PhaseAstray:             "astray",
}

var placeKindNames = [...]string{
	World: "world", Approach: "approach", DryPort: "dry-port", WaitingZone: "waiting-zone", EscortLeg: "escort-leg",
	NeutralZone: "neutral-zone", Lane: "lane", Bay: "bay", CommonControl: "common-control-area", Transshipment: "transshipment-yard",
}

func name(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}

// String returns the kind's name, such as "service-started".
func (k Kind) String() string { return name(kindNames[:], int(k)) }

// String returns the outcome's name, such as "referred-on".
func (o Outcome) String() string { return name(outcomeNames[:], int(o)) }

// String returns the reason's name, such as "first-in-line"; none is "".
func (r Reason) String() string { return name(reasonNames[:], int(r)) }

// String returns the phase's name, such as "in-service".
func (p Phase) String() string { return name(phaseNames[:], int(p)) }

// String returns the kind's name, such as "waiting-zone".
func (k PlaceKind) String() string { return name(placeKindNames[:], int(k)) }

// ParsePlaceKind returns the kind with a name; the world outside has none.
func ParsePlaceKind(s string) (PlaceKind, bool) {
	for i, n := range placeKindNames {
		if n == s && PlaceKind(i) != World {
			return PlaceKind(i), true
		}
	}
	return World, false
}
