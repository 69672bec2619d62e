package study_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/sim"
	"landport/study"
)

func run(t *testing.T, m *sim.Model, o sim.Options) *study.Report {
	t.Helper()
	r, err := sim.Run(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }

// What the parties' times add up to, and what becomes of visits, on every
// scenario that comes with the program.
func TestReportsAddUp(t *testing.T) {
	for name, m := range shipped(t) {
		r := run(t, m, sim.Options{Replications: 2, Seed: 5, Days: 7})
		if !r.Little.Exact {
			t.Errorf("%s: Little's law: %+v", name, r.Little)
		}
		c := r.Counts
		if in, out := c.InsideBefore+c.Arrived, c.Released+c.TurnedAway+c.TurnedBack+c.GivenUp+c.InsideAfter; in != out || c.Released == 0 {
			t.Errorf("%s: %d in, %d out: %+v", name, in, out, c)
		}
		if !r.Copes() {
			continue
		}
		if !near(*r.Little.L, *r.Little.LambdaPerH**r.Little.WH) {
			t.Errorf("%s: Little's law: %+v", name, r.Little)
		}
		sum, share := 0.0, 0.0
		for _, a := range r.Attribution {
			sum += a.TimeMin.Mean
			share += *a.Share
			if a.TimeMin.N != r.Crossing.TimeH.N || *a.ActiveMin > a.TimeMin.Mean+1e-9 {
				t.Errorf("%s: %s %s: %+v", name, a.Party, a.Agency, a)
			}
		}
		if !near(sum, 60*r.Crossing.TimeH.Mean) || !near(share, 1) {
			t.Errorf("%s: the parties' means add up to %.9f min, the crossing takes %.9f", name, sum, 60*r.Crossing.TimeH.Mean)
		}
		posts := 0.0
		for _, p := range r.Posts {
			posts += p.CrossingH.Mean
		}
		if posts > r.Crossing.TimeH.Mean+1e-9 {
			t.Errorf("%s: %.3f h at the posts, %.3f h in all", name, posts, r.Crossing.TimeH.Mean)
		}
	}
}

// What an agency's officers do for goods vehicles, and how long those wait for
// them, is the agency's part of the crossing time; how busy they are is pooled
// over its stops by the officers there.
func TestOfficersOfAnAgencyAreItsStopsTogether(t *testing.T) {
	m := shipped(t)["bavet-mocbai-2018.yaml"]
	r := run(t, m, sim.Options{Replications: 2, Seed: 5, Days: 7})
	agencies := 0
	for _, a := range r.Attribution {
		if a.Agency == "" {
			continue
		}
		agencies++
		i := slices.IndexFunc(r.Officers, func(o study.OfficerTimes) bool { return o.Agency == a.Agency && o.Country == a.Country })
		if i < 0 {
			t.Errorf("no officers of %s %s", a.Agency, a.Country)
			continue
		}
		o := &r.Officers[i]
		if !near(*o.WaitMin+*o.ServiceMin, a.TimeMin.Mean) || !near(*o.ServiceMin, *a.ActiveMin) || !near(*o.WaitShare, *o.WaitMin/(60*r.Crossing.TimeH.Mean)) || !near(*o.WaitEachMin, *o.WaitMin / *o.OnDuty) {
			t.Errorf("%+v do not add up to %+v", *o, a)
		}
	}
	if agencies != len(r.Officers) || agencies != 6 {
		t.Errorf("%d agencies, officers of %d", agencies, len(r.Officers))
	}
	for _, want := range []struct {
		agency, country string
		stops           int
		onDuty          float64
	}{
		{"plant-quarantine", "VN", 1, 16. / 24},      // one, from 06:00 to 22:00
		{"immigration", "KH", 5, (4 + 4) * 16. / 24}, // in four booths and in the hall, while they are open; who finishes after hours counts till then
	} {
		i := slices.IndexFunc(r.Officers, func(o study.OfficerTimes) bool { return o.Agency == want.agency && o.Country == want.country })
		if o := &r.Officers[i]; o.Stops != want.stops || *o.OnDuty < want.onDuty-1e-9 || *o.OnDuty > want.onDuty*1.02 {
			t.Errorf("%+v: on duty %g, want %g", *o, *o.OnDuty, want.onDuty)
		}
	}
	quarantine := slices.IndexFunc(r.Stops, func(s study.StopTimes) bool { return s.Stop == "Moc Bai plant quarantine" })
	alone := slices.IndexFunc(r.Officers, func(o study.OfficerTimes) bool { return o.Agency == "plant-quarantine" && o.Country == "VN" })
	if !near(*r.Officers[alone].Utilisation, r.Stops[quarantine].Utilisation.Mean) {
		t.Errorf("busy %g of their time, and at their only stop %g", *r.Officers[alone].Utilisation, r.Stops[quarantine].Utilisation.Mean)
	}
}

// The report of a run while it is under way is that of the same run finished then.
func TestReportDuringARun(t *testing.T) {
	m := shipped(t)["bavet-mocbai-2018.yaml"]
	w := study.Window{Start: m.Start, From: m.Start, To: border.Never}
	live, whole, at := study.NewCollector(m.Layout, w, 0), study.NewCollector(m.Layout, w, 0), m.Start
	for _, f := range factsOf(m, 3) {
		live.Add(&f)
		whole.Add(&f)
		if f.At.Sub(at) > border.Hour {
			at = f.At
			live.Report(at)
		}
	}
	whole.Finish(at)
	during, after := live.Report(at), whole.Report(at)
	if during.Crossing.TimeH.N == 0 || during.Crossing.TimeH.P95 != after.Crossing.TimeH.P95 || during.Counts != after.Counts ||
		during.Stops[1].QueueLength.Mean != after.Stops[1].QueueLength.Mean || *during.Attribution[2].Share != *after.Attribution[2].Share {
		t.Errorf("during the run %+v, after it %+v", during.Crossing, after.Crossing)
	}
}

// Replications merged one by one give what their reports say apart.
func TestMergeKeepsReplicationMeans(t *testing.T) {
	m := shipped(t)["densavanh-laobao.yaml"]
	const n = 4
	r := run(t, m, sim.Options{Replications: n, Seed: 2, Days: 5})
	w := study.Window{Start: m.Start, From: m.Start.Add(m.Warmup), To: m.Start.Add(m.Warmup + 5*border.Day)}
	var means []float64
	arrived := int64(0)
	for i := range n {
		world, c := sim.NewWorld(m, 2, i), study.NewCollector(m.Layout, w, m.Standard)
		for world.Next() < w.To || c.Open() > 0 {
			for _, f := range world.Step() {
				c.Add(&f)
			}
		}
		one := c.Report(w.To)
		means = append(means, one.Crossing.TimeH.Mean)
		arrived += one.Counts.Arrived
	}
	want := study.SummarizeValues(means)
	got := r.Crossing.TimeH
	if !near(got.Mean, want.Mean) || !near(got.CI95[0], want.CI95[0]) || !near(got.CI95[1], want.CI95[1]) || arrived != r.Counts.Arrived {
		t.Errorf("merged %+v of %d, apart %+v of %d", got, r.Counts.Arrived, want, arrived)
	}
}

// Visits that arrive during the warm-up are not measured, and neither is what
// arrives after the window; those of the window are followed until they leave.
func TestOnlyTheWindowIsMeasured(t *testing.T) {
	s := tell(t)
	crossing := func(from, to string) int64 {
		c := study.NewCollector(s.m.Layout, study.Window{Start: s.m.Start, From: s.at(from), To: s.at(to)}, 0)
		for _, f := range s.facts {
			c.Add(&f)
		}
		if c.Open() != 0 {
			t.Errorf("%s-%s: %d still inside", from, to, c.Open())
		}
		c.Finish(s.at("24:00"))
		return c.Report(s.at("24:00")).Crossing.TimeH.N
	}
	for _, clock := range []string{"06:00", "07:00", "08:00"} {
		hour := func(minutes string) string { return clock[:3] + minutes }
		a := s.put(clock, gate.Input{Do: gate.ObserveArrival})
		s.put(hour("02"), gate.Input{Do: gate.ObserveEntered, Visit: a})
		s.put(hour("07"), gate.Input{Do: gate.ObserveServed, Visit: a})
		s.put(hour("30"), gate.Input{Do: gate.ObserveServed, Visit: a})
	}
	for _, c := range []struct {
		from, to string
		want     int64
	}{{"00:00", "20:00", 3}, {"06:30", "20:00", 2}, {"00:00", "08:00", 2}, {"07:00", "07:01", 1}, {"09:00", "10:00", 0}} {
		if got := crossing(c.from, c.to); got != c.want {
			t.Errorf("%s-%s measures %d visits, want %d", c.from, c.to, got, c.want)
		}
	}
}

// The JSON has the fields that others build on, and nulls for what cannot be told.
func TestReportJSON(t *testing.T) {
	m := shipped(t)["mm5.yaml"]
	text, err := json.Marshal(run(t, m, sim.Options{Seed: 1, Days: 1}))
	if err != nil {
		t.Fatal(err)
	}
	var r map[string]json.RawMessage
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"scenario", "seed", "replications", "assumed_parameters", "posts", "stops", "groups", "system", "attribution", "stable", "facts", "elapsed_s"} {
		if _, ok := r[key]; !ok {
			t.Errorf("the report lacks %q", key)
		}
	}
	for _, test := range []struct {
		list string
		keys []string
	}{
		{"posts", []string{"post", "crossing_h", "throughput_per_day"}},
		{"stops", []string{"stop", "wait_min", "service_min", "queue_length", "utilisation"}},
		{"system", []string{"time_min", "wait_min", "share_waiting"}},
	} {
		var one map[string]json.RawMessage
		raw := r[test.list]
		if test.list != "system" {
			var all []json.RawMessage
			if err := json.Unmarshal(raw, &all); err != nil || len(all) == 0 {
				t.Fatalf("%s: %s", test.list, raw)
			}
			raw = all[0]
		}
		if err := json.Unmarshal(raw, &one); err != nil {
			t.Fatal(err)
		}
		for _, key := range test.keys {
			if _, ok := one[key]; !ok {
				t.Errorf("%s lacks %q", test.list, key)
			}
			if key == "post" || key == "stop" {
				continue
			}
			var summary map[string]any
			if err := json.Unmarshal(one[key], &summary); err != nil {
				t.Errorf("%s.%s is no summary: %s", test.list, key, one[key])
			}
			for _, part := range []string{"mean", "ci95", "p50", "p90", "p95", "min", "max", "n"} {
				if _, ok := summary[part]; !ok {
					t.Errorf("%s.%s lacks %q", test.list, key, part)
				}
			}
		}
	}
}

