package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
)

// seenBy runs a scenario and lists, of the goods vehicles of one flow in the
// order of their arrival, when each came, and how long each of its services took.
func seenBy(t *testing.T, m *Model) (arrivals, services []string) {
	t.Helper()
	type visit struct {
		number int
		since  border.Time
	}
	truck := m.Classes[slices.IndexFunc(m.Classes, func(k Class) bool { return k.Name == "truck" })]
	w, known := NewWorld(m, 1, 0), map[gate.VisitID]*visit{}
	var times []map[string]border.Micros
	runTo(w, m.Start.Add(6*border.Day), func(f *gate.Fact) {
		v := known[f.Visit]
		switch {
		case f.Kind == gate.Arrived && f.Traits == truck.Traits:
			known[f.Visit] = &visit{number: len(times)}
			arrivals = append(arrivals, fmt.Sprint(f.At))
			times = append(times, map[string]border.Micros{})
		case v == nil:
		case f.Kind == gate.ServiceStarted:
			v.since = f.At
		case f.Kind == gate.ServiceEnded:
			stop, _, _ := strings.Cut(m.Layout.Stops[f.Stop].Name, " ")
			if stop == "spare" {
				stop = "booth"
			}
			times[v.number][stop] = f.At.Sub(v.since)
		case f.Kind == gate.Removed:
			delete(known, f.Visit)
		}
	})
	for i, of := range times[:200] {
		services = append(services, fmt.Sprint(i, of["booth"], of["customs"]))
	}
	return arrivals, services
}

// A plan with another lane, stop, class and flow, and other priorities, meets
// the same trucks, of which each takes as long as before.
func TestAPlanMovesNobodysDraws(t *testing.T) {
	const base = `name: x
assumed: for tests
posts: [{name: East, country: KH}, {name: West, country: VN}]
directions: KH-VN
places:
  - {name: road, kind: approach, post: East}
  - {name: lane *, count: 2, kind: lane, post: East, capacity: 1}
  - {name: yard, kind: bay, post: West}
stops:
  - {name: booth *, count: 2, post: East, service: {lognormal: {mean: 9m, cv: 0.8}}}
  - {name: customs, post: West, servers: 3, service: [{time: {gamma: {mean: 20m, cv: 0.6}}, refuse: 0.02}]}
procedures:
  - name: goods
    route: [road, {place: lane *, stops: [booth *]}, {place: yard, stops: [customs]}]
classes: [{name: truck, traits: [laden, rigid-truck]}]
flows: [{name: trucks, rate: 150/day, classes: {truck: 1}}]
`
	plan := strings.NewReplacer(
		"{name: lane *, count: 2", "{name: lane *, count: 4",
		"{name: booth *, count: 2", "{name: spare *, count: 1, post: East, service: 1m}\n  - {name: booth *, count: 3",
		"stops: [booth *]", "stops: [{stop: [spare *, booth *]}]",
		"classes: [", "policies: [{name: p, ageing: 1h, priorities: [{accepts: perishable, class: 1}]}]\nclasses: [{name: fresh, traits: [laden, perishable, rigid-truck]}, ",
		"flows: [", "flows: [{name: fresh goods, rate: 20/day, classes: {fresh: 1}}, ",
	).Replace(base)
	plan = strings.Replace(plan, "spare *, count: 1, post: East, service: 1m", "spare *, count: 1, post: East, service: {lognormal: {mean: 9m, cv: 0.8}}", 1)
	a1, s1 := seenBy(t, modelFrom(t, base))
	a2, s2 := seenBy(t, modelFrom(t, plan))
	if len(a1) < 600 || !slices.Equal(a1, a2) {
		t.Errorf("%d trucks arrive at other instants than the %d of the plan", len(a1), len(a2))
	}
	same := 0
	for i := range s1 {
		if s1[i] == s2[i] {
			same++
		}
	}
	if same < 200 {
		t.Errorf("of 200 trucks %d take as long as before:\n%q\n%q", same, s1[:9], s2[:9])
	}
}

func modelFrom(t *testing.T, text string) *Model {
	t.Helper()
	f, err := Decode("x.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
