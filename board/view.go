package board

import (
	"math/bits"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// View is a board with what is needed to tell it.
type View struct {
	Layout *gate.Layout
	State  *node.Board
	Played bool // in a playback: instants are to the millisecond
}

// never is the last instant that RFC 3339 can write.
const never Instant = "9999-12-31T23:59:59.999999Z"

// Stamp writes an instant to the microsecond.
func Stamp(t border.Time) Instant {
	if t == border.Never {
		return never
	}
	return Instant(t.Std(time.UTC).Format("2006-01-02T15:04:05.000000Z"))
}

// Stamp writes an instant; a playback's never is empty.
func (v *View) Stamp(t border.Time) Instant {
	switch {
	case !v.Played:
		return Stamp(t)
	case t == border.Never:
		return ""
	}
	return Instant(t.Std(time.UTC).Format("2006-01-02T15:04:05.000Z"))
}

// Way names a direction as scenarios do: KH-VN.
func (v *View) Way(d gate.Direction) string { return Way(v.Layout, d) }

// Zone is the zone of a post's clock.
func (v *View) Zone(p gate.PostID) *time.Location { return node.Zone(v.Layout, p) }

// Serves reports whether a place takes traffic of a direction now.
func (v *View) Serves(p gate.PlaceID, d gate.Direction) bool {
	return v.State.Places[p].Directions>>d&1 != 0
}

// TurnsTo is the direction that a tidal lane drains for, before it turns; false if
// it does not.
func (v *View) TurnsTo(p gate.PlaceID) (gate.Direction, bool) {
	to := v.State.Places[p].Turning
	return gate.Direction(max(bits.Len8(to)-1, 0)), to != 0
}

// StopOf is the stop a visit stands at; 0 when it waits or drives elsewhere,
// or is done in its place.
func (v *View) StopOf(visit *node.Visit) gate.StopID {
	switch visit.Phase {
	case gate.PhaseAtStop, gate.PhaseInService, gate.PhaseAwaitingDossier, gate.PhaseAwaitingPassengers:
		return visit.Stop
	}
	return 0
}

// Unplaced is how many are here in one direction and nobody knows in which
// place; only a post that stands alone has such.
func (v *View) Unplaced(d gate.Direction, p gate.PostID) int {
	if p != 0 || len(v.State.Places) == 0 {
		return 0
	}
	return v.State.Places[gate.Outside].Lines[d].Present
}

// Queue adds up who is at a post in one direction, who waits, and since when.
func (v *View) Queue(d gate.Direction, p gate.PostID) (sum node.Line) {
	sum.Present = v.Unplaced(d, p)
	for i := range v.State.Places {
		if i == 0 || v.Layout.Places[i].Post != p {
			continue
		}
		at := v.State.Places[i].Lines[d]
		if at.Waiting > 0 && (sum.Waiting == 0 || at.Since < sum.Since) {
			sum.Since = at.Since
		}
		sum.Present += at.Present
		sum.Waiting += at.Waiting
	}
	return sum
}

// Longest is how long the longest waiting has waited; 0 when nobody waits.
func (v *View) Longest(l node.Line) border.Micros {
	if l.Waiting == 0 {
		return 0
	}
	return v.State.At.Sub(l.Since)
}

// Opening is one set of hours as it stands.
type Opening struct {
	Name    string
	Level   string      // open, finishing, closed
	Until   border.Time // border.Never if nobody knows
	ByOrder bool        // it would be open by its hours
	Hours   *border.Calendar
	Set     []gate.DayHours // of single days, by order
}

// Openings lists a post's hours.
func (v *View) Openings(p gate.PostID) []Opening {
	var out []Opening
	for i := range v.Layout.Openings {
		o := &v.Layout.Openings[i]
		if i == 0 || o.Post != p {
			continue
		}
		state := v.State.Openings[i]
		is := Opening{o.Name, [...]string{"closed", "finishing", "open"}[state.Level], state.Until, false, state.Hours, state.Set}
		if level := levelAt(state.Hours, v.State.At); state.Level < level && state.Level == gate.Closed {
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

// Hours says how a post's openings stand: "open until 22:00".
func (v *View) Hours(o Opening, p gate.PostID) string {
	words := map[string]string{"open": "open", "finishing": "no new admissions, closes", "closed": "closed"}[o.Level]
	if o.ByOrder {
		return "closed by order"
	}
	if o.Until == border.Never {
		return words
	}
	until := v.When(o.Until, p)
	if o.Level == "finishing" {
		return words + " " + until
	}
	return words + " until " + until
}

// When writes an instant by a post's clock, with the weekday if it is not today.
func (v *View) When(t border.Time, p gate.PostID) string {
	local, now := t.Std(v.Zone(p)), v.State.At.Std(v.Zone(p))
	if local.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return Clock(t, v.Zone(p))
	}
	return local.Format("Mon 15:04")
}

// Summary is what is said of a vehicle when it is pointed at.
func (v *View) Summary(visit *node.Visit) string {
	s := What(visit.Traits) + ", " + Doing(v.Layout, visit)
	if m := Mark(visit); m == MarkUnready || m == MarkHeld {
		s += ", " + MarkWords(m)
	}
	return s
}
