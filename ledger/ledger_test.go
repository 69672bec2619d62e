package ledger_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"landport/border"
	"landport/ledger"
)

func TestWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		t.Run("entries come back as they were given", func(t *testing.T) { comesBack(t, e) })
		t.Run("recorded times never go back", func(t *testing.T) { neverBack(t, e) })
		t.Run("a batch that fails leaves nothing", func(t *testing.T) { leavesNothing(t, e) })
		t.Run("what cannot be an entry is refused", func(t *testing.T) { refusesEntries(t, e) })
		t.Run("commands are known once done", func(t *testing.T) { knowsCommands(t, e) })
		t.Run("replicas take turns and see each other's entries", func(t *testing.T) { takesTurns(t, e) })
		t.Run("replicas started together make one ledger", func(t *testing.T) { startsTogether(t, e) })
		t.Run("snapshots", func(t *testing.T) { keepsSnapshots(t, e) })
		t.Run("what cannot be opened is refused in a sentence", func(t *testing.T) { refusesOpening(t, e) })
	})
}

func comesBack(t *testing.T, e engine) {
	t.Helper()
	c := config(e.url(t))
	l := open(t, c)
	var given []ledger.Entry
	for _, size := range []int{1, 3, 0, 300, 1000} {
		head, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for range size {
				entry := fact(len(given) + 1)
				entry.Cause = int64(len(given)) // the entry ahead
				entry.Seq = b.Append(entry)
				entry.Recorded = b.Now()
				given = append(given, entry)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if committed, err := l.Head(t.Context()); err != nil || committed != head || head.Size != int64(len(given)) {
			t.Fatalf("after %d entries the batch ends at %+v and the ledger at %+v: %v", len(given), head, committed, err)
		}
	}
	if got := all(t, l); !reflect.DeepEqual(got, given) {
		t.Fatalf("%d entries were given, %d came back, or others", len(given), len(got))
	}
	some, err := l.Entries(t.Context(), 1300, 10)
	if err != nil || !reflect.DeepEqual(some, given[1300:]) {
		t.Errorf("entries after 1300: %d, %v", len(some), err)
	}
	if again := open(t, c); !reflect.DeepEqual(all(t, again), given) {
		t.Error("opened again, the entries are others")
	}
}

func neverBack(t *testing.T, e engine) {
	t.Helper()
	clock := []border.Time{50, 40, 60}
	c := config(e.url(t))
	c.Clock = func() border.Time { now := clock[0]; clock = clock[1:]; return now }
	l := open(t, c)
	for range 3 {
		write(t, l, 1)
	}
	var recorded []border.Time
	for _, entry := range all(t, l) {
		recorded = append(recorded, entry.Recorded)
	}
	if want := []border.Time{50, 50, 60}; !reflect.DeepEqual(recorded, want) {
		t.Errorf("the clock said 50, 40, 60; recorded is %v, not %v", recorded, want)
	}
}

func leavesNothing(t *testing.T, e engine) {
	t.Helper()
	l := open(t, config(e.url(t)))
	before := write(t, l, 5)
	refused := errors.New("refused")
	_, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		b.Append(fact(6))
		b.Done("a", ledger.Outcome{})
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Write returns %v, not what the function returned", err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Write(canceled, func(*ledger.Batch) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("with its context canceled, Write returns %v", err)
	}
	if after, err := l.Head(t.Context()); err != nil || after != before {
		t.Errorf("the head went from %+v to %+v: %v", before, after, err)
	}
	if _, done, err := l.Outcome(t.Context(), "a"); done || err != nil {
		t.Errorf("a command of a batch that failed is done: %v", err)
	}
	if after := write(t, l, 1); after.Size != 6 {
		t.Errorf("the next entry has seq %d, not 6", after.Size)
	}
}

