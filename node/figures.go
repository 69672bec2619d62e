package node

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/study"
)

// ErrUntold says that the study cannot be told: working it out failed. What it
// tells is needed by nobody who stands at the post, so that the node goes on
// without it, and starts without it where the ledger leads there again. What
// people act by, the gate's state and the screens, has no such way out: a node
// that may show something wrong ends.
var ErrUntold = errors.New("the study cannot be told; the post is run on without it, and a newer program may tell it from the same ledger")

// untold says why the study cannot be told: a panic at an entry.
func untold(log *slog.Logger, seq int64, why any) error {
	log.Error("the study cannot be told any more", "entry", seq, "because", why, "stack", string(debug.Stack()))
	return fmt.Errorf("%w (entry %d)", ErrUntold, seq)
}

// giveUp does without the study where it panics. Defer it. mu is held.
func (n *Node) giveUp(seq int64) {
	if p := recover(); p != nil {
		n.untold = untold(n.log, seq, p)
	}
}

// measureFact has the study take in a fact. mu is held.
func (n *Node) measureFact(e *ledger.Entry, fact *gate.Fact) {
	if n.untold == nil {
		defer n.giveUp(e.Seq)
		n.study.Add(fact)
	}
}

// report is the study up to an instant, nil if it cannot be told. mu is held.
func (n *Node) report(at border.Time) *study.Report {
	if n.untold != nil {
		return nil
	}
	defer n.giveUp(n.applied)
	return n.study.Report(at)
}

// Untold returns why the study cannot be told, nil if it can.
func (n *Node) Untold() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.untold
}

// studied takes note of what the study's views fail by.
func (n *Node) studied(err error) error {
	if errors.Is(err, ErrUntold) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.untold = err
		return err
	}
	return n.met(err)
}

// apply carries out a fact that this node did not decide.
func (n *Node) apply(e *ledger.Entry, fact *gate.Fact) {
	defer named(e)
	n.state.Apply(fact)
}

// named has a panic, which ends the process, say at which entry it came about.
// Defer it.
func named(e *ledger.Entry) {
	if p := recover(); p != nil {
		panic(fmt.Sprintf("entry %d, %s: %v", e.Seq, e.Kind, p))
	}
}
