package node

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

func TestANodeGoesOnBehindWhatARecoveryGaveUp(t *testing.T) {
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	for lost := 1; lost < 14; lost += 3 { // there are 14 entries
		file := filepath.Join(t.TempDir(), "ledger.db")
		n, stop := running(t, part(t, 0), file, clock)
		references := map[string]bool{}
		for i := range 5 {
			references[do(t, n, arrival(fmt.Sprint("a", i))).Reference] = true
		}
		first := do(t, n, Command{ID: "h1", Reference: border.MintReference("KH", 1, 1).String(), Input: gate.Input{Do: gate.Hold}})
		stop()
		if first.Sequence != 14 || len(references) != 5 {
			t.Fatalf("the hold is entry %d, not 14", first.Sequence)
		}
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), `DELETE FROM entries WHERE seq = $1`, lost); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, given, err := ledger.Recover(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh", Clock: clock.Now}, "test"); err != nil || len(given) == 0 {
			t.Fatalf("entry %d: %v, %v", lost, given, err)
		}
		for range 2 { // and again from the ledger alone
			n, stop = running(t, part(t, 0), file, clock)
			a := do(t, n, arrival(fmt.Sprint("b", len(references))))
			if references[a.Reference] || n.Ready() != nil {
				t.Errorf("entry %d lost: the reference %s is given again, or it is not ready: %v", lost, a.Reference, n.Ready())
			}
			references[a.Reference] = true
			if again := do(t, n, Command{ID: fmt.Sprint("c", len(references)), Reference: "KH01-0000-0124", Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}}); again.Reference != "KH01-0000-0124" && len(references) == 6 {
				t.Errorf("entry %d lost: a truck that is still there is %+v", lost, again)
			}
			digest := n.state.Digest()
			stop()
			n, stop = running(t, part(t, 0), file, clock)
			if n.state.Digest() != digest {
				t.Errorf("entry %d lost: the state is another after a restart", lost)
			}
			stop()
		}
	}
}
