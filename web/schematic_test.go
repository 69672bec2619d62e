package web

import (
	"slices"
	"testing"

	"landport/gate"
	"landport/scenarios"
)

// Whatever a procedure passes is drawn once in its direction, in the order it
// is driven, on the side of the country that holds it.
func TestSchematicDrawsEveryRoute(t *testing.T) {
	for _, name := range scenarios.Names() {
		l := model(t, name).Layout
		s := NewSchematic(l)
		for d := range l.Directions {
			c := &s.Carriageways[d]
			order := map[gate.PlaceID]int{}
			stops := make([][]gate.StopID, len(l.Places))
			for i, column := range slices.Concat(c.Exit, c.Line, c.Entry) {
				for _, strip := range column.Strips {
					if order[strip.Place] != 0 {
						t.Errorf("%s: %s is drawn twice", name, l.Places[strip.Place].Name)
					}
					order[strip.Place], stops[strip.Place] = i+1, strip.Segments
				}
			}
			for p := range l.Procedures {
				if l.Procedures[p].Direction == gate.Direction(d) {
					checkRoute(t, name, l, &l.Procedures[p], order, stops)
				}
			}
			for _, column := range c.Entry {
				for _, strip := range column.Strips {
					if holder := l.Posts[l.Places[strip.Place].Post].Country; holder != c.To {
						t.Errorf("%s: %s of %s is drawn on the side of %s", name, l.Places[strip.Place].Name, holder, c.To)
					}
				}
			}
		}
	}
}

func checkRoute(t *testing.T, name string, l *gate.Layout, p *gate.Procedure, order map[gate.PlaceID]int, stops [][]gate.StopID) {
	t.Helper()
	last := 0
	for i, leg := range p.Legs {
		furthest := 0
		for _, place := range leg.Places {
			if order[place] == 0 {
				t.Errorf("%s: %s passes %s, which is not drawn", name, p.Name, l.Places[place].Name)
			}
			if order[place] <= last {
				t.Errorf("%s: %s passes %s, which is drawn behind what comes before", name, p.Name, l.Places[place].Name)
			}
			furthest = max(furthest, order[place])
		}
		last = furthest
		at := make([]int, len(leg.Places))
		for _, step := range p.Steps {
			if step.Leg != i {
				continue
			}
			for k, stop := range step.Stops {
				if stop == 0 {
					continue
				}
				found := slices.Index(stops[leg.Places[k]], stop)
				if found < 0 || found < at[k] && !p.Suspended {
					t.Errorf("%s: %s stops at %s in %s, which is drawn %d of %v", name, p.Name, l.Stops[stop].Name, l.Places[leg.Places[k]].Name, found, stops[leg.Places[k]])
				}
				at[k] = found
			}
		}
	}
}

func TestTwoSidesFaceEachOther(t *testing.T) {
	s := NewSchematic(model(t, "bavet-mocbai-2018").Layout)
	out, back := s.Carriageways[0], s.Carriageways[1]
	if out.Leftward || !back.Leftward || out.From != "KH" || back.From != "VN" {
		t.Errorf("%s-%s leftward %v, %s-%s leftward %v", out.From, out.To, out.Leftward, back.From, back.To, back.Leftward)
	}
	if len(out.Exit) != 3 || len(out.Line) != 1 || len(out.Entry) != 3 {
		t.Errorf("%d columns before the line, %d on it, %d behind; want the road, the lanes and the yards, the way between, and the same again",
			len(out.Exit), len(out.Line), len(out.Entry))
	}
	single := NewSchematic(model(t, "mm5").Layout)
	if c := single.Carriageways[0]; len(c.Exit) != 1 || len(c.Line)+len(c.Entry) > 0 {
		t.Errorf("a single counter is drawn as %+v", c)
	}
}
