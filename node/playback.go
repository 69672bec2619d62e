package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"landport/border"
	"landport/gate"
	"landport/sim"
	"landport/study"
)

// ErrStopped says that the playback has ended and answers no more.
var ErrStopped = errors.New("the playback has stopped")

// The pace, in simulated seconds per second, has these bounds.
const (
	slowest = 0.1
	fastest = 86_400
)

// CheckSpeed returns nil for a pace that can be played.
func CheckSpeed(speed float64) error {
	if speed >= slowest && speed <= fastest {
		return nil
	}
	return fmt.Errorf("a pace of %g times real time is impossible; give %g to %d", speed, slowest, fastest)
}

// beat is how often the world is brought up to the clock.
const beat = 50 * time.Millisecond

// Playback plays one scenario against a clock. One goroutine, Run, owns the
// world; every other method hands it a question and waits for the answer.
type Playback struct {
	model *sim.Model
	seed  uint64
	run   string
	now   func() time.Time
	asks  chan func(*reel)
	done  chan struct{}
	reel  *reel
}

// NewPlayback prepares the model's replication 0 under seed, to be played from
// OpeningScene at the given pace. now is read whenever the pace matters. A
// warm-up that the scenario leaves open is found first, by pilot replications.
func NewPlayback(m *sim.Model, seed uint64, speed float64, now func() time.Time) *Playback {
	m = m.Settled()
	r := newReel(m, seed, now())
	r.speed = speed
	r.goal = OpeningScene(m)
	return &Playback{
		model: m, seed: seed, run: r.run, now: now,
		asks: make(chan func(*reel)), done: make(chan struct{}), reel: r,
	}
}

// Model returns the scenario being played; its warm-up is known.
func (p *Playback) Model() *sim.Model { return p.model }

// Seed returns the seed it is played under.
func (p *Playback) Seed() uint64 { return p.seed }

// RunName is the Run of every cursor of this playback.
func (p *Playback) RunName() string { return p.run }

// Run plays until ctx ends. Call it once.
func (p *Playback) Run(ctx context.Context) {
	defer close(p.done)
	tick := time.NewTicker(beat)
	defer tick.Stop()
	again := make(chan struct{})
	close(again)
	for {
		var behind <-chan struct{}
		if !p.reel.follow(p.now()) {
			behind = again
		}
		select {
		case <-ctx.Done():
			return
		case f := <-p.asks:
			f(p.reel)
		case <-tick.C:
		case <-behind:
		}
	}
}

// Done is closed when Run has returned.
func (p *Playback) Done() <-chan struct{} { return p.done }

// ask has f carried out by the goroutine that owns the world.
func (p *Playback) ask(ctx context.Context, f func(*reel)) error {
	answered := make(chan struct{})
	select {
	case p.asks <- func(r *reel) { f(r); close(answered) }:
		<-answered
		return nil
	case <-p.done:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Board returns what is where. With a cursor that a board of this playback
// carried, visits and gone hold only what changed since; otherwise all of it,
// and Whole is set. changed is closed as soon as there is something newer.
func (p *Playback) Board(ctx context.Context, after Cursor) (b Board, changed <-chan struct{}, err error) {
	err = p.ask(ctx, func(r *reel) { b, changed = r.show(after), r.changed })
	return b, changed, err
}

// Record returns a visit's facts so far, or false when the reference is not of
// a visit that is present or recently left.
func (p *Playback) Record(ctx context.Context, reference string) (rec Record, ok bool, err error) {
	err = p.ask(ctx, func(r *reel) { rec, ok = r.record(reference, r.moment()) })
	return rec, ok, err
}

// Study returns the time release study of the facts played so far.
func (p *Playback) Study(ctx context.Context) (rep *study.Report, m Moment, err error) {
	err = p.ask(ctx, func(r *reel) { rep, m = r.report(), r.moment() })
	return rep, m, err
}

// Pause stops the clock of the world, or lets it run on.
func (p *Playback) Pause(ctx context.Context, pause bool) error {
	return p.ask(ctx, func(r *reel) {
		r.anchor(p.now())
		r.paused = pause
		r.notify()
	})
}

// SetSpeed changes the pace.
func (p *Playback) SetSpeed(ctx context.Context, speed float64) error {
	if err := CheckSpeed(speed); err != nil {
		return err
	}
	return p.ask(ctx, func(r *reel) {
		r.anchor(p.now())
		r.speed = speed
		r.notify()
	})
}

// Jump goes to an instant of the scenario without pacing. Backward, the same
// facts are played again from the start.
func (p *Playback) Jump(ctx context.Context, to border.Time) error {
	from, end := p.model.Start, p.model.Start.Add(p.model.Span)
	if to < from || to > end {
		return fmt.Errorf("the scenario runs from %s to %s", p.wall(from), p.wall(end))
	}
	return p.ask(ctx, func(r *reel) { r.jump(to) })
}

func (p *Playback) wall(t border.Time) string {
	return t.Std(Zone(p.model.Layout, 0)).Format("2006-01-02 15:04")
}

// Zone returns the time zone a post's clock shows; UTC when the layout names none.
func Zone(l *gate.Layout, post gate.PostID) *time.Location {
	if int(post) < len(l.Posts) && l.Posts[post].Zone != nil {
		return l.Posts[post].Zone
	}
	return time.UTC
}

// OpeningScene is where a playback starts: shortly before the first opening of
// the day after the warm-up's, so that a day can be watched from its beginning
// and the study has yesterday to show. Crossings that never close start after
// the warm-up.
func OpeningScene(m *sim.Model) border.Time {
	settled := m.Start.Add(min(m.Warmup+border.Day, m.Span/2))
	first := border.Never
	for i := range m.Layout.Openings {
		hours := m.Layout.Openings[i].Hours
		if hours == nil {
			continue
		}
		for at := settled; at < settled.Add(2*border.Day); {
			level, until := hours.At(at)
			if level < gate.Admitting && until != border.Never {
				if next, _ := hours.At(until); next == gate.Admitting {
					first = min(first, until)
					break
				}
			}
			at = until
		}
	}
	if first > m.Start.Add(m.Span) {
		return settled
	}
	return max(settled, first.Add(-5*border.Minute))
}
