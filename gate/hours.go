package gate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"landport/border"
)

// DayHours are the hours of an opening on one day, in place of the calendar's.
type DayHours struct {
	Opening OpeningID
	Day     border.Date // on the wall clock of the opening's calendar
	// Minutes of the wall clock since 00:00 of the day; from 1440 on they are of
	// the day after. All of them 0 is closed all day.
	Opens  int // 0 to 1439
	Last   int // the end of admission, after Opens
	Closes int // at Last or later, less than a day after Opens or at 24:00 of a whole day
}

// Bits of the numbers in an Input or a Fact of hours, above the day's.
const (
	minuteBits = 12
	dayBits    = 17 // until the year 2328
)

// Pack returns the hours as the number of an Input or a Fact. They pass Check.
func (h DayHours) Pack() int64 {
	n := int64(h.Opening)<<dayBits | dayNumber(h.Day)
	for _, minute := range [...]int{h.Opens, h.Last, h.Closes} {
		n = n<<minuteBits | int64(minute)
	}
	return n
}

// UnpackHours returns the hours that a number stands for; false if it is none's.
func UnpackHours(n int64) (DayHours, bool) {
	minute := func(i int) int { return int(n >> (i * minuteBits) & (1<<minuteBits - 1)) }
	h := DayHours{
		Opening: OpeningID(n >> (3*minuteBits + dayBits)), Day: dateOf(n >> (3 * minuteBits) & (1<<dayBits - 1)),
		Opens: minute(2), Last: minute(1), Closes: minute(0),
	}
	return h, h.Check() && h.Pack() == n
}

// Check reports whether the day and the minutes are possible.
func (h DayHours) Check() bool {
	n := dayNumber(h.Day)
	return n >= 0 && n < 1<<dayBits && dateOf(n) == h.Day &&
		(h.ClosedAllDay() || h.Opens >= 0 && h.Opens < 24*60 && h.Opens < h.Last && h.Last <= h.Closes &&
			(h.Closes-h.Opens < 24*60 || h.Opens == 0 && h.Closes == 24*60))
}

// ClosedAllDay reports whether the day has no hours.
func (h DayHours) ClosedAllDay() bool { return h.Opens|h.Last|h.Closes == 0 }

// Clocks writes when it opens, last admits and closes, such as 22:00, 01:30 and
// 02:00; empty if it is closed all day.
func (h DayHours) Clocks() (opens, last, closes string) {
	if h.ClosedAllDay() {
		return "", "", ""
	}
	clock := func(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
	return clock(h.Opens), clock((h.Last-1)%(24*60) + 1), clock((h.Closes-1)%(24*60) + 1)
}

// ParseDayHours reads a day such as 2018-03-05 and what Clocks writes; without
// last, admission ends when it closes.
func ParseDayHours(o OpeningID, day, opens, last, closes string) (h DayHours, err error) {
	h.Opening = o
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return h, fmt.Errorf("%.20q is not a day; write one as 2018-03-05", day)
	}
	h.Day = border.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}
	switch {
	case opens == "" && closes == "" && last == "":
		return h, nil
	case opens == "" || closes == "":
		return h, errors.New("give when it opens and when it closes, or neither for closed all day")
	}
	if h.Opens, h.Closes, err = border.ParseHours(opens + "-" + closes); err != nil {
		return h, err
	}
	h.Last = h.Closes
	if last != "" {
		if _, h.Last, err = border.ParseHours(opens + "-" + last); err != nil {
			return h, err
		}
	}
	if last != "" && (h.Last < h.Opens || h.Last > h.Closes) {
		return h, fmt.Errorf("the last admission at %s is not between %s and %s", last, opens, closes)
	}
	if !h.Check() {
		return h, fmt.Errorf("hours cannot be kept for %s; give a day near today", day)
	}
	return h, nil
}

