package gate

import (
	"strings"

	"landport/border"
)

// sentences say each kind of fact in plain words.
var sentences = [kinds]string{
	Announced: "{visit} announced: {traits}", Booked: "{visit} booked for {instant}", Unbooked: "{visit} gave its booking back",
	Arrived: "{visit} arrived{where} under {procedure}", Cancelled: "{visit} cancelled{why}", NoShow: "{visit} counts as a no-show{why}",
	Called: "{visit} called to {place}{why}{waiting}", CallExpired: "{visit} did not come at call {n}; back in line, its grace later",
	Entered: "{visit} entered {place}", Moved: "{visit} went on to {place}{why}{waiting}", Departed: "{visit} drives through {place}, room kept in {to}{why}",
	Reached: "{visit} came to the end of {place}", Joined: "{visit} stands in line for {stop}",
	ServiceStarted: "{visit} taken by {stop} {server}{acts}", ServiceEnded: "{visit} {outcome} at {stop} {server}{acts}",
	Interrupted: "{visit} broken off at {stop} {server}", Referred: "{visit} referred{acts}",
	ExitReleased: "{visit} released for exit", HandedOver: "{visit} handed over", EntryReleased: "{visit} released for entry",
	Blocked: "{visit} done in {place}, cannot go on yet", Removed: "{visit} left the crossing from {place}", Confirmed: "{visit} confirmed by the other side",
	Refused: "{visit} refused{acts}{why}", TurnedBack: "{visit} turned back{why}", Readmitted: "{visit} taken back by the country of exit",
	ExportCancelled: "{visit} export cancelled", GoodsReturned: "{visit} sent {thing} back",
	Ready: "{visit} dossier ready", Unready: "{visit} dossier not ready", Held: "{visit} held{acts}{why}", Unheld: "{visit} no longer held{acts}",
	Milestone: "{visit} milestone {n}{acts}", Corrected: "{visit} corrected to {traits}{why}",
	FellBack: "{visit} falls back to {procedure}, needs{acts}", KeptProcedure: "{visit} finishes under {procedure}",
	Linked: "{thing} joined {visit}", Unlinked: "{thing} left {visit}{where}", Sealed: "{thing} sealed with {n}", Unsealed: "{thing} unsealed, seal {n}",
	Alighted: "{visit} alighted from {other} in {place}", Boarded: "{visit} back aboard {other}",
	StaffChanged: "{stop}: {n} on duty by the roster", ServersSet: "{stop}: {n} ordered", CapacitySet: "{place} takes {n}",
	AcceptsSet: "{place} refuses {traits}", LaneOpened: "{place} open", LaneClosed: "{place} closed",
	LaneTurning: "{place} drains before it serves {way}", LaneTurned: "{place} serves {way}",
	PostClosed: "{post} closed{why}", PostReopened: "{post} open again",
	ProcedureStarted: "{procedure} in force", ProcedureSuspended: "{procedure} suspended{why}", PolicySet: "policy in force: {policy}",
	Seen: "{visit} seen in {place}, as expected", Strayed: "{visit} seen in {place}, expected in {to}",
	Relocated: "{visit} put in {place} instead of {to}{why}", StayLimited: "{visit} must be back by {instant}",
	Overstayed: "{visit} overstayed its limit of {instant}", Anomaly: "anomaly: {visit}{where}{why}", Noted: "{visit} remark{why}", HoursSet: "hours of a day set{why}",
	CallWithdrawn: "{visit} no longer called to {place}",
}

// inputWords say what is reported or, after "order", ordered.
var inputWords = map[string]Do{
	"tick": Tick, "arrive": ObserveArrival, "entered": ObserveEntered, "reached": ObserveReached, "served": ObserveServed,
	"interrupted": ObserveInterrupted, "seen": ObserveSeen, "alighted": ObserveAlighted, "linked": ObserveLinked, "unlinked": ObserveUnlinked,
	"sealed": ObserveSealed, "unsealed": ObserveUnsealed, "milestone": ObserveMilestone, "gone": ObserveGone, "confirmed": ObserveConfirmed,
	"order announce": Announce, "order book": Book, "order give back": GiveBack, "order cancel": Cancel, "order ready": SetReady,
	"order unready": SetUnready, "order hold": Hold, "order lift": Unhold, "order refer": Refer, "order refuse": Refuse,
	"order readmit": Readmit, "order cancel export": CancelExport, "order return goods": ReturnGoods, "order recall": Recall, "order call": Call,
	"order move": Move, "order correct": Correct, "order limit stay": LimitStay, "order servers": SetServers, "order capacity": SetCapacity,
	"order accepts": SetAccepts, "order open": OpenLane, "order close": CloseLane, "order turn": TurnLane,
	"order close post": ClosePost, "order reopen post": ReopenPost, "order start": StartProcedure, "order suspend": SuspendProcedure,
	"order policy": SetPolicy, "order hours": SetHours, "order note": Note,
}

// vocabulary is every word a log of this layout may use besides names of visits
// and things, numbers and instants.
func vocabulary(l *Layout) map[string]func(*Input) {
	words := map[string]func(*Input){}
	add := func(name string, does func(*Input)) {
		if _, twice := words[name]; twice {
			panic("two meanings of " + name)
		}
		if name != "" {
			words[name] = does
		}
	}
	for filler := range strings.FieldsSeq("at to for with of in by refusing") {
		add(filler, func(*Input) {})
	}
	add("unready dossier", func(in *Input) { in.Unready = true })
	add("and fall back", func(in *Input) { in.N = 1 })
	for name, do := range inputWords {
		add(name, func(in *Input) { in.Do = do })
	}
	for o, name := range outcomeNames {
		add(name, func(in *Input) { in.Outcome = Outcome(o) })
	}
	for r, name := range reasonNames {
		if Reason(r) >= ByDriver {
			add(name, func(in *Input) { in.Reason = Reason(r) })
		}
	}
	for _, a := range border.Axes() {
		for _, name := range a.Values() {
			bit, _, _ := border.ParseTrait(name)
			add(name, func(in *Input) { in.Traits |= bit })
		}
	}
	for i, f := range l.Formalities {
		add(f.Name, func(in *Input) { in.Formalities |= 1 << i })
	}
	for i, w := range l.Directions {
		add(w.Exit+"-"+w.Entry, func(in *Input) { in.Direction = Direction(i) })
	}
	for i, p := range l.Posts {
		add(p.Name, func(in *Input) { in.N = int64(i) })
	}
	for i := 1; i < len(l.Places); i++ {
		add(l.Places[i].Name, func(in *Input) { in.Place = PlaceID(i) })
	}
	for i := 1; i < len(l.Stops); i++ {
		add(l.Stops[i].Name, func(in *Input) { in.Stop = StopID(i) })
	}
	for i, p := range l.Procedures {
		add(p.Name, func(in *Input) { in.Procedure = ProcedureID(i) })
	}
	for i, p := range l.Policies {
		add(p.Name, func(in *Input) { in.N = int64(i) })
	}
	return words
}
