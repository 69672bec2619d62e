package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is what a signed checkpoint says: at Size entries, the tree's root
// was Root.
type Checkpoint struct {
	Origin string
	Epoch  int
	Size   int64
	Root   tlog.Hash
}

// text is the body of a C2SP tlog-checkpoint. A ledger of a later epoch is
// another log to whoever watches it, and has another origin line.
func (c *Checkpoint) text() string {
	origin := c.Origin
	if c.Epoch > 1 {
		origin += epochMark + strconv.Itoa(c.Epoch)
	}
	return fmt.Sprintf("%s\n%d\n%s\n", origin, c.Size, c.Root)
}

const epochMark = "/epoch/"

// ParseCheckpoint reads a signed checkpoint. With a nil verifier it takes the
// text at its word.
func ParseCheckpoint(signed []byte, verifier note.Verifier) (Checkpoint, error) {
	text, _, ok := strings.Cut(string(signed), "\n\n")
	if verifier != nil {
		if _, err := note.Open(signed, note.VerifierList(verifier)); err != nil {
			return Checkpoint{}, fmt.Errorf("the checkpoint is not signed by %s: %w", verifier.Name(), err)
		}
	}
	var c Checkpoint
	lines := strings.Split(text, "\n")
	if !ok || len(lines) != 3 {
		return c, errors.New("this is no checkpoint: it must have a line for origin, size and root, an empty line, and a signature")
	}
	c.Origin, c.Epoch = lines[0], 1
	var errEpoch error
	if origin, epoch, later := strings.Cut(lines[0], epochMark); later {
		c.Origin = origin
		c.Epoch, errEpoch = strconv.Atoi(epoch)
	}
	size, errSize := strconv.ParseInt(lines[1], 10, 64)
	root, errRoot := tlog.ParseHash(lines[2])
	if errEpoch != nil || errSize != nil || errRoot != nil || size < 0 {
		return c, errors.New("the checkpoint's lines are not an origin, a size in digits and a root in base64")
	}
	c.Size, c.Root = size, root
	return c, nil
}

// lastCheckpoint returns the last one signed, "" if there is none.
func lastCheckpoint(ctx context.Context, from interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (text string, err error) {
	err = from.QueryRowContext(ctx, `SELECT note FROM checkpoints ORDER BY epoch DESC, size DESC LIMIT 1`).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}

// LastCheckpoint returns the last signed checkpoint in the database, of whatever
// epoch; "" if there is none.
func (l *Ledger) LastCheckpoint(ctx context.Context) (signed string, err error) {
	signed, err = lastCheckpoint(ctx, l.db.read)
	return signed, l.db.told(ctx, err)
}

// epochsLast returns the last one signed of the ledger's epoch, "" if there is none.
func (l *Ledger) epochsLast(ctx context.Context) (text string, err error) {
	err = l.db.read.QueryRowContext(ctx, `SELECT note FROM checkpoints WHERE epoch = (SELECT epoch FROM head) ORDER BY size DESC LIMIT 1`).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}

// checkSigner refuses a key other than the one that signed the epoch's last
// checkpoint.
func (l *Ledger) checkSigner(ctx context.Context) error {
	if l.signer == nil {
		return nil
	}
	signed, err := l.epochsLast(ctx)
	if err != nil {
		return err
	}
	return l.signs(signed)
}

// signs refuses a key other than the one that signed a checkpoint.
func (l *Ledger) signs(signed string) error {
	_, err := note.Open([]byte(signed), note.VerifierList())
	n, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok || len(n.Note.UnverifiedSigs) == 0 || l.signer == nil {
		return nil
	}
	if by := n.Note.UnverifiedSigs[0]; by.Hash != l.signer.KeyHash() {
		return fmt.Errorf("the signing key is not the one this ledger is signed with: it is %s+%08x, the last checkpoint was signed with %s+%08x",
			l.signer.Name(), l.signer.KeyHash(), by.Name, by.Hash)
	}
	return nil
}

// goesOn refuses to begin an epoch with another key than signed the last
// checkpoint, "" if there is none, unless that is asked for.
func (c *Config) goesOn(l *Ledger, checkpoint string) error {
	if c.NewKey {
		return nil
	}
	if err := l.signs(checkpoint); err != nil {
		return fmt.Errorf("%w; give the key it was signed with, or say that the epoch has a new one (--new-key)", err)
	}
	return nil
}
