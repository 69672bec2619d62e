package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// Instant is a time in RFC 3339, in UTC, to the microsecond.
type Instant string

// Schema describes instants in the OpenAPI document.
func (Instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Examples: []any{"2018-03-05T01:00:00.000000Z"}}
}

// never is the last instant that RFC 3339 can write.
const never Instant = "9999-12-31T23:59:59.999999Z"

func stamp(t border.Time) Instant {
	if t == border.Never {
		return never
	}
	return Instant(t.Std(time.UTC).Format("2006-01-02T15:04:05.000000Z"))
}

// Moment is where a node stands.
type Moment struct {
	Run      string  `json:"run" doc:"Which run the sequence numbers are of"`
	Sequence uint64  `json:"sequence" doc:"Sequence number of the last entry seen"`
	At       Instant `json:"at" doc:"The node's clock"`
	Start    Instant `json:"start" doc:"Of the first entry"`
	End      Instant `json:"end" doc:"Never, for a living node: the last instant there is"`
	Speed    float64 `json:"speed" doc:"How many times as fast as the wall clock the node's clock runs"`
	Paused   bool    `json:"paused" doc:"A playback's: always false"`
	Seeking  bool    `json:"seeking" doc:"A playback's: always false"`
	Ended    bool    `json:"ended" doc:"A playback's: always false"`
}

// Board is what is where at a post.
type Board struct {
	Scenario string `json:"scenario" doc:"The crossing the post belongs to"`
	Title    string `json:"title" doc:"The post"`
	Seed     uint64 `json:"seed" doc:"A playback's: always 0"`
	Moment
	Policy string        `json:"policy" doc:"In force"`
	Posts  []PostState   `json:"posts"`
	Places []PlaceState  `json:"places"`
	Stops  []StopState   `json:"stops"`
	Visits []VisitOnSite `json:"visits"`
}

// Change is one event of the stream: what changed since the event before.
type Change struct {
	Moment
	Whole  bool          `json:"whole" doc:"Visits are all there are; forget the others"`
	Posts  []PostState   `json:"posts"`
	Places []PlaceState  `json:"places"`
	Stops  []StopState   `json:"stops"`
	Visits []VisitOnSite `json:"visits"`
	Gone   []string      `json:"gone" doc:"References of visits that left"`
}

// PostState is a post's hours and its day.
type PostState struct {
	Post       string           `json:"post"`
	Country    string           `json:"country" doc:"ISO 3166-1 alpha-2"`
	Zone       string           `json:"zone" doc:"Time zone, by its IANA name"`
	Local      string           `json:"local" doc:"The clock on its wall"`
	Openings   []OpeningState   `json:"openings"`
	Directions []DirectionState `json:"directions"`
}

// OpeningState is how one set of hours stands.
type OpeningState struct {
	Opening string  `json:"opening"`
	Level   string  `json:"level" enum:"open,finishing,closed" doc:"finishing: those inside may finish, nobody is admitted"`
	Until   Instant `json:"until,omitempty" doc:"By the calendar"`
	Words   string  `json:"words"`
}

// DirectionState is one direction's queue and releases.
type DirectionState struct {
	Direction      string  `json:"direction" doc:"Exit country and entry country"`
	Present        int     `json:"present"`
	Waiting        int     `json:"waiting"`
	LongestWaitMin float64 `json:"longest_wait_min"`
	ReleasedToday  int     `json:"released_today" doc:"Since local midnight"`
}

// PlaceState is a place and who is in it.
type PlaceState struct {
	Place      string      `json:"place"`
	Kind       string      `json:"kind"`
	Post       string      `json:"post"`
	Capacity   int32       `json:"capacity,omitempty" doc:"Vehicles; without it, any number"`
	Open       bool        `json:"open"`
	Directions []PlaceLine `json:"directions"`
}

// PlaceLine is who is in a place going one way.
type PlaceLine struct {
	Direction      string  `json:"direction"`
	Serves         bool    `json:"serves" doc:"The place takes this direction now; tidal lanes turn"`
	Present        int     `json:"present"`
	Waiting        int     `json:"waiting"`
	LongestWaitMin float64 `json:"longest_wait_min"`
}

// StopState is who is at work at a stop.
type StopState struct {
	Stop    string `json:"stop"`
	Agency  string `json:"agency"`
	Servers int    `json:"servers" doc:"Officers or booths on duty"`
	Busy    int    `json:"busy"`
	Line    int    `json:"line" doc:"Visits waiting for it"`
}

// VisitOnSite is one visit as boards show it.
type VisitOnSite struct {
	Reference string   `json:"reference"`
	Direction string   `json:"direction"`
	Procedure string   `json:"procedure"`
	Traits    []string `json:"traits"`
	Vehicle   string   `json:"vehicle_type"`
	Load      string   `json:"load_state"`
	Place     string   `json:"place" doc:"Empty before it arrives"`
	Stop      string   `json:"stop,omitempty" doc:"Whose line it stands in, or where it is served"`
	Target    string   `json:"target,omitempty" doc:"Where it was called to"`
	State     string   `json:"state"`
	Mark      string   `json:"mark,omitempty" doc:"What is out of the ordinary"`
	Ready     bool     `json:"ready" doc:"Its dossier is"`
	Held      bool     `json:"held"`
	ArrivedAt Instant  `json:"arrived_at"`
	HereSince Instant  `json:"here_since" doc:"In this place"`
	Since     Instant  `json:"since" doc:"In this state"`
	Order     int64    `json:"order" doc:"Among those in the same place, the least is ahead"`
	Summary   string   `json:"summary" doc:"In a sentence"`
}

