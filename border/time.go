package border

import "time"

// Time is an instant: microseconds since 1970-01-01T00:00:00Z. It is a value
// in the inputs of the core, never read from a clock there.
type Time int64

// Micros is a span of time in microseconds.
type Micros int64

// Spans of time.
const (
	Second Micros = 1_000_000
	Minute        = 60 * Second
	Hour          = 60 * Minute
	Day           = 24 * Hour
)

// Never is later than every instant.
const Never Time = 1<<63 - 1

// At converts a standard library time.
func At(t time.Time) Time { return Time(t.UnixMicro()) }

// Std converts to a standard library time in zone loc.
func (t Time) Std(loc *time.Location) time.Time { return time.UnixMicro(int64(t)).In(loc) }

// Add returns t moved by d; Never stays Never.
func (t Time) Add(d Micros) Time {
	if t == Never {
		return Never
	}
	return t + Time(d)
}

// Sub returns the span from u to t.
func (t Time) Sub(u Time) Micros { return Micros(t - u) }

// Hours returns d in hours.
func (d Micros) Hours() float64 { return float64(d) / float64(Hour) }

// Minutes returns d in minutes.
func (d Micros) Minutes() float64 { return float64(d) / float64(Minute) }

// Seconds returns d in seconds.
func (d Micros) Seconds() float64 { return float64(d) / float64(Second) }
