package ledger

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Subtree is a hash over entries From to To of the tree as it was before a
// recovery: those that were lost are among them.
type Subtree struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	Hash string `json:"hash"` // base64
}

// formerTree is what is known of a tree that a recovery replaces.
type formerTree struct {
	tree
	full map[[2]int64]tlog.Hash // by level and n, as in subtrees
	lost []*Damage              // entries, in order
}

// coverMost bounds how many hashes an epoch's first entry keeps.
const coverMost = 4096

// cover returns hashes over all that was lost, the smallest that are known, so
// that a checkpoint of this tree can still be compared with what is left.
func (f *formerTree) cover() (found []Subtree) {
	var within func(lo, n int64) bool
	within = func(lo, n int64) bool {
		if !overlaps(f.lost, lo, n) {
			return true
		}
		hash, known := f.node(lo, n)
		if !known || !covered(f.lost, lo, n) {
			before := len(found)
			if n > 1 {
				half := split2(n)
				left, right := within(lo, half), within(lo+half, n-half)
				if left && right {
					return true
				}
			}
			if !known {
				return false
			}
			found = found[:before]
		}
		found = append(found, Subtree{lo + 1, lo + n, hash.String()})
		return true
	}
	if f.size > 0 {
		within(0, f.size)
	}
	if len(found) > coverMost {
		return nil
	}
	return found
}

// node returns the hash over n entries after the first lo, if it is known.
func (f *formerTree) node(lo, n int64) (tlog.Hash, bool) {
	if height := bits.TrailingZeros64(uint64(n)); n == 1<<height && height > 0 && height%tileHeight == 0 && lo%n == 0 {
		if hash, ok := f.full[[2]int64{int64(height / tileHeight), lo / n}]; ok {
			return hash, true
		}
	}
	from := int64(0)
	for i, height := 0, 62; height >= 0 && len(f.frontier) > 0; height-- {
		run := int64(1) << height
		if f.size&run == 0 {
			continue
		}
		if from == lo && run == n {
			return f.frontier[i], true
		}
		from, i = from+run, i+1
	}
	return tlog.Hash{}, false
}

// split2 is the largest power of two below n: how many leaves are on the left
// of a tree of n (RFC 6962, section 2.1).
func split2(n int64) int64 { return 1 << (bits.Len64(uint64(n-1)) - 1) }

// overlaps reports whether an entry of n after the first lo is in ranges.
func overlaps(ranges []*Damage, lo, n int64) bool {
	return slices.ContainsFunc(ranges, func(d *Damage) bool { return d.From <= lo+n && lo < d.To })
}

// covered reports whether one range has all n entries after the first lo.
func covered(ranges []*Damage, lo, n int64) bool {
	return slices.ContainsFunc(ranges, func(d *Damage) bool { return d.From <= lo+1 && lo+n <= d.To })
}

// compare holds the tree against a checkpoint from outside, nil for none, and
// against the last one of the epoch in the database.
func (v *verification) compare(outside []byte, verifier note.Verifier) error {
	found := len(v.Damage)
	if outside != nil {
		c, err := ParseCheckpoint(outside, verifier)
		if err != nil {
			return err
		}
		v.Checkpoint = &c
		if err := v.hold(c); err != nil || len(v.Damage) > found {
			return err
		}
		if c.Epoch != v.Head.Epoch {
			verifier = nil // this epoch's key may be another
		}
	}
	text, err := lastCheckpoint(v.ctx, v.db.read)
	if err != nil || text == "" {
		return err
	}
	c, err := ParseCheckpoint([]byte(text), verifier)
	if err != nil || c.Epoch != v.Head.Epoch {
		return err // a recovery has told how the last epoch ended
	}
	v.Signed = &c
	if outside == nil {
		v.Checkpoint = &c
	}
	return v.hold(c)
}

