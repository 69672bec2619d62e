package node

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// last returns the last entry of a ledger.
func last(t *testing.T, l *ledger.Ledger) ledger.Entry {
	t.Helper()
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := l.Entries(t.Context(), head.Size-1, 1)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	return entries[0]
}

func TestTheValuesOfOneVisitAreErased(t *testing.T) {
	n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	own, neighbours, other := arrival("a1"), arrival("a2"), arrival("a3")
	own.Plate, own.Remark = "2A-1234", "came with an escort"
	neighbours.Plate = "51C-123.45"
	other.Plate = "3B-9999"
	neighbours.Reference = border.MintReference("VN", 2, 1).String() // a serial number that is another visit's here
	first, second, third := do(t, n, own), do(t, n, neighbours), do(t, n, other)
	do(t, n, Command{ID: "h1", Reference: first.Reference, Remark: "seal broken", Input: gate.Input{Do: gate.Hold, Reason: gate.Documents}})
	do(t, n, Command{ID: "h2", Reference: second.Reference, Remark: "driver asleep", Input: gate.Input{Do: gate.Hold, Reason: gate.Documents}})

	of := func(reference string) (said []string) {
		commitments, err := ValuesOf(t.Context(), n.Ledger(), n.Model().Layout, reference)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range commitments {
			if _, value, ok, err := n.Ledger().Reveal(t.Context(), c); ok && err == nil {
				said = append(said, value)
			}
		}
		slices.Sort(said)
		return said
	}
	for _, test := range []struct{ reference, want string }{
		{strings.ToLower(first.Reference), "2A-1234,came with an escort,seal broken"},
		{second.Reference, "51C-123.45,driver asleep"},
		{third.Reference, "3B-9999"},
		{border.MintReference("KH", 1, 2).String(), ""}, // the second visit here goes by its neighbour's reference
		{border.MintReference("VN", 1, 3).String(), ""},
		{border.MintReference("KH", 1, 1<<60).String(), ""},
	} {
		if said := strings.Join(of(test.reference), ","); said != test.want {
			t.Errorf("%s: %q, not %q", test.reference, said, test.want)
		}
	}
	if _, err := ValuesOf(t.Context(), n.Ledger(), n.Model().Layout, "KH01-0000-0199"); err == nil {
		t.Error("a misread reference is taken")
	}

	commitments, err := ValuesOf(t.Context(), n.Ledger(), n.Model().Layout, first.Reference)
	if err != nil {
		t.Fatal(err)
	}
	e := Erasure{Commitments: commitments, Post: n.Post(), Actor: "operator", Reason: "asked for", DryRun: true}
	for _, e.DryRun = range []bool{true, false} {
		if erased, err := e.Run(t.Context(), n.Ledger()); erased["plate"] != 1 || erased["remark"] != 2 || err != nil {
			t.Errorf("dry run %v: erased %v, %v", e.DryRun, erased, err)
		}
	}
	if erased, err := e.Run(t.Context(), n.Ledger()); len(erased) > 0 || err != nil {
		t.Errorf("erased again %v, %v", erased, err)
	}
	if said := of(first.Reference); len(said) > 0 {
		t.Errorf("after erasure %v", said)
	}
	if said := of(second.Reference); len(said) != 2 {
		t.Errorf("of the other visit %v", said)
	}
	if got := last(t, n.Ledger()); got.Kind != kindErased || got.Actor != "operator" || got.Post != "Bavet" ||
		string(got.Data) != `{"erased":{"plate":1,"remark":2},"reason":"asked for"}` {
		t.Errorf("the last entry is %+v with %s", got, got.Data)
	}
	do(t, n, arrival("a4")) // it goes on
	if err := n.Ready(); err != nil {
		t.Error(err)
	}
}

