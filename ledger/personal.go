package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"github.com/pressly/goose/v3"

	"landport/border"
)

// Personal keeps a value that names or describes a person and returns the
// commitment that stands for it in an entry's data: 64 hexadecimal digits. Who
// guesses the value cannot tell by the commitment; a value committed to twice
// has two.
func (b *Batch) Personal(kind, value string) (commitment string) {
	if err := checkText("a personal value of kind "+kind, kind+value); err != nil && b.err == nil {
		b.err = err
	}
	secret := make([]byte, 32)
	rand.Read(secret) // it never fails
	commitment = hex.EncodeToString(keyed(secret, kind, value))
	b.personal.add(commitment, kind, value, secret, keyed(b.l.search, kind, value), int64(b.now))
	return commitment
}

// keyed is HMAC-SHA-256 (RFC 2104) of kind, a zero byte and value.
func keyed(secret []byte, kind, value string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(kind + "\x00" + value))
	return mac.Sum(nil)
}

// Reveal returns the value behind a commitment; not ok if it was erased or
// never was.
func (l *Ledger) Reveal(ctx context.Context, commitment string) (kind, value string, ok bool, err error) {
	err = l.db.read.QueryRowContext(ctx, `SELECT kind, value FROM personal WHERE commitment = $1`, commitment).Scan(&kind, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", false, nil
	}
	return kind, value, err == nil, err
}

// Search returns the commitments to a value, oldest first.
func (l *Ledger) Search(ctx context.Context, kind, value string) (commitments []string, err error) {
	rows, err := l.db.read.QueryContext(ctx, `SELECT commitment FROM personal WHERE search = $1 ORDER BY recorded_us, commitment`, keyed(l.search, kind, value))
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var commitment string
		if err := rows.Scan(&commitment); err != nil {
			return nil, err
		}
		commitments = append(commitments, commitment)
	}
	return commitments, rows.Err()
}

// Erase forgets the values behind commitments, with their keys and search
// index, and returns how many there were. The entries, their proofs and the
// checkpoints stand. Copies in backups and the database's own archives are the
// operator's to erase.
func (l *Ledger) Erase(ctx context.Context, commitments ...string) (n int64, err error) {
	return l.erase(ctx, func(tx *sql.Tx) error {
		for _, commitment := range commitments {
			done, err := tx.ExecContext(ctx, `DELETE FROM personal WHERE commitment = $1`, commitment)
			if err != nil {
				return err
			}
			one, err := done.RowsAffected()
			if err != nil {
				return err
			}
			n += one
		}
		return nil
	}, &n)
}

// EraseBefore forgets the values of a kind that were recorded before a time:
// the end of a retention term. The kind "" is every kind.
func (l *Ledger) EraseBefore(ctx context.Context, kind string, before border.Time) (n int64, err error) {
	return l.erase(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM personal WHERE recorded_us < $1 AND ($2 = '' OR kind = $2)`, int64(before), kind)
		if err != nil {
			return err
		}
		n, err = done.RowsAffected()
		return err
	}, &n)
}

// erase deletes, then drops what the database keeps of deleted rows.
func (l *Ledger) erase(ctx context.Context, del func(*sql.Tx) error, n *int64) (int64, error) {
	if err := l.transact(ctx, false, del); err != nil {
		return 0, err
	}
	sweep := `VACUUM personal`
	if l.db.dialect == goose.DialectSQLite3 {
		sweep = `PRAGMA wal_checkpoint(TRUNCATE)`
	}
	_, err := l.db.write.ExecContext(ctx, sweep)
	return *n, err
}
