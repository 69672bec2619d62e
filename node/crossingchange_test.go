package node

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
)

// served reports the end of the service that a visit is in.
func served(t *testing.T, n *Node, id, reference string) {
	t.Helper()
	do(t, n, Command{ID: id, Actor: "booth-1", Reference: reference, Input: gate.Input{Do: gate.ObserveServed}})
}

// sixTrucks come to Bavet as it was in 2018, and the first is served.
func sixTrucks(t *testing.T, n *Node) (references []string) {
	t.Helper()
	for i := range 6 {
		references = append(references, do(t, n, Command{ID: fmt.Sprint("a", i), Actor: "camera-1", Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}}).Reference)
	}
	served(t, n, "s0", references[0])
	return references
}

// begunAgain is a node on a ledger that goes on by a crossing.
func begunAgain(t *testing.T, url string, config Config) (*Node, error) {
	t.Helper()
	runs, err := Running(config.Post)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Runs: runs, Clock: config.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) //nolint:errcheck,gosec // the test is over
	config.Ledger, config.Log = l, slog.New(slog.DiscardHandler)
	return New(t.Context(), config)
}

// begunOn is a running node on a database, until stop is called.
func begunOn(t *testing.T, url string, config Config) (n *Node, stop func()) {
	t.Helper()
	n, err := begunAgain(t, url, config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	stop = sync.OnceFunc(func() {
		cancel()
		<-n.Done()
		if err := n.ledger.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return n, stop
}

// A waiting zone is added while trucks are in the lanes and on the road. Nobody
// is lost, the past is told as it was, and all go on; started once more, or made
// anew from the entries alone, the node stands where it stood.
func TestACrossingIsChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() string) {
		t.Helper()
		crossingIsChanged(t, fresh())
	})
}

