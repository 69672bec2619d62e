package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"
)

// rows are values for a table, row after row.
type rows struct {
	into   string // the table and its columns, in parentheses
	width  int    // how many columns
	values []any
}

// add adds values of a row. One that stands in the row above, too, is kept once.
func add[T int64 | string](r *rows, values ...T) {
	for _, v := range values {
		var above any
		if at := len(r.values) - r.width; at >= 0 {
			above = r.values[at]
		}
		if same, ok := above.(T); !ok || same != v {
			above = v
		}
		r.values = append(r.values, above)
	}
}

func (r *rows) empty() {
	clear(r.values)
	r.values = r.values[:0]
}

func (r *rows) bytes(b []byte) { r.values = append(r.values, b) }

// pending is what a batch is to write.
type pending struct {
	entries, subtrees, commands, personal, checkpoints rows

	done map[string]Outcome
	ids  []string // of done, in order
}

func newPending() pending {
	return pending{
		entries:     rows{into: `entries (` + entryColumns + `)`, width: 12},
		subtrees:    rows{into: `subtrees (level, n, hash)`, width: 3},
		commands:    rows{into: `commands (id, request, first_seq, entries, answer)`, width: 5},
		personal:    rows{into: `personal (commitment, kind, value, secret, search, recorded_us)`, width: 6},
		checkpoints: rows{into: `checkpoints (epoch, size, note)`, width: 3},
		done:        map[string]Outcome{},
	}
}

func (p *pending) tables() [5]*rows {
	return [...]*rows{&p.entries, &p.subtrees, &p.commands, &p.personal, &p.checkpoints}
}

// spareMost is up to how many entries a batch's room is worth keeping for the next.
const spareMost = 4096

// emptied returns the room for another batch.
func (p *pending) emptied() pending {
	if cap(p.entries.values) > spareMost*p.entries.width || len(p.done) > spareMost {
		return newPending()
	}
	for _, r := range p.tables() {
		r.empty()
	}
	clear(p.done)
	p.ids = p.ids[:0]
	return *p
}

// insertAll writes the rows there are.
func (b *Batch) insertAll(ctx context.Context) error {
	for _, r := range b.tables() {
		if err := b.insert(ctx, r); err != nil {
			return err
		}
	}
	if err := b.send(ctx); err != nil {
		return err
	}
	for _, r := range b.tables() {
		r.empty()
	}
	return nil
}

// Insert puts rows into the table of another room: into is its name and columns
// in parentheses, width how many those are, values the rows one after the other.
// It may be done as late as Exec does; values stay as they are until then.
func (b *Batch) Insert(ctx context.Context, into string, width int, values []any) error {
	return b.insert(ctx, &rows{into, width, values})
}

// fewRows are up to how many rows get a statement of just so many.
const fewRows = 8

// insert writes rows, many to a statement: by powers of two until few are left,
// so that there are few statements to prepare.
func (b *Batch) insert(ctx context.Context, r *rows) error {
	for values := r.values; len(values) > 0; {
		n, left := b.l.db.rows, len(values)/r.width
		for n > left {
			n /= 2
		}
		if left <= fewRows {
			n = left
		}
		if err := b.exec(ctx, insertion{r.into, n, r.width}, values[:n*r.width]...); err != nil {
			return err
		}
		values = values[n*r.width:]
	}
	return nil
}

// insertion names an INSERT of so many rows into a table.
type insertion struct {
	into        string
	rows, width int
}

// parameters returns n groups of parameters: ($1,$2),($3,$4), or (?,?),(?,?)
// for SQLite, which looks numbered ones up one by one.
func (d *database) parameters(n, width int) string {
	var s strings.Builder
	for i := range n * width {
		switch {
		case i == 0:
			s.WriteByte('(')
		case i%width == 0:
			s.WriteString("),(")
		default:
			s.WriteByte(',')
		}
		if d.dialect == goose.DialectSQLite3 {
			s.WriteByte('?')
		} else {
			fmt.Fprintf(&s, "$%d", i+1)
		}
	}
	return s.String() + ")"
}