// hold holds the tree against a checkpoint.
func (v *verification) hold(c Checkpoint) error {
	switch {
	case c.Origin != v.Head.Origin:
		v.foundf(0, 0, "the checkpoint is of %s, the ledger of %s", c.Origin, v.Head.Origin)
		return nil
	case c.Epoch > v.Head.Epoch:
		v.foundf(0, 0, "the checkpoint is of epoch %d, the ledger of epoch %d: it is from before the recovery that the checkpoint knows of", c.Epoch, v.Head.Epoch)
		return nil
	case c.Size > v.Head.Size && c.Epoch == v.Head.Epoch:
		v.foundf(v.Head.Size+1, c.Size, "missing: the checkpoint counts %d entries, the ledger %d", c.Size, v.Head.Size)
		return nil
	case len(v.Damage) > 0:
		return nil // it cannot fit, and what does not is named
	case c.Epoch < v.Head.Epoch:
		return v.earlier(c)
	}
	root, err := tlog.TreeHash(c.Size, checkedHashes(v.ctx, v.db, v.Head))
	if err != nil {
		return v.orDamage(err)
	}
	if root != c.Root {
		v.foundf(1, c.Size, "not those of the checkpoint, although they fit each other: the past was written anew")
	}
	return nil
}

// Reopened says how a checkpoint of an epoch that has ended fits the ledger:
// the entries that the checkpoint counts are those that stand here, but for
// those that are lost.
type Reopened struct {
	Epoch  int       `json:"epoch"` // that was begun next
	At     int64     `json:"at"`    // seq of its first entry
	Reason string    `json:"reason"`
	Shown  int64     `json:"shown_to"` // entries 1 to this one are shown to be the checkpoint's
	Lost   []*Damage `json:"lost"`     // of the checkpoint's entries
}

// epochStart is the first entry of a later epoch.
type epochStart struct {
	seq int64
	Recovered
}

// noteEpoch keeps what entries of recoveries say.
func (v *verification) noteEpoch(e *Entry) {
	switch e.Kind {
	case KindRecovered:
		start := epochStart{seq: e.Seq}
		if json.Unmarshal(e.Data, &start.Recovered) == nil {
			v.epoch = start.Epoch
			v.starts = append(v.starts, start)
		}
	case KindLost:
		var l lost
		hash := tlog.Hash{}
		if json.Unmarshal(e.Data, &l) != nil {
			return
		}
		if h, err := tlog.ParseHash(l.Hash); err == nil {
			hash = h
		}
		v.stands[e.Seq] = stand{l.Epoch, hash}
	}
}

// stand is what stands in the place of a lost entry: the epoch in which it was
// lost, and the hash it had, zero if nobody knows.
type stand struct {
	epoch int
	hash  tlog.Hash
}

// former is the tree of an epoch that has ended, as far as it can be made of
// the entries that stand and of what was kept of those that were lost.
type former struct {
	v     *verification
	lost  []*Damage
	by    []int                  // the epochs in which these were lost, in order
	nodes map[[2]int64]tlog.Hash // by From and To
	whole bool                   // every epoch since says what it lost
	err   error
}

// formerOf says what was lost of the first size entries since an epoch.
func (v *verification) formerOf(epoch int, size int64) (f *former, start epochStart) {
	i := slices.IndexFunc(v.starts, func(s epochStart) bool { return s.Epoch > epoch })
	if i < 0 {
		return nil, start
	}
	start = v.starts[i]
	f = &former{v: v, nodes: map[[2]int64]tlog.Hash{}}
	for _, s := range v.starts[i:] {
		for _, n := range s.Hashes {
			hash, err := tlog.ParseHash(n.Hash)
			if err == nil && !overlaps(f.lost, n.From-1, n.To-n.From+1) && (s.seq == start.seq || n.To < start.seq) {
				f.nodes[[2]int64{n.From, n.To}] = hash
			}
		}
		for _, d := range s.Lost {
			to := min(d.To, size)
			if s.seq != start.seq {
				to = min(to, start.seq-1)
			}
			f.lose(d.From, to, d.What, s.Epoch)
		}
		if s.seq == start.seq { // what stood behind is lost, too, whoever knew of it
			behind := s.seq
			for _, d := range f.lost {
				behind = max(behind, d.To+1)
			}
			f.lose(behind, size, "missing", s.Epoch)
		}
	}
	// What an epoch lost whose own first entry was lost since.
	for _, seq := range slices.Sorted(maps.Keys(v.stands)) {
		if s := v.stands[seq]; s.epoch > epoch && seq <= size && !overlaps(f.lost, seq-1, 1) {
			f.lose(seq, seq, "missing", s.epoch)
		}
	}
	f.whole = len(v.starts)-i == v.Head.Epoch-epoch
	return f, start
}

