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
	for name, row := range rows {
		if row.N == nil || *row.N == 0 {
			t.Errorf("%s does not say on how many it rests", name)
		}
	}
	if n := rows["mean(crossing_h)"].N; *n != r.Visits {
		t.Errorf("the mean rests on %d of %d visits", *n, r.Visits)
	}
	if _, err := Reenact(before, two, facts, to.Add(90*border.Day), to.Add(91*border.Day), sim.Options{}); err == nil || !strings.Contains(err.Error(), "nobody arrived at Gate from") || !strings.Contains(err.Error(), "its ledger holds "+local(before, facts[0].At)) {
		t.Error(err)
	}
}

// An interval is over what is drawn: where nothing was, there is none. Who was
// still inside is likelier to be slow, and rows that are far from what was are
// named.
func TestAReplaySaysWhatItCannotTell(t *testing.T) {
	now := strings.Replace(oneGate, "length: 150d, warmup: 1d", "length: 4d", 1)
	before, err := decoded(t, now).Model()
	if err != nil {
		t.Fatal(err)
	}
	world := sim.NewWorld(before, 3, 0)
	var facts []gate.Fact
	for world.Next() < before.Start.Add(2*border.Day+5*border.Hour) {
		facts = append(facts, world.Step()...)
	}
	ending := func(inside bool) []gate.Fact { // with one that comes, or with nobody inside
		open, end := 0, 0
		for i := range facts {
			switch facts[i].Kind {
			case gate.Arrived:
				if open++; inside {
					end = i + 1
				}
			case gate.Removed:
				if open--; open == 0 && !inside {
					end = i + 1
				}
			}
		}
		return facts[:end]
	}
	for _, test := range []struct {
		name, old, plan string
		inside, drawn   bool
	}{
		{"another officer", "{name: counter,", "{name: counter, servers: 2,", false, false},
		{"an end with one inside", "{name: counter,", "{name: counter, servers: 2,", true, true},
		{"another stop", "{name: counter,", "{name: window,", false, true},
	} {
		plan, err := decoded(t, strings.Replace(now, test.old, test.plan, 1)).Model()
		if err != nil {
			t.Fatal(err)
		}
		facts := ending(test.inside)
		r, err := Reenact(before, plan, facts, facts[0].At, facts[len(facts)-1].At.Add(border.Minute), sim.Options{Seed: 1, Replications: 3})
		if err != nil {
			t.Fatal(err)
		}
		intervals := 0
		for _, row := range r.Rows {
			if row.Interval != nil {
				intervals++
			}
		}
		text := strings.Join(strings.Fields(r.Text()), " ")
		if (intervals > 0) != test.drawn || strings.Contains(text, "Nothing was drawn, so that the effect has no interval") == test.drawn {
			t.Errorf("%s: %d rows have an interval, %+v\n%s", test.name, intervals, r.Met, r.Text())
		}
		if mean := r.Rows[0].Interval; (mean != nil) != (test.name == "another stop") {
			t.Errorf("%s: the mean has the interval %v", test.name, mean)
		}
		if (r.Inside > 0) != test.inside || strings.Contains(text, "likelier to be the slow ones") != test.inside {
			t.Errorf("%s: %d are inside\n%s", test.name, r.Inside, r.Text())
		}
	}
	off := &Replay{Rows: []ReplayRow{
		{Scope: "total", Name: "mean crossing time", Unit: "h", Was: new(1.0), Again: new(1.01), N: new(int64(40))},
		{Scope: "post", Name: "Gate", Measure: "mean(throughput_per_day@Gate)", Was: new(295.0), Again: new(310.0), N: new(int64(1))},
		{Scope: "kind", Name: "on foot", Unit: "h", Was: new(1.0 / 6), Again: new(0.14), N: new(int64(12))},
		{Scope: "stop", Name: "counter", Unit: "min", Was: new(1.0), Again: new(9.0)},
	}}
	if want := "2 of the first 3 rows are off by more than a twentieth, the furthest on foot, 8.4 min where it was 10 min (n 12)"; !strings.Contains(off.method(), want) {
		t.Errorf("no %q in: %s", want, off.method())
	}
}

// A row whose effect is no more than what the past differs by from itself says
// nothing of the plan, and is marked.
func TestARowWithinTheDoubtIsMarked(t *testing.T) {
	for _, c := range []struct {
		name               string
		was, again, effect *float64
		within             bool
	}{
		{"less than the doubt", new(2.7), new(2.3), new(0.2), true},
		{"as much, the other way", new(2.3), new(2.7), new(-0.4), true},
		{"more", new(2.7), new(2.3), new(-0.5), false},
		{"no doubt and no effect", new(2.7), new(2.7), new(0.0), false},
		{"no doubt but a rounding", new(2.7), new(2.7 + 1e-12), new(1e-13), false},
		{"what cannot be told", new(2.7), nil, new(0.1), false},
	} {
		x := ReplayRow{Scope: "total", Name: "mean crossing time", Unit: "h", Was: c.was, Again: c.again, Effect: c.effect}
		if x.Doubtful = x.withinDoubt(); x.Doubtful != c.within {
			t.Errorf("%s: within the doubt is %t", c.name, x.Doubtful)
		}
		r := Replay{Rows: []ReplayRow{x}}
		text := strings.Join(strings.Fields(r.Text()), " ")
		if strings.Contains(text, "In 1 of 1 rows it is within the doubt") != c.within || strings.Contains(text, "The mean crossing time is one of them") != c.within || strings.HasSuffix(text, "– within the doubt") != c.within {
			t.Errorf("%s: %s", c.name, text)
		}
	}
}

// What differs between the plan of the ledger and the other is listed, whom to
// call first above all.
func TestAReplaySaysInWhatThePlansDiffer(t *testing.T) {
	const fresh = "policies: [{name: fresh goods first, ageing: 1h, priorities: [{accepts: perishable, class: 1}]}]\n"
	const strict = "policies: [{name: \"first come, first served\", strict: true}]\n"
	r := Replay{Policies: []string{"empty trucks first"}}
	r.Set(decoded(t, oneGate+fresh), decoded(t, strings.Replace(oneGate, "{name: counter,", "{name: counter, servers: 2,", 1)+strict))
	text := strings.Join(strings.Fields(r.Text()), " ")
	for _, want := range []string{
		"operators put these policies in force, which the other plan does not meet: empty trucks first.",
		"policy in force at the start: fresh goods first → first come, first served",
		"policy fresh goods first: taken out: priorities 1 accepts perishable; waiting that makes up for one class of priority 1 h",
		"counter, officers: 1 → 2",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
