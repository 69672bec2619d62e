package sim_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/scenarios"
	"landport/sim"
)

func TestEveryScenarioIsReady(t *testing.T) {
	for _, path := range scenarioFiles(t) {
		load(t, path)
	}
}

func TestEveryFigureOfTheShippedScenariosHasAnOrigin(t *testing.T) {
	for _, path := range scenarioFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(path, data)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Parameters()) < 2 {
			t.Errorf("%s has %d figures", path, len(f.Parameters()))
		}
		for _, p := range f.Parameters() {
			if (p.Source == "") == (p.Assumed == "") {
				t.Errorf("%s: %s has source %q and assumed %q", path, p.Path, p.Source, p.Assumed)
			}
		}
	}
}

func TestAPlainQueueNeedsNothingElse(t *testing.T) {
	m := load(t, "../scenarios/mm5.yaml")
	l := m.Layout
	if len(l.Places) != 2 || l.Places[1].Kind != gate.Bay || l.Places[1].Capacity != 0 || l.Places[1].Name != "counter" {
		t.Errorf("places %+v", l.Places)
	}
	if len(l.Stops) != 2 || l.Stops[1].Servers != 5 || l.Stops[1].Staff != nil {
		t.Errorf("stops %+v", l.Stops)
	}
	if len(l.Procedures) != 1 || len(l.Procedures[0].Legs) != 1 || len(l.Procedures[0].Steps) != 1 {
		t.Errorf("procedures %+v", l.Procedures)
	}
	if len(m.Classes) != 1 || m.Classes[0].ReadyP != 1 || m.Classes[0].Traits != 0 {
		t.Errorf("classes %+v", m.Classes)
	}
	if mean := m.Services[1][0].Time.Mean(); mean != 10*border.Minute {
		t.Errorf("mean service %d µs", mean)
	}
	if m.Span != 60*border.Day || m.Warmup != 5*border.Day || m.Parameters != 3 || len(m.Assumed) != 0 {
		t.Errorf("span %d, warm-up %d, %d parameters, %d assumed", m.Span, m.Warmup, m.Parameters, len(m.Assumed))
	}
	if want := border.At(time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)); m.Start != want {
		t.Errorf("starts at %d, want %d", m.Start, want)
	}
}

func TestNamesWithAsteriskStandForSeveral(t *testing.T) {
	l := load(t, "../scenarios/gate16.yaml").Layout
	if len(l.Places) != 18 || l.Places[2].Name != "lane 1" || l.Places[17].Name != "lane 16" || l.Places[17].Capacity != 1 {
		t.Errorf("%d places, the last %+v", len(l.Places), l.Places[len(l.Places)-1])
	}
	p := l.Procedures[0]
	if len(p.Legs) != 2 || len(p.Legs[1].Places) != 16 || len(p.Steps) != 4 {
		t.Fatalf("%d legs, %d steps", len(p.Legs), len(p.Steps))
	}
	for i, step := range p.Steps {
		if step.Leg != 1 || len(step.Stops) != 16 || l.Stops[step.Stops[0]].Servers != 16 || step.Stops[0] != step.Stops[15] {
			t.Errorf("step %d: %+v", i+1, step)
		}
	}

	l = load(t, "../scenarios/kimthanh-hekou.yaml").Layout
	leg, step := l.Procedures[0].Legs[1], l.Procedures[0].Steps[0]
	var pairs []string
	for i, id := range leg.Places {
		pairs = append(pairs, l.Places[id].Name+": "+l.Stops[step.Stops[i]].Name)
	}
	want := []string{
		"Kim Thanh import lane 1: Kim Thanh booth 1", "Kim Thanh import lane 2: Kim Thanh booth 2", "Kim Thanh import lane 3: Kim Thanh booth 3",
		"Kim Thanh export lane 1: Kim Thanh booth 4", "Kim Thanh export lane 2: Kim Thanh booth 5",
	}
	if !slices.Equal(pairs, want) {
		t.Errorf("got %q", pairs)
	}
}

func TestTheNearestOriginCounts(t *testing.T) {
	const text = `name: x
assumed: nobody knows
flows: [{rate: 1/day, source: a count}]
stops:
  - {name: a, servers: 2, service: {exponential: 5m, source: a survey}}
  - name: b
    source: the plan
    service: [{time: 5m, assumed: hearsay}, {time: {value: 6m, source: a stopwatch}}, {time: 7m}]
`
	f, err := sim.Decode("x.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range f.Parameters() {
		got = append(got, fmt.Sprintf("%d %s: %s%s", p.Line, p.Path, p.Source, p.Assumed))
	}
	want := []string{
		"3 flows[1].rate: a count", "5 stops[a].servers: nobody knows", "5 stops[a].service: a survey",
		"8 stops[b].service[1].time: hearsay", "8 stops[b].service[2].time: a stopwatch", "8 stops[b].service[3].time: the plan", "6 stops[b].servers: left out of the file, so it is one",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"stops[a].servers", "stops[b].service[1].time", "stops[b].servers"}; !slices.Equal(m.Assumed, want) {
		t.Errorf("assumed %q, want %q", m.Assumed, want)
	}
}

