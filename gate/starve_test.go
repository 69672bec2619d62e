package gate

import (
	"cmp"
	"slices"
	"testing"

	"landport/border"
)

// Somebody who needs a way and a bay at once gets them, though others take
// each as soon as it is free: what it waits for longest is kept for it.
func TestNobodyStarvesForTwoThingsAtOnce(t *testing.T) {
	l := chain("h1 h2 h3 w1 w2 b1 b2", "h1 w1 w2 b1", "h2 b1", "h3 w1 b2", "h3 w2 b2", "back b2")
	l.Places[7].Capacity, l.Stops[1].Servers = 0, 9
	for i, t := range []border.Traits{border.RigidTruck, border.Car, border.Van, border.Coach, border.Train} {
		l.Procedures[i].Accepts = border.Only(t)
	}
	for i := range 3 {
		l.Places[1+i].Capacity = 0
	}
	if err := l.Compile(); err != nil {
		t.Fatal(err)
	}
	w := watch(l, monday, t.Fatalf)
	arrive := func(kind border.Traits) VisitID {
		facts, _ := w.do(Input{At: w.at.Add(border.Second), Do: ObserveArrival, Traits: kind})
		return facts[0].Visit
	}
	kinds := []border.Traits{border.Car, border.Van, border.Coach}
	for i := range 18 {
		arrive(kinds[i%3])
	}
	patient := arrive(border.RigidTruck)
	for came := w.at; w.at.Sub(came) < 6*border.Hour; {
		if v, ok := w.s.Visit(patient); !ok || v.Phase != PhaseWaiting {
			return
		}
		replayed := NewState(l, monday)
		for i := range w.log {
			replayed.Apply(&w.log[i])
		}
		in := longest(w.s)
		in.At = w.at.Add(border.Minute)
		before, _ := w.s.Visit(in.Visit)
		w.do(in)
		if facts, _ := replayed.Decide(&in, nil); !slices.Equal(facts, w.facts) {
			t.Fatalf("after replay %v; live it was %v", kindsOf(facts), kindsOf(w.facts))
		}
		if _, still := w.s.Visit(in.Visit); !still {
			arrive(before.Traits)
		}
	}
	t.Errorf("it still waits: %s", w.standing())
}

// longest returns what the world owes the visit that waits longest for it.
func longest(s *State) Input {
	return slices.MinFunc(owed(s), func(a, b Input) int {
		u, _ := s.Visit(a.Visit)
		v, _ := s.Visit(b.Visit)
		return cmp.Compare(u.Since, v.Since)
	})
}
