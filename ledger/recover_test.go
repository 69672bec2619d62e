package ledger_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"landport/ledger"
)

func TestRecover(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		sound, verifier := signed(t, config(e.url(t)))
		kept := fill(t, sound)
		for _, test := range []struct {
			what, sql, lost string
			shown           int64 // of the 600 entries of the checkpoint from before
		}{
			{"nothing", ``, ``, 600},
			{"entries altered", `UPDATE entries SET actor = 'nobody' WHERE seq IN (3, 300, 301)`,
				"entry 3 altered: its text does not give its hash; entries 300 to 301 altered: its text does not give its hash", 2},
			{"entries missing", `DELETE FROM entries WHERE seq IN (1, 2, 256)`, "entries 1 to 2 missing; entry 256 missing", 0},
			{"entries missing and altered", `DELETE FROM entries WHERE seq IN (300, 301, 599)`, "entries 300 to 301 missing; entry 599 missing", 256},
			{"the end missing", `DELETE FROM entries WHERE seq > 500`, "entries 501 to 600 missing", 256},
			{"all missing", `DELETE FROM entries`, "entries 1 to 600 missing", 0},
			{"the tree", `DELETE FROM subtrees`, ``, 600},
			{"the head's size", `UPDATE head SET size = 7`, `the head row is damaged: a tree of 7 entries`, 600},
		} {
			t.Run(test.what, func(t *testing.T) {
				c := sound
				c.URL = e.copy(t, sound.URL)
				if test.sql != "" {
					tamper(t, c.URL, test.sql)
				}
				head, lost, err := ledger.Recover(t.Context(), c, "the disk was \"full\"")
				if err != nil {
					t.Fatal(err)
				}
				if said := words(lost); !strings.Contains(said, test.lost) || (test.lost == "") != (said == "") {
					t.Errorf("lost are %q, not %q", said, test.lost)
				}
				l := open(t, c)
				entries := all(t, l)
				if head.Epoch != 2 || head.Size != int64(len(entries)) {
					t.Errorf("recovered to %+v, %d entries", head, len(entries))
				}
				first := entries[len(entries)-1]
				var data struct {
					Epoch              int
					Reason, Checkpoint string
					Lost               []*ledger.Damage
				}
				if err := json.Unmarshal(first.Data, &data); err != nil || first.Kind != "ledger.recovered" {
					t.Fatalf("the epoch begins with %+v: %v", first, err)
				}
				if data.Epoch != 2 || data.Reason != "the disk was \"full\"" || data.Checkpoint != string(kept) || words(data.Lost) != words(lost) {
					t.Errorf("the epoch begins with %s", first.Data)
				}
				for i, entry := range entries[:len(entries)-1] {
					if want := fact(i + 1); string(entry.Data) != string(want.Data) && (entry.Kind != "ledger.lost" || !named(lost, entry.Seq)) {
						t.Errorf("entry %d has become %+v", i+1, entry)
					}
				}
				write(t, l, 300)
				if report := verified(t, c.URL, nil, nil); len(report.Damage) > 0 {
					t.Errorf("after recovery Verify says %s", words(report.Damage))
				}
				if report := verified(t, c.URL, kept, verifier); len(report.Damage) > 0 || report.Reopened == nil {
					t.Errorf("against the old checkpoint Verify says %q", words(report.Damage))
				} else if r := report.Reopened; r.Shown != test.shown || r.Epoch != 2 || r.At != head.Size || r.Reason != data.Reason || !strings.HasPrefix(test.lost, words(r.Lost)) {
					t.Errorf("the old checkpoint stands to the ledger as %+v, %s", r, words(r.Lost))
				}
				checkpoint, err := l.Checkpoint(t.Context())
				if err != nil || !strings.HasPrefix(string(checkpoint), "bavet.kh/epoch/2\n") {
					t.Errorf("the new epoch signs %q: %v", checkpoint, err)
				}
				if report := verified(t, c.URL, checkpoint, verifier); len(report.Damage) > 0 {
					t.Errorf("against the new checkpoint Verify says %s", words(report.Damage))
				}
			})
		}
		if _, _, err := ledger.Recover(t.Context(), sound, " "); err == nil {
			t.Error("a recovery without a reason is carried out")
		}
	})
}

