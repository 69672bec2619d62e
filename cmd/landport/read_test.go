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
	for _, test := range []struct{ args, most string }{
		{"scenario check " + large, "1 MiB"}, {"scenario check /dev/zero", "1 MiB"}, {"simulate " + large, "1 MiB"}, {"config check " + large, "16 MiB"},
		{"optimise bavet-mocbai-2018 --search " + large, "16 MiB"}, {"survey freeze " + large, "16 MiB"},
	} {
		args, want := test.args, " has more than "+test.most+"; no file of its kind has so much"
		code, out, complaint := landport(t, strings.Fields(args)...)
		if code != exitMisuse || out != "" || !strings.HasSuffix(strings.TrimSpace(complaint), want) {
			t.Errorf("%s: exit code %d, %q %q; want code %d and a sentence that ends with %q", args, code, out, complaint, exitMisuse, want)
		}
	}
}
