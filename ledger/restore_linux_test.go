package ledger_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"landport/ledger"
)

// What a restore that was broken off leaves is no ledger to anybody, and the
// restore begins anew.
func TestARestoreThatIsBrokenOff(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		from := config(newFile(t))
		write(t, open(t, from), 3000)
		backup := filepath.Join(t.TempDir(), "backup")
		if _, err := ledger.Backup(t.Context(), from.URL, backup); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(backup)
		if err != nil {
			t.Fatal(err)
		}
		c := config(e.url(t))
		breakOff(t, c, whole)

		said := func(what string, err error) {
			if !errors.Is(err, ledger.ErrBegun) {
				t.Errorf("%s says %v", what, err)
			}
		}
		_, err = ledger.Verify(t.Context(), c.URL, nil, nil, nil)
		said("Verify", err)
		_, err = ledger.Open(t.Context(), c)
		said("Open", err)
		_, err = ledger.Backup(t.Context(), c.URL, backup+"2")
		said("Backup", err)
		_, _, err = ledger.Recover(t.Context(), c, "r")
		said("Recover", err)
		damaged := filepath.Join(t.TempDir(), "cut")
		if err := os.WriteFile(damaged, whole[:len(whole)/2], 0o600); err != nil { //nolint:gosec // a temporary directory
			t.Fatal(err)
		}
		if _, err := ledger.Restore(t.Context(), c, damaged, "r"); err == nil || !strings.Contains(err.Error(), "is not whole") {
			t.Errorf("a backup that is cut off: %v", err)
		}
		_, err = ledger.Open(t.Context(), c)
		said("after another that failed, Open", err)
		if head, err := ledger.Restore(t.Context(), c, backup, "again"); err != nil || head.Size != 3001 || head.Epoch != 2 {
			t.Errorf("restored again: %+v, %v", head, err)
		}
		open(t, c)
	})
}

// breakOff leaves a database as a restore leaves it that is killed in the middle.
func breakOff(t *testing.T, c ledger.Config, backup []byte) {
	t.Helper()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(context.Background(), os.Args[0]) //nolint:gosec // this test
	process.Env = append(os.Environ(), envPart+"=restore", envURL+"="+c.URL, envName+"="+pipe)
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	in, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(backup[:len(backup)/2]); err != nil { // what fits no pipe was read when this returns
		t.Fatal(err)
	}
	if err := process.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = process.Wait()
	if err := in.Close(); err != nil {
		t.Error(err)
	}
}

// restoreUntilKilled restores a backup that nobody ends.
func restoreUntilKilled(url, file string) error {
	_, err := ledger.Restore(context.Background(), config(url), file, "r")
	return err
}
