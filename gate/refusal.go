package gate

import (
	"strconv"
	"strings"
	"time"

	"landport/border"
)

// refusalTexts give each code its stable name and a sentence a person can act
// on. {n} stands for the number of the refusal, {t} for the instant it is, {f}
// for the formalities, {b} for what a number can be, {k} for the kind of vehicle, {at} for the place and {s} for
// the stop. What is wrong with a place or a stop begins with its name; a sentence
// about the visit names it where it belongs.
var refusalTexts = [codes]struct{ name, text string }{
	Accepted:              {"", ""},
	CodeUnknownOrder:      {"unknown-order", "there is no such order"},
	CodeUnknownVisit:      {"unknown-visit", "no visit with this reference is announced or present"},
	CodeUnknownPlace:      {"unknown-place", "the crossing point has no such place"},
	CodeUnknownStop:       {"unknown-stop", "the crossing point has no such stop"},
	CodeUnknownPost:       {"unknown-post", "the crossing point has no such post"},
	CodeUnknownProcedure:  {"unknown-procedure", "the crossing point has no such procedure or direction"},
	CodeUnknownPolicy:     {"unknown-policy", "the layout has no such policy"},
	CodeUnknownThing:      {"unknown-thing", "the visit has no such consignment or vehicle with it; link it first"},
	CodeNotAnnounced:      {"not-arrived", "the visit is only announced; it must arrive first"},
	CodeAlreadyPresent:    {"already-present", "the visit has arrived; only one that is announced can be booked or cancelled"},
	CodeNotBooked:         {"not-booked", "the visit has no booking to give back; it may book one"},
	CodeNoSlots:           {"no-slots", "the policy in force takes no bookings; come without, or put one with slots in force first"},
	CodeSlotPast:          {"slot-past", "the slot is over; choose a later one"},
	CodeSlotFull:          {"slot-full", "the slot is full; the next with room starts at {t}"},
	CodeTooManyRebookings: {"too-many-rebookings", "this booking has had all the changes it may have (limit {n}); keep it, or come without"},
	CodeNotHeld:           {"not-held", "there is no such hold to lift; the visit is held for {f}"},
	CodeTooLate:           {"too-late", "the stop for this formality lies behind the visit; move it back first, with a reason"},
	CodeInService:         {"in-service", "the visit is being served{s}; let the service end or be interrupted first"},
	CodeNotCalled:         {"not-called", "the visit is not under call; only one that was called and has not come yet can be called again"},
	CodeNotHandedOver:     {"not-handed-over", "the country of exit still has the visit; turn it back instead"},
	CodeHandedOver:        {"handed-over", "the visit was handed over to the country of entry, where alone it can be refused now"},
	CodeNotRefused:        {"not-refused", "entry was not refused; only who was refused entry can be readmitted"},
	CodePlaceFull:         {"place-full", "there is no room: it takes {n}; wait until one has left, choose another place, or, in an emergency, give that as the reason"},
	CodeNotALane:          {"not-a-lane", "only lanes and other work places open and close; elsewhere set the capacity"},
	CodeNotTidal:          {"not-tidal", "only a tidal lane can be turned, to a direction of this crossing point"},
	CodeLastLane:          {"last-lane", "it is the last open lane of its direction{k}; open another first"},
	CodeAlreadySo:         {"already-so", "it is so already; nothing was recorded"},
	CodeNoFallback:        {"no-fallback", "no procedure in force would take over; start one first"},
	CodeReasonNeeded:      {"reason-needed", "this act needs a reason, such as by-officer or mistake"},
	CodeBadTraits:         {"bad-traits", "load state, vehicle type and the like take one value each"},
	CodeBadNumber:         {"bad-number", "the number must be {b}"},
	CodeSlotFar:           {"slot-far", "the slot is too far ahead; the latest that can be booked now is that of {t}"},
	CodeTimePast:          {"time-past", "{t} has passed; name a later time"},
	CodeUnknownHours:      {"unknown-hours", "the post has no such hours, or they are open always"},
	CodeBadHours:          {"bad-hours", "the hours must name a day, and open, last admit and close in this order within 24 hours"},
	CodeDayFar:            {"day-far", "hours can be set for today and the {n} days ahead"},
	CodeNotWaiting:        {"not-waiting", "the visit does not wait to be called; only one that waits where drivers are called can be, and one under call can be called again"},
	CodeHeld:              {"held", "the visit is held for {f}; release the hold first"},
	CodeNotItsLane:        {"not-its-lane", "it is no lane for this visit; {p}"},
	CodeNotOpen:           {"not-open", "it takes nobody in this direction now; {p}"},
	CodeNoRoomAhead:       {"no-room-ahead", "there is no room for it now; {p}"},
	CodeNotItsWay:         {"not-its-way", "the visit's procedure does not lead to {at}, or not before what is still to be done; in an emergency, given as the reason, it is moved all the same"},
}

