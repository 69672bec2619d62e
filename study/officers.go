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

// OfficerTimes is what the officers of one agency and country do at all their
// stops, and how long a goods vehicle waits for them. The others whom they serve
// keep them busy, too.
type OfficerTimes struct {
	Agency      string   `json:"agency"`
	Country     string   `json:"country"`
	Stops       int      `json:"stops"`
	OnDuty      *float64 `json:"on_duty"`       // officers, mean over day and night, counted while a place with their stop is open
	Utilisation *float64 `json:"utilisation"`   // busy share of those
	WaitMin     *float64 `json:"wait_min"`      // mean of a goods vehicle, in line for them or held by them
	WaitEachMin *float64 `json:"wait_each_min"` // of that, for each officer on duty
	WaitShare   *float64 `json:"wait_share"`    // of the mean crossing time
	ServiceMin  *float64 `json:"service_min"`   // mean of a goods vehicle
}

// officerTimes tells them agency by agency; measured is the length of all runs
// together, and crossing_min the mean crossing time.
func (c *Collector) officerTimes(stable bool, measured border.Micros, crossing_min float64) []OfficerTimes {
	list := []OfficerTimes{}
	for i, party := range c.track.parties.list {
		out := OfficerTimes{Agency: party.Agency.String(), Country: known3166(party.Country)}
		busy, available := 0.0, 0.0
		for s, of := range c.track.parties.ofStop {
			if s > 0 && of == partyID(i) {
				out.Stops++
				there := float64(c.stops[s].load.could)
				available += there
				if there > 0 {
					busy += there * c.stops[s].load.summary().Mean
				}
			}
		}
		if party.Kind != AnAgency || out.Stops == 0 {
			continue
		}
		out.OnDuty, out.Utilisation = known(available/float64(measured)), known(busy/available)
		if stable {
			all := c.whose[i].summary(border.Minute).Mean
			active, _ := c.active[i].estimate(border.Minute)
			out.ServiceMin, out.WaitMin, out.WaitShare = known(active), known(all-active), known((all-active)/crossing_min)
			out.WaitEachMin = known((all - active) / (available / float64(measured)))
		}
		list = append(list, out)
	}
	return list
}
