package node

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// Cursor says which facts a reader has seen: Sequence of them in a run. The
// zero Cursor has seen nothing.
type Cursor struct {
	Run      string
	Sequence uint64
}

// String writes the cursor as run-sequence.
func (c Cursor) String() string { return c.Run + "-" + strconv.FormatUint(c.Sequence, 10) }

// ParseCursor reads what String writes.
func ParseCursor(s string) (Cursor, error) {
	run, digits, found := strings.Cut(s, "-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if !found || run == "" || err != nil {
		return Cursor{}, fmt.Errorf("%q is not a run and a sequence such as m3k9x2-1042", s)
	}
	return Cursor{run, n}, nil
}

// Moment is where a playback stands.
type Moment struct {
	Cursor
	At, Start, End border.Time
	Speed          float64 // simulated seconds per second
	Paused         bool
	Seeking        bool // on the way to where somebody jumped
}

// Ended reports whether the scenario is over.
func (m *Moment) Ended() bool { return m.At >= m.End }

// Board is what is where at a moment.
type Board struct {
	Moment
	Whole    bool // all visits, not only those that changed
	Visits   []Visit
	Gone     []string // references of visits that left; empty when Whole
	Posts    []PostState
	Openings []OpeningState // by gate.OpeningID; [0] is always open
	Places   []PlaceState   // by gate.PlaceID
	Stops    []StopState    // by gate.StopID
	Policy   string
}

// Visit is one vehicle, or a person on foot, at the crossing.
type Visit struct {
	ID        gate.VisitID
	Reference string
	Traits    border.Traits
	Direction gate.Direction
	Procedure gate.ProcedureID
	Phase     gate.Phase
	Place     gate.PlaceID
	Target    gate.PlaceID // where it was called to or is driving to
	Stop      gate.StopID
	Ready     bool // its dossier is
	Held      bool
	Since     border.Time // in this phase
	HereSince border.Time // in this place
	ArrivedAt border.Time
	Order     int64  // among those in the same place: the least is ahead
	Touched   uint64 // the sequence of its latest fact
}

// Waits reports whether the visit stands in a queue.
func (v *Visit) Waits() bool {
	switch v.Phase {
	case gate.PhaseWaiting, gate.PhaseCalled, gate.PhaseAtStop, gate.PhaseAwaitingDossier:
		return true
	}
	return false
}

// PostState is one post's day.
type PostState struct{ Released []int } // since local midnight, by direction

// OpeningState is how far hours are open, and until when by the calendar.
type OpeningState struct {
	Level int
	Until border.Time
}

// PlaceState is whether a place is in use and for which directions.
type PlaceState struct {
	Open       bool
	Directions uint8
	Lines      []Line // by direction
}

// Line is who is in a place going one way.
type Line struct {
	Present, Waiting int
	Since            border.Time // since when the longest waiting has been there
}

// StopState is who is at work at a stop.
type StopState struct{ Servers, Busy, Line int }

// Entry is a fact with its place in the order of facts.
type Entry struct {
	Sequence uint64
	gate.Fact
}

// Record is one visit with all that happened to it.
type Record struct {
	Visit
	Facts  []Entry
	Moment Moment
}

// Until is now, or when the visit left.
func (r *Record) Until() border.Time {
	if r.Phase == gate.PhaseEnded && len(r.Facts) > 0 {
		return r.Facts[len(r.Facts)-1].At
	}
	return r.Moment.At
}

func (v *visit) read(now *gate.Visit) {
	v.Traits, v.Direction, v.Procedure = now.Traits, now.Direction, now.Procedure
	v.Phase, v.Place, v.Target, v.Stop = now.Phase, now.Place, now.Target, now.Stop
	v.Ready, v.Held = !now.Unready, now.Held != 0
	v.Since, v.ArrivedAt = now.Since, now.ArrivedAt
}

// reference mints the crossing's name for a visit: the country of exit does.
// Crossings without countries, such as a textbook's queue, count.
func (r *reel) reference(v *visit) string {
	l := r.model.Layout
	exit := l.Directions[v.Direction].Exit
	post := slices.IndexFunc(l.Posts, func(p gate.Post) bool { return p.Country == exit })
	if post < 0 || !border.KnownCountry(exit) {
		return strconv.FormatUint(v.ID.Serial(), 10)
	}
	return border.MintReference(exit, post+1, v.ID.Serial()).String()
}

func (r *reel) moment() Moment {
	return Moment{
		Cursor: Cursor{r.run, r.sequence}, At: r.at, Start: r.model.Start, End: r.end(),
		Speed: r.speed, Paused: r.paused, Seeking: r.goal != 0,
	}
}

func (r *reel) board(after Cursor) Board {
	if after.Run != r.run || after.Sequence > r.sequence || after.Sequence < r.forgotten {
		after.Sequence = 0
	}
	b := Board{Moment: r.moment(), Whole: after.Sequence == 0}
	for _, v := range r.visits {
		if v.Touched > after.Sequence && v.Reference != "" {
			b.Visits = append(b.Visits, v.Visit)
		}
	}
	slices.SortFunc(b.Visits, func(x, y Visit) int { return int(x.ID.Serial()) - int(y.ID.Serial()) })
	for i := len(r.gone) - 1; !b.Whole && i >= 0 && r.gone[i].Touched > after.Sequence; i-- {
		b.Gone = append(b.Gone, r.gone[i].Reference)
	}
	r.survey(&b)
	return b
}

// survey reads how the posts stand.
func (r *reel) survey(b *Board) {
	l, s := r.model.Layout, r.world.State()
	for i := range l.Posts {
		b.Posts = append(b.Posts, PostState{slices.Clone(r.today(i, r.at).byWay)})
	}
	for i := range l.Openings {
		level, until := gate.Admitting, border.Never
		if i > 0 {
			level, until = s.Level(gate.OpeningID(i)), s.OpeningUntil(gate.OpeningID(i))
		}
		b.Openings = append(b.Openings, OpeningState{level, until})
	}
	for i := range l.Places {
		open, directions, _ := s.LaneOpen(gate.PlaceID(i))
		b.Places = append(b.Places, PlaceState{open, directions, make([]Line, len(l.Directions))})
	}
	for i := range l.Stops {
		servers, busy := s.OnDuty(gate.StopID(i))
		b.Stops = append(b.Stops, StopState{servers, busy, s.Line(gate.StopID(i))})
	}
	for _, v := range r.visits {
		at := &b.Places[v.Place].Lines[v.Direction]
		at.Present++
		if v.Waits() {
			if at.Waiting == 0 || v.HereSince < at.Since {
				at.Since = v.HereSince
			}
			at.Waiting++
		}
	}
	b.Policy = l.Policies[s.PolicyInForce()].Name
}

func (r *reel) record(reference string) (Record, bool) {
	v := r.byReference[reference]
	if v == nil {
		return Record{}, false
	}
	return Record{v.Visit, slices.Clone(v.facts), r.moment()}, true
}

// report is the study of the facts so far.
func (r *reel) report() *study.Report {
	out := r.collector.Report(r.at)
	out.Scenario, out.Title, out.Seed = r.model.Name, r.model.Title, r.seed
	out.Parameters, out.AssumedParameters = r.model.Parameters, len(r.model.Assumed)
	out.WarmupDays = r.model.Warmup.Hours() / 24
	out.MeasuredDays = max(0, r.at.Sub(r.model.Start.Add(r.model.Warmup)).Hours()/24)
	out.Notes = append(out.Notes, r.model.Notes...)
	return out
}
