package evidence

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"landport/sim"
	"landport/study"
)

// A report is one file: it asks no other host for anything, says how it was
// made, shows every assumption, and quotes no mean of a crossing that does not cope.
func TestReportsStandAlone(t *testing.T) {
	file := decoded(t, strings.Replace(twoCauses, "length: 150d", "length: 10d", 1)+"validation: [{fact: it takes minutes, measure: mean(crossing_h@Gate), low: 0.05, high: 0.2, source: theory}]\n")
	page := func(file *sim.File, why bool) string {
		t.Helper()
		m, err := file.Model()
		if err != nil {
			t.Fatal(err)
		}
		o := sim.Options{Replications: 3, Seed: 1}
		d := &Dossier{File: file, Command: "landport report one-gate --seed 1", Sources: []Source{{"mine.yaml", "3f2a"}}, Version: "Landport test"}
		if d.Report, err = sim.Run(m, o); err != nil {
			t.Fatal(err)
		}
		if d.Validation, err = Validate(file, o); err != nil {
			t.Fatal(err)
		}
		if why {
			of, err := Parse("mean(crossing_h)")
			if err != nil {
				t.Fatal(err)
			}
			if d.Why, err = Explain(file, of, o); err != nil {
				t.Fatal(err)
			}
			if d.Tornado, err = Vary(file, of, TornadoOptions{Run: o, By: 1.1, Most: 3}); err != nil {
				t.Fatal(err)
			}
			if d.Comparison, err = Compare(file, file, o); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := d.WriteHTML(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	whole := page(file, true)
	for _, want := range []string{
		"landport report one-gate --seed 1", "Landport test", "Waterfall from", "it takes minutes", "1 of 1 are met", "What changes against",
		`>Validation: published figures it was not fitted to</h2>`, "SHA-256 of mine.yaml: 3f2a",
		`<h2>What the assumptions are worth</h2>`, "How busy the officers are", "a vehicle waits, min", "for each added", "How far each assumed figure moves mean(crossing_h)", "docs/method.md", "Left out:",
		"<b>stops[counter]:</b>", "service {exponential: 3m}", "a textbook queue, in which ten arrive an hour and a service of 4 minutes makes a mean time of 0.2 hours <span>(", "of twenty rows", "95% interval", `role="img"`,
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, never := range []string{"http://", "https://", "src=", "NaN", "@import", "min-width: 34rem"} {
		if strings.Contains(whole, never) {
			t.Errorf("the report has %q", never)
		}
	}
	drowning := page(decoded(t, strings.Replace(oneGate, "rate: 10/hour", "rate: 40/hour", 1)+"validation: [{fact: a, measure: mean(crossing_h@Gate), low: 0.05, high: 0.2, source: b}]\n"), false)
	if !strings.Contains(drowning, "does not cope") || strings.Contains(drowning, "on average to cross") || !strings.Contains(drowning, "cannot be told") {
		t.Error("the report of a crossing that does not cope quotes a mean")
	}
	numbers := Numbers(mustRun(t, file))
	seen := map[string]bool{}
	for _, n := range numbers {
		seen[n.Quantity] = true
	}
	for _, want := range []string{"crossing_h", "wait_min", "utilisation", "party_min", "throughput_per_day"} {
		if !seen[want] {
			t.Errorf("the numbers lack %s", want)
		}
	}
}

// A report of a comparison draws both, with numbers, an axis and words for who
// does not see it; and tells one number of all vehicles, beside which it says what
// the percentiles of single runs are.
func TestAReportOfAComparisonShowsBoth(t *testing.T) {
	base := decoded(t, oneGate)
	plan, err := base.With(sim.Setting{Path: "stops[counter].servers", Value: "2"})
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Replications: 3, Seed: 1, Days: 2}
	d := &Dossier{File: plan, Unchanged: base}
	for _, part := range d.Parts(base, func() bool { return true }) {
		if err := part.Make(o); err != nil {
			t.Fatal(err)
		}
	}
	if d.Comparison, err = Compare(base, plan, o); err != nil {
		t.Fatal(err)
	}
	d.Comparison.Changed(base, plan)
	text := rendered(t, document(d))
	before, after := d.Comparison.baseReport.Crossing, d.Report.Crossing
	for _, want := range []string{
		fmt.Sprintf("end to end: %s in the base, %s in the plan", study.Minutes(60*before.TimeH.Mean), study.Minutes(60*after.TimeH.Mean)),
		"end to end, base", "end to end, plan", ">0 h</text>", "Grey: the base, " + base.Name + " as it is. Blue: the plan, " + base.Name + " as changed.",
		"95th percentile of a run", fmt.Sprintf("a 95th percentile of %s", study.Minutes(60*before.TimeH.P95)), fmt.Sprintf("a 95th percentile of %s", study.Minutes(60*after.TimeH.P95)),
		"What was changed: counter, officers: 1 → 2.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if said := d.Comparison.Text(); !strings.Contains(strings.Join(strings.Fields(said), " "), strings.Join(strings.Fields(d.Comparison.PooledWords()), " ")) {
		t.Errorf("the terminal does not say what its percentiles are:\n%s", said)
	}
}

func TestAnAxisHasRoundNumbers(t *testing.T) {
	for _, c := range []struct {
		top  float64
		want string
	}{{9.57, "0 2 4 6 8"}, {0.34, "0 0.1 0.2 0.3"}, {1, "0 0.2 0.4 0.6 0.8 1"}, {60, "0 10 20 30 40 50 60"}, {61, "0 20 40 60"}} {
		var got []string
		for _, x := range ticks(c.top) {
			got = append(got, tickWords(x))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("up to %g: %v", c.top, got)
		}
	}
}

// What is one number of a run says on how many visits or days it rests, and has
// no interval; it never stands beside an n of 0, which would read as no data.
func TestNumbersSayOnHowManyTheyRest(t *testing.T) {
	r := mustRun(t, decoded(t, twoGates+"costs: [{name: fee, kind: official, accepts: laden, amount: 2 USD, assumed: a tariff (2018)}]\n"))
	all, days := r.Crossing.TimeH.N, int64(r.Crossing.Days.N)
	r.Stops = append(r.Stops, study.StopTimes{Stop: "idle"})
	rests := map[string]int64{}
	for _, n := range Numbers(r) {
		switch idle := n.Where != nil && *n.Where == "idle"; {
		case (n.N == nil) != idle:
			t.Errorf("%s beside %g: n is %v; it is left out where nobody came, and only there", n.Quantity, n.Mean, n.N)
		case n.N != nil && *n.N == 0:
			t.Errorf("%s has n = 0 beside %g", n.Quantity, n.Mean)
		case n.N != nil && (n.Where == nil || *n.Where != "B"):
			rests[n.Quantity] = *n.N
		}
		if n.P50 == nil && n.Low != nil {
			t.Errorf("%s is one number and has the interval from %g", n.Quantity, *n.Low)
		}
		if n.Quantity == "cost" && n.Unit != "USD" {
			t.Errorf("a cost is told in %q", n.Unit)
		}
	}
	for _, test := range []struct {
		quantity string
		n        int64
	}{{"buffer_h", all}, {"direction_share", all}, {"cost", all}, {"side_min", all}, {"officer_wait_min", all}, {"day_sd_h", days}} {
		if got := rests[test.quantity]; got != test.n || got == 0 {
			t.Errorf("%s rests on %d, not %d", test.quantity, got, test.n)
		}
	}
}

func mustRun(t *testing.T, file *sim.File) *study.Report {
	t.Helper()
	m, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	r, err := sim.Run(m, sim.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
