package study

import (
	"math"
	"slices"
	"testing"

	"landport/border"
)

func TestGaugeOverTime(t *testing.T) {
	g := newGauge(Window{Start: 0, To: 100})
	g.join(10)  // 0 for 10
	g.join(20)  // 1 for 10
	g.leave(60) // 2 for 40
	g.leave(80) // 1 for 20
	g.end(100)
	g.join(150) // 0 for 20, and after the window nothing
	g.leave(200)
	g.reach(300)
	s := g.summary()
	if s.Mean != (10+80+20)/100.0 || s.Min != 0 || s.Max != 2 || s.P50 != 1 || s.P90 != 2 || s.N != 2 {
		t.Errorf("summary %+v", s)
	}
}

func TestGaugeForgetsTheWarmUp(t *testing.T) {
	g := newGauge(Window{Start: 0, To: border.Never})
	for range 300 {
		g.join(5)
	}
	for range 299 {
		g.leave(10)
	}
	g.restart(50)
	g.join(60)
	g.leave(70)
	g.reach(100)
	if s := g.summary(); s.Mean != (10+20+30)/50.0 || s.Max != 2 || s.N != 1 {
		t.Errorf("summary %+v", s)
	}
}

func TestGaugeMerge(t *testing.T) {
	a, b := newGauge(Window{To: 100}), newGauge(Window{To: 100})
	a.join(0)
	for range 5 {
		b.join(50)
	}
	for _, g := range []*gauge{&a, &b} {
		g.reach(100)
		g.finish()
	}
	a.merge(&b)
	if s := a.summary(); s.Mean != 1.75 || s.Max != 5 || s.N != 6 || s.P50 != 1 {
		t.Errorf("summary %+v", s)
	}
}

func TestLoadCountsOfficersAvailable(t *testing.T) {
	l := load{}
	l.staff(0, 4)
	l.start(0)
	l.start(0)      // two of four
	l.staff(100, 1) // two finish though one is on duty: both count
	l.stop(200)     // one of one
	l.stop(300)
	l.staff(300, 0) // nobody there: no time at all
	l.staff(500, 1) // idle
	l.reach(600)
	s := l.summary()
	want := (2*100 + 2*100 + 100) / (4*100.0 + 2*100 + 100 + 100)
	if math.Abs(s.Mean-want) > 1e-12 || s.Min != 0 || s.Max != 1 || s.N != 2 {
		t.Errorf("summary %+v, want mean %g", s, want)
	}
}

func TestShareSummary(t *testing.T) {
	var a average
	for i := range 10 {
		a.count(i < 3)
	}
	s := a.summary()
	if s.Mean != 0.3 || s.P50 != 0 || s.P90 != 1 || s.Min != 0 || s.Max != 1 || s.N != 10 {
		t.Errorf("summary %+v", s)
	}
}

// The interval from one run rests on the means of its periods.
func TestBatchMeans(t *testing.T) {
	means := []float64{1000, 1090, 1030, 1060, 1010, 1080, 1050, 1020, 1070, 1040}
	got, want := ofPeriods(means), SummarizeValues(means)
	if math.Abs(got.Mean-want.Mean) > 1e-9 || math.Abs(got.CI95[0]-want.CI95[0]) > 1e-9 {
		t.Errorf("%+v, want the interval of %+v", got, want)
	}
}

// Periods that hang together are joined, so that the interval does not look
// narrower than it is.
func TestBatchMeansThatHangTogetherAreJoined(t *testing.T) {
	got := ofPeriods([]float64{1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 1080, 1090})
	want := SummarizeValues([]float64{1005, 1025, 1045, 1065, 1085})
	if math.Abs(got.CI95[0]-want.CI95[0]) > 1e-9 || math.Abs(got.CI95[1]-want.CI95[1]) > 1e-9 {
		t.Errorf("%+v, want the interval of %+v", got, want)
	}
}

// ofPeriods sums up a run whose periods have the given means.
func ofPeriods(means []float64) Summary {
	var s series
	for _, mean := range means {
		for range 100 {
			s.sketch.Add(border.Micros(mean))
		}
		s.mark()
	}
	s.finish()
	return s.summary(1)
}

func TestTooFewPeriodsGiveNoInterval(t *testing.T) {
	var s series
	for range fewestBatches - 1 {
		s.sketch.Add(5)
		s.mark()
	}
	s.finish()
	if got := s.summary(1); !math.IsNaN(got.CI95[0]) || got.Mean != 5 {
		t.Errorf("%+v", got)
	}
}

