package node

import (
	"strconv"
	"time"

	"landport/border"
	"landport/gate"
	"landport/sim"
	"landport/study"
)

const (
	// stepsAtOnce bounds how long a question waits while the world catches up.
	stepsAtOnce = 5_000
	// remembered is how many visits that have left stay open to inspection.
	remembered = 2_000
)

// reel is the world being played and what screens need to know of its past.
type reel struct {
	model *sim.Model
	seed  uint64
	run   string

	world     *sim.World
	collector *study.Collector
	sequence  uint64
	at        border.Time // how far the world has been played

	// The clock: at wall the world showed base.
	wall   time.Time
	base   border.Time
	speed  float64
	paused bool
	goal   border.Time // until then there is no pacing

	visits      map[gate.VisitID]*visit
	byReference map[string]*visit
	gone        []*visit // oldest first
	forgotten   uint64   // the latest sequence of a visit no longer in gone
	released    []tally  // by post
	changed     chan struct{}
}

// visit is one vehicle's or person's record.
type visit struct {
	Visit
	facts []Entry
}

// tally counts releases on one local day, by direction.
type tally struct {
	midnight border.Time // when the day ends
	byWay    []int
}

func newReel(m *sim.Model, seed uint64, wall time.Time) *reel {
	r := &reel{
		model: m, seed: seed, wall: wall, speed: 1,
		run:     strconv.FormatInt(wall.UnixMilli(), 36),
		changed: make(chan struct{}),
	}
	r.rewind()
	return r
}

// rewind starts the world over. Since the same facts come again, sequences and
// cursors stay good.
func (r *reel) rewind() {
	l := r.model.Layout
	r.world = sim.NewWorld(r.model, r.seed, 0)
	r.collector = study.NewCollector(l, study.Window{
		Start: r.model.Start, From: r.model.Start.Add(r.model.Warmup), To: r.end(), Cycle: border.Day,
	}, r.model.Standard)
	r.sequence, r.at, r.base = 0, r.model.Start, r.model.Start
	r.visits = map[gate.VisitID]*visit{}
	r.byReference = map[string]*visit{}
	r.gone, r.forgotten = nil, 0
	r.released = make([]tally, len(l.Posts))
	for i := range r.released {
		r.released[i].byWay = make([]int, len(l.Directions))
	}
}

func (r *reel) end() border.Time { return r.model.Start.Add(r.model.Span) }

// anchor restarts the clock at what it shows now, before the pace changes.
func (r *reel) anchor(wall time.Time) {
	r.base = r.clock(wall)
	r.wall = wall
}

// clock is what the world's clock shows.
func (r *reel) clock(wall time.Time) border.Time {
	if r.paused || r.goal != 0 {
		return r.base
	}
	d := wall.Sub(r.wall)
	return min(r.end(), r.base.Add(border.Micros(float64(d.Microseconds())*r.speed)))
}

// follow brings the world up to the clock and reports whether it got there.
func (r *reel) follow(wall time.Time) bool {
	target := r.clock(wall)
	if r.goal != 0 {
		target = r.goal
	}
	arrived := r.advance(target, stepsAtOnce)
	if arrived && r.goal != 0 {
		r.base, r.wall, r.goal = r.goal, wall, 0
		r.notify()
	}
	return arrived
}

// advance carries out what is due up to target, at most so many steps.
func (r *reel) advance(target border.Time, steps int) bool {
	before := r.sequence
	for ; r.world.Next() <= target; steps-- {
		if steps == 0 {
			r.notify()
			return false
		}
		r.at = r.world.Next()
		r.take(r.world.Step())
	}
	r.at = max(r.at, target)
	if r.sequence != before {
		r.notify()
	}
	return true
}

func (r *reel) jump(to border.Time) {
	if to < r.at {
		r.rewind()
	}
	r.goal = to
	r.notify()
}

// notify wakes everybody who waits for something newer.
func (r *reel) notify() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// take files the facts of one step.
func (r *reel) take(facts []gate.Fact) {
	first := r.sequence + 1
	for i := range facts {
		r.sequence++
		f := &facts[i]
		r.collector.Add(f)
		r.count(f)
		r.file(f.Visit, f)
		r.file(f.Other, f)
	}
	for i := range facts {
		r.refresh(facts[i].Visit, first)
		r.refresh(facts[i].Other, first)
	}
}

// file adds a fact to the record of a visit it speaks of.
func (r *reel) file(id gate.VisitID, f *gate.Fact) {
	if id == 0 {
		return
	}
	v := r.visits[id]
	if v == nil {
		if id != f.Visit {
			return // the outward visit of a return leg has long left
		}
		v = &visit{}
		v.ID = id
		r.visits[id] = v
	}
	v.facts = append(v.facts, Entry{r.sequence, *f})
	v.Touched = r.sequence
}

// refresh copies what the gate now knows of a visit.
func (r *reel) refresh(id gate.VisitID, first uint64) {
	v := r.visits[id]
	if v == nil {
		return
	}
	now, present := r.world.State().Visit(id)
	if !present {
		r.retire(v)
		return
	}
	if now.Place != v.Place {
		v.HereSince = r.at
	}
	switch {
	case r.model.Layout.Places[now.Place].Kind.Hold():
		v.Order = int64(now.CountsFrom)
	case now.Place != v.Place || now.Stop != v.Stop:
		v.Order = int64(first)
	}
	v.read(&now)
	if v.Reference == "" {
		v.Reference = r.reference(v)
		r.byReference[v.Reference] = v
	}
}

// retire keeps the record of a visit that has left, for a while.
func (r *reel) retire(v *visit) {
	delete(r.visits, v.ID)
	v.Phase = gate.PhaseEnded
	if v.Reference == "" {
		return
	}
	r.gone = append(r.gone, v)
	if len(r.gone) > remembered {
		oldest := r.gone[0]
		delete(r.byReference, oldest.Reference)
		r.forgotten = oldest.Touched
		r.gone = r.gone[1:]
	}
}

// count adds up the day's releases at the post of the country that gave them.
// Where there is one post, who leaves is released.
func (r *reel) count(f *gate.Fact) {
	v := r.visits[f.Visit]
	if v == nil {
		return
	}
	l := r.model.Layout
	way := l.Directions[v.Direction]
	for p := range r.released {
		country := l.Posts[p].Country
		if f.Kind == gate.ExitReleased && way.Exit == country && len(l.Posts) > 1 ||
			f.Kind == gate.EntryReleased && way.Entry == country ||
			f.Kind == gate.Removed && len(l.Posts) == 1 {
			r.today(p, f.At).byWay[v.Direction]++
		}
	}
}

// today returns the tally of a post's local day, emptied at midnight.
func (r *reel) today(post int, at border.Time) *tally {
	t := &r.released[post]
	if at >= t.midnight {
		clear(t.byWay)
		local := at.Std(Zone(r.model.Layout, gate.PostID(post)))
		t.midnight = border.At(time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, local.Location()))
	}
	return t
}
