package survey

import (
	"math"
	"strings"
	"testing"
)

func TestVerdicts(t *testing.T) {
	p, _ := assumedPlan(t)
	effect := func(low, high float64) Effect {
		return Effect{ChangeMin: (low + high) / 2, CI95: [2]float64{low, high}}
	}
	for _, test := range []struct {
		want          string
		counts, check Effect
		hangs         bool
	}{
		{"Shorter, by at least", effect(-30, -12), effect(-25, -11), false},
		{"Shorter, by at least", effect(-30, -12), effect(-2, 3), true},
		{"Shorter, but whether by", effect(-30, -2), effect(-25, -1), false},
		{"Longer", effect(2, 10), effect(1, 10), false},
		{"No change worth having", effect(-8, 3), effect(-6, 2), false},
		{"Not settled: −2.5 minutes", effect(-8, 3), effect(-30, -12), true},
		{"Not told apart from no", effect(-20, 5), effect(-20, 5), false},
	} {
		for _, counts := range []string{FlaggedWith, FlaggedWithout} {
			a := Assessment{Plan: p, Counts: counts, All: test.counts, Possible: test.counts, Fenced: &test.check}
			v := a.Verdict()
			if !strings.HasPrefix(v, test.want) || strings.Contains(v, "hangs on flagged") != test.hangs || test.hangs && strings.Contains(v, "excluded") {
				t.Errorf("%v, checked by %v: %s", test.counts, test.check, v)
			}
			if test.hangs && !strings.Contains(v, "without outliers the change is "+test.check.words()) {
				t.Errorf("the other result is not told: %s", v)
			}
		}
	}
	a := Assessment{Plan: p, Counts: FlaggedWithout, All: effect(-30, -12), Possible: effect(-8, 3)}
	if v := a.Verdict(); !strings.HasPrefix(v, "Not settled") || !strings.Contains(v, "with all that was recorded the change is −21") {
		t.Error(v)
	}
}

// A measure that makes one vehicle in five much faster makes outliers of them:
// they count, whatever the plan says of what is flagged, and a check without
// them is no verdict.
func TestVehiclesThatTheMeasureSpedUpCount(t *testing.T) {
	usual := func(day, n int) (float64, int) { return 140 + float64((7*n+5*day)%21), 5 }
	lane := func(day, n int) (float64, int) {
		if n%5 == 1 {
			return 25, 5
		}
		return usual(day, n)
	}
	a := assess(t, Surveys{week("Bavet", before, usual), week("Bavet", after, lane), week("Densavanh", before, usual), week("Densavanh", after, usual)})
	if e := a.Counting(); e != &a.Possible || e.ChangeMin > -15 || e.CI95[1] > -10 || math.Abs(a.Fenced.ChangeMin) > 2 {
		t.Errorf("counts %+v, check %+v", a.Counting(), a.Fenced)
	}
	v := a.Verdict()
	if !strings.HasPrefix(v, "Shorter, by at least") || !strings.Contains(v, "hangs on flagged records: without outliers the change is") || strings.Contains(v, "excluded") {
		t.Error(v)
	}
	if in := a.Periods[1]; in.Outliers != 28 || in.Impossible != 0 || a.Periods[0].Outliers != 0 {
		t.Errorf("before %+v, after %+v", a.Periods[0], in)
	}
}

// What is quick in quiet hours is no outlier among busy ones, nor is what is
// quick after among what was slow before.
func TestOutliersAreOfTheirStratumAndPeriod(t *testing.T) {
	took := func(slow float64) func(day, n int) (float64, int) {
		return func(_, n int) (float64, int) {
			if n < 2 {
				return 10, 5
			}
			return slow + float64(n), 25
		}
	}
	a := assess(t, Surveys{week("Bavet", before, took(200)), week("Bavet", after, took(20)), week("Densavanh", before, took(200)), week("Densavanh", after, took(200))})
	for _, p := range a.Periods {
		if p.Outliers != 0 {
			t.Errorf("%s %s: %d outliers", p.Arm, p.Period, p.Outliers)
		}
	}
}

// What cannot be is left out by flagged: without, and only that.
func TestWhatIsImpossibleIsLeftOut(t *testing.T) {
	took := func(day, n int) (float64, int) { return 100 + float64(day+n), 12 }
	spoilt := func(day, n int) (float64, int) {
		if day == 0 && n >= 5 && n < 8 {
			return -240, 12
		}
		return took(day, n)
	}
	a := assess(t, Surveys{week("Bavet", before, took), week("Bavet", after, spoilt), week("Densavanh", before, took), week("Densavanh", after, took)})
	if in := a.Periods[1]; in.Impossible != 3 || in.Outliers != 0 || in.Used != 140 {
		t.Errorf("%+v", in)
	}
	if math.Abs(a.Possible.ChangeMin) > 1 || a.All.ChangeMin > -5 || a.Possible.Measure.After.N != 137 || a.All.Measure.After.N != 140 {
		t.Errorf("without %+v, with %+v", a.Possible, a.All)
	}
}
