package sim

import (
	"encoding/json"
	"slices"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// lived runs a scenario for some days and returns its facts and their study.
func lived(t *testing.T, m *Model, days int) (facts []gate.Fact, w study.Window, c *study.Collector) {
	t.Helper()
	w = study.Window{Start: m.Start, From: m.Start.Add(m.Warmup), To: m.Start.Add(border.Micros(days) * border.Day), Cycle: border.Day}
	world := NewWorld(m, 7, 0)
	c = study.NewCollector(m.Layout, w, m.Standard)
	take := func(list []gate.Fact) {
		c.AddAll(list)
		facts = append(facts, list...)
	}
	for world.Next() < w.To {
		take(world.Step())
	}
	end := w.To
	for c.Open() > 0 && world.Next() < w.To.Add(10*border.Day) {
		end = world.Next()
		take(world.Step())
	}
	c.Finish(end)
	return facts, w, c
}

// The same plan that meets its own past again does what it did: every time is
// as it was, nothing is drawn, and the study is the same.
func TestThePastUnderItsOwnPlanIsThePast(t *testing.T) {
	for _, name := range []string{"kimthanh-hekou", "gate16", "pingxiang"} {
		m := loadModel(t, "../scenarios/"+name+".yaml")
		facts, w, c := lived(t, m, 14)
		past := Remember(m.Layout, slices.Values(facts))
		again, err := Rerun(m, past, w.From, w.To, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		was := c.Report(w.To)
		if again.Times.Drawn > 0 {
			t.Errorf("%s: %+v", name, again.Times)
		}
		for _, test := range []struct {
			what string
			pair [2]any
		}{
			{"crossing", [2]any{was.Crossing, again.Report.Crossing}}, {"stops", [2]any{was.Stops, again.Report.Stops}},
			{"attribution", [2]any{was.Attribution, again.Report.Attribution}},
		} {
			if a, b := asText(t, test.pair[0]), asText(t, test.pair[1]); a != b {
				t.Errorf("%s: the %s of the past is another when it is met again:\n%s\n%s", name, test.what, a, b)
			}
		}
	}
}

// Another plan meets the same visits; what the past does not tell is drawn, and
// that is counted.
func TestAnotherPlanMeetsThePast(t *testing.T) {
	m := loadModel(t, "../scenarios/gate16.yaml")
	facts, w, c := lived(t, m, 14)
	fewer := loadChanged(t, "../scenarios/gate16.yaml", "count: 16", "count: 17", "{name: quarantine,", "{name: plant quarantine,")
	plan, err := Rerun(fewer, Remember(m.Layout, slices.Values(facts)), w.From, w.To, nil, Options{Replications: 2})
	if err != nil {
		t.Fatal(err)
	}
	was := c.Report(w.To)
	if plan.Report.Counts.Arrived != 2*was.Counts.Arrived {
		t.Errorf("%d arrived in two runs, %d in the past", plan.Report.Counts.Arrived, was.Counts.Arrived)
	}
	if share := float64(plan.Times.Drawn) / float64(plan.Times.Drawn+plan.Times.Known); share < 0.15 || share > 0.35 {
		t.Errorf("%.2f of the times were drawn; one of four services is new", share)
	}
	if was, is := was.Crossing.TimeH.Mean, plan.Report.Crossing.TimeH.Mean; is >= was {
		t.Errorf("with a lane more it takes %.3f h, it took %.3f", is, was)
	}
}

// A closed post stays closed under any plan.
func TestThePastsClosuresStand(t *testing.T) {
	m := loadModel(t, "testdata/tidal.yaml")
	facts, w, _ := lived(t, m, 5)
	past := Remember(m.Layout, slices.Values(facts))
	var kinds []gate.Do
	for _, a := range past.acts {
		if !a.own {
			kinds = append(kinds, a.input.Do)
		}
	}
	if !slices.Contains(kinds, gate.ClosePost) || !slices.Contains(kinds, gate.ReopenPost) || !slices.Contains(kinds, gate.SetServers) || slices.Contains(kinds, gate.TurnLane) {
		t.Errorf("orders of the past: %v", kinds)
	}
	quiet := *m
	quiet.Orders = nil
	r, err := Rerun(&quiet, past, w.From, w.To, nil, Options{})
	if err != nil || r.Report.Counts.Arrived == 0 {
		t.Error(err)
	}
}

func asText(t *testing.T, x any) string {
	t.Helper()
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What people do against the rules is met again to the second: a driver who goes
// astray, a service that breaks off, and with them
// bookings, passengers and who was inside when the facts end.
func TestWhatPeopleDidIsMetAgain(t *testing.T) {
	whole := loadModel(t, "../scenarios/bavet-mocbai-shift.yaml")
	m, err := whole.Part(0)
	if err != nil {
		t.Fatal(err)
	}
	world := NewWorld(m, 3, 0)
	w := study.Window{Start: m.Start, From: m.Start, To: m.Start.Add(37*border.Hour + 11*border.Minute), Cycle: border.Day}
	var facts []gate.Fact
	disturbed := map[gate.Kind]int{}
	for world.Next() < w.To {
		at := world.Next()
		facts = append(facts, world.Step()...)
		if n := len(facts); n > 0 && facts[n-1].At == at && at > m.Start.Add(3*border.Hour) {
			facts = append(facts, disturb(world, &facts[n-1], disturbed)...)
		}
	}
	for _, k := range []gate.Kind{gate.Strayed, gate.Interrupted, gate.Booked, gate.Alighted} {
		if !slices.ContainsFunc(facts, func(f gate.Fact) bool { return f.Kind == k }) {
			t.Errorf("nobody was %s", k)
		}
	}
	past := Remember(m.Layout, slices.Values(facts))
	r, err := Rerun(m, past, w.From, w.To, past.Ended(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := study.NewCollector(m.Layout, w, m.Standard)
	for i := range facts {
		c.Add(&facts[i])
		if n, ok := past.Number(facts[i].Visit); ok && !past.Ended()[n] && (facts[i].Kind == gate.Arrived || facts[i].Kind == gate.Alighted) {
			c.LeaveOut(facts[i].Visit)
		}
	}
	if a, b := asText(t, c.Report(w.To).Crossing.TimeH), asText(t, r.Report.Crossing.TimeH); a != b || r.Times.Drawn > 0 {
		t.Errorf("it was %s\nagain %s, %+v", a, b, r.Times)
	}
}

// disturb has people do now and then what no rule foresees.
func disturb(w *World, f *gate.Fact, done map[gate.Kind]int) []gate.Fact {
	in := gate.Input{At: f.At, Visit: f.Visit}
	switch done[f.Kind]++; {
	case f.Kind == gate.Called && done[f.Kind]%9 == 0:
		in.Do, in.Place = gate.ObserveSeen, otherLane(w, f.Place)
	case f.Kind == gate.ServiceStarted && done[f.Kind]%17 == 0:
		in.Do = gate.ObserveInterrupted
	default:
		return nil
	}
	w.facts = w.facts[:0]
	w.input = in
	w.decide()
	return slices.Clone(w.facts)
}

// otherLane is the lane beside one.
func otherLane(w *World, lane gate.PlaceID) gate.PlaceID {
	for i, p := range w.model.Layout.Places {
		if id := gate.PlaceID(i); id != lane && p.Kind == gate.Lane && p.Directions == w.model.Layout.Places[lane].Directions {
			return id
		}
	}
	return lane
}
