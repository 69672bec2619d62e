package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

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
	b.value(commitment, kind, value, secret, b.now)
	return commitment
}

// value has the row of a personal value written.
func (b *Batch) value(commitment, kind, value string, secret []byte, recorded border.Time) {
	r := &b.personal
	add(r, commitment, kind, value)
	r.bytes(secret)
	r.bytes(b.l.searched(kind, value))
	add(r, int64(recorded))
}

// keyed is HMAC-SHA-256 (RFC 2104) of kind, a zero byte and value.
func keyed(secret []byte, kind, value string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(kind + "\x00" + value))
	return mac.Sum(nil)
}

// committed reports whether a commitment is to a value under a key.
func committed(commitment, kind, value string, secret []byte) bool {
	want, err := hex.DecodeString(commitment)
	return err == nil && hmac.Equal(want, keyed(secret, kind, value))
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

// searchVersion is the version of the form below. Tables that have another are
// indexed anew when they are opened.
const searchVersion = 2

// kindPlate is the one kind of value that is found in any spelling.
const kindPlate = "plate"

// searched is what a value is found by.
func (l *Ledger) searched(kind, value string) []byte {
	if kind == kindPlate {
		value = border.PlateKey(value)
	}
	return keyed(l.search, kind, value)
}

// reindex brings what values are found by to this program's form.
func (l *Ledger) reindex(ctx context.Context) error {
	return l.transact(ctx, true, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE head SET search_version = $1 WHERE search_version <> $1`, searchVersion)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 { // a replica was first
			return err
		}
		for last, more := "", true; more && err == nil; {
			last, more, err = l.reindexPage(ctx, tx, last)
		}
		return err
	})
}

// reindexPage does so for some plates behind a commitment; the other kinds have
// one form. It returns the last commitment.
func (l *Ledger) reindexPage(ctx context.Context, tx *sql.Tx, after string) (last string, more bool, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT commitment, value FROM personal WHERE kind = $1 AND commitment > $2 ORDER BY commitment LIMIT 1000`, kindPlate, after)
	if err != nil {
		return "", false, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	plates := map[string]string{}
	for rows.Next() {
		var value string
		if err := rows.Scan(&last, &value); err != nil {
			return "", false, err
		}
		plates[last] = value
	}
	for commitment, value := range plates {
		if _, err := tx.ExecContext(ctx, `UPDATE personal SET search = $1 WHERE commitment = $2`, l.searched(kindPlate, value), commitment); err != nil {
			return "", false, err
		}
	}
	return last, len(plates) > 0, rows.Err()
}

// ValuesBefore visits the values of a kind that were recorded before a time:
// those which EraseBefore erases.
func (l *Ledger) ValuesBefore(ctx context.Context, kind string, before border.Time, visit func(value string) error) error {
	return each(ctx, l.db, func(rows *sql.Rows) error {
		var value string
		if err := rows.Scan(&value); err != nil {
			return err
		}
		return visit(value)
	}, `SELECT value FROM personal WHERE recorded_us < $1 AND kind = $2`, int64(before), kind)
}

// Search returns the commitments to a value, oldest first: to a plate in any
// spelling (border.PlateKey), to other values as they were given. Nothing is
// found by a plate that has no letter and no digit.
func (l *Ledger) Search(ctx context.Context, kind, value string) (commitments []string, err error) {
	if kind == kindPlate && border.PlateKey(value) == "" {
		return nil, nil
	}
	rows, err := l.db.read.QueryContext(ctx, `SELECT commitment FROM personal WHERE search = $1 ORDER BY recorded_us, commitment`, l.searched(kind, value))
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
// index, and returns how many there were of each kind. The entries, their
// proofs and the checkpoints stand. Call Sweep after the batch. Copies in
// backups and the database's own archives are the operator's to erase.
func (b *Batch) Erase(ctx context.Context, commitments ...string) (erased map[string]int64, err error) {
	erased = map[string]int64{}
	for _, commitment := range commitments {
		if err := b.erase(ctx, erased, `DELETE FROM personal WHERE commitment = $1 RETURNING kind`, commitment); err != nil {
			return nil, err
		}
	}
	return erased, nil
}

// EraseBefore is Erase for the values of a kind that were recorded before a
// time: the end of a retention term. The kind "" is every kind.
func (b *Batch) EraseBefore(ctx context.Context, kind string, before border.Time) (erased map[string]int64, err error) {
	erased = map[string]int64{}
	return erased, b.erase(ctx, erased, `DELETE FROM personal WHERE recorded_us < $1 AND ($2 = '' OR kind = $2) RETURNING kind`, int64(before), kind)
}

func (b *Batch) erase(ctx context.Context, erased map[string]int64, query string, args ...any) error {
	rows, err := b.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			return err
		}
		erased[kind]++
	}
	return rows.Err()
}

// Sweep drops what the database itself keeps of values that were erased. An
// error means that a trace may be left; sweeping again removes it.
func (l *Ledger) Sweep(ctx context.Context) error {
	if l.db.dialect != goose.DialectSQLite3 {
		_, err := l.db.write.ExecContext(ctx, `VACUUM personal`)
		return err
	}
	var busy, frames, moved int
	err := l.db.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	if err == nil && busy != 0 {
		err = fmt.Errorf("the write-ahead log of %s is being read and could not be emptied", l.db.name)
	}
	return err
}

// Erase is Batch.Erase alone, with Sweep.
func (l *Ledger) Erase(ctx context.Context, commitments ...string) (n int64, err error) {
	return l.eraseAlone(ctx, func(b *Batch) (map[string]int64, error) { return b.Erase(ctx, commitments...) })
}

// EraseBefore is Batch.EraseBefore alone, with Sweep.
func (l *Ledger) EraseBefore(ctx context.Context, kind string, before border.Time) (n int64, err error) {
	return l.eraseAlone(ctx, func(b *Batch) (map[string]int64, error) { return b.EraseBefore(ctx, kind, before) })
}

func (l *Ledger) eraseAlone(ctx context.Context, erase func(*Batch) (map[string]int64, error)) (n int64, err error) {
	var erased map[string]int64
	_, err = l.Write(ctx, func(b *Batch) error {
		erased, err = erase(b)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, of := range erased {
		n += of
	}
	return n, l.Sweep(ctx)
}
