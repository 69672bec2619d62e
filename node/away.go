package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"landport/ledger"
)

// absence says once that the database does not answer, and once that it does
// again, whoever finds out first.
type absence struct {
	log  *slog.Logger
	away atomic.Bool
}

// noted takes note of what asking the database came to; other errors than that
// it does not answer say nothing about it.
func (a *absence) noted(err error) {
	switch {
	case errors.Is(err, ledger.ErrAway):
		if !a.away.Swap(true) {
			a.log.Error("the node waits for its database", "error", err)
		}
	case err == nil:
		if a.away.Swap(false) {
			a.log.Info("the database answers again")
		}
	}
}

// Missed says what a read that failed came to: ErrNotReady, with a sentence, if
// the database does not answer; ledger.ErrDamaged, with one, of damage, after
// which the node takes no commands. Either is logged once; any other error is
// the caller's to log.
func (n *Node) Missed(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err // who asked gave up
	}
	if err = n.met(n.ledger.Told(err)); !errors.Is(err, ledger.ErrAway) {
		return err
	}
	n.absence.noted(err)
	return fmt.Errorf("%w: %w", ErrNotReady, err)
}
