package survey

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"landport/border"
)

// moment is what a cell says about an instant: a day, a time of day, or both.
type moment struct {
	day     time.Time // midnight UTC; zero if the cell has none
	clock   border.Micros
	clocked bool           // it has a time of day
	zone    *time.Location // named in the cell; nil if none
}

const dayMonth = `(\d{1,2})[-/. ]{1,2}(\d{1,2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})[-/., ]{1,2}(\d{4}|\d\d)`

var (
	yearFirst  = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ,]+|$)(.*)$`)
	compactDay = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)(?:[t ,]+|$)(.*)$`)
	yearLast   = regexp.MustCompile(`^` + dayMonth + `(?:[t ,]+|$)(.*)$`)
	clockFirst = regexp.MustCompile(`^(.*?)[ ,]+(?:ngay )?` + dayMonth + `$`)
	timeOfDay  = regexp.MustCompile(`^(\d{1,2}) ?(?:[:.h]|gio) ?(\d\d)(?:[:.m](\d\d)(?:\.\d+)?)? ?(am|pm|sa|ch)? ?(z|[+-]\d\d:?\d\d)?$`)
	hourAlone  = regexp.MustCompile(`^(\d{1,2}) ?(?:h|gio|(am|pm))$`)
	fourDigits = regexp.MustCompile(`^(\d\d)(\d\d)$`)
	dayNumber  = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	dayShare   = regexp.MustCompile(`^0?\.\d+$|^0$`)
)

// spelling is how a sheet writes its times.
type spelling struct {
	monthFirst bool
	workbook   bool // cells are as a spreadsheet stores them: 0.25 is six o'clock
	since1904  bool // the spreadsheet counts days from 1904
}

// parse reads a date, a time or both in the common spellings: year first
// or day first (month first if asked), with 8:15, 8h15, 0815 or 8:15 PM, in the
// digits of the border's scripts, of the Common or the Buddhist era, or as a
// spreadsheet's day number.
func (sp spelling) parse(cell string) (moment, error) {
	s := strings.Map(func(r rune) rune { return unmarked(digit(r)) }, strings.ToLower(strings.Join(strings.Fields(cell), " ")))
	if dayNumber.MatchString(s) || sp.workbook && dayShare.MatchString(s) {
		return sp.fromNumber(s)
	}
	if m := fourDigits.FindStringSubmatch(s); m != nil {
		return atClock(m[1] + ":" + m[2])
	}
	for _, form := range [...]*regexp.Regexp{yearFirst, compactDay} {
		if m := form.FindStringSubmatch(s); m != nil {
			return onDay(m[1], m[2], m[3], m[4])
		}
	}
	if m := yearLast.FindStringSubmatch(s); m != nil {
		return sp.fromParts(m[1], m[2], m[3], m[4])
	}
	if m := clockFirst.FindStringSubmatch(s); m != nil {
		return sp.fromParts(m[2], m[3], m[4], m[1])
	}
	return atClock(s)
}

func (sp spelling) fromParts(first, second, year, clock string) (moment, error) {
	if sp.monthFirst {
		first, second = second, first
	}
	return onDay(year, second, first, clock)
}

func onDay(year, month, day, clock string) (moment, error) {
	y, _ := strconv.Atoi(year)
	switch {
	case len(year) == 2:
		y += 2000
	case y >= 2400: // Buddhist era
		y -= 543
	}
	m, err := monthOf(month)
	if err != nil {
		return moment{}, err
	}
	d, _ := strconv.Atoi(day)
	at := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if y < 1990 || y > 2100 || at.Day() != d || at.Month() != m {
		return moment{}, fmt.Errorf("there is no day %s in month %s of %d", day, month, y)
	}
	out := moment{}
	if clock != "" {
		if out, err = atClock(clock); err != nil {
			return out, err
		}
	}
	out.day = at
	return out, nil
}

func monthOf(s string) (time.Month, error) {
	if n, err := strconv.Atoi(s); err == nil {
		if n < 1 || n > 12 {
			return 0, fmt.Errorf("there is no month %d; days are read before months, unless it is said that the month stands first (month_first in a mapping)", n)
		}
		return time.Month(n), nil
	}
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); s == name || s == name[:3] || m == time.September && s == "sept" {
			return m, nil
		}
	}
	return 0, fmt.Errorf("%q is no month", s)
}

var errNoTime = errors.New("it is no time; write one such as 2026-03-05 08:15, 05/03/2026 8:15 or, with a date column, 08:15")

func atClock(s string) (moment, error) {
	var half, hour, zone string
	minute, second := "0", "0"
	if m := timeOfDay.FindStringSubmatch(s); m != nil {
		hour, minute, second, half, zone = m[1], m[2], "0"+m[3], m[4], m[5]
	} else if m := hourAlone.FindStringSubmatch(s); m != nil {
		hour, half = m[1], m[2]
	} else {
		return moment{}, errNoTime
	}
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	sec, _ := strconv.Atoi(second)
	afternoon := half == "pm" || half == "ch"
	if half != "" && (h > 12 && !afternoon || h == 0 || h > 23) || m > 59 || sec > 59 || h > 24 || h == 24 && m+sec > 0 {
		return moment{}, fmt.Errorf("%s is no time of day", s)
	}
	switch {
	case afternoon && h < 12:
		h += 12
	case half != "" && !afternoon && h == 12:
		h = 0
	}
	out := moment{clock: border.Micros(h)*border.Hour + border.Micros(m)*border.Minute + border.Micros(sec)*border.Second, clocked: true}
	if zone != "" {
		out.zone = zoneOf(zone)
	}
	return out, nil
}

// zoneOf reads z, +07:00 or +0700.
func zoneOf(s string) *time.Location {
	if s == "z" {
		return time.UTC
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	h, _ := strconv.Atoi(digits[:2])
	m, _ := strconv.Atoi(digits[2:])
	ahead := h*3600 + m*60
	if s[0] == '-' {
		ahead = -ahead
	}
	return time.FixedZone("", ahead)
}

// fromNumber reads a spreadsheet's number: days since 30 December 1899, or
// since 1 January 1904 in some workbooks, and the share of a day.
func (sp spelling) fromNumber(s string) (moment, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return moment{}, errNoTime
	}
	whole, share := math.Modf(x)
	out := moment{clock: border.Micros(share*86_400+0.5) * border.Second, clocked: whole == 0 || share > 0}
	if whole == 0 {
		return out, nil
	}
	if sp.since1904 {
		whole += 1462
	}
	out.day = time.Date(1899, time.December, 30+int(whole), 0, 0, 0, 0, time.UTC)
	if out.day.Year() < 1990 || out.day.Year() > 2100 {
		return moment{}, errNoTime
	}
	return out, nil
}

// at returns the instant of a moment that has a day.
func (m moment) at(zone *time.Location) border.Time {
	if m.zone != nil {
		zone = m.zone
	}
	return border.At(time.Date(m.day.Year(), m.day.Month(), m.day.Day(), 0, 0, 0, 0, zone)).Add(m.clock)
}
