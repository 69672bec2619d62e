package study

import (
	"fmt"
	"math"
)

// Precision tells how well a measure is known, of which a precision was asked
// for: the half width of the 95% interval as a share of the mean, by Student's t
// over one value for each replication.
type Precision struct {
	Measure   string   `json:"measure"`
	Asked     float64  `json:"half_width_asked"`
	HalfWidth *float64 `json:"half_width"` // null where it cannot be told
	Reached   bool     `json:"reached"`
	Told      int      `json:"replications_told"` // in which the measure could be told
	Most      int      `json:"replications_most"`
}

// Reach works out what the values of the replications so far make of it.
func (p *Precision) Reach(values []float64) {
	s := SummarizeValues(values)
	half := (s.CI95[1] - s.CI95[0]) / 2
	if half > 0 {
		half /= math.Abs(s.Mean)
	}
	p.Told, p.HalfWidth, p.Reached = len(values), known(half), half <= p.Asked
}

// Withhold takes back what was worked out: of all replications together the
// measure cannot be told.
func (p *Precision) Withhold() { p.HalfWidth, p.Reached = nil, false }

// text says how many replications it took.
func (p *Precision) text(replications int) string {
	said := fmt.Sprintf("%s within ±%.3g%%", p.Measure, 100*p.Asked)
	if p.HalfWidth != nil {
		said += fmt.Sprintf(", 95%% interval ±%.2g%%", 100**p.HalfWidth)
	}
	switch {
	case p.Reached:
		said += fmt.Sprintf(": reached after %d of at most %d replications", replications, p.Most)
	case p.HalfWidth == nil:
		said += fmt.Sprintf(": cannot be told, given up after %d of at most %d replications", replications, p.Most)
	default:
		said += fmt.Sprintf(": NOT reached, the most of %d replications came first", p.Most)
	}
	if p.Told < replications {
		said += fmt.Sprintf("; in %d of them it cannot be told, and leaving those out flatters", replications-p.Told)
	}
	return said + "."
}

// precision says whether what was asked for was reached.
func (t *Page) precision(r *Report) {
	if r.Precision != nil {
		t.Wrap("Precision: ", r.Precision.text(r.Replications))
	}
}
