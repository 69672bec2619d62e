package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
)

// Snapshot is a state folded from the entries up to Seq, kept so that a start
// need not replay them all. It proves nothing; the entries do.
type Snapshot struct {
	Seq     int64
	Version int               // of the state's format
	Digest  [sha256.Size]byte // of the state, as its owner computes it
	State   []byte
}

// SaveSnapshot keeps a snapshot and the one before it of its version, and
// forgets older ones.
func (l *Ledger) SaveSnapshot(ctx context.Context, s Snapshot) error {
	return l.transact(ctx, false, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO snapshots (version, seq, digest, state) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			s.Version, s.Seq, s.Digest[:], s.State); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM snapshots WHERE version = $1 AND seq < (SELECT MAX(seq) FROM snapshots
WHERE version = $1 AND seq < (SELECT MAX(seq) FROM snapshots WHERE version = $1))`, s.Version)
		return err
	})
}

// LatestSnapshot returns the latest snapshot of a format's version, if any.
func (l *Ledger) LatestSnapshot(ctx context.Context, version int) (Snapshot, bool, error) {
	s := Snapshot{Version: version}
	var digest []byte
	err := l.db.read.QueryRowContext(ctx, `SELECT seq, digest, state FROM snapshots WHERE version = $1 ORDER BY seq DESC LIMIT 1`, version).
		Scan(&s.Seq, &digest, &s.State)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, l.db.told(ctx, fmt.Errorf("the snapshots cannot be read: %w", err))
	}
	copy(s.Digest[:], digest)
	return s, true, nil
}