// Of few visits the text shows the range, and it says what is assumed and what
// was calibrated to how many samples.
func TestText(t *testing.T) {
	m := shipped(t)["bavet-mocbai-2018.yaml"]
	r := run(t, m, sim.Options{Replications: 2, Seed: 1, Days: 2})
	r.Groups[0].CrossingH.N = 7
	text := r.Text()
	for _, want := range []string{"are assumed", "7 samples", "6 samples", "Bavet", "Moc Bai", "closed hours", "customs KH", "broker", "on duty", "a vehicle waits", " from ", "Little's law holds exactly"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 110 {
			t.Errorf("%d columns: %s", n, line)
		}
		if strings.TrimRight(line, " \n") != strings.TrimRight(line, "\n") {
			t.Errorf("blanks at the end of %q", line)
		}
	}
	if strings.Contains(text, "NaN") {
		t.Errorf("NaN in the text:\n%s", text)
	}
}

// A crossing that cannot cope is told in words.
func TestTextOfAnUnstableRun(t *testing.T) {
	m := shipped(t)["mm5.yaml"]
	i := slices.IndexFunc(m.Services, func(s []sim.Service) bool { return len(s) > 0 })
	m.Services[i][0].Time = sim.Exponential(15 * border.Minute)
	r := run(t, m, sim.Options{Replications: 2, Seed: 1, Days: 20})
	text := r.Text()
	if r.Copes() || !strings.Contains(text, "NOT STABLE") || !strings.Contains(text, "the line at counter grew") || strings.Contains(text, "NaN") {
		t.Errorf("load 1.35:\n%s", text)
	}
}
