package sim

import (
	"fmt"

	"landport/study"
)

// Goal is how well a measure is to be known.
type Goal struct {
	Measure   string                              // its name
	Of        func(*study.Report) (float64, bool) // reads it from the report of a replication; false if it cannot be told
	HalfWidth float64                             // of its 95% interval, as a share of its mean
}

// Check returns nil or one sentence that says what is wrong.
func (g Goal) Check() error {
	if !(g.HalfWidth > 0 && g.HalfWidth < 1) {
		return fmt.Errorf("a half width of %g%% of the mean is impossible; give more than 0%% and less than 100%%", 100*g.HalfWidth)
	}
	return nil
}

// roundOf is how many replications are run between two looks at the interval,
// and before the first: Law, Simulation Modeling and Analysis, 9.4.1, advises
// ten at least to begin with. Fewer looks are fewer chances to stop because the
// replications so far happen to lie close together.
const roundOf = 10

// Until is Run with as many replications as a goal needs, in rounds, and
// o.Replications at most. It gives up after a round if the measure cannot be told
// in any replication so far. The report, the same bytes for any number of
// workers, says what came of the goal.
func Until(m *Model, o Options, g Goal) (*study.Report, error) {
	if err := g.Check(); err != nil {
		return nil, err
	}
	p := study.Precision{Measure: g.Measure, Asked: g.HalfWidth, Most: max(1, o.Replications)}
	var told []float64
	r, err := Each(m, o, func(i int, one *study.Report) bool {
		if x, known := g.Of(one); known {
			told = append(told, x)
		}
		if n := i + 1; n%roundOf != 0 && n != p.Most {
			return true
		}
		p.Reach(told)
		return len(told) > 0 && !p.Reached
	})
	if err != nil {
		return r, err
	}
	if _, known := g.Of(r); !known {
		p.Withhold()
	}
	r.Precision = &p
	return r, nil
}
