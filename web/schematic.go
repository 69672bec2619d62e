package web

import (
	"slices"

	"landport/gate"
)

// Schematic is a layout drawn as a strip map: one carriageway for each
// direction, each in the order it is driven.
type Schematic struct {
	Carriageways []Carriageway
	layout       *gate.Layout
	transit      []bool // by direction: it passes a third country
}

// Carriageway is one direction of travel through both posts. The country that
// the first direction leaves is drawn on the left, so the facing direction
// runs leftward.
type Carriageway struct {
	Direction gate.Direction
	From, To  string // ISO 3166 alpha-2
	Leftward  bool
	Exit      []Column
	Line      []Column // what lies on the border itself
	Entry     []Column
}

// Column holds places that a vehicle passes at the same stage: holds, or
// parallel lanes.
type Column struct{ Strips []Strip }

// Strip is one place as a direction sees it.
type Strip struct {
	Place     gate.PlaceID
	Direction gate.Direction
	Segments  []gate.StopID // in order; empty for holds and ways
}

// strips lists what a direction passes, in the order it is driven.
func (c *Carriageway) strips() (out []Strip) {
	for _, part := range [][]Column{c.Exit, c.Line, c.Entry} {
		for _, column := range part {
			out = append(out, column.Strips...)
		}
	}
	return out
}

// has reports whether a direction's procedures lead through a place.
func (c *Carriageway) has(p gate.PlaceID) bool {
	return slices.ContainsFunc(c.strips(), func(s Strip) bool { return s.Place == p })
}

// NewSchematic draws a compiled layout.
func NewSchematic(l *gate.Layout) *Schematic {
	s := &Schematic{layout: l}
	for d := range l.Directions {
		s.transit = append(s.transit, s.passesThird(gate.Direction(d)))
	}
	for d, way := range l.Directions {
		sides := s.sides(gate.Direction(d))
		s.Carriageways = append(s.Carriageways, Carriageway{
			Direction: gate.Direction(d), From: way.Exit, To: way.Entry,
			Leftward: way.Exit != l.Directions[0].Exit,
			Exit:     sides[exitSide], Line: sides[onTheLine], Entry: sides[entrySide],
		})
	}
	return s
}

// Parts of a carriageway.
const (
	exitSide = iota
	onTheLine
	entrySide
)

// side is the part in which a direction passes a place. Where third countries
// lie between, all that is theirs is, and each road belongs to who holds it.
func (s *Schematic) side(d gate.Direction, p gate.PlaceID) int {
	place, way := &s.layout.Places[p], s.layout.Directions[d]
	holder := s.layout.Posts[place.Post].Country
	switch {
	case s.transit[d] && holder == way.Exit:
		return exitSide
	case place.Kind == gate.NeutralZone && !s.transit[d], s.transit[d] && holder != way.Entry:
		return onTheLine
	case way.Exit != way.Entry && holder == way.Entry:
		return entrySide
	}
	return exitSide
}

// passesThird reports whether a direction leads through the posts of a country
// that it neither leaves nor enters.
func (s *Schematic) passesThird(d gate.Direction) bool {
	way := s.layout.Directions[d]
	for i := range s.layout.Procedures {
		p := &s.layout.Procedures[i]
		if p.Direction != d {
			continue
		}
		for _, leg := range p.Legs {
			if holder := s.layout.Posts[s.layout.Places[leg.Places[0]].Post].Country; holder != way.Exit && holder != way.Entry {
				return true
			}
		}
	}
	return false
}

// sides groups a direction's places by part and, within it, by how many legs
// lie between them and the way out of that part, the farthest first.
func (s *Schematic) sides(d gate.Direction) (out [3][]Column) {
	rank := s.ranks(d)
	for at := slices.Max(rank); at > 0; at-- {
		var columns [3]Column
		for p := range s.layout.Places {
			if rank[p] == at {
				id := gate.PlaceID(p)
				column := &columns[s.side(d, id)]
				column.Strips = append(column.Strips, Strip{id, d, s.segments(d, id)})
			}
		}
		for side := range columns {
			if len(columns[side].Strips) > 0 {
				out[side] = append(out[side], columns[side])
			}
		}
	}
	return out
}

// ranks gives each place on a direction's routes the number of legs from it to
// the end of its part, itself included, on the longest route; 0 for places not
// on any.
func (s *Schematic) ranks(d gate.Direction) []int {
	rank := make([]int, len(s.layout.Places))
	for range s.layout.Places { // each round fixes at least one more rank
		for i := range s.layout.Procedures {
			if p := &s.layout.Procedures[i]; p.Direction == d {
				s.rankRoute(p, rank)
			}
		}
	}
	return rank
}

func (s *Schematic) rankRoute(p *gate.Procedure, rank []int) {
	after, part := 0, -1
	for _, leg := range slices.Backward(p.Legs) {
		if side := s.side(p.Direction, leg.Places[0]); side != part {
			after, part = 0, side
		}
		deepest := 0
		for _, place := range leg.Places {
			rank[place] = max(rank[place], after+1)
			deepest = max(deepest, rank[place])
		}
		after = deepest
	}
}

// segments lists the stops of a place in the order procedures visit them; where
// two visit them in different orders, in that of the one in use.
func (s *Schematic) segments(d gate.Direction, place gate.PlaceID) []gate.StopID {
	var list, kept []*gate.Procedure
	for i := range s.layout.Procedures {
		switch p := &s.layout.Procedures[i]; {
		case p.Direction != d:
		case p.Suspended:
			kept = append(kept, p)
		default:
			list = append(list, p)
		}
	}
	var out []gate.StopID
	for _, p := range append(list, kept...) {
		at := 0 // where in out the next new stop belongs
		for _, step := range p.Steps {
			k := slices.Index(p.Legs[step.Leg].Places, place)
			if k < 0 || k >= len(step.Stops) {
				continue
			}
			if have := slices.Index(out, step.Stops[k]); have >= 0 {
				at = have + 1
				continue
			}
			out = slices.Insert(out, at, step.Stops[k])
			at++
		}
	}
	return out
}
