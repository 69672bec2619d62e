package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"landport/ledger"
)

type recoverCommand struct {
	Storage    `embed:""`
	Whose      `embed:""`
	Reason     string `required:"" placeholder:"TEXT" help:"Why; it stays in the ledger for everybody to read."`
	Checkpoint string `placeholder:"FILE" help:"A checkpoint that was kept outside, by which more may be seen to be damaged."`
	Anyway     bool   `help:"Although nothing is damaged, such as after the signing key was lost or became known."`
	NewKey     bool   `help:"Make a new signing key; the old one must be out of the directory."`
	Format     string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (recoverCommand) Help() string {
	return `Examples:

  landport recover --data /var/lib/landport --reason "disk of the server failed on 5 March"
  landport recover --data /var/lib/landport --post bavet --anyway --new-key --reason "the signing key was lost"

It takes a damaged ledger into a new epoch: what fits stays, an entry that says
so stands for each that was lost, and the epoch's first entry names them all.
Stop every node of the ledger, and put a copy of it aside, before.`
}

// epochBegun is what recover and restore did, as programs get it.
type epochBegun struct {
	Ledger     string           `json:"ledger"`
	Epoch      int              `json:"epoch"`
	Size       int64            `json:"size"`
	Lost       []*ledger.Damage `json:"lost"`
	PublicKey  string           `json:"public_key"`
	Checkpoint string           `json:"checkpoint"`
}

func (r recoverCommand) Run(ctx context.Context, c console) error {
	if err := r.exists(); err != nil {
		return err
	}
	if !r.Anyway {
		if err := r.mustBeDamaged(ctx, c); err != nil {
			return err
		}
	}
	config, public, err := r.newKey(r.Whose, r.NewKey)
	if err != nil {
		return err
	}
	head, lost, err := ledger.Recover(ctx, config, r.Reason)
	if err != nil {
		r.takenBack(r.NewKey, nil)
		return err
	}
	return begun(ctx, c, config, r.Format, &epochBegun{head.Origin, head.Epoch, head.Size, append([]*ledger.Damage{}, lost...), public, ""})
}

func (r recoverCommand) mustBeDamaged(ctx context.Context, c console) (err error) {
	var checkpoint []byte
	if r.Checkpoint != "" {
		if checkpoint, err = os.ReadFile(r.Checkpoint); err != nil {
			return misuse{err}
		}
	}
	tell, done := c.counting()
	report, err := ledger.Verify(ctx, r.url(), checkpoint, nil, tell)
	done()
	switch {
	case errors.Is(err, ledger.ErrAway):
		return err
	case err == nil && len(report.Damage) == 0:
		return fmt.Errorf("nothing is damaged: all %d entries of %s fit; nothing was done; --anyway begins a new epoch nevertheless", report.Entries, report.Head.Origin)
	}
	return nil // what Verify cannot read to the end, Recover may, or says why not
}

// begun signs the new epoch's first checkpoint and tells of it.
func begun(ctx context.Context, c console, config ledger.Config, format string, e *epochBegun) error {
	signed, _, err := signNow(ctx, config)
	if err != nil {
		return err
	}
	e.Checkpoint = string(signed)
	if format == "json" {
		return c.answer(e)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The ledger of %s is in epoch %d, with %d entries.\n", e.Ledger, e.Epoch, e.Size)
	for _, d := range e.Lost {
		fmt.Fprintf(&b, "Lost: %v\n", d)
	}
	fmt.Fprintf(&b, "Give this checkpoint, and the public key %s, to whoever keeps checkpoints of it:\n\n%s", e.PublicKey, e.Checkpoint)
	return c.sayf("%s", b.String())
}