func (f *former) lose(from, to int64, what string, epoch int) {
	if from >= 1 && from <= to {
		f.lost, f.by = append(f.lost, &Damage{from, to, what}), append(f.by, epoch)
	}
}

// single returns the hash of an entry that was lost, if what stands in its place
// knows it.
func (f *former) single(seq int64) (tlog.Hash, bool) {
	first := slices.IndexFunc(f.lost, func(d *Damage) bool { return d.From <= seq && seq <= d.To })
	s, ok := f.v.stands[seq]
	return s.hash, ok && first >= 0 && s.epoch == f.by[first] && s.hash != tlog.Hash{}
}

// root returns the hash over n entries after the first lo, if it can be known:
// with the hashes of single lost entries, or by larger subtrees alone. shown is
// reduced to what is ahead of every subtree that is taken at its word.
func (f *former) root(lo, n int64, single bool, shown *int64) (tlog.Hash, bool) {
	if f.err != nil {
		return tlog.Hash{}, false
	}
	if !overlaps(f.lost, lo, n) {
		var hash tlog.Hash
		hash, f.err = f.v.standing(lo, n)
		return hash, f.err == nil
	}
	if single && n == 1 {
		if hash, ok := f.single(lo + 1); ok {
			*shown = min(*shown, lo)
			return hash, true
		}
	}
	if n > 1 {
		half, least := split2(n), *shown
		if left, ok := f.root(lo, half, single, shown); ok {
			if right, ok := f.root(lo+half, n-half, single, shown); ok {
				return tlog.NodeHash(left, right), true
			}
		}
		*shown = least
	}
	hash, ok := f.nodes[[2]int64{lo + 1, lo + n}]
	if ok {
		*shown = min(*shown, lo)
	}
	return hash, ok
}

// standing returns the hash over n entries after the first lo as they stand.
func (v *verification) standing(lo, n int64) (tlog.Hash, error) {
	if n&(n-1) != 0 { // the right edge
		half := split2(n)
		left, err := v.standing(lo, half)
		if err != nil {
			return left, err
		}
		right, err := v.standing(lo+half, n-half)
		return tlog.NodeHash(left, right), err
	}
	level := bits.TrailingZeros64(uint64(n)) / tileHeight
	below, err := v.tiles.read(level, lo>>(tileHeight*level), n>>(tileHeight*level))
	if err != nil {
		return tlog.Hash{}, err
	}
	return over(split(below)), nil
}

// earlier holds the ledger against a checkpoint of an epoch that has ended.
func (v *verification) earlier(c Checkpoint) error {
	f, start := v.formerOf(c.Epoch, c.Size)
	if f == nil {
		v.foundf(0, 0, "no entry says how epoch %d, which the checkpoint is of, came to its end", c.Epoch)
		return nil
	}
	if c.Size == 0 {
		v.Reopened = &Reopened{Epoch: start.Epoch, At: start.seq, Reason: start.Reason, Lost: []*Damage{}}
		return nil
	}
	known := false
	for _, single := range []bool{true, false} {
		shown := c.Size
		root, ok := f.root(0, c.Size, single, &shown)
		if f.err != nil {
			return v.orDamage(f.err)
		}
		if ok && root == c.Root {
			v.Reopened = &Reopened{start.Epoch, start.seq, start.Reason, shown, append([]*Damage{}, f.lost...)}
			return nil
		}
		known = known || ok && f.whole
	}
	if known {
		v.foundf(1, c.Size, "not those of the checkpoint, although they fit each other and what epoch %d, which entry %d began, says of those it lost: the past was written anew", start.Epoch, start.seq)
		return nil
	}
	ahead := c.Size
	for _, d := range f.lost {
		ahead = min(ahead, d.From-1)
	}
	what := fmt.Sprintf("lost ahead of epoch %d, which entry %d began; whether entries 1 to %d are the checkpoint's it cannot show any more, only one of at most %d entries can", start.Epoch, start.seq, ahead, ahead)
	v.foundf(ahead+1, c.Size, "%s", what)
	return nil
}
