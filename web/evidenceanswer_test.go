package web

import (
	"net/url"
	"strings"
	"testing"

	"landport/evidence"
)

// What a gain takes stands beside it.
func TestTheStudioTellsWhatAGainTakes(t *testing.T) {
	s := serve(t, "mm5")
	page := s.answered(t, url.Values{"scenario": {"bavet-mocbai-long"}, "against": {"bavet-mocbai-2018"}, "replications": {"2"}, "days": {"1"}})
	formed(t, page)
	if !strings.Contains(page.text, "There are 37.7 officers on duty instead of 27.9, the mean over day and night, and 16 lanes instead of 12.") {
		t.Error("the answer tells no officers")
	}
	page = s.answered(t, url.Values{"scenario": {"kimthanh-hekou"}, "places[Kim Thanh export lane *].count": {"4"}, "replications": {"2"}, "days": {"1"}})
	if !strings.Contains(page.text, " lanes instead of ") {
		t.Error("the answer tells no lanes")
	}
}

// A difference too small to matter is called what the command line calls it, and
// is not bold, however sure it is.
func TestHardlyAnyDifference(t *testing.T) {
	row := func(base, by float64, verdict evidence.Verdict) *evidence.Row {
		plan := base + by
		return &evidence.Row{Scope: "total", Measure: "mean(crossing_h)", Unit: "h", Base: &base, Plan: &plan, Difference: &by, Interval: []float64{by * 0.9, by * 1.1}, Verdict: verdict}
	}
	for _, test := range []struct {
		of   *evidence.Row
		want string
		bold bool
		lead string
	}{
		{row(6, -0.0001, evidence.Better), `less than 0.05 min<small>hardly any difference</small>`, false, "Hardly any difference: a visit takes 6.0 h on average as it is and 6.0 h as changed"},
		{row(6, -0.01, evidence.Better), `−0.6 min<small>hardly any difference</small>`, false, "Hardly any difference"},
		{row(6, -2, evidence.Better), `−2.0 h`, true, "falls from 6.0 h to 4.0 h"},
		{row(6, 0.0001, evidence.Unclear), `less than 0.05 min`, false, "No clear difference"},
		{row(6, 0, evidence.Same), `the same`, false, "Nothing changes"},
	} {
		var out strings.Builder
		if err := differenceCell(test.of).Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(strings.Fields(out.String()), " "), strings.Join(strings.Fields(`<td class="verdict-cell">`+test.want+`</td>`), " "); strings.ReplaceAll(got, " <", "<") != want || (rowClass(test.of) != "") != test.bold {
			t.Errorf("%s, bold %v; want %s, %v", got, rowClass(test.of) != "", want, test.bold)
		}
		f := &findingsOfPair{&evidence.Comparison{Base: evidence.Contender{Stable: true}, Plan: evidence.Contender{Stable: true}, Stable: true, OneCrossing: true, SameTraffic: true, Rows: []evidence.Row{*test.of}, Assumptions: evidence.Assumptions{Changed: 1}}, &experiment{}}
		if lead := f.lead(); !strings.Contains(lead[0], test.lead) {
			t.Errorf("%s, want %s", lead[0], test.lead)
		}
	}
}

// Words that a minister does not know are explained where they stand.
func TestTheAnswerExplainsItsWords(t *testing.T) {
	s := serve(t, "mm5")
	page := s.answered(t, url.Values{"scenario": {"bavet-mocbai-2018"}, "places[Bavet exit lane *].count": {"3"}, "replications": {"2"}, "days": {"1"}})
	formed(t, page)
	for _, part := range []string{
		"within the standard of 4 h", "The standard of 4 h is assumed: no standard was published", "Buffer time: how much more than the mean", "95th percentile of a run", "runs together have in the base a median of",
		"operator: waiting for a lane, or for room ahead; closed hours: waiting while nobody admits or serves.",
		"Two runs of the same random course of days", "the same number gives the same answer again",
		"<b>Bavet exit lane, how many</b>: 2 → 3 <small><code>places[Bavet exit lane *].count</code> assumed: set to try it</small>",
	} {
		if !strings.Contains(page.text, part) {
			t.Errorf("the answer lacks %q", part)
		}
	}
	if small := s.answered(t, small("stops[counter].servers", "6")); strings.Contains(small.text, "The standard of") {
		t.Error("a queue without a standard has one")
	}
}
