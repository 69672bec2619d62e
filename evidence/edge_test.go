package evidence

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"landport/sim"
)

// queue is M/M/1 with services of 3 minutes.
func queue(t *testing.T, name, rate string) *sim.File {
	t.Helper()
	return decoded(t, strings.NewReplacer("name: one gate", "name: "+name, "10/hour", rate, "flows: [{", "flows: [{name: trucks, ").Replace(tornadoGate))
}

// Near its limit a base is said to be so: by how busy its officers are, and by
// a tenth more traffic.
func TestABaseNearItsLimitIsSaidToBe(t *testing.T) {
	o := sim.Options{Replications: 3, Seed: 2, Days: 30}
	for _, c := range []struct {
		rate string
		near []string // nothing where it is not near
	}{
		{"10/hour", nil},
		{"18.8/hour", []string{"base as it is runs near its limit", "officers at counter are busy 9", "a tenth more traffic lines grow", "--demand"}},
	} {
		base := queue(t, "base", c.rate)
		plan, err := base.With(sim.Setting{Path: "stops[counter].servers", Value: "2", Assumed: "a plan"})
		if err != nil {
			t.Fatal(err)
		}
		x, err := Compare(base, plan, o)
		if err != nil {
			t.Fatal(err)
		}
		if x.Base.Edge.Grows, err = Probe(base, o); err != nil {
			t.Fatal(err)
		}
		if c.near == nil && (x.Near() != "" || *x.Base.Edge.Grows) {
			t.Errorf("%s: %s", c.rate, x.Near())
		}
		d := Dossier{File: base, Report: mustRun(t, base), Grows: x.Base.Edge.Grows, Comparison: x}
		var page strings.Builder
		if err := d.WriteHTML(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page.String(), "<th>At each stop</th>") || !strings.Contains(page.String(), "<li><b>counter, officers:</b> 1 → 2 <span class=\"small\">stops[counter].servers</span></li>") {
			t.Errorf("%s: the report compares no stops, or lists no figures", c.rate)
		}
		for _, want := range c.near {
			if !strings.Contains(x.Text(), want) && !strings.Contains(x.Near(), want) || !strings.Contains(page.String(), want) {
				t.Errorf("%s: %q is not said:\n%s", c.rate, want, x.Near())
			}
		}
	}
}

// A gain is told at several levels of demand, by theory: 1/(20-r) less 2 servers'.
func TestAGainAtSeveralLevelsOfDemand(t *testing.T) {
	base := queue(t, "base", "12/hour")
	plan, err := base.With(sim.Setting{Path: "stops[counter].service", Value: "{exponential: 2m}", Assumed: "a plan"})
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Replications: 3, Seed: 2}
	list, err := CompareAt(base, plan, []float64{0.5, 1, 2}, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, rate := range []float64{6, 12, 24} {
		d := list[i]
		if math.Abs(d.Goods-24*rate) > 1e-6 || !d.PlanStable || d.BaseStable != (rate < 20) {
			t.Errorf("%+v", d)
		}
		if rate > 20 {
			if d.Base != nil || d.Difference != nil || !strings.Contains(d.cells()[6], "grow in the base") {
				t.Errorf("a mean of what does not cope: %+v", d)
			}
			continue
		}
		if want := 1/(30-rate) - 1/(20-rate); math.Abs(*d.Difference-want) > 0.1*math.Abs(want) {
			t.Errorf("at %g an hour: %.4f h, theory says %.4f", rate, *d.Difference, want)
		}
	}
	c := &Comparison{Demands: list}
	if text := c.Text(); !strings.Contains(text, "At so much traffic") || !strings.Contains(text, "2 ×") {
		t.Error(text)
	}
	if _, err := CompareAt(base, plan, []float64{99}, o); err == nil || !strings.Contains(err.Error(), "out of reach") {
		t.Error(err)
	}
}

