package study

import (
	"landport/border"
	"landport/gate"
)

// Kinds of run, as Report.Kind.
const (
	// Terminating runs begin with an empty crossing and are measured from the
	// start: what is told is that stretch of time, its beginning included.
	Terminating = "terminating"
	// SteadyState runs are measured after a warm-up: what is told is how the
	// crossing does in the long run, wherever it began.
	SteadyState = "steady-state"
)

// ByMSER5 is the Report.WarmupRule of a warm-up that MSER5 chose.
const ByMSER5 = "MSER-5"

// mserBatch is how many observations MSER-5 takes together.
const mserBatch = 5

// MSER5 says how many of the first observations of a run to leave out, so that
// the mean of the others is least spoiled by how the run began: the marginal
// standard error rule over means of five observations (White, "An Effective
// Truncation Heuristic for Bias Reduction in Simulation Output", Simulation
// 69(6), 1997; Franklin and White, "Stationarity Tests and MSER-5", Winter
// Simulation Conference, 2008). The last five means are not tried, since few
// values lie close together by chance; and settled is false when the best is in
// the second half, which says that the run is too short to tell (Hoad, Robinson
// and Davies, "Automating Warm-up Length Estimation", Journal of the
// Operational Research Society 61, 2010), or when there are fewer than ten means.
func MSER5(observations []float64) (leaveOut int, settled bool) {
	batches := len(observations) / mserBatch
	if batches < 2*mserBatch {
		return 0, false
	}
	means := make([]float64, batches)
	for i := range means {
		for _, x := range observations[i*mserBatch : (i+1)*mserBatch] {
			means[i] += x / mserBatch
		}
	}
	best, least := 0, -1.0
	for d := 0; d <= batches-mserBatch; d++ {
		if error2 := squaredError(means[d:]); least < 0 || error2 < least {
			best, least = d, error2
		}
	}
	return best * mserBatch, best <= batches/2
}

// squaredError is the square of the standard error of the mean, were the values independent.
func squaredError(values []float64) float64 {
	n := float64(len(values))
	mean, squares := 0.0, 0.0
	for _, x := range values {
		mean += x / n
	}
	for _, x := range values {
		squares += (x - mean) * (x - mean)
	}
	return squares / n / n
}

// Filling follows how many visits are inside, coaches' passengers not counted,
// from an empty crossing on, by stretches of time.
type Filling struct {
	inside  int64
	since   border.Time
	start   border.Time
	stretch border.Micros
	present []bool  // by the visit's slot
	area    []int64 // of each stretch: visits inside times microseconds
}

// NewFilling returns a Filling of n stretches of a length, from the start of a run on.
func NewFilling(start border.Time, stretch border.Micros, n int) *Filling {
	return &Filling{start: start, since: start, stretch: stretch, area: make([]int64, n)}
}

// Add takes in the next fact of the run.
func (l *Filling) Add(f *gate.Fact) {
	switch f.Kind {
	case gate.Arrived:
		l.Reach(f.At)
		l.inside++
		slot := f.Visit.Slot()
		for slot >= len(l.present) {
			l.present = append(l.present, false)
		}
		l.present[slot] = true
	case gate.Removed, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		if slot := f.Visit.Slot(); slot < len(l.present) && l.present[slot] {
			l.Reach(f.At)
			l.inside--
			l.present[slot] = false
		}
	default:
	}
}

// Reach counts the time up to t.
func (l *Filling) Reach(t border.Time) {
	for l.since < t {
		i := int(l.since.Sub(l.start) / l.stretch)
		if i >= len(l.area) {
			l.since = t
			return
		}
		next := min(t, l.start.Add(border.Micros(i+1)*l.stretch))
		l.area[i] += l.inside * int64(next.Sub(l.since))
		l.since = next
	}
}

// Means returns the mean number inside in each stretch.
func (l *Filling) Means() []float64 {
	means := make([]float64, len(l.area))
	for i, area := range l.area {
		means[i] = float64(area) / float64(l.stretch)
	}
	return means
}
