package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bavet")
	key, public, err := Key(dir, "bavet.kh")
	if err != nil || !strings.HasPrefix(key, "PRIVATE+KEY+bavet.kh+") || !strings.HasPrefix(public, "bavet.kh+") {
		t.Fatalf("a new key: %q, %q, %v", key, public, err)
	}
	if again, _, err := Key(dir, "bavet.kh"); err != nil || again != key {
		t.Errorf("the key is another the second time: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file can be read by others: %v, %v", info, err)
	}
	if _, _, err := Key(dir, "mocbai.vn"); err == nil || !strings.Contains(err.Error(), "belongs to bavet.kh") {
		t.Errorf("the neighbour's key: %v", err)
	}
	for _, spoilt := range []struct{ file, text string }{ // the public half first: a spoilt secret half is told before it
		{publicFile, "bavet.kh+00000000+AAAA"},
		{keyFile, "PRIVATE+KEY+nothing"},
	} {
		if err := os.WriteFile(filepath.Join(dir, spoilt.file), []byte(spoilt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Key(dir, "bavet.kh"); err == nil || !strings.Contains(err.Error(), spoilt.file) {
			t.Errorf("a spoilt %s: %v", spoilt.file, err)
		}
	}
}