// What a plan gains moves with what is assumed, by theory: a service of the base
// that is a quarter longer or shorter moves it most.
func TestADifferenceSaysHowFarItRestsOnAssumptions(t *testing.T) {
	base := queue(t, "base", "10/hour")
	plan, err := base.With(sim.Setting{Path: "stops[counter].service", Value: "{exponential: 2m}", Assumed: "a plan"})
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Replications: 3, Seed: 2}
	c, err := Compare(base, plan, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RestOf(base, plan, RestOptions{Run: o, By: 1.25, Most: 10}); err != nil {
		t.Fatal(err)
	}
	r := c.Rests
	if r.Most != "stops[counter].service of the base" || math.Abs(*r.Width-(0.1667-0.0667)/2) > 0.006 || *r.Half < *r.Width || *r.Share < 1 {
		t.Errorf("%+v, width %.3f", r, *r.Width)
	}
	if text := strings.Join(strings.Fields(c.Text()), " "); !strings.Contains(text, "When what is assumed is off, the difference in the mean crossing time moves by about ± 0.0") || !strings.Contains(text, "most of that by stops[counter].service of the base alone") {
		t.Error(text)
	}
}

// Rules and routes in which two scenarios differ are listed beside the figures.
func TestRulesThatDifferAreListed(t *testing.T) {
	const routed = `name: routed
assumed: a textbook queue
run: {length: 2d}
posts: [{name: Gate, country: KH}]
places: [{name: lane, kind: lane, accepts: rigid-truck, capacity: 9}, {name: yard, kind: bay}]
stops: [{name: counter, servers: 1, service: {exponential: 3m}}, {name: desk, servers: 1, service: {exponential: 3m}}]
procedures: [{name: all, route: [{place: lane, stops: [{stop: counter}]}, {place: yard, stops: [{stop: desk}]}]}]
policies: [{name: first, strict: true}]
flows: [{rate: 10/hour}]
`
	changed := strings.NewReplacer("accepts: rigid-truck, ", "", "{place: yard, stops: [{stop: desk}]}", "{place: yard, stops: [{stop: counter}]}", "strict: true", "strict: false", "kind: bay}", "kind: bay}, {name: zone, kind: waiting-zone, capacity: 4}").Replace(routed)
	a := assumptionsOf(decoded(t, routed), decoded(t, changed))
	var got []string
	for _, x := range a.Lines() {
		got = append(got, x.Path+"|"+x.What+": "+x.Says)
	}
	want := []string{
		"places[lane].accepts|lane, accepts: rigid-truck → all",
		"procedures[all].route|all, route: no longer by desk",
		"policies[first].strict|first, nobody passes the first in line: yes → no",
		"places[zone]|place zone: new: room for vehicles 4",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if same := assumptionsOf(decoded(t, routed), decoded(t, routed)); len(same.Rules) > 0 {
		t.Errorf("%+v", same.Rules)
	}
}

// A difference that rounds to nothing is called neither better nor worse.
func TestADifferenceThatRoundsToNothing(t *testing.T) {
	x := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		row  Row
		want string
	}{
		{Row{Unit: "a day", Verdict: Worse, Base: x(450), Difference: x(-0.6), Relative: x(-0.6 / 450)}, "hardly any difference"},
		{Row{Unit: "h", Verdict: Better, Base: x(7), Difference: x(-1e-6), Relative: x(-1e-6 / 7)}, "hardly any difference"},
		{Row{Unit: "h", Verdict: Better, Base: x(7), Difference: x(-0.7), Relative: x(-0.1)}, "better, −10%"},
		{Row{Unit: "h", Verdict: Worse, Base: x(0.2), Difference: x(0.0025), Relative: x(0.0125)}, "hardly any difference"},
		{Row{Unit: "min", Verdict: Worse, Base: x(4), Difference: x(0.1), Relative: x(0.025)}, "hardly any difference"},
		{Row{Unit: "min", Verdict: Worse, Base: x(2), Difference: x(0.9), Relative: x(0.45)}, "worse, +45%"},
		{Row{Unit: "min", Verdict: Worse, Base: x(100), Difference: x(1.1), Relative: x(0.011)}, "worse, +1%"},
		{Row{Unit: "share", Verdict: Less, Base: x(0.5), Difference: x(-0.01), Relative: x(-0.02)}, "less, −2%"},
	} {
		if got := c.row.verdictWords(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.row, got, c.want)
		}
	}
}

