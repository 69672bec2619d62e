package ledger

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion proves that entry seq is in the tree of the first size entries;
// tlog.CheckRecord checks it, with seq-1 as the record's number.
func (l *Ledger) Inclusion(ctx context.Context, seq, size int64) (tlog.RecordProof, error) {
	hashes, err := l.hashes(ctx, size)
	if err != nil {
		return nil, err
	}
	if seq < 1 || seq > size {
		return nil, fmt.Errorf("entry %d is not among the first %d", seq, size)
	}
	return tlog.ProveRecord(size, seq-1, hashes)
}

// Consistency proves that the first entries of the tree of size are those of
// the tree of old; tlog.CheckTree checks it.
func (l *Ledger) Consistency(ctx context.Context, old, size int64) (tlog.TreeProof, error) {
	hashes, err := l.hashes(ctx, size)
	if err != nil {
		return nil, err
	}
	if old < 1 || old > size {
		return nil, fmt.Errorf("a tree of %d entries does not begin one of %d", old, size)
	}
	return tlog.ProveTree(size, old, hashes)
}

// Root returns the root of the tree of the first size entries.
func (l *Ledger) Root(ctx context.Context, size int64) (tlog.Hash, error) {
	hashes, err := l.hashes(ctx, size)
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.TreeHash(size, hashes)
}

// hashes reads the stored tree, which has at least size entries. Every hash it
// hands out has been checked against the head's root.
func (l *Ledger) hashes(ctx context.Context, size int64) (tlog.HashReader, error) {
	head, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	if size < 0 || size > head.Size {
		return nil, fmt.Errorf("the ledger has %d entries, not %d", head.Size, size)
	}
	return checkedHashes(ctx, l.db, head), nil
}

// checkEdge checks that the last entries are there and hash to the root.
func (l *Ledger) checkEdge(ctx context.Context) error {
	head, err := l.Head(ctx)
	if err != nil {
		return err
	}
	first := max(0, head.Size-tileWidth)
	last, err := l.Entries(ctx, first, int(head.Size-first))
	if err != nil {
		return err
	}
	if have := first + int64(len(last)); have < head.Size {
		return &Damage{have + 1, head.Size, "missing"}
	}
	if err := l.db.checkEnd(ctx); err != nil || head.Size == 0 {
		return err
	}
	_, err = tlog.ProveRecord(head.Size, head.Size-1, checkedHashes(ctx, l.db, head))
	return err
}

// checkEnd checks that no entry stands beyond the head, which other replicas
// may be moving.
func (d *database) checkEnd(ctx context.Context) error {
	var last int64
	if err := d.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM entries`).Scan(&last); err != nil {
		return err
	}
	head, _, err := scanHead(d.read.QueryRowContext(ctx, selectHead))
	if err == nil && last > head.Size {
		err = &Damage{head.Size + 1, last, "beyond the end of the ledger"}
	}
	return err
}

func checkedHashes(ctx context.Context, db *database, head Head) tlog.HashReader {
	checked := tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, tiles{ctx, db})
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes, err := checked.ReadHashes(indexes)
		_, away := unreached(err)
		_, bad := spoilt(err)
		if err != nil && !away && !bad && ctx.Err() == nil && !errors.As(err, new(*Damage)) {
			err = &Damage{What: "the tree is damaged; verify the ledger: " + err.Error()}
		}
		return hashes, err
	})
}

// tiles reads the hashes of the tree as stored, side by side: those of level 0
// with their entries, the others in subtrees.
type tiles struct {
	ctx context.Context //nolint:containedctx // tlog hands none through
	db  *database
}

func (tiles) Height() int { return tileHeight }

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		var err error
		if data[i], err = t.read(tile.L, tile.N<<tileHeight, int64(tile.W)); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// read returns n hashes of a level from the first on.
func (t tiles) read(level int, first, n int64) ([]byte, error) {
	query, args := `SELECT hash FROM subtrees WHERE n >= $1 AND n < $2 AND level = $3 ORDER BY n`, []any{first, first + n, level}
	if level == 0 {
		query, args = `SELECT leaf FROM entries WHERE seq > $1 AND seq <= $2 ORDER BY seq`, args[:2]
	}
	rows, err := t.db.read.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	hashes := make([]byte, 0, n*tlog.HashSize)
	for rows.Next() {
		var hash []byte
		if err := rows.Scan(&hash); err != nil {
			return nil, err
		}
		hashes = append(hashes, hash...)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if int64(len(hashes)) != n*tlog.HashSize {
		run := int64(1) << (tileHeight * level)
		return nil, &Damage{first*run + 1, (first + n) * run, fmt.Sprintf("have %d bytes of hashes at level %d, not %d", len(hashes), level, n*tlog.HashSize)}
	}
	return hashes, nil
}

// proofHeader is the first line of a proof (C2SP tlog-proof).
const proofHeader = "c2sp.org/tlog-proof@v1"

// Proof returns a text that proves, to whoever has the node's public key, that
// an entry is in the ledger: a C2SP tlog-proof against a checkpoint of now,
// with the entry's leaf as its extra data.
func (l *Ledger) Proof(ctx context.Context, seq int64) ([]byte, error) {
	checkpoint, at, err := l.checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	path, err := l.Inclusion(ctx, seq, at.Size)
	if err != nil {
		return nil, err
	}
	entry, err := l.Entries(ctx, seq-1, 1)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", proofHeader, base64.StdEncoding.EncodeToString(entry[0].Leaf()), seq-1)
	for _, hash := range path {
		fmt.Fprintln(&b, hash)
	}
	fmt.Fprintf(&b, "\n%s", checkpoint)
	return b.Bytes(), nil
}

// CheckProof checks what Proof returned and returns the leaf it proves and the
// checkpoint it is proved by.
func CheckProof(proof []byte, verifier note.Verifier) (leaf []byte, at Checkpoint, err error) {
	text, signed, _ := strings.Cut(string(proof), "\n\n")
	lines := strings.Split(text, "\n")
	if lines[0] != proofHeader || len(lines) < 3 {
		return nil, at, fmt.Errorf("this is no proof: its first line is not %s, or an extra or index line is missing", proofHeader)
	}
	if at, err = ParseCheckpoint([]byte(signed), verifier); err != nil {
		return nil, at, err
	}
	extra, okExtra := strings.CutPrefix(lines[1], "extra ")
	index, okIndex := strings.CutPrefix(lines[2], "index ")
	leaf, err = base64.StdEncoding.DecodeString(extra)
	n, errIndex := strconv.ParseInt(index, 10, 64)
	if !okExtra || !okIndex || err != nil || errIndex != nil {
		return nil, at, errors.New("the proof's lines 2 and 3 are not extra, with an entry in base64, and index, with a number")
	}
	var path tlog.RecordProof
	for i, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, at, fmt.Errorf("the proof's line %d is not a hash in base64", i+4)
		}
		path = append(path, hash)
	}
	if err := tlog.CheckRecord(path, at.Size, at.Root, n, tlog.RecordHash(leaf)); err != nil {
		return nil, at, fmt.Errorf("the proof does not lead from entry %d to the checkpoint's root: the entry, the path or the checkpoint is another", n+1)
	}
	return leaf, at, nil
}
