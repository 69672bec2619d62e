package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

// spoilt tells whether an error is that the database's own files cannot be
// read, and why.
func spoilt(err error) (why string, ok bool) {
	// https://www.sqlite.org/rescode.html: CORRUPT, NOTADB, and of IOERR those
	// of reading.
	if said, is := errors.AsType[*sqlite.Error](err); is {
		code := said.Code()
		return strings.Join(strings.Fields(said.Error()), " "), code&0xff == 11 || code == 26 || code == 266 || code == 522
	}
	if said, is := errors.AsType[*pgconn.PgError](err); is { // data_corrupted, index_corrupted, undefined_file, io_error
		return said.Message, slices.Contains([]string{"XX001", "XX002", "58P01", "58030"}, said.Code)
	}
	return "", false
}

// What to do next about damage, and where the database's own files are.
const (
	adviceOnDamage = "stop its nodes and put a copy aside; then landport verify names all that is damaged, and landport recover goes on with what is not"
	adviceOnFiles  = "stop its nodes and put a copy of the server's directory aside; PostgreSQL is to mend its files, or restore a backup into another database"
)

// condemn says of damage what to do about it; other errors it hands on.
func (d *database) condemn(err error) error {
	_, bad := spoilt(err)
	if !bad && !errors.As(err, new(*Damage)) || errors.Is(err, ErrDamaged) {
		return err
	}
	advice := adviceOnDamage
	if bad && d.dialect == goose.DialectPostgres {
		advice = adviceOnFiles
	}
	return fmt.Errorf("the ledger in %s is %w: %w; %s", d.name, ErrDamaged, err, advice)
}

// Condemn words an error that came of reading the ledger or tables beside it:
// of damage it says what to do next, and is ErrDamaged.
func (l *Ledger) Condemn(err error) error { return l.db.condemn(err) }

// What is lost where the tables cannot be read that nothing else tells of.
// Other tables are made anew from the entries.
var irreplaceable = []struct{ table, what string }{
	{"head", "the head row cannot be read"},
	{"commands", "of what commands came to, a part cannot be read: what followed from one the entries tell, but one that nothing followed from, such as a refusal, is decided anew when it is handed in again"},
	{"personal", "of the personal values, a part cannot be read"},
	{"checkpoints", "of the checkpoints in the database, a part cannot be read"},
}

const contentsGone = "the file's header or its list of tables cannot be read, so that nobody knows whether all that was there can be"

// structure has SQLite check its file, and says in sentences what is damaged:
// what nothing else tells of, and tables that are made anew from the entries.
// Entries are for others to look at.
func (d *database) structure(ctx context.Context) (lost, derived []*Damage, err error) {
	if d.dialect != goose.DialectSQLite3 {
		return nil, nil, nil
	}
	tables := map[string]bool{} // that are damaged
	roots, err := d.roots(ctx)
	if err == nil {
		err = d.check(ctx, roots, tables)
	}
	if _, bad := spoilt(err); bad && len(tables) == 0 {
		return []*Damage{{What: contentsGone}}, nil, nil
	} else if !bad && err != nil {
		return nil, nil, err
	}
	for _, t := range irreplaceable {
		if tables[t.table] {
			lost = append(lost, &Damage{What: t.what})
			delete(tables, t.table)
		}
	}
	delete(tables, "entries")
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		derived = append(derived, &Damage{What: name + " cannot be read, or not wholly; landport recover makes it anew from the entries"})
	}
	return lost, derived, nil
}

// roots names tables, and their indexes, by the page they begin at.
func (d *database) roots(ctx context.Context) (map[int64]string, error) {
	rows, err := d.read.QueryContext(ctx, `SELECT rootpage, type, name, tbl_name FROM sqlite_schema WHERE rootpage > 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	roots := map[int64]string{}
	for rows.Next() {
		var root int64
		var kind, name, table string
		if err := rows.Scan(&root, &kind, &name, &table); err != nil {
			return nil, err
		}
		roots[root] = "the table " + name
		if kind == "index" {
			roots[root] = "the index " + name + " of " + table
		}
		for _, t := range irreplaceable {
			if kind != "index" && name == t.table || name == "entries" {
				roots[root] = name
			}
		}
	}
	return roots, rows.Err()
}

// check notes what SQLite finds in which tables.
func (d *database) check(ctx context.Context, roots map[int64]string, tables map[string]bool) error {
	rows, err := d.read.QueryContext(ctx, `PRAGMA integrity_check(1000)`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var said sql.NullString
		if err := rows.Scan(&said); err != nil {
			return err
		}
		for line := range strings.Lines(said.String) {
			line = strings.TrimSpace(line)
			if found := complained(line, roots); found != "" {
				tables[found] = true
			}
		}
	}
	return rows.Err()
}

// complained names what a line of the check complains of, "" if of nothing.
// https://www.sqlite.org/pragma.html#pragma_integrity_check
func complained(line string, roots map[int64]string) string {
	_, index, ofIndex := strings.Cut(line, " index ")
	switch words := strings.Fields(line); {
	case len(words) > 1 && words[0] == "Tree":
		root, _ := strconv.ParseInt(words[1], 10, 64)
		if name, ok := roots[root]; ok {
			return name
		}
	case line == "ok" || line == "" || strings.HasPrefix(line, "***") || strings.HasPrefix(line, "Page "):
		return "" // a page that nobody uses
	case strings.HasPrefix(line, "Freelist"):
		return "the list of free pages"
	case ofIndex:
		return "the index " + index
	}
	return "the file (" + line + ")"
}
