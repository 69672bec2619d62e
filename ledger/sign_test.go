package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"landport/ledger"
)

// rewrite alters an entry and makes every stored hash fit: what somebody can do
// who can write the database and has no key.
func rewrite(t *testing.T, url string, seq int64) {
	t.Helper()
	forge(t, url, seq)
	db := raw(t, url)
	rows, err := db.QueryContext(t.Context(), `SELECT leaf FROM entries ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	var leaves []tlog.Hash
	for rows.Next() {
		var leaf []byte
		if err := rows.Scan(&leaf); err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, tlog.Hash(leaf))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	var frontier []byte
	from := 0
	for run := 1 << 30; run > 0; run >>= 1 {
		if len(leaves)&run != 0 {
			hash := naive(leaves[from : from+run])
			frontier, from = append(frontier, hash[:]...), from+run
		}
	}
	tamper(t, url, `UPDATE head SET frontier = $1`, frontier)
	for n := range len(leaves) / 256 {
		hash := naive(leaves[n*256 : (n+1)*256])
		tamper(t, url, `UPDATE subtrees SET hash = $1 WHERE level = 1 AND n = $2`, hash[:], n)
	}
}

// Who rewrites the past without the key is found out as far as it is signed, and
// of the rest Verify says that nothing protects it.
func TestAPastRewrittenWithoutTheKey(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c, verifier := signed(t, config(e.url(t)))
		fill(t, c)
		l := open(t, c)
		write(t, l, 100)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		report := verified(t, c.URL, nil, verifier)
		if len(report.Damage) > 0 || report.Head.Size != 700 || report.Signed == nil || report.Signed.Size != 600 {
			t.Errorf("sound, Verify says %s and that %+v is signed", words(report.Damage), report.Signed)
		}
		behind := c
		behind.URL = e.copy(t, c.URL)
		rewrite(t, behind.URL, 650)
		if report := verified(t, behind.URL, nil, verifier); len(report.Damage) > 0 || report.Signed.Size != 600 {
			t.Errorf("behind what is signed, Verify says %s and that %+v is signed", words(report.Damage), report.Signed)
		}
		rewrite(t, c.URL, 500)
		if said := words(verified(t, c.URL, nil, verifier).Damage); !strings.Contains(said, "entries 1 to 600 not those of the checkpoint, although they fit each other: the past was written anew") {
			t.Errorf("Verify says %q", said)
		}
		l = open(t, c)
		var damage *ledger.Damage
		if signed, err := l.Checkpoint(t.Context()); !errors.As(err, &damage) || !strings.Contains(err.Error(), "entries 1 to 600 not those that were signed") {
			t.Errorf("a past that was written anew is signed: %s, %v", signed, err)
		}
	})
}

// A node knows what it signed, whatever stands in the database.
func TestACheckpointThatIsTakenAway(t *testing.T) {
	c, _ := signed(t, config(newFile(t)))
	l := open(t, c)
	write(t, l, 600)
	if _, err := l.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	tamper(t, c.URL, `DELETE FROM checkpoints`)
	rewrite(t, c.URL, 500)
	if signed, err := l.Checkpoint(t.Context()); !errors.As(err, new(*ledger.Damage)) {
		t.Errorf("a past that was written anew is signed: %s, %v", signed, err)
	}

	other := c
	other.URL = newFile(t)
	l = open(t, other)
	write(t, l, 600)
	first, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	end := strings.LastIndex(string(first), "=") - 8
	tamper(t, other.URL, `UPDATE checkpoints SET note = $1`, string(first[:end])+"AAAAAAA=\n")
	l = open(t, other)
	if signed, err := l.Checkpoint(t.Context()); err == nil || !strings.Contains(err.Error(), "the last checkpoint in the database was altered") {
		t.Errorf("behind a checkpoint that nobody signed, this is signed: %s, %v", signed, err)
	}
}

// While a node runs, what it writes is signed: soon if there is much, within a
// term if there is little, and not again if there is nothing new. Replicas share
// the work, and hold nobody up.
func TestALedgerIsKeptSigned(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c, _ := signed(t, config(e.url(t)))
		one, two := open(t, c), open(t, c)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		failed := func(err error) { t.Error(err) }
		ended := make(chan struct{}, 2)
		for _, l := range []*ledger.Ledger{one, two} {
			go func() {
				l.KeepSigned(ctx, 1000, 30*time.Millisecond, failed)
				ended <- struct{}{}
			}()
		}
		count := func() (n int, size int64) {
			if err := raw(t, c.URL).QueryRowContext(t.Context(), `SELECT COUNT(*), COALESCE(MAX(size), 0) FROM checkpoints`).Scan(&n, &size); err != nil {
				t.Fatal(err)
			}
			return n, size
		}
		until := func(want int64) {
			for range 1000 {
				if _, size := count(); size == want {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Fatalf("%d entries are not signed", want)
		}
		write(t, one, 3)
		until(3)
		write(t, two, 4)
		until(7)
		before, _ := count()
		time.Sleep(100 * time.Millisecond)
		if after, _ := count(); after != before {
			t.Errorf("with nothing written, %d checkpoints became %d", before, after)
		}
		stop()
		<-ended
		<-ended
		ctx, stop = context.WithCancel(t.Context())
		defer stop()
		write(t, one, 1000)
		go func() {
			one.KeepSigned(ctx, 1000, time.Hour, failed)
			ended <- struct{}{}
		}()
		until(1007)
		stop()
		<-ended
	})
}
