package node

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// Whoever is called may be called again, as often as anybody likes, alone in the
// line or ahead of others: the node decides on, whoever follows it too, and it
// starts again on what it wrote.
func TestCalledAgain(t *testing.T) {
	for _, others := range []int{0, 12} {
		t.Run(fmt.Sprint(others, " others"), func(t *testing.T) {
			m, file := bavet(t, "bavet-mocbai-shift"), filepath.Join(t.TempDir(), "ledger.db")
			hand := &hands{morning()}
			clock := NewScaledClock(hand.now, border.At(morning()), 1)
			n, l := opened(t, m, file, clock)
			defer l.Close() //nolint:errcheck // the test is over
			follower, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: clock, Log: n.log})
			if err != nil {
				t.Fatal(err)
			}
			act := func(c Command) {
				t.Helper()
				hand.at = hand.at.Add(time.Second)
				a, err := handed(t, n, c)
				if err != nil || a.Refusal != "" {
					t.Fatalf("%s: %+v, %v", c.ID, a, err)
				}
			}
			for i := range 1 + others {
				act(arrival(fmt.Sprint("a", i)))
			}
			called := 0
			for _, v := range screenOf(t, n) {
				if v.Phase != gate.PhaseCalled {
					continue
				}
				called++
				for i := range 3 {
					act(Command{ID: fmt.Sprint("r", called, i), Reference: v.Reference, Input: gate.Input{Do: gate.Recall}})
				}
				act(Command{ID: fmt.Sprint("e", called), Reference: v.Reference, Input: gate.Input{Do: gate.ObserveEntered}})
			}
			if called == 0 {
				t.Fatalf("nobody is called")
			}
			hand.at = hand.at.Add(time.Minute)
			follower.look(t.Context())
			again, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: clock, Log: n.log})
			if err != nil {
				t.Fatal(err)
			}
			for _, who := range []*Node{n, follower, again} {
				report, _, err := who.Study(t.Context())
				if err != nil || who.Untold() != nil || who.applied != n.applied {
					t.Fatalf("%v at entry %d of %d", err, who.applied, n.applied)
				}
				for i := range report.Holds {
					if line := &report.Holds[i].QueueLength; line.Min < 0 || line.Max > float64(1+others) || line.Mean < 0 {
						t.Errorf("a line of %+v", report.Holds[i])
					}
				}
			}
		})
	}
}

// screenOf are the visits that a node shows.
func screenOf(t *testing.T, n *Node) []Visit {
	t.Helper()
	b, _, err := n.Board(t.Context(), Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	return b.Visits
}
