package web

import (
	"slices"
	"strconv"
	"strings"

	"landport/board"
	"landport/gate"
	"landport/node"
	"landport/sim"
)

// drawn is how many vehicles of one line are drawn; the rest are counted.
const drawn = 48

// view is a board with what is needed to draw it.
type view struct {
	board.View

	model *sim.Model
	names *gate.Layout // by which facts are told: the layout, and behind it what the post had in the past besides
	seed  uint64
	base  string // of the addresses of its board
	plan  *Schematic
	cells map[string][]*node.Visit
}

func (s *Server) view(b node.Board) *view {
	m := s.source.Model()
	v := &view{View: board.View{Layout: m.Layout, State: &b, Played: s.play != nil}, model: m, names: m.Layout, plan: s.plan, base: s.base, cells: map[string][]*node.Visit{}}
	if s.play != nil {
		v.seed = s.play.Seed()
	} else if s.node != nil {
		v.names = s.node.Names()
	}
	for i := range b.Visits {
		visit := &b.Visits[i]
		if visit.Phase != gate.PhaseAnnounced {
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

// cell names a line of vehicles on the drawing as the script does from JSON.
func (v *view) cell(d gate.Direction, p gate.PlaceID, s gate.StopID, served bool) string {
	l := v.Layout
	key := v.Way(d) + "|"
	if p != gate.Outside { // else it is not known
		key += l.Places[p].Name
	}
	key += "|"
	if s != 0 {
		key += l.Stops[s].Name
	}
	if served {
		key += "|served"
	}
	return key
}

func (v *view) cellOf(visit *node.Visit) string {
	stop := v.StopOf(visit)
	return v.cell(visit.Direction, visit.Place, stop, stop != 0 && served(visit.Phase))
}

func served(p gate.Phase) bool {
	return p == gate.PhaseInService || p == gate.PhaseAwaitingPassengers
}

// short is a name without its post's, where the drawing says which post it is.
func (v *view) short(name string, post gate.PostID) string {
	if rest, ok := strings.CutPrefix(name, v.Layout.Posts[post].Name+" "); ok {
		return rest
	}
	return name
}

// postOf returns the post of a country; false when it has none here.
func (v *view) postOf(country string) (gate.PostID, bool) {
	i := slices.IndexFunc(v.Layout.Posts, func(p gate.Post) bool { return p.Country == country })
	return gate.PostID(max(i, 0)), i >= 0
}

// shutByOrder reports whether somebody closed the post.
func (v *view) shutByOrder() bool {
	return slices.ContainsFunc(v.Openings(0), func(o board.Opening) bool { return o.ByOrder })
}

// line returns the visits of a cell that are drawn, and how many more there are.
func (v *view) line(cell string) (shown []*node.Visit, more int) {
	all := v.cells[cell]
	if len(all) > drawn {
		return all[:drawn], len(all) - drawn
	}
	return all, 0
}

func speedText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) + "×" }
