package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file without end, or far too large a one, is refused before it fills the
// memory.
func TestAFileThatIsTooLarge(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large.yaml")
	f, err := os.Create(large)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(3 << 30); err != nil { // a hole: it takes no room on the disk
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	const want = " has more than 16 MiB; no file of its kind has so much"
	for _, args := range []string{
		"scenario check " + large, "scenario check /dev/zero", "simulate " + large, "config check " + large,
		"optimise bavet-mocbai-2018 --search " + large, "survey freeze " + large,
	} {
		code, out, complaint := landport(t, strings.Fields(args)...)
		if code != exitMisuse || out != "" || !strings.HasSuffix(strings.TrimSpace(complaint), want) {
			t.Errorf("%s: exit code %d, %q %q; want code %d and a sentence that ends with %q", args, code, out, complaint, exitMisuse, want)
		}
	}
}
