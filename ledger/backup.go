package ledger

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"landport/border"
)

// A backup is JSON, one value to a line: a header, the leaves of all entries in
// order, what else must not be lost, and a last line that says it is whole. It
// is the same for both engines. Views are not in it; followers fold them anew.
type backupLine struct {
	Backup     *backupHeader   `json:"backup,omitempty"`
	Leaf       string          `json:"leaf,omitempty"` // as it is hashed
	Command    *backupCommand  `json:"command,omitempty"`
	Personal   *backupPersonal `json:"personal,omitempty"`
	Checkpoint string          `json:"checkpoint,omitempty"`
	Lines      int64           `json:"lines,omitempty"` // how many are ahead of this, the last
}

type backupHeader struct {
	Version    int         `json:"version"`
	Origin     string      `json:"origin"`
	Epoch      int         `json:"epoch"`
	Size       int64       `json:"size"`
	RecordedUS border.Time `json:"recorded_us"`
	Root       string      `json:"root"`
}

type backupCommand struct {
	ID      string `json:"id"`
	Request []byte `json:"request"`
	First   int64  `json:"first_seq"`
	Entries int    `json:"entries"`
	Answer  string `json:"answer"`
}

type backupPersonal struct {
	Commitment string      `json:"commitment"`
	Kind       string      `json:"kind"`
	Value      string      `json:"value"`
	Secret     []byte      `json:"secret"`
	RecordedUS border.Time `json:"recorded_us"`
}

// Backup writes what the ledger holds to a new file, while it may be in use,
// and returns the head it reaches to. Every entry is checked as it is read.
// The file holds personal values and their keys.
func Backup(ctx context.Context, url, file string) (Head, error) {
	db, err := connectReadOnly(ctx, url)
	if err != nil {
		return Head{}, err
	}
	if err := db.checkVersion(ctx); err != nil {
		return Head{}, errors.Join(err, db.close())
	}
	head, err := backup(ctx, db, file)
	return head, errors.Join(err, db.close())
}

func backup(ctx context.Context, db *database, file string) (head Head, err error) {
	if _, err := os.Stat(file); err == nil {
		return head, fmt.Errorf("%s exists; a backup overwrites nothing", file)
	}
	if head, _, err = scanHead(db.read.QueryRowContext(ctx, selectHead)); err != nil {
		return head, err
	}
	out, err := os.CreateTemp(filepath.Dir(file), ".backup-*")
	if err != nil {
		return head, err
	}
	defer os.Remove(out.Name()) //nolint:errcheck // it is renamed if all went well
	defer out.Close()           //nolint:errcheck // as above
	buffer := bufio.NewWriterSize(out, 1<<16)
	w := &backupWriter{json: json.NewEncoder(buffer)}
	w.json.SetEscapeHTML(false)
	err = errors.Join(w.all(ctx, db, head), buffer.Flush(), out.Sync())
	if err == nil {
		err = os.Rename(out.Name(), file)
	}
	return head, err
}

type backupWriter struct {
	json  *json.Encoder
	lines int64
}

func (w *backupWriter) line(line backupLine) error {
	w.lines++
	return w.json.Encode(line)
}

