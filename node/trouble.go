package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"landport/ledger"
)

// met takes note of damage, whoever came upon it: from then on the node takes no
// commands and writes nothing, until it is started again. The error is worded.
func (n *Node) met(err error) error {
	if err = n.ledger.Condemn(err); !errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	n.mu.Lock()
	first := n.damage == nil
	if first {
		n.damage = err
	}
	n.mu.Unlock()
	if first {
		n.log.Error("the node takes no more commands", "error", err)
	}
	return err
}

// damaged returns the damage that was met, if any was.
func (n *Node) damaged() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.damage
}

// failed throws away what was decided and could not be committed.
func (n *Node) failed(ctx context.Context, batch []*asked, err error) {
	err = n.met(err)
	if n.absence.noted(err); !errors.Is(err, ledger.ErrAway) && n.damaged() == nil {
		n.log.Error("a commit failed", "error", err)
	}
	n.stale = true
	n.setTrouble(err)
	if errors.Is(err, ledger.ErrUnknown) {
		if again := n.recover(ctx); again != nil {
			err = again
		} else {
			batch = n.resolve(ctx, batch)
		}
	}
	n.putOff(batch, err)
}

// resolve answers the commands of a commit that went through after all, and
// returns the others.
func (n *Node) resolve(ctx context.Context, batch []*asked) (rest []*asked) {
	for _, a := range batch {
		o, ok, err := n.ledger.Outcome(ctx, a.ID)
		if err != nil || !ok {
			rest = append(rest, a)
			continue
		}
		a.err = nil
		n.repeat(ctx, a, o)
		if a.Act == ConfirmClock && a.err == nil && a.result.Refusal == "" {
			n.mu.Lock()
			n.acceptClock()
			n.mu.Unlock()
		}
		a.answer <- answered{a.result, a.err}
	}
	return rest
}

// putOff tells callers to try again, and why.
func (n *Node) putOff(batch []*asked, why error) {
	for _, a := range batch {
		a.answer <- answered{err: fmt.Errorf("%w: %w", ErrNotReady, why)}
	}
}

// pauseAfter is how long a node leaves a database alone that failed it.
const pauseAfter = time.Second

// again makes the node fit to decide after a commit that failed, or says why it
// is not yet.
func (n *Node) again(ctx context.Context) error {
	if err := n.damaged(); err != nil {
		pause(ctx)
		return err
	}
	if !n.stale {
		return nil
	}
	return n.recover(ctx)
}

// pause leaves a database alone for a while.
func pause(ctx context.Context) {
	select {
	case <-time.After(pauseAfter):
	case <-ctx.Done():
	}
}

// recover makes the state anew from the ledger, once that can be written again.
func (n *Node) recover(ctx context.Context) error {
	err := n.ledger.Writable(ctx)
	if err == nil {
		jump := n.jump // of this process's clock: no entry knows of it
		err = n.met(n.ledger.Told(n.rebuild(ctx)))
		n.mu.Lock()
		n.jump = jump
		n.mu.Unlock()
	}
	n.absence.noted(err)
	n.setTrouble(err)
	if err != nil {
		pause(ctx)
		return err
	}
	n.stale = false
	return nil
}

func (n *Node) setTrouble(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble = err
}
