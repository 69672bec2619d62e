package gate

import (
	"testing"

	"landport/border"
)

// oneStop is the plainest crossing point: arrivals, one place, one stop.
func oneStop(servers int32) *Layout {
	return &Layout{
		Name:       "one stop",
		Directions: []Way{{"KH", "VN"}},
		Posts:      []Post{{Name: "Post", Country: "KH"}},
		Openings:   make([]Opening, 1),
		Places:     []Place{{}, {Name: "hall", Kind: Bay, Directions: 1}},
		Stops:      []Stop{{}, {Name: "window", Servers: servers}},
		Procedures: []Procedure{{
			Name:  "all",
			Legs:  []Leg{{Places: []PlaceID{1}}},
			Steps: []Step{{Leg: 0, Stops: []StopID{1}}},
		}},
		Policies: []Policy{{Name: "first come"}},
	}
}

func TestOneVisitThroughOneStop(t *testing.T) {
	l := oneStop(1)
	if err := l.Compile(); err != nil {
		t.Fatal(err)
	}
	s := NewState(l, 0)
	facts, _ := s.Decide(&Input{At: 1, Do: ObserveArrival, Traits: border.Laden}, nil)
	id := facts[0].Visit
	facts, _ = s.Decide(&Input{At: 2, Do: ObserveArrival, Traits: border.Laden}, facts)
	facts, _ = s.Decide(&Input{At: 5, Do: ObserveServed, Visit: id}, facts)
	want := []Kind{Arrived, ServiceStarted, Arrived, Joined, ServiceEnded, Removed, ServiceStarted}
	for i, k := range want {
		if facts[i].Kind != k {
			t.Fatalf("fact %d is %v; want %v", i, facts[i].Kind, k)
		}
	}
	replay := NewState(l, 0)
	for i := range facts {
		replay.Apply(&facts[i])
	}
	if s.Digest() != replay.Digest() {
		t.Error("replay leads to another state")
	}
}

func BenchmarkOneStop(b *testing.B) {
	l := oneStop(5)
	if err := l.Compile(); err != nil {
		b.Fatal(err)
	}
	s := NewState(l, 0)
	var facts []Fact
	var served []VisitID
	b.ReportAllocs()
	for i := range b.N {
		facts, _ = s.Decide(&Input{At: border.Time(2 * i), Do: ObserveArrival, Traits: border.Laden}, facts[:0])
		for j := range facts {
			if facts[j].Kind == ServiceStarted {
				served = append(served, facts[j].Visit)
			}
		}
		if len(served) == 5 {
			facts, _ = s.Decide(&Input{At: border.Time(2*i + 1), Do: ObserveServed, Visit: served[0]}, facts[:0])
			copy(served, served[1:])
			served = served[:4]
			for j := range facts {
				if facts[j].Kind == ServiceStarted {
					served = append(served, facts[j].Visit)
				}
			}
		}
	}
}

// Who is done behind another in a single-file lane says once that it is blocked;
// it still moves on when the one before it has gone and room appears.
func TestBlockedBehindAnotherMovesOn(t *testing.T) {
	l := oneStop(2)
	l.Places = []Place{{},
		{Name: "road", Kind: Approach, Directions: 1},
		{Name: "lane", Kind: Lane, Directions: 1, Capacity: 2, SingleFile: true},
		{Name: "yard", Kind: Bay, Directions: 1, Capacity: 1},
	}
	l.Stops = append(l.Stops, Stop{Name: "desk", Servers: 1})
	l.Procedures[0].Legs = []Leg{{[]PlaceID{1}}, {[]PlaceID{2}}, {[]PlaceID{3}}}
	l.Procedures[0].Steps = []Step{{Leg: 1, Stops: []StopID{1}}, {Leg: 2, Stops: []StopID{2}}}
	if err := l.Compile(); err != nil {
		t.Fatal(err)
	}
	s := NewState(l, 0)
	var facts []Fact
	var ids []VisitID
	for range 3 {
		n := len(facts)
		facts, _ = s.Decide(&Input{At: 1, Do: ObserveArrival, Traits: border.Laden}, facts)
		ids = append(ids, facts[n].Visit)
	}
	for _, served := range []int{0, 2, 1, 0, 1, 2} { // windows: first, third behind the second, second; then the desk in turn
		facts, _ = s.Decide(&Input{At: 2, Do: ObserveServed, Visit: ids[served]}, facts)
	}
	if c := s.Counts(); c.Removed != 3 {
		t.Errorf("%d of 3 left the crossing", c.Removed)
	}
}
