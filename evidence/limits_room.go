package evidence

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"landport/border"
	"landport/gate"
	"landport/sim"
	"landport/study"
)

// Room is how many vehicles a place of waiting takes.
type Room struct {
	Place    string
	Vehicles int
}

// Filling is when a place of waiting is full for the first time.
type Filling struct {
	Place        string   `json:"place"`
	Room         int      `json:"room"`
	Given        bool     `json:"given"` // the room was given with the question; the scenario has no capacity
	Replications int      `json:"replications"`
	Full         int      `json:"full"`      // in how many of them it was
	Days         float64  `json:"days"`      // for which it was watched, from the start of the run
	First        *float64 `json:"first_day"` // days from the start: the earliest,
	Median       *float64 `json:"median_day"`
	Last         *float64 `json:"last_day"`              // and the latest of the replications in which it was
	Date         string   `json:"median_date,omitempty"` // on the clock of its post
}

// watch is a place to be watched.
type watch struct {
	Filling
	id   gate.PlaceID
	each bool          // its capacity counts for each direction apart
	at   []border.Time // when it was full first, by replication in which it was
}

// rooms runs the crossing and watches its places of waiting.
func (f *finder) rooms(l *Limits) error {
	file, err := f.grown()
	if err != nil {
		return err
	}
	model, err := file.Model()
	if err != nil {
		return err
	}
	watches, err := f.watches(model)
	if err != nil {
		return err
	}
	horizon := model.Start.Add(model.Span)
	if f.options.Days > 0 {
		horizon = model.Start.Add(border.Micros(f.options.Days * float64(border.Day)))
	}
	for i := range max(1, f.options.Run.Replications) {
		wait(sim.NewWorld(model, f.options.Run.Seed, i), watches, horizon)
		f.ran()
	}
	for i := range watches {
		l.Rooms = append(l.Rooms, watches[i].sum(model, max(1, f.options.Run.Replications), horizon))
	}
	return nil
}

// grown returns the scenario with the growth asked for.
func (f *finder) grown() (*sim.File, error) {
	if f.options.Growth == nil {
		return f.file, nil
	}
	_, flows, _, err := demand(f.file, f.options.Flows, 1)
	if err != nil {
		return nil, err
	}
	var settings []sim.Setting
	for _, name := range flows {
		settings = append(settings, sim.Setting{
			Path: "flows[" + name + "].growth_per_year", Value: strconv.FormatFloat(*f.options.Growth, 'g', 12, 64), Assumed: "growth given to find the limits",
		})
	}
	return f.file.With(settings...)
}

// watches lists the places of waiting whose room is known.
func (f *finder) watches(m *sim.Model) (list []watch, err error) {
	given := map[string]int{}
	for _, r := range f.options.Rooms {
		if r.Vehicles < 1 {
			return nil, fmt.Errorf("%q cannot have room for %d; give 1 vehicle or more", r.Place, r.Vehicles)
		}
		given[r.Place] = r.Vehicles
	}
	var holds []string
	for i, p := range m.Layout.Places {
		if !p.Kind.Hold() {
			continue
		}
		holds = append(holds, p.Name)
		room, asked := given[p.Name]
		if !asked {
			room = int(p.Capacity)
		}
		if room > 0 {
			list = append(list, watch{Filling: Filling{Place: p.Name, Room: room, Given: asked}, id: gate.PlaceID(i), each: p.EachWay})
		}
	}
	for _, r := range f.options.Rooms {
		if !slices.Contains(holds, r.Place) {
			return nil, fmt.Errorf("%s has no place of waiting %q%s; there are %s", m.Name, r.Place, perhaps(r.Place, holds), listed(holds))
		}
	}
	return list, nil
}

// wait runs one replication until all places were full, or to a horizon. A place
// is full when those in it and those for whom room is kept there are as many as
// it takes.
func wait(w *sim.World, watches []watch, horizon border.Time) {
	open := map[gate.PlaceID]*watch{}
	for i := range watches {
		open[watches[i].id] = &watches[i]
	}
	for len(open) > 0 && w.Next() < horizon {
		for _, f := range w.Step() {
			place := f.Place
			if f.Kind == gate.Departed {
				place = gate.PlaceID(f.N) // the place beyond, where room is kept
			}
			if x := open[place]; x != nil && x.full(w.State()) {
				x.at = append(x.at, f.At)
				delete(open, place)
			}
		}
	}
}

func (x *watch) full(s *gate.State) bool {
	all := 0
	for d := range s.Layout().Directions {
		inside, reserved := s.Occupancy(x.id, gate.Direction(d))
		if all += inside + reserved; all >= x.Room {
			return true
		}
		if x.each {
			all = 0
		}
	}
	return false
}

func (x *watch) sum(m *sim.Model, replications int, horizon border.Time) Filling {
	days := make([]float64, len(x.at))
	for i, at := range x.at {
		days[i] = float64(at.Sub(m.Start)) / float64(border.Day)
	}
	out := x.Filling
	out.Replications, out.Full, out.Days = replications, len(days), float64(horizon.Sub(m.Start))/float64(border.Day)
	s := study.SummarizeValues(days)
	out.First, out.Median, out.Last = told(s.Min), told(s.P50), told(s.Max)
	if out.Median != nil {
		zone := m.Layout.Posts[m.Layout.Places[x.id].Post].Zone
		out.Date = m.Start.Add(border.Micros(s.P50 * float64(border.Day))).Std(zone).Format(time.DateOnly)
	}
	return out
}
