package sim_test

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/scenarios"
	"landport/sim"
)

func TestWithSetsWhatItIsTold(t *testing.T) {
	base := decoded(t, smallBorder)
	for _, c := range []struct {
		set   sim.Setting
		value string
		mean  float64
		said  string
	}{
		{sim.Setting{Path: "stops[scanner].service", Value: "5m", Assumed: "a faster scanner"}, "5m", 5, "a faster scanner"},
		{sim.Setting{Path: "stops[scanner].service", Value: "{uniform: {low: 5m, high: 15m}}"}, "{uniform: {low: 5m, high: 15m}}", 10, "set to try it"},
		{sim.Setting{Path: "stops[scanner].service", Times: 1.25}, "{exponential: 15m}", 15, "set to try it"},
		{sim.Setting{Path: "stops[scanner].servers", Value: "3"}, "3", 3, "set to try it"}, // which the file leaves out
		{sim.Setting{Path: "stops[customs].service[1].time", Times: 2}, "16m", 16, "set to try it"},
		{sim.Setting{Path: "stops[customs].service[1].refer[1].probability", Times: 0.5}, "0.05", 0.05, "set to try it"},
		{sim.Setting{Path: "places[lane *].count", Times: 1.6}, "3", 3, "set to try it"},
		{sim.Setting{Path: "flows[trucks].rate", Times: 1.1}, "110/day", 110, "set to try it"},
		{sim.Setting{Path: "posts[Bavet].hours", Value: "05:00-23:00"}, "05:00-23:00", math.NaN(), "set to try it"},
	} {
		f, err := base.With(c.set)
		if err != nil {
			t.Errorf("%+v: %v", c.set, err)
			continue
		}
		p := parameterOf(t, f, c.set.Path)
		if p.Value != c.value || p.Assumed != c.said || math.Abs(p.Mean-c.mean) > 1e-9 {
			t.Errorf("%+v: got %+v", c.set, p)
		}
		others := func(f *sim.File) []string {
			return slices.DeleteFunc(origins(f), func(s string) bool { return strings.HasPrefix(s, c.set.Path+" ") })
		}
		if !slices.Equal(others(f), others(base)) {
			t.Errorf("%+v changes other figures:\n%s", c.set, differences(others(base), others(f)))
		}
	}
}

