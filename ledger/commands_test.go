package ledger_test

import (
	"testing"

	"landport/ledger"
)

// What is known of commands is compared with the entries and made to fit them;
// of commands that nothing followed from, nothing is.
func TestCommandsAreHeldAgainstTheEntries(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		sound, _ := signed(t, config(e.url(t)))
		l, err := ledger.Open(t.Context(), sound)
		if err != nil {
			t.Fatal(err)
		}
		_, err = l.Write(t.Context(), func(b *ledger.Batch) error {
			for n, id := range []string{"a", "b", "c"} {
				first := fact(n)
				first.Command = id
				o := ledger.Outcome{Request: [32]byte{byte(n)}, First: b.Append(first), Entries: 2, Answer: "{}"}
				b.Append(first)
				b.Done(id, o)
			}
			b.Done("refused", ledger.Outcome{Answer: "no"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct{ what, sql, found string }{
			{"nothing", ``, ``},
			{"deleted", `DELETE FROM commands WHERE id = 'b'`, `what is known of command "b", which entry 3 followed from, is missing or was altered`},
			{"moved", `UPDATE commands SET first_seq = first_seq + 1 WHERE id = 'b'`, `what is known of command "b" was altered: other entries followed than it says`},
			{"shortened", `UPDATE commands SET entries = 1 WHERE id = 'b'`, `what is known of command "b", which entry 4 followed from, is missing or was altered`},
			{"renamed", `UPDATE commands SET id = 'z' WHERE id = 'b'`, `what is known of command "z" was altered: other entries followed than it says; what is known of command "b", which entry 3 followed from, is missing or was altered`},
		} {
			t.Run(test.what, func(t *testing.T) {
				c := sound
				c.URL = e.copy(t, sound.URL)
				if test.sql != "" {
					tamper(t, c.URL, test.sql)
				}
				damage, err := ledger.VerifyCommands(t.Context(), c.URL)
				if said := words(damage); err != nil || said != test.found {
					t.Errorf("found %q, not %q: %v", said, test.found, err)
				}
				if err := ledger.MendCommands(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				if damage, err = ledger.VerifyCommands(t.Context(), c.URL); err != nil || len(damage) > 0 {
					t.Errorf("after mending: %s, %v", words(damage), err)
				}
				l := open(t, c)
				for _, test := range []struct {
					id    string
					first int64
				}{{"a", 1}, {"b", 3}, {"c", 5}, {"refused", 0}} {
					o, ok, err := l.Outcome(t.Context(), test.id)
					if !ok || err != nil || o.First != test.first || test.id == "a" && o.Answer != "{}" {
						t.Errorf("command %s is known as %+v, %v, %v", test.id, o, ok, err)
					}
				}
			})
		}
	})
}
