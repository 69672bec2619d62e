package evidence

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"landport/sim"
)

// tornadoGate is M/M/1 with ten arrivals an hour and services of 3 minutes: its
// mean time is 0.1 h, with services of 3.75 minutes 0.1667 h, of 2.4 minutes
// 0.0667 h. Two counters instead of one make it 0.0533 h.
const tornadoGate = `name: one gate
assumed: a textbook queue
run: {length: 60d, warmup: 1d}
posts: [{name: Gate, country: KH, hours: 00:00-24:00}]
stops: [{name: counter, servers: 1, service: {exponential: 3m}}]
classes: [{name: truck, traits: [laden, rigid-truck], dossier: {ready: 0.9, lodged_after: 30m}}]
flows: [{rate: {value: 10/hour, source: a survey}, classes: {truck: 1}}]
`

func TestATornadoShowsWhichAssumptionsMoveAResult(t *testing.T) {
	file := decoded(t, tornadoGate)
	m, err := Parse("mean(crossing_h)")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	o := TornadoOptions{Run: sim.Options{Replications: 3, Seed: 4, Progress: func(int, int) { calls++ }}, By: 1.25, Most: 10}
	all, err := Vary(file, m, o)
	if err != nil {
		t.Fatal(err)
	}
	bars := map[string]Bar{}
	for i, b := range all.Bars {
		bars[b.Path] = b
		if i > 0 && b.reach() > all.Bars[i-1].reach() {
			t.Errorf("%s is wider than the one above", b.Path)
		}
	}
	service, servers, ready := bars["stops[counter].service"], bars["stops[counter].servers"], bars["classes[truck].dossier.ready"]
	for _, x := range []struct {
		what      string
		got, want float64
	}{{"now", *all.Now, 0.1}, {"slow", *service.Higher.Result, 0.1667}, {"quick", *service.Lower.Result, 0.0667}, {"two counters", *servers.Higher.Result, 0.0533}} {
		if math.Abs(x.got-x.want) > 0.01 {
			t.Errorf("%s: %.4f h, theory says %.4f", x.what, x.got, x.want)
		}
	}
	if service.Higher.Value != "{exponential: 3.75m}" || all.Bars[0].Path != "stops[counter].service" {
		t.Errorf("%+v", all.Bars[0])
	}
	if servers.Lower != nil || servers.Higher.Value != "2" || ready.Higher.Value != "1" || ready.Lower.Value != "0.72" {
		t.Errorf("servers %+v, ready %+v", servers, ready)
	}
	if _, moved := bars["flows[1].rate"]; moved || calls != len(all.Bars) || len(all.Fixed) != 2 {
		t.Errorf("a published figure was moved; %d calls, %+v", calls, all.Fixed)
	}
	if text := all.Text(); !strings.Contains(text, "6 of the scenario's 7 figures are assumed") || !strings.Contains(strings.Join(strings.Fields(text), " "), "95% interval over the replications 0.0") {
		t.Error(text)
	}
	if all.Summed != 1 || all.Coarse != 1 || math.Abs(*all.Together-*service.Half) > 1e-12 || math.Abs(*service.Half-(0.1667-0.0667)/2) > 0.006 || !servers.Coarse || service.Coarse {
		t.Errorf("together %v of %d, service %+v, servers %+v", *all.Together, all.Summed, service, servers)
	}

	o.Most = 1
	few, err := Vary(file, m, o)
	if err != nil || len(few.Bars) != 1 || few.Bars[0].Path != "stops[counter].service" || len(few.Screened) != len(all.Bars)-1 {
		t.Errorf("%+v, %v", few, err)
	}
}

// An end at which a line grows is the widest of all.
func TestATornadoSaysWhereACrossingNoLongerCopes(t *testing.T) {
	file := decoded(t, strings.Replace(tornadoGate, "10/hour", "18/hour", 1))
	m, _ := Parse("mean(crossing_h)")
	all, err := Vary(file, m, TornadoOptions{Run: sim.Options{Replications: 2, Seed: 4, Days: 30}, By: 1.25, Most: 10})
	if err != nil {
		t.Fatal(err)
	}
	first := all.Bars[0]
	if first.Path != "stops[counter].service" || !first.Higher.Grows || first.Higher.Result != nil || first.Width != nil || all.Unstable != 1 {
		t.Errorf("%+v", first)
	}
	if text := all.Text(); !strings.Contains(text, "grows") || !strings.Contains(text, "crossing copes at all") ||
		strings.Contains(text, "is off by") || !strings.Contains(strings.Join(strings.Fields(text), " "), "do not tell what the assumptions are worth together") {
		t.Error(text)
	}
}

// Two runs of ten days take a load of 1.03 for a long line that copes; an end
// that moves a result so far is looked at in more.
func TestATornadoDoesNotBelieveALineThatGrowsSlowly(t *testing.T) {
	file := decoded(t, strings.Replace(tornadoGate, "10/hour", "16/hour", 1))
	m, _ := Parse("mean(crossing_h)")
	o := TornadoOptions{Run: sim.Options{Replications: 2, Seed: 7, Days: 10}, By: 1.2875, Most: 10}
	slow, err := file.With(sim.Setting{Path: "stops[counter].service", Value: "{exponential: 3.8625m}", Assumed: "moved"})
	if err != nil {
		t.Fatal(err)
	}
	if few, err := try(slow, []Measure{m}, o.Run); err != nil || !few.all.Copes() {
		t.Fatalf("two runs already tell that it grows: %v", err)
	}
	all, err := Vary(file, m, o)
	if err != nil {
		t.Fatal(err)
	}
	if first := all.Bars[0]; first.Path != "stops[counter].service" || !first.Higher.Grows || first.Higher.Difference != nil {
		t.Errorf("%+v", first.Higher)
	}
}

