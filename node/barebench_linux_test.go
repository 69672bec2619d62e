package node

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"landport/ledger"
)

// written are the tables that commands leave rows in, and the order in which a
// node puts them there: what comes in the order of its key costs less.
var written = [...]struct{ table, order string }{
	{"entries", "seq"}, {"subtrees", "n, level"}, {"commands", "first_seq"}, {"node_entries", "seq"}, {"node_names", "visit"},
}

// bareLoop is what it took to write rows and compute nothing.
type bareLoop struct {
	took, used     time.Duration
	turns          int // transactions
	entries, bytes int64
}

// rewrite writes the rows of one ledger into another's tables.
func rewrite(b *testing.B, from, to string, open func(string) (*ledger.Ledger, *Node)) (out bareLoop) {
	b.Helper()
	source := plain(b, from)
	if err := source.QueryRowContext(b.Context(), `SELECT turn, size FROM head`).Scan(&out.turns, &out.entries); err != nil {
		b.Fatal(err)
	}
	rows := map[string][][]any{}
	for _, w := range written {
		rows[w.table] = readAll(b, source, w.table+" ORDER BY "+w.order)
	}
	l, _ := open(to) // makes the tables
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	target := plain(b, to)
	out.bytes = max(1, sizeOf(b, source, from)-sizeOf(b, target, to)) // a single input may find room in a page
	for _, w := range written {                                       // the entry by which a ledger begins is among the rows to write
		//nolint:gosec // the names are this file's own
		if _, err := target.ExecContext(b.Context(), "DELETE FROM "+w.table); err != nil {
			b.Fatal(err)
		}
	}
	target.SetMaxOpenConns(2) // one to prepare statements while the other is in a transaction
	in := inserter{db: target, most: 128, prepared: map[string]*sql.Stmt{}}
	if strings.HasPrefix(to, "sqlite:") {
		in.most = 32
		for _, pragma := range []string{"journal_mode = WAL", "synchronous = FULL"} {
			if _, err := target.ExecContext(b.Context(), "PRAGMA "+pragma); err != nil {
				b.Fatal(err)
			}
		}
	}
	began, before := time.Now(), processor(b)
	for turn := range out.turns {
		tx, err := target.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, w := range written {
			all := rows[w.table]
			in.insert(b, tx, w.table, all[len(all)*turn/out.turns:len(all)*(turn+1)/out.turns])
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	out.took, out.used = time.Since(began), processor(b)-before
	return out
}

func plain(b *testing.B, url string) *sql.DB {
	b.Helper()
	driver, name := "pgx", url
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, name = "sqlite", file
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// sizeOf is how many bytes a database takes on disk, with its indexes and what
// SQLite has yet to move out of its journal.
func sizeOf(b *testing.B, db *sql.DB, url string) (bytes int64) {
	b.Helper()
	file, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		if err := db.QueryRowContext(b.Context(), `SELECT pg_database_size(current_database())`).Scan(&bytes); err != nil {
			b.Fatal(err)
		}
		return bytes
	}
	for _, f := range []string{file, file + "-wal"} {
		if info, err := os.Stat(f); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

func readAll(b *testing.B, db *sql.DB, from string) (out [][]any) {
	b.Helper()
	rows, err := db.QueryContext(b.Context(), `SELECT * FROM `+from) //nolint:gosec,unqueryvet // names of ours, and every column is copied
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	columns, err := rows.Columns()
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
		row, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			b.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}

// inserter inserts rows by statements prepared once: as many rows to each as is
// fastest on the engine.
type inserter struct {
	db       *sql.DB
	most     int
	prepared map[string]*sql.Stmt
}

func (in *inserter) insert(b *testing.B, tx *sql.Tx, table string, rows [][]any) {
	b.Helper()
	for len(rows) > 0 {
		n := in.most
		for n > len(rows) {
			n /= 2
		}
		var args []any
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		key := fmt.Sprint(table, n)
		if in.prepared[key] == nil {
			var groups []string
			for i := range n {
				var group []string
				for j := range rows[0] {
					group = append(group, in.parameter(i*len(rows[0])+j+1))
				}
				groups = append(groups, "("+strings.Join(group, ",")+")")
			}
			stmt, err := in.db.PrepareContext(b.Context(), `INSERT INTO `+table+` VALUES `+strings.Join(groups, ",")) //nolint:gosec,sqlclosecheck // names of ours; the database closes it
			if err != nil {
				b.Fatal(err)
			}
			in.prepared[key] = stmt
		}
		if _, err := tx.StmtContext(b.Context(), in.prepared[key]).ExecContext(b.Context(), args...); err != nil { //nolint:sqlclosecheck // the transaction closes it
			b.Fatal(err)
		}
		rows = rows[n:]
	}
}

// parameter writes the n-th parameter: SQLite looks numbered ones up one by one.
func (in *inserter) parameter(n int) string {
	if in.most == 32 {
		return "?"
	}
	return fmt.Sprintf("$%d", n)
}
