package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"landport/evidence"
	"landport/sim"
)

const (
	basesKept   = 4
	visitsAhead = 1_000_000 // arrivals in all replications of a base that is run before anybody asked
)

// baseline is a scenario as it is, as far as it was run, and how.
type baseline struct {
	name   string
	days   float64
	seed   uint64
	sample *evidence.Sample
}

func (b *baseline) like(o *baseline) bool {
	return b.name == o.name && b.days == o.days && b.seed == o.seed
}

// lendBase hands out the base of an experiment, to be given back: who moves a
// slider once more waits for the plan alone. Meanwhile nobody else has it.
func (s *studio) lendBase(e *experiment) (*baseline, error) {
	b := &baseline{name: e.baseName(), days: e.options.Days, seed: e.options.Seed}
	s.mu.Lock()
	i := slices.IndexFunc(s.bases, func(x *baseline) bool {
		return x.like(b) && x.sample.Tells(e.options.Replications)
	})
	if i >= 0 {
		b = s.bases[i]
		s.bases = slices.Delete(s.bases, i, i+1)
	}
	s.mu.Unlock()
	if i >= 0 {
		return b, nil
	}
	var err error
	b.sample, err = evidence.NewSample(e.base, e.options)
	return b, err
}

// giveBack keeps a base for the next to ask, unless its runs failed.
func (s *studio) giveBack(b *baseline, err error) {
	if err != nil && !errors.Is(err, evidence.ErrStopped) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bases = append(slices.DeleteFunc(s.bases, func(x *baseline) bool { return x.like(b) && x.sample.Size() <= b.sample.Size() }), b)
	if len(s.bases) > basesKept {
		s.bases = slices.Delete(s.bases, 0, 1)
	}
}

// compare runs base and plan in pairs; once, where nothing is changed. What the
// first pairs show is told on the way.
func (s *studio) compare(e *experiment, o sim.Options, on func() bool, soFar func(*evidence.Comparison)) (*evidence.Comparison, error) {
	b, err := s.lendBase(e)
	if err != nil {
		return nil, err
	}
	plan := b.sample
	if e.plan != e.base {
		if plan, err = evidence.NewSample(e.plan, o); err != nil {
			return nil, err
		}
	}
	c, err := evidence.Pairs(b.sample, plan, o, on, soFar)
	s.giveBack(b, err)
	return c, err
}

// ahead is a base that is run while somebody still chooses what to change.
type ahead struct {
	off   atomic.Bool
	ended chan struct{}
}

// makeWay calls off what is run ahead, and returns what is closed when it has
// ended. The caller holds mu.
func (s *studio) makeWay() <-chan struct{} {
	if s.ahead == nil {
		free := make(chan struct{})
		close(free)
		return free
	}
	s.ahead.off.Store(true)
	return s.ahead.ended
}

// runAhead runs the base of an experiment until it is done or nobody waits for it
// any more. It is one at a time, the latest, and gives way to whatever was asked
// for; what it has run is kept.
func (s *studio) runAhead(ctx context.Context, e *experiment) {
	s.mu.Lock()
	if s.busy() > 0 || !(e.arrivals(e.base) <= visitsAhead) {
		s.mu.Unlock()
		return
	}
	room, a := s.makeWay(), &ahead{ended: make(chan struct{})}
	s.ahead = a
	s.mu.Unlock()
	<-room
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		close(a.ended)
		if s.ahead == a {
			s.ahead = nil
		}
	}()
	deadline := time.Now().Add(jobPatience)
	on := func() bool {
		select {
		case <-s.over:
			return false
		default:
			return ctx.Err() == nil && !a.off.Load() && time.Now().Before(deadline)
		}
	}
	if !on() {
		return
	}
	b, err := s.lendBase(e)
	if err == nil {
		o := e.options
		o.Workers = s.workers
		err = b.sample.RunOn(o, on)
		s.giveBack(b, err)
	}
	if err != nil && !errors.Is(err, evidence.ErrStopped) {
		s.log.Error("run ahead failed", "scenario", e.baseName(), "error", err)
	}
}

// baseAhead runs the base of an experiment while its page is open. It answers
// when that is done, and ends when the page is left.
func (s *Server) baseAhead(w http.ResponseWriter, r *http.Request) {
	e, ok := s.experimentOf(w, r)
	if !ok {
		return
	}
	if e.good() {
		s.studio.runAhead(r.Context(), e)
	}
	w.WriteHeader(http.StatusNoContent)
}