// A recovery hides no forgery from a checkpoint of before.
func TestACheckpointOfAnEarlierEpoch(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		sound, verifier := signed(t, config(e.url(t)))
		kept := fill(t, sound)
		backup := filepath.Join(t.TempDir(), "backup")
		if _, err := ledger.Backup(t.Context(), sound.URL, backup); err != nil {
			t.Fatal(err)
		}
		younger := func(c ledger.Config) []byte {
			l, err := ledger.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			write(t, l, 50)
			checkpoint, err := l.Checkpoint(t.Context())
			if err := errors.Join(err, l.Close()); err != nil {
				t.Fatal(err)
			}
			return checkpoint
		}
		recovered := func(c ledger.Config) {
			if _, _, err := ledger.Recover(t.Context(), c, "test"); err != nil {
				t.Fatal(err)
			}
		}
		for _, test := range []struct {
			what string
			do   func(c ledger.Config) []byte // returns the checkpoint to compare with
			want string
		}{
			{"an entry forged, another lost", func(c ledger.Config) []byte {
				forge(t, c.URL, 42)
				tamper(t, c.URL, `DELETE FROM entries WHERE seq = 300`)
				recovered(c)
				return kept
			}, "entries 1 to 600 not those of the checkpoint, although they fit each other and what epoch 2, which entry 601 began"},
			{"an entry forged beside one lost", func(c ledger.Config) []byte {
				forge(t, c.URL, 598)
				tamper(t, c.URL, `UPDATE entries SET actor = 'nobody' WHERE seq = 300`)
				recovered(c)
				return kept
			}, "not those of the checkpoint, although"},
			{"the tree lost with them", func(c ledger.Config) []byte {
				tamper(t, c.URL, `DELETE FROM entries WHERE seq IN (300, 400)`)
				tamper(t, c.URL, `DELETE FROM subtrees`)
				tamper(t, c.URL, `UPDATE head SET size = 7`)
				recovered(c)
				return kept
			}, "entries 300 to 600 lost ahead of epoch 2, which entry 601 began; whether entries 1 to 299 are the checkpoint's it cannot show any more, only one of at most 299 entries can"},
			{"twice recovered", func(c ledger.Config) []byte {
				tamper(t, c.URL, `UPDATE entries SET actor = 'nobody' WHERE seq = 300`)
				recovered(c)
				tamper(t, c.URL, `UPDATE entries SET actor = 'nobody' WHERE seq IN (10, 601)`)
				recovered(c)
				return kept
			}, ""},
			{"the same lost twice", func(c ledger.Config) []byte {
				tamper(t, c.URL, `DELETE FROM entries WHERE seq = 300`)
				recovered(c)
				tamper(t, c.URL, `DELETE FROM entries WHERE seq IN (299, 300)`)
				recovered(c)
				return kept
			}, ""},
			{"of the second epoch", func(c ledger.Config) []byte {
				recovered(c)
				checkpoint := younger(c)
				tamper(t, c.URL, `DELETE FROM entries WHERE seq IN (20, 620)`)
				recovered(c)
				return checkpoint
			}, ""},
			{"younger than what was restored", func(c ledger.Config) []byte {
				checkpoint := younger(c)
				return checkpoint
			}, "entries 601 to 650 lost ahead of epoch 2, which entry 601 began; whether entries 1 to 600 are the checkpoint's it cannot show any more"},
		} {
			t.Run(test.what, func(t *testing.T) {
				c := sound
				c.URL = e.copy(t, sound.URL)
				checkpoint := test.do(c)
				if test.what == "younger than what was restored" {
					c.URL = e.url(t)
					if _, err := ledger.Restore(t.Context(), c, backup, "test"); err != nil {
						t.Fatal(err)
					}
				}
				report := verified(t, c.URL, checkpoint, verifier)
				if said := words(report.Damage); !strings.Contains(said, test.want) || (test.want == "") != (said == "") {
					t.Errorf("Verify says %q, not %q", said, test.want)
				}
			})
		}
		c := sound
		c.URL = e.copy(t, sound.URL)
		recovered(c)
		if report := verified(t, sound.URL, younger(c), verifier); !strings.Contains(words(report.Damage), "the checkpoint is of epoch 2, the ledger of epoch 1") {
			t.Errorf("of a copy from before the recovery Verify says %q", words(report.Damage))
		}
	})
}

