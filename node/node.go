package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
	"landport/study"
)

// Node runs one post for real. One goroutine, Run, decides: it takes what
// people and devices hand in, decides it under the ledger's lock against what
// every replica has written, and answers when it is durable. What others read
// is committed.
type Node struct {
	model  *sim.Model // the post's part
	codec  *Codec     // of it: by which facts are written
	was    *Codec     // of the crossing ahead of any that the ledger tells of
	ledger *ledger.Ledger
	clock  *Clock
	log    *slog.Logger
	queue  chan *asked
	done   chan struct{}

	absence   absence
	committed atomic.Pointer[func(Commit)] // see OnCommit

	// Of the goroutine that decides. After a commit that failed they are made
	// anew from the ledger.
	state   *gate.State
	applied int64                   // the seq of the last entry that is in state
	kept    int64                   // and of the last that is in a snapshot
	stale   bool                    // a commit failed: state has to be made anew
	hole    hole                    // what a recovery gave up
	epoch   int                     // of the ledger: cursors of another are of another past
	fresh   map[string]gate.VisitID // visits named in the batch under way, by reference
	plates  map[gate.VisitID]string // told in it, by visit
	retimed map[int64]border.Time   // facts whose time was corrected in it, by their entries
	made    []gate.Fact             // of its entries, of no kind where they are the node's own
	decided []gate.Fact             // by the gate, of the input under way
	rows    indexRows               // of the batch

	crossings crossings // of the ledger's life; see learn
	unsaid    bool      // the ledger tells of none
	errand    bool      // it only looks
	begun     bool      // New is done: from then on the crossing stays
	force     *Codec    // of the crossing that state is of
	mixed     bool      // anoms and journal are in part by former crossings

	mu      sync.Mutex // guards what follows: what is committed, for readers
	screen  *screen
	study   *study.Collector
	untold  error // why the study cannot be told, nil while it can; see figures
	begin   border.Time
	epochAt border.Time // when a recovery or a restored backup began the epoch, 0 for the first
	last    border.Time // recorded time of the last entry
	anoms   []Anomaly   // that nobody has settled
	teller  *Codec      // by which facts are read for readers
	journal journal
	changed chan struct{}
	trouble error         // why it is not ready
	damage  error         // of the ledger, once it was met: it does not pass
	heard   heard         // when the ledger last answered
	jump    border.Micros // of the wall clock, to be confirmed; 0 for none
	unset   bool          // the jump is from the last entry: the clock was off it when the node started
}

// Config says what a Node runs.
type Config struct {
	Post   *sim.Model // the post's part of a crossing: see sim.Model.Part
	Was    *sim.Model // that of the crossing before, for a ledger that does not say; nil if it was Post
	Ledger *ledger.Ledger
	Clock  *Clock
	Log    *slog.Logger
}

// What a caller may want to tell apart. ErrStopped is one too.
var (
	ErrBusy     = errors.New("the node has more to do than it can; try again in a moment")
	ErrNotReady = errors.New("the node is not ready")
	ErrReused   = errors.New("this idempotency key was used for another request; take a new one for each")
)

// queued is how many commands wait at most; more are turned away.
const queued = 1024

// atOnceMost is how many commands are committed together at most.
const atOnceMost = 256

// newNode makes a node that knows nothing of its ledger yet.
func newNode(c Config) (*Node, error) {
	names, err := NewCodec(c.Post.Layout)
	if err != nil {
		return nil, err
	}
	was := names
	if c.Was != nil {
		if was, err = NewCodec(c.Was.Layout); err != nil {
			return nil, err
		}
	}
	return &Node{
		model: c.Post, codec: names, was: was.or(names), force: names, teller: names, ledger: c.Ledger, clock: c.Clock, log: c.Log, absence: absence{log: c.Log},
		queue: make(chan *asked, queued), done: make(chan struct{}), changed: make(chan struct{}),
		fresh: map[string]gate.VisitID{}, plates: map[gate.VisitID]string{}, retimed: map[int64]border.Time{},
	}, nil
}

// New makes a node and brings it up to its ledger. If that was written under
// another crossing than the node's, it says that it goes on by this one: what is
// known is carried over.
func New(ctx context.Context, c Config) (*Node, error) {
	n, err := newNode(c)
	if err != nil {
		return nil, err
	}
	if err := c.Ledger.Furnish(ctx, tables(), studyTables()); err != nil {
		return nil, err
	}
	if err := n.reindex(ctx); err != nil {
		return nil, err
	}
	if err := n.rebuild(ctx); err != nil {
		return nil, err
	}
	n.checkStart()
	if err := n.sayCrossing(ctx); err != nil {
		return nil, err
	}
	n.begun = true
	return n, nil
}

