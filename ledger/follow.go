package ledger

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

const (
	followPage  = 500              // entries handed out at once
	followLease = 10 * time.Second // after which another holder goes on
	followPoll  = 250 * time.Millisecond
	followRest  = 100 * time.Millisecond // between pages that are not full
)

// Follow hands the entries to fn, in order and page by page, from where the
// follower of that name stopped, until ctx ends or fn fails; it returns why.
// Entries of other processes are seen within a quarter of a second; where they
// come one by one, ten times a second.
//
// What fn does in its transaction is done once: the follower's place is kept in
// the same one. Of several holders one at a time is handed entries; the others
// take over when it stops, or some seconds after it died. fn must be quick,
// because on SQLite nobody else writes meanwhile, and what it does outside the
// transaction may be done again. A follower that is handed entry 1 begins anew,
// and drops what it derived before.
func (l *Ledger) Follow(ctx context.Context, name, holder string, fn func(ctx context.Context, tx *sql.Tx, entries []Entry) error) error {
	if err := l.transact(ctx, false, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO followers (name, position, holder, lease_until_us) VALUES ($1, 0, '', 0) ON CONFLICT DO NOTHING`, name)
		return err
	}); err != nil {
		return err
	}
	defer l.release(context.WithoutCancel(ctx), name, holder)
	poll := time.NewTicker(followPoll)
	defer poll.Stop()
	for {
		news := l.news.next()
		switch n, err := l.followOnce(ctx, name, holder, fn); {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case n == followPage:
			continue
		case n > 0: // what comes meanwhile goes into one page, and one commit
			select {
			case <-time.After(followRest):
			case <-ctx.Done():
				return ctx.Err()
			}
			continue
		}
		select {
		case <-news:
		case <-poll.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// followOnce hands out one page, if there is one and nobody else has the lease.
func (l *Ledger) followOnce(ctx context.Context, name, holder string, fn func(context.Context, *sql.Tx, []Entry) error) (n int, err error) {
	var behind bool // asked first, so that an idle follower writes nothing
	if err := l.db.read.QueryRowContext(ctx, `SELECT f.position < h.size FROM followers f, head h WHERE f.name = $1`, name).Scan(&behind); err != nil || !behind {
		return 0, l.db.told(ctx, err)
	}
	err = l.transact(ctx, false, func(tx *sql.Tx) error {
		now := time.Now()
		var position int64
		err := tx.QueryRowContext(ctx, `UPDATE followers SET holder = $1, lease_until_us = $2 WHERE name = $3 AND (holder = $1 OR lease_until_us < $4) RETURNING position`,
			holder, now.Add(followLease).UnixMicro(), name, now.UnixMicro()).Scan(&position)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // another's turn
		} else if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, selectEntries, position, followPage)
		if err != nil {
			return err
		}
		entries, err := scanEntries(rows, position)
		if n = len(entries); err != nil || n == 0 {
			return err
		}
		if err := fn(ctx, tx, entries); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE followers SET position = $1 WHERE name = $2`, entries[n-1].Seq, name)
		return err
	})
	return n, err
}

// release lets another holder go on at once. If it fails the lease runs out.
func (l *Ledger) release(ctx context.Context, name, holder string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	l.transact(ctx, false, func(tx *sql.Tx) error { //nolint:errcheck,gosec // as said
		_, err := tx.ExecContext(ctx, `UPDATE followers SET lease_until_us = 0 WHERE name = $1 AND holder = $2`, name, holder)
		return err
	})
}

// news wakes who waits for entries of this process.
type news struct {
	mu      sync.Mutex
	waiting chan struct{}
}

// next is closed when there is something new.
func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = make(chan struct{})
	}
	return n.waiting
}

func (n *news) spread() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting != nil {
		close(n.waiting)
		n.waiting = nil
	}
}
