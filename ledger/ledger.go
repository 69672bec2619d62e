package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"landport/border"
)

// What a program may want to tell apart.
var (
	ErrUnknown = errors.New("the outcome of a commit is unknown") // ask Outcome
	ErrHeld    = errors.New("the ledger is in use")
	ErrNewer   = errors.New("the database is of a newer version")
	ErrNoKey   = errors.New("the ledger has no signing key")
	ErrAway    = errors.New("the database does not answer") // it may later
	ErrDamaged = errors.New("damaged")                      // what Condemn says of damage
	ErrBegun   = errors.New("a backup was being restored into the database, and that was broken off; restore it again: it begins anew")
)

// Config says which ledger to open, and how.
type Config struct {
	URL    string             // "sqlite:DIR/ledger.db" or "postgres://…"
	Origin string             // the node's name, such as "bavet.kh"; the key's name too
	Key    string             // the node's note signing key ("PRIVATE+KEY+…"); "" can sign no checkpoint
	Clock  func() border.Time // nil is the wall clock
	Shared bool               // let other processes that say so too open it; on PostgreSQL Open always does
	Beside bool               // open it although another process holds it, for a short errand
	Runs   string             // what a node runs, in 8 letters and digits at most: replicas run the same; see Batch.Rivals
	Rooms  []Migrations       // tables of other rooms in the same database
	NewKey bool               // Recover and Restore: the key may be another than signed the epoch before
}

// Ledger is an open ledger. Its methods may be called from many goroutines.
type Ledger struct {
	db     *database
	signer note.Signer
	origin string
	runs   string // Config.Runs
	clock  func() border.Time
	turn   chan struct{} // holds one token; who has it writes
	spare  pending       // room for the batch of who has it
	usual  int           // how many entries the last batch had

	search   []byte   // key of the search index over personal values
	prepared sync.Map // SQL text or insertion → *sql.Stmt
	texts    sync.Map // insertion → SQL text
	news     news
	recent   recent
	signed   atomic.Pointer[Checkpoint] // the last that this process signed
}

// Head is where a ledger stands.
type Head struct {
	Origin   string
	Epoch    int         // 1, and one more for each recovery or restored backup
	Size     int64       // entries: the last one's seq
	Recorded border.Time // of the last entry
	Root     tlog.Hash   // of the Merkle tree over all entries
}

// Open opens a ledger, makes it if it does not exist, and checks that its last
// entries fit its tree and that its epoch was signed with the same key. Errors
// are ErrHeld, ErrNewer, ErrAway, ErrBegun, a *Damage, or a sentence.
func Open(ctx context.Context, c Config) (*Ledger, error) {
	c.Shared = c.Shared || !strings.HasPrefix(c.URL, "sqlite:") // replicas share it
	l, err := open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := l.checkSigner(ctx); err != nil {
		return nil, errors.Join(l.db.told(ctx, err), l.Close())
	}
	if err := l.checkEdge(ctx); err != nil {
		return nil, errors.Join(l.db.condemn(err), l.Close())
	}
	return l, nil
}

// open is Open without the check.
func open(ctx context.Context, c Config) (*Ledger, error) {
	l := &Ledger{origin: c.Origin, runs: c.Runs, clock: c.Clock, turn: make(chan struct{}, 1), spare: newPending()}
	l.turn <- struct{}{}
	if l.clock == nil {
		l.clock = func() border.Time { return border.At(time.Now()) }
	}
	if err := checkOrigin(c.Origin); err != nil {
		return nil, err
	}
	if c.Key != "" {
		signer, err := note.NewSigner(c.Key)
		if err != nil {
			return nil, errors.New("the signing key is not a note key; it begins with PRIVATE+KEY+ and the node's name")
		}
		if signer.Name() != c.Origin {
			return nil, fmt.Errorf("the signing key belongs to %s, not to %s", signer.Name(), c.Origin)
		}
		l.signer = signer
	}
	hold := holdAlone
	if c.Beside {
		hold = holdNone
	} else if c.Shared {
		hold = holdShared
	}
	db, err := connect(ctx, c.URL, hold, c.Runs)
	if err != nil {
		return nil, err
	}
	l.db = db
	if err := l.prepare(ctx, c); err != nil {
		return nil, errors.Join(db.told(ctx, err), l.Close())
	}
	return l, nil
}

