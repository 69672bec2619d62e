package ledger

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

const (
	followPage  = 4096             // entries handed out at once
	followLease = 10 * time.Second // after which another holder goes on
	followPoll  = 250 * time.Millisecond
)

// Take takes in a page of entries and returns what to write in a transaction.
type Take func(ctx context.Context, entries []Entry) (write func(context.Context, *sql.Tx) error, err error)

// Follow hands the entries, which are not to be changed, to take, in order and page by page, from where the
// follower of that name stopped, until ctx ends or something fails; it returns
// why. Entries are seen within a quarter of a second; where they come one by
// one, those of a quarter of a second make a page.
//
// What the function that take returns does in its transaction is done once: the
// follower's place is kept in the same one. It must be quick, because on SQLite
// nobody else writes meanwhile; take itself keeps nobody waiting, but what it
// does may be done again, or for nothing. Of several holders one at a time is
// handed entries; the others take over when it stops, or some seconds after it
// died. A follower that is handed entry 1 begins anew, and drops what it
// derived before.
func (l *Ledger) Follow(ctx context.Context, name, holder string, take Take) error {
	if err := l.transact(ctx, false, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO followers (name, position, holder, lease_until_us) VALUES ($1, 0, '', 0) ON CONFLICT DO NOTHING`, name)
		return err
	}); err != nil {
		return err
	}
	defer l.release(context.WithoutCancel(ctx), name, holder)
	for {
		news, rest := l.news.next(), time.After(followPoll)
		n, err := l.followOnce(ctx, name, holder, take)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case n == followPage:
			continue
		case n > 0: // what comes meanwhile goes into one page, and one commit
			news = nil
		}
		select {
		case <-news:
		case <-rest:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// followOnce hands out one page, if there is one and nobody else has the lease.
func (l *Ledger) followOnce(ctx context.Context, name, holder string, take Take) (n int, err error) {
	now := time.Now()
	var position int64
	var epoch int
	err = l.db.read.QueryRowContext(ctx, `SELECT f.position, h.epoch FROM followers f, head h
WHERE f.name = $1 AND f.position < h.size AND (f.holder = $2 OR f.lease_until_us < $3)`, name, holder, now.UnixMicro()).Scan(&position, &epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil // nothing is new, or it is another's turn
	} else if err != nil {
		return 0, l.db.told(ctx, err)
	}
	entries := l.recent.after(epoch, position)
	if entries == nil {
		if entries, err = l.Entries(ctx, position, followPage); err != nil || len(entries) == 0 {
			return 0, err
		}
	}
	write, err := take(ctx, entries)
	if err != nil {
		return 0, err
	}
	err = l.transact(ctx, false, func(tx *sql.Tx) error {
		moved, err := tx.ExecContext(ctx, `UPDATE followers SET holder = $1, lease_until_us = $2, position = $3
WHERE name = $4 AND position = $5 AND (holder = $1 OR lease_until_us < $6)`,
			holder, now.Add(followLease).UnixMicro(), entries[len(entries)-1].Seq, name, position, now.UnixMicro())
		if err != nil {
			return err
		}
		if rows, err := moved.RowsAffected(); err != nil || rows == 0 {
			return err // another was faster
		}
		n = len(entries)
		return write(ctx, tx)
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
