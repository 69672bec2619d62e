package web

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/study"
)

// Telling is one fact in plain words.
type Telling struct {
	At    border.Time
	Told  border.Time   // at which it was told to be at first, if that was corrected; else 0
	Post  gate.PostID   // whose clock it is told by
	After border.Micros // since the fact before; 0 for the first
	Text  string
	Why   string // why dispatch decided so; empty for what the world did

	Seq     int64 // of the fact
	Brought bool  // by people or devices, not decided here
}

// trace says under which number a fact is recorded and who brought it about.
func (t *Telling) trace(from node.Origin) string {
	if t.Brought && from.Actor != "" {
		return fmt.Sprintf("No. %d, by %s", t.Seq, from.Actor)
	}
	return fmt.Sprintf("No. %d", t.Seq)
}

// tell puts a visit's facts in words. Passengers who leave or board one after
// the other are told together, at the time of the first.
func tell(l *gate.Layout, rec *node.Record) []Telling {
	n := narrator{layout: l, visit: rec.ID}
	out := make([]Telling, 0, len(rec.Facts))
	var before gate.Fact
	for i := range rec.Facts {
		f := &rec.Facts[i].Fact
		n.follow(f)
		if n.crowd(f) && n.passengers > 1 {
			out[len(out)-1].Text = n.passenger(f)
			before = *f
			continue
		}
		text, why := n.sentence(f)
		if text == "" {
			continue
		}
		t := Telling{At: f.At, Post: l.Places[n.place].Post, Text: text, Why: why, Told: rec.Facts[i].Told, Seq: int64(rec.Facts[i].Sequence), Brought: brought(f.Kind) || f.Kind == gate.Called && f.Reason.ByPeople()}
		if len(out) > 0 {
			t.After = f.At.Sub(before.At)
		}
		out, before = append(out, t), *f
	}
	return out
}

// brought reports whether people or devices brought a fact about.
func brought(k gate.Kind) bool {
	switch k {
	case gate.NoShow, gate.Called, gate.CallExpired, gate.Moved, gate.Departed, gate.Joined, gate.ServiceStarted, gate.ExitReleased,
		gate.HandedOver, gate.EntryReleased, gate.Blocked, gate.Removed, gate.FellBack, gate.KeptProcedure, gate.Boarded,
		gate.Overstayed, gate.Anomaly, gate.CallWithdrawn:
		return false
	}
	return true
}

// narrator follows one visit through its facts.
type narrator struct {
	layout *gate.Layout
	visit  gate.VisitID
	place  gate.PlaceID // where the visit is by the facts so far

	refused    bool
	kind       gate.Kind // of the fact before
	passengers int       // who did the same in a row
}

// crowd reports whether a fact is of a coach's passenger, and counts those
// that do the same in a row.
func (n *narrator) crowd(f *gate.Fact) bool {
	of := f.Other == n.visit && f.Visit != n.visit
	if !of || f.Kind != n.kind {
		n.passengers = 0
	}
	n.kind = f.Kind
	if of {
		n.passengers++
	}
	return of
}

func (n *narrator) follow(f *gate.Fact) {
	switch f.Kind {
	case gate.Refused:
		n.refused = true
	case gate.Arrived, gate.Entered, gate.Moved, gate.Departed, gate.Strayed, gate.Relocated:
		if f.Visit == n.visit && f.Place != gate.Outside {
			n.place = f.Place
		}
	}
}

func (n *narrator) sentence(f *gate.Fact) (text, why string) {
	if f.Other == n.visit && f.Visit != n.visit {
		return n.passenger(f), ""
	}
	if text, why = n.journey(f); text != "" {
		return text, why
	}
	return n.condition(f), ""
}

