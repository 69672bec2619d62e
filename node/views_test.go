package node

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/sim"
	"landport/survey"
)

// workedFor runs a node on a database until the study has all it did.
func workedFor(t *testing.T, url string, m *sim.Model, work func(n *Node)) {
	t.Helper()
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(t.Context(), Config{Post: m, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	work(n)
	for behind := true; behind; time.Sleep(5 * time.Millisecond) {
		if err := l.Reader().QueryRowContext(t.Context(), `SELECT s.seq < h.size FROM study_progress s, head h`).Scan(&behind); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-n.Done()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// Whatever somebody does to a table that is made of the entries is named, and
// made good from them.
func TestViewsAreHeldAgainstTheEntries(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			url, m := e.url, part(t, 0)
			shift := func(name string) func(n *Node) {
				return func(n *Node) {
					for i := range 6 {
						c := arrival(fmt.Sprint(name, i))
						if i == 0 {
							c.Reference = border.Reference{Country: "VN", Post: 2, Serial: uint64(len(name))}.String()
						}
						if a := do(t, n, c); i < 4 {
							do(t, n, Command{ID: fmt.Sprint(name, "gone", i), Reference: a.Reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
						}
					}
				}
			}
			workedFor(t, url, m, func(n *Node) {
				shift("a")(n)
				cells := map[survey.Column]string{survey.Post: "Bavet", survey.Direction: "exit", survey.Arrival: "2018-03-05T08:15", survey.Removal: "2018-03-05T09:00"}
				if a, err := n.TakeSamples(t.Context(), []Sample{{ID: "sheet-1", Actor: "o", Cells: cells}}); err != nil || a[0].Refusal != "" {
					t.Fatal(a, err)
				}
			})
			found := func(what string, want ...string) {
				t.Helper()
				differences, err := VerifyViews(t.Context(), url, m.Layout)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				var said []string
				for _, d := range differences {
					said = append(said, d.Error())
				}
				all := strings.Join(said, "; ")
				if len(want) == 0 && all != "" {
					t.Errorf("%s: %s", what, all)
				}
				for _, part := range want {
					if !strings.Contains(all, part) {
						t.Errorf("%s: %q is not in %q", what, part, all)
					}
				}
			}
			found("sound")
			for _, test := range []struct{ harm, want string }{
				{`DELETE FROM node_entries WHERE visit = 2 AND seq = (SELECT MIN(seq) FROM node_entries WHERE visit = 2)`, "node_entries: the row visit 2, seq "},
				{`INSERT INTO node_entries VALUES (99, 1)`, "node_entries: the row visit 99, seq 1 does not follow from the entries"},
				{`UPDATE node_names SET visit = 3`, "has another visit than the entries give"},
				{`DELETE FROM node_names`, " is missing"},
				{`DELETE FROM study_times WHERE span = (SELECT MIN(span) FROM study_times)`, "study_times: the row post Bavet, span "},
				{`UPDATE study_times SET visits = visits + 1`, "has another visits than the entries give"},
				{`UPDATE study_progress SET begin_us = 0`, "study_progress: the row one 1 has another begin_us"},
				{`DELETE FROM study_progress`, "has no row"},
				{`DELETE FROM node_entries`, "more rows differ"},
			} {
				db := directly(t, url)
				if done, err := db.ExecContext(t.Context(), test.harm); err != nil {
					t.Fatal(err)
				} else if n, _ := done.RowsAffected(); n == 0 {
					t.Fatalf("%s changes nothing", test.harm)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				found(test.harm, test.want)
				if err := DropViews(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh"}); err != nil {
					t.Fatal(err)
				}
				found("dropped")
				workedFor(t, url, m, func(*Node) {})
				found("made anew")
			}
			workedFor(t, url, m, shift("bb"))
			found("gone on with")
			for _, test := range []struct{ harm, want string }{
				{`UPDATE commands SET answer = REPLACE(answer, '"reference":"', '"reference":"X') WHERE id = 'a1'`, `commands: the answer to "a1" gives the reference "X`},
				{`UPDATE commands SET answer = (SELECT answer FROM commands c WHERE c.id = 'a1') WHERE id = 'a2'`, `commands: the answer to "a2" says that `},
				{`UPDATE commands SET answer = REPLACE(answer, '}', ',"refusal":"full"}') WHERE id = 'agone1'`, `commands: the answer to "agone1" says that it was refused`},
				{`UPDATE commands SET answer = REPLACE(answer, '}', ',"anomaly":"lost"}') WHERE id = 'bb3'`, `commands: the answer to "bb3" tells the anomaly "lost"`},
				{`UPDATE commands SET answer = REPLACE(answer, '}', ',"claimed":"VN"}') WHERE id = 'bb3'`, `commands: the answer to "bb3" says that it came as "VN"`},
				{`UPDATE commands SET answer = '{"sequence":9}' WHERE answer = '{}'`, ` is not what a sample is answered`},
				{`UPDATE commands SET answer = '{}' WHERE id = 'a1'`, `commands: the answer to "a1" says that 0 entries followed`},
				{`UPDATE commands SET answer = '{' WHERE id = 'bb0'`, `commands: the answer to "bb0" cannot be read`},
				{`UPDATE commands SET answer = REPLACE(answer, '"reference"', '"r"')`, `commands: 7 more answers do not follow from the entries`},
			} {
				db := directly(t, url)
				if _, err := db.ExecContext(t.Context(), `CREATE TABLE kept AS SELECT id, answer FROM commands`); err != nil {
					t.Fatal(err)
				}
				if _, err := db.ExecContext(t.Context(), test.harm); err != nil {
					t.Fatal(err)
				}
				found(test.harm, test.want)
				for _, mend := range []string{`UPDATE commands SET answer = (SELECT answer FROM kept WHERE kept.id = commands.id)`, `DROP TABLE kept`} {
					if _, err := db.ExecContext(t.Context(), mend); err != nil {
						t.Fatal(err)
					}
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
			found("as it was")
			answerIsMadeAnew(t, url, m)
		})
	}
}

// An answer that was altered is forgotten, and made anew of the entries when the
// command is handed in again.
func answerIsMadeAnew(t *testing.T, url string, m *sim.Model) {
	t.Helper()
	db := directly(t, url)
	if _, err := db.ExecContext(t.Context(), `UPDATE commands SET answer = REPLACE(answer, '"reference":"', '"reference":"X') WHERE id = 'a1'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	altered, err := AlteredCommands(t.Context(), url, m.Layout)
	if err != nil || !slices.Equal(altered, []string{"a1"}) {
		t.Fatalf("altered are %v, %v", altered, err)
	}
	if err := ledger.MendCommands(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh"}, altered...); err != nil {
		t.Fatal(err)
	}
	workedFor(t, url, m, func(n *Node) {
		if a := do(t, n, arrival("a1")); !a.Repeated || a.Reference != n.minted(2) {
			t.Errorf("it was answered %+v", a)
		}
	})
}

// directly opens a ledger's database past the ledger.
func directly(t *testing.T, url string) *sql.DB {
	t.Helper()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return stdlib.OpenDB(*config)
}
