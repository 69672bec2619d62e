package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"landport/ledger"
)

// What somebody may do to a database, behind the ledger's back, and what
// Verify says of it. The ledger has 600 entries and two personal values; a
// checkpoint of all was kept outside.
var tampering = []struct{ what, sql, want string }{
	{"data", `UPDATE entries SET data = '{"visit":1}' WHERE seq = 42`, "entry 42 altered: its text does not give its hash"},
	{"one letter of it", `UPDATE entries SET data = REPLACE(data, 'visit', 'visiT') WHERE seq = 599`, "entry 599 altered"},
	{"recorded", `UPDATE entries SET recorded_us = recorded_us + 1 WHERE seq = 7`, "entry 7 altered"},
	{"occurred", `UPDATE entries SET occurred_us = occurred_us + 1 WHERE seq = 7`, "entry 7 altered"},
	{"post", `UPDATE entries SET post = 'KHPNH' WHERE seq = 7`, "entry 7 altered"},
	{"actor", `UPDATE entries SET actor = 'officer-8' WHERE seq = 600`, "entry 600 altered"},
	{"on behalf of", `UPDATE entries SET on_behalf_of = '' WHERE seq = 7`, "entry 7 altered"},
	{"command", `UPDATE entries SET command = 'c-8' WHERE seq = 7`, "entry 7 altered"},
	{"cause", `UPDATE entries SET cause = 1 WHERE seq = 7`, "entry 7 altered"},
	{"kind", `UPDATE entries SET kind = 'gate.moved' WHERE seq BETWEEN 7 AND 9`, "entries 7 to 9 altered"},
	{"version", `UPDATE entries SET version = 2 WHERE seq = 1`, "entry 1 altered"},
	{"hash", `UPDATE entries SET leaf = (SELECT leaf FROM entries WHERE seq = 8) WHERE seq = 7`, "entry 7 altered"},
	{"a field moved to the next", `UPDATE entries SET post = '', actor = 'KHBVT' WHERE seq = 7`, "entry 7 altered"},
	{"fields put into one, with a line break", "UPDATE entries SET post = post || '\n' || actor, actor = on_behalf_of, on_behalf_of = command, command = '' WHERE seq = 7", "entry 7 altered"},
	{"one taken away", `DELETE FROM entries WHERE seq = 256`, "entry 256 missing"},
	{"the first taken away", `DELETE FROM entries WHERE seq = 1`, "entry 1 missing"},
	{"the last taken away", `DELETE FROM entries WHERE seq > 598`, "entries 599 to 600 missing"},
	{"all taken away", `DELETE FROM entries`, "entries 1 to 600 missing"},
	{"two exchanged", `UPDATE entries SET seq = CASE seq WHEN -10 THEN 11 ELSE 10 END WHERE seq IN (-10, -11)`, "entry 10 reordered: here stands entry 11; entry 11 reordered: here stands entry 10"},
	{"one added", `INSERT INTO entries SELECT 601, recorded_us, occurred_us, post, actor, on_behalf_of, command, cause, kind, version, data, leaf FROM entries WHERE seq = 1`, "entry 601 beyond the end"},
	{"one put in front", `INSERT INTO entries SELECT 0, recorded_us, occurred_us, post, actor, on_behalf_of, command, cause, kind, version, data, leaf FROM entries WHERE seq = 1`, "entry 0 stands before the beginning"},
	{"a subtree", `UPDATE subtrees SET hash = (SELECT leaf FROM entries WHERE seq = 1) WHERE n = 0`, "entries 1 to 256 not those of the tree"},
	{"a subtree taken away", `DELETE FROM subtrees WHERE n = 1`, "entries 257 to 512 not those of the tree"},
	{"size", `UPDATE head SET size = 599`, "frontier"},
	{"size by a bit that keeps the count", `UPDATE head SET size = 592 + 4`, "entries 597 to 600 beyond the end"},
	{"recorded of the head", `UPDATE head SET recorded_us = recorded_us + 1`, "the head row was altered: it says that the last entry was recorded at"},
	{"epoch", `UPDATE head SET epoch = 2`, "it says epoch 2, the entries say 1"},
	{"origin", `UPDATE head SET origin = 'mocbai.vn'`, "the checkpoint is of bavet.kh, the ledger of mocbai.vn"},
	{"frontier", `UPDATE head SET frontier = (SELECT leaf FROM entries WHERE seq = 1)`, "frontier"},
	{"no head", `DELETE FROM head`, "the head row is missing"},
	{"a personal value", `UPDATE personal SET value = 'another' WHERE kind = 'plate'`, "the personal value behind commitment"},
	{"its kind", `UPDATE personal SET kind = 'phone' WHERE kind = 'plate'`, "the personal value behind commitment"},
	{"an entry and its hash", "", "entries 1 to 256 not those of the tree"},
	{"a late entry and its hash", "", "not those of the head row"},
	{"everything, and signed anew", "", "entries 1 to 600 not those of the checkpoint, although they fit each other: the past was written anew"},
}

