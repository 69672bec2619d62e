package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// However it is built from a clone, the program names the revision.
func TestTheProgramNamesItsRevision(t *testing.T) {
	t.Parallel()
	head, err := exec.CommandContext(t.Context(), "git", "rev-parse", "HEAD").Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "landport")
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=auto", "-o", file, ".").CombinedOutput(); err != nil { //nolint:gosec // the program under test
		t.Fatalf("%v: %s", err, text)
	}
	for _, c := range [][]string{{file}, {"go", "run", "-buildvcs=auto", "."}} {
		out, err := exec.CommandContext(t.Context(), c[0], append(c[1:], "version", "--format", "json")...).Output() //nolint:gosec // the program under test
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		var said struct{ Revision string }
		if err := json.Unmarshal(out, &said); err != nil || strings.TrimSuffix(said.Revision, "+dirty") != strings.TrimSpace(string(head)) {
			t.Errorf("%s says %q, not %s (%v)", c, said.Revision, head, err)
		}
	}
	if _, revision := built(t.Context()); !strings.Contains(madeBy(t.Context()), "git rev-parse HEAD") || revision != unknown {
		t.Errorf("a program of revision %q, which go test does not note: %q", revision, madeBy(t.Context()))
	}
}
