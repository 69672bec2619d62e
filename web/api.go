package web

import (
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

type momentJSON struct {
	Run      string  `json:"run"`
	Sequence uint64  `json:"sequence"`
	At       instant `json:"at"`
	Start    instant `json:"start"`
	End      instant `json:"end,omitzero"` // of a playback
	Speed    float64 `json:"speed"`
	Paused   bool    `json:"paused"`
	Seeking  bool    `json:"seeking"`
	Ended    bool    `json:"ended"`
}

type boardJSON struct {
	Scenario string `json:"scenario"`
	Title    string `json:"title"`
	Seed     uint64 `json:"seed"`
	momentJSON
	Policy string      `json:"policy"`
	Posts  []postJSON  `json:"posts"`
	Places []placeJSON `json:"places"`
	Stops  []stopJSON  `json:"stops"`
	Visits []visitJSON `json:"visits"`
}

// changeJSON is one event of the stream: what changed since the event before.
type changeJSON struct {
	momentJSON
	Whole  bool        `json:"whole"` // visits are all there are; forget the others
	Posts  []postJSON  `json:"posts"`
	Places []placeJSON `json:"places"`
	Stops  []stopJSON  `json:"stops"`
	Visits []visitJSON `json:"visits"`
	Gone   []string    `json:"gone"`
}

type postJSON struct {
	Post       string          `json:"post"`
	Country    string          `json:"country"`
	Zone       string          `json:"zone"`
	Local      string          `json:"local"` // the clock on its wall
	Openings   []openingJSON   `json:"openings"`
	Directions []directionJSON `json:"directions"`
}

type openingJSON struct {
	Opening string  `json:"opening"`
	Level   string  `json:"level"`
	Until   instant `json:"until,omitzero"`
	Words   string  `json:"words"`
}

type directionJSON struct {
	Direction      string  `json:"direction"`
	Present        int     `json:"present"`
	Waiting        int     `json:"waiting"`
	LongestWaitMin float64 `json:"longest_wait_min"`
	ReleasedToday  int     `json:"released_today"`
}

type placeJSON struct {
	Place      string          `json:"place"`
	Kind       string          `json:"kind"`
	Post       string          `json:"post"`
	Capacity   int32           `json:"capacity,omitzero"`
	Open       bool            `json:"open"`
	Directions []placeLineJSON `json:"directions"`
}

type placeLineJSON struct {
	Direction      string  `json:"direction"`
	Serves         bool    `json:"serves"` // tidal lanes turn
	Present        int     `json:"present"`
	Waiting        int     `json:"waiting"`
	LongestWaitMin float64 `json:"longest_wait_min"`
}

type stopJSON struct {
	Stop    string `json:"stop"`
	Agency  string `json:"agency"`
	Servers int    `json:"servers"`
	Busy    int    `json:"busy"`
	Line    int    `json:"line"`
}

type visitJSON struct {
	Reference string   `json:"reference"`
	Direction string   `json:"direction"`
	Procedure string   `json:"procedure"`
	Traits    []string `json:"traits"`
	Vehicle   string   `json:"vehicle_type"`
	Load      string   `json:"load_state"`
	Place     string   `json:"place"`
	Stop      string   `json:"stop,omitzero"`
	Target    string   `json:"target,omitzero"`
	State     string   `json:"state"`
	Mark      string   `json:"mark,omitzero"`
	Ready     bool     `json:"ready"`
	Held      bool     `json:"held"`
	ArrivedAt instant  `json:"arrived_at"`
	HereSince instant  `json:"here_since"`
	Since     instant  `json:"since"`
	Order     int64    `json:"order"`
	Summary   string   `json:"summary"`
}

type recordJSON struct {
	visitJSON
	At    instant    `json:"at"`
	Facts []factJSON `json:"facts"`
}

type factJSON struct {
	At     instant `json:"at"`
	AfterS float64 `json:"after_s"`
	Text   string  `json:"text"`
	Why    string  `json:"why,omitzero"`
}

// instant is a time in RFC 3339, in UTC.
type instant string

func stamp(t border.Time) instant {
	return instant(t.Std(time.UTC).Format("2006-01-02T15:04:05.000Z"))
}

func moment(m *node.Moment) momentJSON {
	j := momentJSON{
		Run: m.Run, Sequence: m.Sequence, At: stamp(m.At), Start: stamp(m.Start),
		Speed: m.Speed, Paused: m.Paused, Seeking: m.Seeking, Ended: m.Ended(),
	}
	if m.End != border.Never {
		j.End = stamp(m.End)
	}
	return j
}

func (v *view) json() boardJSON {
	return boardJSON{
		Scenario: v.model.Name, Title: v.model.Title, Seed: v.seed, momentJSON: moment(&v.board.Moment),
		Policy: v.board.Policy, Posts: v.posts(), Places: v.places(), Stops: v.stops(), Visits: v.visits(),
	}
}

func (v *view) change() changeJSON {
	gone := v.board.Gone
	if gone == nil {
		gone = []string{}
	}
	return changeJSON{
		momentJSON: moment(&v.board.Moment), Whole: v.board.Whole,
		Posts: v.posts(), Places: v.places(), Stops: v.stops(), Visits: v.visits(), Gone: gone,
	}
}

func (v *view) posts() []postJSON {
	out := []postJSON{}
	for i, post := range v.layout().Posts {
		id := gate.PostID(i)
		p := postJSON{
			Post: post.Name, Country: post.Country, Zone: v.zone(id).String(),
			Local:    v.board.At.Std(v.zone(id)).Format("2006-01-02T15:04:05"),
			Openings: []openingJSON{},
		}
		for _, o := range v.openings(id) {
			oj := openingJSON{Opening: o.Name, Level: o.Level, Words: v.hours(o, id)}
			if o.Until != border.Never {
				oj.Until = stamp(o.Until)
			}
			p.Openings = append(p.Openings, oj)
		}
		for d := range v.layout().Directions {
			q := v.queue(gate.Direction(d), id)
			p.Directions = append(p.Directions, directionJSON{
				Direction: v.way(gate.Direction(d)), Present: q.Present, Waiting: q.Waiting,
				LongestWaitMin: minutes(v.longest(q)), ReleasedToday: v.board.Posts[i].Released[d],
			})
		}
		out = append(out, p)
	}
	return out
}

// minutes keeps one decimal, enough for a wait.
func minutes(d border.Micros) float64 { return float64(d/(border.Minute/10)) / 10 }

func (v *view) places() []placeJSON {
	out := []placeJSON{}
	for i, place := range v.layout().Places {
		if i == 0 {
			continue
		}
		p := placeJSON{
			Place: place.Name, Kind: place.Kind.String(), Post: v.layout().Posts[place.Post].Name,
			Capacity: place.Capacity, Open: v.board.Places[i].Open, Directions: []placeLineJSON{},
		}
		for d, line := range v.board.Places[i].Lines {
			p.Directions = append(p.Directions, placeLineJSON{
				v.way(gate.Direction(d)), v.serves(gate.PlaceID(i), gate.Direction(d)),
				line.Present, line.Waiting, minutes(v.longest(line)),
			})
		}
		out = append(out, p)
	}
	return out
}

func (v *view) stops() []stopJSON {
	out := []stopJSON{}
	for i, stop := range v.layout().Stops {
		if i > 0 {
			s := v.board.Stops[i]
			out = append(out, stopJSON{stop.Name, stop.Agency.String(), s.Servers, s.Busy, s.Line})
		}
	}
	return out
}

func (v *view) visits() []visitJSON {
	out := []visitJSON{}
	for i := range v.board.Visits {
		out = append(out, v.visit(&v.board.Visits[i]))
	}
	return out
}

func (v *view) visit(visit *node.Visit) visitJSON {
	l := v.layout()
	j := visitJSON{
		Reference: visit.Reference, Direction: v.way(visit.Direction), Procedure: l.Procedures[visit.Procedure].Name,
		Traits:  visit.Traits.Names(),
		Vehicle: one(border.VehicleType, visit.Traits), Load: one(border.LoadState, visit.Traits),
		State: visit.Phase.String(), Mark: mark(visit), Ready: visit.Ready, Held: visit.Held,
		ArrivedAt: stamp(visit.ArrivedAt), HereSince: stamp(visit.HereSince), Since: stamp(visit.Since),
		Order: visit.Order, Summary: v.summary(visit),
	}
	if visit.Place != gate.Outside {
		j.Place = l.Places[visit.Place].Name
	}
	if stop := v.stopOf(visit); stop != 0 {
		j.Stop = l.Stops[stop].Name
	}
	if visit.Phase == gate.PhaseCalled {
		j.Target = l.Places[visit.Target].Name
	}
	return j
}

func (v *view) record(rec *node.Record) recordJSON {
	out := recordJSON{visitJSON: v.visit(&rec.Visit), At: stamp(rec.Moment.At), Facts: []factJSON{}}
	for _, t := range tell(v.layout(), rec) {
		out.Facts = append(out.Facts, factJSON{stamp(t.At), t.After.Seconds(), t.Text, t.Why})
	}
	return out
}
