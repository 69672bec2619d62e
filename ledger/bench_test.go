package ledger_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landport/ledger"
)

// BenchmarkWrite sets Write beside a bare loop that puts the same rows into the
// same tables with the same driver, in the same number of transactions, and
// computes nothing. Both report entries per second.
func BenchmarkWrite(b *testing.B) {
	for _, e := range []engine{{"SQLite", newFile, nil}, {"PostgreSQL", postgres(b).Database, nil}} {
		for _, size := range []int{1, 16, 100, 1000} {
			b.Run(fmt.Sprintf("%s/batch=%d/bare", e.name, size), func(b *testing.B) { benchBare(b, e.url(b), size) })
			b.Run(fmt.Sprintf("%s/batch=%d/ledger", e.name, size), func(b *testing.B) { benchLedger(b, e.url(b), size) })
		}
	}
}

func benchLedger(b *testing.B, url string, size int) {
	b.Helper()
	l := open(b, config(url))
	entries := make([]ledger.Entry, size)
	for i := range entries {
		entries[i] = fact(i)
	}
	for b.Loop() {
		if _, err := l.Write(b.Context(), func(batch *ledger.Batch) error {
			for i := range entries {
				batch.Append(entries[i])
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, size)
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		b.ReportMetric(float64(sizeOf(file))/float64(b.N*size), "bytes/entry")
	}
}

func benchBare(b *testing.B, url string, size int) {
	b.Helper()
	open(b, config(url)) // makes the tables
	db := raw(b, url)
	ctx := context.Background()
	if strings.HasPrefix(url, "sqlite:") {
		db.SetMaxOpenConns(1)
		for _, pragma := range []string{"journal_mode = WAL", "synchronous = FULL"} {
			if _, err := db.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
				b.Fatal(err)
			}
		}
	}
	most, parameter := 128, func(n int) string { return fmt.Sprintf("$%d", n) } // what is fastest on each engine
	if strings.HasPrefix(url, "sqlite:") {
		most, parameter = 32, func(int) string { return "?" }
	}
	rowsOf := func(n int) *sql.Stmt {
		groups := make([]string, n)
		for i := range groups {
			var group []string
			for column := range 12 {
				group = append(group, parameter(i*12+column+1))
			}
			groups[i] = "(" + strings.Join(group, ",") + ")"
		}
		stmt, err := db.PrepareContext(ctx, "INSERT INTO entries VALUES "+strings.Join(groups, ",")) //nolint:gosec // numbers and commas
		if err != nil {
			b.Fatal(err)
		}
		return stmt
	}
	many, rest := rowsOf(most), rowsOf(max(1, size%most))
	leaf, frontier := bytes.Repeat([]byte{7}, 32), bytes.Repeat([]byte{7}, 320)
	e := fact(1)
	data := string(e.Data)
	var seq int64
	for b.Loop() {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			b.Fatal(err)
		}
		for left := size; left > 0; {
			n, stmt := min(left, most), many
			if left < most {
				stmt = rest
			}
			args := make([]any, 0, 12*n)
			for range n {
				seq++
				args = append(args, seq, int64(e.Occurred), int64(e.Occurred), e.Post, e.Actor, e.OnBehalfOf, e.Command, e.Cause, e.Kind, e.Version, data, leaf)
			}
			if _, err := tx.StmtContext(ctx, stmt).ExecContext(ctx, args...); err != nil { //nolint:sqlclosecheck // the transaction closes it
				b.Fatal(err)
			}
			left -= n
		}
		if _, err := tx.ExecContext(ctx, "UPDATE head SET size = $1, recorded_us = $1, frontier = $2", seq, frontier); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, size)
}

func perSecond(b *testing.B, size int) {
	b.Helper()
	b.ReportMetric(float64(b.N)*float64(size)/b.Elapsed().Seconds(), "entries/s")
}

func sizeOf(file string) (bytes int64) {
	for _, name := range []string{file, file + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// BenchmarkFdatasync is what one durable commit costs at least.
func BenchmarkFdatasync(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nobody reads it
	page := make([]byte, 4096)
	for b.Loop() {
		if _, err := file.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify reads and checks a ledger; SHA-256 is what hashing its leaves
// costs by itself.
func BenchmarkVerify(b *testing.B) {
	const size = 50_000
	c := config(newFile(b))
	l := open(b, c)
	for range size / 1000 {
		write(b, l, 1000)
	}
	b.Run("Verify", func(b *testing.B) {
		for b.Loop() {
			if report := verified(b, c.URL, nil, nil); len(report.Damage) > 0 {
				b.Fatal(words(report.Damage))
			}
		}
		perSecond(b, size)
	})
	b.Run("Each", func(b *testing.B) {
		for b.Loop() {
			all(b, l)
		}
		perSecond(b, size)
	})
	b.Run("SHA-256", func(b *testing.B) {
		entry := fact(size)
		leaf := entry.Leaf()
		for b.Loop() {
			for range size {
				sha256.Sum256(leaf)
			}
		}
		perSecond(b, size)
	})
	b.Run("Inclusion", func(b *testing.B) {
		for b.Loop() {
			if _, err := l.Inclusion(b.Context(), size/3, size); err != nil {
				b.Fatal(err)
			}
		}
	})
}
