package study

import (
	"landport/border"
	"landport/gate"
)

// post takes in a fact about the crossing itself.
func (c *Collector) post(f *gate.Fact) {
	switch f.Kind {
	case gate.LaneOpened, gate.LaneClosed:
		c.shut[f.Place] = f.Kind == gate.LaneClosed
	case gate.ServersSet:
		c.stops[f.Stop].servers = f.N
	case gate.StaffChanged:
		c.stops[f.Stop].staff = f.N
	case gate.HoursChanged, gate.PostClosed, gate.PostReopened:
	default:
		return
	}
	c.staff(f.At)
}

// staff works out how many officers are available at every stop: those on duty
// while a place with the stop is open.
func (c *Collector) staff(at border.Time) {
	l := c.track.layout
	for i := 1; i < len(c.stops); i++ {
		c.stops[i].used = false
	}
	for i := range l.Procedures {
		p := &l.Procedures[i]
		for _, step := range p.Steps {
			for j, stop := range step.Stops {
				place := p.Legs[step.Leg].Places[j]
				if !c.shut[place] && c.track.hours.level(l.Places[place].Opening) > gate.Closed {
					c.stops[stop].used = true
				}
			}
		}
	}
	for i := 1; i < len(c.stops); i++ {
		available := int64(0)
		if c.stops[i].used {
			available = max(0, min(c.stops[i].servers, c.stops[i].staff))
		}
		c.stops[i].load.staff(at, available)
	}
}
