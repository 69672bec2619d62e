package sim

import (
	"slices"

	"landport/border"
	"landport/gate"
)

// lookedAt is how far into a run the check looks for arrivals at closed places:
// more than a year, so that each holiday is among it.
const lookedAt = 400 * border.Day

// checkStart refuses traffic that comes straight to places where formalities are
// done while all of them may be closed: there is nowhere to wait until they open.
func (c *compiler) checkStart(p *gate.Procedure, t traffic) error {
	places := p.Legs[0].Places
	if t.start != 0 {
		places = []gate.PlaceID{t.start}
	}
	if t.aboard || !c.layout.Places[places[0]].Kind.Work() {
		return nil
	}
	path, why := "", ""
	var hours []*border.Calendar
	for _, id := range places {
		if !c.takes(id, t) {
			continue
		}
		closed := c.closes(id, t.direction)
		if closed == "" {
			calendar := c.layout.Openings[c.layout.Places[id].Opening].Hours
			if calendar == nil {
				return nil
			}
			closed, hours = "its hours are over when some come", append(hours, calendar)
		}
		if why == "" {
			path, why = c.lets.places[id].path, closed
		}
	}
	if why == "" || len(hours) > 0 && !c.comesClosed(t, hours) {
		return nil
	}
	return c.text.errorf(path, "vehicles come straight to it, and %s: they have nowhere to wait until it opens; put a place of kind approach before it on the route", why)
}

// closes says what else than hours may keep a place from taking visits of a
// direction, empty if nothing does.
func (c *compiler) closes(id gate.PlaceID, d gate.Direction) string {
	place := &c.layout.Places[id]
	switch {
	case place.Shut:
		return "it is shut at the start"
	case place.Directions>>d&1 == 0:
		return "it starts in the other direction"
	case slices.ContainsFunc(c.model.Orders, func(o Order) bool {
		switch in := &o.Input; in.Do {
		case gate.CloseLane, gate.TurnLane:
			return in.Place == id
		case gate.ClosePost:
			return gate.PostID(in.N) == place.Post
		default:
			return false
		}
	}):
		return "an order closes it"
	}
	return ""
}

// comesClosed reports whether traffic may come at an instant at which none of
// some places admits anybody. Who books, or comes back, may come at any.
func (c *compiler) comesClosed(t traffic, hours []*border.Calendar) bool {
	if t.flow == 0 || c.model.Classes[t.class].BookP > 0 {
		return true
	}
	arrivals := &c.model.Flows[t.flow-1].Arrivals
	end := c.model.Start.Add(min(c.model.Span, lookedAt))
	for at := c.model.Start; at < end; {
		closed, until := true, end
		for _, calendar := range hours {
			level, change := calendar.At(at)
			closed, until = closed && level < gate.Admitting, min(until, change)
		}
		if closed && arrivals.Expected(at, until) > 0 {
			return true
		}
		at = until
	}
	return false
}