// rebuild makes the state and what screens show from the ledger: from its
// latest snapshot and what followed.
func (n *Node) rebuild(ctx context.Context) error {
	head, err := n.ledger.Head(ctx)
	if err != nil {
		return err
	}
	n.epoch = head.Epoch
	if err := n.learn(ctx, head); err != nil {
		return err
	}
	kept, err := n.latestSnapshot(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.applied, n.anoms, n.journal, n.kept, n.hole, n.jump, n.epochAt = 0, nil, nil, 0, hole{}, 0, 0
	n.force = n.crossings.at(0)
	n.mixed = n.force != n.codec
	if kept != nil {
		n.resume(kept)
	}
	for entry, err := range n.ledger.Each(ctx, n.applied) {
		if err != nil {
			return err
		}
		if entry.Seq == 1 {
			n.restart(entry.Occurred)
		}
		if err := n.fold(&entry); err != nil {
			return err
		}
		if entry.Kind == kindClockConfirmed {
			n.jump = 0
		}
	}
	if n.applied == 0 {
		n.restart(n.clock.Now())
	}
	if err := n.retell(ctx); err != nil {
		return err
	}
	n.hear()
	n.show()
	return nil
}

// restart begins with an empty post. The first entry's instant is the state's
// first: it knows nothing before.
func (n *Node) restart(at border.Time) {
	n.state = gate.NewState(n.force.layout, at)
	n.watch(at)
}

// watch begins to show the state, and to measure from an instant on.
func (n *Node) watch(at border.Time) {
	n.screen = newScreen(n.force.layout, fmt.Sprint("e", n.epoch), n.state)
	n.measure(at)
}

// measure studies what happens from an instant on.
func (n *Node) measure(at border.Time) {
	n.begin, n.untold = at, nil
	n.study = study.NewCollector(n.force.layout, study.Window{Start: at, From: at, To: border.Never, Cycle: border.Day}, n.model.Standard)
}

// fold takes in an entry that this node did not decide: from before it started
// or from another replica.
func (n *Node) fold(e *ledger.Entry) error {
	if e.Kind == kindCrossing {
		if err := n.cross(e); err != nil {
			return err
		}
	}
	fact, ok, err := n.force.read(e)
	if err != nil {
		return n.unfit(e, err)
	}
	if passed, err := n.passes(e, &fact); passed || err != nil {
		return err
	}
	if ok {
		if n.unsaid && !n.state.Fits(&fact) {
			return n.unfit(e, errUnfit)
		}
		n.apply(e, &fact)
	}
	n.applied = e.Seq
	err = n.publish(e, &fact)
	n.refresh(&fact)
	return err
}

// Model returns the post's part of the crossing it belongs to.
func (n *Node) Model() *sim.Model { return n.model }

// Post returns the name of the post.
func (n *Node) Post() string { return n.model.Layout.Posts[0].Name }

// Ledger returns the ledger the node writes.
func (n *Node) Ledger() *ledger.Ledger { return n.ledger }

// Clock returns the node's clock.
func (n *Node) Clock() *Clock { return n.clock }

// Done is closed when Run has returned.
func (n *Node) Done() <-chan struct{} { return n.done }

// Ready returns nil, or why the node cannot take commands now, in a sentence.
func (n *Node) Ready() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if why := n.standstill(); why != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, why)
	}
	return n.doubt()
}

// Run decides until ctx ends. What was handed in by then is still carried out
// and answered. Call it once. Where it panics nothing is waited for and nothing
// kept: the process ends, and says what happened.
func (n *Node) Run(ctx context.Context) {
	defer close(n.done)
	var following sync.WaitGroup
	view := newStudyView(n.ledger, n.crossings, n.log)
	following.Go(func() { view.follow(ctx, n.studied) })
	for {
		batch, ok := n.next(ctx)
		if !ok {
			following.Wait()
			n.keepSnapshot(context.WithoutCancel(ctx), 1)
			return
		}
		if err := n.again(ctx); err != nil {
			n.putOff(batch, err)
			continue
		}
		n.carryOut(ctx, batch)
		n.keepSnapshot(ctx, snapshotEvery)
	}
}

// glance is how often the node looks what other replicas wrote, and at the clock.
const glance = 250 * time.Millisecond

// next waits for commands, or for the next deadline, which is an empty batch.
func (n *Node) next(ctx context.Context) (batch []*asked, ok bool) {
	wait := glance
	if n.jump == 0 {
		wait = min(glance, n.clock.Until(n.state.NextDeadline()))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		batch = n.rest(nil)
		return batch, len(batch) > 0
	case <-timer.C:
		return nil, true
	case a := <-n.queue:
		return n.rest([]*asked{a}), true
	}
}

// patience is how often in a row nobody asks before a batch is closed: those who
// were just answered may be about to ask again, on another processor.
const patience = 4

// rest adds to a batch what else waits, as much as is committed together.
func (n *Node) rest(batch []*asked) []*asked {
	for idle := 0; idle < patience && len(batch) < atOnceMost; {
		select {
		case a := <-n.queue:
			batch, idle = append(batch, a), 0
		default:
			idle++
			runtime.Gosched()
		}
	}
	return batch
}

// publish files a committed entry. fact is the gate's, of no kind if the entry
// is the node's own.
func (n *Node) publish(e *ledger.Entry, fact *gate.Fact) error {
	defer named(e)
	n.last = max(n.last, e.Recorded)
	n.screen.sequence = uint64(e.Seq)
	if err := n.journal.add(e, fact, n.anoms); err != nil {
		return err
	}
	if fact.Kind == gate.NoFact {
		return n.annotate(e)
	}
	n.screen.note(fact)
	n.measureFact(e, fact)
	if fact.Kind == gate.Anomaly {
		n.anoms = append(n.anoms, Anomaly{Seq: e.Seq, Actor: e.Actor, Fact: *fact})
	}
	return nil
}

// refresh has screens show what the state now knows of the visits of a fact.
func (n *Node) refresh(fact *gate.Fact) {
	n.screen.refresh(fact.Visit)
	n.screen.refresh(fact.Other)
}

// show lets readers see what was published.
func (n *Node) show() {
	n.screen.survey()
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *Node) moment() Moment {
	now, trouble := n.clock.Now(), n.standstill()
	if trouble != nil {
		now = n.heard.at
	}
	return Moment{
		Cursor: Cursor{n.screen.run, n.screen.sequence}, At: max(now, n.screen.at), Start: n.begin, End: border.Never,
		Speed: n.clock.Scale(), Trouble: trouble,
	}
}
