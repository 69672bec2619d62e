package border

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Levels of an opening-hours calendar.
const (
	Closed    = 0
	Finishing = 1 // open, but nobody new is admitted
	Admitting = 2
)

// minutesPerDay is the length of a day on the wall clock, in minutes.
const minutesPerDay = 1440

// horizon is how far At looks ahead for a change: a year and every holiday in it.
const horizon = 400 * Day

// Span is a stretch of one local day that has one level. From and To are
// minutes on the wall clock since 00:00, From included and To not. To may
// exceed 1440, up to 2880, for a span that runs over midnight.
type Span struct{ From, To, Level int }

// Date is a day of the Gregorian calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Calendar is a whole number that changes with the wall clock: how far a post
// is open, or how many officers are on duty.
//
// The level depends on what a clock on the wall in Zone reads, so an hour that
// daylight saving skips does not happen and one that it repeats happens twice.
// A span belongs to the day it starts on; where yesterday's runs over midnight
// into one of today's, today's counts.
type Calendar struct {
	Zone    *time.Location
	Week    [7][]Span       // by time.Weekday, Sunday = 0
	Dates   map[Date][]Span // exceptions such as holidays: replace that date's weekday
	Outside int             // the level outside all spans
}

// Always returns a calendar whose level never changes.
func Always(level int) *Calendar { return &Calendar{Zone: time.UTC, Outside: level} }

// With returns the calendar with spans of its own on one date.
func (c *Calendar) With(d Date, spans []Span) *Calendar {
	with := *c
	with.Dates = map[Date][]Span{d: spans}
	for other, as := range c.Dates {
		if other != d {
			with.Dates[other] = as
		}
	}
	return &with
}

// At returns the level at t and the first instant after t at which it differs,
// or Never if it stays the same for the following 400 days.
func (c *Calendar) At(t Time) (level int, until Time) {
	if c.constant() {
		return c.Outside, Never
	}
	w := c.wallAt(t)
	level, change := c.read(w)
	if t > Never-Time(horizon) {
		return level, Never
	}
	for now := t; ; {
		now = min(now.Add(change), w.zoneEnd)
		if now.Sub(t) > horizon {
			return level, Never
		}
		if now == w.zoneEnd {
			w = c.wallAt(now)
		} else {
			w.local += change
		}
		var next int
		if next, change = c.read(w); next != level {
			return level, now
		}
	}
}

// Highest returns the highest level the calendar ever has.
func (c *Calendar) Highest() int {
	most := c.Outside
	for _, spans := range c.Week {
		most = max(most, highest(spans))
	}
	for _, spans := range c.Dates {
		most = max(most, highest(spans))
	}
	return most
}

func highest(spans []Span) int {
	most := 0
	for _, s := range spans {
		most = max(most, s.Level)
	}
	return most
}

func (c *Calendar) constant() bool {
	for _, spans := range c.Week {
		if len(spans) > 0 {
			return false
		}
	}
	return len(c.Dates) == 0
}

// wall is what the local clock reads. It runs evenly until zoneEnd.
type wall struct {
	local   Micros // since 1970-01-01 00:00 on the wall clock
	zoneEnd Time
}

func (c *Calendar) wallAt(t Time) wall {
	std := t.Std(c.Zone)
	_, offset_s := std.Zone()
	w := wall{local: Micros(t) + Micros(offset_s)*Second, zoneEnd: Never}
	if _, end := std.ZoneBounds(); !end.IsZero() {
		w.zoneEnd = At(end)
	}
	return w
}

// read returns the level on the wall clock and how long the clock runs until
// the next mark, where the level may change: an end of a span, or midnight.
func (c *Calendar) read(w wall) (level int, change Micros) {
	day, clock := w.local/Day, w.local%Day
	if clock < 0 {
		day, clock = day-1, clock+Day
	}
	level, change = c.Outside, Day-clock
	found := false
	for back := range 2 {
		now := clock + Micros(back)*Day
		for _, s := range c.spans(int64(day) - int64(back)) {
			from, to := Micros(s.From)*Minute, Micros(s.To)*Minute
			if !found && from <= now && now < to {
				found, level = true, s.Level
			}
			if from > now {
				change = min(change, from-now)
			}
			if to > now {
				change = min(change, to-now)
			}
		}
	}
	return level, change
}

// spans returns the spans that start on a day, counted from 1970-01-01.
func (c *Calendar) spans(day int64) []Span {
	if len(c.Dates) > 0 {
		y, m, d := time.Unix(day*86400, 0).UTC().Date()
		if spans, ok := c.Dates[Date{y, m, d}]; ok {
			return spans
		}
	}
	const thursday = 4 // 1970-01-01
	return c.Week[((day+thursday)%7+7)%7]
}

// Check reports the first impossible hours: a span that ends before it begins,
// lies outside its day or overlaps another. The error names the day and what
// would be right.
func (c *Calendar) Check() error {
	if c.Zone == nil {
		return errors.New("the calendar has no time zone; name one such as Asia/Phnom_Penh")
	}
	if c.Outside < 0 {
		return fmt.Errorf("the level outside all hours is %d; it must be 0 or more", c.Outside)
	}
	for day, spans := range c.Week {
		name := time.Weekday(day).String()
		if err := checkDay(name, spans); err != nil {
			return err
		}
		tomorrow := (day + 1) % 7
		for _, s := range spans {
			late := Span{s.From - minutesPerDay, s.To - minutesPerDay, s.Level}
			for _, o := range c.Week[tomorrow] {
				if late.overlaps(o) {
					return fmt.Errorf("%s: %s runs over midnight into %s's %s; end it at %s",
						name, s, time.Weekday(tomorrow), o, clockText(o.From+minutesPerDay))
				}
			}
		}
	}
	dates := make([]Date, 0, len(c.Dates))
	for d := range c.Dates {
		dates = append(dates, d)
	}
	slices.SortFunc(dates, Date.compare)
	for _, d := range dates {
		if err := d.check(); err != nil {
			return err
		}
		if err := checkDay(d.String(), c.Dates[d]); err != nil {
			return err
		}
	}
	return nil
}

