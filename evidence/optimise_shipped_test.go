package evidence_test

import (
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

// Every kind of measure is in the space that comes with Bavet – Moc Bai, each
// with where its bounds come from, and a plan by which nine of ten cross within
// two hours is found there.
func TestTheSpaceOfBavetAndMocBaiHoldsAPlanForTwoHours(t *testing.T) {
	g, err := evidence.ParseGoal("p90(crossing_h) <= 2")
	if err != nil {
		t.Fatal(err)
	}
	s := space(t, "bavet-mocbai-2018")
	o, err := evidence.Optimise(shipped(t, "bavet-mocbai-2018"), s, evidence.OptimiseOptions{
		Run: sim.Options{Replications: 2, Days: 7, Seed: 1, Workers: 2}, Goals: []evidence.Goal{g}, Most: 32,
	})
	if err != nil {
		t.Fatal(err)
	}
	if o.Best == nil || o.Best.Cost <= 0 || o.Best.Cost > *o.Budget || len(o.Untouched) > 0 || o.Impossible > 0 || o.Now.Meets {
		t.Error(o.Text())
	}
	if b := o.Bare[0].Value; b == nil || *b >= 2 || *b < 1 {
		t.Errorf("without waiting: %v", o.Bare)
	}
}

func TestSpacesSayWhereTheirBoundsComeFrom(t *testing.T) {
	for _, name := range []string{"bavet-mocbai-2018", "kimthanh-peaks"} {
		s := space(t, name)
		for _, c := range s.Choices {
			if c.Source+c.Assumed == "" {
				t.Errorf("%s: %s goes so far for no reason", name, c.Name)
			}
		}
		for _, f := range s.Figures {
			if f.Source+f.Assumed == "" {
				t.Errorf("%s: %s goes so far for no reason", name, f.Name)
			}
		}
	}
}
