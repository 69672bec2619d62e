package ledger_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"landport/ledger"
)

// Nobody takes a ledger into a new epoch, or restores one, while a node has it
// open; and no node opens one that somebody is at.
func TestRecoveryHasTheLedgerAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c := config(e.url(t))
		c.Shared = false
		l := open(t, c)
		write(t, l, 3)
		backup := filepath.Join(t.TempDir(), "backup")
		if _, err := ledger.Backup(t.Context(), c.URL, backup); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			what string
			do   func() error
		}{
			{"recover", func() error { _, _, err := ledger.Recover(t.Context(), c, "r"); return err }},
			{"restore", func() error { _, err := ledger.Restore(t.Context(), c, backup, "r"); return err }},
			{"commands mended", func() error { return ledger.MendCommands(t.Context(), c) }},
		} {
			if err := test.do(); !errors.Is(err, ledger.ErrHeld) {
				t.Errorf("%s beside a node: %v", test.what, err)
			}
		}
		write(t, l, 1)
		beside := c
		beside.Beside = true
		errand := open(t, beside)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ledger.Recover(t.Context(), c, "r"); err != nil {
			t.Errorf("beside an errand: %v", err)
		}
		if head, err := errand.Head(t.Context()); err != nil || head.Epoch != 2 {
			t.Errorf("%+v, %v", head, err)
		}
	})
}

// A node whose own lock went with a connection is seen by its other sessions.
func TestRecoverySeesANodeThatLostItsLock(t *testing.T) {
	c := config(postgres(t).Database(t))
	c.Shared = false
	l := open(t, c)
	write(t, l, 3)
	if _, err := raw(t, c.URL).ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
		t.Fatal(err)
	}
	write(t, l, 3)
	if _, _, err := ledger.Recover(t.Context(), c, "r"); !errors.Is(err, ledger.ErrHeld) || !strings.Contains(err.Error(), "stop them all") {
		t.Errorf("beside a node that lost its lock: %v", err)
	}
}
