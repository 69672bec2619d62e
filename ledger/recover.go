package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// Kinds of the ledger's own entries.
const (
	KindRecovered = "ledger.recovered" // the first of a later epoch; its data are a Recovered
	KindLost      = "ledger.lost"      // stands where an entry was lost; its data are a lost
)

// Recovered says why an epoch begins and what it cannot vouch for.
type Recovered struct {
	Epoch      int       `json:"epoch"`
	Reason     string    `json:"reason"`
	Checkpoint string    `json:"checkpoint"` // the last one known, "" if none
	Lost       []*Damage `json:"lost"`
	Hashes     []Subtree `json:"hashes,omitzero"` // over those that were lost, of the tree as it was
	Skip       int64     `json:"skip,omitzero"`   // numbers of a kind that may have been given since the last entry known
}

// Between the last entry known and the new epoch nobody knows how many numbers
// were given that are never to be given twice, such as those of references. So
// many are taken for given: no border comes near a hundred visits in every
// second.
const (
	skipLeast     = 1_000_000
	skipPerSecond = 100
)

// skip is how many numbers to pass over when an epoch begins.
func skip(last, now border.Time) int64 {
	return skipLeast + skipPerSecond*int64(now.Sub(last)/border.Second)
}

// lost says in which recovery an entry was given up, and the hash it had.
type lost struct {
	Epoch int    `json:"epoch"`
	Hash  string `json:"hash,omitempty"`
}

// Recover takes a damaged ledger into a new epoch. Every entry that fits its
// hash stays where it is; where one is missing or altered, an entry of kind
// ledger.lost stands in its place. The first entry of the epoch, of kind
// ledger.recovered, names the last checkpoint known and all that was lost.
// Snapshots are dropped, and followers begin anew.
//
// A ledger whose lost end nobody but a checkpoint knows is recovered too, so
// that its peers see that it is not what it was. Keep a copy of the damaged
// database first. lost is what Rebuild said is lost besides. It returns the new
// head and what was lost.
func Recover(ctx context.Context, c Config, reason string, lost ...*Damage) (Head, []*Damage, error) {
	if strings.TrimSpace(reason) == "" {
		return Head{}, nil, errors.New("a recovery needs a reason")
	}
	l, err := open(ctx, c)
	if errors.As(err, new(*Damage)) {
		return Head{}, nil, fmt.Errorf("%w; restore a backup", err)
	} else if err != nil {
		return Head{}, nil, err
	}
	r := &recovery{config: c, b: newBatch(l), lost: lost}
	err = l.transact(ctx, true, func(tx *sql.Tx) error {
		r.b.tx = tx
		return r.run(ctx, reason)
	})
	return r.b.after(), r.lost, errors.Join(err, l.Close())
}

type recovery struct {
	config Config
	b      *Batch
	epoch  int         // the new one
	last   border.Time // that the entries ahead were recorded
	known  border.Time // the same, of those that fit
	lost   []*Damage
}

