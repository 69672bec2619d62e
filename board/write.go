package board

import (
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/sim"
)

// Whole is the board as JSON; seed is a playback's.
func (v *View) Whole(m *sim.Model, seed uint64) Board {
	return Board{
		Scenario: m.Name, Title: m.Title, Seed: seed, Moment: v.moment(), Policy: v.State.Policy,
		Posts: v.posts(), Places: v.places(), Stops: v.stops(), Visits: v.visits(),
	}
}

// Change is what changed since the board before.
func (v *View) Change() Change {
	gone := v.State.Gone
	if gone == nil {
		gone = []string{}
	}
	return Change{
		Moment: v.moment(), Whole: v.State.Whole,
		Posts: v.posts(), Places: v.places(), Stops: v.stops(), Visits: v.visits(), Gone: gone,
	}
}

func (v *View) moment() Moment {
	m := &v.State.Moment
	out := Moment{
		Run: m.Run, Sequence: m.Sequence, At: v.Stamp(m.At), Start: v.Stamp(m.Start), End: v.Stamp(m.End),
		Speed: m.Speed, Paused: m.Paused, Seeking: m.Seeking, Ended: m.Ended(),
	}
	if m.Trouble != nil {
		out.Trouble = m.Trouble.Error()
	}
	return out
}

func (v *View) posts() []PostState {
	out := []PostState{}
	for i, post := range v.Layout.Posts {
		id := gate.PostID(i)
		p := PostState{
			Post: post.Name, Country: post.Country, Zone: v.Zone(id).String(),
			Local: v.State.At.Std(v.Zone(id)).Format("2006-01-02T15:04:05"), Openings: []OpeningState{}, Directions: []DirectionState{},
		}
		for _, o := range v.Openings(id) {
			is := OpeningState{Opening: o.Name, Level: o.Level, Words: v.Hours(o, id)}
			if o.Until != border.Never {
				is.Until = v.Stamp(o.Until)
			}
			for _, h := range o.Set {
				opens, last, closes := h.Clocks()
				is.Set = append(is.Set, Day{h.Day.String(), opens, last, closes})
			}
			p.Openings = append(p.Openings, is)
		}
		p.Uncounted = v.known(v.State.Uncounted)
		for d := range v.Layout.Directions {
			q := v.Queue(gate.Direction(d), id)
			p.Directions = append(p.Directions, DirectionState{
				v.Way(gate.Direction(d)), q.Present, v.Unplaced(gate.Direction(d), id), q.Waiting, minutes(v.Longest(q)), v.State.Posts[i].Released[d],
			})
		}
		out = append(out, p)
	}
	return out
}

// minutes keeps one decimal, enough for a wait.
func minutes(d border.Micros) float64 { return float64(d/(border.Minute/10)) / 10 }

func (v *View) places() []PlaceState {
	out := []PlaceState{}
	for i, place := range v.Layout.Places {
		if i == 0 {
			continue
		}
		state := &v.State.Places[i]
		p := PlaceState{
			Place: place.Name, Kind: place.Kind.String(), Post: v.Layout.Posts[place.Post].Name,
			Capacity: state.Capacity, Refused: state.Accepts.Refused.Names(), Required: state.Accepts.Required.Names(),
			Open: state.Open, Directions: []PlaceLine{},
		}
		if d, turns := v.TurnsTo(gate.PlaceID(i)); turns {
			p.Turning = v.Way(d)
		}
		for d, line := range state.Lines {
			p.Directions = append(p.Directions, PlaceLine{
				v.Way(gate.Direction(d)), v.Serves(gate.PlaceID(i), gate.Direction(d)), line.Present, line.Waiting, minutes(v.Longest(line)),
				line.Barred.By, len(line.Barred.Behind),
			})
		}
		out = append(out, p)
	}
	return out
}

func (v *View) stops() []StopState {
	out := []StopState{}
	for i, stop := range v.Layout.Stops {
		if i > 0 {
			s := v.State.Stops[i]
			out = append(out, StopState{stop.Name, stop.Agency.String(), s.Servers, s.Busy, s.Line})
		}
	}
	return out
}

func (v *View) visits() []VisitOnSite {
	out := []VisitOnSite{}
	for i := range v.State.Visits {
		out = append(out, v.Visit(&v.State.Visits[i]))
	}
	return out
}

// known writes an instant, and nothing for one that has not come.
func (v *View) known(t border.Time) Instant {
	if t == 0 {
		return ""
	}
	return v.Stamp(t)
}

// Visit is one visit as boards show it.
func (v *View) Visit(visit *node.Visit) VisitOnSite {
	l := v.Layout
	j := VisitOnSite{
		Reference: visit.Reference, Direction: v.Way(visit.Direction),
		Traits:  visit.Traits.Names(),
		Vehicle: border.VehicleType.Of(visit.Traits).String(), Load: border.LoadState.Of(visit.Traits).String(),
		State: visit.Phase.String(), Mark: Mark(visit), Ready: visit.Ready, Held: visit.Held,
		ArrivedAt: v.known(visit.ArrivedAt), HereSince: v.known(visit.HereSince), Since: v.known(visit.Since),
		Order: visit.Order, Summary: v.Summary(visit),
	}
	if visit.Came() {
		j.Procedure = l.Procedures[visit.Procedure].Name
	}
	if visit.Place != gate.Outside {
		j.Place = l.Places[visit.Place].Name
	}
	if stop := v.StopOf(visit); stop != 0 {
		j.Stop = l.Stops[stop].Name
	}
	if visit.Phase == gate.PhaseCalled {
		j.Target = l.Places[visit.Target].Name
	}
	return j
}
