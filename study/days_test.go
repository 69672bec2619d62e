package study_test

import (
	"math"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/sim"
	"landport/study"
)

// The days' means are those of who left on each day, whenever they had come.
func TestDaysAreThoseOfWhoLeft(t *testing.T) {
	m := shipped(t)["bavet-mocbai-2018.yaml"]
	const days = 4
	w := study.Window{Start: m.Start, From: m.Start.Add(30 * border.Hour), To: m.Start.Add(30*border.Hour + days*border.Day + 5*border.Hour)}
	c, stages, world := study.NewCollector(m.Layout, w, 0), study.NewStages(m.Layout, m.Start), sim.NewWorld(m, 1, 0)
	var sum, n [days]float64
	for world.Next() < w.To {
		for _, f := range world.Step() {
			c.Add(&f)
			v, left := stages.Add(&f)
			day := v.Left.Sub(w.From) / border.Day
			if left && v.Released && v.Traits&(border.Coach|border.Car|border.Motorbike|border.OnFoot) == 0 && v.Left >= w.From && day < days {
				sum[day] += v.Left.Sub(v.Arrived).Hours()
				n[day]++
			}
		}
	}
	for c.Open() > 0 {
		for _, f := range world.Step() {
			c.Add(&f)
		}
	}
	c.Finish(w.To.Add(border.Day))
	var means []float64
	for day := range days {
		means = append(means, sum[day]/n[day])
	}
	want := study.SummarizeValues(means)
	got := c.Report(w.To).Crossing.Days
	if got.N != days || got.DaysWithout != 0 || !near(*got.MeanH, want.Mean) || !near(*got.MinH, want.Min) || !near(*got.MaxH, want.Max) || got.WorstInTwentyH != nil {
		t.Fatalf("%+v, want %+v of %v", got, want, means)
	}
	// The interval of a mean is made of the same deviation.
	half := study.StudentQuantile(0.975, days-1) * *got.DeviationH / math.Sqrt(days)
	if !near(want.Mean+half, want.CI95[1]) {
		t.Errorf("a standard deviation of %g makes an interval to %g, want %g", *got.DeviationH, want.Mean+half, want.CI95[1])
	}
}

// How many whole days there are decides what is told of them.
func TestDaysTellNoMoreThanTheyCan(t *testing.T) {
	m := shipped(t)["mm5.yaml"]
	for _, c := range []struct {
		days         float64
		replications int
		n            int
		told         string
	}{
		{0.5, 3, 0, "cannot be told from 0 days"},
		{1.5, 1, 1, "cannot be told from 1 day "},
		{1.5, 3, 3, "3 days are too few to tell the worst in twenty"},
		{3, 7, 21, "on one day in twenty it is more than"},
	} {
		r := run(t, m, sim.Options{Replications: c.replications, Seed: 4, Days: c.days})
		d := r.Crossing.Days
		if d.N != c.n || (d.MeanH != nil) != (c.n > 0) || (d.DeviationH != nil) != (c.n > 1) || (d.MaxH != nil) != (c.n > 1) || (d.WorstInTwentyH != nil) != (c.n >= 20) {
			t.Errorf("%d times %g days: %+v", c.replications, c.days, d)
		}
		if !r.Copes() {
			t.Fatal(r.StableReason)
		}
		if text := strings.Join(strings.Fields(r.Text()), " "); !strings.Contains(text, "From day to day") || !strings.Contains(text, c.told) {
			t.Errorf("%d times %g days: the text does not say %q:\n%s", c.replications, c.days, c.told, text)
		}
		if c.n > 1 && (*d.MinH > *d.MeanH || *d.MaxH < *d.MeanH || *d.DeviationH <= 0 || d.WorstInTwentyH != nil && (*d.WorstInTwentyH > *d.MaxH || *d.WorstInTwentyH < *d.MeanH)) {
			t.Errorf("%d times %g days: %+v", c.replications, c.days, d)
		}
	}
}

// A day on which nobody left has no mean, and a crossing that cannot cope none at all.
func TestDaysWithoutAMean(t *testing.T) {
	s := tell(t)
	visit := s.put("06:00", gate.Input{Do: gate.ObserveArrival})
	s.put("06:02", gate.Input{Do: gate.ObserveEntered, Visit: visit})
	s.put("06:07", gate.Input{Do: gate.ObserveServed, Visit: visit})
	s.put("06:30", gate.Input{Do: gate.ObserveServed, Visit: visit})
	c := study.NewCollector(s.m.Layout, study.Window{Start: s.m.Start, From: s.m.Start, To: s.at("72:00")}, 0)
	for _, f := range s.facts {
		c.Add(&f)
	}
	c.Finish(s.at("72:00"))
	if d := c.Report(s.at("72:00")).Crossing.Days; d.N != 1 || d.DaysWithout != 2 || !near(*d.MeanH, 0.5) || d.DeviationH != nil {
		t.Errorf("one visit in three days: %+v", d)
	}
	m := model(t, "more.yaml", []byte(moreThanServed))
	r := run(t, m, sim.Options{Seed: 1, Days: 10})
	if d := r.Crossing.Days; r.Copes() || d.N != 10 || d.MeanH != nil || d.MaxH != nil {
		t.Errorf("a crossing that cannot cope (%v): %+v", r.StableReason, d)
	}
}

const moreThanServed = `name: more
assumed: a textbook's figures
stops:
  - {name: counter, service: {exponential: 6m}}
flows:
  - {rate: 15/hour}
`
