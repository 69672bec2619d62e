package ledger_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"landport/ledger"
)

func TestFollowers(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		t.Run("two holders do once what one would", func(t *testing.T) { followsOnce(t, e) })
		t.Run("what fails is done again", func(t *testing.T) { followsAgain(t, e) })
	})
}

// effects is a room whose table holds what a follower did.
func effects() ledger.Migrations {
	files := func(integer string) fs.FS {
		return fstest.MapFS{"00001_effects.sql": {Data: []byte("-- +goose Up\nCREATE TABLE effects (seq " + integer + " PRIMARY KEY, holder text NOT NULL);\n")}}
	}
	return ledger.Migrations{Room: "effects", SQLite: files("INTEGER"), Postgres: files("bigint")}
}

// record is a follower that writes down what it was handed, and by whom.
func record(holder string) ledger.Take {
	return func(_ context.Context, entries []ledger.Entry) (func(context.Context, *sql.Tx) error, error) {
		return func(ctx context.Context, tx *sql.Tx) error {
			for _, e := range entries {
				if _, err := tx.ExecContext(ctx, `INSERT INTO effects (seq, holder) VALUES ($1, $2)`, e.Seq, holder); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}
}

// effected waits until n entries were followed, and returns by whom.
func effected(t *testing.T, db *sql.DB, n int) (holders []string) {
	t.Helper()
	for range 400 {
		rows, err := db.QueryContext(t.Context(), `SELECT holder FROM effects ORDER BY seq`) //nolint:sqlclosecheck // Next closes it
		if err != nil {
			t.Fatal(err)
		}
		holders = nil
		for rows.Next() {
			var holder string
			if err := rows.Scan(&holder); err != nil {
				t.Fatal(err)
			}
			holders = append(holders, holder)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if len(holders) == n {
			return holders
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%d entries were followed, not %d", len(holders), n)
	return nil
}

func followsOnce(t *testing.T, e engine) {
	t.Helper()
	c := config(e.url(t))
	c.Rooms = []ledger.Migrations{effects()}
	l := open(t, c)
	var running sync.WaitGroup
	stops := map[string]context.CancelFunc{}
	for _, holder := range []string{"first", "second"} {
		replica := open(t, c)
		ctx, stop := context.WithCancel(t.Context())
		stops[holder] = stop
		running.Go(func() {
			if err := replica.Follow(ctx, "effects", holder, record(holder)); !errors.Is(err, context.Canceled) {
				t.Errorf("%s stops with %v", holder, err)
			}
		})
	}
	for range 20 {
		write(t, l, 40)
	}
	db := raw(t, c.URL)
	holders := effected(t, db, 800)
	leader := holders[799]
	if slices.Contains(holders, "first") && slices.Contains(holders, "second") {
		t.Error("both holders were handed entries, although neither stopped")
	}

	stops[leader]()
	write(t, l, 1)
	if holders := effected(t, db, 801); holders[800] == leader {
		t.Errorf("%s was handed an entry after it stopped", leader)
	}

	tamper(t, c.URL, `UPDATE followers SET holder = 'dead', lease_until_us = $1`, time.Now().Add(time.Second).UnixMicro())
	died := time.Now()
	write(t, l, 1)
	if effected(t, db, 802); time.Since(died) < 900*time.Millisecond {
		t.Errorf("a lease was broken after %v", time.Since(died))
	}
	for _, stop := range stops {
		stop()
	}
	running.Wait()
}

func followsAgain(t *testing.T, e engine) {
	t.Helper()
	c := config(e.url(t))
	c.Rooms = []ledger.Migrations{effects()}
	l := open(t, c)
	write(t, l, 3)
	trouble := errors.New("trouble")
	err := l.Follow(t.Context(), "effects", "one", func(ctx context.Context, entries []ledger.Entry) (func(context.Context, *sql.Tx) error, error) {
		write, err := record("one")(ctx, entries)
		return func(ctx context.Context, tx *sql.Tx) error { return errors.Join(write(ctx, tx), trouble) }, err
	})
	if !errors.Is(err, trouble) {
		t.Errorf("Follow returns %v, not what the function returned", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := l.Follow(ctx, "effects", "two", record("two")); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	if holders := effected(t, raw(t, c.URL), 3); !slices.Equal(holders, []string{"two", "two", "two"}) {
		t.Errorf("followed by %v", holders)
	}
	stop()
	running.Wait()
}

func TestPersonalValues(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c, verifier := signed(t, config(e.url(t)))
		l := open(t, c)
		const plate = "2A-1234 ភ្នំពេញ"
		var commitments []string
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for _, value := range []string{plate, plate, "3B-9999"} {
				commitment := b.Personal("plate", value)
				commitments = append(commitments, commitment)
				entry := fact(1)
				entry.Data = []byte(`{"plate":"` + commitment + `"}`)
				b.Append(entry)
			}
			b.Personal("phone", "+855 12 345 678")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if commitments[0] == commitments[1] || len(commitments[0]) != 64 {
			t.Errorf("commitments to one value are %v", commitments[:2])
		}
		if kind, value, ok, err := l.Reveal(t.Context(), commitments[0]); kind != "plate" || value != plate || !ok || err != nil {
			t.Errorf("revealed %q %q %v %v", kind, value, ok, err)
		}
		found, err := l.Search(t.Context(), "plate", plate)
		slices.Sort(found)
		if want := slices.Sorted(slices.Values(commitments[:2])); !slices.Equal(found, want) || err != nil {
			t.Errorf("found %v, %v, not %v", found, err, want)
		}
		if found, err := l.Search(t.Context(), "name", plate); len(found) > 0 || err != nil {
			t.Errorf("of another kind found %v, %v", found, err)
		}
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error { b.Personal("name", "\x00"); return nil }); err == nil {
			t.Error("a value no database can hold is accepted")
		}
		proof, err := l.Proof(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}

		if n, err := l.Erase(t.Context(), commitments[0], commitments[1], "unknown"); n != 2 || err != nil {
			t.Errorf("erased %d, %v", n, err)
		}
		if _, value, ok, err := l.Reveal(t.Context(), commitments[0]); ok || err != nil {
			t.Errorf("after erasure revealed %q: %v", value, err)
		}
		if found, err := l.Search(t.Context(), "plate", plate); len(found) > 0 || err != nil {
			t.Errorf("after erasure found %v, %v", found, err)
		}
		if file, ok := strings.CutPrefix(c.URL, "sqlite:"); ok {
			left, err := filepath.Glob(file + "*")
			for _, name := range left {
				if data, errRead := os.ReadFile(name); err != nil || errRead != nil || bytes.Contains(data, []byte(plate)) {
					t.Errorf("%s still holds the value, or cannot be read: %v", name, errRead)
				}
			}
		}
		if n, err := l.EraseBefore(t.Context(), "phone", 1<<60); n != 1 || err != nil {
			t.Errorf("erased %d phones, %v", n, err)
		}
		if n, err := l.EraseBefore(t.Context(), "", 1000); n != 0 || err != nil {
			t.Errorf("erased %d values before there were any, %v", n, err)
		}
		if n, err := l.EraseBefore(t.Context(), "", 1<<60); n != 1 || err != nil {
			t.Errorf("erased %d, %v", n, err)
		}

		again, err := l.Proof(t.Context(), 1)
		if err != nil || !bytes.Equal(proof, again) {
			t.Errorf("after erasure the proof is another: %v", err)
		}
		if report := verified(t, c.URL, nil, verifier); len(report.Damage) > 0 || report.Personal != 0 {
			t.Errorf("after erasure Verify says %s", words(report.Damage))
		}
	})
}
