package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A node signs when so many entries, or so long, have passed since it last did
// and something was written; and when it stops. What is behind its last
// checkpoint nothing protects from who can write the database.
const (
	SignAfterEntries = 10_000
	SignAfter        = time.Minute
)

// Checkpoint signs where the ledger stands, as a C2SP tlog-checkpoint. For one
// and the same head it is one and the same text. A head that does not go on from
// the last one signed is not signed: that is a *Damage. ErrNoKey without a key.
func (l *Ledger) Checkpoint(ctx context.Context) ([]byte, error) {
	signed, _, err := l.checkpoint(ctx)
	return signed, err
}

func (l *Ledger) checkpoint(ctx context.Context) ([]byte, Checkpoint, error) {
	if l.signer == nil {
		return nil, Checkpoint{}, ErrNoKey
	}
	last, err := l.lastSigned(ctx) // ahead of the head, which may move on meanwhile
	if err != nil {
		return nil, Checkpoint{}, err
	}
	head, err := l.Head(ctx)
	if err != nil {
		return nil, Checkpoint{}, err
	}
	at := Checkpoint{head.Origin, head.Epoch, head.Size, head.Root}
	if last != nil {
		if err := l.goesOnFrom(ctx, last, head); err != nil {
			return nil, at, err
		}
	}
	signed, err := l.sign(&at)
	if err != nil || last != nil && *last == at {
		return signed, at, err
	}
	// In its turn: outside it, it would take the connection that who writes needs.
	err = l.transact(ctx, false, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO checkpoints (epoch, size, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			at.Epoch, at.Size, string(signed))
		return err
	})
	if err == nil {
		l.signed.Store(&at)
	}
	return signed, at, err
}

func (l *Ledger) sign(c *Checkpoint) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.text()}, l.signer)
}

// lastSigned returns the last checkpoint of the epoch that this process or
// another signed with the key, nil if there is none.
func (l *Ledger) lastSigned(ctx context.Context) (*Checkpoint, error) {
	mine := l.signed.Load()
	text, err := l.epochsLast(ctx)
	if err != nil || text == "" {
		return mine, l.db.told(ctx, err)
	}
	c, err := ParseCheckpoint([]byte(text), nil)
	if err == nil && mine != nil && mine.Size >= c.Size { // somebody took that one away, or altered it
		return mine, nil
	}
	if err == nil {
		var again []byte
		if again, err = l.sign(&c); err == nil && string(again) != text {
			err = errors.New("its signature is not this key's")
		}
	}
	if err != nil {
		return nil, &Damage{What: "the last checkpoint in the database was altered: " + err.Error()}
	}
	return &c, nil
}

// goesOnFrom refuses a head whose first entries are not those that were signed.
func (l *Ledger) goesOnFrom(ctx context.Context, last *Checkpoint, head Head) error {
	if last.Size > head.Size {
		return &Damage{head.Size + 1, last.Size, fmt.Sprintf("missing: a checkpoint was signed of %d entries", last.Size)}
	}
	root, err := l.Root(ctx, last.Size)
	if err == nil && root != last.Root {
		err = &Damage{1, last.Size, "not those that were signed, although they fit each other: the past was written anew"}
	}
	return err
}

// unsigned returns up to which entry of the epoch the ledger is signed, and how
// many follow.
func (l *Ledger) unsigned(ctx context.Context) (signed, n int64, err error) {
	err = l.db.read.QueryRowContext(ctx,
		`SELECT COALESCE((SELECT MAX(c.size) FROM checkpoints c WHERE c.epoch = head.epoch), 0), size FROM head`).Scan(&signed, &n)
	return signed, n - signed, l.db.told(ctx, err)
}

// KeepSigned signs a checkpoint whenever so many entries are not covered by one,
// or some for so long, until ctx ends. Of several replicas the first does. met is
// told what it fails by; after damage it signs nothing more.
func (l *Ledger) KeepSigned(ctx context.Context, entries int64, after time.Duration, met func(error)) {
	look := time.NewTicker(min(time.Second, after))
	defer look.Stop()
	var signed int64
	since := time.Now() // that signed is as it is, or nothing behind it
	for ctx.Err() == nil {
		now, n, err := l.unsigned(ctx)
		if now != signed || n == 0 {
			signed, since = now, time.Now()
		}
		if err == nil && (n >= entries || n > 0 && time.Since(since) >= after) {
			_, err = l.Checkpoint(ctx)
		}
		if err != nil && ctx.Err() == nil {
			met(err)
		}
		if errors.As(err, new(*Damage)) {
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}
