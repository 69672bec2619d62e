package evidence

import (
	"strings"
	"testing"

	"landport/sim"
	"landport/study"
)

// A fact that is missed says by how much, of the nearer end of its range, and where
// to look for why.
func TestAFactThatIsMissedSaysByHowMuch(t *testing.T) {
	v := &Validation{Scenario: "x", Replications: 3, Stable: true, Met: 1}
	for _, c := range []struct {
		unit      string
		low, high float64
		values    []float64
		want      string
	}{
		{"a day", 700, 800, []float64{449, 450, 451}, "below by 250 a day, 36%"},
		{"h", 3, 5, []float64{6.7, 6.8, 6.9}, "above by 1.8 h, 36%"},
		{"h", 3, 5, []float64{4, 4.1, 4.2}, "met"},
		{"h", 3, 5, []float64{4, 5.2, 6.1}, "near by 0.1 h, 2%"},
		{"share", 0.5, 0.6, []float64{0.4, 0.4, 0.4}, "below by 10 %"},
		{"h", 0, 0, []float64{1, 1, 1}, "above by 1 h"},
		{"h", 3, 5, nil, "cannot be told"},
	} {
		f := Fact{Fact: "known", Unit: c.unit, Low: c.low, High: c.high}
		f.judge(study.SummarizeValues(c.values))
		if got := f.outcome(); got != c.want {
			t.Errorf("%v of %g to %g %s: %q, not %q", c.values, c.low, c.high, c.unit, got, c.want)
		}
		v.Facts = append(v.Facts, f)
	}
	missed := "What is missed the model does not reproduce"
	if text := words(v.Text()); !strings.Contains(text, "BELOW by 250 a day, 36%: known") || !strings.Contains(text, missed) || !strings.Contains(rendered(t, validationOf(v, "")), missed) {
		t.Error(text)
	}
	v.Met = len(v.Facts)
	if text := words(v.Text()); strings.Contains(text, missed) {
		t.Errorf("nothing is missed: %s", text)
	}
}

// Where what has a source is paid and makes no time, a report does not let it stand
// for a source of its times.
func TestAReportSaysThatNoSourceMakesItsTimes(t *testing.T) {
	paid := tornadoGate + "costs: [{name: fee, kind: official, amount: 5.00 USD, source: Decree 123 (2016)}]\n"
	for _, c := range []struct {
		text string
		paid bool
	}{
		{tornadoGate, false},
		{paid, false},
		{strings.Replace(paid, "{value: 10/hour, source: a survey}", "10/hour", 1), true},
		{strings.Replace(tornadoGate, "{value: 10/hour, source: a survey}", "10/hour", 1), false},
	} {
		file := decoded(t, c.text)
		model, err := file.Model()
		if err != nil {
			t.Fatal(err)
		}
		r, err := sim.Run(model, sim.Options{Replications: 1, Days: 2, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := (&Dossier{File: file, Report: r}).experiment(); strings.Contains(got, "have a source. Those are payments: every figure that makes a time is assumed.") != c.paid {
			t.Error(got)
		}
	}
}
