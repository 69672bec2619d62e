package study

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// runsThat is a Collector of finished runs, each with a number inside that rises by
// so much from the first third of the time to the last.
func runsThat(from float64, by ...float64) *Collector {
	var all trend
	for _, by := range by {
		one := trend{first: from, last: from + by}
		one.squares = one.risen()
		all.add(one)
	}
	all.known = true
	return &Collector{runs: len(by), trends: []trend{all}}
}

// A steady state is called one only where a rise that matters is excluded: few
// runs that differ much show no growth, and no rest either.
func TestSettledIsShownAndNotSupposed(t *testing.T) {
	yes, no := new(true), new(false)
	for _, c := range []struct {
		name string
		from float64
		by   []float64
		want *bool
	}{
		{"one run", 100, []float64{0}, nil},
		{"two runs that are alike", 100, []float64{1, -1}, yes},
		{"two runs that differ by a fifth", 100, []float64{10, -10}, nil},
		{"four runs that hardly rise", 100, []float64{4, -6, 2, -1}, yes},
		{"four runs, of which one doubles", 100, []float64{100, -20, -10, -5}, nil},
		{"twenty runs that differ as much, and rise no more", 100, slices.Repeat([]float64{60, -60, 5, -5}, 10), yes},
		{"every run rises by a fifth", 100, []float64{18, 22, 20, 19, 21}, no},
		{"every run rises by a third, but few", 100, []float64{33, 34}, nil},
		{"every run falls", 100, []float64{-50, -51, -49, -50}, yes},
		{"nobody comes", 0, []float64{0, 0}, yes},
	} {
		got, reason := runsThat(c.from, c.by...).settled()
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: settled is %v (%s)", c.name, told(got), reason)
		}
		if (reason == "") != (got != nil && *got || len(c.by) == 1) {
			t.Errorf("%s: settled is %v because %q", c.name, told(got), reason)
		}
	}
}

func told(b *bool) string {
	switch {
	case b == nil:
		return "not told"
	case *b:
		return "yes"
	}
	return "no"
}

// Of runs in which lines do grow, as fast as matters, one experiment in twenty is
// called settled, however few they are and however much they differ.
func TestRunsThatGrowAreSeldomCalledSettled(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	for _, c := range []struct {
		runs   int
		spread float64
	}{{2, 0.1}, {4, 0.3}, {4, 1}, {6, 0.3}, {20, 0.3}, {20, 2}} {
		const experiments, first = 2000, 100
		rise := first * mostLonger / (0.75 - mostLonger/2) // with which times are a fifth longer in runs twice as long
		settled := 0
		for range experiments {
			by := make([]float64, c.runs)
			for i := range by {
				by[i] = rise + c.spread*first*random.NormFloat64()
			}
			if got, _ := runsThat(first, by...).settled(); got != nil && *got {
				settled++
			}
		}
		if share := float64(settled) / experiments; share > 0.07 {
			t.Errorf("%d runs that spread by %g: %.1f%% are called settled", c.runs, c.spread, 100*share)
		}
	}
}

// What the words promise of runs twice as long is what a straight rise gives.
func TestLongerIsWhatAStraightRiseGives(t *testing.T) {
	const slope, start = 2.0, 50.0 // inside at t, of a run from 0 to 3: thirds of one each
	mean := func(from, to float64) float64 { return start + slope*(from+to)/2 }
	c := runsThat(mean(0, 1), slices.Repeat([]float64{mean(2, 3) - mean(0, 1)}, 4)...)
	if got, want := c.trends[0].longer(4), mean(0, 6)/mean(0, 3)-1; math.Abs(got-want) > 1e-9 {
		t.Errorf("longer by %.4f, a straight rise gives %.4f", got, want)
	}
}

// A report says the long run only of what is shown to be one.
func TestAReportClaimsNoMoreThanItsRunsShow(t *testing.T) {
	report := func(runs int, settled *bool, because string) *Report {
		return &Report{Scenario: "x", Kind: SteadyState, Replications: runs, Stable: new(true), StableReason: "no line grows", Settled: settled, SettledReason: because}
	}
	for _, c := range []struct {
		r         *Report
		want, not string
	}{
		{report(20, new(true), ""), "Steady state: how the crossing does in the long run", "Meant as"},
		{report(20, new(true), ""), "Stable: no line grows", "CANNOT"},
		{report(1, nil, ""), "Stable as far as one run tells: no line grows", "long run"},
		{report(4, nil, "4 runs are too few"), "CANNOT TELL: 4 runs are too few.", "Stable"},
		{report(4, nil, "4 runs are too few"), "too few or too short to show", "long run"},
		{report(4, nil, ""), "Stable as far as so short a time tells", "Steady state:"},
		{report(4, new(false), "it rises"), "NOT SETTLED: it rises.", "Steady state:"},
	} {
		if text := c.r.Text(); !strings.Contains(text, c.want) || strings.Contains(text, c.not) {
			t.Errorf("wants %q and not %q:\n%s", c.want, c.not, text)
		}
	}
}
