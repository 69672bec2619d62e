package study_test

import (
	"encoding/json"
	"strings"
	"testing"

	"landport/border"
	"landport/sim"
	"landport/study"
)

// A run under way is neither stable nor not: its means are those so far.
func TestARunUnderWayIsNotJudged(t *testing.T) {
	m := shipped(t)["mm5.yaml"]
	c := study.NewCollector(m.Layout, study.Window{Start: m.Start, From: m.Start, To: border.Never}, 0)
	at := m.Start
	for _, f := range factsOf(m, 1) {
		c.Add(&f)
		at = f.At
	}
	r := c.Report(at)
	if r.Stable != nil || r.Copes() || r.Grows() || r.Crossing.TimeH.N == 0 || !(r.Crossing.TimeH.Mean > 0) {
		t.Errorf("stable %v, %s, %+v", r.Stable, r.StableReason, r.Crossing.TimeH)
	}
	written, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(written), `"stable":null,"stable_reason":"too early to tell`) {
		t.Errorf("%v, written as %s", err, written)
	}
	if text := r.Text(); !strings.Contains(text, "NOT JUDGED: too early to tell") || strings.Contains(strings.ToLower(text), "stable") {
		t.Errorf("in words:\n%s", text)
	}
}

// Nobody can tell of a crossing that nobody came to whether it copes.
func TestACrossingWithoutTrafficIsNotJudged(t *testing.T) {
	m := model(t, "idle.yaml", []byte(`
name: idle
source: a test
run: {length: 1m}
flows: [{name: vehicles, rate: 1/day}]
stops: [{name: counter, servers: 1, service: {exponential: 10s}}]
`))
	if r := run(t, m, sim.Options{Seed: 1}); r.Stable != nil || r.Counts.Arrived != 0 || !strings.Contains(r.Text(), "NOT JUDGED: nobody arrived") {
		t.Errorf("stable %v: %s", r.Stable, r.Text())
	}
}

// Where more and more visits are inside, the report says what they wait for.
func TestWhatThoseInsideWaitForIsNamed(t *testing.T) {
	const scenario = `
name: waits
source: a test
run: {length: 20d}
flows: [{name: trucks, rate: 2/hour, classes: {truck: 1}}]
classes: [{name: truck, traits: [laden, rigid-truck]DOSSIER}]
places: [{name: zone, kind: waiting-zone}, {name: yard, kind: bayROOM}]
stops: [{name: desk, needs_dossier: true, agency: customs, SERVICE}]
`
	const served = "servers: 9, service: {exponential: 10m}"
	for _, test := range []struct {
		name, dossier, room, service string
		says                         []string
	}{
		{"dossiers", ", dossier: {ready: 0, lodged_after: 18d}", "", served, []string{
			"more and more wait for their dossiers (broker): the number of visits inside grew", "wait for their dossiers (broker); a mean",
		}},
		{"dossiers, of which those stand before others", ", dossier: {ready: 0.5, lodged_after: 18d}", ", capacity: 40", served, []string{
			"more arrive than leave: the queue in zone grew", "wait for a lane or for room ahead, 40 wait for their dossiers (broker); a mean",
		}},
		{"holds", "", "", "servers: 9, service: [{time: {exponential: 10m}, hold: 1, hold_for: 18d}]", []string{
			"more and more are held by customs: the number of visits inside grew", "are held by customs; a mean",
		}},
		{"officers", "", ", capacity: 40", "servers: 1, service: 50m", []string{
			"more arrive than are served: the queue in zone grew", "wait for a lane or for room ahead, 39 stand in line for customs, 1 is served or on the move; a mean",
		}},
		{"officers, with room for all who wait", "", "", "servers: 1, service: 50m", []string{
			"more arrive than are served: the line at desk grew", "left; a mean",
		}},
	} {
		text := strings.NewReplacer("DOSSIER", test.dossier, "ROOM", test.room, "SERVICE", test.service).Replace(scenario)
		r := run(t, model(t, "waits.yaml", []byte(text)), sim.Options{Seed: 1, Replications: 2})
		for _, want := range test.says {
			if !r.Grows() || !strings.Contains(r.StableReason, want) {
				t.Errorf("%s: stable %v: %s\nwant %s", test.name, r.Copes(), r.StableReason, want)
			}
		}
	}
}

// Where officers idle, it is not that more arrive than they serve.
func TestNoOfficersAreBlamedWhoIdle(t *testing.T) {
	const narrow = `
name: narrow
source: a test
run: {length: 10d}
posts: [{name: A, country: KH, zone: UTC}, {name: B, country: VN, zone: UTC}]
directions: [KH-VN]
flows: [{rate: 8/hour}]
places:
  - {name: road, kind: approach, post: A}
  - {name: lane, kind: lane, post: A, capacity: 1}
  - {name: bridge, kind: neutral-zone, post: A, capacity: 1, drive: 10m}
stops: [{name: booth, agency: customs, post: A, service: 1m}]
procedures: [{name: through, route: [road, {place: lane, stops: [{stop: booth}]}, bridge]}]
`
	r := run(t, model(t, "narrow.yaml", []byte(narrow)), sim.Options{Seed: 1})
	if want := "more arrive than leave: the queue in road grew"; !r.Grows() || !strings.Contains(r.StableReason, want) {
		t.Errorf("stable %v: %s\nwant %s", r.Copes(), r.StableReason, want)
	}
}
