package study

import (
	"math"

	"landport/border"
)

// point is a count and a total at the end of a period, both since measuring began.
type point struct{ count, total float64 }

// series is one time, observed visit by visit.
type series struct {
	sketch Sketch
	zeros  int64     // observed and not yet in the sketch: most waits are none
	ends   []point   // of the periods, in one run
	means  []float64 // of finished replications that observed any
}

func (s *series) add(t border.Micros) {
	if t == 0 {
		s.zeros++
	} else {
		s.sketch.Add(t)
	}
}

// settle puts everything observed into the sketch.
func (s *series) settle() {
	s.sketch.AddN(0, s.zeros)
	s.zeros = 0
}

// mark notes where the series stands at the end of a period.
func (s *series) mark() {
	s.settle()
	s.ends = append(s.ends, point{float64(s.sketch.Count()), s.sketch.Total()})
}

// finish ends the replication.
func (s *series) finish() {
	s.settle()
	if s.sketch.Count() > 0 {
		s.means = append(s.means, s.sketch.Mean())
	}
}

func (s *series) merge(o *series) {
	s.sketch.Merge(&o.sketch)
	s.means = append(s.means, o.means...)
	s.ends = nil
}

// summary sums up the series in multiples of unit.
func (s *series) summary(unit border.Micros) Summary {
	if s.sketch.Count() == 0 {
		return nothing(0)
	}
	u := float64(unit)
	out := Summary{
		P50: s.sketch.Quantile(0.50) / u, P90: s.sketch.Quantile(0.90) / u, P95: s.sketch.Quantile(0.95) / u,
		Min: float64(s.sketch.Min()) / u, Max: float64(s.sketch.Max()) / u, N: s.sketch.Count(),
	}
	out.Mean, out.CI95 = estimate(s.sketch.Mean(), s.means, s.ends, u)
	return out
}

// nothing is the summary of a quantity that cannot be told, though n were observed.
func nothing(n int64) Summary {
	x := math.NaN()
	return Summary{Mean: x, CI95: [2]float64{x, x}, P50: x, P90: x, P95: x, Min: x, Max: x, N: n}
}

// fewestBatches are needed for an interval from one run.
const fewestBatches = 5

// batchMeans returns the means of periods, joined two and two while each still
// tells much of the next: means that hang together would make an interval look
// narrower than it is (Law, 9.5.3).
func batchMeans(ends []point) []float64 {
	for {
		var means []float64
		before := point{}
		for _, end := range ends {
			if end.count > before.count {
				means = append(means, (end.total-before.total)/(end.count-before.count))
			}
			before = end
		}
		if len(ends) < 2*fewestBatches || correlation(means) < mostCorrelation {
			return means
		}
		var joined []point
		for i := 1; i < len(ends); i += 2 {
			joined = append(joined, ends[i])
		}
		ends = joined
	}
}

// mostCorrelation is how much of a batch mean the one before it may tell.
const mostCorrelation = 0.2

// correlation is the lag-1 autocorrelation of values, 0 where it cannot be told.
func correlation(values []float64) float64 {
	mean, _ := meanInterval(values)
	squares, products := 0.0, 0.0
	for i, x := range values {
		squares += (x - mean) * (x - mean)
		if i > 0 {
			products += (x - mean) * (values[i-1] - mean)
		}
	}
	if squares == 0 {
		return 0
	}
	return products / squares
}

// estimate returns a mean and its 95% confidence interval in multiples of unit:
// from the means of replications, or, where there is one, from the means of its
// periods, the batch means of a long run (Law, Simulation Modeling and
// Analysis, 9.5.3: steady-state parameters).
func estimate(overall float64, replications []float64, ends []point, unit float64) (mean float64, interval [2]float64) {
	if len(replications) > 1 {
		mean, interval = meanInterval(replications)
		return mean / unit, [2]float64{interval[0] / unit, interval[1] / unit}
	}
	batches := batchMeans(ends)
	half := math.NaN()
	if len(batches) >= fewestBatches {
		centre, around := meanInterval(batches)
		half = around[1] - centre
	}
	return overall / unit, [2]float64{(overall - half) / unit, (overall + half) / unit}
}

// average is the mean of a number over visits: of times, or the share of those
// of which something is true.
type average struct {
	n, total int64
	ends     []point
	means    []float64
}

func (a *average) count(yes bool) {
	a.n++
	if yes {
		a.total++
	}
}

func (a *average) mark() { a.ends = append(a.ends, point{float64(a.n), float64(a.total)}) }

func (a *average) finish() {
	if a.n > 0 {
		a.means = append(a.means, a.mean())
	}
}

func (a *average) merge(o *average) {
	a.n += o.n
	a.total += o.total
	a.means = append(a.means, o.means...)
	a.ends = nil
}

func (a *average) mean() float64 { return float64(a.total) / float64(a.n) }

// estimate returns the mean as estimate does.
func (a *average) estimate(unit border.Micros) (mean float64, interval [2]float64) {
	return estimate(a.mean(), a.means, a.ends, float64(unit))
}

// summary sums up a share: each visit is 1 or 0.
func (a *average) summary() Summary {
	if a.n == 0 {
		return nothing(0)
	}
	s := Summary{N: a.n}
	s.Mean, s.CI95 = a.estimate(1)
	at := func(q float64) float64 {
		if float64(a.n-a.total) > q*float64(a.n-1) {
			return 0
		}
		return 1
	}
	s.Min, s.P50, s.P90, s.P95, s.Max = at(0), at(0.50), at(0.90), at(0.95), at(1)
	return s
}
