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
	if r.Drawn > 5 || r.Visits < 3000 {
		t.Errorf("%d drawn of %d visits", r.Drawn, r.Visits)
	}
	if text := r.Text(); !strings.Contains(text, "visits arrive as they did") || strings.Contains(text, "Note:") {
		t.Error(text)
	}
	if _, err := Reenact(before, two, facts, to.Add(90*border.Day), to.Add(91*border.Day), sim.Options{}); err == nil || !strings.Contains(err.Error(), "nobody arrived") {
		t.Error(err)
	}
}
