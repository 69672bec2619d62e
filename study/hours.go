package study

import (
	"landport/border"
	"landport/gate"
)

// hours are what is open now.
type hours struct {
	layout  *gate.Layout
	levels  []uint8 // by opening
	shut    []bool  // by post: closed by order
	accepts []border.Predicate
	offDuty []bool // by stop: nobody is on duty by its shifts and breaks
}

func newHours(l *gate.Layout, start border.Time) hours {
	h := hours{
		layout:  l,
		levels:  make([]uint8, len(l.Openings)),
		shut:    make([]bool, len(l.Posts)),
		accepts: make([]border.Predicate, len(l.Places)),
		offDuty: make([]bool, len(l.Stops)),
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
			h.offDuty[i] = level <= 0
		}
	}
	return h
}

// changes reports whether a fact is about hours, officers or lanes in a way
// that may close or open something.
func (h *hours) changes(f *gate.Fact) bool {
	switch f.Kind {
	case gate.HoursChanged, gate.PostClosed, gate.PostReopened, gate.AcceptsSet:
		return true
	case gate.StaffChanged:
		return h.offDuty[f.Stop] != (f.N <= 0)
	}
	return false
}

// add takes in such a fact.
func (h *hours) add(f *gate.Fact) {
	switch f.Kind {
	case gate.HoursChanged:
		h.levels[f.N>>8] = uint8(f.N)
	case gate.PostClosed:
		h.shut[f.N] = true
	case gate.PostReopened:
		h.shut[f.N] = false
	case gate.StaffChanged:
		h.offDuty[f.Stop] = f.N <= 0
	case gate.AcceptsSet:
		h.accepts[f.Place] = border.Predicate{Refused: f.Traits, Required: border.Traits(f.N)}
	}
}

// level is how far an opening is open; the first has no hours and no post.
func (h *hours) level(o gate.OpeningID) uint8 {
	if o != 0 && h.shut[h.layout.Openings[o].Post] {
		return gate.Closed
	}
	return h.levels[o]
}

// closed reports whether none of the places in a list that take the traits
// admits anybody. If none takes them, it is not for the hour.
func (h *hours) closed(places []gate.PlaceID, t border.Traits) bool {
	closed := false
	for _, p := range places {
		if !h.accepts[p].Accepts(t) {
			continue
		}
		if h.level(h.layout.Places[p].Opening) >= gate.Admitting {
			return false
		}
		closed = true
	}
	return closed
}

// staffed returns the party whose a wait at a stop is, or closed hours while
// nobody is on duty there.
func (t *track) staffed(stop gate.StopID, party partyID) partyID {
	if t.hours.offDuty[stop] {
		return partyID(ClosedHours)
	}
	return party
}
