package sim

import (
	"math"
	"reflect"
	"strings"

	"landport/border"
)

// Parameter is one figure of a scenario and where it comes from: a source, or
// what was assumed. Exactly one of the two is set.
type Parameter struct {
	Path    string // such as stops[customs].service
	File    string // that says it: the scenario's, or one that it extends
	Line    int    // in that file; 0 if With set it
	Kind    Kind
	Value   string  // as written, on one line
	Mean    float64 // in the unit of its kind; of a distribution its mean; NaN for kinds without a unit
	Fit     *Fit    // within which it may be fitted, nil if it may not
	Source  string
	Assumed string
}

// Fact reports whether the figure is one that results are set beside, under
// calibration, validation or bounds, and so no part of the crossing.
func (p *Parameter) Fact() bool {
	list, _, _ := strings.Cut(p.Path, "[")
	return list == "calibration" || list == "validation" || list == "bounds"
}

// Fit is the range within which a figure may be fitted to observations, in the
// unit of its kind. That of a distribution is of its mean.
type Fit struct{ Low, High float64 }

// Kind says how a figure is written, and what it may be set to.
type Kind string

// The kinds of figures.
const (
	KindDuration    Kind = "duration"    // such as 8m
	KindTime        Kind = "time"        // a duration or a distribution of durations
	KindRate        Kind = "rate"        // such as 450/day
	KindCount       Kind = "count"       // a whole number
	KindProbability Kind = "probability" // from 0 to 1
	KindNumber      Kind = "number"      // 0 or more; a growth lies above -1
	KindTally       Kind = "tally"       // a whole number or a distribution of such
	KindHours       Kind = "hours"       // such as 06:00-22:00
	KindDate        Kind = "date"        // one date, or a list of them
	KindTable       Kind = "table"       // weights of hours or days, chances of batches, shares of classes
)

// Unit is that of Parameter.Mean: min for durations and times, /day for rates,
// empty for what has none.
func (k Kind) Unit() string {
	switch k {
	case KindDuration, KindTime:
		return "min"
	case KindRate:
		return "/day"
	}
	return ""
}

// Parameters lists every figure of the scenario in the order written.
func (f *File) Parameters() []Parameter { return append([]Parameter(nil), f.parameters...) }

// kindOf returns the kind of a figure and its mean.
func kindOf(x figure) (Kind, float64) {
	minutes := func(d border.Micros) float64 { return float64(d) / float64(border.Minute) }
	switch x := x.(type) {
	case *duration:
		return KindDuration, minutes(border.Micros(*x))
	case *timing:
		return KindTime, minutes(x.Mean())
	case *rate:
		return KindRate, float64(*x)
	case *count:
		return KindCount, float64(*x)
	case *probability:
		return KindProbability, float64(*x)
	case *factor:
		return KindNumber, float64(*x)
	case *growth:
		return KindNumber, float64(*x)
	case *tally:
		return KindTally, float64(x.Mean())
	case *date, *dates:
		return KindDate, math.NaN()
	case *hours:
		return KindHours, math.NaN()
	}
	return KindTable, math.NaN()
}

// fitEntry is the mark that a figure may be fitted.
type fitEntry[T any] struct {
	Low  T `yaml:"low" need:"true" doc:"Least value."`
	High T `yaml:"high" need:"true" doc:"Greatest value."`
}

// readFit reads the range in which a figure may be fitted, written as plain
// values of its kind.
func readFit(n node, x figure) (*Fit, error) {
	switch x.(type) {
	case *duration, *timing:
		return fitOf(n, func(d duration) float64 { return float64(d) / float64(border.Minute) })
	case *rate:
		return fitOf(n, func(r rate) float64 { return float64(r) })
	case *count:
		return fitOf(n, func(c count) float64 { return float64(c) })
	case *probability:
		return fitOf(n, func(p probability) float64 { return float64(p) })
	case *factor:
		return fitOf(n, func(f factor) float64 { return float64(f) })
	case *growth:
		return fitOf(n, func(g growth) float64 { return float64(g) })
	}
	return nil, n.errorf("goes with a duration, a rate, a count, a probability or a number only")
}

func fitOf[T any](n node, number func(T) float64) (*Fit, error) {
	var e fitEntry[T]
	if err := n.d.bare(n, reflect.ValueOf(&e).Elem()); err != nil {
		return nil, err
	}
	f := &Fit{number(e.Low), number(e.High)}
	if f.Low >= f.High {
		return nil, n.errorf("low is not below high; a range is needed to fit a figure in")
	}
	return f, nil
}
