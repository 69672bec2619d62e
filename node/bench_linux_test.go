package node

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"landport/gate"
	"landport/ledger"
	"landport/ledger/pgtest"
	"landport/sim"
)

// BenchmarkDurableInputs hands arrivals and departures to a node from so many
// callers at once, each waiting until its command is durable. In the same run a
// bare loop then writes the very rows that came of it into empty tables of the
// same engine, in as many transactions, and computes nothing: of-bare is how
// fast the node is beside it. p99-fdatasyncs is the 99th percentile of a caller's
// wait in multiples of one fdatasync of this machine.
func BenchmarkDurableInputs(b *testing.B) {
	server := pgtest.Start(b)
	once := fdatasync(b)
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		for _, callers := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/callers=%d", engine, callers), func(b *testing.B) {
				fresh := func() string {
					if engine == "SQLite" {
						return "sqlite:" + filepath.Join(b.TempDir(), "ledger.db")
					}
					return server.Database(b)
				}
				benchDurable(b, fresh, callers, once)
			})
		}
	}
}

func benchDurable(b *testing.B, fresh func() string, callers int, once time.Duration) {
	b.Helper()
	url := fresh()
	open := func(url string) (*ledger.Ledger, *Node) {
		l, err := ledger.Open(b.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Shared: true})
		if err != nil {
			b.Fatal(err)
		}
		n, err := New(b.Context(), Config{Post: part(b, 0), Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		return l, n
	}
	l, n := open(url)
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	var asked atomic.Int64
	waits := make([][]time.Duration, callers)
	used := processor(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			reference := ""
			for {
				i := asked.Add(1)
				if i > int64(b.N) {
					return
				}
				c := Command{ID: fmt.Sprint("c", i), Actor: "o", Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}}
				if reference != "" {
					c.Reference, c.Input = reference, gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}
				}
				began := time.Now()
				a, err := n.Do(context.Background(), c)
				if err != nil && !errors.Is(err, ErrBusy) {
					b.Error(err)
					return
				}
				waits[caller] = append(waits[caller], time.Since(began))
				if reference = a.Reference; c.Reference != "" {
					reference = ""
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	took := b.Elapsed()
	used = processor(b) - used
	cancel()
	<-n.Done()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	sorted := slices.Sorted(slices.Values(slices.Concat(waits...)))
	b.ReportMetric(float64(b.N)/took.Seconds(), "inputs/s")
	b.ReportMetric(float64(sorted[len(sorted)*99/100])/float64(once), "p99-fdatasyncs")
	bare, bareUsed, turns, entries, bytes := rewrite(b, url, fresh(), open)
	b.ReportMetric(float64(bareUsed)/float64(used), "processor-of-bare")
	b.ReportMetric(float64(b.N)/float64(turns), "inputs/commit")
	b.ReportMetric(float64(bare)/float64(took), "of-bare")
	b.ReportMetric(float64(entries)/float64(b.N), "facts/input")
	b.ReportMetric(float64(bytes)/float64(entries), "bytes/fact")
}

// written are the tables that commands leave rows in.
var written = [...]string{"entries", "subtrees", "commands", "node_entries", "node_names"}

// rewrite writes the rows of one ledger into another's tables and returns how
// long that took.
func rewrite(b *testing.B, from, to string, open func(string) (*ledger.Ledger, *Node)) (took, used time.Duration, turns int, entries, bytes int64) {
	b.Helper()
	source := plain(b, from)
	if err := source.QueryRowContext(b.Context(), `SELECT turn, size FROM head`).Scan(&turns, &entries); err != nil {
		b.Fatal(err)
	}
	rows := map[string][][]any{}
	for _, table := range written {
		rows[table] = readAll(b, source, table)
	}
	l, _ := open(to) // makes the tables
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	target := plain(b, to)
	bytes = sizeOf(b, source, from) - sizeOf(b, target, to)
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
	for turn := range turns {
		tx, err := target.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, table := range written {
			all := rows[table]
			in.insert(b, tx, table, all[len(all)*turn/turns:len(all)*(turn+1)/turns])
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began), processor(b) - before, turns, entries, bytes
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

func readAll(b *testing.B, db *sql.DB, table string) (out [][]any) {
	b.Helper()
	rows, err := db.QueryContext(b.Context(), `SELECT * FROM `+table) //nolint:gosec,unqueryvet // a name of ours, and every column is copied
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

// processor is how much of it this process has used, which says more than time
// where others use it too. What an engine uses in a process of its own is not in it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// fdatasync is how long this machine takes to make a page durable.
func fdatasync(b *testing.B) time.Duration {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nobody reads it
	page := make([]byte, 4096)
	const times = 200
	began := time.Now()
	for range times {
		if _, err := file.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began) / times
}

// mostFactsAtStart is up to how many facts BenchmarkStart has a node begin with.
var mostFactsAtStart = flag.Int64("facts", 1_000_000, "how many facts BenchmarkStart goes up to")

// BenchmarkStart opens a node on a ledger of many entries: from a snapshot, and
// replaying everything.
func BenchmarkStart(b *testing.B) {
	for entries := int64(100_000); entries <= *mostFactsAtStart; entries *= 10 {
		m := part(b, 0)
		l, err := ledger.Open(b.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(b.TempDir(), "ledger.db"), Origin: "bavet.kh"})
		if err != nil {
			b.Fatal(err)
		}
		c := Config{Post: m, Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)}
		fillUp(b, l, m, entries)
		n, err := New(b.Context(), c) // makes the index
		if err != nil {
			b.Fatal(err)
		}
		start := func(b *testing.B) {
			b.Helper()
			for b.Loop() {
				if _, err := New(b.Context(), c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/start")
		}
		b.Run(fmt.Sprintf("facts=%d/replay", entries), start)
		n.keepSnapshot(b.Context(), 1)
		b.Run(fmt.Sprintf("facts=%d/snapshot", entries), start)
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// fillUp writes what a simulated post does into a ledger, until it has so many
// entries.
func fillUp(b *testing.B, l *ledger.Ledger, m *sim.Model, entries int64) {
	b.Helper()
	w := sim.NewWorld(m, 1, 0)
	for written := int64(0); written < entries; {
		var facts []gate.Fact
		for len(facts) < 20_000 {
			facts = append(facts, w.Step()...)
		}
		facts = facts[:min(int64(len(facts)), entries-written)]
		state(b, l, m, facts)
		written += int64(len(facts))
	}
}