func crossingIsChanged(t *testing.T, url string) {
	t.Helper()
	was, is := bavet(t, "bavet-mocbai-2018"), bavet(t, "bavet-mocbai-shift")
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := begunOn(t, url, Config{Post: was, Clock: clock})
	references := sixTrucks(t, n)
	do(t, n, Command{ID: "odd", Actor: "booth-1", Reference: references[5], Input: gate.Input{Do: gate.ObserveReached}})
	before, _, err := n.Record(t.Context(), references[0])
	if err != nil {
		t.Fatal(err)
	}
	told := n.FactData(&before.Facts[len(before.Facts)-1])
	stop()
	if o, err := foreseen(t, url, nil, is, clock); err != nil || !o.Changes || o.Present != 6 {
		t.Errorf("foreseen is %+v, %v", o, err)
	}
	n, err = begunAgain(t, url, Config{Post: is, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	b, _, _ := n.Board(t.Context(), Cursor{})
	if len(b.Visits) != 6 || n.state.Layout() != is.Layout {
		t.Fatalf("%d visits are on the board of another layout: %v", len(b.Visits), b.Visits)
	}
	for _, v := range b.Visits {
		if v.Phase == gate.PhaseAstray || v.Place == gate.Outside {
			t.Errorf("%s is %v in %s", v.Reference, v.Phase, is.Layout.Places[v.Place].Name)
		}
	}
	if after, _, err := n.Record(t.Context(), references[0]); err != nil || string(n.FactData(&after.Facts[len(before.Facts)-1])) != string(told) {
		t.Errorf("the past was\n%s\nand is told otherwise (%v)", told, err)
	}
	if odd, err := n.Anomalies(t.Context()); err != nil || len(odd) != 1 || odd[0].Visit != b.Visits[5].ID {
		t.Errorf("%+v, %v", odd, err)
	}
	digest, applied := n.state.Digest(), n.applied
	deeds := n.Journal()
	if len(deeds) != 1 || deeds[0].Change == nil || deeds[0].Change.Crossing != is.Name || len(deeds[0].Change.New) == 0 {
		t.Errorf("the journal tells %+v", deeds)
	}
	for _, drop := range []bool{false, true} {
		if drop {
			tamperOpen(t, n.ledger, `DELETE FROM snapshots`, `DELETE FROM node_entries`, `DELETE FROM node_crossings`, `UPDATE node_index SET seq = 0`)
		}
		again, err := New(t.Context(), Config{Post: is, Ledger: n.ledger, Clock: clock, Log: n.log})
		if err != nil {
			t.Fatal(err)
		}
		if again.state.Digest() != digest || again.applied != applied {
			t.Errorf("started again it stands elsewhere (entry %d of %d), everything dropped: %v", again.applied, applied, drop)
		}
		if got := again.Journal(); !reflect.DeepEqual(got, deeds) {
			t.Errorf("started again its journal tells %+v, everything dropped: %v", got, drop)
		}
	}
}

func tamperOpen(t *testing.T, l *ledger.Ledger, statements ...string) {
	t.Helper()
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		for _, s := range statements {
			if err := b.Exec(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What a ledger does not say about the crossing that it was begun by has to be
// told, if it was not the one that is given.
func TestALedgerThatDoesNotSayItsCrossing(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() string) {
		t.Helper()
		doesNotSayItsCrossing(t, fresh)
	})
}

func doesNotSayItsCrossing(t *testing.T, fresh func() string) {
	t.Helper()
	was, is := bavet(t, "bavet-mocbai-2018"), bavet(t, "bavet-mocbai-shift")
	url := fresh()
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := begunOn(t, url, Config{Post: was, Clock: clock})
	sixTrucks(t, n)
	digest := n.state.Digest()
	stop()
	copied := func() string {
		to := fresh()
		unsaid(t, url, to)
		return to
	}
	_, err := begunAgain(t, copied(), Config{Post: is, Clock: clock})
	if err == nil || !strings.Contains(err.Error(), "--was") {
		t.Fatalf("under another crossing it began: %v", err)
	}
	same, err := begunAgain(t, copied(), Config{Post: was, Clock: clock})
	if err != nil || same.state.Digest() != digest {
		t.Fatalf("under its own crossing it stands elsewhere: %v", err)
	}
	to := copied()
	if _, err := foreseen(t, to, nil, is, clock); err == nil || !strings.Contains(err.Error(), "--was") {
		t.Errorf("foreseen without the former crossing: %v", err)
	}
	if o, err := foreseen(t, to, was, is, clock); err != nil || !o.Changes || o.Present != 6 {
		t.Errorf("foreseen is %+v, %v", o, err)
	}
	changed, err := begunAgain(t, to, Config{Post: is, Was: was, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Present() != 6 || len(changed.crossings) != 2 {
		t.Errorf("%d are present under %d crossings", changed.Present(), len(changed.crossings))
	}
}

// foreseen asks, beside whoever has the ledger open, what a change comes to.
func foreseen(t *testing.T, url string, was, is *sim.Model, clock *Clock) (*Outlook, error) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Beside: true, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it was only read
	return Foresee(t.Context(), l, was, is, clock)
}

// unsaid copies a ledger's facts to a new one in which no entry tells of the
// crossing.
func unsaid(t *testing.T, from, to string) {
	t.Helper()
	open := func(url string) *ledger.Ledger {
		l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Clock: func() border.Time { return border.At(morning()) }})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	source, target := open(from), open(to)
	defer source.Close() //nolint:errcheck // it was only read
	defer target.Close() //nolint:errcheck // what was written is committed
	if _, err := target.Write(t.Context(), func(b *ledger.Batch) error {
		for e, err := range source.Each(t.Context(), 0) {
			if err != nil {
				return err
			}
			if e.Kind != kindCrossing {
				b.Append(ledger.Entry{Occurred: e.Occurred, Post: e.Post, Actor: e.Actor, Command: e.Command, Kind: e.Kind, Version: e.Version, Data: e.Data})
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Who runs beside a replica that changes the crossing takes no more commands.
func TestAReplicaLeftBehindStops(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	was, is := bavet(t, "bavet-mocbai-2018"), bavet(t, "bavet-mocbai-shift")
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	n, _ := running(t, was, file, clock)
	sixTrucks(t, n)
	if _, err := New(t.Context(), Config{Post: is, Ledger: n.ledger, Clock: clock, Log: n.log}); err != nil {
		t.Fatal(err)
	}
	before, _, _ := n.Board(t.Context(), Cursor{})
	_, err := n.Do(t.Context(), Command{ID: "late", Actor: "o", Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}})
	if err == nil || !strings.Contains(err.Error(), "another replica") {
		t.Fatalf("it took a command: %v", err)
	}
	if err := n.Ready(); err == nil || !strings.Contains(err.Error(), "another replica") {
		t.Errorf("it is ready: %v", err)
	}
	if after, _, _ := n.Board(t.Context(), Cursor{}); !slices.EqualFunc(after.Visits, before.Visits, func(a, b Visit) bool { return a.ID == b.ID && a.Place == b.Place }) {
		t.Errorf("its board shows\n%v\nnot\n%v", after.Visits, before.Visits)
	}
}

// Beside a replica that runs, nobody changes the crossing: not the one that is
// started with another file, nor, of two that are started with one each on an
// empty ledger, the one that comes second.
func TestNoReplicaIsOverruled(t *testing.T) {
	server := cluster.Start(t)
	was, is := bavet(t, "bavet-mocbai-2018"), bavet(t, "bavet-mocbai-shift")
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	url := server.Database(t)
	n, stop := begunOn(t, url, Config{Post: was, Clock: clock})
	sixTrucks(t, n)
	_, err := begunAgain(t, url, Config{Post: is, Clock: clock})
	want := fmt.Sprintf(", by which process %d on ", os.Getpid())
	if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `with place "`) {
		t.Fatalf("beside a replica it began by another crossing: %v", err)
	}
	if err := n.Ready(); err != nil {
		t.Errorf("the replica that ran: %v", err)
	}
	do(t, n, arrival("more"))
	stop()

	url = server.Database(t)
	n, err = begunAgain(t, url, Config{Post: was, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := begunAgain(t, url, Config{Post: is, Clock: clock}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("it began by another crossing as the second: %v", err)
	}
	if err := n.ledger.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := begunAgain(t, url, Config{Post: is, Clock: clock}); err != nil {
		t.Errorf("alone it did not begin: %v", err)
	}
}
