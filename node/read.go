package node

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"landport/gate"
	"landport/ledger"
	"landport/study"
)

// Seen returns the seq of the last entry that readers are shown, and a channel
// that is closed when they are shown more.
func (n *Node) Seen() (seq int64, changed <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return int64(n.screen.sequence), n.changed
}

// Commit is how long one commit took: Whole from when its transaction was asked
// for until it was durable, Durable from the moment when all in it was decided.
type Commit struct{ Whole, Durable time.Duration }

// OnCommit has told how long every commit took. told must be quick.
func (n *Node) OnCommit(told func(Commit)) { n.committed.Store(&told) }

// Waiting returns how many commands wait to be decided.
func (n *Node) Waiting() int { return len(n.queue) }

// Present returns how many visits are announced or present.
func (n *Node) Present() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.screen.visits)
}

// FactData returns a fact as an entry's data has it: JSON, everything of the
// post by its name.
func (n *Node) FactData(e *Entry) json.RawMessage {
	n.mu.Lock()
	teller := n.teller
	n.mu.Unlock()
	entry := teller.Entry(&e.Fact)
	return entry.Data
}

// Board returns what is where, as Playback.Board does. The cursor's sequence is
// the seq of the last entry seen.
func (n *Node) Board(_ context.Context, after Cursor) (b Board, changed <-chan struct{}, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	b = n.screen.board(after, n.moment())
	for i := range n.anoms {
		if n.anoms[i].Reason == gate.EntriesLost {
			b.Uncounted = n.anoms[i].At
		}
	}
	return b, n.changed, nil
}

// Record returns a visit's facts so far, however long ago it was; false when
// the reference is of no visit here.
func (n *Node) Record(ctx context.Context, reference string) (rec Record, ok bool, err error) {
	rec.Visit, rec.Moment, ok = n.present(reference)
	serial := rec.ID.Serial()
	if !ok {
		if serial, ok, err = n.serial(ctx, reference); !ok || err != nil {
			return rec, false, err
		}
	}
	facts, asides, err := n.facts(ctx, serial)
	if err != nil || len(facts) == 0 {
		return rec, false, err
	}
	rec.Facts, rec.Asides = facts, asides
	name, plate := called(asides)
	if rec.ID == 0 {
		if cmp.Or(name, reference) != reference {
			return rec, false, nil // who has the number goes by another reference
		}
		rec.recall(serial, reference, plate)
	}
	n.claims(&rec)
	rec.retime()
	if id := rec.outward(); id != 0 {
		rec.Outward, err = n.nameOf(ctx, id)
	}
	return rec, err == nil, err
}

// present is a visit that is on screen.
func (n *Node) present(reference string) (visit Visit, m Moment, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if v := n.screen.byReference[reference]; v != nil {
		visit, ok = v.Visit, true
	}
	return visit, n.moment(), ok
}

// Study returns the time release study of all facts so far, or ErrUntold.
func (n *Node) Study(context.Context) (*study.Report, Moment, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := n.moment()
	r := n.report(m.At)
	if n.untold != nil {
		return nil, m, n.untold
	}
	r.Scenario, r.Title = n.model.Name, n.Post()
	r.MeasuredDays = m.At.Sub(n.begin).Hours() / 24
	return r, m, nil
}

// VisitOf returns the visit that a reference names, if it is announced or present.
func (n *Node) VisitOf(reference string) (gate.VisitID, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v, ok := n.screen.byReference[reference]
	if !ok || v.Phase == gate.PhaseEnded && n.screen.visits[v.ID] == nil {
		return 0, false
	}
	return v.ID, true
}

// fact reads an entry of the gate for readers; ok is false for other kinds.
func (n *Node) fact(e *ledger.Entry) (f gate.Fact, ok bool, err error) { return n.teller.read(e) }