// Officers are moved by one at least, so a factor nearer to 1 would tell no more
// of them. Values are written as short as they are compared.
func TestATornadoSaysWhereOneFewerIsTooFew(t *testing.T) {
	text := strings.Replace(strings.Replace(tornadoGate, "10/hour", "30/hour", 1), "servers: 1", "servers: 2", 1)
	m, _ := Parse("mean(crossing_h)")
	all, err := Vary(decoded(t, text), m, TornadoOptions{Run: sim.Options{Replications: 2, Seed: 4, Days: 30}, By: 1.07, Most: 2})
	if err != nil {
		t.Fatal(err)
	}
	if said := all.Text(); len(all.Bars) != 2 || all.Bars[0].Path != "stops[counter].servers" || all.Bars[1].Coarse || !strings.Contains(said, "one fewer is too few") || strings.Contains(said, "nearer to 1") {
		t.Error(said)
	}
	for _, test := range []struct{ value, want string }{
		{"{lognormal: {mean: 23.8095238095m, cv: 0.8}}", "mean 23.81m"}, {"128.571428571/day", "128.57/day"}, {"0.000123456", "0.000123"}, {"06:00-22:00", "06:00-22:00"}, {"4", "4"},
	} {
		if got := (&End{Value: test.value}).value(); got != test.want {
			t.Errorf("%s is shown as %s", test.value, got)
		}
	}
}

// Every assumed figure is counted once: in the sum, or under why it is not. Whole
// numbers that move by more than the factor are in no sum, and what chance
// explains is not added up, however many figures are shown.
func TestATornadoAddsUpOnlyWhatItKnows(t *testing.T) {
	file := decoded(t, strings.Replace(tornadoGate, "10/hour", "17/hour", 1))
	m, _ := Parse("mean(crossing_h)")
	for _, c := range []struct {
		by           float64
		most         int
		summed       int
		least, mostH float64 // what they come to together
	}{{1.0001, 10, 1, 0.0001, 0.001}, {1.05, 10, 1, 0.08, 0.14}, {1.05, 2, 1, 0.08, 0.14}, {1.6, 10, 0, 0, 0}} {
		all, err := Vary(file, m, TornadoOptions{Run: sim.Options{Replications: 4, Seed: 3, Days: 30}, By: c.by, Most: c.most})
		if err != nil {
			t.Fatal(err)
		}
		if n := all.Summed + all.Unstable + all.Coarse + all.Unclear + len(all.Screened) + len(all.Fixed); n != all.Assumed {
			t.Errorf("by %g: %d figures are told of %d that are assumed", c.by, n, all.Assumed)
		}
		text := strings.Join(strings.Fields(all.Text()), " ")
		if c.summed > 0 && (*all.Together < c.least || *all.Together > c.mostH) {
			t.Errorf("by %g: together %.4f h, theory says %.4f to %.4f", c.by, *all.Together, c.least, c.mostH)
		}
		if all.Summed != c.summed || (all.Together == nil) != (c.summed == 0) || strings.Contains(text, "do not tell what the assumptions are worth together") != (c.summed == 0) {
			t.Errorf("by %g: together %v of %d\n%s", c.by, all.Together, all.Summed, all.Text())
		}
		if want := fmt.Sprintf("1 of the %d shown cannot move by so little: a whole number moves by one at least, as from 4 to 3 by a factor of 1.33, here by 2 instead of %.4g,", len(all.Bars), c.by); !strings.Contains(text, want) {
			t.Errorf("by %g: no %q in %s", c.by, want, text)
		}
		if want := "With 1 of the 6 assumed figures, moved by the factor, the result differs by more than chance has it. If those are off by as much"; c.summed == 1 && !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// Whole numbers leave room for the others.
func TestBarsAreChosenBySort(t *testing.T) {
	var bars []Bar
	for i := range 20 {
		bars = append(bars, Bar{Path: strconv.Itoa(i), Coarse: i < 10})
	}
	for _, c := range []struct{ most, coarse, from int }{{12, 4, 0}, {3, 1, 0}, {2, 1, 0}, {1, 0, 0}, {12, 6, 4}, {12, 2, 8}} {
		v := varier{options: TornadoOptions{Most: c.most}}
		kept, coarse := v.chosen(bars[c.from:min(len(bars), c.from+18)]), 0
		for i := range bars {
			if kept[bars[i].Path] && bars[i].Coarse {
				coarse++
			}
		}
		if want := min(c.coarse, 4, 10-c.from); len(kept) != c.most || coarse != want {
			t.Errorf("of %d bars from %d on %d are kept, %d of whole numbers, want %d", c.most, c.from, len(kept), coarse, want)
		}
	}
}

func TestATornadoThatCannotBeDrawn(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	two := sim.Options{Replications: 2, Days: 3}
	for _, c := range []struct {
		rate    string
		options TornadoOptions
		want    string
	}{
		{"10/hour", TornadoOptions{Run: two, By: 1, Most: 5}, "more than 1"},
		{"10/hour", TornadoOptions{Run: two, By: 1.25}, "1 bar"},
		{"10/hour", TornadoOptions{Run: sim.Options{Replications: 1}, By: 1.25, Most: 5}, "no interval"},
		{"60/hour", TornadoOptions{Run: two, By: 1.25, Most: 5}, "cannot be told"},
	} {
		if _, err := Vary(decoded(t, strings.Replace(tornadoGate, "10/hour", c.rate, 1)), m, c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
