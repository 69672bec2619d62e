package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/study"
)

// publicPage tells drivers what to expect at the post. It shows no vehicle.
func (s *Server) publicPage(w http.ResponseWriter, r *http.Request) {
	v, err := s.standing(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	stays, since := s.node.Stays()
	b := newBulletin(v, stays, since)
	p := s.page("public", "For drivers")
	if p.Trouble == "" { // else what is known has to do
		if err := b.readDays(r.Context(), s.node); err != nil {
			s.broken(w, r, err)
			return
		}
	}
	s.render(w, r, http.StatusOK, publicView(p, b))
}

// bulletin is what drivers are told.
type bulletin struct {
	*view
	since border.Time // from when on all who left are known
	ways  []outlook
}

// outlook is what goods vehicles have to expect in one direction.
type outlook struct {
	Direction gate.Direction
	Waiting   typical // of those that wait now: how long they have waited so far
	Papers    int     // how many of them have no ready dossier
	Unnamed   int     // how many of them are of a kind that nobody said
	Unplaced  int     // here, and nobody knows in which place
	Wait      typical // of those that left lately: how long they waited
	Stay      typical // and how long they stayed
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
	N           int
	Half, Ten   border.Micros // half, and nine in ten, took at most
	Least, Most border.Micros
}

const (
	// lately is what counts as now.
	lately = 3 * border.Hour
	// enough is from how many vehicles on typical times are told.
	enough = 8
	// tellable is the shortest time that drivers are told.
	tellable = 5 * border.Minute
	// daysTold is how many days are told, today included.
	daysTold = 7
)

func (s typical) enough() bool { return s.N >= enough }

// typicalOf sums up times.
func typicalOf(times *study.Sketch) typical {
	quantile := func(q float64) border.Micros { return border.Micros(math.Round(times.Quantile(q))) }
	if times.Count() == 0 {
		return typical{}
	}
	return typical{int(times.Count()), quantile(0.5), quantile(0.9), quantile(0), quantile(1)}
}

// newBulletin says how it is now, from who is here and who left since an instant.
func newBulletin(v *view, stays []node.Stay, since border.Time) *bulletin {
	b := &bulletin{view: v, since: since, ways: make([]outlook, len(v.Layout.Directions))}
	for d := range b.ways {
		b.ways[d].Direction = gate.Direction(d)
		b.ways[d].now(v.State.At, stays)
	}
	for i := range v.State.Visits {
		if visit := &v.State.Visits[i]; visit.Phase == gate.PhaseAstray && visit.Place == gate.Outside && goods(visit.Traits) {
			b.ways[visit.Direction].Unplaced++
		}
	}
	return b
}

func (o *outlook) now(at border.Time, stays []node.Stay) {
	var soFar, waits, whole study.Sketch
	for _, s := range stays {
		if s.Direction != o.Direction || !goods(s.Traits) {
			continue
		}
		if s.Waiting {
			soFar.Add(s.Waited)
			if border.VehicleType.Of(s.Traits) == 0 {
				o.Unnamed++
			}
			if !s.Ready {
				o.Papers++
			}
		}
		if s.Left != 0 && s.Left >= at.Add(-lately) {
			waits.Add(s.Waited)
			whole.Add(s.Left.Sub(s.Arrived))
		}
	}
	o.Waiting, o.Wait, o.Stay = typicalOf(&soFar), typicalOf(&waits), typicalOf(&whole)
}

// goods reports whether drivers are told of who has these traits.
func goods(t border.Traits) bool { return (&study.Finished{Traits: t}).Goods() }

// unplaced says of how many nobody can tell whether they wait.
func (o *outlook) unplaced() string {
	switch {
	case o.Unplaced == 0:
		return ""
	case o.Unplaced == 1:
		return "Besides, one truck is here of which it is not known just now whether it waits."
	}
	return "Besides, " + trucks(o.Unplaced) + " are here of which it is not known just now whether they wait."
}

// counted says how many of those that were counted so far wait.
func (o *outlook) counted() string {
	switch o.Waiting.N {
	case 0:
		return "Nobody of those counted so far waits; that says nothing of the others."
	case 1:
		return "So far " + o.count() + " is known to wait; there may be many more."
	}
	return "So far " + o.count() + " are known to wait; there may be many more."
}

// count says how many wait.
func (o *outlook) count() string {
	if o.Unnamed == 0 {
		return trucks(o.Waiting.N)
	}
	return strings.Replace(trucks(o.Waiting.N), "truck", "vehicle", 1)
}

// unnamed says of how many of those that wait nobody said what they are.
func (o *outlook) unnamed() string {
	return o.ofWaiting(o.Unnamed, "It is not known whether it is a truck.", "It is not known which of them are trucks.",
		"Of one of them it is not known whether it is a truck.", "Of %d of them it is not known whether they are trucks.")
}

// ofWaiting says what is so of n of those that wait: of the only one, of all, of
// one among others or of some; nothing if it is so of none.
func (o *outlook) ofWaiting(n int, only, all, one, some string) string {
	switch {
	case n == 0:
		return ""
	case o.Waiting.N == 1:
		return only
	case n == o.Waiting.N:
		return all
	case n == 1:
		return one
	}
	return fmt.Sprintf(some, n)
}

// soFar says how long those that wait now have waited.
func (o *outlook) soFar() string {
	switch w := o.Waiting; {
	case w.N == 0:
		return ""
	case w.N == 1:
		return "It has waited " + about(w.Most) + " so far."
	case !w.enough():
		return "So far they have waited " + between(w) + "."
	case w.Most < tellable:
		return "All of them have waited " + about(w.Most) + " so far."
	case w.Half < tellable:
		return fmt.Sprintf("Half of them have waited %s so far, the longest %s.", about(w.Half), about(w.Most))
	default:
		return fmt.Sprintf("Half of them have waited %s or longer so far, the longest %s.", about(w.Half), about(w.Most))
	}
}

// papers says how many of those that wait do so for papers.
func (o *outlook) papers() string {
	return o.ofWaiting(o.Papers, "Its papers are not ready.", "None of them has its papers ready.",
		"The papers of one of them are not ready.", "The papers of %d of them are not ready.")
}

// grows reports whether those that still wait have already waited longer than
// is usual among those that left, so that these do not tell what to expect.
func (o *outlook) grows() bool {
	return o.Waiting.enough() && o.Wait.enough() && o.Waiting.Half > o.Wait.Half
}

// lateWords says since when those that left are counted.
func (b *bulletin) lateWords() string {
	if from := b.State.At.Add(-lately); b.since <= from {
		return "in the last three hours"
	}
	return "since " + b.When(b.since, 0)
}

// between is the range of a few times.
func between(t typical) string {
	least, most := about(t.Least), about(t.Most)
	switch {
	case least == most:
		return most
	case t.Least < tellable:
		return "up to " + most
	}
	return least + " to " + strings.TrimPrefix(most, "about ")
}

// readDays reads the last days from the study of the post, today first. Days of
// which nothing can be known are left out.
func (b *bulletin) readDays(ctx context.Context, n *node.Node) error {
	for ago := range daysTold {
		from, until := b.localDay(-ago)
		days := make([]pastDay, len(b.ways))
		cover, err := n.StudyOf(ctx, node.StudyQuery{From: from, To: until, Group: node.ByDirection}, func(l node.StudyLine) error {
			for d := range days {
				switch {
				case l.Direction != b.Way(gate.Direction(d)):
				case l.Stage == study.StageWaiting:
					days[d].Wait = typicalOf(l.Times)
				case l.Stage == study.StageAtPost:
					days[d].Stay = typicalOf(l.Times)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if cover.To <= cover.From {
			continue
		}
		for d := range days {
			days[d].Name = b.dayName(from, ago)
			if ago > 0 && cover.From > from {
				days[d].Name += ", in part"
			}
			b.ways[d].Days = append(b.ways[d].Days, days[d])
		}
	}
	return nil
}

func (b *bulletin) dayName(from border.Time, ago int) string {
	if ago == 0 {
		return "today so far"
	}
	return from.Std(b.Zone(0)).Format("Monday 2 January")
}

// timetable are the hours of one day, in words.
type timetable struct {
	Name  string
	Hours string
}

// timetables lists the hours that change in a day, today and tomorrow.
func (b *bulletin) timetables(ahead int) (out []timetable) {
	from, until := b.localDay(ahead)
	for i, o := range b.Layout.Openings {
		hours := b.State.Openings[i].Hours
		if i == 0 || hours == nil {
			continue
		}
		if level, next := hours.At(from); level == gate.Admitting && next == border.Never {
			continue
		}
		out = append(out, timetable{b.short(o.Name, 0), hoursBetween(hours, from, until, b.Zone(0))})
	}
	return out
}

// stretch is a time in which hours are open.
type stretch struct{ opens, last, closes border.Time }

// stretches lists when hours are open; the last may go on beyond until.
func stretches(hours *border.Calendar, from, until border.Time) (out []stretch) {
	for at := from; at < until; {
		level, next := hours.At(at)
		if level != gate.Admitting {
			at = next
			continue
		}
		s := stretch{at, next, next}
		if level, after := hours.At(next); next < until && level == gate.Finishing {
			s.closes = after
		}
		out = append(out, s)
		at = s.closes
	}
	return out
}

// hoursBetween writes when hours are open: "06:00 to 22:00, last admission 21:30".
func hoursBetween(hours *border.Calendar, from, until border.Time, zone *time.Location) string {
	var parts []string
	for _, s := range stretches(hours, from, until) {
		part := board.Clock(s.opens, zone) + " to " + endClock(min(s.closes, until), until, zone)
		if s.closes > s.last {
			part += ", last admission " + board.Clock(s.last, zone)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "closed all day"
	}
	if len(parts) == 1 && parts[0] == "00:00 to 24:00" {
		return "all day and night"
	}
	return strings.Join(parts, " and ")
}

func endClock(t, midnight border.Time, zone *time.Location) string {
	if t == midnight {
		return "24:00"
	}
	return board.Clock(t, zone)
}

// openWords says whether one can come now, and the reason it is so.
func (b *bulletin) openWords() (words, more string) {
	if b.shutByOrder() {
		return "Closed", "Closed by order until further notice. Ask before you set off."
	}
	words, more = "Open", ""
	for _, o := range b.Openings(0) {
		if o.Until == border.Never && o.Level == "open" {
			continue
		}
		switch o.Level {
		case "closed":
			return "Closed", "Opens " + b.When(o.Until, 0) + "."
		case "finishing":
			return "Closing", "No new vehicles until it opens again; closes " + b.When(o.Until, 0) + "."
		}
		more = "Open until " + b.till(o.Until) + "."
		if level, closes := o.Hours.At(o.Until); level == gate.Finishing {
			more = "Last admission " + b.till(o.Until) + ", closes " + b.till(closes) + "."
		}
		break
	}
	return words, more
}

// till writes when something ends; at midnight today is over.
func (b *bulletin) till(t border.Time) string {
	if _, midnight := b.localDay(0); t == midnight {
		return endClock(t, midnight, b.Zone(0))
	}
	return b.When(t, 0)
}

// atMost is about, as an upper bound.
func atMost(d border.Micros) string {
	if d < tellable {
		return about(d)
	}
	return "at most " + about(d)
}

// about rounds a time as one would say it to a driver.
func about(d border.Micros) string {
	switch {
	case d < tellable:
		return "less than 5 minutes"
	case d < 57*border.Minute:
		return fmt.Sprintf("about %d minutes", roundTo(d, 5*border.Minute)/border.Minute)
	case d >= 48*border.Hour:
		return fmt.Sprintf("about %d days", roundTo(d, border.Day)/border.Day)
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

// brief is a time in a table.
func brief(d border.Micros) string {
	if d < border.Minute {
		return "under 1 min"
	}
	return span(d)
}

func roundTo(d, step border.Micros) border.Micros { return (d + step/2) / step * step }
