package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// Batch is one transaction under the head row's lock: nobody else appends
// until it ends. It is only good inside the function it is handed to.
type Batch struct {
	l    *Ledger
	conn *sql.Conn // nil outside Write
	tx   *sql.Tx
	head Head // as locked
	tree tree
	now  border.Time
	err  error   // the first thing that cannot be written
	made []Entry // appended

	pending
	queue pgx.Batch // what exec left to send
}

func newBatch(l *Ledger) *Batch { return &Batch{l: l, pending: newPending()} }

// Outcome is what a command came to.
type Outcome struct {
	Request [sha256.Size]byte // digest of what was asked, so that another request under the same id is seen; zeros if it was lost
	First   int64             // seq of the first entry that followed, 0 if none did
	Entries int               // how many followed
	Answer  string            // as it was given; "" if it was lost
}

// lockHead takes the head row, and counts.
const lockHead = `UPDATE head SET turn = turn + 1 RETURNING origin, epoch, size, recorded_us, frontier`

// Write runs fn in one transaction that holds the head of the ledger, writes
// what fn appended and commits. It returns the head after the batch.
//
// Whatever the error, nothing that fn computed may be shown to anybody. If it
// is ErrUnknown the batch may have been written nevertheless, or may still be:
// Outcome settles it. After any other error it was not.
func (l *Ledger) Write(ctx context.Context, fn func(*Batch) error) (Head, error) {
	b := &Batch{l: l}
	err := l.transactOn(ctx, true, func(conn *sql.Conn, tx *sql.Tx) error {
		b.conn, b.tx, b.pending = conn, tx, l.spare // it has the turn
		defer func() { l.spare = b.emptied() }()
		lock, err := l.stmt(ctx, l.db.write, l.db.lockedHead())
		if err != nil {
			return err
		}
		if b.head, b.tree, err = scanHead(tx.StmtContext(ctx, lock).QueryRowContext(ctx)); err != nil { //nolint:sqlclosecheck // the transaction closes it
			return err
		}
		b.now = max(l.clock(), b.head.Recorded)
		if err := fn(b); err != nil {
			return err
		}
		return b.flush(context.WithoutCancel(ctx)) // what was decided is written, or fails by itself
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

// lockedHead reads the head row and keeps others from it. On SQLite nobody else
// writes during the transaction.
func (d *database) lockedHead() string {
	if d.dialect == goose.DialectSQLite3 {
		return selectHead
	}
	return selectHead + ` FOR UPDATE`
}

// transact is transactOn without the connection.
func (l *Ledger) transact(ctx context.Context, appends bool, fn func(*sql.Tx) error) error {
	return l.transactOn(ctx, appends, func(_ *sql.Conn, tx *sql.Tx) error { return fn(tx) })
}

// transactOn runs fn in a transaction. Who appends waits for a turn, so that no
// connection waits in vain; on SQLite so does everybody who writes, because
// the database itself does not let them in by turns.
func (l *Ledger) transactOn(ctx context.Context, appends bool, fn func(*sql.Conn, *sql.Tx) error) error {
	if appends || l.db.dialect == goose.DialectSQLite3 {
		select {
		case <-l.turn:
			defer func() { l.turn <- struct{}{} }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	conn, tx, err := l.db.begin(ctx)
	if err != nil {
		return l.db.told(ctx, err)
	}
	defer conn.Close()  //nolint:errcheck // the database has it back
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := fn(conn, tx); err != nil {
		return l.db.told(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return nil
}

// begin begins a transaction on a connection, and passes over those that have
// broken since they were last used.
func (d *database) begin(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	for {
		conn, err := d.write.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, nil)
		if err == nil {
			return conn, tx, nil
		}
		_ = conn.Close() // a broken one is not kept
		if !errors.Is(err, driver.ErrBadConn) {
			return nil, nil, err
		}
	}
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
	if b.made == nil {
		b.made = make([]Entry, 0, min(b.l.usual, spareMost))
	}
	b.made = append(b.made, e)
	b.l.usual = len(b.made)
	return e.Seq
}

// Appended returns the entries that were appended so far.
func (b *Batch) Appended() []Entry { return b.made }

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
	r := &b.entries
	add(r, e.Seq, int64(e.Recorded), int64(e.Occurred))
	add(r, e.Post, e.Actor, e.OnBehalfOf, e.Command)
	add(r, e.Cause)
	add(r, e.Kind)
	add(r, int64(e.Version))
	add(r, string(e.Data))
	r.bytes(leaf[:])
}

// push adds a leaf to the tree and what it completes to the subtrees.
func (b *Batch) push(leaf tlog.Hash) {
	for _, s := range b.tree.push(leaf, nil) {
		add(&b.subtrees, int64(s.level), s.n)
		b.subtrees.bytes(s.hash[:])
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
	_, err = l.Write(ctx, func(b *Batch) error {
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
	_, err := l.Write(ctx, func(*Batch) error { return nil })
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

// flush writes what was appended. Even if nothing was it counts a turn: SQLite
// does not write what does not change, and Outcome must write to know that it can.
func (b *Batch) flush(ctx context.Context) error {
	if b.err != nil {
		return b.err
	}
	for _, id := range b.ids {
		o := b.done[id]
		b.command(id, o.Request[:], o.First, o.Entries, o.Answer)
	}
	b.ids = b.ids[:0]
	statement, args := `UPDATE head SET turn = turn + 1`, []any(nil)
	if b.tree.size > b.head.Size {
		statement += `, epoch = $1, size = $2, recorded_us = $3, frontier = $4`
		args = []any{int64(b.head.Epoch), b.tree.size, int64(b.now), b.tree.bytes()}
	}
	if err := b.exec(ctx, statement, args...); err != nil {
		return err
	}
	return b.insertAll(ctx)
}

// command has the row of a command written.
func (b *Batch) command(id string, request []byte, first int64, entries int, answer string) {
	r := &b.commands
	add(r, id)
	r.bytes(request)
	add(r, first, int64(entries))
	add(r, answer)
}

// exec runs a statement prepared once; on PostgreSQL with all others of the
// batch, which takes one answer of the server and not one for each.
func (b *Batch) exec(ctx context.Context, key any, args ...any) error {
	if b.conn != nil && b.l.db.dialect == goose.DialectPostgres {
		b.queue.Queue(b.l.text(key), args...)
		return nil
	}
	stmt, err := b.l.stmt(ctx, b.l.db.write, key)
	if err != nil {
		return err
	}
	_, err = b.tx.StmtContext(ctx, stmt).ExecContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	return err
}

// send has the server carry out what exec left to be.
func (b *Batch) send(ctx context.Context) error {
	if b.queue.Len() == 0 {
		return nil
	}
	return b.conn.Raw(func(conn any) error {
		return conn.(*stdlib.Conn).Conn().SendBatch(ctx, &b.queue).Close() //nolint:forcetypeassert // that is whose driver it is
	})
}

// Exec carries out a statement, prepared once, on another room's tables, by the
// time the batch is written: Tx does not see it before.
func (b *Batch) Exec(ctx context.Context, statement string, args ...any) error {
	return b.exec(ctx, statement, args...)
}