// String returns the code's stable name, such as "slot-full".
func (c RefusalCode) String() string {
	if c < codes {
		return refusalTexts[c].name
	}
	return "unknown"
}

// Refused reports whether the order was refused.
func (r Refusal) Refused() bool { return r.Code != Accepted }

// Explain says in a sentence why an order was refused.
func (l *Layout) Explain(r Refusal) string {
	if r.Code >= codes {
		return "the order was refused"
	}
	text := strings.ReplaceAll(refusalTexts[r.Code].text, "{n}", strconv.FormatInt(r.N, 10))
	text = strings.ReplaceAll(text, "{t}", l.clock(border.Time(r.N)))
	text = strings.ReplaceAll(text, "{f}", l.held(FormalitySet(r.N)))
	text = strings.ReplaceAll(text, "{p}", l.instead(r.N))
	text = strings.ReplaceAll(text, "{b}", l.bounds(r))
	text = strings.ReplaceAll(text, "{k}", forKind(border.Traits(r.N)))
	if strings.HasPrefix(text, "the visit") {
		stop := ""
		if r.Stop != 0 {
			stop = " at " + l.Stops[r.Stop].Name
		}
		return strings.NewReplacer("{s}", stop, "{at}", l.Places[r.Place].Name).Replace(text)
	}
	if r.Stop != 0 {
		text = l.Stops[r.Stop].Name + ": " + text
	}
	if r.Place != Outside {
		text = l.Places[r.Place].Name + ": " + text
	}
	return text
}

// bounds says what a number of those who serve at a stop, or of those for whom a
// place has room, can be.
func (l *Layout) bounds(r Refusal) string {
	switch {
	case r.Stop != 0:
		return "0 or more, up to " + strconv.FormatInt(r.N, 10)
	case l.Places[r.Place].Capacity == 0:
		return "0: nothing limits how many it takes, and nothing can"
	}
	return "1 or more, up to " + strconv.FormatInt(r.N, 10)
}

// forKind names a kind of vehicle by its traits, as the end of a sentence; nothing
// for every kind.
func forKind(kind border.Traits) string {
	if kind == 0 {
		return ""
	}
	vehicles := "vehicles"
	switch of := border.VehicleType.Of(kind); of {
	case 0:
	case border.Coach:
		vehicles = "coaches"
	case border.OnFoot:
		vehicles = "people on foot"
	default:
		vehicles = of.String() + "s"
	}
	words := strings.TrimPrefix(border.LoadState.Of(kind).String()+" "+vehicles, " ")
	if cargo := border.CargoNature.Of(kind).Names(); len(cargo) > 0 {
		words += " with cargo that is " + strings.Join(cargo, " and ")
	}
	if rest := (kind &^ (border.LoadState.Mask() | border.CargoNature.Mask() | border.VehicleType.Mask())).Names(); len(rest) > 0 {
		words += " (" + strings.Join(rest, ", ") + ")"
	}
	return " for " + strings.ReplaceAll(words, "-", " ")
}

// instead says where a visit can be called now: to a place, if one takes it.
func (l *Layout) instead(place int64) string {
	if place > 0 && place < int64(len(l.Places)) {
		return "call it to " + l.Places[place].Name
	}
	return "wait until a lane that takes it has room, or close one to the others and call it there by name"
}

// held names the formalities that a visit is held for.
func (l *Layout) held(set FormalitySet) string {
	if set == 0 {
		return "nothing"
	}
	var names []string
	for i := range l.Formalities {
		if set>>i&1 != 0 {
			names = append(names, l.Formalities[i].Name)
		}
	}
	if set == orAny(0) || len(names) == 0 {
		return "whatever comes"
	}
	return strings.Join(names, ", ")
}

// clock writes an instant as a clock at the first post shows it.
func (l *Layout) clock(t border.Time) string {
	zone := l.Posts[0].Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.Std(zone).Format("15:04 on 2 January 2006")
}