func TestPeriods(t *testing.T) {
	day := border.Time(border.Day)
	for _, c := range []struct {
		name   string
		w      Window
		n      int
		length border.Micros
	}{
		{"no cycle", Window{To: 40 * day}, 20, 2 * border.Day},
		{"a month of days", Window{To: 30 * day, Cycle: border.Day}, 15, 2 * border.Day},
		{"a week", Window{To: 7 * day, Cycle: border.Day}, 7, border.Day},
		{"a year", Window{To: 365 * day, Cycle: border.Day}, 19, 19 * border.Day},
		{"one day", Window{To: day, Cycle: border.Day}, 0, 0},
		{"no end", Window{To: border.Never}, 0, 0},
	} {
		if n, length := c.w.periods(); n != c.n || length != c.length {
			t.Errorf("%s: %d of %d h, want %d of %d h", c.name, n, length/border.Hour, c.n, c.length/border.Hour)
		}
	}
}

func TestTrend(t *testing.T) {
	for _, c := range []struct {
		name  string
		level func(period int) int64
		grows bool
	}{
		{"flat", func(int) int64 { return 50 }, false},
		{"steady growth", func(p int) int64 { return int64(40 * p) }, true},
		{"up and down", func(p int) int64 { return int64(50 + 30*(p%2)) }, false},
		{"filling from empty", func(p int) int64 { return min(20, int64(p*4)) }, false},
	} {
		g := newGauge(Window{To: 20_000})
		for p := range 20 {
			for g.level < c.level(p) {
				g.join(border.Time(1000 * p))
			}
			for g.level > c.level(p) {
				g.leave(border.Time(1000 * p))
			}
			g.mark(border.Time(1000 * (p + 1)))
		}
		g.joined = 10_000
		if trend := trendOf(&g); trend.grows() != c.grows {
			t.Errorf("%s: %+v", c.name, trend)
		}
	}
}

func TestBalanceIsExact(t *testing.T) {
	var b balance
	b.change(10, 1)
	b.change(25, 1)
	b.change(40, -1)
	b.ended(30)
	b.reach(100)
	b.ended(75)
	if b.area != b.stays || b.area != 105 || b.arrived != 2 {
		t.Errorf("%+v", b)
	}
}

func TestAddNIsAddManyTimes(t *testing.T) {
	for _, n := range []int64{0, 1, 1000, 1024, 5000} {
		var one, many Sketch
		for i := range 700 {
			one.Add(border.Micros(i))
			many.Add(border.Micros(i))
		}
		for range n {
			one.Add(250)
		}
		many.AddN(250, n)
		if one.Count() != many.Count() || one.Total() != many.Total() || one.Quantile(0.5) != many.Quantile(0.5) || one.Max() != many.Max() {
			t.Errorf("%d times: %d %g %g, want %d %g %g", n, many.Count(), many.Total(), many.Quantile(0.5), one.Count(), one.Total(), one.Quantile(0.5))
		}
	}
}

// Runs of which each rises by about as much as the last thirds of runs that have
// settled differ by chance show it only together.
func TestRises(t *testing.T) {
	for _, c := range []struct {
		name  string
		from  float64
		by    []float64 // what each run rises by
		rises bool
	}{
		{"every run rises by a fifth", 100, []float64{18, 22, 20, 19, 21}, true},
		{"as many rise as fall", 100, []float64{60, -60, 55, -40, 10}, false},
		{"surely, and by little", 100, []float64{5, 5.1, 4.9, 5, 5}, false},
		{"much, and unsurely", 100, []float64{160, -20, 90, -30, 10}, false},
		{"surely, in many runs", 100, slices.Repeat([]float64{90, -30, 40, 60, -20}, 8), true},
		{"three runs are too few", 100, []float64{50, 51, 49}, false},
		{"every run falls", 100, []float64{-50, -51, -49, -50}, false},
	} {
		var all trend
		for _, by := range c.by {
			one := trend{first: c.from, last: c.from + by}
			one.squares = one.risen()
			all.add(one)
		}
		if all.known = true; all.rises(len(c.by)) != c.rises {
			t.Errorf("%s: rises is %v", c.name, !c.rises)
		}
	}
}