func TestVerifyNamesWhatWasDone(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		sound, verifier := signed(t, config(e.url(t)))
		kept := fill(t, sound)
		for _, test := range tampering {
			t.Run(test.what, func(t *testing.T) {
				c := sound
				c.URL = e.copy(t, sound.URL)
				if report := verified(t, c.URL, kept, verifier); len(report.Damage) > 0 || report.Entries != 600 || report.Personal != 2 || report.Checkpoint.Size != 600 {
					t.Fatalf("before: %+v, %s", report, words(report.Damage))
				}
				switch test.what {
				case "two exchanged":
					tamper(t, c.URL, `UPDATE entries SET seq = -seq WHERE seq IN (10, 11)`)
				case "an entry and its hash":
					forge(t, c.URL, 42)
				case "a late entry and its hash":
					forge(t, c.URL, 599)
				case "everything, and signed anew":
					c.URL = e.url(t)
					l := open(t, c)
					write(t, l, 600)
					if _, err := l.Checkpoint(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if test.sql != "" {
					tamper(t, c.URL, test.sql)
				}
				report := verified(t, c.URL, kept, verifier)
				if said := words(report.Damage); !strings.Contains(said, test.want) {
					t.Errorf("Verify says %q, not %q", said, test.want)
				}
			})
		}
	})
}

// fill writes 600 entries and two personal values, and returns a checkpoint,
// if there is a key.
func fill(t *testing.T, c ledger.Config) []byte {
	t.Helper()
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		for n := range 600 {
			b.Append(fact(n + 1))
		}
		b.Personal("plate", "2A-1234")
		b.Personal("name", "សុខ ដារ៉ា")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if c.Key == "" {
		return nil
	}
	checkpoint, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint
}

func tamper(t *testing.T, url, statement string, args ...any) {
	t.Helper()
	if done, err := raw(t, url).ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	} else if n, err := done.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%q changed nothing: %v", statement, err)
	}
}

// forge alters an entry and makes its stored hash fit.
func forge(t *testing.T, url string, seq int64) {
	t.Helper()
	var e ledger.Entry
	if err := raw(t, url).QueryRowContext(t.Context(), `SELECT seq, recorded_us, occurred_us, post, on_behalf_of, command, kind, version, data FROM entries WHERE seq = $1`, seq).
		Scan(&e.Seq, &e.Recorded, &e.Occurred, &e.Post, &e.OnBehalfOf, &e.Command, &e.Kind, &e.Version, &e.Data); err != nil {
		t.Fatal(err)
	}
	e.Actor = "nobody"
	hash := e.Hash()
	tamper(t, url, `UPDATE entries SET actor = 'nobody', leaf = $1 WHERE seq = $2`, hash[:], seq)
}

func TestDamageIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		sound := config(e.url(t))
		fill(t, sound)
		for _, test := range []struct {
			what string
			sql  string
			want string
		}{
			{"a late entry altered", `UPDATE entries SET actor = 'nobody' WHERE seq = 590`, "entry 590 altered"},
			{"the end missing", `DELETE FROM entries WHERE seq > 598`, "entries 599 to 600 missing"},
			{"an entry too many", `UPDATE entries SET seq = 601 WHERE seq = 1`, "entry 601 beyond the end"},
			{"the head altered", `UPDATE head SET size = 599`, "frontier"},
			{"no head", `DELETE FROM head`, "the head row is missing"},
			{"the tree altered", `UPDATE subtrees SET hash = (SELECT leaf FROM entries WHERE seq = 1) WHERE n = 1`, "the tree is damaged"},
		} {
			t.Run(test.what, func(t *testing.T) {
				c := sound
				c.URL = e.copy(t, sound.URL)
				tamper(t, c.URL, test.sql)
				var damage *ledger.Damage
				if l, err := ledger.Open(t.Context(), c); err == nil {
					t.Errorf("opened, and closed with %v", l.Close())
				} else if !errors.As(err, &damage) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("Open says %v, not %s", err, test.want)
				}
			})
		}
		t.Run("an early entry altered", func(t *testing.T) {
			c := sound
			c.URL = e.copy(t, sound.URL)
			tamper(t, c.URL, `UPDATE entries SET actor = 'nobody' WHERE seq = 42`)
			l := open(t, c)
			var damage *ledger.Damage
			if _, err := l.Entries(t.Context(), 0, 100); !errors.As(err, &damage) || damage.From != 42 {
				t.Errorf("read as if nothing were: %v", err)
			}
			tamper(t, c.URL, `DELETE FROM entries WHERE seq = 41`)
			if _, err := l.Entries(t.Context(), 0, 100); !errors.As(err, &damage) || damage.From != 41 {
				t.Errorf("read over a gap: %v", err)
			}
		})
	})
}

// A head row that counts more entries than anybody could read is damage like
// any other: what is there is read, and the rest is missing.
func TestVerifyDoesNotReadWhatAHeadMadeUp(t *testing.T) {
	c := config(newFile(t))
	l := open(t, c)
	write(t, l, 1024)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, c.URL).ExecContext(t.Context(), `UPDATE head SET size = 1125899906842624`); err != nil {
		t.Fatal(err)
	}
	report := verified(t, c.URL, nil, nil)
	if report.Entries != 1024 || len(report.Damage) == 0 || report.Damage[0].From != 1025 {
		t.Errorf("%d entries, %s", report.Entries, words(report.Damage))
	}
}