func named(lost []*ledger.Damage, seq int64) bool {
	return slices.ContainsFunc(lost, func(d *ledger.Damage) bool { return d.From <= seq && seq <= d.To })
}

func TestBackupAndRestore(t *testing.T) {
	onBoth(t, func(t *testing.T, from engine) {
		t.Helper()
		c, _ := signed(t, config(from.url(t)))
		l := open(t, c)
		var commitment string
		for n := range 3 {
			if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
				for range 700 {
					b.Append(fact(int(b.Head().Size) + 1))
				}
				commitment = b.Personal("plate", "2A-1234")
				b.Done("c-"+string(rune('a'+n)), ledger.Outcome{First: b.Head().Size + 1, Entries: 700, Answer: "<&>"})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := l.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		before := all(t, l)
		file := filepath.Join(t.TempDir(), "bavet.backup")
		head, err := ledger.Backup(t.Context(), c.URL, file)
		if err != nil || head.Size != 2100 {
			t.Fatalf("backed up to %+v: %v", head, err)
		}
		if _, err := ledger.Backup(t.Context(), c.URL, file); err == nil {
			t.Error("a backup is written over another")
		}
		refusesBackups(t, c, from, file)
		onBoth(t, func(t *testing.T, to engine) {
			t.Helper()
			restores(t, c, to, file, before, kept, commitment)
		})
	})
}

func restores(t *testing.T, c ledger.Config, to engine, file string, before []ledger.Entry, kept []byte, commitment string) {
	t.Helper()
	c.URL = to.url(t)
	head, err := ledger.Restore(t.Context(), c, file, "moved house")
	if err != nil || head.Epoch != 2 || head.Size != 2101 {
		t.Fatalf("restored to %+v: %v", head, err)
	}
	l := open(t, c)
	after := all(t, l)
	if len(after) != 2101 || after[2100].Kind != "ledger.recovered" {
		t.Fatalf("restored are %d entries, the last is %+v", len(after), after[len(after)-1])
	}
	for i := range before {
		if string(before[i].Leaf()) != string(after[i].Leaf()) {
			t.Fatalf("entry %d was restored as %s", i+1, after[i].Leaf())
		}
	}
	if o, ok, err := l.Outcome(t.Context(), "c-b"); !ok || err != nil || o.First != 701 || o.Entries != 700 || o.Answer != "<&>" {
		t.Errorf("restored outcome %+v %v %v", o, ok, err)
	}
	if _, value, ok, err := l.Reveal(t.Context(), commitment); value != "2A-1234" || !ok || err != nil {
		t.Errorf("restored value %q %v %v", value, ok, err)
	}
	if found, err := l.Search(t.Context(), "plate", "2A-1234"); len(found) != 3 || err != nil {
		t.Errorf("found %v %v", found, err)
	}
	if report := verified(t, c.URL, kept, nil); len(report.Damage) > 0 {
		t.Errorf("the past of the restored ledger is not that of the checkpoint: %s", words(report.Damage))
	}
	if _, err := ledger.Restore(t.Context(), c, file, "again"); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("restored over a ledger: %v", err)
	}
}

