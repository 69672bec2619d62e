package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// scan is what is found page by page in a file of SQLite, of the one table
// whose rows have that shape.
type scan struct {
	head       func(h Head, frontier []byte) error
	entry      func(e *Entry, leaf tlog.Hash) error
	subtree    func(level, n int64, hash []byte) error
	checkpoint func(epoch, size int64, text string) error
	command    func(id string, request []byte, first, entries int64, answer string) error
	personal   func(commitment, kind, value string, secret []byte, recorded int64) error
}

// row hands on a row of one of the ledger's tables.
func (s *scan) row(rowid int64, row []any) error {
	switch shape(row) {
	case "ntiiibib", "ntiiibibi":
		var h Head
		var epoch, recorded int64
		var one int64
		var frontier []byte
		into(row[:6], &one, &h.Origin, &epoch, &h.Size, &recorded, &frontier)
		h.Epoch, h.Recorded = int(epoch), border.Time(recorded)
		return s.head(h, frontier)
	case "niittttititb":
		var e Entry
		var seq, recorded, occurred, version int64
		var data string
		var leaf []byte
		into(row, &seq, &recorded, &occurred, &e.Post, &e.Actor, &e.OnBehalfOf, &e.Command, &e.Cause, &e.Kind, &version, &data, &leaf)
		if rowid < 1 || len(leaf) != tlog.HashSize {
			return nil
		}
		e.Seq, e.Recorded, e.Occurred, e.Version, e.Data = rowid, border.Time(recorded), border.Time(occurred), int(version), []byte(data)
		return s.entry(&e, tlog.Hash(leaf))
	case "iib":
		var level, n int64
		var hash []byte
		into(row, &level, &n, &hash)
		return s.subtree(level, n, hash)
	case "iit":
		var epoch, size int64
		var text string
		into(row, &epoch, &size, &text)
		return s.checkpoint(epoch, size, text)
	case "tbiit":
		var id, answer string
		var request []byte
		var first, entries int64
		into(row, &id, &request, &first, &entries, &answer)
		return s.command(id, request, first, entries, answer)
	case "tttbbi":
		var commitment, kind, value string
		var secret, search []byte
		var recorded int64
		into(row, &commitment, &kind, &value, &secret, &search, &recorded)
		return s.personal(commitment, kind, value, secret, recorded)
	}
	return nil
}

// Rebuild copies what can be read of a ledger whose SQLite file is damaged,
// page by page, into a new file that takes its place. The damaged file, with
// its write-ahead log, stays beside it as it was: aside is its name. Nobody may
// have the ledger open.
//
// lost says what nobody can count that was in the file. If it is empty, what
// Verify finds missing in the new file is all that was lost: Recover takes it
// from there, and where nothing is missing the ledger goes on as it was. What
// is made of the entries, such as snapshots and views, is not copied.
//
// Errors are ErrHeld, or say that nothing was done. PostgreSQL's files are for
// PostgreSQL to mend.
func Rebuild(ctx context.Context, c Config) (aside string, lost []*Damage, err error) {
	file, ok := strings.CutPrefix(c.URL, "sqlite:")
	if !ok {
		return "", nil, errors.New("PostgreSQL cannot read a part of its own files: restore a backup, or recover a copy of the database in which it passes over the damage (zero_damaged_pages)")
	}
	held := openSQLite(file+".lock", "_pragma=busy_timeout(0)")
	held.SetMaxOpenConns(1)
	defer held.Close() //nolint:errcheck // it was only a lock
	if _, err := held.ExecContext(ctx, string(holdAlone)); err != nil {
		return "", nil, fmt.Errorf("%w: %s is open in another process; stop that one", ErrHeld, file)
	}
	old, err := connectReadOnly(ctx, c.URL)
	if err == nil {
		lost, _, err = old.structure(ctx)
		err = errors.Join(err, old.close())
	} else if _, bad := spoilt(err); bad {
		lost, err = []*Damage{{What: contentsGone}}, nil
	}
	if err != nil {
		return "", nil, err
	}
	fresh := file + ".rebuilt"
	undo := func() {
		for _, end := range []string{"", "-wal", "-shm", ".migrating"} {
			_ = os.Remove(fresh + end) // what is not there need not go
		}
	}
	undo()
	defer undo()
	if err := copyPages(ctx, c, file, fresh); err != nil {
		return "", nil, err
	}
	aside, err = exchange(file, fresh)
	return aside, lost, err
}