func TestWithSetsWhatIsNoFigure(t *testing.T) {
	f, err := decoded(t, smallBorder).With(sim.Setting{Path: "places[lane *].tidal", Value: "true"}, sim.Setting{Path: "stops[customs].service", Times: 3})
	if err != nil {
		t.Fatal(err)
	}
	if p := parameterOf(t, f, "stops[customs].service[1].time"); p.Value != "24m" {
		t.Errorf("%+v", p)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	if !m.Layout.Places[2].Tidal {
		t.Errorf("%+v is not tidal", m.Layout.Places[2])
	}
}

func TestWithLeavesWhatAnAnchorBroughtElsewhere(t *testing.T) {
	const text = `name: x
assumed: y
flows: [{rate: 1/day}]
stops:
  - {name: a, service: 1m, shifts: &s [{hours: 08:00-16:00, servers: 2}]}
  - {name: b, service: 1m, shifts: *s}
`
	f, err := decoded(t, text).With(sim.Setting{Path: "stops[b].shifts[1].servers", Value: "4"})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := parameterOf(t, f, "stops[a].shifts[1].servers"), parameterOf(t, f, "stops[b].shifts[1].servers"); a.Value != "2" || b.Value != "4" {
		t.Errorf("a has %s, b %s", a.Value, b.Value)
	}
}

func TestWithSaysWhatIsWrong(t *testing.T) {
	base := decoded(t, smallBorder)
	for _, c := range []struct {
		set  sim.Setting
		want string
	}{
		{sim.Setting{Path: "stops[scaner].service", Value: "5m"}, `"stops[scaner].service": unknown path: there is no stops[scaner]; near are stops[scanner].service`},
		{sim.Setting{Path: "stops[scanner].speed", Value: "5m"}, `"stops[scanner].speed": unknown path: stops[scanner] has no field speed; near are stops[scanner].servers`},
		{sim.Setting{Path: "flows[trucks].rate.x", Value: "5m"}, `"flows[trucks].rate.x": unknown path: flows[trucks].rate is one figure, to be set whole; near are flows[trucks].rate`},
		{sim.Setting{Path: "stops[", Value: "5m"}, `"stops[" is not a path; write it as stops[customs].service`},
		{sim.Setting{Path: "stops[scanner].servers", Value: "many"}, `stops[scanner].servers: stop "scanner": servers: "many" is not a whole number from 1 to 64`},
		{sim.Setting{Path: "stops[scanner].servers", Value: "[1"}, `stops[scanner].servers: malformed YAML: the bracket [ that opens here is never closed; put ] after the last entry of the list`},
		{sim.Setting{Path: "stops[scanner].servers", Times: 2}, `stops[scanner].servers is not written in the scenario, so nothing can be multiplied; give its value`},
		{sim.Setting{Path: "posts[Bavet].hours", Times: 2}, `posts[Bavet].hours is not a duration, a time, a rate, a count, a probability or a number, so it cannot be multiplied`},
		{sim.Setting{Path: "flows[trucks].rate"}, `flows[trucks].rate: neither a value nor a factor above 0 is given`},
	} {
		if _, err := base.With(c.set); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestFitIsKeptBesideItsFigure(t *testing.T) {
	const text = `name: x
assumed: y
flows: [{rate: {value: 100/day, fit: {low: 80/day, high: 120/day}}}]
stops: [{name: s, servers: {value: 2, fit: {low: 1, high: 4}, source: staff plan}, service: {lognormal: {mean: 26m, cv: 0.8}, fit: {low: 15m, high: 40m}}}]
`
	f := decoded(t, text)
	for _, test := range []struct {
		path string
		want sim.Fit
	}{{"flows[1].rate", sim.Fit{Low: 80, High: 120}}, {"stops[s].servers", sim.Fit{Low: 1, High: 4}}, {"stops[s].service", sim.Fit{Low: 15, High: 40}}} {
		if p := parameterOf(t, f, test.path); p.Fit == nil || *p.Fit != test.want {
			t.Errorf("%s: got %+v", test.path, p)
		}
	}
	f, err := f.With(sim.Setting{Path: "stops[s].service", Times: 0.5, Assumed: "fitted"})
	if err != nil {
		t.Fatal(err)
	}
	p := parameterOf(t, f, "stops[s].service")
	if p.Fit == nil || p.Fit.High != 40 || p.Value != "{lognormal: {mean: 13m, cv: 0.8}}" || p.Assumed != "fitted" || math.Abs(p.Mean-13) > 1e-6 {
		t.Errorf("got %+v", p)
	}
	for _, c := range []struct{ old, new, want string }{
		{"low: 80/day", "low: 130/day", `x.yaml:3:38: flow 1: rate: fit: low is not below high; a range is needed to fit a figure in`},
		{"low: 1,", "low: one,", `x.yaml:4:50: stop "s": servers: fit: low: "one" is not a whole number from 0 to 2147483647`},
		{", high: 4", "", `x.yaml:4:44: stop "s": servers: fit: lacks high: Greatest value`},
		{"name: s,", "name: s, fit: {low: 1, high: 2},", `x.yaml:4:24: stop "s": fit: goes beside a single figure, such as {value: 3, fit: {low: 1, high: 5}}`},
	} {
		if _, err := sim.Decode("x.yaml", []byte(strings.Replace(text, c.old, c.new, 1)), nil); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func decoded(t testing.TB, text string) *sim.File {
	t.Helper()
	f, err := sim.Decode("small.yaml", []byte(text), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parameterOf(t testing.TB, f *sim.File, path string) sim.Parameter {
	t.Helper()
	all := f.Parameters()
	i := slices.IndexFunc(all, func(p sim.Parameter) bool { return p.Path == path })
	if i < 0 {
		t.Fatalf("there is no parameter %s", path)
	}
	return all[i]
}

// everyFile decodes the shipped scenarios and those of the tests.
func everyFile(t testing.TB) (all []*sim.File) {
	t.Helper()
	library := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}
	for _, path := range scenarioFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := library.Decode(path, data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// origins lists every figure with its value and where it comes from, ordered.
func origins(f *sim.File) (all []string) {
	for _, p := range f.Parameters() {
		all = append(all, p.Path+" = "+p.Value+"; "+string(p.Kind)+"; source "+p.Source+"; assumed "+p.Assumed)
	}
	slices.Sort(all)
	return all
}

func differences(a, b []string) string {
	var out strings.Builder
	for _, s := range a {
		if !slices.Contains(b, s) {
			out.WriteString("- " + s + "\n")
		}
	}
	for _, s := range b {
		if !slices.Contains(a, s) {
			out.WriteString("+ " + s + "\n")
		}
	}
	return out.String()
}

func TestSettingsAreReadAsTheyAreWritten(t *testing.T) {
	for _, test := range []struct {
		text string
		want sim.Setting
	}{
		{"stops[customs].servers=6", sim.Setting{Path: "stops[customs].servers", Value: "6"}},
		{"flows[trucks VN-KH].rate*=1.1", sim.Setting{Path: "flows[trucks VN-KH].rate", Times: 1.1}},
		{"stops[a = b].service={lognormal: {mean: 9m, cv: 0.8}}", sim.Setting{Path: "stops[a = b].service", Value: "{lognormal: {mean: 9m, cv: 0.8}}"}},
		{"policies[first come, first served].strict=false", sim.Setting{Path: "policies[first come, first served].strict", Value: "false"}},
	} {
		got, err := sim.ParseSetting(test.text)
		if err != nil || got != test.want || got.String() != test.text {
			t.Errorf("%q is read as %+v, %v, and written as %q", test.text, got, err, got.String())
		}
	}
	for _, test := range []struct{ text, want string }{
		{"stops[customs].servers", "changes nothing"},
		{"stops[a = b].servers", "changes nothing"},
		{"=", "names no path and no value"},
		{"stops[customs].servers=", "gives stops[customs].servers no value"},
		{"flows[trucks].rate*=-1", `"-1" is not a factor above 0`},
		{"flows[trucks].rate*=much", `"much" is not a factor above 0`},
		{"[customs].servers=3", "is not a path"},
		{"=3", "is not a path"},
	} {
		if _, err := sim.ParseSetting(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.text, err, test.want)
		}
	}
}
