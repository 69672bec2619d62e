package evidence

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"landport/sim"
)

// words are what a text says, whatever its lines.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// Shares of a time, and what figures move, are told with a word about it where
// the runs do not show that lines settle; where they grow there are none.
func TestSharesOfWhatIsNotShownToSettleSaySo(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	for _, c := range []struct {
		rate, length string
		unsure       bool
	}{{"10/hour", "60d", false}, {"19.5/hour", "3d", true}} {
		file := decoded(t, strings.Replace(strings.Replace(twoCauses, "10/hour", c.rate, 1), "150d", c.length, 1))
		o := sim.Options{Replications: 3, Seed: 5}
		w, err := Explain(file, m, o)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := Vary(file, m, TornadoOptions{Run: o, By: 1.01, Most: 9})
		if err != nil {
			t.Fatal(err)
		}
		if (w.Unsure > 0) != c.unsure || (w.Unsettled != "") != c.unsure || (moved.Unsettled != "") != c.unsure {
			t.Errorf("%s: of %d sets it cannot be told; now %q, tornado %q", c.rate, w.Unsure, w.Unsettled, moved.Unsettled)
		}
		for _, says := range []struct{ text, want string }{
			{w.Text(), "Note: Whether one gate settles cannot be told: 3 runs are too few or too short"},
			{w.Text(), "of the 4 combinations it cannot be told whether their lines settle"},
			{moved.Text(), "Whether one gate settles cannot be told: 3 runs are too few or too short"},
			{moved.Text(), "ends shown it cannot be told whether lines settle"},
		} {
			if strings.Contains(words(says.text), says.want) != c.unsure {
				t.Errorf("%s: %q in %s", c.rate, says.want, says.text)
			}
		}
		if page := rendered(t, whyOf(w, "")); strings.Contains(page, "Whether one gate settles cannot be told") != c.unsure {
			t.Errorf("%s: the report says %s", c.rate, page)
		}
	}
	over := decoded(t, strings.Replace(strings.Replace(twoCauses, "10/hour", "30/hour", 1), "150d", "9d", 1))
	if _, err := Explain(over, m, sim.Options{Replications: 2, Seed: 5}); err == nil || !strings.Contains(err.Error(), "cannot be told, so it cannot be shared out: more arrive than are served") {
		t.Errorf("a time of a line that grows is shared out: %v", err)
	}
}

// A combination in which a line grows has no mean, so no share rests on it, and none
// of the replications that happen to cope is quoted for it.
func TestACombinationThatGrowsHasNoShare(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	worse := strings.Replace(twoCauses, "times: 0.5}", "times: 2.2}", 1) // mending it brings more than can be served
	w, err := Explain(decoded(t, strings.Replace(worse, "length: 150d", "length: 9d", 1)), m, sim.Options{Replications: 3, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	slow, crowded := w.Causes[0], w.Causes[1]
	if w.Unstable != 1 || slow.Share != nil || crowded.Share != nil || crowded.Alone != nil || slow.Alone == nil || w.Without == nil {
		t.Errorf("%d grow; %+v; %+v", w.Unstable, slow, crowded)
	}
	if want := "In 1 of the 4 combinations a line grows. They have no mean, so no share"; !strings.Contains(words(w.Text()), want) {
		t.Errorf("no %q in %s", want, w.Text())
	}
}

// A plan whose runs meet the goals without showing that its lines settle is not the
// best, and comes after those that do show it.
func TestAPlanIsNotTheBestUnlessItIsShownToSettle(t *testing.T) {
	for _, c := range []struct {
		most string
		best bool
	}{{"high: 3", false}, {"high: 5", true}} {
		search := strings.Replace(strings.Replace(fewOfficers, "low: 1", "low: 3", 1), "high: 14", c.most, 1)
		search, _, _ = strings.Cut(search, "choices:")
		s, err := DecodeSearch("search.yaml", []byte(search))
		if err != nil {
			t.Fatal(err)
		}
		g, _ := ParseGoal("mean(crossing_h) <= 9")
		file := decoded(t, strings.Replace(busyGate, "50/hour", "57/hour", 1)) // 95% of what three can serve
		o, err := Optimise(file, s, OptimiseOptions{Run: sim.Options{Replications: 5, Seed: 2, Days: 8}, Goals: []Goal{g}, Most: 20})
		if err != nil {
			t.Fatal(err)
		}
		now := o.Now
		if !now.Met || now.Meets || now.Unsettled == "" || now.MeetsShare == nil || *now.MeetsShare > 0 {
			t.Fatalf("as it is: %+v", now)
		}
		if (o.Best != nil) != c.best || c.best && (o.Best.Picked[0].Value != "4" || !o.Best.Meets) {
			t.Errorf("%s: the best is %+v", c.most, o.Best)
		}
		text := words(o.Text())
		if len(o.Doubted) > 0 != c.best || c.best && (!strings.Contains(text, ", the least cost among plans shown to meet the goal. It meets the goal in 100% of resamples of the replications. Among all 3 possible plans it is the best in") ||
			!strings.Contains(text, "A plan that is cheaper may meet the goal too: its runs do not show that lines settle. More runs (--replications) and longer ones (--days) tell. It is nothing changed, which costs 0 more than today (officers).")) {
			t.Errorf("%s: cheaper and not shown: %+v in %s", c.most, o.Doubted, o.Text())
		}
		if !strings.Contains(text, "Not shown: the runs meet the goal, but do not show that lines settle") {
			t.Errorf("%s: no word about what is not shown in %s", c.most, o.Text())
		}
		for i := range o.Frontier {
			if f := &o.Frontier[i]; f.Unsettled != "" && f.ToldApart != nil {
				t.Errorf("%s: told apart on the frontier: %+v", c.most, *f)
			}
		}
		if !strings.Contains(text, "not shown") || strings.Contains(text, "NO PLAN of those tried is shown to meet the goals. The first of those whose runs do is nothing changed") == c.best || strings.Contains(text, "settles cannot be told") == c.best {
			t.Error(o.Text())
		}
	}
}

func rendered(t *testing.T, part templ.Component) string {
	t.Helper()
	var page strings.Builder
	if err := part.Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	return words(page.String())
}
