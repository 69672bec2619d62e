package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Of a command that something followed from, the entries tell, too: they name
// it, and stand one behind the other. Of one that nothing followed from, such as
// a refusal, and of what was asked and answered, only its row tells.

// strayEntries are those whose command is not known, or not to have led to them.
const strayEntries = `SELECT e.seq, e.command FROM entries e LEFT JOIN commands c ON c.id = e.command
WHERE e.command <> '' AND (c.id IS NULL OR e.seq < c.first_seq OR e.seq >= c.first_seq + c.entries) ORDER BY e.seq`

// strayCommands are those which name other entries than theirs. Where one was
// lost, nobody knows whose it was.
const strayCommands = `SELECT c.id FROM commands c
LEFT JOIN entries a ON a.seq = c.first_seq LEFT JOIN entries z ON z.seq = c.first_seq + c.entries - 1
WHERE c.entries < 0 OR (c.entries = 0) <> (c.first_seq = 0)
OR c.entries > 0 AND (a.seq IS NULL OR a.command <> c.id AND a.kind <> '` + KindLost + `' OR z.seq IS NULL OR z.command <> c.id AND z.kind <> '` + KindLost + `')`

// VerifyCommands compares what is known of commands with the entries, which are
// sound. It is for ledgers whose writers call Done for every command that they
// append entries of, all in a row, as nodes do.
func VerifyCommands(ctx context.Context, url string) (damage []*Damage, err error) {
	db, err := connectReadOnly(ctx, url)
	if err != nil {
		return nil, err
	}
	defer db.close() //nolint:errcheck // it was only read
	found := map[string]bool{}
	note := func(id, format string, args ...any) {
		if !found[id] {
			damage = append(damage, &Damage{What: fmt.Sprintf(format, args...)})
		}
		found[id] = true
	}
	err = each(ctx, db, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		note(id, "what is known of command %q was altered: other entries followed than it says", id)
		return err
	}, strayCommands)
	if err != nil {
		return nil, err
	}
	err = each(ctx, db, func(rows *sql.Rows) error {
		var seq int64
		var id string
		err := rows.Scan(&seq, &id)
		note(id, "what is known of command %q, which entry %d followed from, is missing or was altered", id, seq)
		return err
	}, strayEntries)
	return damage, err
}

// each goes through the rows of a query.
func each(ctx context.Context, db *database, row func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return db.told(ctx, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return db.told(ctx, rows.Err())
}

// MendCommands has what is known of commands fit the entries again: see
// VerifyCommands. Of a command that is made anew, and altered ones are, the
// request is unknown, all zeros, and the answer empty. Nobody may have the ledger
// open.
func MendCommands(ctx context.Context, c Config, altered ...string) error {
	l, err := open(ctx, c)
	if err != nil {
		return err
	}
	err = l.transact(ctx, true, func(tx *sql.Tx) error {
		for _, id := range altered {
			if _, err := tx.ExecContext(ctx, `DELETE FROM commands WHERE id = $1`, id); err != nil {
				return err
			}
		}
		return mendCommands(ctx, tx)
	})
	return errors.Join(err, l.Close())
}

func mendCommands(ctx context.Context, tx *sql.Tx) error {
	for _, statement := range []string{
		`DELETE FROM commands WHERE id IN (` + strayCommands + `)`,
		`DELETE FROM commands WHERE id IN (SELECT command FROM (` + strayEntries + `) AS stray)`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("what is known of commands cannot be mended: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO commands (id, request, first_seq, entries, answer)
SELECT command, $1, MIN(seq), COUNT(*), '' FROM entries
WHERE command <> '' AND NOT EXISTS (SELECT 1 FROM commands c WHERE c.id = entries.command) GROUP BY command`, []byte{})
	return err
}
