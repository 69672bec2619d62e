package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe into which nobody writes is empty, not waited for without end.
func TestAPipeWithoutAWriter(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, complaint := landport(t, "scenario", "check", pipe)
	if code != exitMisuse || out != "" || !strings.Contains(complaint, "pipe.yaml") || !strings.Contains(complaint, "empty") {
		t.Errorf("exit code %d, %q %q", code, out, complaint)
	}
}