func refusesBackups(t *testing.T, c ledger.Config, e engine, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	for _, test := range []struct {
		what  string
		spoil func([]string) []string
		want  string
	}{
		{"half", func(l []string) []string { return l[:len(l)/2] }, "not whole"},
		{"cut in a line", func(l []string) []string { return append(l[:10:10], l[10][:20]) }, "ends after line 10"},
		{"an entry gone", func(l []string) []string { return slices.Delete(slices.Clone(l), 5, 6) }, "line 6: here stands entry 6, not 5"},
		{"an entry altered", func(l []string) []string { return replace(l, 5, "officer-7", "officer-8") }, "another root"},
		{"a field too many", func(l []string) []string { return replace(l, 5, "officer-7", `officer\n7`) }, "line 6: this is no entry"},
		{"a number", func(l []string) []string { return replace(l, 5, `entry/1\n5\n`, `entry/1\nfive\n`) }, `"five", not a whole number`},
		{"a number's zero", func(l []string) []string { return replace(l, 5, `entry/1\n5\n`, `entry/1\n05\n`) }, "not written as the ledger writes it"},
		{"a value gone", func(l []string) []string { return slices.Delete(slices.Clone(l), len(l)-3, len(l)-2) }, "lines ahead of it are missing"},
		{"no header", func(l []string) []string { return l[1:] }, "one header, its first line"},
		{"a newer version", func(l []string) []string { return replace(l, 0, `"version":1`, `"version":2`) }, "run the newer program"},
		{"another node's", func(l []string) []string { return replace(l, 0, "bavet.kh", "mocbai.vn") }, "of the ledger of mocbai.vn"},
		{"something else", func([]string) []string { return []string{"PK\x03\x04"} }, "line 1"},
		{"nothing", func([]string) []string { return nil }, "not whole"},
		{"an empty object", func(l []string) []string { return []string{l[0], "{}"} }, "not a line of a backup"},
		{"a bad checkpoint", func(l []string) []string { return []string{l[0], `{"checkpoint":"x"}`} }, "this is no checkpoint"},
		{"a command's twice", func(l []string) []string { return slices.Insert(slices.Clone(l), len(l)-5, l[len(l)-6]) }, "lines ahead of it are missing"},
	} {
		spoiled := filepath.Join(t.TempDir(), "spoiled")
		if err := os.WriteFile(spoiled, []byte(strings.Join(test.spoil(lines), "")), 0o600); err != nil {
			t.Fatal(err)
		}
		c.URL = e.url(t)
		if _, err := ledger.Restore(t.Context(), c, spoiled, "test"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Restore says %v, not %s", test.what, err, test.want)
		}
		if head, err := open(t, c).Head(t.Context()); err != nil || head.Size != 0 {
			t.Errorf("%s: left behind %+v, %v", test.what, head, err)
		}
	}
	refusesOtherKeys(t, c, e, file)
	if _, err := ledger.Restore(t.Context(), c, file, ""); err == nil {
		t.Error("restored without a reason")
	}
}

// refusesOtherKeys restores with a key that did not sign the ledger, into a
// directory that is not there.
func refusesOtherKeys(t *testing.T, c ledger.Config, e engine, file string) {
	t.Helper()
	c, _ = signed(t, c)
	c.URL = e.url(t)
	dir := filepath.Join(t.TempDir(), "new")
	if e.name == "SQLite" {
		c.URL = "sqlite:" + filepath.Join(dir, "ledger.db")
	}
	if _, err := ledger.Restore(t.Context(), c, file, "test"); err == nil || !strings.Contains(err.Error(), "(--new-key)") {
		t.Errorf("another key goes on with the ledger: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("what was refused left files behind")
	}
	c.NewKey = true
	if head, err := ledger.Restore(t.Context(), c, file, "test"); err != nil || head.Epoch != 2 {
		t.Errorf("asked to take a new key, it came to %+v, %v", head, err)
	}
}

func replace(lines []string, i int, from, to string) []string {
	lines = slices.Clone(lines)
	lines[i] = strings.Replace(lines[i], from, to, 1)
	return lines
}
