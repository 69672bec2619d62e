package node

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"landport/ledger"
)

// outage says once that a task fails and once that it is carried out again, and
// has it tried more and more seldom meanwhile. That the database does not answer
// it does not say, nor a connection that broke off once: the node does.
type outage struct {
	log    *slog.Logger
	task   string        // "the study follows the ledger"
	steady time.Duration // a task that has run for so long is carried out
	failed atomic.Bool
	said   atomic.Bool
	pause  time.Duration
}

// pauseMost is the longest time between two attempts.
const pauseMost = 30 * time.Second

// attempt runs a task until it fails. ready tells whether there is any sense in
// it; it is asked while the task has failed.
func (o *outage) attempt(ctx context.Context, ready, task func(context.Context) error) {
	if o.failed.Load() {
		if ready(ctx) != nil {
			o.rest(ctx)
			return
		}
	}
	steady := time.AfterFunc(o.steady, func() {
		o.failed.Store(false)
		if o.said.Swap(false) {
			o.log.Info("again: " + o.task)
		}
	})
	err := task(ctx)
	steady.Stop()
	if err == nil || ctx.Err() != nil {
		return
	}
	again := o.failed.Swap(true)
	if !again {
		o.pause = pauseAfter
	}
	if again && !errors.Is(err, ledger.ErrAway) && !o.said.Swap(true) {
		o.log.Error("no longer: "+o.task, "error", err)
	}
	o.rest(ctx)
}

// rest waits, each time longer.
func (o *outage) rest(ctx context.Context) {
	select {
	case <-time.After(o.pause):
	case <-ctx.Done():
	}
	o.pause = min(2*o.pause, pauseMost)
}
