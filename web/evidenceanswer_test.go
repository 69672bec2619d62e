package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"landport/evidence"
	"landport/sim"
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

// Two scenarios are called by their names, and neither of two crossings is there
// instead of the other.
func TestTwoScenariosAreNamed(t *testing.T) {
	s := serve(t, "mm5")
	page := s.answered(t, url.Values{"scenario": {"bavet-mocbai-long"}, "against": {"bavet-mocbai-2018"}, "replications": {"2"}, "days": {"1"}})
	formed(t, page)
	for _, part := range []string{
		"<title>What if – bavet-mocbai-long beside bavet-mocbai-2018 – Landport</title>", `<p class="crossing">bavet-mocbai-long beside bavet-mocbai-2018</p>`,
		"5.9 h on average in bavet-mocbai-2018 and 2.9 h in bavet-mocbai-long, 95% interval", `<th scope="col">bavet-mocbai-2018</th><th scope="col">bavet-mocbai-long</th>`,
		"are assumed in bavet-mocbai-2018, and", "of the time in bavet-mocbai-2018.", "What differs",
	} {
		if !strings.Contains(page.text, part) {
			t.Errorf("long beside 2018 lacks %q", part)
		}
	}
	none(t, page, "as it is and", "As it is", "as changed", ">changed<", ">base<", "What was changed", "scenario: .")

	page = s.answered(t, url.Values{"scenario": {"kimthanh-hekou"}, "against": {"pingxiang"}, "places[Kim Thanh export lane *].count": {"4"}, "replications": {"2"}, "days": {"1"}})
	if !strings.Contains(page.text, " in kimthanh-hekou as changed. Both runs of a pair") || !strings.Contains(page.text, "They are two crossings") {
		t.Error("the two crossings are not named")
	}
	none(t, page, "officers on duty instead of", "Who wins")
}

func none(t *testing.T, page answer, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if _, after, found := strings.Cut(page.text, part); found {
			t.Errorf("there is %q, before %.80q", part, after)
		}
	}
}

// What a crossing cannot cope with is said once where nothing is changed.
func TestOneCrossingIsSaidOnceNotToCope(t *testing.T) {
	one := evidence.Contender{StableReason: "a line grows"}
	base, plan := &sim.File{}, &sim.File{}
	for _, test := range []struct {
		of   *experiment
		want []string
	}{
		{&experiment{base: base, plan: base}, []string{"As it is, the crossing does not cope: a line grows. No mean time is quoted for it."}},
		{&experiment{base: base, plan: plan}, []string{"As it is, the crossing does not cope: a line grows. No mean time is quoted for it.", "As changed, the crossing does not cope: a line grows. No mean time is quoted for it."}},
		{&experiment{base: base, plan: plan, Scenario: "long", Against: "short"}, []string{"In short the crossing does not cope: a line grows. No mean time is quoted for it.", "In long the crossing does not cope: a line grows. No mean time is quoted for it."}},
	} {
		f := &findingsOfPair{&evidence.Comparison{Base: one, Plan: one}, test.of}
		if got := f.lead(); !slices.Equal(got, test.want) {
			t.Errorf("%q, want %q", got, test.want)
		}
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