// prepare makes what tables are missing and takes the head row for origin.
func (l *Ledger) prepare(ctx context.Context, c Config) error {
	if err := l.db.migrate(ctx, append([]Migrations{ownMigrations()}, c.Rooms...)); err != nil {
		return err
	}
	var entries int // a head that was lost is not made up anew
	if err := l.db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM entries LIMIT 1) AS first_one`).Scan(&entries); err != nil {
		return err
	}
	if entries == 0 {
		secret := make([]byte, 32)
		rand.Read(secret) // it never fails
		if _, err := l.db.write.ExecContext(ctx, insertHead, c.Origin, []byte{}, secret, searchVersion); err != nil {
			return err
		}
	}
	var origin string
	var searched int
	switch err := l.db.read.QueryRowContext(ctx, `SELECT origin, search_key, search_version FROM head`).Scan(&origin, &l.search, &searched); {
	case errors.Is(err, sql.ErrNoRows):
		return &Damage{What: headMissing}
	case err != nil:
		return err
	case origin != c.Origin:
		return fmt.Errorf("the database %s holds the ledger of %s, not of %s", l.db.name, origin, c.Origin)
	case searched != searchVersion:
		return l.reindex(ctx)
	}
	return nil
}

const headMissing = "the head row is missing"

const insertHead = `INSERT INTO head (one, origin, epoch, size, recorded_us, frontier, turn, search_key, search_version)
VALUES (1, $1, 1, 0, 0, $2, 0, $3, $4) ON CONFLICT DO NOTHING`

// checkOrigin takes names that can be a note key's and a checkpoint's.
func checkOrigin(origin string) error {
	if origin == "" || strings.Trim(origin, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return fmt.Errorf("%q cannot name a ledger; use small letters, digits, dots and hyphens, such as bavet.kh", origin)
	}
	return nil
}

// Furnish makes the tables of other rooms that are missing, as Config.Rooms does.
func (l *Ledger) Furnish(ctx context.Context, rooms ...Migrations) error {
	return l.db.told(ctx, l.db.migrate(ctx, rooms))
}

// Reader returns the database for readers of other rooms' tables. On SQLite it
// cannot write.
func (l *Ledger) Reader() *sql.DB { return l.db.read }

// Told says an error of reading through Reader in a sentence, ErrAway, if it is
// that the database does not answer; others it returns as they are.
func (l *Ledger) Told(err error) error { return l.db.tell(err) }

// Close lets go of the database.
func (l *Ledger) Close() error { return l.db.close() }

const selectHead = `SELECT origin, epoch, size, recorded_us, frontier FROM head`

// Head returns where the ledger stands: what is committed.
func (l *Ledger) Head(ctx context.Context) (Head, error) {
	head, _, err := scanHead(l.db.read.QueryRowContext(ctx, selectHead))
	return head, l.db.told(ctx, err)
}

func scanHead(row *sql.Row) (Head, tree, error) {
	var head Head
	var frontier []byte
	switch err := row.Scan(&head.Origin, &head.Epoch, &head.Size, &head.Recorded, &frontier); {
	case errors.Is(err, sql.ErrNoRows):
		return head, tree{}, &Damage{What: headMissing}
	case err != nil:
		return head, tree{}, err
	}
	t, err := parseTree(head.Size, frontier)
	if err == nil {
		head.Root = t.root()
	}
	if err == nil && head.Epoch == epochBegun {
		err = ErrBegun
	}
	return head, t, err
}

// epochBegun is the head's epoch until a backup is restored.
const epochBegun = 0

// LastCommand returns when the last entry was recorded that followed from a
// command, which somebody outside gave; 0 if none did.
func (l *Ledger) LastCommand(ctx context.Context) (at border.Time, err error) {
	err = l.db.read.QueryRowContext(ctx, `SELECT recorded_us FROM entries WHERE command <> '' ORDER BY seq DESC LIMIT 1`).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return at, l.db.told(ctx, err)
}

// Entries returns up to limit committed entries after seq after, in order,
// each checked against its hash. A *Damage names what does not fit; with it, and
// with other errors, come the entries ahead that fit.
func (l *Ledger) Entries(ctx context.Context, after int64, limit int) ([]Entry, error) {
	stmt, err := l.stmt(ctx, l.db.read, selectEntries) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, l.db.told(ctx, err)
	}
	rows, err := stmt.QueryContext(ctx, after, limit)
	if err != nil {
		return nil, l.db.told(ctx, err)
	}
	entries, err := scanEntries(rows, after)
	return entries, l.db.told(ctx, err)
}

// scanEntries reads the entries that follow one another from after.
func scanEntries(rows *sql.Rows, after int64) (entries []Entry, err error) {
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		entry, leaf, hash, err := scanEntry(rows)
		if err != nil {
			return entries, err
		}
		after++
		switch {
		case entry.Seq != after:
			return entries, &Damage{after, entry.Seq - 1, "missing"}
		case leaf != hash:
			return entries, &Damage{entry.Seq, entry.Seq, textAltered}
		}
		entries = append(entries, entry)
	}
	if err = rows.Err(); err != nil {
		err = fmt.Errorf("entry %d cannot be read: %w", after+1, err)
	}
	return entries, err
}

// stmt returns a statement prepared once: key is its text, or an insertion.
func (l *Ledger) stmt(ctx context.Context, db *sql.DB, key any) (*sql.Stmt, error) {
	if found, ok := l.prepared.Load(key); ok {
		return found.(*sql.Stmt), nil //nolint:forcetypeassert // nothing else is stored
	}
	stmt, err := db.PrepareContext(ctx, l.text(key))
	if err != nil {
		return nil, err
	}
	l.prepared.Store(key, stmt) // in a race either will do
	return stmt, nil
}

// text is the statement that a key of stmt names, written once.
func (l *Ledger) text(key any) string {
	if text, ok := key.(string); ok {
		return text
	}
	if found, ok := l.texts.Load(key); ok {
		return found.(string) //nolint:forcetypeassert // nothing else is stored
	}
	to := key.(insertion) //nolint:forcetypeassert // there are no other keys
	text := `INSERT INTO ` + to.into + ` VALUES ` + l.db.parameters(to.rows, to.width)
	l.texts.Store(key, text)
	return text
}