// exchange puts a new file in the place of one that is kept under another name.
func exchange(file, fresh string) (aside string, err error) {
	for n := 1; ; n++ {
		aside = fmt.Sprintf("%s.damaged-%d", file, n)
		if _, err := os.Stat(aside); err != nil {
			break
		}
	}
	// The old file has both names until the new one takes its place.
	for _, end := range []string{"-wal", ""} {
		if err := os.Link(file+end, aside+end); err != nil && (end == "" || !errors.Is(err, os.ErrNotExist)) {
			return "", err
		}
	}
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(file + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	if err := os.Rename(fresh, file); err != nil {
		return "", err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return "", err
	}
	return aside, errors.Join(dir.Sync(), dir.Close())
}

// copyPages makes a ledger of what is found in the pages of another's file.
func copyPages(ctx context.Context, c Config, file, fresh string) error {
	p, err := openPages(file)
	if err != nil {
		return err
	}
	defer p.close()
	c.URL, c.Beside, c.Rooms = "sqlite:"+fresh, true, nil
	l, err := open(ctx, c)
	if err != nil {
		return err
	}
	err = l.transact(ctx, true, func(tx *sql.Tx) error {
		w := &rebuilding{ctx: ctx, l: l, tx: tx}
		s := w.scan(c.Origin)
		if err := p.each(s.row); err != nil {
			return err
		}
		return w.finish()
	})
	return errors.Join(err, l.Close())
}

type rebuilding struct {
	ctx      context.Context //nolint:containedctx // it lives as long as copyPages
	l        *Ledger
	tx       *sql.Tx
	known    bool // the head row was found
	head     Head
	frontier []byte
}

func (w *rebuilding) exec(query string, args ...any) error {
	stmt, err := w.l.stmt(w.ctx, w.l.db.write, query)
	if err != nil {
		return err
	}
	_, err = w.tx.StmtContext(w.ctx, stmt).ExecContext(w.ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	return err
}

// scan writes what is found. Of what stands twice, what fits its hash counts.
func (w *rebuilding) scan(origin string) scan {
	return scan{
		head: func(h Head, frontier []byte) error {
			if h.Origin == origin && (!w.known || h.Size > w.head.Size) {
				w.known, w.head, w.frontier = true, h, append([]byte{}, frontier...)
			}
			return nil
		},
		entry: func(e *Entry, leaf tlog.Hash) error {
			verb := `INSERT OR IGNORE`
			if e.Hash() == leaf {
				verb = `INSERT OR REPLACE`
			}
			return w.exec(verb+` INTO entries (`+entryColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
				e.Seq, int64(e.Recorded), int64(e.Occurred), e.Post, e.Actor, e.OnBehalfOf, e.Command, e.Cause, e.Kind, e.Version, string(e.Data), leaf[:])
		},
		subtree: func(level, n int64, hash []byte) error {
			return w.exec(`INSERT OR IGNORE INTO subtrees (level, n, hash) VALUES (?,?,?)`, level, n, hash)
		},
		checkpoint: func(epoch, size int64, text string) error {
			if at, err := ParseCheckpoint([]byte(text), nil); err != nil || at.Origin != origin {
				return nil //nolint:nilerr // it is another table's row, or damaged
			}
			return w.exec(`INSERT OR IGNORE INTO checkpoints (epoch, size, note) VALUES (?,?,?)`, epoch, size, text)
		},
		command: func(id string, request []byte, first, entries int64, answer string) error {
			return w.exec(`INSERT OR IGNORE INTO commands (id, request, first_seq, entries, answer) VALUES (?,?,?,?,?)`, id, request, first, entries, answer)
		},
		personal: func(commitment, kind, value string, secret []byte, recorded int64) error {
			if !committed(commitment, kind, value, secret) {
				return nil
			}
			return w.exec(`INSERT OR IGNORE INTO personal (commitment, kind, value, secret, search, recorded_us) VALUES (?,?,?,?,?,?)`,
				commitment, kind, value, secret, w.l.searched(kind, value), recorded)
		},
	}
}

// finish writes the head as it was, and the tree, if every entry is there;
// otherwise the tree stays as it was found, for Recover to tell what it was.
func (w *rebuilding) finish() error {
	var count, last, recorded int64
	if err := w.tx.QueryRowContext(w.ctx, `SELECT COUNT(*), COALESCE(MAX(seq), 0), COALESCE(MAX(recorded_us), 0) FROM entries`).Scan(&count, &last, &recorded); err != nil {
		return err
	}
	if !w.known { // a frontier that does not fit says so
		w.head, w.frontier = Head{Epoch: 1, Size: last, Recorded: border.Time(recorded)}, []byte{0}
	}
	if err := w.exec(`UPDATE head SET epoch = ?, size = ?, recorded_us = ?, frontier = ?`, w.head.Epoch, w.head.Size, int64(w.head.Recorded), w.frontier); err != nil {
		return err
	}
	if count != last || last != w.head.Size {
		return nil
	}
	if err := w.exec(`DELETE FROM subtrees`); err != nil {
		return err
	}
	return w.tree()
}

// tree makes the tree over the entries as they stand.
func (w *rebuilding) tree() error {
	b := newBatch(w.l)
	b.tx = w.tx
	for {
		rows, err := w.tx.QueryContext(w.ctx, `SELECT leaf FROM entries WHERE seq > ? ORDER BY seq LIMIT 10000`, b.tree.size)
		if err != nil {
			return err
		}
		leaves, err := scanLeaves(rows)
		if err != nil || len(leaves) == 0 {
			return err
		}
		for _, leaf := range leaves {
			b.push(leaf)
		}
		if err := b.insertAll(w.ctx); err != nil {
			return err
		}
	}
}

func scanLeaves(rows *sql.Rows) (leaves []tlog.Hash, err error) {
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var leaf []byte
		if err := rows.Scan(&leaf); err != nil {
			return nil, err
		}
		leaves = append(leaves, tlog.Hash(leaf))
	}
	return leaves, rows.Err()
}
