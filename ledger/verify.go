package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// Report is what Verify found.
type Report struct {
	Head       Head
	Entries    int64       // read and hashed
	Personal   int64       // personal values compared with their commitments
	Checkpoint *Checkpoint // the one compared with: handed in, or else Signed
	Signed     *Checkpoint // the last one of the epoch in the database, compared with too; nil if there is none
	Reopened   *Reopened   // how it fits, if it is of an epoch that has ended
	Damage     []*Damage   // in order of what is damaged; empty if nothing is
	Spoilt     bool        // the database's file is damaged: what there is of it was read past SQLite, and Rebuild is for it
}

// Verify reads a whole ledger, without changing it or needing its key, and
// compares every entry with its hash, every hash with the tree, and the tree
// with the head and with checkpoints: the last one that the database itself
// holds, and one that was kept outside, nil for none. What no checkpoint covers
// somebody can have rewritten, hashes and all. A nil verifier takes checkpoints
// at their word. Progress is told now and then how
// many entries were read.
//
// What does not fit is in the report; an error means that not all could be
// compared.
func Verify(ctx context.Context, url string, checkpoint []byte, verifier note.Verifier, progress func(entries int64)) (*Report, error) {
	v := &verification{ctx: ctx, progress: progress, stands: map[int64]stand{}}
	var err error
	if v.db, err = connectReadOnly(ctx, url); err == nil {
		v.tiles = tiles{ctx, v.db}
		err = v.all(checkpoint, verifier)
		defer v.db.close() //nolint:errcheck // it was only read
	}
	if _, bad := spoilt(err); bad {
		err = v.past(url, err)
	}
	if err != nil {
		return nil, err
	}
	return &v.Report, nil
}

// all is all that Verify does with a database that can be read.
func (v *verification) all(checkpoint []byte, verifier note.Verifier) error {
	if err := v.db.checkVersion(v.ctx); err != nil {
		return err
	}
	if err := v.run(checkpoint, verifier); err != nil {
		return err
	}
	lost, derived, err := v.db.structure(v.ctx)
	v.Spoilt = len(lost)+len(derived) > 0
	v.Damage = append(append(v.Damage, lost...), derived...)
	return err
}

type verification struct {
	Report

	ctx      context.Context //nolint:containedctx // it lives as long as Verify
	db       *database
	tiles    tiles
	progress func(int64)
	frontier []tlog.Hash
	suspects []suspect
	epoch    int
	starts   []epochStart    // of the later epochs
	stands   map[int64]stand // for lost entries, by seq
	last     border.Time
	run256   []tlog.Hash // leaves as stored, of the run of 256 being read
	broken   bool        // an entry of that run is named already
	short    bool        // the last entries are missing, and with them what the tree's edge stands on
}

// suspect is an entry whose text does not give its hash.
type suspect struct {
	entry Entry
	leaf  tlog.Hash
}

func (v *verification) run(checkpoint []byte, verifier note.Verifier) error {
	head, tree, err := scanHead(v.db.read.QueryRowContext(v.ctx, selectHead))
	v.Head = head
	if damage := (*Damage)(nil); errors.As(err, &damage) {
		v.Damage = append(v.Damage, damage)
		return nil
	} else if err != nil {
		return err
	}
	v.frontier, v.epoch = tree.frontier, 1
	for _, step := range []func() error{v.entries, v.upperLevels, v.edge, v.values} {
		if err := step(); err != nil {
			return err
		}
	}
	return v.compare(checkpoint, verifier)
}

// foundf adds damage, to the range before it if it is of the same kind.
func (v *verification) foundf(from, to int64, format string, args ...any) {
	d := &Damage{from, to, fmt.Sprintf(format, args...)}
	if n := len(v.Damage); n > 0 && from > 0 && v.Damage[n-1].What == d.What && v.Damage[n-1].To+1 == from {
		v.Damage[n-1].To = to
		return
	}
	v.Damage = append(v.Damage, d)
}

// entries reads them all.
func (v *verification) entries() error {
	after, next := int64(math.MinInt64), int64(1)
	for {
		n, last, err := v.page(after, &next)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		after = last
		if v.progress != nil {
			v.progress(v.Entries)
		}
	}
	if v.short = next <= v.Head.Size; v.short {
		v.foundf(next, v.Head.Size, "missing")
	}
	v.nameMoved()
	if err := v.orDamage(v.db.checkEnd(v.ctx)); err != nil {
		return err
	}
	if len(v.Damage) == 0 && v.Head.Recorded != v.last {
		v.foundf(0, 0, "the head row was altered: it says that the last entry was recorded at %d, the entry says %d", v.Head.Recorded, v.last)
	}
	if v.Head.Epoch != v.epoch {
		v.foundf(0, 0, "the head row was altered: it says epoch %d, the entries say %d", v.Head.Epoch, v.epoch)
	}
	return nil
}

func (v *verification) page(after int64, next *int64) (n int, last int64, err error) {
	rows, err := v.db.read.QueryContext(v.ctx, selectEntries, after, 1000)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for ; rows.Next(); n++ {
		e, leaf, hash, err := scanEntry(rows)
		switch last = e.Seq; {
		case err != nil:
			return 0, 0, err
		case e.Seq < 1:
			v.foundf(0, 0, "entry %d stands before the beginning of the ledger", e.Seq)
			continue
		case e.Seq > v.Head.Size:
			return 0, 0, nil // checkEnd knows whether it is one of a replica at work
		case e.Seq > *next:
			v.missing(*next, e.Seq-1)
		}
		*next = e.Seq + 1
		v.entry(&e, leaf, hash)
	}
	return n, last, rows.Err()
}

