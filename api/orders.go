package api

import (
	"net/http"

	"landport/gate"
)

const visitPath = "/api/v1/visits/{reference}/"

// observationRows are what people and devices report of a visit. None is ever
// refused: what does not fit becomes an anomaly.
var observationRows = [...]row{
	{do: gate.ObserveArrival, takes: "outward place dossier_ready formalities", summary: "An announced visit has arrived", text: "Formalities are those it was referred to before it came; place is where it was seen, without it the start of its route."},
	{do: gate.ObserveEntered, takes: "place", summary: "It entered a place", text: "Without a place, the one it was called to."},
	{do: gate.ObserveReached, summary: "It came to the end of the way it was driving"},
	{do: gate.ObserveServed, takes: "outcome formalities reason", summary: "Its service ended", text: "With the outcome referred-on, formalities are those it was referred to; with held-back, those it is held for."},
	{do: gate.ObserveInterrupted, summary: "Its service broke off"},
	{do: gate.ObserveSeen, takes: "place!", summary: "It was seen in a place"},
	{do: gate.ObserveLinked, takes: "thing thing_kind", summary: "Something now belongs to it", text: "A power unit, trailer, container, consignment or person. Without `thing` a new one is numbered; the linked entry has its number."},
	{do: gate.ObserveMilestone, takes: "milestone! formalities", summary: "An event of the time release study"},
	{do: gate.ObserveGone, takes: "reason!", summary: "It left without release"},
	{do: gate.ObserveConfirmed, summary: "The other side confirmed its arrival"},
}

// orderRows are what may be asked for a visit, and refused.
var orderRows = [...]row{
	{do: gate.Book, takes: "slot!", summary: "Book a slot"},
	{do: gate.GiveBack, summary: "Give a booking back"},
	{do: gate.Cancel, takes: "reason", summary: "Cancel an announced visit"},
	{do: gate.SetReady, summary: "Its dossier is ready"},
	{do: gate.SetUnready, summary: "Its dossier needs mending"},
	{do: gate.Hold, takes: "formalities reason!", summary: "Hold it", text: "Without formalities it is held whatever comes. If it was called and has not come, its call is taken back."},
	{do: gate.Unhold, takes: "formalities", summary: "Lift a hold", text: "Without formalities all of them."},
	{do: gate.Refer, takes: "formalities!", summary: "Refer it to formalities"},
	{do: gate.Refuse, takes: "formalities reason!", summary: "Refuse it"},
	{do: gate.Readmit, summary: "Take it back after entry was refused"},
	{do: gate.CancelExport, summary: "Cancel its export"},
	{do: gate.ReturnGoods, takes: "thing!", summary: "Return goods"},
	{do: gate.Call, takes: "place reason!", summary: "Call it out of turn", text: "It waits where drivers are called. Without a place it is called where dispatch would call it; a lane that is closed can be named too, so that its room is kept for whom people call."},
	{do: gate.Recall, summary: "Call it again"},
	{do: gate.Move, takes: "place! reason!", summary: "Put it in a place", text: "With the reason break-glass also where there is no room, and out of a service."},
	{do: gate.Correct, takes: "traits plate reason!", summary: "Correct its traits or plate", text: "What is left out stays as it is. The plate that stood before can still be told from the ledger until it is erased."},
	{do: gate.LimitStay, takes: "until!", summary: "Limit its stay"},
	{do: gate.Note, takes: "reason", summary: "Note a remark"},
}

func (s *server) registerOrders() {
	for _, r := range observationRows {
		s.registerVisitRow(r, tagSeen)
	}
	for _, r := range orderRows {
		s.registerVisitRow(r, tagOrders)
	}
	lane, place, stop := "/api/v1/posts/{post}/lanes/{place}/", "/api/v1/posts/{post}/places/{place}/", "/api/v1/posts/{post}/stops/{stop}/"
	at := []string{codeUnknownPost, codeUnknownPlace}
	for _, r := range []row{
		{gate.OpenLane, lane + "open", "reason", "Open a lane", "Or another place of work."},
		{gate.CloseLane, lane + "close", "reason!", "Close a lane", "Those in it finish."},
		{gate.TurnLane, lane + "turn", "direction! reason!", "Turn a tidal lane", "It drains first."},
		{gate.SetCapacity, place + "capacity", "capacity! reason", "Set how many a place takes", ""},
		{gate.SetAccepts, place + "accepts", "refused required reason", "Set which traits a place takes", "What is left out is neither refused nor required."},
	} {
		register[placeWrite](s, r, operation{id: r.do.String(), tag: tagRunning, problems: at, example: exampleReceipt(false)})
	}
	register[stopWrite](s, row{gate.SetServers, stop + "servers", "servers! reason", "Set how many serve at a stop", "Without a calendar of staff they stay until set again."},
		operation{id: "set-servers", tag: tagRunning, problems: []string{codeUnknownPost, codeUnknownStop}, example: exampleReceipt(false)})
	s.registerPostRows()
}