func (r *recovery) run(ctx context.Context, reason string) (err error) {
	b := r.b
	was := formerTree{full: map[[2]int64]tlog.Hash{}}
	b.head, was.tree, err = scanHead(b.tx.QueryRowContext(ctx, lockHead))
	if damage := (*Damage)(nil); errors.As(err, &damage) {
		r.lose(0, 0, damage.What) // the tree is built anew
	} else if err != nil {
		return err
	}
	checkpoint, err := lastCheckpoint(ctx, b.tx)
	if err == nil {
		err = r.config.goesOn(b.l, checkpoint)
	}
	if err != nil {
		return err
	}
	if r.epoch, err = r.lastEpoch(ctx, checkpoint); err != nil {
		return err
	}
	r.epoch++
	if err := r.subtrees(ctx, was.full); err != nil {
		return err
	}
	for _, statement := range []string{`DELETE FROM subtrees`, `DELETE FROM snapshots`, `UPDATE followers SET position = 0, lease_until_us = 0`} {
		if _, err := b.tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if r.last, err = r.begin(ctx); err != nil {
		return err
	}
	end := b.head.Size
	b.head.Size, b.head.Epoch = 0, r.epoch
	if err := r.keep(ctx); err != nil {
		return err
	}
	if b.tree.size < end {
		r.lose(b.tree.size+1, end, "missing")
	}
	b.now = max(b.l.clock(), r.last)
	was.lost = slices.DeleteFunc(slices.Clone(r.lost), func(d *Damage) bool { return d.From < 1 })
	data, err := json.Marshal(Recovered{r.epoch, reason, checkpoint, r.lost, was.cover(), skip(r.known, b.now)})
	if err != nil {
		return err
	}
	b.Append(Entry{Occurred: b.now, Kind: KindRecovered, Version: 1, Data: data})
	return b.flush(ctx)
}

// subtrees reads the hashes of the tree as it was.
func (r *recovery) subtrees(ctx context.Context, full map[[2]int64]tlog.Hash) error {
	rows, err := r.b.tx.QueryContext(ctx, `SELECT level, n, hash FROM subtrees`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var at [2]int64
		var hash []byte
		if err := rows.Scan(&at[0], &at[1], &hash); err != nil {
			return err
		}
		if len(hash) == tlog.HashSize {
			full[at] = tlog.Hash(hash)
		}
	}
	return rows.Err()
}

// lastEpoch is the highest epoch anything tells of.
func (r *recovery) lastEpoch(ctx context.Context, checkpoint string) (epoch int, err error) {
	epoch = max(1, r.b.head.Epoch)
	if c, err := ParseCheckpoint([]byte(checkpoint), nil); err == nil {
		epoch = max(epoch, c.Epoch)
	}
	rows, err := r.b.tx.QueryContext(ctx, `SELECT data FROM entries WHERE kind = $1`, KindRecovered)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var text string
		var data Recovered
		if err := rows.Scan(&text); err != nil {
			return 0, err
		}
		if json.Unmarshal([]byte(text), &data) == nil {
			epoch = max(epoch, data.Epoch)
		}
	}
	return epoch, rows.Err()
}

// begin is when the first entry that fits was recorded; now if none does.
func (r *recovery) begin(ctx context.Context) (border.Time, error) {
	rows, err := r.b.tx.QueryContext(ctx, `SELECT `+entryText+`, leaf FROM entries WHERE seq > 0 ORDER BY seq`)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		if e, leaf, hash, err := scanEntry(rows); err != nil || hash == leaf {
			return e.Recorded, err
		}
	}
	return r.b.l.clock(), rows.Err()
}

// keep builds the tree anew over the entries as they stand.
func (r *recovery) keep(ctx context.Context) error {
	b := r.b
	if _, err := b.tx.ExecContext(ctx, `DELETE FROM entries WHERE seq < 1`); err != nil {
		return err
	}
	for after := int64(0); ; after = b.tree.size {
		if err := r.page(ctx, after); err != nil {
			return err
		}
		if b.tree.size == after {
			return nil
		}
		if err := b.insertAll(ctx); err != nil {
			return err
		}
	}
}

// gapMost is how many entries in a row may be missing between others.
const gapMost = 1 << 20

func (r *recovery) page(ctx context.Context, after int64) error {
	rows, err := r.b.tx.QueryContext(ctx, selectEntries, after, 1000)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	var altered []int64
	for rows.Next() {
		e, leaf, hash, err := scanEntry(rows)
		if err != nil {
			return err
		}
		if gap := e.Seq - r.b.tree.size; gap > gapMost {
			return fmt.Errorf("ahead of entry %d there are %d missing, too many to stand in for; restore a backup", e.Seq, gap-1)
		}
		for seq := r.b.tree.size + 1; seq < e.Seq; seq++ {
			r.lose(seq, seq, "missing")
			r.stand(seq, "")
		}
		if hash != leaf {
			altered = append(altered, e.Seq)
			r.lose(e.Seq, e.Seq, textAltered)
			r.stand(e.Seq, leaf.String())
			continue
		}
		r.b.push(leaf)
		r.last = max(r.last, e.Recorded)
		r.known = r.last
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, seq := range altered {
		if _, err := r.b.tx.ExecContext(ctx, `DELETE FROM entries WHERE seq = $1`, seq); err != nil {
			return err
		}
	}
	return nil
}

// stand puts an entry in the place of one that was lost.
func (r *recovery) stand(seq int64, hash string) {
	data, err := json.Marshal(lost{r.epoch, hash})
	if err != nil {
		panic(err) // a number and a string are JSON
	}
	r.b.adopt(Entry{Seq: seq, Recorded: r.last, Occurred: r.last, Kind: KindLost, Version: 1, Data: data})
}

func (r *recovery) lose(from, to int64, what string) {
	if n := len(r.lost); n > 0 && r.lost[n-1].What == what && r.lost[n-1].To+1 == from {
		r.lost[n-1].To = to
		return
	}
	r.lost = append(r.lost, &Damage{from, to, what})
}