// journey tells where a visit goes and what is done to it.
func (n *narrator) journey(f *gate.Fact) (text, why string) {
	place, stop := n.layout.Places[f.Place].Name, n.layout.Stops[f.Stop].Name
	switch f.Kind {
	case gate.Announced:
		return "Announced: " + board.What(f.Traits) + ".", ""
	case gate.Booked:
		return "Booked the slot from " + board.Clock(border.Time(f.N), node.Zone(n.layout, 0)) + ".", ""
	case gate.Unbooked:
		return "Gave its booking back.", ""
	case gate.Arrived:
		return fmt.Sprintf("Arrived at %s: %s.", place, board.What(f.Traits)), ""
	case gate.Called:
		return "Called to " + place + ".", n.because(f)
	case gate.CallExpired:
		return fmt.Sprintf("Did not come when called (call %d); keeps its place in line.", f.N), ""
	case gate.CallWithdrawn:
		return "The call to " + place + " was taken back, as it is held.", ""
	case gate.Entered:
		return "Entered " + place + ".", ""
	case gate.Moved:
		return "Went on to " + place + ".", n.because(f)
	case gate.Departed:
		if f.N == 0 {
			return "Set off through " + place + " to the way out.", ""
		}
		return fmt.Sprintf("Set off through %s; room is kept for it in %s.", place, n.layout.Places[f.N].Name), n.because(f)
	case gate.Reached:
		return "Came to the end of " + place + ".", ""
	case gate.Joined:
		return "Stood in line for " + stop + ".", ""
	case gate.ServiceStarted:
		return "Service began at " + stop + n.server(f) + n.acts(f.Formalities) + ".", ""
	case gate.ServiceEnded:
		return "Service ended at " + stop + ": " + n.outcome(f) + ".", ""
	case gate.Interrupted:
		return "Service broke off at " + stop + "; back into line.", ""
	case gate.Blocked:
		return "Done in " + place + "; stays because the way ahead is not free.", ""
	case gate.Removed:
		return "Left the crossing from " + place + ".", ""
	case gate.TurnedBack:
		if n.refused && f.Reason == gate.ByOfficer { // it follows from that, whose reason stands there
			return "Turned back, as it was refused.", ""
		}
		return "Turned back.", n.because(f)
	case gate.Cancelled:
		return "Cancelled" + reasonAfter(f.Reason) + ".", ""
	case gate.NoShow:
		return "Counted as a no-show" + reasonAfter(f.Reason) + ".", ""
	}
	return "", ""
}