// A plate that was typed wrong is corrected with a reason, and the wrong one is
// erased with the right one.
func TestAWrongPlateIsCorrected(t *testing.T) {
	file, clock := filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := running(t, part(t, 0), file, clock)
	typed := arrival("a1")
	typed.Plate = "2A-1243"
	reference := do(t, n, typed).Reference
	shown := func() string {
		t.Helper()
		rec, ok, err := n.Record(t.Context(), reference)
		if !ok || err != nil || rec.Traits != truck {
			t.Fatalf("the record is %+v, %v", rec.Visit, err)
		}
		_, plate, _, err := n.Ledger().Reveal(t.Context(), rec.Plate)
		if err != nil {
			t.Fatal(err)
		}
		return plate
	}
	right := Command{ID: "c1", Reference: reference, Plate: "2A-1234", Input: gate.Input{Do: gate.Correct}}
	if a := do(t, n, right); a.Refusal == "" || shown() != "2A-1243" {
		t.Errorf("without a reason it was answered %+v", a)
	}
	right.ID, right.Input.Reason = "c2", gate.Mistake
	done := do(t, n, right)
	if done.Refusal != "" || shown() != "2A-1234" {
		t.Errorf("the correction was answered %+v; shown is %s", done, shown())
	}
	entries, err := n.Ledger().Entries(t.Context(), done.Sequence-1, 2)
	if err != nil || len(entries) != 2 || entries[0].Kind != "gate.corrected" || !strings.Contains(string(entries[0].Data), `"reason":"mistake"`) ||
		entries[1].Kind != kindNamed || entries[1].Cause != done.Sequence || strings.Contains(string(entries[1].Data), "1234") {
		t.Errorf("the log has %+v, %v", entries, err)
	}
	for _, again := range []Command{{ID: "again1"}, {ID: "again2", Input: gate.Input{Traits: truck}}} {
		again.Reference, again.Plate, again.Input.Do, again.Input.Reason = reference, "2A-1234", gate.Correct, gate.Mistake
		if a := do(t, n, again); a.Refusal != "already-so" || a.Entries != 0 {
			t.Errorf("the plate that it has already was answered %+v", a)
		}
	}
	if _, err := n.Do(t.Context(), Command{ID: "c3", Actor: "o", Reference: reference, Input: gate.Input{Do: gate.Correct, Reason: gate.Mistake}}); err == nil {
		t.Error("a correction of nothing is taken")
	}
	do(t, n, Command{ID: "g1", Reference: reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	stop()
	n, stop = running(t, part(t, 0), file, clock)
	if shown() != "2A-1234" {
		t.Errorf("after it left, shown is %s", shown())
	}
	commitments, err := ValuesOf(t.Context(), n.Ledger(), n.Model().Layout, reference)
	if err != nil {
		t.Fatal(err)
	}
	if erased, err := (Erasure{Commitments: commitments, Post: n.Post(), Reason: "asked for"}).Run(t.Context(), n.Ledger()); erased["plate"] != 2 || err != nil {
		t.Errorf("erased %v, %v", erased, err)
	}
	stop()
}

func TestTermsOfRetentionAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	hand := &hands{morning()}
	n, stop := running(t, part(t, 0), file, NewScaledClock(hand.now, border.At(hand.at), 1))
	old := arrival("a1")
	old.Plate, old.Remark = "2A-1234", "came with an escort"
	do(t, n, old)
	stop()

	// The node goes on by itself for a year and a day: whether anybody saw its
	// clock is not known.
	terms := map[string]border.Term{"plate": {Years: 1}, "remark": {Years: 2}}
	for hand.at.Before(morning().AddDate(1, 0, 1)) {
		hand.at = hand.at.AddDate(0, 0, 25)
		n, l := opened(t, part(t, 0), file, NewScaledClock(hand.now, border.At(hand.at), 1))
		n.carryOut(t.Context(), nil)
		before := last(t, l)
		if err := n.retain(t.Context(), terms); err != nil || last(t, l).Seq != before.Seq || before.Recorded != border.At(hand.at) {
			t.Fatalf("nobody came since, and yet entry %d follows entry %d of %d, %v", last(t, l).Seq, before.Seq, before.Recorded, err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	n, stop = running(t, part(t, 0), file, NewScaledClock(hand.now, border.At(hand.at), 1))
	defer stop()
	do(t, n, arrival("a2"))

	ctx, cancel := context.WithCancel(t.Context())
	var replicas sync.WaitGroup
	for range 3 {
		replicas.Go(func() { n.Retain(ctx, terms) })
	}
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if last(t, n.Ledger()).Kind == kindErased {
			break
		}
	}
	cancel()
	replicas.Wait()
	if err := n.retain(t.Context(), terms); err != nil {
		t.Error(err)
	}
	var facts []string
	for e, err := range n.Ledger().Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == kindErased {
			facts = append(facts, string(e.Data))
		}
	}
	if want := `{"erased":{"plate":1},"reason":"kept for its term of 1y"}`; len(facts) != 1 || facts[0] != want {
		t.Errorf("%v, not %s once", facts, want)
	}
	if found, err := n.Ledger().Search(t.Context(), "remark", "came with an escort"); len(found) != 1 || err != nil {
		t.Errorf("the remark's term is not over, but there are %v, %v", found, err)
	}
}
