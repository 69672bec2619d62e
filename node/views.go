package node

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"landport/gate"
	"landport/ledger"
)

// view is a table that is made of the entries: which columns tell its rows
// apart, and what else they hold. Its rows are in order of their keys.
type view struct {
	table     string
	keys, has []string
}

// folded are the tables that a record, a search by reference and the study are
// read from.
var folded = [...]view{
	{"node_entries", []string{"visit", "seq"}, nil},
	{"node_names", []string{"reference"}, []string{"visit"}},
	{"study_times", []string{"post", "span", "scope", "start_us", "direction", "load", "vehicle"}, []string{"visits", "times"}},
	{"study_corrections", []string{"fact", "seq"}, []string{"at_us"}},
	{"study_progress", []string{"one"}, []string{"seq", "clock_us", "begin_us"}},
}

// differencesMost is how many rows of a table are named.
const differencesMost = 5

// VerifyViews makes the tables that are made of the entries anew, in a temporary
// file, with what a running node makes them with, and names the first rows of
// each that differ, and the first answers to commands that do not follow. The entries must be sound. It may run beside a node. What the
// node has not made yet is no difference: it is made when it starts.
func VerifyViews(ctx context.Context, url string, layout *gate.Layout) (differences []*ledger.Damage, err error) {
	l, err := ledger.Read(ctx, url)
	if err != nil {
		return nil, err
	}
	defer l.Close() //nolint:errcheck // it was only read
	if ready, err := l.Furnished(ctx, tables(), studyTables()); err != nil || !ready {
		return nil, err
	}
	tx, err := l.Reader().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, l.Told(err)
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	var indexed, studied, corrected int64
	if err := tx.QueryRowContext(ctx, `SELECT i.seq, s.seq, s.corrected FROM node_index i, study_progress s`).Scan(&indexed, &studied, &corrected); errors.Is(err, sql.ErrNoRows) {
		return []*ledger.Damage{{What: "node_index or study_progress has no row"}}, nil
	} else if err != nil {
		return nil, l.Told(err)
	}
	dir, err := os.MkdirTemp("", "landport-views-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	anew, err := ledger.Open(ctx, ledger.Config{URL: "sqlite:" + filepath.Join(dir, "views.db"), Origin: "views", Rooms: []ledger.Migrations{tables(), studyTables()}})
	if err != nil {
		return nil, err
	}
	defer anew.Close() //nolint:errcheck // nobody reads it again
	if err := makeViews(ctx, l, anew, layout, indexed, studied, max(studied, corrected)); err != nil {
		return nil, err
	}
	for _, v := range folded {
		found, err := v.compare(ctx, tx, anew.Reader())
		if err != nil {
			return nil, l.Told(err)
		}
		differences = append(differences, found...)
	}
	altered, err := AlteredAnswers(ctx, l, layout, indexed)
	for _, a := range altered[:min(len(altered), differencesMost)] {
		differences = append(differences, &ledger.Damage{What: fmt.Sprintf("commands: the answer to %q %s, which does not follow from the entries", a.Command, a.What)})
	}
	if more := len(altered) - differencesMost; more > 0 {
		differences = append(differences, &ledger.Damage{What: fmt.Sprintf("commands: %d more answers do not follow from the entries", more)})
	}
	return differences, err
}

// makeViews writes the tables of a ledger into another database, as far as they
// are made in the first: the index and the study up to an entry, the study by the
// corrections up to another.
func makeViews(ctx context.Context, l, into *ledger.Ledger, layout *gate.Layout, indexed, studied, corrected int64) error {
	codec, err := NewCodec(layout)
	if err != nil {
		return err
	}
	past, err := pastOf(ctx, l, codec)
	if err != nil {
		return err
	}
	n := &Node{ledger: l, codec: codec} // as much of one as notes entries
	study := newStudyView(l, past, nil)
	study.every = 1 << 62 // no archive
	study.correctedTo = corrected
	for after, end := int64(0), max(indexed, studied); after < end; {
		page, err := l.Entries(ctx, after, int(min(indexAtOnce, end-after)))
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].Seq
		_, err = into.Write(ctx, func(b *ledger.Batch) error {
			var rows indexRows
			for i := range upTo(page, indexed) {
				fact, ours, err := visits(&page[i])
				if err == nil && !ours {
					fact.Visit, err = n.settledOf(ctx, &page[i])
				}
				if err == nil {
					err = rows.add(&page[i], &fact)
				}
				if err != nil {
					return err
				}
			}
			if err := rows.write(ctx, b); err != nil {
				return err
			}
			news := upTo(page, studied)
			if len(news) == 0 {
				return nil
			}
			fold, err := study.take(ctx, news)
			if err != nil {
				return err
			}
			return fold(ctx, b.Tx())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pastOf are the crossings by which a ledger was written, the present one if no
// entry says so.
func pastOf(ctx context.Context, l *ledger.Ledger, present *Codec) (crossings, error) {
	seqs, err := searchedCrossings(ctx, l)
	if err != nil {
		return nil, err
	}
	past, err := readCrossings(ctx, l, seqs, present)
	if len(past) == 0 {
		past = crossings{{codec: present}}
	}
	return past, err
}

// upTo are the entries of a page up to one.
func upTo(page []ledger.Entry, seq int64) []ledger.Entry {
	return page[:min(len(page), int(max(0, seq-page[0].Seq+1)))]
}

// compare names the first rows that differ.
func (v *view) compare(ctx context.Context, here *sql.Tx, anew *sql.DB) (found []*ledger.Damage, err error) {
	query := `SELECT ` + strings.Join(append(append([]string{}, v.keys...), v.has...), ", ") + ` FROM ` + v.table + ` ORDER BY ` + strings.Join(v.keys, ", ") //nolint:gosec // of the names above
	have, err := here.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer have.Close() //nolint:errcheck // have.Err says it
	want, err := anew.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer want.Close() //nolint:errcheck // want.Err says it
	more := 0
	differs := func(row []any, what string) {
		if len(found) == differencesMost {
			more++
			return
		}
		found = append(found, &ledger.Damage{What: fmt.Sprintf("%s: the row %s %s", v.table, v.name(row), what)})
	}
	width := len(v.keys) + len(v.has)
	a, b := next(have, width), next(want, width)
	for a != nil || b != nil {
		switch order := v.order(a, b); {
		case order < 0:
			differs(a, "does not follow from the entries")
			a = next(have, width)
		case order > 0:
			differs(b, "is missing")
			b = next(want, width)
		default:
			for i, column := range v.has {
				if at := len(v.keys) + i; compareValues(a[at], b[at]) != 0 {
					differs(a, "has another "+column+" than the entries give")
					break
				}
			}
			a, b = next(have, width), next(want, width)
		}
	}
	if more > 0 {
		found = append(found, &ledger.Damage{What: fmt.Sprintf("%s: %d more rows differ", v.table, more)})
	}
	return found, errors.Join(have.Err(), want.Err())
}

// next reads a row, nil if there is none.
func next(rows *sql.Rows, width int) []any {
	if !rows.Next() {
		return nil
	}
	row, into := make([]any, width), make([]any, width)
	for i := range row {
		into[i] = &row[i]
	}
	if rows.Scan(into...) != nil { // into any it does not fail
		return nil
	}
	return row
}

// order compares the keys of two rows; none comes last.
func (v *view) order(a, b []any) (order int) {
	switch {
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	for i := range v.keys {
		if order = compareValues(a[i], b[i]); order != 0 {
			return order
		}
	}
	return 0
}

// compareValues compares what both engines hand out for one column.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case int64:
		b, _ := b.(int64)
		return cmp.Compare(a, b)
	case string:
		b, _ := b.(string)
		return strings.Compare(a, b)
	case []byte:
		b, _ := b.([]byte)
		return bytes.Compare(a, b)
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// name is what tells a row apart.
func (v *view) name(row []any) string {
	parts := make([]string, len(v.keys))
	for i, key := range v.keys {
		parts[i] = fmt.Sprintf("%s %v", key, row[i])
	}
	return strings.Join(parts, ", ")
}

// DropViews empties the tables that are made of the entries, and with them the
// snapshots: a node makes them anew when it starts. Nobody may have the ledger
// open.
func DropViews(ctx context.Context, c ledger.Config) error {
	c.Rooms = []ledger.Migrations{tables(), studyTables()}
	return ledger.Refold(ctx, c, `DELETE FROM node_entries`, `DELETE FROM node_names`, `UPDATE node_index SET seq = 0`,
		`DELETE FROM study_times`, `DELETE FROM study_archive`, `DELETE FROM study_corrections`, `DELETE FROM study_progress`,
		`INSERT INTO study_progress (one, seq, clock_us, begin_us) VALUES (1, 0, 0, 0)`)
}
