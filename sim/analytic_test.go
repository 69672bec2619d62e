package sim

import (
	"math"
	"os"
	"testing"
	"time"

	"landport/study"
)

// loadModel reads a scenario file.
func loadModel(t testing.TB, path string) *Model {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Decode(path, data, time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// erlangC is the probability that an arrival at M/M/c has to wait; a is the
// offered load (Erlang 1917).
func erlangC(c int, a float64) float64 {
	b := 1.0 // Erlang's loss formula, by recursion
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
	}
	rho := a / float64(c)
	return b / (1 - rho + rho*b)
}

// waitMMc is the mean time in line of M/M/c, in the unit of the service time.
func waitMMc(c int, a, service float64) float64 {
	return erlangC(c, a) * service / (float64(c) - a)
}

// pollaczekKhinchine is the mean time in line of M/G/1 for services of a mean
// and a coefficient of variation.
func pollaczekKhinchine(rho, service, cv float64) float64 {
	return rho * service * (1 + cv*cv) / (2 * (1 - rho))
}

// blockingMMcK is the probability that an arrival finds all K places of M/M/c/K taken.
func blockingMMcK(c, k int, a float64) float64 {
	p, sum := 1.0, 0.0
	for n := 0; n <= k; n++ {
		if n > 0 {
			p *= a / float64(min(n, c))
		}
		sum += p
	}
	return p / sum
}

// claim is what a formula says about one figure of a report.
type claim struct {
	what string
	want float64
	of   func(*study.Report) study.Summary
}

func stopWait(i int) func(*study.Report) study.Summary {
	return func(r *study.Report) study.Summary { return r.Stops[i].WaitMin }
}

func timeMin(r *study.Report) study.Summary { return r.System.TimeMin }

func perishable(r *study.Report) study.Summary {
	for _, g := range r.Groups {
		if g.Traits == "perishable" {
			s := g.CrossingH
			return study.Summary{Mean: 60 * s.Mean, CI95: [2]float64{60 * s.CI95[0], 60 * s.CI95[1]}, N: s.N}
		}
	}
	return study.Summary{Mean: math.NaN()}
}

const textbookRuns = 10

// check compares a figure against its formula by the 99.9% interval.
func (c claim) check(t *testing.T, got study.Summary) {
	t.Helper()
	half := (got.CI95[1] - got.CI95[0]) / 2
	half *= study.StudentQuantile(0.9995, textbookRuns-1) / study.StudentQuantile(0.975, textbookRuns-1)
	if !(math.Abs(got.Mean-c.want) <= half) {
		t.Errorf("%s: %.4f ± %.4f, want %.4f", c.what, got.Mean, half, c.want)
	}
	if !(half < 0.1*c.want) {
		t.Errorf("%s: the interval ± %.4f is too wide to tell anything about %.4f", c.what, half, c.want)
	}
}

// Every textbook queue, written as a scenario file, agrees with its formula.
func TestTextbookQueuesAgreeWithTheirFormulas(t *testing.T) {
	// Jackson: a quarter of the services at the second stop are done again, so
	// 18 an hour ask for 24, and each visit pays 4/3 of the time there.
	second := waitMMc(2, 1.6, 4)
	for _, q := range []struct {
		file   string
		claims []claim
	}{
		{"mm1", []claim{
			{"time in line", waitMMc(1, 0.8, 2), stopWait(0)},
			{"time in system", 2 / (1 - 0.8), timeMin},
			{"share waiting", 0.8, func(r *study.Report) study.Summary { return r.System.ShareWaiting }},
			{"number in line", 0.8 * 0.8 / 0.2, func(r *study.Report) study.Summary { return r.Stops[0].QueueLength }},
			{"number inside", 0.8 / 0.2, func(r *study.Report) study.Summary { return r.System.Inside }},
			{"utilisation", 0.8, func(r *study.Report) study.Summary { return r.Stops[0].Utilisation }},
		}},
		{"mmc", []claim{
			{"time in line", waitMMc(3, 2.55, 3), stopWait(0)},
			{"time in system", waitMMc(3, 2.55, 3) + 3, timeMin},
			{"share waiting", erlangC(3, 2.55), func(r *study.Report) study.Summary { return r.System.ShareWaiting }},
			{"utilisation", 0.85, func(r *study.Report) study.Summary { return r.Stops[0].Utilisation }},
		}},
		{"md1", []claim{{"time in line", pollaczekKhinchine(0.8, 2, 0), stopWait(0)}}},
		{"mg1-erlang", []claim{{"time in line", pollaczekKhinchine(0.8, 2, 1/math.Sqrt(3)), stopWait(0)}}},
		{"mg1-lognormal", []claim{{"time in line", pollaczekKhinchine(0.7, 2, 1.2), stopWait(0)}}},
		{"jackson", []claim{
			{"time in line at the first", waitMMc(1, 0.6, 2), stopWait(0)},
			{"time in line at the second", second, stopWait(1)},
			{"time in system", 2/(1-0.6) + (second+4)/0.75, timeMin},
		}},
		{"priority", []claim{
			// Cobham 1954: the work in service, 0.8 × 2 min, over 1 - 0.24 for
			// the urgent; all together wait as in M/M/1.
			{"time of the urgent", 0.8*2/(1-0.24) + 2, perishable},
			{"time of all", 2 / (1 - 0.8), timeMin},
		}},
	} {
		t.Run(q.file, func(t *testing.T) {
			r, err := Run(loadModel(t, "testdata/"+q.file+".yaml"), Options{Replications: textbookRuns, Seed: 1, Workers: 2, Days: 100})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Stable {
				t.Fatalf("called unstable: %s", r.StableReason)
			}
			for _, c := range q.claims {
				c.check(t, c.of(r))
			}
		})
	}
}

// M/M/2/5 turns away what finds five inside.
func TestBlockingAgreesWithItsFormula(t *testing.T) {
	m := loadModel(t, "testdata/mmck.yaml")
	var shares []float64
	for i := range textbookRuns {
		r, err := Run(m, Options{Seed: uint64(i), Days: 20})
		if err != nil {
			t.Fatal(err)
		}
		shares = append(shares, float64(r.Counts.TurnedAway)/float64(r.Counts.Arrived))
	}
	claim{what: "share turned away", want: blockingMMcK(2, 5, 2.5)}.check(t, study.SummarizeValues(shares))
}
