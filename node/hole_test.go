package node

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// onBoth runs a test on both engines, side by side. fresh is the address of an
// empty database.
func onBoth(t *testing.T, test func(t *testing.T, fresh func() string)) {
	t.Helper()
	server := cluster.Start(t)
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, func() string { return "sqlite:" + filepath.Join(t.TempDir(), "ledger.db") })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, func() string { return server.Database(t) })
	})
}

// idle is a node on a database that does not decide yet.
func idle(t *testing.T, url string, clock *Clock) (*Node, *ledger.Ledger) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(t.Context(), Config{Post: part(t, 0), Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return n, l
}

// manned is a running node on a database, with a stop that may be called once.
func manned(t *testing.T, url string, clock *Clock) (n *Node, stop func()) {
	t.Helper()
	n, l := idle(t, url, clock)
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	return n, func() {
		cancel()
		<-n.Done()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// tamper does to a database what no program of ours would.
func tamper(t *testing.T, url, statement string) {
	t.Helper()
	driver, address := "pgx", url
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, address = "sqlite", "file:"+file+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// A reference is some vehicle's for ever: whatever was lost, and however often
// the same backup is restored, none is given to another.
func TestNoReferenceIsGivenTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() string) {
		t.Helper()
		hand := &hands{morning()}
		clock := NewScaledClock(hand.now, border.At(hand.at), 1)
		given, calls := map[string]bool{}, 0
		mint := func(n *Node, among map[string]bool) {
			t.Helper()
			for range 5 {
				hand.at = hand.at.Add(time.Second)
				calls++
				reference := do(t, n, arrival(fmt.Sprint("a", calls))).Reference
				if among[reference] {
					t.Errorf("the reference %s is given twice", reference)
				}
				among[reference] = true
			}
		}
		config := func(url string) ledger.Config {
			return ledger.Config{URL: url, Origin: "bavet.kh", Clock: clock.Now}
		}
		url, file := fresh(), filepath.Join(t.TempDir(), "bavet.landport")
		n, stop := manned(t, url, clock)
		mint(n, given)
		if _, err := ledger.Backup(t.Context(), url, file); err != nil {
			t.Fatal(err)
		}
		mint(n, given) // what the backup lacks
		stop()
		beside := maps.Clone(given)

		for range 3 {
			restored := fresh()
			hand.at = hand.at.Add(time.Second)
			if _, err := ledger.Restore(t.Context(), config(restored), file, "test"); err != nil {
				t.Fatal(err)
			}
			for range 2 { // and once more from the ledger alone
				n, stop = manned(t, restored, clock)
				if b, _, _ := n.Board(t.Context(), Cursor{}); len(b.Visits) < 5 {
					t.Errorf("the board shows %d of those who were there", len(b.Visits))
				}
				mint(n, given)
				stop()
				tamper(t, restored, `DELETE FROM snapshots`)
				again, l := idle(t, restored, clock)
				if again.state.Digest() != n.state.Digest() {
					t.Error("made anew from the ledger the state is another")
				}
				if err := l.Close(); err != nil {
					t.Error(err)
				}
			}
		}

		// The end was lost, and nobody knows how much of it.
		tamper(t, url, `DELETE FROM entries WHERE seq > 9`)
		tamper(t, url, `DELETE FROM snapshots`)
		if _, _, err := ledger.Recover(t.Context(), config(url), "test"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			n, stop = manned(t, url, clock)
			mint(n, beside)
			stop()
		}
	})
}

func TestANodeGoesOnBehindWhatARecoveryGaveUp(t *testing.T) {
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	for lost := 1; lost < 15; lost += 3 { // there are 15 entries
		file := filepath.Join(t.TempDir(), "ledger.db")
		n, stop := running(t, part(t, 0), file, clock)
		references := map[string]bool{}
		for i := range 5 {
			references[do(t, n, arrival(fmt.Sprint("a", i))).Reference] = true
		}
		first := do(t, n, Command{ID: "h1", Reference: border.MintReference("KH", 1, 1).String(), Input: gate.Input{Do: gate.Hold}})
		stop()
		if first.Sequence != 15 || len(references) != 5 {
			t.Fatalf("the hold is entry %d, not 15", first.Sequence)
		}
		tamper(t, "sqlite:"+file, fmt.Sprint(`DELETE FROM entries WHERE seq = `, lost))
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

// Two entries never share an event's id, and one entry keeps its own; a reader
// of the board who saw what was lost is shown all of it anew.
func TestWhatWasLostIsNotTakenForWhatFollowed(t *testing.T) {
	hand := &hands{morning()}
	clock := NewScaledClock(hand.now, border.At(hand.at), 1)
	dir := t.TempDir()
	events := func(l *ledger.Ledger) map[string]string {
		all := map[string]string{}
		for e, err := range l.Each(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			all[NewCloudEvent("bavet.kh", &e).ID] = string(e.Leaf())
		}
		return all
	}
	n, stop := running(t, part(t, 0), filepath.Join(dir, "a.db"), clock)
	do(t, n, arrival("a1"))
	backup := filepath.Join(dir, "bavet.landport")
	if _, err := ledger.Backup(t.Context(), "sqlite:"+filepath.Join(dir, "a.db"), backup); err != nil {
		t.Fatal(err)
	}
	before := events(n.Ledger())
	for i := range 3 {
		do(t, n, arrival(fmt.Sprint("b", i)))
	}
	seen, _, _ := n.Board(t.Context(), Cursor{})
	known := events(n.Ledger())
	stop()
	for round := range 2 { // the same backup twice: both are epoch 2
		hand.at = hand.at.Add(time.Minute)
		file := filepath.Join(dir, fmt.Sprint(round, ".db"))
		if _, err := ledger.Restore(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh", Clock: clock.Now}, backup, "test"); err != nil {
			t.Fatal(err)
		}
		n, stop := running(t, part(t, 0), file, clock)
		for i := range 6 {
			do(t, n, arrival(fmt.Sprint("c", i)))
		}
		after := events(n.Ledger())
		for id, leaf := range after {
			if other, taken := known[id]; taken && other != leaf {
				t.Errorf("the id %s is of two entries:\n%s\n%s", id, other, leaf)
			}
			known[id] = leaf
		}
		for id := range before {
			if after[id] == "" {
				t.Errorf("the event %s has another id now", id)
			}
		}
		if b, _, _ := n.Board(t.Context(), seen.Cursor); !b.Whole || b.Run != "e2" || b.Sequence <= seen.Sequence {
			t.Errorf("a reader at %v is shown only what changed since, of %v", seen.Cursor, b.Cursor)
		}
		stop()
	}
}