// condition tells what changed about a visit where it stands.
func (n *narrator) condition(f *gate.Fact) string {
	switch f.Kind {
	case gate.Referred:
		return "Referred" + n.acts(f.Formalities) + "."
	case gate.ExitReleased:
		return "Released for exit: every exit formality is done."
	case gate.HandedOver:
		return "Handed over to the country of entry."
	case gate.EntryReleased:
		return "Released for entry: every entry formality is done."
	case gate.Confirmed:
		return "The other side confirmed its arrival."
	case gate.Refused:
		return "Refused" + n.whose(f.Formalities) + reasonAfter(f.Reason) + "."
	case gate.Readmitted:
		return "Taken back by the country of exit."
	case gate.ExportCancelled:
		return "The export was cancelled."
	case gate.GoodsReturned:
		return "Goods were sent back."
	case gate.Overstayed:
		return "Stayed beyond its limit."
	case gate.Ready:
		return "The dossier is ready."
	case gate.Unready:
		return "The dossier is not ready."
	case gate.Held:
		return "Held" + n.whose(f.Formalities) + reasonAfter(f.Reason) + "."
	case gate.Unheld:
		return "No longer held" + n.acts(f.Formalities) + "."
	case gate.Corrected:
		return "Corrected to: " + board.What(f.Traits) + reasonAfter(f.Reason) + "."
	case gate.FellBack:
		return "Its procedure was suspended; it now follows " + n.layout.Procedures[f.Procedure].Name + "."
	case gate.KeptProcedure:
		return "Its procedure was suspended; it finishes under it."
	case gate.Linked, gate.Unlinked:
		return map[gate.Kind]string{gate.Linked: "Coupled or loaded.", gate.Unlinked: "Uncoupled or unloaded."}[f.Kind]
	case gate.Sealed, gate.Unsealed:
		seal := border.Seal(f.N).String()
		if seal != "" {
			seal = " " + seal
		}
		return map[gate.Kind]string{gate.Sealed: "Sealed" + seal + ".", gate.Unsealed: "The seal" + seal + " was taken off."}[f.Kind]
	case gate.Alighted:
		return "Alighted and walks on."
	case gate.Boarded:
		return "Back aboard the coach."
	case gate.Seen:
		return "Seen in " + n.layout.Places[f.Place].Name + ", where it should be."
	case gate.Strayed:
		if gate.PlaceID(f.N) == gate.Outside {
			return "Found in " + n.layout.Places[f.Place].Name + "."
		}
		return "Seen in " + n.layout.Places[f.Place].Name + ", where it should not be."
	case gate.StayLimited:
		return "Must be back by " + day(border.Time(f.N), node.Zone(n.layout, 0)) + "."
	case gate.Anomaly:
		return "Out of the ordinary" + reasonAfter(f.Reason) + toldOf(f, node.Zone(n.layout, 0)) + "."
	case gate.Relocated:
		return "Put in " + n.layout.Places[f.Place].Name + " by an operator" + reasonAfter(f.Reason) + "."
	case gate.Milestone:
		return sentence(board.Plain(study.Code(f.N).String()))
	case gate.Noted:
		return "Noted" + reasonAfter(f.Reason) + "."
	}
	return ""
}

// passenger tells a coach's record about those who belong to it.
func (n *narrator) passenger(f *gate.Fact) string {
	zone := node.Zone(n.layout, n.layout.Places[n.place].Post)
	switch {
	case f.Kind == gate.Alighted && n.passengers == 1:
		return "A passenger alighted."
	case f.Kind == gate.Alighted:
		return fmt.Sprintf("%d passengers alighted.", n.passengers)
	case f.Kind == gate.Boarded && n.passengers == 1:
		return "A passenger is back aboard."
	case f.Kind == gate.Boarded:
		return fmt.Sprintf("%d passengers are back aboard, the last at %s.", n.passengers, board.Clock(f.At, zone))
	}
	return ""
}

// because says why dispatch chose this visit now.
func (n *narrator) because(f *gate.Fact) string {
	others := ""
	switch {
	case f.Kind != gate.Called && f.Kind != gate.Moved:
		// A departure does not count who else was waiting.
	case f.N == 0:
		others = "; nobody else was waiting"
	case f.N == 1:
		others = "; one other was waiting"
	default:
		others = fmt.Sprintf("; %d others were waiting", f.N)
	}
	switch f.Reason {
	case gate.NobodyAhead:
		return "There was room and nobody ahead of it."
	case gate.FirstInLine:
		return "First in line among those this place takes" + others + "."
	case gate.ByPriority:
		return "Its priority put it ahead" + others + "."
	case gate.BySlot:
		return "Its booked slot had come" + others + "."
	case gate.OnStandby:
		return "It had no booking and took room that bookings left" + others + "."
	case gate.ReadyAhead:
		return "Those ahead of it in line still wait for their dossier" + others + "."
	case gate.WayReserved:
		return "The way ahead was reserved for it."
	case gate.NoReason:
		return ""
	}
	return sentence(reasonWords(f.Reason))
}

func (n *narrator) server(f *gate.Fact) string {
	if n.layout.Stops[f.Stop].Servers < 2 {
		return ""
	}
	return fmt.Sprintf(", desk %d", f.Server+1)
}

