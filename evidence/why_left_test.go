package evidence

import (
	"math"
	"strings"
	"testing"

	"landport/sim"
)

// What the causes leave is told as such: how much, how much of it is service and
// how much waiting, whose it is, and who named the causes of the rest.
func TestWhatNoCauseExplainsIsTold(t *testing.T) {
	text := strings.Replace(strings.Replace(twoCauses, "length: 150d", "length: 30d", 1), "issue: a test", "issue: slow desks (JICA)", 1)
	file := decoded(t, text+"service_standard: {value: 1m, source: a test}\n")
	m, _ := Parse("mean(crossing_h)")
	w, err := Explain(file, m, sim.Options{Replications: 3, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	var now, active, waiting float64
	for _, l := range w.Left {
		now, active, waiting = now+l.Now, active+l.Active, waiting+l.Waiting
	}
	// M/M/1 with both causes removed: 2.667 min of service, 0.04 h less in all.
	for _, x := range []struct {
		what           string
		got, want, off float64
	}{{"now", now, *w.Now, 0.002}, {"left", active + waiting, *w.Without, 0.002}} {
		if math.Abs(x.got-x.want) > x.off {
			t.Errorf("%s: the parties come to %.4f h, not %.4f", x.what, x.got, x.want)
		}
	}
	if !(active > 0 && waiting > 0) || w.MeasuredDays == 0 {
		t.Errorf("%g h of service, %g h of waiting in %g days", active, waiting, w.MeasuredDays)
	}
	said := strings.Join(strings.Fields(w.Text()), " ")
	for _, want := range []string{"The other 0.0403 h they do not", "something is done, services and drives", "is waiting that no cause here names", "does not bring the mean within the service standard of 0.01667 h", "those that JICA names come to", "those that no source names of this crossing come to"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	p95, _ := Parse("p95(crossing_h)")
	if w, err = Explain(file, p95, sim.Options{Replications: 2, Seed: 5, Days: 5}); err != nil || w.Left != nil || strings.Contains(w.Text(), "services and drives") {
		t.Errorf("%v; the parties' times do not add up to a percentile: %v", err, w.Left)
	}
}

// A part of a report with fewer runs than the rest says which they are, so that
// two means of the same time are no riddle; and they are those.
func TestAReportSaysWhyItHasTwoMeans(t *testing.T) {
	file := decoded(t, strings.Replace(twoCauses, "length: 150d", "length: 10d", 1))
	m, _ := Parse("mean(crossing_h)")
	few := sim.Options{Replications: 2, Seed: 1}
	w, err := Explain(file, m, few)
	if err != nil {
		t.Fatal(err)
	}
	report := func(replications int) *Dossier {
		t.Helper()
		model, err := file.Model()
		if err != nil {
			t.Fatal(err)
		}
		r, err := sim.Run(model, sim.Options{Replications: replications, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		return &Dossier{File: file, Report: r, Why: w}
	}
	var page strings.Builder
	if err := report(6).WriteHTML(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"From 2 replications of ", " days, the first of the 6", "The two differ by chance alone", "every interval is over these 2 replications", ">What is left, h</th>"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	same := report(2)
	if got := same.Report.Crossing.TimeH.Mean; math.Abs(got-*w.Now) > 0.002 {
		t.Errorf("the first two have %g h, and the causes begin from %g", got, *w.Now)
	}
	if text := same.runsWords(w.Now, 2, w.MeasuredDays); strings.Contains(text, "chance") {
		t.Error(text)
	}
}
