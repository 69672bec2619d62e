package study

import (
	"encoding/json"
	"math"
	"slices"

	"landport/border"
)

// Summary is what a study says about one quantity. A number that cannot be
// told is NaN here and null in JSON: all of them where n is 0, the interval
// where fewer than two independent values stand behind it.
type Summary struct {
	Mean float64
	CI95 [2]float64 // 95% confidence interval of the mean: low, high
	P50  float64
	P90  float64
	P95  float64
	Min  float64
	Max  float64
	N    int64 // values observed
}

// SummarizeReplications sums up times observed in independent replications of
// a simulated run, one Sketch each, in multiples of unit. Values within a
// replication depend on each other, so the mean and its Student t interval are
// those of the replications' means (Law, Simulation Modeling and Analysis, 9.4:
// terminating simulations); a replication that observed nothing has none. All
// else is of the observations pooled.
func SummarizeReplications(replications []*Sketch, unit border.Micros) Summary {
	var pooled Sketch
	var means []float64
	for _, r := range replications {
		pooled.Merge(r)
		if r.Count() > 0 {
			means = append(means, r.Mean()/float64(unit))
		}
	}
	s := Summary{N: pooled.Count(), Min: math.NaN(), Max: math.NaN()}
	s.Mean, s.CI95 = meanInterval(means)
	s.P50 = pooled.Quantile(0.50) / float64(unit)
	s.P90 = pooled.Quantile(0.90) / float64(unit)
	s.P95 = pooled.Quantile(0.95) / float64(unit)
	if s.N > 0 {
		s.Min = float64(pooled.Min()) / float64(unit)
		s.Max = float64(pooled.Max()) / float64(unit)
	}
	return s
}

// SummarizeValues sums up independent values: the samples of a survey, or one
// figure for each replication. Values that are NaN are left out.
func SummarizeValues(values []float64) Summary {
	ordered := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(ordered)
	s := Summary{N: int64(len(ordered))}
	s.Mean, s.CI95 = meanInterval(ordered)
	at := func(q float64) float64 {
		if len(ordered) == 0 {
			return math.NaN()
		}
		return interpolate(ordered, q*float64(len(ordered)-1))
	}
	s.P50, s.P90, s.P95, s.Min, s.Max = at(0.50), at(0.90), at(0.95), at(0), at(1)
	return s
}

// Small reports that n is below 30: too few to rest on a mean or a 95th
// percentile, so what is shown must include the range, Min to Max.
func (s Summary) Small() bool { return s.N < 30 }

// BufferTime is how much longer than the mean one must plan for to be on time
// in 95 of 100 cases: the 95th percentile less the mean (Federal Highway
// Administration, "Travel Time Reliability: Making It There On Time, All The
// Time", FHWA-HOP-06-070, 2006).
func (s Summary) BufferTime() float64 { return s.P95 - s.Mean }

// BufferIndex is the buffer time as a share of the mean, from the same source.
func (s Summary) BufferIndex() float64 { return s.BufferTime() / s.Mean }

// MarshalJSON writes mean, ci95, p50, p90, p95, min, max and n.
func (s Summary) MarshalJSON() ([]byte, error) {
	known := func(x float64) *float64 {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return &x
	}
	var interval []float64
	if known(s.CI95[0]) != nil && known(s.CI95[1]) != nil {
		interval = s.CI95[:]
	}
	return json.Marshal(struct {
		Mean *float64  `json:"mean"`
		CI95 []float64 `json:"ci95"`
		P50  *float64  `json:"p50"`
		P90  *float64  `json:"p90"`
		P95  *float64  `json:"p95"`
		Min  *float64  `json:"min"`
		Max  *float64  `json:"max"`
		N    int64     `json:"n"`
	}{known(s.Mean), interval, known(s.P50), known(s.P90), known(s.P95), known(s.Min), known(s.Max), s.N})
}

// meanInterval returns the mean of independent values and its 95% confidence
// interval by Student's t, NaN where there are too few.
func meanInterval(values []float64) (mean float64, interval [2]float64) {
	n := float64(len(values))
	if n == 0 {
		return math.NaN(), [2]float64{math.NaN(), math.NaN()}
	}
	for _, x := range values {
		mean += x
	}
	mean /= n
	squares := 0.0
	for _, x := range values {
		squares += (x - mean) * (x - mean)
	}
	half := math.NaN()
	if n > 1 {
		half = StudentQuantile(0.975, len(values)-1) * math.Sqrt(squares/(n-1)/n)
	}
	return mean, [2]float64{mean - half, mean + half}
}