// A number too small for its digits is said to be, and none looks like nothing.
func TestSmallDifferencesHaveASize(t *testing.T) {
	for _, c := range []struct {
		row                    Row
		difference             float64
		wantDifference, wantBy string
	}{
		{Row{Unit: "min", Interval: []float64{0.78, 0.82}}, 0.8, "+0.8 min", "± less than 0.05 min"},
		{Row{Unit: "h", Interval: []float64{-0.0002, 0.0004}}, 0.0001, "less than 0.05 min", "± less than 0.05 min"},
		{Row{Unit: "h", Interval: []float64{0, 0}}, 0, "0", "± 0"},
		{Row{Unit: "share", Interval: []float64{0.0001, 0.0003}}, -0.0002, "less than 0.05 points", "± less than 0.05 points"},
		{Row{Unit: "USD", Scope: "cost", Interval: []float64{0.001, 0.003}}, -0.002, "less than 0.005 USD", "± less than 0.005 USD"},
		{Row{Unit: "a day", Interval: []float64{-3, 3}}, 0.03, "less than 0.05", "± 3"},
	} {
		if got := c.row.signed(&c.difference); got != c.wantDifference {
			t.Errorf("%g %s is written %q, want %q", c.difference, c.row.Unit, got, c.wantDifference)
		}
		if got := c.row.interval(); got != c.wantBy {
			t.Errorf("%v %s is written %q, want %q", c.row.Interval, c.row.Unit, got, c.wantBy)
		}
	}
}

// Kinds that gain or lose less than a study could see are in no headline.
func TestWhoHardlyLosesIsNoLoser(t *testing.T) {
	x := func(v float64) *float64 { return &v }
	c := &Comparison{}
	for _, r := range []Row{
		{Scope: "kind", Name: "coaches", Unit: "h", Verdict: Worse, Difference: x(0.3), Relative: x(0.1)},
		{Scope: "kind", Name: "motorbikes", Unit: "h", Verdict: Worse, Difference: x(0.003), Relative: x(0.015)},
		{Scope: "kind", Name: "trucks", Unit: "h", Verdict: Better, Difference: x(-0.7), Relative: x(-0.1)},
		{Scope: "kind", Name: "cars", Unit: "h", Verdict: Better, Difference: x(-0.001), Relative: x(-0.01)},
		{Scope: "kind", Name: "tractors", Unit: "h", Verdict: Unclear, Difference: x(0.001), Relative: x(0.01)},
	} {
		c.sort(r.Name, &r)
		c.Rows = append(c.Rows, r)
	}
	if got := fmt.Sprint(c.Winners, c.Losers, c.Slight, c.Unclear); got != "[trucks] [coaches] [motorbikes cars] [tractors]" {
		t.Error(got)
	}
	if text := c.priceWords(); !strings.Contains(text, "coaches") || strings.Contains(text, "motorbikes") {
		t.Error(text)
	}
}

// A load of 0.995 takes months to fill its line: in three weeks it still rises,
// which is said of a report, of either side of a comparison and at a level of
// demand, and no steady state is claimed. One with room has settled.
func TestALineThatStillRisesIsSaidNotToHaveSettled(t *testing.T) {
	easy, full := queue(t, "easy", "10/hour"), queue(t, "full", "19.9/hour")
	o := sim.Options{Replications: 40, Seed: 4, Days: 20}
	t1, err := try(easy, nil, o)
	if err != nil || t1.all.Settled == nil || !*t1.all.Settled || !strings.Contains(t1.all.Text(), "Steady state: how") {
		t.Errorf("with room it has not settled: %v %s, %v", t1.all.Settled, t1.all.SettledReason, err)
	}
	t2, err := try(full, nil, o)
	if err != nil || !t2.all.Copes() || t2.all.Settled == nil || *t2.all.Settled {
		t.Fatalf("stable %v, %s, %v", t2.all.Copes(), t2.all.StableReason, err)
	}
	if text := t2.all.Text(); !strings.Contains(text, "NOT SETTLED: the number of visits inside still rises") || strings.Contains(text, "Steady state:") || strings.Contains(text, "\nStable:") {
		t.Error(text)
	}
	for _, c := range []struct{ base, plan *sim.File }{{easy, full}, {full, easy}} {
		x, err := Compare(c.base, c.plan, o)
		if err != nil {
			t.Fatal(err)
		}
		if near := x.Near(); !strings.Contains(near, "full has not settled: the number of visits inside still rises") || strings.Contains(near, "easy has not settled") {
			t.Error(near)
		}
	}
	list, err := CompareAt(full, easy, []float64{0.5, 1}, o)
	if err != nil || list[0].Rising || !list[1].Rising || !strings.Contains(list[1].cells()[6], "not settled") {
		t.Errorf("%+v, %v", list, err)
	}
}

