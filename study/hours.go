package study

import (
	"landport/border"
	"landport/gate"
)

// hours adds up how long what a visit waits for has been closed. A visit notes
// what its clock reads when a wait begins and when it ends; the difference is
// the closed part, whatever openings and closings lay between.
type hours struct {
	layout  *gate.Layout
	levels  []uint8 // by opening
	shut    []bool  // by post: closed by order
	accepts []border.Predicate
	clocks  []closedClock // 0 never runs; then one for each stop's officers; then sets of openings
}

// closedClock runs while every opening of a set is below a level, or, for a
// stop, while nobody is on duty by its shifts and breaks.
type closedClock struct {
	openings openingSet
	level    uint8
	running  bool
	since    border.Time
	read     border.Micros
}

type clockID uint16

const neverClosed clockID = 0

// openingSet has a bit for every OpeningID.
type openingSet [4]uint64

func (s *openingSet) add(o gate.OpeningID) { s[o>>6] |= 1 << (o & 63) }
func (s *openingSet) has(o gate.OpeningID) bool {
	return s[o>>6]>>(o&63)&1 != 0
}

func newHours(l *gate.Layout, start border.Time) hours {
	h := hours{
		layout:  l,
		levels:  make([]uint8, len(l.Openings)),
		shut:    make([]bool, len(l.Posts)),
		accepts: make([]border.Predicate, len(l.Places)),
		clocks:  make([]closedClock, len(l.Stops), len(l.Stops)+8),
	}
	for i, o := range l.Openings {
		h.levels[i] = gate.Admitting
		if o.Hours != nil {
			level, _ := o.Hours.At(start)
			h.levels[i] = uint8(level)
		}
	}
	for i, p := range l.Places {
		h.accepts[i] = p.Accepts
	}
	for i := range l.Stops {
		if staff := l.Stops[i].Staff; staff != nil {
			level, _ := staff.At(start)
			h.clocks[i].set(start, level <= 0)
		}
	}
	return h
}

func (c *closedClock) set(at border.Time, closed bool) {
	if c.running == closed {
		return
	}
	if c.running {
		c.read += at.Sub(c.since)
	}
	c.running, c.since = closed, at
}

func (c *closedClock) at(t border.Time) border.Micros {
	if c.running {
		return c.read + t.Sub(c.since)
	}
	return c.read
}

// add takes in a fact about hours, officers or lanes and reports whether a
// clock may have started or stopped.
func (h *hours) add(f *gate.Fact) bool {
	switch f.Kind {
	case gate.HoursChanged:
		h.levels[f.N>>8] = uint8(f.N)
	case gate.PostClosed:
		h.shut[f.N] = true
	case gate.PostReopened:
		h.shut[f.N] = false
	case gate.StaffChanged:
		h.clocks[f.Stop].set(f.At, f.N <= 0)
		return true
	case gate.AcceptsSet:
		h.accepts[f.Place] = border.Predicate{Refused: f.Traits, Required: border.Traits(f.N)}
		return false
	default:
		return false
	}
	for i := len(h.layout.Stops); i < len(h.clocks); i++ {
		c := &h.clocks[i]
		c.set(f.At, h.allBelow(c.openings, c.level))
	}
	return true
}

// level is how far an opening is open; the first has no hours and no post.
func (h *hours) level(o gate.OpeningID) uint8 {
	if o != 0 && h.shut[h.layout.Openings[o].Post] {
		return gate.Closed
	}
	return h.levels[o]
}

func (h *hours) allBelow(s openingSet, level uint8) bool {
	for i := range h.levels {
		if o := gate.OpeningID(i); s.has(o) && h.level(o) >= level {
			return false
		}
	}
	return true
}

// of returns the clock that runs while all openings of the set are below the
// level, starting it at t if it is new. A set with an opening that has no hours
// and cannot be closed needs none.
func (h *hours) of(s openingSet, level uint8, t border.Time) clockID {
	if s.has(0) || s == (openingSet{}) {
		return neverClosed
	}
	for i := len(h.layout.Stops); i < len(h.clocks); i++ {
		if h.clocks[i].openings == s && h.clocks[i].level == level {
			return clockID(i)
		}
	}
	c := closedClock{openings: s, level: level}
	c.set(t, h.allBelow(s, level))
	h.clocks = append(h.clocks, c)
	return clockID(len(h.clocks) - 1)
}

// entering returns the clock of the places in a list that take the traits: it
// runs while none of them admits anybody.
func (h *hours) entering(places []gate.PlaceID, t border.Traits, at border.Time) clockID {
	var s openingSet
	for _, p := range places {
		if !h.accepts[p].Accepts(t) {
			continue
		}
		opening := h.layout.Places[p].Opening
		if opening == 0 {
			return neverClosed
		}
		s.add(opening)
	}
	return h.of(s, gate.Admitting, at)
}
