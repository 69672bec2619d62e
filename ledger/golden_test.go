package ledger_test

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"landport/ledger"
)

// The root of testdata/golden-1.backup, which stays as it is for ever: what
// one release has hashed every later one must hash alike.
const goldenRoot = "IfFfjLRM3q8H21cLL+tJc+ngDrONhbDKhgfd0zl5s8I="

const goldenFile = "testdata/golden-1.backup"

func goldenLeaves(t testing.TB) (leaves []string) {
	t.Helper()
	file, err := os.Open(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it is only read
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct{ Leaf string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Leaf != "" {
			leaves = append(leaves, line.Leaf)
		}
	}
	return leaves
}

func TestGoldenLedger(t *testing.T) {
	leaves := goldenLeaves(t)
	var hashes []tlog.Hash
	for i, leaf := range leaves {
		entry, err := ledger.ParseLeaf(leaf)
		if err != nil {
			t.Fatalf("entry %d: %v", i+1, err)
		}
		hash := entry.Hash()
		if hash != tlog.RecordHash([]byte(leaf)) {
			t.Errorf("entry %d hashes to %v, its text to another", i+1, hash)
		}
		hashes = append(hashes, hash)
	}
	if root := naive(hashes).String(); root != goldenRoot {
		t.Errorf("the root is %s, not %s", root, goldenRoot)
	}
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		c := config(e.url(t))
		if _, err := ledger.Restore(t.Context(), c, goldenFile, "a later release"); err != nil {
			t.Fatal(err)
		}
		l := open(t, c)
		root, err := l.Root(t.Context(), int64(len(leaves)))
		if err != nil || root.String() != goldenRoot {
			t.Errorf("restored the root is %v, not %s: %v", root, goldenRoot, err)
		}
		var again []string
		for _, entry := range all(t, l)[:len(leaves)] {
			again = append(again, string(entry.Leaf()))
		}
		if !slices.Equal(again, leaves) {
			t.Error("restored the entries are others")
		}
		if report := verified(t, c.URL, nil, nil); len(report.Damage) > 0 || report.Personal != 1 {
			t.Errorf("Verify says %s", words(report.Damage))
		}
	})
}

func FuzzParseLeaf(f *testing.F) {
	for _, leaf := range goldenLeaves(f)[:10] {
		f.Add(leaf)
	}
	f.Add("landport/entry/1\n1\n2\n3\n\n\n\n\n0\nk\n1\n{}\n")
	f.Fuzz(func(t *testing.T, leaf string) {
		e, err := ledger.ParseLeaf(leaf)
		if err != nil {
			return
		}
		if err := e.Check(); err != nil {
			t.Errorf("%q is read, but cannot be written: %v", leaf, err)
		}
		if again := string(e.Leaf()); again != leaf {
			t.Errorf("%q is read and written as %q", leaf, again)
		}
	})
}

// TestATornFile takes away the end of what SQLite had not yet moved into the
// main file.
func TestATornFile(t *testing.T) {
	c, verifier := signed(t, config(newFile(t)))
	l := open(t, c)
	for range 30 {
		write(t, l, 7)
	}
	kept, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := strings.TrimPrefix(c.URL, "sqlite:")
	wal, err := os.ReadFile(file + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		torn := c
		torn.URL = copyFile(t, c.URL)
		end := random.IntN(len(wal))
		if err := os.WriteFile(strings.TrimPrefix(torn.URL, "sqlite:")+"-wal", wal[:end], 0o600); err != nil { //nolint:gosec // a temporary directory
			t.Fatal(err)
		}
		l, err := ledger.Open(t.Context(), torn)
		if err != nil {
			continue // not even its tables are whole, and it says so
		}
		head, err := l.Head(t.Context())
		if err != nil || head.Size%7 != 0 || head.Size >= 210 {
			t.Errorf("after byte %d of %d was lost, the ledger stands at %+v: %v", end, len(wal), head, err)
		}
		if report := verified(t, torn.URL, kept, verifier); !strings.Contains(words(report.Damage), "missing: the checkpoint counts 210 entries") {
			t.Errorf("after byte %d of %d was lost, Verify says %q", end, len(wal), words(report.Damage))
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}
