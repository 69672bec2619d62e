package sim

import (
	"math"
	"strings"
	"testing"

	"landport/border"
	"landport/study"
)

// slowQueue takes M/M/1 at load 0.9 with services of 20 minutes, which from empty
// takes days to fill, and leaves its warm-up to be found out.
func slowQueue(t *testing.T) *Model {
	t.Helper()
	return loadChanged(t, "testdata/mm1.yaml", "24/hour", "2.7/hour", "exponential: 2m", "exponential: 20m", "warmup: 10d", "warmup: auto")
}

// From empty the mean number inside M/M/1 rises as the Chapman-Kolmogorov
// equations say. The warm-up that pilots find without knowing them takes away
// a third of a month's bias or more, and no more of the run than it needs. (It
// makes the error small, not the bias none: what is left out also costs.)
func TestWarmupTakesAwayMostOfAKnownTransient(t *testing.T) {
	m := slowQueue(t).Settled()
	var arrivals [24]float64
	for hour := range arrivals {
		arrivals[hour] = 2.7
	}
	rise := insideFromEmpty(1, 3, arrivals, 60, 8)
	if limit := rise[len(rise)-1]; math.Abs(limit-9) > 0.1 {
		t.Fatalf("the equations rise to %.2f, want 9", limit)
	}
	bias := func(from int) float64 {
		const month = 30 * 24
		mean := 0.0
		for _, inside := range rise[from : from+month] {
			mean += inside / month
		}
		return 1 - mean/9
	}
	hours := int(m.Warmup / border.Hour)
	if hours > 30*24 {
		t.Fatalf("a warm-up of %d h, though after %d h all of the way is done", hours, 30*24)
	}
	if before, after := bias(0), bias(hours); after > before*2/3 {
		t.Errorf("with a warm-up of %d h a month is biased by %.1f%%, from empty by %.1f%%", hours, 100*after, 100*before)
	}
}

// Leaving out the start takes away the bias that it brings: means of the ten days
// from empty are far too low.
func TestWarmupTakesAwayTheBias(t *testing.T) {
	m := slowQueue(t)
	settled := m.Settled()
	empty := *settled
	empty.Warmup = 0
	o := Options{Replications: 100, Seed: 3, Days: 10, Workers: 2}
	mean := func(m *Model) study.Summary {
		r, err := Run(m, o)
		if err != nil {
			t.Fatal(err)
		}
		return r.System.Inside
	}
	if s := mean(&empty); s.CI95[1] > 9 {
		t.Errorf("from empty %.2f inside, interval to %.2f; it ought to miss 9", s.Mean, s.CI95[1])
	}
	if s := mean(settled); s.CI95[0] > 9 || s.CI95[1] < 9 {
		t.Errorf("after the warm-up %.2f inside, %.2f to %.2f; want 9", s.Mean, s.CI95[0], s.CI95[1])
	}
}

func TestWarmupIsChosenOncePerScenario(t *testing.T) {
	m := slowQueue(t)
	first, second := m.Settled(), m.Settled()
	if first.Warmup != second.Warmup || first.Settled() != first {
		t.Errorf("chosen as %v, then as %v", first.Warmup, second.Warmup)
	}
	days := first.Warmup.Hours() / 24
	for _, o := range []Options{{Seed: 1, Days: 2}, {Seed: 2, Days: 5, Replications: 2, Workers: 2}} {
		r, err := Run(m, o)
		if err != nil {
			t.Fatal(err)
		}
		if r.WarmupDays != days || r.WarmupRule != study.ByMSER5 || r.Kind != study.SteadyState {
			t.Errorf("%+v: a %s run with %g days by %q, want %g", o, r.Kind, r.WarmupDays, r.WarmupRule, days)
		}
		if !strings.Contains(r.Text(), " by MSER-5, seed") {
			t.Errorf("the report does not say it:\n%s", r.Text())
		}
	}
	if declared := loadModel(t, "testdata/mm1.yaml"); declared.Settled() != declared || declared.WarmupRule != "declared" {
		t.Error("a declared warm-up is not to be chosen anew")
	}
}

// A scenario without a warm-up is a terminating run: what is measured is its start.
func TestRunsFromEmptyAreTerminating(t *testing.T) {
	r, err := Run(loadChanged(t, "testdata/mm1.yaml", ", warmup: 10d", ""), Options{Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r.Kind != study.Terminating || !strings.Contains(r.Text(), "Terminating: measured from the empty crossing on") {
		t.Errorf("kind %q:\n%s", r.Kind, r.Text())
	}
}

// What cannot cope does not settle; the report says so.
func TestWarmupOfAQueueThatGrows(t *testing.T) {
	m := loadChanged(t, "testdata/mm1.yaml", "24/hour", "40/hour", "warmup: 10d", "warmup: auto").Settled()
	if len(m.Notes) != 1 || !strings.Contains(m.Notes[0], "does not settle within 100 days") || m.Warmup != 50*border.Day {
		t.Errorf("warm-up %v, notes %q", m.Warmup, m.Notes)
	}
}

// Pilots count as the study does, whatever happens to visits, and whole days
// where traffic follows the day.
func TestPilotsCountAsTheStudyDoes(t *testing.T) {
	m := loadChanged(t, "testdata/everything.yaml", ", warmup: 2d", "")
	const days = 20
	mean := 0.0
	for _, x := range m.fill(0, border.Day, days) {
		mean += x / days
	}
	r, err := Run(m, Options{Days: days})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(mean-r.System.Inside.Mean) > 1e-9*mean {
		t.Errorf("pilots count %.9f inside, the study %.9f", mean, r.System.Inside.Mean)
	}
	auto := loadChanged(t, "testdata/everything.yaml", "warmup: 2d", "warmup: auto").Settled()
	if auto.Warmup%border.Day != 0 {
		t.Errorf("a warm-up of %v is not of whole days", auto.Warmup)
	}
}
