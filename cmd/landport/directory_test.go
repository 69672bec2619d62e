package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Of a directory that only holds directories with ledgers, such as that of a
// demonstration, every command names those; none begins a ledger beside them.
func TestADirectoryOfLedgersIsNoLedger(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"bavet", "keys", "moc-bai"} {
		if err := os.Mkdir(filepath.Join(home, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if name != "keys" {
			write(t, filepath.Join(home, name, ledgerFile), "of a node")
		}
	}
	write(t, filepath.Join(home, stopFile), "2018-03-05T00:00:00Z")
	want := "there is no ledger in " + home + " itself; give --data " + home + "/bavet or --data " + home + "/moc-bai"
	for _, line := range []string{
		"verify", "checkpoint", "backup " + home + "/b", "recover --reason r", "erase --post bavet --plate 2A-1 --reason r",
		"export --post bavet --format csv --out -", "config check bavet", "serve --post bavet --listen 127.0.0.1:0",
	} {
		refused(t, exitMisuse, want, line+" --data "+home)
	}
	refused(t, exitMisuse, home+" is not empty: it holds bavet, keys, moc-bai, stopped-at; give a directory that holds nothing but keys", "restore "+home+"/"+stopFile+" --data "+home+" --keys "+home+"/bavet")
	others := home + " holds the ledgers of other nodes, " + home + "/bavet and " + home + "/moc-bai, and this key would be none of theirs; give --keys another directory"
	for _, line := range []string{
		"key --post bavet", "serve --post bavet --listen 127.0.0.1:0 --data " + home + "/new", "restore " + home + "/" + stopFile + " --new-key --post bavet --data " + home + "/new",
	} {
		refused(t, exitMisuse, others, line+" --keys "+home)
	}
	refused(t, exitMisuse, home+"/bavet holds the ledger of a node; a demonstration needs a directory of its own", "demo --listen 127.0.0.1:0 --data "+home+"/bavet")
	for _, file := range []string{ledgerFile, "node.key", "b", "new", "bavet/bavet"} {
		if _, err := os.Stat(filepath.Join(home, file)); err == nil {
			t.Errorf("%s was made", file)
		}
	}
	refused(t, exitMisuse, "there is no ledger in "+home+"/keys\n", "verify --data "+home+"/keys")
}

// A backup is restored into a directory that holds nothing but keys, be they in
// it or in one of their own there.
func TestWhereABackupIsRestored(t *testing.T) {
	for _, test := range []struct {
		what  string
		files []string
		keys  string
		want  string
	}{
		{"a file of others", []string{"letter"}, "", "is not empty: it holds letter; give a directory that holds nothing but keys"},
		{"many", []string{"1", "2", "3", "4", "5", "6", "7"}, "", "it holds 1, 2, 3, 4, 5, 2 more; give"},
		{"the log of a ledger that is gone", []string{"ledger.db-wal"}, "", "it holds ledger.db-wal; give"},
		{"keys", []string{"node.key", "node.pub"}, "", "holds no signing key"},
		{"keys of their own", []string{"keys/node.key", "keys/node.pub"}, "keys", "holds no signing key"},
		{"the rest of a restoration", []string{"node.key", "node.pub", "ledger.db", "ledger.db-wal", "ledger.db.lock"}, "", "holds no signing key"},
		{"keys with a ledger", []string{"keys/node.key", "keys/node.pub", "keys/ledger.db"}, "keys", "is not empty: it holds keys; give"},
	} {
		home := t.TempDir()
		for _, name := range test.files {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(home, name)), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(home, name), "something")
		}
		t.Log(test.what)
		refused(t, exitMisuse, test.want, "restore "+filepath.Join(home, test.files[0])+" --data "+home+" --keys "+filepath.Join(home, test.keys))
	}
}
