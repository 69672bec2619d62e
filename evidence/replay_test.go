package evidence

import (
	"math"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/sim"
)

// A past under its own plan is itself; under a quicker plan it is shorter, and
// what had to be drawn is said.
func TestAPastUnderAnotherPlan(t *testing.T) {
	now := strings.Replace(oneGate, "length: 150d, warmup: 1d", "length: 20d", 1)
	before, err := decoded(t, now).Model()
	if err != nil {
		t.Fatal(err)
	}
	two, err := decoded(t, strings.Replace(now, "{name: counter,", "{name: counter, servers: 2,", 1)).Model()
	if err != nil {
		t.Fatal(err)
	}
	world := sim.NewWorld(before, 3, 0)
	var facts []gate.Fact
	for world.Next() < before.Start.Add(20*border.Day) {
		facts = append(facts, world.Step()...)
	}
	from, to := before.Start.Add(2*border.Day), before.Start.Add(18*border.Day)
	r, err := Reenact(before, two, facts, from, to, sim.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	mean := r.Rows[0]
	if !r.Faithful || math.Abs(*mean.Was-*mean.Again) > 1e-9 || *mean.Plan >= *mean.Was*0.8 {
		t.Errorf("it took %.4f h, again %.4f, with a second officer %.4f", *mean.Was, *mean.Again, *mean.Plan)
	}
	if r.Again.Drawn > 0 || r.Met.Drawn > 0 || r.Visits < 3000 {
		t.Errorf("%+v, %+v of %d visits", r.Again, r.Met, r.Visits)
	}
	rows := map[string]ReplayRow{}
	for _, x := range r.Rows {
		rows[x.Measure] = x
		if x.Was == nil || x.Again == nil || math.Abs(*x.Was-*x.Again) > 1e-9 {
			t.Errorf("%s: %v, again %v; the past under its own plan is measured over the same days", x.Measure, x.Was, x.Again)
		}
	}
	for _, measure := range []string{"mean(throughput_per_day@Gate)", "mean(utilisation@counter)", "mean(day_sd_h)"} {
		if _, ok := rows[measure]; !ok {
			t.Errorf("no row of %s", measure)
		}
	}
	for _, want := range []string{"  mean crossing time ", " min", "Gate, vehicles a day", "counter, busy", "%", " points"} {
		if !strings.Contains(r.Text(), want) {
			t.Errorf("no %q in\n%s", want, r.Text())
		}
	}
	if text := r.Text(); !strings.Contains(text, "visits arrive as they did") || !strings.Contains(strings.Join(strings.Fields(text), " "), "0.0 min off") {
		t.Error(text)
	}
	if _, err := Reenact(before, two, facts, to.Add(90*border.Day), to.Add(91*border.Day), sim.Options{}); err == nil || !strings.Contains(err.Error(), "nobody arrived at Gate from") || !strings.Contains(err.Error(), "its ledger holds "+local(before, facts[0].At)) {
		t.Error(err)
	}
}
