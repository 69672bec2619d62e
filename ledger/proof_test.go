package ledger_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"landport/ledger"
)

func TestTree(t *testing.T) {
	onBoth(t, func(t *testing.T, e engine) {
		t.Helper()
		t.Run("any sequence of batches grows the tree of RFC 6962", func(t *testing.T) { growsTree(t, e) })
		t.Run("checkpoints and proofs stand alone", func(t *testing.T) { standsAlone(t, e) })
		t.Run("other tools' view of a checkpoint", func(t *testing.T) { signsCheckpoints(t, e) })
	})
}

// naive is the Merkle tree hash as section 2.1 of RFC 6962 words it.
func naive(leaves []tlog.Hash) tlog.Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := naive(leaves[:k]), naive(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

// leafHash hashes an entry without the ledger's help.
func leafHash(e *ledger.Entry) tlog.Hash {
	return sha256.Sum256(append([]byte{0}, e.Leaf()...))
}

func growsTree(t *testing.T, e engine) {
	t.Helper()
	c := config(e.url(t))
	l := open(t, c)
	var leaves []tlog.Hash
	rapid.Check(t, func(r *rapid.T) { // each case goes on where the one before it stopped
		batch := rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, 300), rapid.SampledFrom([]int{255, 256, 257})).Draw(r, "batch")
		write(t, l, batch)
		for entry, err := range l.Each(t.Context(), int64(len(leaves))) {
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, leafHash(&entry))
		}
		n := int64(len(leaves))
		head, err := l.Head(t.Context())
		if err != nil || head.Size != n || head.Root != naive(leaves) {
			r.Fatalf("of %d entries the root is %v, not %v: %v", n, head.Root, naive(leaves), err)
		}
		if n == 0 {
			return
		}
		size := rapid.Int64Range(1, n).Draw(r, "size")
		seq := rapid.Int64Range(1, size).Draw(r, "seq")
		root, err := l.Root(t.Context(), size)
		if err != nil || root != naive(leaves[:size]) {
			r.Fatalf("of the first %d of %d entries the root is %v, not %v: %v", size, n, root, naive(leaves[:size]), err)
		}
		path, err := l.Inclusion(t.Context(), seq, size)
		if err != nil {
			r.Fatal(err)
		}
		if err := tlog.CheckRecord(path, size, root, seq-1, leaves[seq-1]); err != nil {
			r.Fatalf("inclusion of %d in %d: %v", seq, size, err)
		}
		growth, err := l.Consistency(t.Context(), size, n)
		if err != nil {
			r.Fatal(err)
		}
		if err := tlog.CheckTree(growth, n, head.Root, size, root); err != nil {
			r.Fatalf("consistency of %d with %d: %v", size, n, err)
		}
	})
	if report := verified(t, c.URL, nil, nil); len(report.Damage) > 0 || report.Entries != int64(len(leaves)) {
		t.Errorf("verify read %d of %d entries and found %v", report.Entries, len(leaves), report.Damage)
	}
	for _, test := range []struct {
		what string
		ask  func() error
	}{
		{"an entry beyond the tree", func() error { _, err := l.Inclusion(t.Context(), 3, 2); return err }},
		{"no entry", func() error { _, err := l.Inclusion(t.Context(), 0, 2); return err }},
		{"a tree beyond the head", func() error { _, err := l.Root(t.Context(), int64(len(leaves))+1); return err }},
		{"a smaller tree", func() error { _, err := l.Consistency(t.Context(), 3, 2); return err }},
		{"a tree of nothing", func() error { _, err := l.Consistency(t.Context(), 0, 2); return err }},
	} {
		if test.ask() == nil {
			t.Errorf("a proof of %s is given", test.what)
		}
	}
}

func standsAlone(t *testing.T, e engine) {
	t.Helper()
	c, verifier := signed(t, config(e.url(t)))
	l := open(t, c)
	write(t, l, 700)
	proof, err := l.Proof(t.Context(), 300)
	if err != nil {
		t.Fatal(err)
	}
	leaf, at, err := ledger.CheckProof(proof, verifier)
	entry := all(t, l)[299]
	if err != nil || string(leaf) != string(entry.Leaf()) || at.Size != 700 || at.Origin != origin {
		t.Fatalf("the proof says %q at %+v: %v", leaf, at, err)
	}
	_, other := signed(t, c)
	if _, _, err := ledger.CheckProof(proof, other); err == nil {
		t.Error("a proof holds by another node's key")
	}
	for i := range proof {
		altered := slices.Clone(proof)
		altered[i] ^= 1
		if leaf, _, err := ledger.CheckProof(altered, verifier); err == nil && string(leaf) != string(entry.Leaf()) {
			t.Fatalf("with byte %d altered the proof proves %q", i, leaf)
		}
	}
}

func signsCheckpoints(t *testing.T, e engine) {
	t.Helper()
	c := config(e.url(t))
	unsigned := open(t, c)
	if _, err := unsigned.Checkpoint(t.Context()); err == nil {
		t.Error("a ledger without a key signs")
	}
	c, verifier := signed(t, c)
	l := open(t, c)
	write(t, l, 3)
	text, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	head, err := l.Head(t.Context())
	if want := "bavet.kh\n3\n" + head.Root.String() + "\n"; err != nil || opened.Text != want {
		t.Errorf("the checkpoint says %q, not %q: %v", opened.Text, want, err)
	}
	if again, err := l.Checkpoint(t.Context()); err != nil || string(again) != string(text) {
		t.Errorf("the same head signed again is %q: %v", again, err)
	}
	for _, bad := range []string{"", "bavet.kh\n3\n", "bavet.kh\nx\n" + head.Root.String() + "\n\n", "bavet.kh/epoch/x\n3\n" + head.Root.String() + "\n\n", "a\n1\nb\n\n"} {
		if _, err := ledger.ParseCheckpoint([]byte(bad), nil); err == nil {
			t.Errorf("%q is taken for a checkpoint", bad)
		}
	}
}

func verified(t testing.TB, url string, checkpoint []byte, verifier note.Verifier) *ledger.Report {
	t.Helper()
	report, err := ledger.Verify(t.Context(), url, checkpoint, verifier, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func words(damage []*ledger.Damage) string {
	var said []string
	for _, d := range damage {
		said = append(said, d.Error())
	}
	return strings.Join(said, "; ")
}
