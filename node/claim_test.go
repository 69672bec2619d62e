package node

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// brought is an arrival under a reference.
func brought(id, reference string) Command {
	c := arrival(id)
	c.Reference = reference
	return c
}

// plated is an arrival with a plate under a reference.
func plated(id, reference, plate string) Command {
	c := brought(id, reference)
	c.Plate = plate
	return c
}

func gone(id, reference string) Command {
	return Command{ID: id, Reference: reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}}
}

// lone is the only anomaly there is to settle.
func lone(t *testing.T, n *Node) Anomaly {
	t.Helper()
	odd, err := n.Anomalies(t.Context())
	if err != nil || len(odd) != 1 {
		t.Fatalf("%d anomalies, not one: %v", len(odd), err)
	}
	return odd[0]
}

// Whoever comes under a reference that this post would have given, and has not,
// is let in under one of its own; the one it claimed goes to whom it is given.
func TestNobodyIsGivenAClaimedReference(t *testing.T) {
	for _, claimed := range []string{border.MintReference("KH", 1, 3).String(), border.MintReference("KH", 7, 1).String()} {
		n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
		c := brought("c1", claimed)
		c.Plate = "2A-3456"
		first := do(t, n, c)
		if first.Refusal != "" || first.Reference != border.MintReference("KH", 1, 1).String() {
			t.Fatalf("who claims %s is answered %+v", claimed, first)
		}
		if odd := lone(t, n); odd.Reason != gate.NotMinted || odd.Reference != first.Reference || odd.Claimed != claimed {
			t.Errorf("who claims %s is %+v", claimed, odd)
		}
		given := []string{first.Reference}
		for i := range 4 {
			given = append(given, do(t, n, arrival(fmt.Sprint("a", i))).Reference)
		}
		slices.Sort(given)
		if len(slices.Compact(slices.Clone(given))) != 5 {
			t.Errorf("a reference is of two: %q", given)
		}
		if rec, ok, err := n.Record(t.Context(), claimed); ok != slices.Contains(given, claimed) || ok && rec.ID.Serial() != 3 || err != nil {
			t.Errorf("%s is visit %d, %v", claimed, rec.ID.Serial(), err)
		}
		if rec, _, _ := n.Record(t.Context(), first.Reference); rec.Claimed != claimed || rec.Before || rec.Plate == "" {
			t.Errorf("the record of who claimed %s: %+v", claimed, rec)
		}
		refused := brought("n1", border.MintReference("KH", 1, 99).String())
		refused.Input.Do = gate.Announce
		if a := do(t, n, refused); a.Refusal != refusedUnminted || a.Entries != 0 || a.Detail == "" {
			t.Errorf("an announcement under a reference that was never given is answered %+v", a)
		}
	}
}

// A reference is of one visit: who comes under that of one which is over is
// another, and both are found.
func TestAReferenceIsOfOneVisit(t *testing.T) {
	for _, test := range []struct {
		name  string
		first string // the neighbour's, "" for this post's own
		again func(reference string) Command
	}{
		{"own", "", func(r string) Command { return brought("again", r) }},
		{"the neighbour's", "VN02-0000-3370", func(r string) Command { return brought("again", r) }},
		{"told of the visit itself", "", func(r string) Command {
			return Command{ID: "again", Reference: r, Input: gate.Input{Do: gate.ObserveArrival}}
		}},
	} {
		file, clock := filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1)
		n, stop := running(t, part(t, 0), file, clock)
		c := brought("first", test.first)
		c.Plate, c.Input.Direction = "7A-7777", 1
		first := do(t, n, c).Reference
		before, _, _ := n.Record(t.Context(), first)
		do(t, n, gone("gone", first))
		announced := brought("n1", first)
		announced.Input.Do = gate.Announce
		if a := do(t, n, announced); a.Refusal != refusedUsed || a.Entries != 0 {
			t.Errorf("%s: an announcement under it is answered %+v", test.name, a)
		}
		again := do(t, n, test.again(first)).Reference
		if again == first || again == "" {
			t.Fatalf("%s: who comes under %s goes by %q", test.name, first, again)
		}
		if odd := lone(t, n); odd.Reason != gate.UsedBefore || odd.Reference != again || odd.Claimed != first {
			t.Errorf("%s: who comes again is %+v", test.name, odd)
		}
		for range 2 { // and once more from the ledger alone
			old, _, err := n.Record(t.Context(), first)
			if err != nil || old.ID != before.ID || old.Plate != before.Plate || len(old.Facts) <= len(before.Facts) || !slices.Equal(old.ClaimedBy, []string{again}) {
				t.Errorf("%s: the record of %s is now %+v, %v", test.name, first, old, err)
			}
			late, _, err := n.Record(t.Context(), again)
			if err != nil || late.Claimed != first || !late.Before || late.Traits != truck || late.Plate != "" {
				t.Errorf("%s: the record of who came under %s is %+v, %v", test.name, first, late, err)
			}
			stop()
			tamper(t, "sqlite:"+file, `DELETE FROM snapshots`)
			n, stop = running(t, part(t, 0), file, clock)
		}
	}
}