func (w *backupWriter) all(ctx context.Context, db *database, head Head) error {
	if err := w.line(backupLine{Backup: &backupHeader{1, head.Origin, head.Epoch, head.Size, head.Recorded, head.Root.String()}}); err != nil {
		return err
	}
	l := &Ledger{db: db}
	for seq := int64(0); seq < head.Size; {
		page, err := l.Entries(ctx, seq, int(min(1000, head.Size-seq)))
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return &Damage{seq + 1, head.Size, "missing"}
		}
		for i := range page {
			if err := w.line(backupLine{Leaf: string(page[i].Leaf())}); err != nil {
				return err
			}
		}
		seq += int64(len(page))
	}
	var command backupCommand
	var personal backupPersonal
	var checkpoint string
	for _, part := range []struct {
		query string
		into  []any
		line  backupLine
	}{
		{`SELECT id, request, first_seq, entries, answer FROM commands WHERE first_seq <= $1 ORDER BY id`,
			[]any{&command.ID, &command.Request, &command.First, &command.Entries, &command.Answer}, backupLine{Command: &command}},
		{`SELECT commitment, kind, value, secret, recorded_us FROM personal WHERE recorded_us <= $1 ORDER BY commitment`,
			[]any{&personal.Commitment, &personal.Kind, &personal.Value, &personal.Secret, &personal.RecordedUS}, backupLine{Personal: &personal}},
		{`SELECT note FROM checkpoints WHERE size <= $1 ORDER BY epoch, size`, []any{&checkpoint}, backupLine{}},
	} {
		bound := head.Size
		if part.line.Personal != nil {
			bound = int64(head.Recorded)
		}
		rows, err := db.read.QueryContext(ctx, part.query, bound)
		if err != nil {
			return err
		}
		if err := w.rows(rows, part.into, part.line, &checkpoint); err != nil {
			return err
		}
	}
	return w.line(backupLine{Lines: w.lines})
}

