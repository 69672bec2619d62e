package node

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

//go:embed sqlite/*.sql postgres/*.sql
var schemas embed.FS

// tables are the node's in the ledger's database: which entries speak of a
// visit, so that a record can be read however long ago it was.
func tables() ledger.Migrations {
	sub := func(dir string) fs.FS {
		files, err := fs.Sub(schemas, dir)
		if err != nil {
			panic(err) // it is embedded
		}
		return files
	}
	return ledger.Migrations{Room: "node", SQLite: sub("sqlite"), Postgres: sub("postgres")}
}

// indexRows are rows on their way into the index.
type indexRows struct {
	entries   []any   // visit, seq
	names     []any   // reference, visit
	crossings []int64 // seq
	times     []any   // fact, seq, instant
	last      int64   // seq
}

func (r *indexRows) empty() {
	r.entries, r.names, r.crossings, r.times, r.last = r.entries[:0], r.names[:0], r.crossings[:0], r.times[:0], 0
}

// add takes in an entry; f is the gate's fact, or of no kind but with the visit
// that an entry of the node's own is about.
func (r *indexRows) add(e *ledger.Entry, f *gate.Fact) error {
	r.last = e.Seq
	visits := [...]uint64{f.Visit.Serial(), f.Other.Serial()}
	switch e.Kind {
	case kindCrossing:
		r.crossings = append(r.crossings, e.Seq)
	case kindNamed:
		var d namedData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
		}
		visits[0] = d.Visit
		if d.Reference != "" {
			r.names = append(r.names, d.Reference, int64(d.Visit))
		}
	case kindClaimed:
		var d claimedData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
		}
		visits = [...]uint64{d.Visit, d.Before}
	case kindTimeCorrected:
		d, err := retimings(e)
		if err != nil {
			return err
		}
		visits[0] = d.Visit
		for _, seq := range d.Facts {
			r.times = append(r.times, seq, e.Seq, int64(d.At))
		}
	}
	for i, visit := range visits {
		if visit != 0 && (i == 0 || visit != visits[0]) {
			r.entries = append(r.entries, int64(visit), e.Seq)
		}
	}
	return nil
}

// write puts the rows into the tables.
func (r *indexRows) write(ctx context.Context, b *ledger.Batch) error {
	if r.last == 0 {
		return nil
	}
	if err := b.Insert(ctx, "node_entries (visit, seq)", 2, r.entries); err != nil {
		return err
	}
	for _, seq := range r.crossings {
		if err := b.Exec(ctx, `INSERT INTO node_crossings (seq) VALUES ($1) ON CONFLICT DO NOTHING`, seq); err != nil {
			return err
		}
	}
	if err := b.Insert(ctx, "study_corrections (fact, seq, at_us)", 3, r.times); err != nil {
		return err
	}
	for i := 0; i < len(r.names); i += 2 {
		if err := b.Exec(ctx, `INSERT INTO node_names (reference, visit) VALUES ($1, $2) ON CONFLICT (reference) DO UPDATE SET visit = excluded.visit`,
			r.names[i:i+2]...); err != nil {
			return err
		}
	}
	return b.Exec(ctx, `UPDATE node_index SET seq = $1`, r.last)
}

// indexAtOnce is how many entries are indexed in one transaction when tables
// are behind the ledger: after a restored backup, say.
const indexAtOnce = 20_000

// reindex brings the tables up to the ledger.
func (n *Node) reindex(ctx context.Context) error {
	for behind := true; behind; {
		_, err := n.ledger.Write(ctx, func(b *ledger.Batch) error {
			var from int64
			if err := b.Tx().QueryRowContext(ctx, `SELECT seq FROM node_index`).Scan(&from); err != nil {
				return err
			}
			if behind = from < b.Head().Size; !behind {
				return nil
			}
			entries, err := n.ledger.Entries(ctx, from, indexAtOnce)
			if err != nil {
				return err
			}
			var rows indexRows
			for i := range entries {
				fact, ours, err := visits(&entries[i])
				if err == nil && !ours {
					fact.Visit, err = n.settledOf(ctx, &entries[i])
				}
				if err != nil {
					return err
				}
				if err := rows.add(&entries[i], &fact); err != nil {
					return err
				}
			}
			return rows.write(ctx, b)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ownPost is the number of the post in the references that it mints.
const ownPost = 1

// serial returns the serial number of the visit that a reference names: one of
// this post's own says it, another was noted when the visit came.
func (n *Node) serial(ctx context.Context, reference string) (serial uint64, ok bool, err error) {
	if serial, ok, err = n.named(ctx, reference); ok || err != nil {
		return serial, ok, err
	}
	r, err := border.ParseReference(reference)
	if err != nil || r.Country != n.model.Layout.Posts[0].Country || r.Post != ownPost {
		return 0, false, nil //nolint:nilerr // it names nobody
	}
	return r.Serial, true, nil
}

// named returns the serial number of the visit that came under a reference.
func (n *Node) named(ctx context.Context, reference string) (serial uint64, ok bool, err error) {
	var noted int64
	err = n.ledger.Reader().QueryRowContext(ctx, `SELECT visit FROM node_names WHERE reference = $1`, reference).Scan(&noted)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return uint64(noted), err == nil, err
}

// mostFacts bounds a record: no visit has so many.
const mostFacts = 5_000

// facts reads what the ledger has of a visit.
func (n *Node) facts(ctx context.Context, serial uint64) (facts []Entry, asides []Aside, err error) {
	rows, err := n.ledger.Reader().QueryContext(ctx, `SELECT seq FROM node_entries WHERE visit = $1 ORDER BY seq LIMIT $2`, int64(serial), mostFacts)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	var seqs []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, nil, err
		}
		seqs = append(seqs, seq)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	for len(seqs) > 0 {
		page, err := n.ledger.Entries(ctx, seqs[0]-1, 64)
		if err != nil {
			return nil, nil, err
		}
		for i := range page {
			e := &page[i]
			if len(seqs) == 0 || e.Seq != seqs[0] {
				continue
			}
			seqs = seqs[1:]
			fact, ours, err := n.fact(e)
			if err != nil {
				return nil, nil, err
			}
			if ours {
				facts = append(facts, Entry{Sequence: uint64(e.Seq), Fact: fact})
				continue
			}
			aside, ok, err := asideOf(e)
			if err != nil {
				return nil, nil, err
			}
			if ok {
				asides = append(asides, aside)
			}
		}
		if len(page) == 0 {
			break
		}
	}
	retime(facts, asides)
	return facts, asides, nil
}
