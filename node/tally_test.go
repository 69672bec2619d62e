package node

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// What was released today is the same before a restart and after it, from a
// snapshot or without one, and for a replica that looks on.
func TestReleasedTodayOutlivesARestart(t *testing.T) {
	m := part(t, 0)
	hand := &hands{morning()}
	n, l := opened(t, m, filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(hand.now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	beside := func() *Node {
		t.Helper()
		other, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: n.clock, Log: n.log})
		if err != nil {
			t.Fatal(err)
		}
		return other
	}
	today := func(n *Node) []int {
		t.Helper()
		b, _, err := n.Board(t.Context(), Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		return b.Posts[0].Released
	}
	replica := beside()
	live(t, n, hand, 3, 600)
	want := today(n)
	if want[0] == 0 || want[1] == 0 {
		t.Fatalf("only %v were released", want)
	}
	replayed := beside()
	n.keepSnapshot(t.Context(), 1)
	restored := beside()
	if restored.kept != n.applied {
		t.Fatal("the snapshot was not used")
	}
	for replica.applied < n.applied {
		replica.look(t.Context())
	}
	for _, test := range []struct {
		name  string
		other *Node
	}{{"replayed", replayed}, {"from a snapshot", restored}, {"a replica", replica}} {
		if got := today(test.other); !slices.Equal(got, want) {
			t.Errorf("%s: %v were released today, not %v", test.name, got, want)
		}
	}
	hand.at = hand.at.Add(24 * time.Hour)
	if got := today(restored); slices.Max(got) != 0 {
		t.Errorf("%v were released on a day on which nobody was", got)
	}
}

// The day is that of the post's clock, and of when it happened.
func TestReleasedTodayIsOfTheDay(t *testing.T) {
	l := part(t, 0).Layout
	midnight := border.At(time.Date(2018, 3, 5, 17, 0, 0, 0, time.UTC)) // at Bavet
	s := newScreen(l, "", gate.NewState(l, midnight))
	left := func(id uint64, at border.Time) {
		visit := gate.MakeVisitID(id, 0)
		s.file(visit, &gate.Fact{Kind: gate.Arrived, Visit: visit, At: at, Direction: 1})
		s.count(&gate.Fact{Kind: gate.Removed, Visit: visit, At: at})
	}
	left(1, midnight-1)
	left(2, midnight-2)
	if got := s.released[0].today(midnight - 1); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("before midnight: %v", got)
	}
	if got := s.released[0].today(midnight); !slices.Equal(got, []int{0, 0}) {
		t.Errorf("at midnight: %v", got)
	}
	left(3, midnight)
	left(4, midnight-3) // told late
	if got := s.released[0].today(midnight + 1); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("after midnight: %v", got)
	}
}
