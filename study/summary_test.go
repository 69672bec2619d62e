package study

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"landport/border"
)

// The seven samples of a worked example: mean 4, standard deviation 2.1602,
// t(0.975, 6) = 2.4469.
func TestSummarizeValues(t *testing.T) {
	s := SummarizeValues([]float64{7, 1, math.NaN(), 2, 3, 4, 5, 6})
	half := 2.446911851145 * math.Sqrt(28./6/7)
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean", s.Mean, 4}, {"low", s.CI95[0], 4 - half}, {"high", s.CI95[1], 4 + half},
		{"p50", s.P50, 4}, {"p90", s.P90, 6.4}, {"p95", s.P95, 6.7}, {"min", s.Min, 1}, {"max", s.Max, 7},
		{"n", float64(s.N), 7}, {"buffer time", s.BufferTime(), 2.7}, {"buffer index", s.BufferIndex(), 0.675},
	} {
		near(t, c.what, c.got, c.want, 1e-9)
	}
	if !s.Small() {
		t.Error("7 values are not called small")
	}
}

func TestSummarizeReplications(t *testing.T) {
	var a, b, nothing Sketch
	for _, m := range []border.Micros{10, 20} {
		a.Add(m * border.Minute)
	}
	for _, m := range []border.Micros{20, 30, 40, 50} {
		b.Add(m * border.Minute)
	}
	s := SummarizeReplications([]*Sketch{&a, &nothing, &b}, border.Minute)
	half := 12.706204736175 * 10 // t(0.975, 1) times the error of the means 15 and 35
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean of the means", s.Mean, 25}, {"low", s.CI95[0], 25 - half}, {"high", s.CI95[1], 25 + half},
		{"p50 of all", s.P50, 25}, {"min", s.Min, 10}, {"max", s.Max, 50}, {"n", float64(s.N), 6},
	} {
		near(t, c.what, c.got, c.want, 1e-9)
	}
}

// Of 2,000 studies of 8 replications, the interval holds the true mean in 95
// of 100.
func TestIntervalHoldsTheMean(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const studies = 2000
	held := 0.0
	for range studies {
		values := make([]float64, 8)
		for i := range values {
			values[i] = 10 + 3*r.NormFloat64()
		}
		if ci := SummarizeValues(values).CI95; ci[0] <= 10 && 10 <= ci[1] {
			held++
		}
	}
	near(t, "share that holds it", held/studies, 0.95, 4*math.Sqrt(0.95*0.05/studies))
}

func TestSummaryJSON(t *testing.T) {
	one := &Sketch{}
	one.Add(90 * border.Minute)
	for _, c := range []struct {
		what string
		s    Summary
		want string
	}{
		{"two values", SummarizeValues([]float64{1, 1}),
			`{"mean":1,"ci95":[1,1],"p50":1,"p90":1,"p95":1,"min":1,"max":1,"n":2}`},
		{"one replication has no interval", SummarizeReplications([]*Sketch{one}, border.Hour),
			`{"mean":1.5,"ci95":null,"p50":1.5,"p90":1.5,"p95":1.5,"min":1.5,"max":1.5,"n":1}`},
		{"nothing", SummarizeValues(nil),
			`{"mean":null,"ci95":null,"p50":null,"p90":null,"p95":null,"min":null,"max":null,"n":0}`},
		{"no replication", SummarizeReplications(nil, border.Hour),
			`{"mean":null,"ci95":null,"p50":null,"p90":null,"p95":null,"min":null,"max":null,"n":0}`},
	} {
		got, err := json.Marshal(c.s)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.what, got, err, c.want)
		}
	}
}