// dayNumber counts days from 1970-01-01.
func dayNumber(d border.Date) int64 {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

func dateOf(n int64) border.Date {
	y, m, d := time.Unix(n*24*60*60, 0).UTC().Date()
	return border.Date{Year: y, Month: m, Day: d}
}

// dayOf is the day that a calendar's wall clock shows.
func dayOf(c *border.Calendar, t border.Time) border.Date {
	y, m, d := t.Std(c.Zone).Date()
	return border.Date{Year: y, Month: m, Day: d}
}

// spans are the hours as a calendar has them that has a level outside all hours.
func (h DayHours) spans(outside int) []border.Span {
	out := []border.Span{}
	if outside != Closed {
		out = append(out, border.Span{To: h.Opens, Level: Closed}, border.Span{From: h.Closes, To: max(h.Closes, 24*60), Level: Closed})
		out = slices.DeleteFunc(out, func(s border.Span) bool { return s.From == s.To })
	}
	if h.Opens < h.Last {
		out = append(out, border.Span{From: h.Opens, To: h.Last, Level: Admitting})
	}
	if h.Last < h.Closes {
		out = append(out, border.Span{From: h.Last, To: h.Closes, Level: Finishing})
	}
	return out
}

// hoursAhead is for how many days hours can be set beforehand.
const hoursAhead = 366

// orderHours sets the hours of a day, and opens or closes at once if by the new
// hours it should.
func (s *State) orderHours(in *Input) Refusal {
	h, ok := UnpackHours(in.N)
	switch {
	case !ok:
		return refuse(CodeBadHours)
	case h.Opening == 0 || int(h.Opening) >= len(s.openings) || s.openings[h.Opening].hours == nil:
		return refuse(CodeUnknownHours)
	}
	now := s.openings[h.Opening].hours
	today := dayNumber(dayOf(now, s.clock))
	if day := dayNumber(h.Day); day < today || day > today+hoursAhead {
		return Refusal{Code: CodeDayFar, N: hoursAhead}
	}
	so, special := now.Dates[h.Day]
	if !special {
		so = now.Week[(dayNumber(h.Day)+4)%7] // 1970-01-01 was a Thursday
	}
	if slices.Equal(so, h.spans(now.Outside)) {
		return refuse(CodeAlreadySo)
	}
	s.emit(&Fact{Kind: HoursSet, At: in.At, N: in.N, Reason: in.Reason})
	if level, _ := s.openings[h.Opening].hours.At(s.clock); level != int(s.openings[h.Opening].level) {
		s.emit(&Fact{Kind: HoursChanged, N: int64(h.Opening)<<8 | int64(level)})
	}
	return Refusal{}
}

// setHours puts the hours of a day in force, and forgets those of days past.
func (s *State) setHours(f *Fact) {
	h, ok := UnpackHours(f.N)
	if !ok {
		return
	}
	o := &s.openings[h.Opening]
	past := dayNumber(dayOf(o.hours, s.now)) - 2 // yesterday's may run over midnight
	s.special = slices.DeleteFunc(s.special, func(n int64) bool {
		old, _ := UnpackHours(n)
		return old.Opening == h.Opening && (old.Day == h.Day || dayNumber(old.Day) < past)
	})
	s.special = append(s.special, f.N)
	slices.Sort(s.special)
	s.readHours(h.Opening)
	_, o.until = lookAhead(o.hours, s.now)
	s.setCalendarDue()
}

// readHours works out an opening's calendar: the layout's with the days that
// were set.
func (s *State) readHours(id OpeningID) {
	c := s.layout.Openings[id].Hours
	for _, n := range s.special {
		if h, _ := UnpackHours(n); h.Opening == id {
			c = c.With(h.Day, h.spans(c.Outside))
		}
	}
	s.openings[id].hours = c
}

// Hours returns the calendar of an opening with the days that were set by order,
// nil for one that is always open. It is never changed.
func (s *State) Hours(o OpeningID) *border.Calendar { return s.openings[o].hours }

// HoursSet lists the days that were set by order and are not long past, by
// opening and day.
func (s *State) HoursSet() []DayHours {
	out := make([]DayHours, 0, len(s.special))
	for _, n := range s.special {
		if h, ok := UnpackHours(n); ok {
			out = append(out, h)
		}
	}
	return out
}
