package node

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// A node that starts from a ledger stands where the one that wrote it stood:
// the same state, the same screens.
func TestRestartChangesNothing(t *testing.T) {
	for post := range gate.PostID(2) {
		m := part(t, post)
		file := filepath.Join(t.TempDir(), "ledger.db")
		hand := &hands{morning()}
		n, l := opened(t, m, file, NewScaledClock(hand.now, border.At(morning()), 1))
		if wrote := live(t, n, hand, uint64(post), 1500); wrote < 1500 {
			t.Fatalf("only %d entries", wrote)
		}
		digest := n.state.Digest()
		board, _, _ := n.Board(t.Context(), Cursor{})
		other, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: n.clock, Log: n.log})
		if err != nil {
			t.Fatal(err)
		}
		if other.state.Digest() != digest {
			t.Errorf("%s: another state after a restart", n.Post())
		}
		again, _, _ := other.Board(t.Context(), Cursor{})
		if len(again.Visits) != len(board.Visits) || again.Sequence != board.Sequence || fmt.Sprint(again.Standing) != fmt.Sprint(board.Standing) {
			t.Errorf("%s: the board differs after a restart: %d visits at %d, not %d at %d",
				n.Post(), len(again.Visits), again.Sequence, len(board.Visits), board.Sequence)
		}
		for i := range again.Visits {
			a, b := again.Visits[i], board.Visits[i]
			if a != b {
				t.Errorf("%s: visit %d is shown as %+v, before as %+v", n.Post(), i, a, b)
				break
			}
		}
		if lived, replayed := studyOf(t, n), studyOf(t, other); lived != replayed {
			t.Errorf("%s: the facts give one study as they happen and another when they are replayed:\n%s\n%s", n.Post(), lived, replayed)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// studyOf is the study of all facts that a node knows.
func studyOf(t *testing.T, n *Node) string {
	t.Helper()
	report, _, err := n.Study(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// live has visits come and people answer what the gate asks of them, in an
// order drawn from seed, and returns how many entries followed.
func live(t *testing.T, n *Node, hand *hands, seed uint64, steps int) int64 {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range steps {
		hand.at = hand.at.Add(time.Duration(r.IntN(60)) * time.Second)
		in := gate.Input{Do: gate.ObserveArrival, Traits: truck, Direction: gate.Direction(r.IntN(2)), Unready: r.IntN(5) == 0}
		if answers := owed(n.state); len(answers) > 0 && r.IntN(4) > 0 {
			in = answers[r.IntN(len(answers))]
		}
		if r.IntN(40) == 0 {
			in = gate.Input{Do: gate.SetServers, Stop: gate.StopID(1 + r.IntN(len(n.model.Layout.Stops)-1)), N: int64(1 + r.IntN(3))}
		}
		a := &asked{Command: Command{ID: fmt.Sprint("w", i), Actor: "world", Input: in}, answer: make(chan answered, 1)}
		n.carryOut(t.Context(), []*asked{a})
		if r := <-a.answer; r.err != nil {
			t.Fatalf("%v: %v", in, r.err)
		}
	}
	return n.applied
}

// owed lists what the world has to report next of every visit.
func owed(s *gate.State) (out []gate.Input) {
	for v := range s.Present {
		in := gate.Input{Visit: v.ID}
		switch {
		case v.Phase == gate.PhaseCalled:
			in.Do = gate.ObserveEntered
		case v.Phase == gate.PhaseDriving:
			in.Do = gate.ObserveReached
		case v.Phase == gate.PhaseInService:
			in.Do = gate.ObserveServed
		case v.Unready:
			in.Do = gate.SetReady
		default:
			continue
		}
		out = append(out, in)
	}
	return out
}