func checkDay(day string, spans []Span) error {
	for i, s := range spans {
		switch {
		case s.From < 0 || s.From >= minutesPerDay:
			return fmt.Errorf("%s: %s must begin between 00:00 and 23:59 of its day", day, s)
		case s.From == s.To:
			return fmt.Errorf("%s: %s lasts no time; write 00:00-24:00 for the whole day or leave it out", day, s)
		case s.From > s.To:
			return fmt.Errorf("%s: %s ends before it begins; over midnight it ends at %s",
				day, s, clockText(s.To+minutesPerDay))
		case s.To > 2*minutesPerDay:
			return fmt.Errorf("%s: %s must end by 48:00, the end of the following day", day, s)
		case s.Level < 0:
			return fmt.Errorf("%s: %s has level %d; it must be 0 or more", day, s, s.Level)
		}
		for _, o := range spans[:i] {
			if s.overlaps(o) {
				first, second := o, s
				if s.From < o.From {
					first, second = s, o
				}
				return fmt.Errorf("%s: %s and %s overlap; end the first at %s or before",
					day, first, second, clockText(second.From))
			}
		}
	}
	return nil
}

func (s Span) overlaps(o Span) bool { return s.From < o.To && o.From < s.To }

// String returns the span's hours, such as 22:00-26:00.
func (s Span) String() string { return clockText(s.From) + "-" + clockText(s.To) }

func clockText(minutes int) string {
	if minutes < 0 {
		return "-" + clockText(-minutes)
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// String returns the date in ISO 8601 form.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

func (d Date) compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

func (d Date) check() error {
	y, m, day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Date()
	if is := (Date{y, m, day}); is != d {
		return fmt.Errorf("%s is not a date; the day it runs on to is %s", d, is)
	}
	return nil
}

// ParseHours reads hours such as "06:00-22:00", "22:00-02:00" (over midnight)
// or "00:00-24:00" and returns minutes since 00:00; to exceeds 1440 for hours
// over midnight.
func ParseHours(s string) (from, to int, err error) {
	a, b, ok := strings.Cut(strings.ReplaceAll(s, "–", "-"), "-")
	if !ok {
		return 0, 0, fmt.Errorf("hours %q lack a hyphen; write them as 06:00-22:00", s)
	}
	if from, err = parseClock(a); err != nil {
		return 0, 0, fmt.Errorf("hours %q: the opening %w", s, err)
	}
	if to, err = parseClock(b); err != nil {
		return 0, 0, fmt.Errorf("hours %q: the closing %w", s, err)
	}
	switch {
	case from == minutesPerDay:
		return 0, 0, fmt.Errorf("hours %q open at 24:00; write 00:00 of the following day", s)
	case from == to:
		return 0, 0, fmt.Errorf("hours %q open and close at the same time; for the whole day write 00:00-24:00", s)
	case to < from:
		to += minutesPerDay
	}
	return from, to, nil
}

func parseClock(s string) (minutes int, err error) {
	s = strings.TrimSpace(s)
	h, m, _ := strings.Cut(s, ":")
	hour, okHour := twoDigits(h)
	minute, okMinute := twoDigits(m)
	if !okHour || !okMinute || len(m) != 2 {
		return 0, fmt.Errorf("%q is not a time; write it as 06:00", s)
	}
	if minutes = hour*60 + minute; minute > 59 || minutes > minutesPerDay {
		return 0, fmt.Errorf("%q is not a time of day; it lies between 00:00 and 24:00", s)
	}
	return minutes, nil
}

// twoDigits reads one or two ASCII digits.
func twoDigits(s string) (n int, ok bool) {
	if len(s) < 1 || len(s) > 2 {
		return 0, false
	}
	for _, r := range []byte(s) {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// WithLastAdmission returns one day's spans with the end of every Admitting
// stretch turned to Finishing: the last `before` of it, rounded up to whole
// minutes. Admitting spans that follow each other without a gap are one
// stretch. One that fills the day from 00:00 to 24:00 closes at no hour and
// stays as it is; another that goes on in the next day's spans is written as
// one span over midnight.
func WithLastAdmission(spans []Span, before Micros) []Span {
	lead_min := int(max(0, min(before, 2*Day)+Minute-1) / Minute)
	out := make([]Span, 0, 2*len(spans))
	for _, s := range spans {
		opens, closes := stretch(spans, s)
		if s.Level != Admitting || opens == 0 && closes == minutesPerDay {
			out = append(out, s)
			continue
		}
		cut := max(s.From, min(s.To, closes-lead_min))
		if s.From < cut {
			out = append(out, Span{s.From, cut, Admitting})
		}
		if cut < s.To {
			out = append(out, Span{cut, s.To, Finishing})
		}
	}
	return out
}

// stretch returns where the Admitting stretch that s is part of opens and closes.
func stretch(spans []Span, s Span) (opens, closes int) {
	opens, closes = s.From, s.To
	for range spans {
		for _, o := range spans {
			if o.Level != Admitting || o.From >= o.To {
				continue
			}
			if o.To == opens {
				opens = o.From
			}
			if o.From == closes {
				closes = o.To
			}
		}
	}
	return opens, closes
}
