package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"landport/gate"
	"landport/ledger"
	"landport/sim"
)

// crossings are those under which a ledger was written, in order: the past is
// read by what was in force then. The first was so ahead of its own entry too.
type crossings []inForce

// inForce is a crossing and the number of the entry that put it in force.
type inForce struct {
	seq   int64
	codec *Codec
}

// at is what was in force when an entry was written.
func (c crossings) at(seq int64) *Codec {
	for _, one := range slices.Backward(c) {
		if one.seq <= seq {
			return one.codec
		}
	}
	return c[0].codec
}

// indexedCrossings lists the entries that speak of crossings, by the table.
func indexedCrossings(ctx context.Context, l *ledger.Ledger) (seqs []int64, err error) {
	rows, err := l.Reader().QueryContext(ctx, `SELECT seq FROM node_crossings ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// searchedCrossings lists them for an errand that leaves the tables as they are:
// where these are not up to the ledger it reads everything.
func searchedCrossings(ctx context.Context, l *ledger.Ledger) (seqs []int64, err error) {
	head, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	var indexed int64
	if err := l.Reader().QueryRowContext(ctx, `SELECT seq FROM node_index`).Scan(&indexed); err == nil && indexed >= head.Size {
		if seqs, err := indexedCrossings(ctx, l); err == nil {
			return seqs, nil
		}
	}
	for e, err := range l.Each(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if e.Kind == kindCrossing {
			seqs = append(seqs, e.Seq)
		}
	}
	return seqs, nil
}

// readCrossings reads the crossings of entries. The one that is like present is
// that itself.
func readCrossings(ctx context.Context, l *ledger.Ledger, seqs []int64, present *Codec) (all crossings, err error) {
	for _, seq := range seqs {
		entries, err := l.Entries(ctx, seq-1, 1)
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 || entries[0].Kind != kindCrossing {
			continue // it was lost
		}
		codec, err := readCrossing(&entries[0])
		if err != nil {
			return nil, err
		}
		all = append(all, inForce{seq, codec.or(present)})
	}
	return all, nil
}

// or returns the other one if it is of the same crossing.
func (c *Codec) or(other *Codec) *Codec {
	if c.same(other) {
		return other
	}
	return c
}

// same reports whether two crossings are alike in all that the gate knows.
func (c *Codec) same(other *Codec) bool {
	return c == other || bytes.Equal(compact(c.crossingOf("")), compact(other.crossingOf("")))
}

// Running tells crossings apart: replicas on one ledger run the same. It is what
// a node that runs the post has to open its ledger with, as Config.Runs.
func Running(post *sim.Model) (string, error) {
	c, err := NewCodec(post.Layout)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(compact(c.crossingOf("")))
	return hex.EncodeToString(digest[:4]), nil
}

// teller returns the codec by which the past is told to readers: its layout is
// the present one and, behind it, whatever earlier ones had besides. It is never
// run. Where there is no number left for something, it goes without its name.
func (c crossings) teller(present *Codec) *Codec {
	l := *present.layout
	t := &Codec{
		layout: &l, post: present.post, directions: present.directions,
		places: maps.Clone(present.places), stops: maps.Clone(present.stops), procedures: maps.Clone(present.procedures),
		openings: maps.Clone(present.openings), policies: maps.Clone(present.policies), formalities: maps.Clone(present.formalities),
	}
	for _, was := range slices.Backward(c) {
		if was.codec != present {
			t.learn(was.codec)
		}
	}
	return t
}

// learn adds what another crossing has besides.
func (c *Codec) learn(was *Codec) {
	l, from := c.layout, was.layout
	learn(&l.Openings, c.openings, from.Openings, 1<<8, 0, func(o gate.Opening) (string, gate.Opening) { return o.Name, o })
	learn(&l.Formalities, c.formalities, from.Formalities, 31, 31, func(f gate.Formality) (string, gate.Formality) { return f.Name, f })
	learn(&l.Policies, c.policies, from.Policies, 1<<16, 0, func(p gate.Policy) (string, gate.Policy) { return p.Name, p })
	learn(&l.Stops, c.stops, from.Stops, 1<<16, 0, func(s gate.Stop) (string, gate.Stop) { return s.Name, s })
	learn(&l.Places, c.places, from.Places, 1<<16, 0, func(p gate.Place) (string, gate.Place) {
		p.Opening = gate.OpeningID(c.openings[from.Openings[p.Opening].Name])
		return p.Name, p
	})
	learn(&l.Procedures, c.procedures, from.Procedures, 1<<8, 0, func(p gate.Procedure) (string, gate.Procedure) {
		d := was.procedureOf(&p)
		b := crossingBuilder{}
		d.Fallback = d.Name
		if way, ok := c.directions[was.direction(int(p.Direction))]; ok {
			d.Direction = way
		}
		return p.Name, b.procedure(c, &d)
	})
}

// learn appends things that are not known by name yet, at most so many; those
// beyond stand for none.
func learn[T any](list *[]T, index map[string]int, from []T, most, none int, read func(T) (string, T)) {
	*list = slices.Clip(*list)
	for _, one := range from {
		name, is := read(one)
		if _, known := index[name]; known {
			continue
		}
		if index[name] = none; len(*list) < most {
			index[name] = len(*list)
			*list = append(*list, is)
		}
	}
}

// Names is the layout by which facts are told: that of the post, and behind it
// whatever it had in the past besides. It is for reading names, not for running.
func (n *Node) Names() *gate.Layout {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.teller.layout
}
