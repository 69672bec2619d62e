package study

import (
	"landport/border"
	"landport/gate"
)

// Carry returns the Stages as they go on by another layout of the same post from
// an instant on, as gate.State.Carry has the State go on. What was spent with an
// agency that has nothing to do at the post any more is the operator's.
func (s *Stages) Carry(l *gate.Layout, at border.Time) *Stages {
	at = max(s.clock, at)
	c := stageCarrier{Match: s.track.layout.Match(l), from: &s.track, to: NewStages(l, at), parties: make([]partyID, len(s.track.parties.list))}
	for i, p := range s.track.parties.list {
		c.parties[i] = c.party(p)
	}
	copy(c.to.track.hours.shut, s.track.hours.shut)
	for i, accepts := range s.track.hours.accepts {
		if is := c.Places[i]; is != 0 && accepts != s.track.layout.Places[i].Accepts {
			c.to.track.hours.accepts[is] = accepts
		}
	}
	c.to.track.entries, c.to.track.holding = s.track.entries, s.track.holding
	for slot := range s.track.stays {
		c.to.track.begin(&gate.Fact{Visit: gate.MakeVisitID(0, slot)})
		if old := &s.track.stays[slot]; old.id != 0 {
			s.track.close(old, at)
			c.keep(old, &c.to.track.stays[slot])
		}
	}
	c.to.served = append(c.to.served, s.served...)
	return c.to
}

type stageCarrier struct {
	gate.Match

	from    *track
	to      *Stages
	parties []partyID // by former party
}

func (c *stageCarrier) party(p Party) partyID {
	for i, is := range c.to.track.parties.list {
		if is == p {
			return partyID(i)
		}
	}
	return partyID(Operator)
}

// keep keeps what is known of a stay.
func (c *stageCarrier) keep(old, is *stay) {
	times, inArea := is.spent, is.inArea
	*is = *old
	is.spent, is.inArea, is.parties = times, inArea, 0
	copy(is.inArea, old.inArea)
	for i, time := range old.spent {
		to := c.parties[i]
		for how := range time {
			is.spent[to][how] += time[how]
		}
		if time != (spent{}) {
			is.parties |= 1 << (to & 63)
		}
	}
	is.held, is.direction = c.Set(old.held), gate.Direction(c.Directions[old.direction])
	is.procedure = c.procedure(old, is.direction)
	is.place, is.stop = gate.PlaceID(c.Places[old.place]), gate.StopID(c.Stops[old.stop])
	ground, was := c.to.track.grounds[is.place], c.from.grounds[old.place]
	switch {
	case is.doing == absent:
	case is.place == gate.Outside && old.place != gate.Outside:
		is.doing = astray
	case ground.doing != was.doing, is.doing == lining && is.stop == 0:
		is.doing = ground.doing
	}
}

// procedure is that of the same name, else one of the direction until a fact
// says which.
func (c *stageCarrier) procedure(old *stay, d gate.Direction) gate.ProcedureID {
	l := c.to.track.layout
	if id := c.Procedures[old.procedure]; id >= 0 && l.Procedures[id].Direction == d {
		return gate.ProcedureID(id)
	}
	for i := range l.Procedures {
		if l.Procedures[i].Direction == d {
			return gate.ProcedureID(i)
		}
	}
	return 0
}