// An officer whom the file leaves out is a figure like any other: listed, assumed,
// and to be set. How much a remedy adds is none: no run reads it.
func TestOneOfficerLeftOutIsAFigure(t *testing.T) {
	const text = `name: x
source: a survey
flows: [{rate: 1/day}]
stops:
  - {name: always, service: 5m}
  - {name: by hours, service: 5m, shifts: [{hours: 06:00-22:00, servers: 3}, {hours: 22:00-06:00}], breaks: [{hours: 12:00-13:00}]}
  - {name: written, service: 5m, servers: 2}
causes: [{name: slow, says: two more, adds: 2, unit: officers, without: [{path: "stops[always].servers", value: 3}]}]
`
	f, err := sim.Decode("x.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := f.With(sim.Setting{Path: "stops[always].servers", Value: "2", Source: "a plan"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := sim.Decode("again.yaml", f.YAML(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file *sim.File
		want []string
	}{
		{f, []string{"stops[always].servers=1 left out of the file, so it is one", "stops[by hours].shifts[2].servers=1 left out of the file, so it is one"}},
		{set, []string{"stops[by hours].shifts[2].servers=1 left out of the file, so it is one"}},
		{again, []string{"stops[always].servers=1 left out of the file, so it is one", "stops[by hours].shifts[2].servers=1 left out of the file, so it is one"}},
	} {
		var got []string
		for _, p := range c.file.Parameters() {
			if p.Assumed != "" || strings.HasPrefix(p.Path, "causes[") {
				got = append(got, p.Path+"="+p.Value+" "+p.Assumed)
			}
		}
		m, err := c.file.Model()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, c.want) || len(m.Assumed) != len(c.want) || m.Causes[0].Adds != 2 {
			t.Errorf("assumed are %q, want %q; the model counts %d", got, c.want, len(m.Assumed))
		}
	}
}

func TestDistributions(t *testing.T) {
	for _, tt := range []struct {
		text string
		want sim.Dist
	}{
		{"5m", sim.Deterministic(5 * border.Minute)},
		{"1.5h", sim.Deterministic(90 * border.Minute)},
		{"1d2h3m4s5ms", sim.Deterministic(26*border.Hour + 3*border.Minute + 4*border.Second + 5000)},
		{"{exponential: 12m}", sim.Exponential(12 * border.Minute)},
		{"{normal: {mean: 10m, sd: 2m}}", sim.TruncatedNormal(10*border.Minute, 2*border.Minute)},
		{"{lognormal: {mean: 40m, cv: 0.8}}", sim.LogNormal(40*border.Minute, 0.8)},
		{"{lognormal: {median: 40m, p90: 2h}}", sim.LogNormalP90(40*border.Minute, 2*border.Hour)},
		{"{gamma: {mean: 40m, cv: 0.8}}", sim.Gamma(40*border.Minute, 0.8)},
		{"{erlang: {mean: 10m, k: 3}}", sim.Erlang(10*border.Minute, 3)},
		{"{uniform: {low: 1m, high: 3m}}", sim.Uniform(border.Minute, 3*border.Minute)},
		{"{triangular: {low: 1m, mode: 2m, high: 4m}}", sim.Triangular(border.Minute, 2*border.Minute, 4*border.Minute)},
		{"{empirical: [1m, 2m, 2m]}", sim.Empirical([]border.Micros{border.Minute, 2 * border.Minute, 2 * border.Minute}, nil)},
		{"{empirical: {values: [1m, 2m], weights: [1, 3]}}", sim.Empirical([]border.Micros{border.Minute, 2 * border.Minute}, []float64{1, 3})},
	} {
		m, err := modelOf("name: x\nsource: y\nflows: [{rate: 1/day}]\nstops: [{name: s, service: " + tt.text + "}]\n")
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if got := m.Services[1][0].Time; got.String() != tt.want.String() {
			t.Errorf("%s is %s, want %s", tt.text, &got, &tt.want)
		}
	}
}

