package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"
	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// Batch is one transaction under the head row's lock: nobody else appends
// until it ends. It is only good inside the function it is handed to.
type Batch struct {
	l    *Ledger
	tx   *sql.Tx
	head Head // as locked
	tree tree
	now  border.Time
	err  error // the first thing that cannot be written
	done map[string]Outcome
	ids  []string // of done, in order
	made []Entry  // appended

	entries, subtrees, commands, personal, checkpoints rows // to be inserted
}

// Outcome is what a command came to.
type Outcome struct {
	Request [sha256.Size]byte // digest of what was asked, so that another request under the same id is seen; zeros if it was lost
	First   int64             // seq of the first entry that followed, 0 if none did
	Entries int               // how many followed
	Answer  string            // as it was given; "" if it was lost
}

// lockHead takes the head row, and counts: SQLite does not write what does not
// change, and Outcome must write to know that it can.
const lockHead = `UPDATE head SET turn = turn + 1 RETURNING origin, epoch, size, recorded_us, frontier`

// Write runs fn in one transaction that holds the head of the ledger, writes
// what fn appended and commits. It returns the head after the batch.
//
// Whatever the error, nothing that fn computed may be shown to anybody. If it
// is ErrUnknown the batch may have been written nevertheless, or may still be:
// Outcome settles it. After any other error it was not.
func (l *Ledger) Write(ctx context.Context, fn func(*Batch) error) (Head, error) {
	return l.write(ctx, func(b *Batch) error {
		if err := fn(b); err != nil {
			return err
		}
		return b.flush(context.WithoutCancel(ctx)) // what was decided is written, or fails by itself
	})
}

// write runs fn under the head row's lock.
func (l *Ledger) write(ctx context.Context, fn func(*Batch) error) (Head, error) {
	b := &Batch{l: l}
	err := l.transact(ctx, true, func(tx *sql.Tx) error {
		b.tx = tx
		lock, err := l.stmt(ctx, l.db.write, lockHead)
		if err != nil {
			return err
		}
		if b.head, b.tree, err = scanHead(tx.StmtContext(ctx, lock).QueryRowContext(ctx)); err != nil { //nolint:sqlclosecheck // the transaction closes it
			return err
		}
		b.now = max(l.clock(), b.head.Recorded)
		return fn(b)
	})
	if err != nil {
		return Head{}, err
	}
	if b.tree.size > b.head.Size {
		l.recent.add(b.head.Epoch, b.made)
		l.news.spread()
	}
	return b.after(), nil
}