// A second vehicle under the reference of one that is announced or here is a
// visit of its own; what is plainly the same vehicle is told of once more.
func TestASecondVehicleUnderAReference(t *testing.T) {
	const empty = border.Empty | border.ArticulatedTruck
	rigid := truck&^border.VehicleType.Mask() | border.RigidTruck
	for _, test := range []struct {
		name      string
		plate     string // of the first
		told      string // of the second
		traits    border.Traits
		direction gate.Direction
		announced bool
		another   bool
		now       string // plate of the first, afterwards
	}{
		{"another plate", "2A-1111", "9Z-9999", truck, 0, false, true, "2A-1111"},
		{"another plate and the other way", "2A-1111", "9Z-9999", rigid, 1, false, true, "2A-1111"},
		{"the other way", "2A-1111", "2A-1111", truck, 1, false, true, "2A-1111"},
		{"the other way, without a plate", "2A-1111", "", truck, 1, false, true, "2A-1111"},
		{"another kind", "2A-1111", "", rigid, 0, false, true, "2A-1111"},
		{"another kind, its plate not known before", "", "9Z-9999", rigid, 0, false, true, ""},
		{"another plate than announced", "2A-1111", "9Z-9999", truck, 0, true, true, "2A-1111"},
		{"the same", "2A-1111", "2a 1111", truck, 0, false, false, "2A-1111"},
		{"the same with its province", "2A-1111", "2A-1111 Phnom Penh", truck, 0, false, false, "2A-1111"},
		{"the same, without a plate", "2A-1111", "", truck, 0, false, false, "2A-1111"},
		{"the same, otherwise laden", "2A-1111", "2A-1111", empty, 0, false, false, "2A-1111"},
		{"the same plate, misread kind", "2A-1111", "2A-1111", rigid, 0, false, false, "2A-1111"},
		{"its plate is known now", "", "2A-1111", truck, 0, false, false, "2A-1111"},
		{"as announced", "2A-1111", "2A-1111", truck, 0, true, false, "2A-1111"},
		{"as announced, and its plate is known now", "", "2A-1111", truck, 0, true, false, "2A-1111"},
	} {
		file, clock := filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1)
		n, stop := running(t, part(t, 0), file, clock)
		c := arrival("first")
		if c.Plate = test.plate; test.announced {
			c.Input.Do = gate.Announce
		}
		first := do(t, n, c).Reference
		c = brought("second", first)
		c.Plate, c.Input.Traits, c.Input.Direction = test.told, test.traits, test.direction
		second := do(t, n, c)
		if again := do(t, n, c); !again.Repeated || again.Reference != second.Reference || again.Anomaly != second.Anomaly || again.Claimed != second.Claimed {
			t.Errorf("%s: asked again it is answered %+v, not %+v", test.name, again, second)
		}
		for range 2 { // and once more from the ledger alone
			old, _, err := n.Record(t.Context(), first)
			if plate, _ := n.Reveal(t.Context(), old.Plate); err != nil || plate != test.now || old.Traits&border.VehicleType.Mask() != border.ArticulatedTruck || old.Direction != 0 {
				t.Errorf("%s: the first is now %q, %+v, %v", test.name, plate, old, err)
			}
			switch odd, err := n.Anomalies(t.Context()); {
			case test.another:
				late, _, _ := n.Record(t.Context(), second.Reference)
				plate, _ := n.Reveal(t.Context(), late.Plate)
				if second.Reference == first || second.Claimed != first || second.Anomaly != gate.InUse.String() || plate != test.told || late.Traits != test.traits || late.Direction != test.direction ||
					late.Claimed != first || !slices.Equal(old.ClaimedBy, []string{second.Reference}) {
					t.Errorf("%s: the second is answered %+v, and is %q, %+v", test.name, second, plate, late)
				}
				if len(odd) != 1 || odd[0].Reason != gate.InUse || odd[0].Reference != second.Reference || odd[0].Claimed != first {
					t.Errorf("%s: out of the ordinary is %+v, %v", test.name, odd, err)
				}
				if found, _ := n.Traces(t.Context(), test.told); test.told != "" && !slices.ContainsFunc(found, func(f Trace) bool { return f.Reference == second.Reference }) {
					t.Errorf("%s: nobody is found by %s: %+v", test.name, test.told, found)
				}
			case second.Reference != first || second.Claimed != "" || len(old.ClaimedBy) > 0:
				t.Errorf("%s: the second is answered %+v", test.name, second)
			case test.announced:
				if second.Anomaly != "" || len(odd) > 0 || old.ArrivedAt == 0 {
					t.Errorf("%s: %+v, %+v, %+v", test.name, second, odd, old)
				}
			case second.Anomaly != gate.NotExpected.String() || len(odd) != 1 || odd[0].Reason != gate.NotExpected || odd[0].Traits != test.traits:
				t.Errorf("%s: answered %+v, out of the ordinary is %+v", test.name, second, odd)
			}
			stop()
			tamper(t, "sqlite:"+file, `DELETE FROM snapshots`)
			n, stop = running(t, part(t, 0), file, clock)
		}
		stop()
	}
}

