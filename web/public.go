package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// publicPage tells drivers what to expect at the post. It shows no vehicle.
func (s *Server) publicPage(w http.ResponseWriter, r *http.Request) {
	v, err := s.standing(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	stays, since := s.node.Stays()
	s.render(w, r, http.StatusOK, publicView(s.page("public", "For drivers"), newBulletin(v, stays, since)))
}

// bulletin is what drivers are told.
type bulletin struct {
	*view
	since border.Time // all that left since are in stays
	ways  []outlook
}

// outlook is what goods vehicles have to expect in one direction.
type outlook struct {
	Direction gate.Direction
	Waiting   int           // how many wait now
	Longest   border.Micros // how long the first of them has been here
	Wait      typical       // of those that left lately: how long they waited
	Stay      typical       // and how long they stayed
	Days      []pastDay
}

// pastDay is one local day, by when vehicles left.
type pastDay struct {
	Name string
	Wait typical
	Stay typical
}

// typical sums up times; too few say nothing.
type typical struct {
	N         int
	Half, Ten border.Micros // half, and nine in ten, took at most
}

const (
	// lately is what counts as now.
	lately = 3 * border.Hour
	// enough is from how many vehicles on typical times are told.
	enough = 8
	// daysTold is how many days are told, today included.
	daysTold = 7
)

func (s typical) enough() bool { return s.N >= enough }

func newTypical(times []border.Micros) typical {
	s := typical{N: len(times)}
	if s.N > 0 {
		slices.Sort(times)
		s.Half, s.Ten = times[(s.N-1)/2], times[(s.N*9+9)/10-1]
	}
	return s
}

const goods = border.RigidTruck | border.ArticulatedTruck | border.Van

func newBulletin(v *view, stays []node.Stay, since border.Time) *bulletin {
	b := &bulletin{view: v, since: since}
	stays = slices.DeleteFunc(slices.Clone(stays), func(s node.Stay) bool { return s.Traits&goods == 0 })
	for d := range v.layout().Directions {
		own := slices.DeleteFunc(slices.Clone(stays), func(s node.Stay) bool { return s.Direction != gate.Direction(d) })
		b.ways = append(b.ways, b.outlook(gate.Direction(d), own))
	}
	return b
}

func (b *bulletin) outlook(d gate.Direction, stays []node.Stay) outlook {
	now, out := b.board.At, outlook{Direction: d}
	for _, s := range stays {
		if s.Waiting {
			out.Waiting++
			out.Longest = max(out.Longest, now.Sub(s.Arrived))
		}
	}
	out.Wait, out.Stay = between(stays, now.Add(-lately), border.Never)
	for ago := range daysTold {
		if from, until := b.localDay(-ago); until > b.since {
			out.Days = append(out.Days, b.pastDay(from, until, ago, stays))
		}
	}
	return out
}

// between sums up the stays that ended from one instant to another.
func between(stays []node.Stay, from, until border.Time) (wait, stay typical) {
	var waits, whole []border.Micros
	for _, s := range stays {
		if s.Left != 0 && s.Left >= from && s.Left < until {
			waits = append(waits, s.Waited)
			whole = append(whole, s.Left.Sub(s.Arrived))
		}
	}
	return newTypical(waits), newTypical(whole)
}

func (b *bulletin) pastDay(from, until border.Time, ago int, stays []node.Stay) pastDay {
	wait, stay := between(stays, from, until)
	name := from.Std(b.zone(0)).Format("Monday 2 January")
	switch {
	case ago == 0:
		name = "today so far"
	case from < b.since:
		name += ", in part"
	}
	return pastDay{name, wait, stay}
}

// timetable are the hours of one day, in words.
type timetable struct {
	Name  string
	Hours string
}

// timetables lists the hours that change in a day, today and tomorrow.
func (b *bulletin) timetables(ahead int) (out []timetable) {
	from, until := b.localDay(ahead)
	for i, o := range b.layout().Openings {
		if i == 0 || o.Hours == nil {
			continue
		}
		if level, next := o.Hours.At(from); level == gate.Admitting && next == border.Never {
			continue
		}
		out = append(out, timetable{b.short(o.Name, 0), hoursBetween(o.Hours, from, until, b.zone(0))})
	}
	return out
}

// hoursBetween writes when hours are open: "06:00 to 22:00, last admission 21:30".
func hoursBetween(hours *border.Calendar, from, until border.Time, zone *time.Location) string {
	var parts []string
	for at := from; at < until; {
		level, next := hours.At(at)
		if level != gate.Admitting {
			at = next
			continue
		}
		opens, last := at, next
		closes := last
		if level, after := hours.At(last); last < until && level == gate.Finishing {
			closes = after
		}
		part := clock(opens, zone) + " to " + endClock(min(closes, until), until, zone)
		if closes > last {
			part += ", last admission " + clock(last, zone)
		}
		parts = append(parts, part)
		at = max(closes, last)
	}
	if len(parts) == 0 {
		return "closed all day"
	}
	if len(parts) == 1 && strings.HasPrefix(parts[0], "00:00 to 24:00") {
		return "all day and night"
	}
	return strings.Join(parts, " and ")
}

func endClock(t, midnight border.Time, zone *time.Location) string {
	if t == midnight {
		return "24:00"
	}
	return clock(t, zone)
}

// openWords says whether one can come now, and the reason it is so.
func (b *bulletin) openWords() (words, more string) {
	if b.shutByOrder() {
		return "Closed", "Closed by order until further notice. Ask before you set off."
	}
	words, more = "Open", ""
	for _, o := range b.openings(0) {
		if o.Until == border.Never && o.Level == "open" {
			continue
		}
		switch o.Level {
		case "closed":
			return "Closed", "Opens " + b.when(o.Until, 0) + "."
		case "finishing":
			return "Closing", "No new vehicles until it opens again; closes " + b.when(o.Until, 0) + "."
		}
		more = "Open until " + b.when(o.Until, 0) + "."
		break
	}
	return words, more
}

// atMost is about, as an upper bound.
func atMost(d border.Micros) string {
	if d < 5*border.Minute {
		return about(d)
	}
	return "at most " + about(d)
}

// about rounds a time as one would say it to a driver.
func about(d border.Micros) string {
	switch {
	case d < 5*border.Minute:
		return "less than 5 minutes"
	case d < 57*border.Minute:
		return fmt.Sprintf("about %d minutes", roundTo(d, 5*border.Minute)/border.Minute)
	}
	m := int64(roundTo(d, 10*border.Minute) / border.Minute)
	words := fmt.Sprintf("about %d hours", m/60)
	if m/60 == 1 {
		words = "about 1 hour"
	}
	if m%60 != 0 {
		words += fmt.Sprintf(" %d minutes", m%60)
	}
	return words
}

func roundTo(d, step border.Micros) border.Micros { return (d + step/2) / step * step }