func (w *backupWriter) rows(rows *sql.Rows, into []any, line backupLine, checkpoint *string) error {
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		line.Checkpoint = *checkpoint
		if err := w.line(line); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Restore makes a ledger from a backup, of either engine. The database must
// not exist or be empty. All entries are checked against the backup's root.
// What was recorded after the backup is lost, so the ledger is in a new epoch,
// whose first entry says so. Until all of it is there the ledger is ErrBegun to
// everybody else.
func Restore(ctx context.Context, c Config, file, reason string) (Head, error) {
	if strings.TrimSpace(reason) == "" {
		return Head{}, errors.New("restoring a backup needs a reason")
	}
	in, err := os.Open(file) //nolint:gosec // the operator names it
	if err != nil {
		return Head{}, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	undo := untouched(c.URL)
	l, err := open(ctx, c)
	if err != nil {
		undo()
		return Head{}, err
	}
	r := &restoration{config: c, b: newBatch(l), json: json.NewDecoder(bufio.NewReaderSize(in, 1<<16))}
	begun, err := l.beginRestore(ctx)
	if err == nil {
		err = l.transact(ctx, true, func(tx *sql.Tx) error {
			r.b.tx = tx
			return r.run(ctx, reason)
		})
	}
	if err != nil {
		err = fmt.Errorf("%s cannot be restored: %w", file, err)
		if begun && !errors.Is(err, ErrUnknown) {
			err = errors.Join(err, l.leaveRestore(context.WithoutCancel(ctx)))
		}
		err = errors.Join(err, l.Close())
		undo()
		return Head{}, err
	}
	return r.b.after(), l.Close()
}

// beginRestore marks an empty ledger as one that a backup is being restored
// into, so that nobody takes it for a new one if that is broken off. begun is
// whether it was not marked before.
func (l *Ledger) beginRestore(ctx context.Context) (begun bool, err error) {
	err = l.transact(ctx, true, func(tx *sql.Tx) error {
		marked, err := tx.ExecContext(ctx, `UPDATE head SET epoch = $1 WHERE size = 0 AND epoch = 1`, epochBegun)
		if err != nil {
			return err
		}
		n, err := marked.RowsAffected()
		begun = n > 0
		return err
	})
	return begun, err
}

// leaveRestore takes the mark away where nothing came of it.
func (l *Ledger) leaveRestore(ctx context.Context) error {
	return l.transact(ctx, true, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE head SET epoch = 1 WHERE epoch = $1`, epochBegun)
		return err
	})
}

// untouched returns what takes away the files that opening a ledger of SQLite
// makes, where there was none.
func untouched(url string) (undo func()) {
	file, ok := strings.CutPrefix(url, "sqlite:")
	if _, err := os.Stat(file); !ok || err == nil {
		return func() {}
	}
	_, err := os.Stat(filepath.Dir(file))
	return func() {
		for _, end := range []string{"", "-wal", "-shm", ".lock", ".migrating"} {
			_ = os.Remove(file + end) // what is not there need not go
		}
		if err != nil {
			_ = os.Remove(filepath.Dir(file)) // if it is empty
		}
	}
}

type restoration struct {
	config     Config
	b          *Batch
	json       *json.Decoder
	header     backupHeader
	lines      int64
	whole      bool
	checkpoint string // the last one
}

func (r *restoration) run(ctx context.Context, reason string) (err error) {
	b := r.b
	if b.head, b.tree, err = scanHead(b.tx.QueryRowContext(ctx, lockHead)); err != nil && !errors.Is(err, ErrBegun) {
		return err
	}
	if b.head.Epoch != epochBegun {
		return fmt.Errorf("%s is not empty; give a database that is", b.l.db.name)
	}
	for !r.whole {
		var line backupLine
		if err := r.json.Decode(&line); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("it ends after line %d and is not whole", r.lines)
		} else if err != nil {
			return fmt.Errorf("line %d: %w", r.lines+1, err)
		}
		if err := r.line(&line); err != nil {
			return fmt.Errorf("line %d: %w", r.lines+1, err)
		}
		r.lines++
		if r.lines%1000 == 0 {
			if err := b.insertAll(ctx); err != nil {
				return err
			}
		}
	}
	if size, root := b.tree.size, b.tree.root().String(); size != r.header.Size || root != r.header.Root {
		return fmt.Errorf("its entries have another root than its first line says: %d with %s, not %d with %s", size, root, r.header.Size, r.header.Root)
	}
	if err := r.config.goesOn(b.l, r.checkpoint); err != nil {
		return err
	}
	b.head.Epoch = r.header.Epoch + 1
	b.now = max(b.l.clock(), r.header.RecordedUS)
	data, err := json.Marshal(Recovered{b.head.Epoch, reason, r.checkpoint, nil, nil, skip(r.header.RecordedUS, b.now)})
	if err != nil {
		return err
	}
	b.Append(Entry{Occurred: b.now, Kind: KindRecovered, Version: 1, Data: data})
	return b.flush(ctx)
}

func (r *restoration) line(line *backupLine) error {
	b := r.b
	switch {
	case (line.Backup != nil) != (r.lines == 0):
		return errors.New("a backup has one header, its first line")
	case line.Backup != nil:
		r.header = *line.Backup
		if r.header.Version != 1 {
			return fmt.Errorf("it is a backup of version %d, and this program knows only 1; run the newer program", r.header.Version)
		}
		if r.header.Origin != b.l.origin {
			return fmt.Errorf("it is of the ledger of %s, not of %s", r.header.Origin, b.l.origin)
		}
	case line.Leaf != "":
		e, err := ParseLeaf(line.Leaf)
		if err != nil {
			return err
		}
		if e.Seq != b.tree.size+1 {
			return fmt.Errorf("here stands entry %d, not %d", e.Seq, b.tree.size+1)
		}
		b.adopt(e)
		return b.err
	case line.Command != nil:
		c := line.Command
		b.command(c.ID, c.Request, c.First, c.Entries, c.Answer)
	case line.Personal != nil:
		p := line.Personal
		b.value(p.Commitment, p.Kind, p.Value, p.Secret, p.RecordedUS)
	case line.Checkpoint != "":
		r.checkpoint = line.Checkpoint
		c, err := ParseCheckpoint([]byte(line.Checkpoint), nil)
		if err != nil {
			return err
		}
		add(&b.checkpoints, int64(c.Epoch), c.Size)
		add(&b.checkpoints, line.Checkpoint)
	case line.Lines == r.lines:
		r.whole = true
	default:
		return errors.New("it is not a line of a backup, or lines ahead of it are missing")
	}
	return nil
}
