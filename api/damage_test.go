package api

import (
	"bytes"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"landport/ledger"
)

// harm carries something out on a ledger's file beside the node.
func harm(t *testing.T, file string, do func(db *sql.DB) error) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(db), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// spoil writes over the page where a table begins.
func spoil(t *testing.T, file, table string) {
	t.Helper()
	harm(t, file, func(db *sql.DB) error {
		var page int64
		if err := db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = ?`, table).Scan(&page); err != nil {
			return err
		}
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteAt(bytes.Repeat([]byte{0x5a}, 4096), (page-1)*4096)
		return errors.Join(err, f.Close())
	})
}

// told expects the problem `damaged`, with what it says.
func (p *post) told(what, says string, answer *httptest.ResponseRecorder) {
	p.t.Helper()
	if body := answer.Body.String(); answer.Code != http.StatusInternalServerError || !strings.Contains(body, `"code":"damaged"`) || !strings.Contains(body, says) {
		p.t.Errorf("%s: %d %s", what, answer.Code, body)
	}
}

// Damage that anybody comes upon is named, what is sound ahead of it handed out,
// and nothing more is recorded.
func TestDamageThatIsMet(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	skey, vkey, err := note.GenerateKey(nil, "bavet.kh")
	if err != nil {
		t.Fatal(err)
	}
	p := bavetOn(t, ledger.Config{URL: "sqlite:" + file, Origin: "bavet.kh", Key: skey}, vkey)
	for range 3 {
		p.arrive()
	}
	harm(t, file, func(db *sql.DB) error {
		_, err := db.ExecContext(t.Context(), `UPDATE entries SET data = '{}' WHERE seq = 3`)
		return err
	})
	sound := read[Entries](t, p.ask("GET", "/api/v1/ledger/entries?after=0&limit=50", ""), http.StatusOK)
	if len(sound.Entries) != 2 || sound.Entries[1].Seq != 2 {
		t.Errorf("ahead of the damage there are two entries, not %+v", sound.Entries)
	}
	for _, path := range []string{"/api/v1/ledger/entries?after=2", "/api/v1/ledger/proofs/3", "/readyz"} {
		p.told(path, "entry 3 altered", p.ask("GET", path, ""))
	}
	p.told("an arrival", "entry 3 altered", p.write("/api/v1/posts/bavet/visits", "{"+truck+"}"))
	if metrics := p.ask("GET", "/metrics", "").Body.String(); !strings.Contains(metrics, "\nlandport_ready 0\n") {
		t.Error("the measurements do not show it")
	}
}

// A write that comes upon damage is refused, and so is every one behind it.
func TestDamageThatAWriteMeets(t *testing.T) {
	config := ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "bavet.kh"}
	p := bavetOn(t, config, "")
	p.arrive()
	p.close()
	spoil(t, strings.TrimPrefix(config.URL, "sqlite:"), "commands")
	p = bavetOn(t, config, "")
	for range 3 {
		p.told("an arrival", " is damaged: ", p.write("/api/v1/posts/bavet/visits", "{"+truck+"}"))
		p.told("/readyz", " is damaged: ", p.ask("GET", "/readyz", ""))
	}
}
