package gate

// The names of inputs, as in URLs, files and records. Observations are named
// by what was seen, orders by what is to be done.
var doNames = [...]string{
	Tick:               "tick",
	ObserveArrival:     "arrived",
	ObserveEntered:     "entered",
	ObserveReached:     "reached",
	ObserveServed:      "served",
	ObserveInterrupted: "interrupted",
	ObserveSeen:        "seen",
	ObserveAlighted:    "alighted",
	ObserveLinked:      "linked",
	ObserveUnlinked:    "unlinked",
	ObserveSealed:      "sealed",
	ObserveUnsealed:    "unsealed",
	ObserveMilestone:   "milestone",
	ObserveGone:        "gone",
	ObserveConfirmed:   "confirmed",
	Announce:           "announce",
	Book:               "book",
	GiveBack:           "give-back",
	Cancel:             "cancel",
	SetReady:           "ready",
	SetUnready:         "unready",
	Hold:               "hold",
	Unhold:             "unhold",
	Refer:              "refer",
	Refuse:             "refuse",
	Readmit:            "readmit",
	CancelExport:       "cancel-export",
	ReturnGoods:        "return-goods",
	Recall:             "recall",
	Move:               "move",
	Correct:            "correct",
	LimitStay:          "limit-stay",
	SetServers:         "set-servers",
	SetCapacity:        "set-capacity",
	SetAccepts:         "set-accepts",
	OpenLane:           "open-lane",
	CloseLane:          "close-lane",
	TurnLane:           "turn-lane",
	ClosePost:          "close-post",
	ReopenPost:         "reopen-post",
	StartProcedure:     "start-procedure",
	SuspendProcedure:   "suspend-procedure",
	SetPolicy:          "set-policy",
	Note:               "note",
	SetHours:           "set-hours",
	Call:               "call",
}

// String returns the input's name, such as "turn-lane".
func (d Do) String() string { return name(doNames[:], int(d)) }

// Observation reports whether it is one, and so never refused.
func (d Do) Observation() bool { return d > Tick && d < Announce }

// parse finds a name in a list.
func parse(names []string, s string) (int, bool) {
	for i, n := range names {
		if n == s {
			return i, true
		}
	}
	return 0, false
}

// ParseDo returns the input with a name.
func ParseDo(s string) (Do, bool) {
	i, ok := parse(doNames[:], s)
	return Do(i), ok
}

// ParseKind returns the kind of fact with a name.
func ParseKind(s string) (Kind, bool) {
	i, ok := parse(kindNames[:], s)
	return Kind(i), ok && i > 0
}

// ParseReason returns the reason with a name; none is "".
func ParseReason(s string) (Reason, bool) {
	i, ok := parse(reasonNames[:], s)
	return Reason(i), ok
}

// ParseOutcome returns the outcome with a name.
func ParseOutcome(s string) (Outcome, bool) {
	i, ok := parse(outcomeNames[:], s)
	return Outcome(i), ok
}