func refusesEntries(t *testing.T, e engine) {
	t.Helper()
	l := open(t, config(e.url(t)))
	for _, test := range []struct {
		what  string
		spoil func(*ledger.Entry)
		want  string
	}{
		{"line break", func(e *ledger.Entry) { e.Post = "KH\nBVT" }, `post "KH\nBVT" has a control character at byte 3`},
		{"NUL", func(e *ledger.Entry) { e.Actor = "\x00" }, "actor"},
		{"C1", func(e *ledger.Entry) { e.OnBehalfOf = "a\u0085" }, "on_behalf_of"},
		{"not UTF-8", func(e *ledger.Entry) { e.Command = "\xff" }, "is not UTF-8"},
		{"no kind", func(e *ledger.Entry) { e.Kind = "" }, "kind is missing"},
		{"no version", func(e *ledger.Entry) { e.Version = 0 }, "version 0"},
		{"cause", func(e *ledger.Entry) { e.Cause = 1 }, "entry 1 cannot follow from entry 1"},
		{"before all", func(e *ledger.Entry) { e.Cause = -1 }, "cause -1"},
		{"not JSON", func(e *ledger.Entry) { e.Data = []byte(`{"a":`) }, "not JSON"},
		{"empty", func(e *ledger.Entry) { e.Data = nil }, "not JSON"},
		{"two lines", func(e *ledger.Entry) { e.Data = []byte("{\n}") }, "line break or control character at byte 2"},
		{"bad string", func(e *ledger.Entry) { e.Data = []byte("\"\xff\"") }, "not JSON text in UTF-8"},
	} {
		_, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			entry := fact(1)
			test.spoil(&entry)
			b.Append(entry)
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Write says %v, not %s", test.what, err, test.want)
		}
	}
}

func knowsCommands(t *testing.T, e engine) {
	t.Helper()
	l := open(t, config(e.url(t)))
	want := ledger.Outcome{Request: sha256.Sum256([]byte("call 7")), First: 1, Entries: 2, Answer: `{"visit":7}`}
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		b.Append(fact(1))
		b.Append(fact(2))
		b.Done("a", want)
		b.Done("b", ledger.Outcome{Answer: "nothing to do"})
		if known, err := b.Commands(t.Context(), []string{"a", "z"}); err != nil || !reflect.DeepEqual(known, map[string]ledger.Outcome{"a": want}) {
			t.Errorf("inside the batch: %v, %v", known, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := l.Outcome(t.Context(), "a"); got != want || !ok || err != nil {
		t.Errorf("outcome is %+v, %v, %v", got, ok, err)
	}
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		ids := []string{"b", "a"}
		for i := range 20_000 {
			ids = append(ids, strings.Repeat("x", i%7)+"?")
		}
		known, err := b.Commands(t.Context(), ids)
		if err == nil && (len(known) != 2 || known["a"] != want || known["b"].Answer != "nothing to do") {
			t.Errorf("known are %v", known)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		what string
		ids  []string
	}{{"done before", []string{"a"}}, {"done twice", []string{"c", "c"}}, {"no id", []string{""}}, {"control", []string{"\n"}}} {
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for _, id := range test.ids {
				b.Done(id, ledger.Outcome{})
			}
			return nil
		}); err == nil {
			t.Errorf("%s: %q is accepted", test.what, test.ids)
		}
	}
}

