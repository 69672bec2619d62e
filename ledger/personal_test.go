package ledger_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landport/ledger"
)

// A plate is found in any spelling; a ledger whose index an earlier program
// made by the letter is indexed anew when it is opened.
func TestPlatesAreFoundInAnySpelling(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c := config(e.url(t))
		l := open(t, c)
		of := map[string]string{}
		if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
			for _, plate := range []string{"2A-1234", "51C-123.45", "2A-1235", "AB 123 CDE", "?"} { // the last by a program that took it
				of[plate] = b.Personal("plate", plate)
			}
			of["remark"] = b.Personal("remark", "2A-1234")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		check := func(l *ledger.Ledger) {
			t.Helper()
			for _, test := range []struct{ spelling, plate string }{
				{"2a 1234", "2A-1234"}, {"2A1234", "2A-1234"}, {"51c12345", "51C-123.45"}, {"ab123cde", "AB 123 CDE"}, {"2A-1235", "2A-1235"},
			} {
				if found, err := l.Search(t.Context(), "plate", test.spelling); len(found) != 1 || found[0] != of[test.plate] || err != nil {
					t.Errorf("%q finds %v, %v", test.spelling, found, err)
				}
			}
			for _, none := range []string{"?", "-", "", "😀"} {
				if found, err := l.Search(t.Context(), "plate", none); len(found) > 0 || err != nil {
					t.Errorf("%q, which is no plate, finds %v, %v", none, found, err)
				}
			}
			if found, err := l.Search(t.Context(), "remark", "2A 1234"); len(found) > 0 || err != nil {
				t.Errorf("a remark is found by other words: %v, %v", found, err)
			}
			if found, err := l.Search(t.Context(), "remark", "2A-1234"); len(found) != 1 || err != nil {
				t.Errorf("a remark is not found: %v, %v", found, err)
			}
		}
		check(l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		asBefore(t, c.URL)
		check(open(t, c))
		check(open(t, c)) // and again
	})
}

// asBefore takes a ledger back to the tables of an earlier program, with an
// index of plates by the letter.
func asBefore(t *testing.T, url string) {
	t.Helper()
	driver, address := "pgx", url
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, address = "sqlite", file
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test is over
	var key []byte
	if err := db.QueryRowContext(t.Context(), `SELECT search_key FROM head`).Scan(&key); err != nil {
		t.Fatal(err)
	}
	for _, plate := range []string{"2A-1234", "51C-123.45", "2A-1235", "AB 123 CDE"} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("plate\x00" + plate))
		if _, err := db.ExecContext(t.Context(), `UPDATE personal SET search = $1 WHERE kind = 'plate' AND value = $2`, mac.Sum(nil), plate); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{`ALTER TABLE head DROP COLUMN search_version`, `DELETE FROM schema_ledger WHERE version_id = 2`} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// Nobody else on the machine can read the files in which plates stand.
func TestFilesAreTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	l := open(t, ledger.Config{URL: "sqlite:" + filepath.Join(dir, "ledger.db"), Origin: "bavet.kh"})
	if _, err := l.Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ledger.db", "ledger.db-wal", "ledger.db-shm"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has the mode %o", name, mode)
		}
	}
}
