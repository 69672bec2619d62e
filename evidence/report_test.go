package evidence

import (
	"bytes"
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
		`<h2 class="leaf">Validation: published figures it was not fitted to</h2>`, "SHA-256 of mine.yaml: 3f2a",
		`<h2 class="leaf">What the assumptions are worth</h2>`, "How far each assumed figure moves mean(crossing_h)", "docs/method.md", "Left out:",
		"stops[counter].service", "a textbook queue", "95% interval", `role="img"`,
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
