package node

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

func TestOriginsNameWhoActedAndWhatTheySaid(t *testing.T) {
	n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	ref := do(t, n, arrival("a1")).Reference
	held := do(t, n, Command{ID: "h1", Actor: "harbour-3", Reference: ref, Remark: "seal broken", Input: gate.Input{Do: gate.Hold, Reason: gate.Documents}})
	freed := do(t, n, Command{ID: "u1", Actor: "harbour-4", Reference: ref, Input: gate.Input{Do: gate.Unhold}})
	rec, _, _ := n.Record(t.Context(), ref)
	var seqs []int64
	for _, f := range rec.Facts {
		seqs = append(seqs, int64(f.Sequence))
	}
	origins, err := n.Origins(t.Context(), seqs)
	if err != nil {
		t.Fatal(err)
	}
	if len(origins) != len(seqs) {
		t.Errorf("%d origins of %d entries", len(origins), len(seqs))
	}
	if o := origins[held.Sequence]; o.Actor != "harbour-3" || o.Remark == "" {
		t.Errorf("the hold came from %+v", o)
	} else if _, said, ok, _ := n.Ledger().Reveal(t.Context(), o.Remark); !ok || said != "seal broken" {
		t.Errorf("the remark is %q", said)
	}
	if o := origins[freed.Sequence]; o.Actor != "harbour-4" || o.Remark != "" {
		t.Errorf("the release came from %+v", o)
	}
}

func TestStaysSayWhoWaitsAndWhoLeft(t *testing.T) {
	hand := &hands{morning()}
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(hand.now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	live(t, n, hand, 3, 600)
	stays, since := n.Stays()
	if since != border.At(morning()) {
		t.Errorf("complete since %d", since)
	}
	left, waiting := 0, 0
	for i, s := range stays {
		if i > 0 && s.Arrived < stays[i-1].Arrived {
			t.Fatal("not in the order of arrival")
		}
		until := s.Left
		if until == 0 {
			until = n.clock.Now()
		} else {
			left++
		}
		if s.Waiting {
			waiting++
		}
		if s.Waited < 0 || s.Waited > until.Sub(s.Arrived) {
			t.Errorf("%+v waited longer than it was here", s)
		}
	}
	b, _, _ := n.Board(t.Context(), Cursor{})
	want := 0
	for _, p := range b.Places {
		for _, line := range p.Lines {
			want += line.Waiting
		}
	}
	if left < 20 || len(stays)-left != len(b.Visits) || waiting != want {
		t.Errorf("%d left, %d of %d are here, %d of %d wait", left, len(stays)-left, len(b.Visits), waiting, want)
	}
}

func TestAStayIsWaitingServiceAndDriving(t *testing.T) {
	minute := func(m int64) border.Time { return border.Time(m) * border.Time(border.Minute) }
	v := &Visit{ArrivedAt: minute(100)}
	add := func(m int64, k gate.Kind) { v.clock(&gate.Fact{Kind: k, At: minute(m)}) }
	add(130, gate.ServiceStarted) // after 30 min
	if s := v.stay(minute(140)); s.Waited != 30*border.Minute || s.Left != 0 {
		t.Errorf("in its first service: %+v", s)
	}
	add(142, gate.Interrupted)
	add(150, gate.ServiceStarted) // 8 more
	add(155, gate.Held)
	add(160, gate.ServiceEnded)
	add(165, gate.Departed) // 5 more
	add(168, gate.Reached)
	add(168, gate.Removed)
	if s := v.stay(v.Left); s.Waited != 43*border.Minute || s.Left.Sub(s.Arrived) != 68*border.Minute {
		t.Errorf("when it had left: waited %d min of %d", s.Waited/border.Minute, s.Left.Sub(s.Arrived)/border.Minute)
	}
}

// Who is here is known with all it waited after a start from a snapshot, too.
func TestStaysAfterARestart(t *testing.T) {
	m := part(t, 0)
	hand := &hands{morning()}
	n, l := opened(t, m, filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(hand.now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	live(t, n, hand, 7, 400)
	n.keepSnapshot(t.Context(), 1)
	here := func(n *Node) (out []Stay) {
		stays, _ := n.Stays()
		return slices.DeleteFunc(stays, func(s Stay) bool { return s.Left != 0 })
	}
	again, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: n.clock, Log: n.log})
	if err != nil || again.kept == 0 {
		t.Fatalf("it did not start from the snapshot: %v", err)
	}
	if got, want := here(again), here(n); len(want) < 3 || !slices.Equal(got, want) {
		t.Errorf("after a restart\n%+v\nnot\n%+v", got, want)
	}
}
