package node

import (
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// After a recovery that leaves the post empty the node says that nobody knows
// who stands there, also when it is started again, until somebody settles it.
func TestNobodyKnowsWhoIsThereAfterEntriesWereLost(t *testing.T) {
	for _, c := range []struct {
		name, harm string
		uncounted  bool
	}{
		{"between others", `DELETE FROM entries WHERE seq = 5`, true},
		{"the end", `DELETE FROM entries WHERE seq > 9`, false}, // everybody is where the last entry known has them
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := NewScaledClock(time.Now, border.At(morning()), 1)
			file := filepath.Join(t.TempDir(), "ledger.db")
			n, stop := running(t, part(t, 0), file, clock)
			for _, id := range []string{"a1", "a2", "a3", "a4"} {
				do(t, n, arrival(id))
			}
			stop()
			tamper(t, "sqlite:"+file, c.harm)
			tamper(t, "sqlite:"+file, `DELETE FROM snapshots`)
			if _, _, err := ledger.Recover(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh", Clock: clock.Now}, "test"); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				n, stop = running(t, part(t, 0), file, clock)
				odd, err := n.Anomalies(t.Context())
				if b, _, _ := n.Board(t.Context(), Cursor{}); (b.Uncounted != 0) != c.uncounted || err != nil || (len(odd) == 1 && odd[0].Reason == gate.EntriesLost) != c.uncounted {
					t.Fatalf("since %d nobody knows who is there, to look into are %+v, %v", b.Uncounted, odd, err)
				}
				stop()
			}
			if !c.uncounted {
				return
			}
			n, stop = running(t, part(t, 0), file, clock)
			odd, _ := n.Anomalies(t.Context())
			if a := do(t, n, Command{ID: "s1", Actor: "chief-1", Act: Settle, Anomaly: odd[0].Seq}); a.Refusal != "" {
				t.Fatal(a.Detail)
			}
			for range 2 {
				if b, _, _ := n.Board(t.Context(), Cursor{}); b.Uncounted != 0 {
					t.Error("it is settled, and the board still says so")
				}
				if deeds := n.Journal(); len(deeds) != 1 || deeds[0].Settled != odd[0].Seq || deeds[0].Fact.Reason != gate.EntriesLost {
					t.Errorf("the journal tells %+v", deeds)
				}
				stop()
				tamper(t, "sqlite:"+file, `DELETE FROM snapshots`)
				n, stop = running(t, part(t, 0), file, clock)
			}
			stop()
		})
	}
}
