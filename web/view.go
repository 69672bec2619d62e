package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/sim"
)

// drawn is how many vehicles of one line are drawn; the rest are counted.
const drawn = 48

// view is a board with what is needed to draw it or to write it as JSON.
type view struct {
	model *sim.Model
	seed  uint64
	live  bool // of a node, not a playback
	plan  *Schematic
	board node.Board
	cells map[string][]*node.Visit
}

func (s *Server) view(b node.Board) *view {
	v := &view{model: s.source.Model(), live: s.node != nil, plan: s.plan, board: b, cells: map[string][]*node.Visit{}}
	if s.play != nil {
		v.seed = s.play.Seed()
	}
	for i := range b.Visits {
		visit := &b.Visits[i]
		if visit.Place != gate.Outside {
			key := v.cellOf(visit)
			v.cells[key] = append(v.cells[key], visit)
		}
	}
	for _, line := range v.cells {
		slices.SortFunc(line, func(a, b *node.Visit) int {
			return 2*compare(a.Order, b.Order) + compare(int64(a.ID), int64(b.ID))
		})
	}
	return v
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (v *view) layout() *gate.Layout { return v.model.Layout }

// cell names a line of vehicles on the drawing as the script does from JSON.
func (v *view) cell(d gate.Direction, p gate.PlaceID, s gate.StopID, served bool) string {
	l := v.layout()
	key := v.way(d) + "|" + l.Places[p].Name + "|"
	if s != 0 {
		key += l.Stops[s].Name
	}
	if served {
		key += "|served"
	}
	return key
}

func (v *view) cellOf(visit *node.Visit) string {
	stop := v.stopOf(visit)
	return v.cell(visit.Direction, visit.Place, stop, stop != 0 && served(visit.Phase))
}

// serves reports whether a place takes traffic of a direction now.
func (v *view) serves(p gate.PlaceID, d gate.Direction) bool {
	return v.board.Places[p].Directions>>d&1 != 0
}

// stopOf is the stop a visit stands at; 0 when it waits or drives elsewhere,
// or is done in its place.
func (v *view) stopOf(visit *node.Visit) gate.StopID {
	switch visit.Phase {
	case gate.PhaseAtStop, gate.PhaseInService, gate.PhaseAwaitingDossier, gate.PhaseAwaitingPassengers:
		return visit.Stop
	}
	return 0
}

func served(p gate.Phase) bool {
	return p == gate.PhaseInService || p == gate.PhaseAwaitingPassengers
}

// short is a name without its post's, where the drawing says which post it is.
func (v *view) short(name string, post gate.PostID) string {
	if rest, ok := strings.CutPrefix(name, v.layout().Posts[post].Name+" "); ok {
		return rest
	}
	return name
}

// way names a direction as scenarios do: KH-VN.
func (v *view) way(d gate.Direction) string {
	w := v.layout().Directions[d]
	return w.Exit + "-" + w.Entry
}

func (v *view) zone(p gate.PostID) *time.Location { return node.Zone(v.layout(), p) }

// postOf returns the post of a country; false when it has none here.
func (v *view) postOf(country string) (gate.PostID, bool) {
	i := slices.IndexFunc(v.layout().Posts, func(p gate.Post) bool { return p.Country == country })
	return gate.PostID(max(i, 0)), i >= 0
}

// queue adds up who waits at a post in one direction, and since when.
func (v *view) queue(d gate.Direction, p gate.PostID) node.Line {
	var sum node.Line
	for i := range v.board.Places {
		if i == 0 || v.layout().Places[i].Post != p {
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

// longest is how long the longest waiting has waited; 0 when nobody waits.
func (v *view) longest(l node.Line) border.Micros {
	if l.Waiting == 0 {
		return 0
	}
	return v.board.At.Sub(l.Since)
}

// opening is one set of hours as it stands.
type opening struct {
	Name  string
	Level string // open, finishing, closed
	Until border.Time
	// ByOrder says that it would be open by its hours.
	ByOrder bool
}

// shutByOrder reports whether somebody closed the post.
func (v *view) shutByOrder() bool {
	return slices.ContainsFunc(v.openings(0), func(o opening) bool { return o.ByOrder })
}

// openings lists a post's hours.
func (v *view) openings(p gate.PostID) []opening {
	var out []opening
	for i := range v.layout().Openings {
		o := &v.layout().Openings[i]
		if i == 0 || o.Post != p {
			continue
		}
		state := v.board.Openings[i]
		is := opening{o.Name, [...]string{"closed", "finishing", "open"}[state.Level], state.Until, false}
		if level := levelAt(o.Hours, v.board.At); state.Level < level && state.Level == gate.Closed {
			is.Until, is.ByOrder = border.Never, true
		}
		out = append(out, is)
	}
	return out
}

// levelAt is what hours say; what has none is always open.
func levelAt(hours *border.Calendar, t border.Time) int {
	if hours == nil {
		return gate.Admitting
	}
	level, _ := hours.At(t)
	return level
}

// hours says how a post's openings stand: "open until 22:00".
func (v *view) hours(o opening, p gate.PostID) string {
	words := map[string]string{"open": "open", "finishing": "no new admissions, closes", "closed": "closed"}[o.Level]
	if o.ByOrder {
		return "closed by order"
	}
	if o.Until == border.Never {
		return words
	}
	until := v.when(o.Until, p)
	if o.Level == "finishing" {
		return words + " " + until
	}
	return words + " until " + until
}

// when writes an instant by a post's clock, with the weekday if it is not today.
func (v *view) when(t border.Time, p gate.PostID) string {
	zone := v.zone(p)
	if day(t, zone) == day(v.board.At, zone) {
		return clock(t, zone)
	}
	return t.Std(zone).Format("Mon 15:04")
}

// line returns the visits of a cell that are drawn, and how many more there are.
func (v *view) line(cell string) (shown []*node.Visit, more int) {
	all := v.cells[cell]
	if len(all) > drawn {
		return all[:drawn], len(all) - drawn
	}
	return all, 0
}

// summary is what is said of a vehicle when it is pointed at.
func (v *view) summary(visit *node.Visit) string {
	s := what(visit.Traits) + ", " + doing(v.layout(), visit)
	if m := mark(visit); m == markUnready || m == markHeld {
		s += ", " + markWords(m)
	}
	return s
}

func speedText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) + "×" }
