package ledger_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"landport/ledger"
)

// heapPage is the size of a page of PostgreSQL's files.
const heapPage = 8192

// What somebody finds whose PostgreSQL has damaged files: an entry that is not
// what it was, or pages that the server refuses.
func TestPostgresFilesThatAreDamaged(t *testing.T) {
	server := postgres(t)
	for _, test := range []struct {
		what, table string
		change      func(file []byte)
		open        string // what Open says, "" for nothing
		verify      string
	}{
		{"letters of an entry", "entries", func(file []byte) { copy(file[bytes.LastIndex(file[:heapPage], []byte("officer-7")):], "nobody-77") }, "", "altered: its text does not give its hash"},
		{"a page's header", "entries", func(file []byte) { copy(file[heapPage:], bytes.Repeat([]byte{0x5a}, 24)) }, "is damaged: ", "the database cannot read its file as it is: invalid page in block 1"},
		{"the head row's page", "head", func(file []byte) { copy(file, bytes.Repeat([]byte{0x5a}, 24)) }, "is damaged: ", "invalid page in block 0"},
		{"the tree's page", "subtrees", func(file []byte) { copy(file, bytes.Repeat([]byte{0x5a}, 24)) }, "is damaged: ", "invalid page in block 0"},
		{"the personal values' page", "personal", func(file []byte) { copy(file, bytes.Repeat([]byte{0x5a}, 24)) }, "", "invalid page in block 0"},
	} {
		t.Run(test.what, func(t *testing.T) {
			c := config(server.Database(t))
			fill(t, c)
			server.Spoil(t, c.URL, test.table, test.change)
			report := verified(t, c.URL, nil, nil)
			said := words(report.Damage)
			if !strings.Contains(said, test.verify) {
				t.Errorf("Verify says %q, not %q", said, test.verify)
			}
			if report.Spoilt && !strings.Contains(said, "PostgreSQL, which keeps these files, is to mend them") {
				t.Errorf("Verify says %q, and not whose work it is", said)
			}
			l, err := ledger.Open(t.Context(), c)
			switch {
			case err == nil && test.open != "":
				t.Errorf("Open says nothing, not %q", test.open)
			case err != nil && (test.open == "" || !errors.Is(err, ledger.ErrDamaged) || !strings.Contains(err.Error(), test.open) || !strings.Contains(err.Error(), "PostgreSQL is to mend")):
				t.Errorf("Open says %v, not %q", err, test.open)
			}
			if err == nil {
				if err := l.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
