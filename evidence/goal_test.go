package evidence

import (
	"slices"
	"strings"
	"testing"

	"landport/sim"
)

func TestGoals(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"p90(crossing_h) <= 2", "p90(crossing_h) <= 2"},
		{" within_share >=0.9", "mean(within_share) >= 0.9"},
		{"p90(crossing_h) < 2", "!is not a goal"},
		{"p90(crossing_h) <= two", `!"two" is not a number`},
		{"p90(crossing) <= 2", "!unknown quantity"},
		{"p90(crossing_h)", "!is not a goal"},
		{"mean(crossing_h) <= NaN", "!is not a number"},
	} {
		g, err := ParseGoal(test.text)
		if complaint, bad := strings.CutPrefix(test.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), complaint) {
				t.Errorf("%q: got %v, want %q", test.text, err, complaint)
			}
		} else if err != nil || g.String() != test.want {
			t.Errorf("%q reads as %q, %v", test.text, g, err)
		}
	}
}

// Goals that no plan can meet are refused before anything runs; a measure of
// several goals is told once.
func TestGoalsThatNoPlanCanMeet(t *testing.T) {
	space, err := DecodeSearch("search.yaml", []byte(fewOfficers))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		goals []string
		want  string // in the error; none where they can be met
	}{
		{[]string{"p90(crossing_h) <= -1"}, "p90(crossing_h) <= -1: it is never below 0, so no plan can meet that"},
		{[]string{"within_share >= 95"}, "mean(within_share) >= 95: a share is never above 1, so no plan can meet that; nine of ten are 0.9"},
		{[]string{"mean(crossing_h) <= 3", "mean(crossing_h) >= 5"}, "mean(crossing_h) >= 5 and mean(crossing_h) <= 3 cannot both be met"},
		{[]string{"p50(crossing_h) >= 5", "p95(crossing_h) <= 3"}, "p50(crossing_h) >= 5 and p95(crossing_h) <= 3 cannot both be met"},
		{[]string{"p50(crossing_h) <= 3", "p95(crossing_h) >= 5"}, ""},
		{[]string{"mean(crossing_h) >= 0.01", "mean(crossing_h) <= 0.15"}, ""},
		{[]string{"buffer_h <= -1"}, ""}, // a 95th percentile may lie below the mean
	} {
		o := OptimiseOptions{Run: sim.Options{Replications: 2, Seed: 2, Days: 1}, Most: 10}
		for _, text := range test.goals {
			g, err := ParseGoal(text)
			if err != nil {
				t.Fatal(err)
			}
			o.Goals = append(o.Goals, g)
		}
		found, err := Optimise(decoded(t, busyGate), space, o)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%v: %v, want %q", test.goals, err, test.want)
		}
		if err != nil {
			continue
		}
		heads := []string{}
		for _, r := range found.Now.Results {
			heads = append(heads, r.Measure)
		}
		slices.Sort(heads)
		if len(slices.Compact(slices.Clone(heads))) != len(heads) {
			t.Errorf("%v: %q", test.goals, heads)
		}
	}
}
