package demo

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/sim"
)

// Post is one node of the crossing point.
type Post struct {
	Model *sim.Model // the post's part of the crossing
	URL   string     // of the node, without a slash at the end
}

// World is the people of a crossing point. Run it once.
type World struct{ sides []*side }

// New returns the people of a crossing point whose posts run at nodes. They
// begin to come when the clock shows what it shows now; the same seed draws the
// same people.
func New(posts []Post, seed uint64, clock *node.Clock, log *slog.Logger) (*World, error) {
	w := &World{}
	for i, p := range posts {
		codec, err := node.NewCodec(p.Model.Layout)
		if err != nil {
			return nil, err
		}
		model := *p.Model
		model.Start = clock.Now()
		s := &side{
			post: "/api/v1/posts/" + board.Slug(p.Model.Layout.Posts[0].Name),
			url:  p.URL, layout: p.Model.Layout, codec: codec, clock: clock, log: log,
			client: &http.Client{Timeout: 30 * time.Second},
			start:  model.Start,
			run:    fmt.Sprintf("world-%d-%d", i, time.Now().UnixMicro()),
			named:  map[gate.VisitID]string{}, traits: map[gate.VisitID]border.Traits{}, ways: map[gate.VisitID]gate.Direction{},
			plates: map[gate.VisitID]string{}, driven: map[string]string{}, known: map[string]bool{}, walked: map[gate.VisitID]bool{},
			expected: map[gate.VisitID]border.Time{}, inbox: make(chan vehicle, 4096),
		}
		s.world = sim.NewWorldAt(s, &model, seed, i)
		w.sides = append(w.sides, s)
	}
	for i, s := range w.sides {
		s.onward = w.sides[(i+1)%len(w.sides)].inbox
	}
	return w, nil
}

// Run lets people come and act until ctx ends.
func (w *World) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, s := range w.sides {
		all.Go(func() { s.live(ctx) })
	}
	all.Wait()
}

// vehicle is on the road between the posts.
type vehicle struct {
	at        border.Time // it arrives at the other post
	traits    border.Traits
	direction gate.Direction
	reference string
	plate     string
}

// side is the people at one post. All they know of it comes from its node.
type side struct {
	url, post string // of the node, and the path of its post there
	layout    *gate.Layout
	codec     *node.Codec
	clock     *node.Clock
	log       *slog.Logger
	client    *http.Client
	ctx       context.Context //nolint:containedctx // that of live, for Decide, which takes none
	world     *sim.World

	start    border.Time // when this run began
	run      string      // begins the idempotency keys of this run
	asked    int
	called   int   // drivers who came when they were called
	after    int64 // seq of the last entry heard
	named    map[gate.VisitID]string
	traits   map[gate.VisitID]border.Traits
	ways     map[gate.VisitID]gate.Direction
	plates   map[gate.VisitID]string
	driven   map[string]string     // plates of who was reported in this run, by idempotency key
	walked   map[gate.VisitID]bool // coaches whose passengers alighted in an earlier run
	known    map[string]bool       // references from the neighbour that have arrived
	coming   []vehicle             // from the neighbour, in the order in which they left
	crossing vehicle               // the one whose arrival is being reported

	expected map[gate.VisitID]border.Time // who was announced in an earlier run, and when it comes

	inbox  chan vehicle
	onward chan<- vehicle
}

// breath is how often people look what happened that they did not do.
const breath = 200 * time.Millisecond

// roadBetween is how long the drive from one post to the other takes.
const roadBetween = 2 * border.Minute

// live carries out what is due, one thing after the other.
func (s *side) live(ctx context.Context) {
	s.ctx = ctx
	s.resume()
	for ctx.Err() == nil {
		s.receive()
		announced, at := s.nextExpected()
		switch now := s.clock.Now(); {
		case at <= now:
			s.arrive(announced, at)
		case len(s.coming) > 0 && s.coming[0].at <= now:
			s.cross()
		case s.world.Next() <= now:
			s.world.Step()
		default:
			s.wait(min(breath, s.clock.Until(s.world.Next())))
			facts, _ := s.hear(nil)
			s.world.Hear(facts)
		}
	}
}

// resume takes in all that happened before. Until it is known, nobody does
// anything: what was done would be done twice.
func (s *side) resume() {
	var past []gate.Fact
	for whole := false; !whole && s.ctx.Err() == nil; {
		if past, whole = s.hear(past); !whole {
			s.wait(breath)
		}
	}
	for i := range past {
		if past[i].Kind == gate.Alighted {
			s.walked[past[i].Other] = true
		}
	}
	s.world.Hear(past)
}

// nextExpected is who comes next of those that an earlier run announced, and
// when; never if none does.
func (s *side) nextExpected() (id gate.VisitID, at border.Time) {
	at = border.Never
	for v, comes := range s.expected {
		if comes < at || comes == at && v.Serial() < id.Serial() {
			id, at = v, comes
		}
	}
	return id, at
}

// arrive has a visit come that an earlier run announced.
func (s *side) arrive(id gate.VisitID, at border.Time) {
	delete(s.expected, id)
	facts, _ := s.Decide(&gate.Input{Do: gate.ObserveArrival, At: at, Visit: id}, nil)
	s.world.Hear(facts)
}

func (s *side) wait(d time.Duration) {
	select {
	case <-s.ctx.Done():
	case <-time.After(d):
	}
}

// receive notes who is on the way from the neighbour.
func (s *side) receive() {
	for {
		select {
		case v := <-s.inbox:
			s.coming = append(s.coming, v)
		default:
			return
		}
	}
}

// cross has the vehicle arrive that left the neighbour longest ago.
func (s *side) cross() {
	next := s.coming[0]
	s.coming = s.coming[1:]
	if s.known[next.reference] {
		return // before the demonstration was started again
	}
	s.crossing = next
	s.world.Cross(s.crossing.at, s.crossing.traits, s.crossing.direction)
	s.crossing = vehicle{}
}