// transact runs fn in a transaction. Who appends waits for a turn, so that no
// connection waits in vain; on SQLite so does everybody who writes, because
// the database itself does not let them in by turns.
func (l *Ledger) transact(ctx context.Context, appends bool, fn func(*sql.Tx) error) error {
	if appends || l.db.dialect == goose.DialectSQLite3 {
		select {
		case <-l.turn:
			defer func() { l.turn <- struct{}{} }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	tx, err := l.db.write.BeginTx(ctx, nil)
	if err != nil {
		return l.db.told(ctx, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := fn(tx); err != nil {
		return l.db.told(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return nil
}

// Head returns where the ledger stood when the batch took its lock.
func (b *Batch) Head() Head { return b.head }

// Now returns what will be recorded as the time of the batch's entries.
func (b *Batch) Now() border.Time { return b.now }

// Tx returns the transaction, for views that are folded with the entries. Who
// uses it leaves the ledger's own tables alone.
func (b *Batch) Tx() *sql.Tx { return b.tx }

// After returns the entries after seq up to the head: what other replicas
// wrote since.
func (b *Batch) After(ctx context.Context, seq int64) ([]Entry, error) {
	if seq == b.head.Size {
		return nil, nil
	}
	rows, err := b.tx.QueryContext(ctx, selectEntries, seq, b.head.Size-seq)
	if err != nil {
		return nil, err
	}
	entries, err := scanEntries(rows, seq)
	if last := seq + int64(len(entries)); err == nil && last < b.head.Size {
		err = &Damage{last + 1, b.head.Size, "missing"}
	}
	return entries, err
}

// Append adds an entry and returns its seq; Seq and Recorded are the ledger's
// to give. What cannot be an entry makes Write fail; Entry.Check tells before.
func (b *Batch) Append(e Entry) int64 {
	e.Seq, e.Recorded = b.tree.size+1, b.now
	b.adopt(e)
	return e.Seq
}

// adopt is Append for an entry that has its seq and time.
func (b *Batch) adopt(e Entry) {
	err := e.Check()
	if err == nil && e.Cause >= e.Seq {
		err = fmt.Errorf("entry %d cannot follow from entry %d, which is not ahead of it", e.Seq, e.Cause)
	}
	if b.err == nil {
		b.err = err
	}
	leaf := e.Hash()
	b.push(leaf)
	b.made = append(b.made, e)
	b.entries.add(
		e.Seq, int64(e.Recorded), int64(e.Occurred), e.Post, e.Actor, e.OnBehalfOf, e.Command, e.Cause, e.Kind, e.Version, string(e.Data), leaf[:])
}

// push adds a leaf to the tree and what it completes to the subtrees.
func (b *Batch) push(leaf tlog.Hash) {
	for _, s := range b.tree.push(leaf, nil) {
		b.subtrees.add(s.level, s.n, s.hash[:])
	}
}

// Done records that a command was carried out, so that Commands and Outcome
// know it. An id is done once.
func (b *Batch) Done(id string, o Outcome) {
	_, twice := b.done[id]
	switch err := errors.Join(checkLine("command", id), checkText("the answer to command "+id, o.Answer)); {
	case b.err != nil:
		return
	case err != nil:
		b.err = err
	case id == "":
		b.err = errors.New("a command that is done has no id")
	case twice:
		b.err = fmt.Errorf("command %q is done twice in one batch", id)
	}
	if b.done == nil {
		b.done = map[string]Outcome{}
	}
	b.done[id] = o
	b.ids = append(b.ids, id)
}

// Commands returns which of the commands were carried out before, in one query
// for them all.
func (b *Batch) Commands(ctx context.Context, ids []string) (map[string]Outcome, error) {
	outcomes := make(map[string]Outcome, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), maxIDs)
		if err := b.lookUp(ctx, ids[:n], outcomes); err != nil {
			return nil, err
		}
		ids = ids[n:]
	}
	return outcomes, nil
}

// maxIDs is how many ids one query asks for. SQLite looks numbered parameters
// up one by one.
const maxIDs = 256

func (b *Batch) lookUp(ctx context.Context, ids []string, into map[string]Outcome) error {
	width := 1
	for width < len(ids) {
		width *= 2 // few texts to prepare; the last id is asked for again
	}
	args := make([]any, width)
	for i := range args {
		id := ids[min(i, len(ids)-1)]
		if o, ok := b.done[id]; ok {
			into[id] = o
		}
		args[i] = id
	}
	stmt, err := b.l.stmt(ctx, b.l.db.write, `SELECT id, request, first_seq, entries, answer FROM commands WHERE id IN `+b.l.db.parameters(1, width))
	if err != nil {
		return err
	}
	rows, err := b.tx.StmtContext(ctx, stmt).QueryContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var id string
		var request sql.RawBytes
		var o Outcome
		if err := rows.Scan(&id, &request, &o.First, &o.Entries, &o.Answer); err != nil {
			return err
		}
		copy(o.Request[:], request)
		into[id] = o
	}
	return rows.Err()
}

// Outcome says whether a command was carried out, for good: it waits until no
// batch that may hold the command is under way, and takes its turn after them.
// It may itself return ErrUnknown, and be asked again.
func (l *Ledger) Outcome(ctx context.Context, id string) (o Outcome, ok bool, err error) {
	_, err = l.write(ctx, func(b *Batch) error {
		found, err := b.Commands(ctx, []string{id})
		o, ok = found[id]
		return err
	})
	if err != nil {
		return Outcome{}, false, err
	}
	return o, ok, nil
}

// Writable returns nil if the ledger can be written now: the database takes a
// commit that changes nothing anybody reads. Otherwise it says why not.
func (l *Ledger) Writable(ctx context.Context) error {
	_, err := l.write(ctx, func(*Batch) error { return nil })
	if err == nil || errors.Is(err, ErrAway) || errors.Is(err, ErrDamaged) || ctx.Err() != nil {
		return err
	}
	// Of this commit nobody asks for the outcome.
	return fmt.Errorf("the ledger cannot be written: %s", strings.TrimPrefix(err.Error(), ErrUnknown.Error()+": "))
}

// after is the head once the batch is written.
func (b *Batch) after() Head {
	head := b.head
	if b.tree.size > head.Size {
		head.Size, head.Recorded, head.Root = b.tree.size, b.now, b.tree.root()
	}
	return head
}

// flush writes what was appended.
func (b *Batch) flush(ctx context.Context) error {
	if b.err != nil {
		return b.err
	}
	for _, id := range b.ids {
		o := b.done[id]
		b.commands.add(id, o.Request[:], o.First, o.Entries, o.Answer)
	}
	b.ids = nil
	if err := b.insertAll(ctx); err != nil || b.tree.size == b.head.Size {
		return err
	}
	return b.exec(ctx, `UPDATE head SET epoch = $1, size = $2, recorded_us = $3, frontier = $4`, b.head.Epoch, b.tree.size, int64(b.now), b.tree.bytes())
}

// exec runs a statement prepared once.
func (b *Batch) exec(ctx context.Context, key any, args ...any) error {
	stmt, err := b.l.stmt(ctx, b.l.db.write, key)
	if err != nil {
		return err
	}
	_, err = b.tx.StmtContext(ctx, stmt).ExecContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	return err
}

// insertAll writes the rows there are.
func (b *Batch) insertAll(ctx context.Context) error {
	for _, into := range []struct {
		table string
		rows  *rows
	}{
		{`entries (` + entryColumns + `)`, &b.entries},
		{`subtrees (level, n, hash)`, &b.subtrees},
		{`commands (id, request, first_seq, entries, answer)`, &b.commands},
		{`personal (commitment, kind, value, secret, search, recorded_us)`, &b.personal},
		{`checkpoints (epoch, size, note)`, &b.checkpoints},
	} {
		if err := b.insert(ctx, into.table, into.rows); err != nil {
			return err
		}
		into.rows.values = into.rows.values[:0]
	}
	return nil
}

// rows are values for a table, row after row.
type rows struct {
	values []any
	width  int
}

func (r *rows) add(values ...any) {
	r.values = append(r.values, values...)
	r.width = len(values)
}

// Insert puts rows into the table of another room: into is its name and columns
// in parentheses, width how many those are, values the rows one after the other.
func (b *Batch) Insert(ctx context.Context, into string, width int, values []any) error {
	return b.insert(ctx, into, &rows{values, width})
}

// Exec carries out a statement, prepared once, on another room's tables.
func (b *Batch) Exec(ctx context.Context, statement string, args ...any) error {
	return b.exec(ctx, statement, args...)
}

// insert writes rows, many to a statement: by powers of two, so that there are
// few statements to prepare.
func (b *Batch) insert(ctx context.Context, into string, r *rows) error {
	for values := r.values; len(values) > 0; {
		n := b.l.db.rows
		for n*r.width > len(values) {
			n /= 2
		}
		if err := b.exec(ctx, insertion{into, n, r.width}, values[:n*r.width]...); err != nil {
			return err
		}
		values = values[n*r.width:]
	}
	return nil
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
