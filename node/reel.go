package node

import (
	"strconv"
	"time"

	"landport/border"
	"landport/sim"
	"landport/study"
)

// stepsAtOnce bounds how long a question waits while the world catches up.
const stepsAtOnce = 5_000

// reel is the world being played.
type reel struct {
	model *sim.Model
	seed  uint64
	run   string

	world     *sim.World
	collector *study.Collector
	*screen
	changed chan struct{}

	// The clock: at wall the world showed base.
	wall   time.Time
	base   border.Time
	speed  float64
	paused bool
	goal   border.Time // until then there is no pacing

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
	r.screen = newScreen(l, r.run, r.world.State())
	r.base = r.model.Start
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
		facts := r.world.Step()
		for i := range facts {
			r.collector.Add(&facts[i])
		}
		r.take(facts)
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

// show is the board as it stands.
func (r *reel) show(after Cursor) Board {
	r.survey()
	return r.board(after, r.moment())
}

func (r *reel) moment() Moment {
	return Moment{
		Cursor: Cursor{r.run, r.sequence}, At: r.at, Start: r.model.Start, End: r.end(),
		Speed: r.speed, Paused: r.paused, Seeking: r.goal != 0,
	}
}

// report is the study of the facts so far.
func (r *reel) report() *study.Report {
	out := r.collector.Report(r.at)
	out.Scenario, out.Title, out.Seed = r.model.Name, r.model.Title, r.seed
	out.Parameters, out.AssumedParameters = r.model.Parameters, len(r.model.Assumed)
	out.WarmupRule, out.WarmupDays = r.model.WarmupRule, r.model.Warmup.Hours()/24
	out.MeasuredDays = max(0, r.at.Sub(r.model.Start.Add(r.model.Warmup)).Hours()/24)
	out.Notes = append(out.Notes, r.model.Notes...)
	return out
}