// Textbook queues that cope are called settled as far up as 95% of their load,
// where runs are long enough; beyond it few and short runs claim nothing, and a
// comparison says so at that level of traffic alone.
func TestNoSteadyStateIsClaimedThatRunsDoNotShow(t *testing.T) {
	five := func(rate string) *sim.File { // M/M/5 with services of 10 minutes
		return decoded(t, strings.NewReplacer("10/hour", rate, "servers: 1, service: {exponential: 3m}", "servers: 5, service: {exponential: 10m}").Replace(tornadoGate))
	}
	for _, c := range []struct {
		rate         string
		runs         int
		days         float64
		settled      bool
		word, silent string
	}{
		{"15/hour", 4, 30, true, "Stable: ", "CANNOT TELL"},
		{"24/hour", 4, 60, true, "Stable: ", "CANNOT TELL"},
		{"27/hour", 10, 60, true, "Stable: ", "CANNOT TELL"},
		{"28.5/hour", 10, 200, true, "Stable: ", "CANNOT TELL"},
		{"29.7/hour", 3, 20, false, "CANNOT TELL: 3 runs are too few or too short", "long run;"},
		{"30/hour", 4, 30, false, "", "long run;"},
		{"30.6/hour", 4, 20, false, "", "long run;"},
		{"27/hour", 1, 60, false, "Stable as far as one run tells: ", "long run;"},
	} {
		r, err := try(five(c.rate), nil, sim.Options{Replications: c.runs, Seed: 5, Days: c.days})
		if err != nil {
			t.Fatal(err)
		}
		text := r.all.Text()
		if settled := r.all.Settled != nil && *r.all.Settled; settled != c.settled || !strings.Contains(text, c.word) || strings.Contains(text, c.silent) {
			t.Errorf("%s, %d runs of %g days: settled is %t\n%s", c.rate, c.runs, c.days, settled, text)
		}
	}
	list, err := CompareAt(five("15/hour"), five("16.5/hour"), []float64{1, 1.8}, sim.Options{Replications: 3, Seed: 5, Days: 20})
	if err != nil || list[0].Unsure || !list[1].Unsure || list[1].Rising || !strings.Contains(list[1].cells()[6], "cannot tell whether lines settle") ||
		list[0].BaseSettled == nil || !*list[0].BaseSettled || list[0].PlanSettled == nil || list[1].PlanSettled != nil {
		t.Errorf("%+v, %v", list, err)
	}
	one, err := CompareAt(five("15/hour"), five("16.5/hour"), []float64{1}, sim.Options{Replications: 2, Seed: 5, Days: 1})
	if err != nil || one[0].BaseSettled != nil || !one[0].Unsure || !strings.Contains(one[0].cells()[6], "cannot tell") {
		t.Errorf("of a day nothing can be told: %+v, %v", one, err)
	}
	c := Comparison{Base: Contender{Stable: true}, Plan: Contender{Stable: true, Settled: new(true)}, Rows: []Row{{}}, Demands: list}
	rows := c.Numbers() // as the runs are, and at both levels
	if rows[0].BaseSettled != nil || rows[0].PlanSettled == nil || rows[1].BaseSettled == nil || rows[1].PlanSettled == nil || rows[2].PlanSettled != nil {
		t.Errorf("the numbers of the comparison: %+v", rows)
	}
}

// Runs too short to have thirds do not show a steady state either, and the report
// says so.
func TestADayShowsNoSteadyState(t *testing.T) {
	d := Dossier{Report: mustRun(t, decoded(t, strings.Replace(busyGate, "length: 41d", "length: 2d", 1)))}
	if got := d.near(); !d.Report.Copes() || !strings.Contains(got, "settles cannot be told: one run, or so short a time, does not show it") {
		t.Errorf("%t %q", d.Report.Copes(), got)
	}
}
