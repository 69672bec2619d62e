package node

import (
	"time"

	"landport/border"
	"landport/gate"
)

// tally counts releases on one local day of a post, by direction. It follows
// from the facts alone, so that every replica has the same; snapshots hold it.
type tally struct {
	Begin, End border.Time // the midnights about the day
	ByWay      []int
}

// count adds up the day's releases at the post of the country that gave them.
// Where there is one post, who leaves is released. What was released on an
// earlier day and told late is not of today.
func (s *screen) count(f *gate.Fact) {
	v := s.visits[f.Visit]
	if v == nil {
		return
	}
	l := s.layout
	way := l.Directions[v.Direction]
	for p := range s.released {
		country := l.Posts[p].Country
		released := f.Kind == gate.ExitReleased && way.Exit == country || f.Kind == gate.EntryReleased && way.Entry == country
		if len(l.Posts) == 1 {
			released = f.Kind == gate.Removed
		}
		if !released {
			continue
		}
		t := &s.released[p]
		if f.At >= t.End {
			t.begin(f.At, Zone(l, gate.PostID(p)))
		}
		if f.At >= t.Begin {
			t.ByWay[v.Direction]++
		}
	}
}

// begin empties the tally for the local day of an instant.
func (t *tally) begin(at border.Time, zone *time.Location) {
	clear(t.ByWay)
	year, month, day := at.Std(zone).Date()
	t.Begin = border.At(time.Date(year, month, day, 0, 0, 0, 0, zone))
	t.End = border.At(time.Date(year, month, day+1, 0, 0, 0, 0, zone))
}

// today is what was released on the day of an instant, by direction: none if
// nobody was released since its midnight.
func (t *tally) today(at border.Time) []int {
	out := make([]int, len(t.ByWay))
	if at < t.End {
		copy(out, t.ByWay)
	}
	return out
}
