package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// spoil overwrites the page of a ledger's file where a table begins, and keeps
// a copy of the file as it was.
func spoil(t *testing.T, dir, table string) {
	t.Helper()
	file := filepath.Join(dir, "ledger.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	var page int64
	if err := errors.Join(db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = ?`, table).Scan(&page), db.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, f)
	if _, err := f.WriteAt(bytes.Repeat([]byte{0x5a}, 4096), (page-1)*4096); err != nil {
		t.Fatal(err)
	}
}

// A page of the file that cannot be read is named, with what to do; what is not
// on it goes on, in the same epoch if that is everything.
func TestAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir := filepath.Join(home, "node")
	node := serve(t, "--data", dir)
	reference := node.arrive("a1", "2A-1234")
	node.end(syscall.SIGTERM)
	epoch := 1
	for i, test := range []struct{ table, said, then string }{
		{"snapshots", "the table snapshots cannot be read, or not wholly; landport recover makes it anew from the entries", "Nothing was lost"},
		{"study_progress", "the table study_progress cannot be read", "Nothing was lost"},
		{"node_entries", "the table node_entries cannot be read", "Nothing was lost"},
		{"personal_search", "the index personal_search of personal cannot be read", "Nothing was lost"},
		{"subtrees", "the table subtrees cannot be read", "Nothing was lost"},
		{"commands", "of what commands came to, a part cannot be read", "Lost: of what commands came to, a part cannot be read"},
		{"entries", "  entries 1 to ", "Lost: entries 1 to "},
	} {
		spoil(t, dir, test.table)
		code, out, complaint := landport(t, "verify", "--data", dir)
		if code != exitFailed || !strings.Contains(out, test.said) || !strings.HasSuffix(complaint, " is damaged\n") {
			t.Errorf("%s: exit code %d: %s%s", test.table, code, out, complaint)
		}
		if test.table == "snapshots" || test.table == "entries" { // which a start reads
			refused(t, exitFailed, "landport verify names all that is damaged, and landport recover goes on with what is not", "serve --post bavet --listen 127.0.0.1:0 --data "+dir)
		}
		out = did(t, "recover --data "+dir, "--reason", "a disk failed")
		aside := fmt.Sprintf("%s/ledger.db.damaged-%d", dir, i+1)
		contains(t, out, test.then, "The damaged file is kept as it was: "+aside)
		if _, err := os.Stat(aside); err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(test.then, "Nothing") {
			epoch++
		}
		contains(t, did(t, "verify --data "+dir), fmt.Sprintf(" entries of bavet.kh, epoch %d", epoch))
		if test.table == "entries" {
			break // the board is empty
		}
		node = serve(t, "--data", dir)
		contains(t, fetch(t, node.url+"/api/v1/posts/bavet/board"), reference)
		node.end(syscall.SIGTERM)
	}
}

// A ledger whose file is gone or empty is not begun anew, and what is refused
// leaves nothing behind.
func TestNothingBeginsOverALedgerThatIsGone(t *testing.T) {
	home := t.TempDir()
	dir, again := filepath.Join(home, "node"), filepath.Join(home, "again")
	node := serve(t, "--data", dir)
	node.arrive("a1", "2A-1234")
	backup := filepath.Join(home, "backup")
	did(t, "backup "+backup+" --data "+dir)
	node.end(syscall.SIGTERM)
	file := filepath.Join(dir, "ledger.db")
	if err := os.Truncate(file, 0); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"serve --post bavet --listen 127.0.0.1:0", "verify", "recover --reason r", "backup " + home + "/b", "checkpoint", "export --post bavet --format csv --out -"} {
		refused(t, exitMisuse, "ledger.db is empty (0 bytes): it was never written, or what it held is gone", line+" --data "+dir)
	}
	write(t, file+"-wal", "something")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	refused(t, exitMisuse, "ledger.db is gone, and its write-ahead log", "serve --post bavet --listen 127.0.0.1:0 --data "+dir)

	keys := filepath.Join(home, "keys")
	did(t, "key --post bavet --keys "+keys)
	refused(t, exitFailed, "or say that the epoch has a new one (--new-key)", "restore "+backup+" --data "+again+" --keys "+keys)
	broken := write(t, filepath.Join(home, "broken"), "nothing")
	refused(t, exitFailed, "cannot be restored", "restore "+broken+" --new-key --post bavet --data "+again)
	refused(t, exitFailed, "cannot be restored", "restore "+broken+" --data "+again+" --keys "+keys)
	if left, err := filepath.Glob(again + "*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	contains(t, did(t, "restore "+backup+" --new-key --post bavet --data "+again), "is in epoch 2")
}

// What is known of commands is held against the entries, and made to fit them
// again: none that the entries tell of is carried out twice.
func TestCommandsThatDoNotFit(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "node")
	node := serve(t, "--data", dir)
	reference := node.arrive("a1", "2A-1234")
	node.end(syscall.SIGTERM)
	for _, test := range []struct{ harm, said string }{
		{`DELETE FROM commands`, `what is known of command "a1", which entry `},
		{`UPDATE commands SET first_seq = first_seq + 1`, `what is known of command "a1" was altered: other entries followed than it says`},
		{`UPDATE commands SET entries = entries - 1`, `what is known of command "a1"`},
		{`INSERT INTO commands VALUES ('a2', zeroblob(32), 1, 1, '{}')`, `what is known of command "a2" was altered`},
	} {
		db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.ExecContext(t.Context(), test.harm)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		code, out, complaint := landport(t, "verify", "--data", dir)
		if code != exitFailed || !strings.Contains(out, test.said) || !strings.HasSuffix(complaint, " is damaged\n") {
			t.Errorf("%s: exit code %d: %s%s", test.harm, code, out, complaint)
		}
		contains(t, did(t, "recover --data "+dir, "--reason", "somebody was at it"), "Nothing was lost", "Made to fit the entries again: "+test.said)
		contains(t, did(t, "verify --data "+dir), " entries of bavet.kh, epoch 1")
		node = serve(t, "--data", dir)
		if again := node.arrive("a1", "2A-1234"); again != reference {
			t.Errorf("%s: handed in again, the command was answered %s, not %s", test.harm, again, reference)
		}
		contains(t, fetch(t, node.url+"/api/v1/posts/bavet/board"), `"present":1`)
		node.end(syscall.SIGTERM)
	}
}

// Rows of the tables that are made of the entries are held against these, and
// made anew from them in the same epoch.
func TestTablesThatDoNotFitTheEntries(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "node")
	node := serve(t, "--data", dir)
	reference := node.arrive("a1", "2A-1234")
	node.end(syscall.SIGTERM)
	alter(t, dir, `DELETE FROM node_entries WHERE visit = 1`)
	code, out, complaint := landport(t, "verify", "--post", "bavet", "--data", dir)
	if code != exitFailed || !strings.Contains(out, "node_entries: the row visit 1, seq 2 is missing") || !strings.HasSuffix(complaint, " is damaged\n") {
		t.Errorf("exit code %d: %s%s", code, out, complaint)
	}
	contains(t, did(t, "verify --data "+dir), "Intact", "were not compared with the entries: say which post it is (--post)")
	refused(t, exitFailed, "--post compares the tables that are made of the entries, too", "recover --reason r --data "+dir)
	contains(t, did(t, "recover --post bavet --reason r --data "+dir), "Nothing was lost", "Made to fit the entries again: node_entries: the row visit 1, seq 2 is missing")
	node = serve(t, "--data", dir)
	contains(t, fetch(t, node.url+"/api/v1/visits/"+reference), `"kind":"arrived"`)
	contains(t, did(t, "verify --post bavet --data "+dir), "Intact", "The tables of records and studies are what the entries give.")
	node.end(syscall.SIGTERM)
	refused(t, exitFailed, "nothing is damaged", "recover --post bavet --reason r --data "+dir)
}

// Who rewrites what a node wrote, and has no key, is found out once it stopped.
func TestWhatANodeWroteIsSignedWhenItStops(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "node")
	node := serve(t, "--data", dir)
	node.arrive("a1", "2A-1234")
	contains(t, did(t, "verify --data "+dir), "No signature covers entries 1 to ", "A node signs after 10000 entries, after a minute, and when it stops.")
	node.end(syscall.SIGTERM)
	var found verdictOfLedger
	if err := json.Unmarshal([]byte(did(t, "verify --format json --data "+dir)), &found); err != nil || found.Covered != found.Size || found.Uncovered != 0 || found.Size == 0 {
		t.Errorf("%+v, %v", found, err)
	}
}