func (v *verification) missing(from, to int64) {
	v.foundf(from, to, "missing")
	for seq := from; seq <= to; seq++ {
		v.broken = true
		v.leaf(seq, tlog.Hash{})
	}
}

func (v *verification) entry(e *Entry, leaf, hash tlog.Hash) {
	v.Entries++
	switch {
	case hash != leaf:
		v.foundf(e.Seq, e.Seq, textAltered)
		v.suspects = append(v.suspects, suspect{*e, leaf})
		v.broken = true
	case e.Recorded < v.last:
		v.foundf(e.Seq, e.Seq, "recorded earlier than the entry ahead of it")
	default:
		v.noteEpoch(e)
	}
	v.last = e.Recorded
	v.leaf(e.Seq, leaf)
}

const textAltered = "altered: its text does not give its hash"

// leaf compares each run of 256 leaves with the tree.
func (v *verification) leaf(seq int64, leaf tlog.Hash) {
	v.run256 = append(v.run256, leaf)
	if len(v.run256) < tileWidth {
		return
	}
	if !v.broken {
		stored, err := v.tiles.read(1, (seq-1)>>tileHeight, 1)
		if err != nil || tlog.Hash(stored) != over(v.run256) {
			v.foundf(seq-tileWidth+1, seq, "not those of the tree: their hashes do not give the hash over them")
		}
	}
	v.run256, v.broken = v.run256[:0], false
}

// over returns the root of a tree of leaves.
func over(leaves []tlog.Hash) tlog.Hash {
	var t tree
	for _, leaf := range leaves {
		t.push(leaf, nil)
	}
	return t.root()
}

// nameMoved says of altered entries whether they are others' of them. Among
// very many it does not look.
func (v *verification) nameMoved() {
	const many = 512
	if len(v.suspects) > many {
		return
	}
	for _, s := range v.suspects {
		for _, place := range v.suspects {
			moved := s.entry
			moved.Seq = place.entry.Seq
			if hash := moved.Hash(); place.entry.Seq != s.entry.Seq && (hash == s.leaf || hash == place.leaf) {
				v.rename(s.entry.Seq, fmt.Sprintf("reordered: here stands entry %d", place.entry.Seq))
			}
		}
	}
}

// rename words anew what was found of one entry.
func (v *verification) rename(seq int64, what string) {
	i := slices.IndexFunc(v.Damage, func(d *Damage) bool { return d.What == textAltered && d.From <= seq && seq <= d.To })
	if i < 0 {
		return
	}
	d := v.Damage[i]
	parts := []*Damage{{d.From, seq - 1, textAltered}, {seq, seq, what}, {seq + 1, d.To, textAltered}}
	parts = slices.DeleteFunc(parts, func(d *Damage) bool { return d.From > d.To })
	v.Damage = slices.Replace(v.Damage, i, i+1, parts...)
}

// upperLevels compares the hashes over 65536 entries and more.
func (v *verification) upperLevels() error {
	for level := 1; !v.short && v.Head.Size>>(tileHeight*(level+1)) > 0; level++ {
		for n := range v.Head.Size >> (tileHeight * (level + 1)) {
			below, err := v.tiles.read(level, n<<tileHeight, tileWidth)
			var stored []byte
			if err == nil {
				stored, err = v.tiles.read(level+1, n, 1)
			}
			if err := v.orDamage(err); err != nil {
				return err
			}
			if run := int64(1) << (tileHeight * (level + 1)); err == nil && tlog.Hash(stored) != over(split(below)) {
				v.foundf(n*run+1, (n+1)*run, "not those of the tree: the hash over them is not the one stored at level %d", level+1)
			}
		}
	}
	return nil
}

func split(hashes []byte) (all []tlog.Hash) {
	for ; len(hashes) > 0; hashes = hashes[tlog.HashSize:] {
		all = append(all, tlog.Hash(hashes[:tlog.HashSize]))
	}
	return all
}

// orDamage puts damage into the report and hands on what else went wrong.
func (v *verification) orDamage(err error) error {
	if damage := (*Damage)(nil); errors.As(err, &damage) {
		v.foundf(damage.From, damage.To, "%s", damage.What)
		return nil
	}
	return err
}

// edge compares the head's frontier with the hashes it stands on.
func (v *verification) edge() error {
	from := int64(0)
	for i, height := 0, 62; !v.short && height >= 0; height-- {
		run := int64(1) << height
		if v.Head.Size&run == 0 {
			continue
		}
		level := height / tileHeight
		below, err := v.tiles.read(level, from>>(tileHeight*level), run>>(tileHeight*level))
		if err := v.orDamage(err); err != nil {
			return err
		}
		if err == nil && v.frontier[i] != over(split(below)) && !v.named(from+1, from+run) {
			v.foundf(from+1, from+run, "not those of the head row: their hashes do not give the hash over them")
		}
		from, i = from+run, i+1
	}
	return nil
}

// named reports whether an entry of a range is damaged.
func (v *verification) named(from, to int64) bool {
	return slices.ContainsFunc(v.Damage, func(d *Damage) bool { return d.From <= to && from <= d.To })
}

// values compares personal values with their commitments.
func (v *verification) values() error {
	rows, err := v.db.read.QueryContext(v.ctx, `SELECT commitment, kind, value, secret FROM personal`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var commitment, kind, value string
		var secret []byte
		v.Personal++
		if err := rows.Scan(&commitment, &kind, &value, &secret); err != nil { // of a damaged page
			v.foundf(0, 0, "personal value %d of those stored cannot be read: %v", v.Personal, err)
			continue
		}
		if !committed(commitment, kind, value, secret) {
			v.foundf(0, 0, "the personal value behind commitment %s was altered", commitment)
		}
	}
	return rows.Err()
}