func (n *narrator) outcome(f *gate.Fact) string {
	switch f.Outcome {
	case gate.ReferredOn:
		return "referred" + n.acts(f.Formalities)
	case gate.HeldBack:
		return "held"
	case gate.RefusedHere:
		return "refused"
	case gate.Again:
		return "it has to be done once more"
	}
	return "passed"
}

// whose names the agencies of formalities, and the formalities; nothing for none,
// or for any.
func (n *narrator) whose(set gate.FormalitySet) string {
	var agencies []string
	for i := range n.layout.Formalities {
		if name := board.Plain(n.layout.Formalities[i].Agency.String()); set>>i&1 != 0 && !slices.Contains(agencies, name) {
			agencies = append(agencies, name)
		}
	}
	if len(agencies) == 0 {
		return ""
	}
	return " by " + strings.Join(agencies, " and ") + " for " + strings.TrimPrefix(n.acts(set), ": ")
}

// acts lists formalities after a colon; nothing for none, or for any.
func (n *narrator) acts(set gate.FormalitySet) string {
	var names []string
	for s := uint32(set); s != 0; s &= s - 1 {
		if i := bits.TrailingZeros32(s); i < len(n.layout.Formalities) {
			names = append(names, board.Plain(n.layout.Formalities[i].Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

// toldOf names the instant of an anomaly that was told too early, and as what was
// told who was not expected.
func toldOf(f *gate.Fact, zone *time.Location) string {
	if f.Reason == gate.NotExpected && f.Traits != 0 {
		return ", told as " + board.What(f.Traits)
	}
	if f.Reason != gate.TooEarly || f.N == 0 {
		return ""
	}
	return ", " + border.Time(f.N).Std(zone).Format("Mon 2 Jan 2006 15:04")
}

// procedureWords name the procedure that a visit goes by, and say so if it is for
// others.
func (v *view) procedureWords(visit *node.Visit) string {
	if !visit.Came() {
		return "none before it comes"
	}
	p := &v.names.Procedures[visit.Procedure]
	if !p.Accepts.Accepts(visit.Traits) {
		return "none is for it; it goes by " + p.Name
	}
	return p.Name
}

func reasonAfter(r gate.Reason) string {
	if w := reasonWords(r); w != "" {
		return ": " + w
	}
	return ""
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func reasonWords(r gate.Reason) string {
	words := map[gate.Reason]string{
		gate.Full: "the place is full", gate.NoProcedure: "no procedure is for it, and it goes by another", gate.NoLane: "no lane takes it",
		gate.NotExpected: "it was not expected", gate.OverCapacity: "more vehicles than the place holds",
		gate.NotInService: "it was not in service", gate.NotCalled: "it had not been called",
		gate.UnknownVisit: "nobody knew of it", gate.CannotRefer: "the stop already lies behind it",
		gate.CallMissed: "it missed its calls", gate.BookingMissed: "it missed its booking", gate.Astray: "it strayed",
		gate.ByDriver: "the driver asked for it", gate.ByBroker: "the broker asked for it",
		gate.ByOfficer: "an officer ordered it", gate.ByOperator: "the operator ordered it",
		gate.ByAgreement: "the two sides agreed on it", gate.Documents: "documents", gate.Examination: "examination",
		gate.Security: "security", gate.Weather: "weather", gate.Breakdown: "breakdown", gate.Mistake: "a mistake",
		gate.BreakGlass: "an emergency", gate.KindUnknown: "nobody said what kind of vehicle it is", gate.PlaceGone: "the place where it was is no longer part of the post", gate.TooEarly: "it was told of a time before what is known",
		gate.HasLeft: "it was reported after it had left", gate.NoCoach: "it is no coach, and a passenger alighted",
		gate.NotMinted: "its reference was never given", gate.UsedBefore: "its reference is that of a visit that is over",
		gate.InUse:   "its reference is that of another vehicle, which is announced or here",
		gate.NotOpen: "nobody is taken in there now", gate.EntriesLost: "entries of the ledger were lost",
	}
	return words[r]
}
