package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"landport/border"
)

// hours are stretches of the local day, by weekday, for holidays and for single
// dates. A date counts before a holiday, a holiday before a weekday.
type hours struct {
	week     [7][]border.Span
	holidays []border.Span
	closed   bool // holidays are named, so empty means closed
	dates    []dateHours
}

type dateHours struct {
	date  border.Date
	spans []border.Span
}

func (h *hours) read(n node) error {
	entries, mapped, err := n.entries()
	if err != nil {
		return err
	}
	if !mapped {
		spans, err := readSpans(n)
		if err != nil {
			return err
		}
		for day := range h.week {
			h.week[day] = spans
		}
		return h.check(n)
	}
	var named [7]bool
	for _, e := range entries {
		spans, err := readSpans(n.child(e.value, n.path))
		if err != nil {
			return err
		}
		if err := h.set(e, spans, &named); err != nil {
			return err
		}
	}
	if i := slices.Index(named[:], false); i >= 0 {
		day := weekdays()[i]
		return n.errorf("%s is not named; add %s: 06:00-22:00, or %s: closed", day, day, day)
	}
	return h.check(n)
}

// check refuses impossible hours, such as two stretches that overlap.
func (h *hours) check(n node) error {
	if err := h.calendar(time.UTC, nil, 0).Check(); err != nil {
		return n.errorf("%v", err)
	}
	return nil
}

func (h *hours) set(e entry, spans []border.Span, named *[7]bool) error {
	if e.key == "holidays" {
		h.holidays, h.closed = spans, true
		return nil
	}
	if strings.Count(e.key, "-") == 2 {
		date, err := parseDate(e.key)
		if err != nil {
			return e.errorf("%v", err)
		}
		h.dates = append(h.dates, dateHours{date, spans})
		return nil
	}
	days, err := parseDays(e.key)
	if err != nil {
		return e.errorf("%v, holidays, or a date such as 2018-04-14", err)
	}
	for _, day := range days {
		if named[day] {
			return e.errorf("%s is named twice", weekdays()[day])
		}
		h.week[day], named[day] = spans, true
	}
	return nil
}

// readSpans reads one day's hours, such as 06:00-11:30, 13:00-22:00.
func readSpans(n node) ([]border.Span, error) {
	text, err := n.scalar("hours such as 06:00-22:00, or closed")
	if err != nil || text == "closed" {
		return nil, err
	}
	var spans []border.Span
	for part := range strings.SplitSeq(text, ",") {
		from, to, err := border.ParseHours(strings.TrimSpace(part))
		if err != nil {
			return nil, n.errorf("%s", strings.TrimPrefix(err.Error(), "hours "))
		}
		spans = append(spans, border.Span{From: from, To: to, Level: border.Admitting})
	}
	return spans, nil
}

func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// parseDays reads weekdays such as mon-fri, sat-sun or daily.
func parseDays(text string) ([]int, error) {
	if text == "daily" {
		return []int{0, 1, 2, 3, 4, 5, 6}, nil
	}
	a, b, through := strings.Cut(text, "-")
	from, to := slices.Index(weekdays(), a), slices.Index(weekdays(), b)
	if !through {
		to = from
	}
	if from < 0 || to < 0 {
		return nil, fmt.Errorf("%q is not a day; days are mon, tue, wed, thu, fri, sat, sun, mon-fri and the like, daily", text)
	}
	days := []int{from}
	for from != to {
		from = (from + 1) % 7
		days = append(days, from)
	}
	return days, nil
}

// on returns the hours that start on a day of the calendar.
func (h *hours) on(day border.Date, holidays dates) []border.Span {
	for _, d := range h.dates {
		if d.date == day {
			return d.spans
		}
	}
	if h.closed && slices.Contains(holidays, day) {
		return h.holidays
	}
	return h.week[weekdayOf(day)]
}

// special lists the dates on which the hours are not the weekday's.
func (h *hours) special(holidays dates) dates {
	var out dates
	for _, d := range h.dates {
		out = append(out, d.date)
	}
	if h.closed {
		out = append(out, holidays...)
	}
	return out
}

// calendar is an opening's: closed, finishing or admitting.
func (h *hours) calendar(zone *time.Location, holidays dates, last border.Micros) *border.Calendar {
	c := &border.Calendar{Zone: zone, Dates: map[border.Date][]border.Span{}}
	for day := range c.Week {
		c.Week[day] = border.WithLastAdmission(h.week[day], last)
	}
	for _, date := range h.special(holidays) {
		c.Dates[date] = border.WithLastAdmission(h.on(date, holidays), last)
	}
	return c
}

// roster returns how many officers are on duty: those of the shifts less those
// on a break, never less than none.
func roster(shifts, breaks []shift, zone *time.Location, holidays dates) *border.Calendar {
	c := &border.Calendar{Zone: zone, Dates: map[border.Date][]border.Span{}}
	for day := range c.Week {
		c.Week[day] = onDuty(shifts, breaks, func(h *hours) (today, yesterday []border.Span) {
			return h.week[day], h.week[(day+6)%7]
		})
	}
	for _, s := range slices.Concat(shifts, breaks) {
		for _, date := range s.Hours.special(holidays) {
			for _, d := range []border.Date{date, dayAfter(date, 1)} {
				c.Dates[d] = onDuty(shifts, breaks, func(h *hours) (today, yesterday []border.Span) {
					return h.on(d, holidays), h.on(dayAfter(d, -1), holidays)
				})
			}
		}
	}
	return c
}

// onDuty adds up one day from midnight to midnight, with what yesterday's
// shifts reach into it.
func onDuty(shifts, breaks []shift, of func(*hours) (today, yesterday []border.Span)) []border.Span {
	const day_min = 24 * 60
	var level [day_min + 1]int
	add := func(s *shift, by int) {
		today, yesterday := of(&s.Hours)
		for _, h := range today {
			for m := h.From; m < min(h.To, day_min); m++ {
				level[m] += by
			}
		}
		for _, h := range yesterday {
			for m := range h.To - day_min {
				level[m] += by
			}
		}
	}
	for i := range shifts {
		add(&shifts[i], int(shifts[i].Servers))
	}
	for i := range breaks {
		add(&breaks[i], -int(breaks[i].Servers))
	}
	var spans []border.Span
	for from := 0; from < day_min; {
		to := from
		for to < day_min && level[to] == level[from] {
			to++
		}
		if level[from] > 0 {
			spans = append(spans, border.Span{From: from, To: to, Level: level[from]})
		}
		from = to
	}
	return spans
}

func weekdayOf(d border.Date) int { return int(midnight(d).Weekday()) }

func dayAfter(d border.Date, days int) border.Date {
	year, month, day := midnight(d).AddDate(0, 0, days).Date()
	return border.Date{Year: year, Month: month, Day: day}
}

func midnight(d border.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
