package ledger_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"landport/border"
	"landport/ledger"
	"landport/ledger/pgtest"
)

// engine is one of the databases the suite runs on.
type engine struct {
	name string
	url  func(t testing.TB) string             // of a database that does not exist or is empty
	copy func(t testing.TB, url string) string // of a copy of one that nobody has open
}

// onBoth runs a test on each engine, side by side. Ledgers in it are told apart
// by URL alone.
func onBoth(t *testing.T, test func(t *testing.T, e engine)) {
	t.Helper()
	server := postgres(t)
	for _, e := range []engine{{"SQLite", newFile, copyFile}, {"PostgreSQL", server.Database, server.Copy}} {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

// cluster is the one PostgreSQL of all tests here.
var cluster pgtest.Shared

func postgres(t testing.TB) *pgtest.Server {
	t.Helper()
	return cluster.Start(t)
}

func newFile(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "ledger.db")
}

func copyFile(t testing.TB, url string) string {
	t.Helper()
	data, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	copied := newFile(t)
	if err := os.WriteFile(strings.TrimPrefix(copied, "sqlite:"), data, 0o600); err != nil { //nolint:gosec // a temporary directory
		t.Fatal(err)
	}
	return copied
}

const origin = "bavet.kh"

func config(url string) ledger.Config {
	now := border.Time(1_700_000_000_000_000)
	return ledger.Config{URL: url, Origin: origin, Shared: true, Clock: func() border.Time { now += 1000; return now }}
}

// signed gives a config a new key, and returns what checks its signatures.
func signed(t testing.TB, c ledger.Config) (ledger.Config, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, c.Origin)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	c.Key = private
	return c, verifier
}

func open(t testing.TB, c ledger.Config) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// fact is an entry like the gate's; n makes it one of its own.
func fact(n int) ledger.Entry {
	return ledger.Entry{
		Occurred: border.Time(1_700_000_000_000_000 + int64(n)), Post: "KHBVT", Actor: "officer-7", OnBehalfOf: "kh.customs",
		Command: fmt.Sprintf("c-%d", n), Kind: "gate.called", Version: 1,
		Data: fmt.Appendf(nil, `{"visit":%d,"place":"មធ្យម <&> 平"}`, n),
	}
}

// write appends n facts in one batch.
func write(t testing.TB, l *ledger.Ledger, n int) ledger.Head {
	t.Helper()
	head, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		for range n {
			b.Append(fact(int(b.Head().Size) + 1))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func all(t testing.TB, l *ledger.Ledger) (entries []ledger.Entry) {
	t.Helper()
	for e, err := range l.Each(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}