func (s *server) registerBoard() {
	get(s, operation{
		path: "/api/v1/posts/{post}/board", id: "board", tag: tagPost, summary: "What is where",
		text:     "All visits that are announced or present, and how places, stops and hours stand. `/api/v1/events` streams what changes.",
		problems: []string{codeUnknownPost}, example: exampleBoard(),
	}, func(ctx context.Context, in *struct{ AtPost }) (*answer[Board], error) {
		if p := s.post(in.Post); p != nil {
			return nil, p
		}
		b, _, err := s.node.Board(ctx, node.Cursor{})
		if err != nil {
			return nil, s.broken(err)
		}
		v := view{&s.names, &b}
		return &answer[Board]{Body: Board{
			Scenario: s.node.Model().Name, Title: s.node.Model().Title, Moment: moment(&b.Moment), Policy: b.Policy,
			Posts: v.posts(), Places: v.places(), Stops: v.stops(), Visits: v.visits(),
		}}, nil
	})
}

// view is a board with what is needed to write it as JSON.
type view struct {
	*names
	board *node.Board
}

func moment(m *node.Moment) Moment {
	return Moment{
		Run: m.Run, Sequence: m.Sequence, At: stamp(m.At), Start: stamp(m.Start), End: stamp(m.End),
		Speed: m.Speed, Paused: m.Paused, Seeking: m.Seeking, Ended: m.Ended(),
	}
}

func (v *view) change() Change {
	gone := v.board.Gone
	if gone == nil {
		gone = []string{}
	}
	return Change{
		Moment: moment(&v.board.Moment), Whole: v.board.Whole,
		Posts: v.posts(), Places: v.places(), Stops: v.stops(), Visits: v.visits(), Gone: gone,
	}
}

func (v *view) posts() []PostState {
	out := []PostState{}
	for i, post := range v.layout.Posts {
		id := gate.PostID(i)
		zone := node.Zone(v.layout, id)
		p := PostState{
			Post: post.Name, Country: post.Country, Zone: zone.String(),
			Local: v.board.At.Std(zone).Format("2006-01-02T15:04:05"), Openings: v.openings(id, zone), Directions: []DirectionState{},
		}
		for d := range v.layout.Directions {
			q := v.queue(gate.Direction(d), id)
			p.Directions = append(p.Directions, DirectionState{
				v.way(gate.Direction(d)), q.Present, q.Waiting, v.longest(q), v.board.Posts[i].Released[d],
			})
		}
		out = append(out, p)
	}
	return out
}

func (v *view) openings(post gate.PostID, zone *time.Location) []OpeningState {
	out := []OpeningState{}
	for i := range v.layout.Openings {
		opening := &v.layout.Openings[i]
		if i == 0 || opening.Post != post {
			continue
		}
		state := v.board.Openings[i]
		o := OpeningState{Opening: opening.Name, Level: [...]string{"closed", "finishing", "open"}[state.Level]}
		o.Words = [...]string{"closed", "no new admissions, closes", "open"}[state.Level]
		if state.Until != border.Never {
			o.Until = stamp(state.Until)
			if state.Level != gate.Finishing {
				o.Words += " until"
			}
			o.Words += " " + v.clock(state.Until, zone)
		}
		out = append(out, o)
	}
	return out
}

// clock writes an instant by a post's clock, with the weekday if it is not today.
func (v *view) clock(t border.Time, zone *time.Location) string {
	local, now := t.Std(zone), v.board.At.Std(zone)
	if local.YearDay() == now.YearDay() && local.Year() == now.Year() {
		return local.Format("15:04")
	}
	return local.Format("Mon 15:04")
}

// queue adds up who waits at a post in one direction, and since when.
func (v *view) queue(d gate.Direction, p gate.PostID) (sum node.Line) {
	for i := range v.board.Places {
		if i == 0 || v.layout.Places[i].Post != p {
			continue
		}
		at := v.board.Places[i].Lines[d]
		if at.Waiting > 0 && (sum.Waiting == 0 || at.Since < sum.Since) {
			sum.Since = at.Since
		}
		sum.Present += at.Present
		sum.Waiting += at.Waiting
	}
	return sum
}

// longest is how many minutes the longest waiting has waited, to one decimal.
func (v *view) longest(l node.Line) float64 {
	if l.Waiting == 0 {
		return 0
	}
	return float64(v.board.At.Sub(l.Since)/(border.Minute/10)) / 10
}

func (v *view) places() []PlaceState {
	out := []PlaceState{}
	for i, place := range v.layout.Places {
		if i == 0 {
			continue
		}
		state := &v.board.Places[i]
		p := PlaceState{
			Place: place.Name, Kind: place.Kind.String(), Post: v.layout.Posts[place.Post].Name,
			Capacity: place.Capacity, Open: state.Open, Directions: []PlaceLine{},
		}
		for d, line := range state.Lines {
			p.Directions = append(p.Directions, PlaceLine{
				v.way(gate.Direction(d)), state.Directions>>d&1 != 0, line.Present, line.Waiting, v.longest(line),
			})
		}
		out = append(out, p)
	}
	return out
}

func (v *view) stops() []StopState {
	out := []StopState{}
	for i, stop := range v.layout.Stops {
		if i > 0 {
			s := v.board.Stops[i]
			out = append(out, StopState{stop.Name, stop.Agency.String(), s.Servers, s.Busy, s.Line})
		}
	}
	return out
}

func (v *view) visits() []VisitOnSite {
	out := []VisitOnSite{}
	for i := range v.board.Visits {
		out = append(out, v.visit(&v.board.Visits[i]))
	}
	return out
}
