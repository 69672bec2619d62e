package evidence_test

import (
	"slices"
	"strings"
	"testing"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

func space(t *testing.T, name string) *evidence.Search {
	t.Helper()
	data, err := scenarios.Search(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := evidence.DecodeSearch(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// In the space that comes with the scenario of busiest hours, a lane has to be
// turned for exports to take less than four hours.
func TestASearchFindsWhichLaneToTurn(t *testing.T) {
	g, err := evidence.ParseGoal("mean(crossing_h@VN-CN laden) <= 4")
	if err != nil {
		t.Fatal(err)
	}
	o, err := evidence.Optimise(shipped(t, "kimthanh-peaks"), space(t, "kimthanh-peaks"), evidence.OptimiseOptions{
		Run: sim.Options{Replications: 3, Days: 14, Seed: 1, Workers: 2}, Goals: []evidence.Goal{g}, Most: 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	if o.Best == nil || o.Best.Cost != 2 || !strings.HasPrefix(o.Best.Picked[0].Value, "two and three") || o.Now.Meets || o.Impossible > 0 {
		t.Error(o.Text())
	}
}

// The space that comes with Bavet – Moc Bai fits the scenario.
func TestTheSpaceOfBavetAndMocBaiFitsIt(t *testing.T) {
	g, err := evidence.ParseGoal("p90(crossing_h) <= 9")
	if err != nil {
		t.Fatal(err)
	}
	o, err := evidence.Optimise(shipped(t, "bavet-mocbai-2018"), space(t, "bavet-mocbai-2018"), evidence.OptimiseOptions{
		Run: sim.Options{Replications: 2, Days: 7, Seed: 1, Workers: 2}, Goals: []evidence.Goal{g}, Most: 9,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"service times and steps", "opening hours", "lanes turned, opened or closed by the hour", "slots and bookings"}; !slices.Equal(o.Untouched, want) {
		t.Errorf("the space lacks %q, not %q", o.Untouched, want)
	}
	if o.Impossible > 0 || o.Space != 432 || len(o.Frontier) == 0 || slices.ContainsFunc(o.Finalists, func(p evidence.Plan) bool { return p.Cost > 16 }) {
		t.Error(o.Text())
	}
}
