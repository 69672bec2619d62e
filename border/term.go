package border

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Term is how long something may be kept, by the calendar: two years end on a
// date, not after so many hours.
type Term struct{ Years, Months, Days int }

// termMost is the longest term in years.
const termMost = 200

// ParseTerm reads a whole number and its unit: 90d, 12w, 18mo, 2y.
func ParseTerm(s string) (t Term, err error) {
	digits := strings.TrimRight(s, "dwmoy")
	n, err := strconv.Atoi(digits)
	perYear := map[string]int{"d": 365, "w": 52, "mo": 12, "y": 1}[s[len(digits):]]
	if err != nil || perYear == 0 || n < 1 || n > termMost*perYear {
		return t, fmt.Errorf("%q is not a term; give a whole number and d, w, mo or y, such as 90d, 18mo or 2y, up to %dy", s, termMost)
	}
	switch s[len(digits):] {
	case "d":
		t.Days = n
	case "w":
		t.Days = 7 * n
	case "mo":
		t.Months = n
	case "y":
		t.Years = n
	}
	return t, nil
}

// UnmarshalText is ParseTerm, for files and command lines.
func (t *Term) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTerm(string(text))
	return err
}

// String writes a term as ParseTerm reads it; "" for none.
func (t Term) String() string {
	switch {
	case t.Years > 0:
		return fmt.Sprintf("%dy", t.Years)
	case t.Months > 0:
		return fmt.Sprintf("%dmo", t.Months)
	case t.Days > 0:
		return fmt.Sprintf("%dd", t.Days)
	}
	return ""
}

// Ago returns the instant a term before now, by the calendar of now's zone.
// What was there before it has been there for the whole term. A month that has
// no such day has its last day instead.
func (t Term) Ago(now time.Time) time.Time {
	year, month, day := now.Year()-t.Years, now.Month()-time.Month(t.Months), now.Day()
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, now.Location()).Day()
	hour, minute, second := now.Clock()
	return time.Date(year, month, min(day, last)-t.Days, hour, minute, second, now.Nanosecond(), now.Location())
}
