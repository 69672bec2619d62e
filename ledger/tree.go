package ledger

import (
	"crypto/sha256"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// A tile is 256 hashes side by side, 8 levels of the tree below one hash
// (C2SP tlog-tiles).
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// tree is the right edge of a Merkle tree: the hashes of the complete subtrees
// its leaves fall into, largest first, one for each bit of size. It is all one
// needs to add leaves and to know the root.
type tree struct {
	size     int64
	frontier []tlog.Hash
}

// subtree is the hash over the n-th run of 256^level leaves.
type subtree struct {
	level int
	n     int64
	hash  tlog.Hash
}

// push adds a leaf and returns full with the runs of 256, 65536 … leaves it
// completed.
func (t *tree) push(leaf tlog.Hash, full []subtree) []subtree {
	hash := leaf
	for height := 1; height <= bits.TrailingZeros64(uint64(t.size+1)); height++ {
		last := len(t.frontier) - 1
		hash = tlog.NodeHash(t.frontier[last], hash)
		t.frontier = t.frontier[:last]
		if height%tileHeight == 0 {
			full = append(full, subtree{height / tileHeight, t.size >> height, hash})
		}
	}
	t.frontier = append(t.frontier, hash)
	t.size++
	return full
}

func (t *tree) root() tlog.Hash {
	if len(t.frontier) == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.frontier) - 1
	hash := t.frontier[last]
	for i := last - 1; i >= 0; i-- {
		hash = tlog.NodeHash(t.frontier[i], hash)
	}
	return hash
}

func (t *tree) bytes() []byte {
	b := make([]byte, 0, len(t.frontier)*tlog.HashSize)
	for _, hash := range t.frontier {
		b = append(b, hash[:]...)
	}
	return b
}

func parseTree(size int64, frontier []byte) (tree, error) {
	t := tree{size: size}
	if want := bits.OnesCount64(uint64(size)); size < 0 || len(frontier) != want*tlog.HashSize {
		return t, &Damage{What: fmt.Sprintf("the head row is damaged: a tree of %d entries has a frontier of %d hashes, not %d bytes", size, want, len(frontier))}
	}
	for ; len(frontier) > 0; frontier = frontier[tlog.HashSize:] {
		t.frontier = append(t.frontier, tlog.Hash(frontier[:tlog.HashSize]))
	}
	return t, nil
}