func (s *server) registerVisitRow(r row, tag string) {
	r.path = visitPath + r.do.String()
	register[visitWrite](s, r, operation{id: r.do.String(), tag: tag, problems: []string{codeUnknownVisit}, example: exampleReceipt(true)})
}

func (s *server) registerPostRows() {
	for _, r := range []row{
		{gate.StartProcedure, "start", "reason", "Start a procedure", ""},
		{gate.SuspendProcedure, "suspend", "reason! fall_back", "Suspend a procedure", "Another must be in force that takes over."},
	} {
		r.path = "/api/v1/posts/{post}/procedures/{procedure}/" + r.path
		register[procedureWrite](s, r, operation{id: r.do.String(), tag: tagRunning, problems: []string{codeUnknownPost, codeUnknownProcedure}, example: exampleReceipt(false)})
	}
	for _, r := range []row{
		{gate.ClosePost, "close", "reason!", "Close the post", "Whatever its hours say; nobody is admitted until it is reopened."},
		{gate.ReopenPost, "reopen", "reason!", "Reopen the post", "It goes by its hours again."},
		{gate.SetPolicy, "policy", "policy! reason!", "Set the policy of dispatch", ""},
		{
			gate.SetHours, "hours", "opening! day! opens last_admission closes reason!", "Set the hours of a day",
			"In place of those by its calendar, for that day alone. Given for today they hold at once.",
		},
	} {
		r.path = "/api/v1/posts/{post}/" + r.path
		register[postWrite](s, r, operation{id: r.do.String(), tag: tagRunning, problems: []string{codeUnknownPost}, example: exampleReceipt(false)})
	}
	for _, r := range []row{
		{gate.ObserveUnlinked, "unlinked", "place", "Something left its visit", "Place is where it rests; without it, it is gone."},
		{gate.ObserveSealed, "sealed", "seal!", "A seal was put on", ""},
		{gate.ObserveUnsealed, "unsealed", "seal!", "A seal was taken off", ""},
	} {
		r.path = "/api/v1/posts/{post}/things/{thing}/" + r.path
		register[thingWrite](s, r, operation{id: r.do.String(), tag: tagSeen, problems: []string{codeUnknownPost}, example: exampleReceipt(false)})
	}
	register[anomalyWrite](s, row{path: "/api/v1/anomalies/{seq}/settle", summary: "Settle an anomaly", text: "Somebody looked into it; say in the remark what came of it."},
		operation{id: "settle", tag: tagRunning, example: exampleReceipt(false)})
	register[factWrite](s, row{
		path: visitPath + "facts/{seq}/correct-time", takes: "time! reason!", summary: "Correct when a fact was",
		text: "However long ago it was. What followed from the same report at that instant goes with it. The record tells both times, and the study counts the one that is right; " +
			"who is here stays where dispatch has it. A time that would upset the order of what is known of the visit is refused, and so is one more than 30 days before what was told.",
	}, operation{id: "correct-time", tag: tagOrders, problems: []string{codeUnknownVisit}, example: exampleReceipt(true)})
	register[nodeWrite](s, row{path: "/api/v1/clock/confirm", summary: "Confirm the clock", text: "After the wall clock was set by more than two minutes, deadlines stand still until somebody confirms that it is right now."},
		operation{id: "confirm-clock", tag: tagRunning, example: exampleReceipt(false)})
}

func (s *server) registerArrivals() {
	for _, r := range []row{
		{
			gate.ObserveArrival, "visits", "event traits! direction! reference outward plate dossier_ready place formalities", "A visit arrives or is announced",
			"Its reference is the one the neighbour minted, or a new one. An arrival with the reference of an announced visit is that visit's. " +
				"Who arrives under one that is of a visit that is over, or that this post never gave, gets a new one, which the answer has, and is an anomaly. " +
				"So does who goes the other way, or has another plate or (where plates do not tell) is of another kind than the visit that is announced or here under it.",
		},
		{gate.ObserveAlighted, "passengers", "coach! place! traits! formalities", "A passenger alights from a coach", "The passenger gets a visit and goes on foot."},
	} {
		r.path = "/api/v1/posts/{post}/" + r.path
		register[postWrite](s, r, operation{id: r.do.String() + "-at-post", tag: tagVisits, status: http.StatusCreated, problems: []string{codeUnknownPost}, example: exampleReceipt(true)})
	}
}