// What was decided in one batch counts for what follows in it.
func TestClaimsInOneBatch(t *testing.T) {
	hand := &hands{morning()}
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(hand.now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	const foreign = "VN02-0000-3370"
	own := border.MintReference("KH", 1, 2).String()
	var batch []*asked
	for _, c := range []Command{
		brought("1", foreign), arrival("2"), brought("3", own), gone("4", own), brought("5", own), gone("6", foreign), brought("7", foreign),
		brought("8", border.MintReference("KH", 1, 1).String()), // the number of who goes by the neighbour's
		plated("9", "", "2A-1111"), plated("10", border.MintReference("KH", 1, 6).String(), "9Z-9999"),
		plated("11", border.MintReference("KH", 1, 6).String(), "2A-1111"),
	} {
		c.Actor = "world"
		batch = append(batch, &asked{Command: c, answer: make(chan answered, 1)})
	}
	n.carryOut(t.Context(), batch)
	got := make([]string, len(batch))
	for i, a := range batch {
		r := <-a.answer
		if got[i] = r.Reference; r.err != nil {
			t.Fatalf("%s: %v", a.ID, r.err)
		}
	}
	mint := func(serial uint64) string { return border.MintReference("KH", 1, serial).String() }
	if want := []string{foreign, own, own, "", mint(3), "", mint(4), mint(5), mint(6), mint(7), mint(6)}; !slices.Equal(got, want) {
		t.Errorf("answered %q, not %q", got, want)
	}
	odd, _ := n.Anomalies(t.Context())
	var why []gate.Reason
	for _, a := range odd {
		why = append(why, a.Reason)
	}
	if want := []gate.Reason{gate.NotExpected, gate.UsedBefore, gate.UsedBefore, gate.NotMinted, gate.InUse, gate.NotExpected}; !slices.Equal(why, want) {
		t.Errorf("out of the ordinary are %v, not %v", why, want)
	}
}

// An anomaly tells whose it is long after the visit left, from a snapshot too.
func TestAnAnomalyKeepsItsVisit(t *testing.T) {
	m, clock := part(t, 0), NewScaledClock(time.Now, border.At(morning()), 1)
	file := filepath.Join(t.TempDir(), "ledger.db")
	for _, reference := range []string{"", "VN02-0000-3370"} {
		file := file + reference
		n, stop := running(t, m, file, clock)
		reference := do(t, n, brought("a1", reference)).Reference
		do(t, n, Command{ID: "s1", Reference: reference, Input: gate.Input{Do: gate.ObserveReached}})
		for range 3 {
			if odd := lone(t, n); odd.Reason != gate.NotExpected || odd.Reference != reference {
				t.Errorf("%+v is not of %s", odd, reference)
			}
			do(t, n, gone("g1", reference)) // the second time it is a repetition
			stop()                          // keeps a snapshot
			n, stop = running(t, m, file, clock)
		}
		stop()
	}
}

// What is told of a visit that has left is an anomaly of it, and no error.
func TestObservationsOfAVisitThatLeft(t *testing.T) {
	n, _ := running(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	reference := do(t, n, arrival("a1")).Reference
	do(t, n, gone("g1", reference))
	told := 0
	for d := gate.ObserveEntered; d < gate.Announce; d++ {
		c := Command{ID: fmt.Sprint("o", d), Reference: reference, Input: gate.Input{Do: d, Place: 1, Reason: gate.ByDriver}}
		switch d {
		case gate.ObserveUnlinked, gate.ObserveSealed, gate.ObserveUnsealed, gate.ObserveConfirmed:
			continue // of a thing, and what is right when it has left
		case gate.ObserveAlighted:
			c.Reference, c.Other = "", reference
		}
		do(t, n, c)
		told++
	}
	odd, err := n.Anomalies(t.Context())
	if err != nil || len(odd) != told {
		t.Fatalf("%d anomalies of %d reports: %v", len(odd), told, err)
	}
	for _, a := range odd {
		if a.Reason != gate.HasLeft || a.Reference != reference {
			t.Errorf("%+v", a)
		}
	}
	if rec, _, _ := n.Record(t.Context(), reference); rec.Until() >= rec.Facts[len(rec.Facts)-1].At || rec.Lost {
		t.Error("what was told afterwards made its stay longer")
	}
	c := Command{ID: "h1", Actor: "o", Reference: reference, Input: gate.Input{Do: gate.Hold, Reason: gate.Documents}}
	if a := do(t, n, c); a.Refusal != refusedLeft || a.Detail == "" {
		t.Errorf("an order about who has left is answered %+v", a)
	}
}
