package study

import (
	"time"

	"landport/border"
)

// Span is a length of local time whose visits a view sums up, by the hour in
// which they left.
type Span string

// Spans. The last two keep the hours of the local day apart: their visits are
// those of all days of the month or year in the same hour.
const (
	Hour         Span = "hour"
	Day          Span = "day"
	Month        Span = "month"
	Year         Span = "year"
	HoursOfMonth Span = "hours of month"
	HoursOfYear  Span = "hours of year"
)

// Rollup says from which views those of a span are made once it is over.
type Rollup struct{ Into, From Span }

// Rollups returns them in the order in which they can be made.
func Rollups() []Rollup {
	return []Rollup{{Day, Hour}, {Month, Day}, {Year, Month}, {HoursOfMonth, Hour}, {HoursOfYear, HoursOfMonth}}
}

// Start returns the beginning of the span in which t is, in the local time of a zone.
func (s Span) Start(t border.Time, zone *time.Location) border.Time {
	at := t.Std(zone)
	switch s {
	case Day:
		return midnight(at.Year(), at.Month(), at.Day(), zone)
	case Month, HoursOfMonth:
		return midnight(at.Year(), at.Month(), 1, zone)
	case Year, HoursOfYear:
		return midnight(at.Year(), time.January, 1, zone)
	}
	within := time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
	return border.At(at.Add(-within))
}

// Next returns the beginning of the span after the one in which t is.
func (s Span) Next(t border.Time, zone *time.Location) border.Time {
	at := s.Start(t, zone).Std(zone)
	switch s {
	case Day:
		return midnight(at.Year(), at.Month(), at.Day()+1, zone)
	case Month, HoursOfMonth:
		return midnight(at.Year(), at.Month()+1, 1, zone)
	case Year, HoursOfYear:
		return midnight(at.Year()+1, time.January, 1, zone)
	}
	return border.At(at).Add(border.Hour)
}

// midnight begins a day; where clocks go forward at midnight, at one o'clock.
func midnight(year int, month time.Month, day int, zone *time.Location) border.Time {
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if wanted := time.Date(year, month, day, 12, 0, 0, 0, time.UTC); at.Day() != wanted.Day() {
		at = at.Add(time.Hour)
	}
	return border.At(at)
}

// apart reports whether the hours of the day are kept apart.
func (s Span) apart() bool { return s == HoursOfMonth || s == HoursOfYear }

// Key returns under which instant a span's views keep those who left in the
// hour that begins at t: the span's beginning, or, where hours are kept apart,
// so many hours after it.
func (s Span) Key(t border.Time, zone *time.Location) border.Time {
	start := s.Start(t, zone)
	if s.apart() {
		start = start.Add(border.Micros(t.Std(zone).Hour()) * border.Hour)
	}
	return start
}

// Rekey returns under which instant this span's views keep what another's keep
// under key: From and Into of a Rollup.
func (s Span) Rekey(from Span, key border.Time, zone *time.Location) border.Time {
	if s.apart() && from.apart() {
		return s.Start(key, zone).Add(border.Micros(from.HourOfDay(key, zone)) * border.Hour)
	}
	return s.Key(key, zone)
}

// HourOfDay returns which hour of the local day the views under a key are of,
// for hours and spans that keep them apart.
func (s Span) HourOfDay(key border.Time, zone *time.Location) int {
	if s.apart() {
		return int(key.Sub(s.Start(key, zone)) / border.Hour)
	}
	return key.Std(zone).Hour()
}

// Piece is part of a period, to be read from the views of one span.
type Piece struct {
	Span     Span
	From, To border.Time
}

// Pieces divides a period of whole hours into the longest of the spans given,
// longest first, that are over at an instant; hours are always there.
func Pieces(from, to, over border.Time, zone *time.Location, spans ...Span) (pieces []Piece) {
	for at := from; at < to; {
		span, next := Hour, Hour.Next(at, zone)
		for _, s := range spans {
			if end := s.Next(at, zone); s.Start(at, zone) == at && end <= min(to, over) {
				span, next = s, end
				break
			}
		}
		if n := len(pieces); n > 0 && pieces[n-1].Span == span {
			pieces[n-1].To = next
		} else {
			pieces = append(pieces, Piece{span, at, next})
		}
		at = next
	}
	return pieces
}
