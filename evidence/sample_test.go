package evidence_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"landport/evidence"
	"landport/sim"
)

func sampled(t testing.TB, f *sim.File, o sim.Options) *evidence.Sample {
	t.Helper()
	s, err := evidence.NewSample(f, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encoded(t testing.TB, c *evidence.Comparison) string {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func on() bool { return true }

const quickerCounter = "name: quicker\nextends: counter\nstops: [{name: laden counter, service: {exponential: 8m}, assumed: a second look is left out}]\n"

// What is handed over on the way is what Compare says of so many pairs, whatever
// was run before, and on any number of workers.
func TestPairsSayOnTheWayWhatFewerPairsSay(t *testing.T) {
	base, plan := decoded(t, "counter.yaml", counter), decoded(t, "quicker.yaml", quickerCounter)
	of := func(n int) string {
		return encoded(t, compared(t, base, plan, sim.Options{Replications: n, Seed: 4, Days: 2}))
	}
	for _, test := range []struct{ before, workers int }{{0, 1}, {0, 2}, {3, 1}, {8, 2}, {22, 3}} {
		o := sim.Options{Seed: 4, Days: 2, Workers: test.workers}
		a, b := sampled(t, base, o), sampled(t, plan, o)
		o.Replications = test.before
		if err := a.RunOn(o, on); err != nil || a.Size() != test.before {
			t.Fatalf("%v, %d replications", err, a.Size())
		}
		o.Replications = 22
		var looks []int
		done := []int{}
		o.Progress = func(n, total int) {
			if done = append(done, n); total != 44 {
				t.Errorf("%d of %d", n, total)
			}
		}
		whole, err := evidence.Pairs(a, b, o, on, func(c *evidence.Comparison) {
			if looks = append(looks, c.Replications); encoded(t, c) != of(c.Replications) {
				t.Errorf("%+v: after %d pairs it says something else than %d pairs do", test, c.Replications, c.Replications)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if encoded(t, whole) != of(22) || !slices.Equal(looks, []int{5, 10, 20}) {
			t.Errorf("%+v: looked after %d pairs, and in the end it is not what 22 pairs say", test, looks)
		}
		if len(done) != 44-test.before || done[0] != test.before+1 || !slices.IsSorted(done) {
			t.Errorf("%+v: progress %d", test, done)
		}
	}
}

// A base that was run serves for fewer pairs where it was looked at, and for more.
func TestASampleServesAgain(t *testing.T) {
	f := decoded(t, "counter.yaml", counter)
	o := sim.Options{Replications: 12, Seed: 1, Days: 1}
	s := sampled(t, f, o)
	if err := s.RunOn(o, on); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		n     int
		tells bool
	}{{4, false}, {5, true}, {7, false}, {10, true}, {12, true}, {13, true}, {40, true}} {
		if s.Tells(test.n) != test.tells {
			t.Errorf("of %d replications a sample of 12 tells: %t", test.n, !test.tells)
		}
	}
	o.Replications = 5
	fewer, err := evidence.Pairs(s, s, o, func() bool { t.Error("something is run"); return true }, func(*evidence.Comparison) { t.Error("something is told on the way") })
	if err != nil || encoded(t, fewer) != encoded(t, compared(t, f, f, o)) {
		t.Errorf("%v, or it says something else than 5 pairs do", err)
	}
}

func TestASampleThatIsStoppedGoesOn(t *testing.T) {
	f := decoded(t, "counter.yaml", counter)
	for _, workers := range []int{1, 2} {
		o := sim.Options{Replications: 6, Seed: 1, Days: 1, Workers: workers}
		s := sampled(t, f, o)
		if err := s.RunOn(o, func() bool { return s.Size() < 2 }); !errors.Is(err, evidence.ErrStopped) || s.Size() != 2 {
			t.Fatalf("%v after %d", err, s.Size())
		}
		whole, err := evidence.Pairs(s, s, o, on, func(*evidence.Comparison) {})
		if err != nil || encoded(t, whole) != encoded(t, compared(t, f, f, o)) {
			t.Errorf("%v, or what was stopped and run on says something else", err)
		}
	}
}
