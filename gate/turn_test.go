package gate

import (
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

// A lane is turned only if every kind that it takes has another lane left in
// its direction; the refusal names a kind that would have none.
func TestTheLastLaneForAKindIsNotTurned(t *testing.T) {
	coaches := border.Only(border.Coach)
	goods := border.Predicate{Refused: border.Coach}
	for _, c := range []struct {
		name  string
		takes [3]border.Predicate // lanes 1 and 2, and the third, which is not turned
		want  string
	}{
		{"the third takes everybody", [3]border.Predicate{}, ""},
		{"the third takes coaches alone", [3]border.Predicate{goods, goods, coaches}, "lane 2: it is the last open lane of its direction for rigid trucks; open another first"},
		{"the third takes no coaches", [3]border.Predicate{{}, {}, goods}, "lane 2: it is the last open lane of its direction for coaches; open another first"},
		{"the second takes coaches, as the third does", [3]border.Predicate{{}, coaches, coaches}, "lane 1: it is the last open lane of its direction for rigid trucks; open another first"},
		{"the third takes the empty alone", [3]border.Predicate{goods, goods, {Required: border.Empty}}, "lane 2: it is the last open lane of its direction; open another first"},
	} {
		s := NewState(threeLanes(t, c.takes), 0)
		got := ""
		for _, lane := range []PlaceID{3, 4} {
			_, refusal := s.Decide(&Input{At: 1, Do: TurnLane, Place: lane, Direction: homeward, Reason: ByOperator}, nil)
			if refusal.Refused() {
				got = s.layout.Explain(refusal)
				break
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// threeLanes is tidalLanes with all three lanes outward, and one homeward.
func threeLanes(t *testing.T, takes [3]border.Predicate) *Layout {
	t.Helper()
	l := tidalLanes()
	for i, accepts := range takes {
		l.Places[3+i].Accepts = accepts
	}
	l.Places[5].Directions, l.Places[5].Tidal = runsOut, false
	home := l.addPlace(Place{Name: "homeward lane", Kind: Lane, Capacity: 1, Directions: runsHome})
	l.Procedures[0].Legs[1] = Leg{here(3, 4, 5)}
	l.Procedures[1].Legs[1] = Leg{here(3, 4, home)}
	if err := l.Compile(); err != nil {
		t.Fatal(err)
	}
	return l
}

// What is left over is a kind that the lane takes and no other does, and is
// found whenever there is one.
func TestWhatIsLeftOverIsFound(t *testing.T) {
	bits := []border.Traits{border.Empty, border.Laden, border.Coach, border.Van, border.Perishable, border.Dangerous}
	rapid.Check(t, func(t *rapid.T) {
		set := func(name string) (traits border.Traits) {
			for _, bit := range bits {
				if rapid.IntRange(0, 3).Draw(t, name) == 0 {
					traits |= bit
				}
			}
			return traits
		}
		s := &State{places: make([]placeState, 5)}
		for i := range s.places {
			s.places[i].open, s.places[i].directions = true, runsOut
			s.places[i].accepts = border.Predicate{Refused: set("refused"), Required: set("required") & set("rarely")}
		}
		of, places := s.places[1].accepts, []PlaceID{1, 2, 3, 4}
		left := func(kind border.Traits) bool {
			if kind.Check() != nil || !of.Accepts(kind) {
				return false
			}
			for _, id := range places[1:] {
				if s.places[id].accepts.Accepts(kind) {
					return false
				}
			}
			return true
		}
		some := false
		for n := range 1 << len(bits) {
			kind := border.Traits(0)
			for i, bit := range bits {
				if n>>i&1 != 0 {
					kind |= bit
				}
			}
			some = some || left(kind)
		}
		kind, found := s.leftOver(of, outward, places, 1)
		if found != some || found && !left(kind) {
			t.Fatalf("found %q %v; there is one: %v", kind, found, some)
		}
	})
}
