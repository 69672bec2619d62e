package node

import (
	"path/filepath"
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
	left := 0
	for i, s := range stays {
		if i > 0 && s.Arrived < stays[i-1].Arrived {
			t.Fatal("not in the order of arrival")
		}
		if s.Left != 0 {
			left++
			if s.Served < s.Arrived || s.Left < s.Served {
				t.Errorf("arrived %d, served %d, left %d", s.Arrived, s.Served, s.Left)
			}
		}
	}
	if b, _, _ := n.Board(t.Context(), Cursor{}); left < 20 || len(stays)-left != len(b.Visits) {
		t.Errorf("%d left and %d of %d are here", left, len(stays)-left, len(b.Visits))
	}
}