func TestHoursShiftsAndBreaks(t *testing.T) {
	m, err := modelOf(`name: x
assumed: for the test
posts:
  - name: Kim Thanh
    country: VN
    zone: Asia/Ho_Chi_Minh
    hours: {mon-fri: 06:00-22:00, sat-sun: "08:00-12:00, 13:00-17:00", holidays: closed, 2024-05-02: 10:00-12:00}
    last_admission: 30m
    holidays: [2024-04-30, 2024-05-01]
directions: VN-CN
stops:
  - name: s
    service: 1m
    shifts:
      - {hours: {daily: 06:00-14:00, holidays: closed}, servers: 3}
      - {hours: 22:00-02:00}
    breaks: [{hours: 11:30-12:30, servers: 1}, {hours: 13:00-13:15}]
flows: [{rate: 1/day}]
`)
	if err != nil {
		t.Fatal(err)
	}
	zone := m.Layout.Posts[0].Zone
	opening := m.Layout.Openings[m.Layout.Places[2].Opening].Hours // behind the road
	staff := m.Layout.Stops[1].Staff
	for _, tt := range []struct {
		at           string
		level, staff int
	}{
		{"2024-04-29 05:59", gate.Closed, 0}, // a Monday
		{"2024-04-29 06:00", gate.Admitting, 3},
		{"2024-04-29 11:30", gate.Admitting, 2},
		{"2024-04-29 12:30", gate.Admitting, 3},
		{"2024-04-29 13:05", gate.Admitting, 0},
		{"2024-04-29 21:30", gate.Finishing, 0},
		{"2024-04-29 22:00", gate.Closed, 1},
		{"2024-04-30 01:59", gate.Closed, 1}, // the night shift runs into a holiday
		{"2024-04-30 10:00", gate.Closed, 0},
		{"2024-05-01 23:00", gate.Closed, 1},
		{"2024-05-02 09:00", gate.Closed, 3},
		{"2024-05-02 11:29", gate.Admitting, 3},
		{"2024-05-02 11:45", gate.Finishing, 2},
		{"2024-05-04 11:45", gate.Finishing, 2}, // a Saturday
		{"2024-05-04 12:30", gate.Closed, 3},
		{"2024-05-04 13:30", gate.Admitting, 3},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", tt.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if level, _ := opening.At(border.At(at)); level != tt.level {
			t.Errorf("%s: level %d, want %d", tt.at, level, tt.level)
		}
		if n, _ := staff.At(border.At(at)); n != tt.staff {
			t.Errorf("%s: %d on duty, want %d", tt.at, n, tt.staff)
		}
	}
	if n := m.Layout.Stops[1].Servers; n != 3 {
		t.Errorf("%d servers, want what the shifts need: 3", n)
	}
}

func TestHekouIsAnHourAhead(t *testing.T) {
	l := load(t, "../scenarios/kimthanh-hekou.yaml").Layout
	at := border.At(time.Date(2024, 6, 11, 7, 30, 0, 0, l.Posts[1].Zone))
	for _, tt := range []struct {
		opening string
		level   int
	}{{"Hekou", gate.Admitting}, {"Kim Thanh", gate.Closed}} {
		i := slices.IndexFunc(l.Openings, func(o gate.Opening) bool { return o.Name == tt.opening })
		if level, _ := l.Openings[i].Hours.At(at); level != tt.level {
			t.Errorf("%s: level %d at 07:30 in Hekou, want %d", tt.opening, level, tt.level)
		}
	}
}

func TestBavetMocBaiSaysWhatItIsCalibratedTo(t *testing.T) {
	m := load(t, "../scenarios/bavet-mocbai-2018.yaml")
	want := []sim.Target{
		{Post: "Bavet", TimeH: 3.7, Samples: 7, Source: "IDE-JETRO survey quoted by JICA (project from 2018)"},
		{Post: "Moc Bai", TimeH: 2.8, Samples: 6, Source: "IDE-JETRO survey quoted by JICA (project from 2018)"},
	}
	if !slices.Equal(m.Calibrated, want) {
		t.Errorf("calibrated to %+v", m.Calibrated)
	}
	if !strings.Contains(strings.Join(m.Notes, " "), "7 and 6 samples") {
		t.Errorf("the notes do not tell the samples: %q", m.Notes)
	}
	if len(m.Assumed) == 0 || len(m.Assumed) >= m.Parameters {
		t.Errorf("%d of %d parameters are assumed", len(m.Assumed), m.Parameters)
	}
	coach := m.Classes[slices.IndexFunc(m.Classes, func(c sim.Class) bool { return c.Name == "coach" })]
	if mean := coach.Passengers.Mean(); mean < 15 || mean > 30 {
		t.Errorf("a coach carries %d passengers on average", mean)
	}
	if len(coach.Alight) != 4 {
		t.Errorf("passengers alight at %d places, want one for each side of each post", len(coach.Alight))
	}
}

func FuzzDecode(f *testing.F) {
	for _, path := range scenarioFiles(f) {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(smallBorder))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("a\n---"))
	f.Add([]byte("name: &a &b *a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := sim.Decode("fuzz.yaml", data, time.LoadLocation)
		if err == nil {
			_, err = file.Model()
		}
		if err != nil && !strings.HasPrefix(err.Error(), "fuzz.yaml:") {
			t.Errorf("no position: %v", err)
		}
	})
}

func load(t *testing.T, path string) *sim.Model {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(path, data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
