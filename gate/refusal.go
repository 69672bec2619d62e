package gate

import (
	"strconv"
	"strings"
	"time"

	"landport/border"
)

// refusalTexts give each code its stable name and a sentence a person can act
// on. {n} stands for the number of the refusal, {t} for the instant it is.
var refusalTexts = [codes]struct{ name, text string }{
	Accepted:              {"", ""},
	CodeUnknownOrder:      {"unknown-order", "there is no such order"},
	CodeUnknownVisit:      {"unknown-visit", "no visit with this reference is announced or present"},
	CodeUnknownPlace:      {"unknown-place", "the crossing point has no such place"},
	CodeUnknownStop:       {"unknown-stop", "the crossing point has no such stop"},
	CodeUnknownPost:       {"unknown-post", "the crossing point has no such post"},
	CodeUnknownProcedure:  {"unknown-procedure", "the crossing point has no such procedure or direction"},
	CodeUnknownPolicy:     {"unknown-policy", "the layout has no such policy"},
	CodeUnknownThing:      {"unknown-thing", "the visit has no such consignment or vehicle with it"},
	CodeNotAnnounced:      {"not-arrived", "the visit is only announced; it must arrive first"},
	CodeAlreadyPresent:    {"already-present", "the visit has arrived; bookings can no longer change"},
	CodeNotBooked:         {"not-booked", "the visit has no booking"},
	CodeNoSlots:           {"no-slots", "the policy in force takes no bookings"},
	CodeSlotPast:          {"slot-past", "the slot is over; choose a later one"},
	CodeSlotFull:          {"slot-full", "the slot is full; the next with room starts at {t}"},
	CodeTooManyRebookings: {"too-many-rebookings", "this booking has had all the changes it may have (limit {n}); keep it, or come without"},
	CodeNotHeld:           {"not-held", "the visit is not on hold, or not for this formality"},
	CodeTooLate:           {"too-late", "the stop for this formality lies behind the visit; move it back first, with a reason"},
	CodeInService:         {"in-service", "the visit is being served; let the service end or be interrupted first"},
	CodeNotCalled:         {"not-called", "the visit has not been called"},
	CodeNotHandedOver:     {"not-handed-over", "the country of exit still has the visit; turn it back instead"},
	CodeHandedOver:        {"handed-over", "the visit was handed over to the country of entry"},
	CodeNotRefused:        {"not-refused", "entry was not refused"},
	CodePlaceFull:         {"place-full", "there is no room: it takes {n}"},
	CodeNotALane:          {"not-a-lane", "only lanes and other work places open and close"},
	CodeNotTidal:          {"not-tidal", "only a tidal lane can be turned, to a direction of this crossing point"},
	CodeLastLane:          {"last-lane", "it is the last open lane of its direction; open another first"},
	CodeAlreadySo:         {"already-so", "it is so already"},
	CodeNoFallback:        {"no-fallback", "no procedure in force would take over; start one first"},
	CodeReasonNeeded:      {"reason-needed", "this act needs a reason"},
	CodeBadTraits:         {"bad-traits", "load state, vehicle type and the like take one value each"},
	CodeBadNumber:         {"bad-number", "the number is out of range (limit {n})"},
	CodeSlotFar:           {"slot-far", "the slot is too far ahead; the latest that can be booked now is that of {t}"},
	CodeTimePast:          {"time-past", "{t} has passed; name a later time"},
	CodeUnknownHours:      {"unknown-hours", "the post has no such hours, or they are open always"},
	CodeBadHours:          {"bad-hours", "the hours must name a day, and open, last admit and close in this order within 24 hours"},
	CodeDayFar:            {"day-far", "hours can be set for today and the {n} days ahead"},
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
	if r.Stop != 0 {
		text = l.Stops[r.Stop].Name + ": " + text
	}
	if r.Place != Outside {
		text = l.Places[r.Place].Name + ": " + text
	}
	return text
}

// clock writes an instant as a clock at the first post shows it.
func (l *Layout) clock(t border.Time) string {
	zone := l.Posts[0].Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.Std(zone).Format("15:04 on 2 January 2006")
}
