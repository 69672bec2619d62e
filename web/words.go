package web

import (
	"fmt"
	"time"

	"landport/border"
)

// span writes a length of time as a timetable would: "42 min", "1 h 05".
func span(d border.Micros) string {
	m := int64(d) / int64(border.Minute)
	switch {
	case d < border.Minute:
		return fmt.Sprintf("%d s", int64(d)/int64(border.Second))
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 48*60:
		return fmt.Sprintf("%d h %02d", m/60, m%60)
	}
	return fmt.Sprintf("%d days", m/(24*60))
}

// exactSpan is span with the seconds of what took less than ten minutes.
func exactSpan(d border.Micros) string {
	if d < border.Minute || d >= 10*border.Minute {
		return span(d)
	}
	s := int64(d) / int64(border.Second)
	return fmt.Sprintf("%d min %02d s", s/60, s%60)
}

func day(t border.Time, zone *time.Location) string { return t.Std(zone).Format("Mon 2 Jan 2006") }
