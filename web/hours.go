package web

import (
	"fmt"
	"time"

	"landport/board"
	"landport/gate"
)

// closesNext is chosen where hours end on the day after they begin.
const closesNext = "next"

// daysAhead is for how many days, today included, hours are offered to be set.
const daysAhead = 60

// changeHours sets the hours of a day; it begins with those of today. False if
// the post has no hours.
func (v *view) changeHours() (act, bool) {
	of := field{Name: "opening", Label: "Hours of", Kind: "select", Required: true}
	opens, last, closes := field{Name: "opens", Label: "Opens", Kind: "time"}, field{Name: "last-admission", Label: "Last admission", Kind: "time", Hint: "empty: admits until it closes"},
		field{Name: "closes", Label: "Closes", Kind: "time", Hint: "00:00 is at the end of the day; all three empty: closed all day"}
	on := field{Name: "closes-on", Label: "Closes on", Kind: "select", Options: []choice{{"", "the same day", true}, {closesNext, "the day after", false}}}
	from, until := v.localDay(0)
	for i, o := range v.Layout.Openings {
		hours := v.State.Openings[i].Hours
		if hours == nil {
			continue
		}
		today := stretches(hours, from, until)
		if len(of.Options) == 0 && len(today) == 1 {
			opens.Value, closes.Value = board.Clock(today[0].opens, v.Zone(0)), board.Clock(min(until, today[0].closes), v.Zone(0))
			if today[0].last < today[0].closes {
				last.Value = board.Clock(today[0].last, v.Zone(0))
			}
		}
		of.Options = append(of.Options, choice{o.Name, v.short(o.Name, 0), len(of.Options) == 0})
	}
	day := field{Name: "day", Label: "Day", Kind: "select", Required: true}
	for ahead := range daysAhead {
		at, _ := v.localDay(ahead)
		name := at.Std(v.Zone(0)).Format("Mon 2 Jan")
		if ahead < 2 {
			name = [...]string{"today, ", "tomorrow, "}[ahead] + name
		}
		day.Options = append(day.Options, choice{v.date(ahead), name, ahead == 0})
	}
	return newAct(gate.SetHours, "Change hours", of, day, opens, last, closes, on, reasonField()), len(of.Options) > 0
}

// hours reads the hours of a day; a clock that closes at midnight shows 00:00.
func (f *formReader) hours() int64 {
	openings := f.layout.Openings
	opening := f.find("opening", len(openings), func(i int) string { return openings[i].Name })
	opens, closes, next := f.text("opens"), f.text("closes"), f.text("closes-on") == closesNext
	if closes == "00:00" {
		closes = "24:00"
	}
	switch after := closes > opens; {
	case opens == "" || closes == "" || closes == "24:00":
	case !after && !next:
		f.failf("%s is not after %s: if it closes on the day after, choose that under Closes on", closes, opens)
	case after && next:
		f.failf("from %s to %s on the day after is more than a day: choose the same day under Closes on", opens, closes)
	}
	h, err := gate.ParseDayHours(gate.OpeningID(opening), f.text("day"), opens, f.text("last-admission"), closes)
	if err != nil {
		f.failf("%w", err)
	}
	return h.Pack()
}

// hoursOfDay says what hours were set for a day.
func hoursOfDay(h gate.DayHours) string {
	at := time.Date(h.Day.Year, h.Day.Month, h.Day.Day, 0, 0, 0, 0, time.UTC)
	day := at.Format("Mon 2 Jan")
	if h.ClosedAllDay() {
		return day + ": closed all day"
	}
	opens, last, closes := h.Clocks()
	words := fmt.Sprintf("%s: %s to %s", day, opens, closes)
	if h.Closes > 24*60 {
		words += " on " + at.AddDate(0, 0, 1).Format("Mon")
	}
	if h.Last < h.Closes {
		words += ", last admission " + last
	}
	return words
}
