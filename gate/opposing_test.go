package gate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"landport/border"
)

// drawOpposing draws a short road that both directions use from opposite ends:
// holds, bays and lanes of little room, ways between them, and one or two
// procedures each way that leave some of them out. It need not compile.
func drawOpposing(throw dice) *Layout {
	l := &Layout{
		Directions:  []Way{{"KH", "VN"}, {"VN", "KH"}},
		Posts:       []Post{{Name: "post", Country: "KH"}},
		Openings:    []Opening{{}},
		Formalities: make([]Formality, 6),
		Places: []Place{{}, {Name: "north", Kind: Approach, Directions: 1},
			{Name: "south", Kind: Approach, Directions: 2}},
		Stops:    []Stop{{}, {Name: "desk", Servers: 3}},
		Policies: []Policy{{Name: "rule", Strict: throw("strict", 0, 1) == 1}},
	}
	var road []PlaceID
	for i := range throw("places", 2, 5) {
		kind := []PlaceKind{WaitingZone, Bay, Lane, Bay, NeutralZone}[throw("kind", 0, 4)]
		l.Places = append(l.Places, Place{
			Name: fmt.Sprint(kind, " ", i), Kind: kind, Directions: 3, Capacity: int32(throw("capacity", 0, 2)),
			EachWay: throw("each way", 0, 2) == 0, SingleFile: throw("single file", 0, 3) == 0,
		})
		road = append(road, PlaceID(len(l.Places)-1))
	}
	for d := range Direction(2) {
		for n := range throw("procedures", 1, 2) {
			id := ProcedureID(len(l.Procedures))
			p := Procedure{Name: fmt.Sprint(d, n), Direction: d, Fallback: id, Legs: []Leg{{[]PlaceID{1 + PlaceID(d)}}}}
			if n == 0 {
				p.Accepts.Refused = border.Car
			}
			along := slices.Clone(road)
			if d == 1 {
				slices.Reverse(along)
			}
			drawRoute(throw, l, &p, along)
			l.Procedures = append(l.Procedures, p)
		}
	}
	return l
}

// drawRoute gives a procedure legs along the road; two work places in a row may
// be alternatives of one leg.
func drawRoute(throw dice, l *Layout, p *Procedure, along []PlaceID) {
	for _, id := range along {
		last := &p.Legs[len(p.Legs)-1]
		before, kind := l.Places[last.Places[0]].Kind, l.Places[id].Kind
		if throw("left out", 0, 3) == 0 {
			continue
		}
		if before.Work() && kind.Work() && throw("side by side", 0, 1) == 0 {
			last.Places = append(last.Places, id)
			continue
		}
		p.Legs = append(p.Legs, Leg{[]PlaceID{id}})
	}
	for i, leg := range p.Legs {
		if !l.Places[leg.Places[0]].Kind.Work() {
			continue
		}
		st := Step{Leg: i, OnReferral: throw("on referral", 0, 2) == 0}
		if st.OnReferral {
			st.Formalities = 1 << i
		}
		for range leg.Places {
			st.Stops = append(st.Stops, 1)
		}
		p.Steps = append(p.Steps, st)
	}
}

// Opposing flows never lock up on a road that Compile accepts, however full;
// and it accepts some roads with room for few.
func TestOpposingFlowsNeverLockUp(t *testing.T) {
	accepted, refused := 0, 0
	for seed := range uint64(max(*seeds*10, 1000)) {
		throw := seeded(seed)
		l := drawOpposing(throw)
		if err := l.Compile(); err != nil {
			if !strings.Contains(err.Error(), "for ever") {
				t.Fatalf("seed %d: %v", seed, err)
			}
			refused++
			continue
		}
		accepted++
		if left := flood(l, throw); left != "" {
			t.Fatalf("seed %d locks up: %s", seed, left)
		}
	}
	if accepted < 50 || refused < 50 {
		t.Errorf("%d roads accepted and %d refused; the test needs both", accepted, refused)
	}
}

// flood sends many visits from both ends at once and serves them in any order.
// It returns who is left, nothing if the road ran empty.
func flood(l *Layout, throw dice) string {
	s := NewState(l, 0)
	at := border.Time(0)
	do := func(in Input) {
		at = at.Add(throw.upTo(20 * border.Minute))
		in.At = at
		s.Decide(&in, nil)
	}
	for range 30 {
		do(Input{
			Do: ObserveArrival, Direction: Direction(throw("direction", 0, 1)), Formalities: FormalitySet(throw("referred", 0, 63)),
			Traits: []border.Traits{border.Car, border.Van}[throw("traits", 0, 1)],
		})
		if answers := owed(s); len(answers) > 0 && throw("go on", 0, 1) == 0 {
			do(answers[throw("answer", 0, len(answers)-1)])
		}
	}
	for answers := owed(s); len(answers) > 0; answers = owed(s) {
		do(answers[throw("answer", 0, len(answers)-1)])
	}
	w := watcher{s: s}
	return w.standing()
}
