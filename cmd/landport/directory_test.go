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
	for _, file := range []string{ledgerFile, "node.key", "b"} {
		if _, err := os.Stat(filepath.Join(home, file)); err == nil {
			t.Errorf("%s was made", file)
		}
	}
	refused(t, exitMisuse, "there is no ledger in "+home+"/keys\n", "verify --data "+home+"/keys")
}