func takesTurns(t *testing.T, e engine) {
	t.Helper()
	const replicas, batches = 3, 40
	url := e.url(t)
	var together sync.WaitGroup
	for range replicas {
		l := open(t, config(url))
		together.Go(func() {
			var seen int64
			for range batches {
				if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
					missed, err := b.After(t.Context(), seen)
					if err != nil {
						return err
					}
					if len(missed) > 0 {
						seen = missed[len(missed)-1].Seq
					}
					if seen != b.Head().Size {
						t.Errorf("caught up to %d, the head is %d", seen, b.Head().Size)
					}
					seen = b.Append(fact(int(seen) + 1))
					return nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	together.Wait()
	for i, entry := range all(t, open(t, config(url))) {
		if want := fact(i + 1); string(entry.Data) != string(want.Data) {
			t.Fatalf("entry %d was written by one who had not seen the entry ahead: %s", entry.Seq, entry.Data)
		}
	}
}

func startsTogether(t *testing.T, e engine) {
	t.Helper()
	c := config(e.url(t))
	c.Rooms = []ledger.Migrations{effects()}
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			l, err := ledger.Open(t.Context(), c)
			if err == nil {
				_, err = l.Write(t.Context(), func(b *ledger.Batch) error { b.Append(fact(1)); return nil })
				err = errors.Join(err, l.Close())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if n := len(all(t, open(t, c))); n != 4 {
		t.Errorf("four replicas wrote %d entries", n)
	}
}

func keepsSnapshots(t *testing.T, e engine) {
	t.Helper()
	l := open(t, config(e.url(t)))
	if _, ok, err := l.LatestSnapshot(t.Context(), 1); ok || err != nil {
		t.Errorf("a new ledger has a snapshot: %v", err)
	}
	for _, seq := range []int64{3, 9, 27} {
		s := ledger.Snapshot{Seq: seq, Version: 1, Digest: sha256.Sum256([]byte{byte(seq)}), State: []byte{0, byte(seq), 0xff}}
		if err := l.SaveSnapshot(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if got, ok, err := l.LatestSnapshot(t.Context(), 1); !reflect.DeepEqual(got, s) || !ok || err != nil {
			t.Errorf("saved %v, got %v, %v, %v", s, got, ok, err)
		}
	}
	if _, ok, err := l.LatestSnapshot(t.Context(), 2); ok || err != nil {
		t.Errorf("a snapshot of another version is handed out: %v", err)
	}
}

func refusesOpening(t *testing.T, e engine) {
	t.Helper()
	c, _ := signed(t, config(e.url(t)))
	write(t, open(t, c), 1)
	refuse := func(what, want string, spoil func(*ledger.Config)) {
		t.Helper()
		spoiled := c
		spoil(&spoiled)
		if l, err := ledger.Open(t.Context(), spoiled); err == nil {
			t.Errorf("%s: opened, and closed with %v", what, l.Close())
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: Open says %q, not %q", what, err, want)
		}
	}
	refuse("another node's", "holds the ledger of bavet.kh, not of mocbai.vn", func(c *ledger.Config) { c.Origin, c.Key = "mocbai.vn", "" })
	refuse("another node's key", "the signing key belongs to bavet.kh, not to mocbai.vn", func(c *ledger.Config) { c.Origin = "mocbai.vn" })
	refuse("no key", "not a note key", func(c *ledger.Config) { c.Key = "secret" })
	refuse("no name", `"" cannot name a ledger`, func(c *ledger.Config) { c.Origin = "" })
	refuse("a name no key can have", "cannot name a ledger", func(c *ledger.Config) { c.Origin = "Bavet +1" })
	refuse("no such engine", "give sqlite:DIR/ledger.db or postgres://", func(c *ledger.Config) { c.URL = "mysql:x" })
	refuse("nothing", "is not the address of a database", func(c *ledger.Config) { c.URL = "" })
	refuse("a server that is not there", "does not answer: x at 127.0.0.1: connect: connection refused", func(c *ledger.Config) { c.URL = "postgres://127.0.0.1:1/x?connect_timeout=1" })

	db := raw(t, c.URL)
	if _, err := db.ExecContext(t.Context(), `INSERT INTO schema_ledger (version_id, is_applied) VALUES (99, true)`); err != nil {
		t.Fatal(err)
	}
	const newer = "version 99, and this program knows none above 2; run the newer program"
	refuse("a newer version", newer, func(*ledger.Config) {})
	if _, err := ledger.Verify(t.Context(), c.URL, nil, nil, nil); !errors.Is(err, ledger.ErrNewer) || !strings.Contains(err.Error(), newer) {
		t.Errorf("Verify reads a newer version: %v", err)
	}
	file := filepath.Join(t.TempDir(), "backup")
	if _, err := ledger.Backup(t.Context(), c.URL, file); !errors.Is(err, ledger.ErrNewer) {
		t.Errorf("Backup reads a newer version: %v", err)
	}
	empty := e.url(t)
	if err := raw(t, empty).PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if file, ok := strings.CutPrefix(empty, "sqlite:"); ok {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ledger.Verify(t.Context(), empty, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "there is no ledger in ") {
		t.Errorf("of nothing Verify says %v", err)
	}
}

// raw opens the database behind the ledger's back.
func raw(t testing.TB, url string) *sql.DB {
	t.Helper()
	driver, name := "pgx", url
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, name = "sqlite", file+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) //nolint:errcheck,gosec // the test has seen what it wanted
	return db
}

// Who is told to stop while a ledger opens is not told that somebody else has it.
func TestAnOpeningThatIsCalledOff(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := ledger.Open(ctx, config("sqlite:"+filepath.Join(t.TempDir(), "ledger.db"))); !errors.Is(err, context.Canceled) || errors.Is(err, ledger.ErrHeld) {
		t.Errorf("called off: %v", err)
	}
}

func TestADirectoryIsHeld(t *testing.T) {
	c := config("sqlite:" + filepath.Join(t.TempDir(), "new", "ledger.db"))
	shared := open(t, c)
	open(t, c)
	c.Shared = false
	if _, err := ledger.Open(t.Context(), c); !errors.Is(err, ledger.ErrHeld) || !strings.Contains(err.Error(), "is open in another process; stop that one") {
		t.Errorf("opened for itself while shared: %v", err)
	}
	if err := shared.Close(); err != nil {
		t.Error(err)
	}
	c.URL = "sqlite:" + filepath.Join(t.TempDir(), "ledger.db")
	open(t, c)
	for _, c.Shared = range []bool{false, true} {
		if _, err := ledger.Open(t.Context(), c); !errors.Is(err, ledger.ErrHeld) {
			t.Errorf("opened a second time, shared %v: %v", c.Shared, err)
		}
	}
}
