package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
)

// outpost is a running node with its pages, and a clock that the test sets.
type outpost struct {
	*site
	node *node.Node
	mu   sync.Mutex
	at   time.Time
	done int // commands handed in
}

func (p *outpost) now() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return p.at }

func (p *outpost) pass(d time.Duration) { p.mu.Lock(); defer p.mu.Unlock(); p.at = p.at.Add(d) }

// readyFirst is the name of a policy that the posts of tests may change to.
const readyFirst = "ready-dossier-first"

// keep runs a post of the scenario from seven o'clock on a Monday.
func keep(t testing.TB, id gate.PostID, option NodeOptions) *outpost {
	t.Helper()
	return resume(t, id, option, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 0, 0, 0, 0, time.UTC))
}

// resume runs a post on a ledger file from an instant.
func resume(t testing.TB, id gate.PostID, option NodeOptions, file string, at time.Time) *outpost {
	t.Helper()
	return resumeOf(t, "bavet-mocbai-2018", id, option, file, at)
}

// resumeOf is resume for a post of any scenario.
func resumeOf(t testing.TB, scenario string, id gate.PostID, option NodeOptions, file string, at time.Time) *outpost {
	t.Helper()
	m, err := model(t, scenario).Part(id)
	if err != nil {
		t.Fatal(err)
	}
	m.Layout.Policies = append(m.Layout.Policies, gate.Policy{Name: readyFirst, ReadyFirst: true})
	if err := m.Layout.Compile(); err != nil {
		t.Fatal(err)
	}
	p := &outpost{at: at}
	clock := node.NewScaledClock(p.now, border.At(p.at), 1)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite:" + file, Origin: "post.example", Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if p.node, err = node.New(t.Context(), node.Config{Post: m, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	go p.node.Run(ctx)
	p.site = &site{Server: httptest.NewServer(NewNodeServer(p.node, option, slog.New(slog.DiscardHandler)))}
	p.stop = sync.OnceFunc(func() {
		cancel()
		<-p.node.Done()
		p.Close()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(p.stop)
	return p
}

// command hands in what the world reports.
func (p *outpost) command(t testing.TB, c node.Command) node.Answer {
	t.Helper()
	p.done++
	c.ID, c.Actor = fmt.Sprint("world-", p.done), cmp.Or(c.Actor, "world")
	a, err := p.node.Do(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (p *outpost) visits(t testing.TB) []node.Visit {
	t.Helper()
	b, _, err := p.node.Board(t.Context(), node.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	return b.Visits
}

const lorry = border.ArticulatedTruck | border.BilateralPermit | border.Regular | border.HomeUse

// trade lets time pass: vehicles come both ways and do as they are told.
func (p *outpost) trade(t testing.TB, d time.Duration) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(p.done), 7))
	for end := p.now().Add(d); p.now().Before(end); p.pass(time.Minute) {
		for way := range gate.Direction(2) {
			if r.IntN(7) != 0 {
				continue
			}
			load := []border.Traits{border.Laden, border.Laden, border.Empty, border.PartLoaded}[r.IntN(4)]
			c := node.Command{Plate: fmt.Sprintf("3A-%04d", r.IntN(10_000)), Input: gate.Input{Do: gate.ObserveArrival, Direction: way, Traits: lorry | load, Unready: r.IntN(6) == 0}}
			p.command(t, c)
		}
		for _, v := range p.visits(t) {
			p.obey(t, r, &v)
		}
	}
}

func (p *outpost) obey(t testing.TB, r *rand.Rand, v *node.Visit) {
	t.Helper()
	in := gate.Input{}
	switch {
	case v.Phase == gate.PhaseCalled && r.IntN(2) == 0:
		in.Do = gate.ObserveEntered
	case v.Phase == gate.PhaseDriving && r.IntN(3) == 0:
		in.Do = gate.ObserveReached
	case v.Phase == gate.PhaseInService && r.IntN(14) == 0:
		in.Do = gate.ObserveServed
	case !v.Ready && r.IntN(90) == 0:
		in.Do = gate.SetReady
	default:
		return
	}
	p.command(t, node.Command{Reference: v.Reference, Input: in})
}

// Only what is suspended can be started, only what another takes over suspended.
func TestProceduresThatCanBeStartedAndSuspended(t *testing.T) {
	m := model(t, "bavet-mocbai-2018")
	m.Layout.Procedures[0].Fallback = 1
	v := &view{model: m, View: board.View{Layout: m.Layout, State: &node.Board{Standing: node.Standing{Suspended: make([]bool, len(m.Layout.Procedures))}}}}
	offered := func() (names []string) {
		for _, a := range v.procedures() {
			names = append(names, a.Label)
		}
		return names
	}
	if got := offered(); !slices.Equal(got, []string{"Suspend a procedure"}) {
		t.Errorf("with all in force %v are offered", got)
	}
	v.State.Suspended[0] = true
	if got := offered(); !slices.Equal(got, []string{"Start a procedure"}) {
		t.Errorf("with one suspended %v are offered", got)
	}
}
