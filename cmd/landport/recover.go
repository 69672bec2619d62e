package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"landport/ledger"
	"landport/node"
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
With --post, tables of records and studies that do not fit the entries are
found, too; after every recovery the node makes these anew when it starts.
A file that SQLite cannot read is put aside as it is, and a new one made of what
is found in it; if that is everything, the epoch goes on.
Stop every node of the ledger, and put a copy of it aside, before.`
}

// epochBegun is what recover and restore did, as programs get it.
type epochBegun struct {
	Ledger     string           `json:"ledger"`
	Epoch      int              `json:"epoch"`
	Same       bool             `json:"same_epoch"` // nothing was lost, and the epoch goes on
	At         time.Time        `json:"begun_at,omitzero"`
	Size       int64            `json:"size"`
	Lost       []*ledger.Damage `json:"lost"`
	Mended     []*ledger.Damage `json:"mended,omitzero"`       // made anew from the entries
	Aside      string           `json:"damaged_file,omitzero"` // kept as it was
	PublicKey  string           `json:"public_key"`
	Checkpoint string           `json:"checkpoint"`
}

func (r recoverCommand) Run(ctx context.Context, c console) error {
	if err := r.exists(); err != nil {
		return err
	}
	e := &epochBegun{}
	report, err := r.look(ctx, c, e)
	if err != nil {
		return err
	}
	config, public, err := r.newKey(r.Whose, r.NewKey)
	if err != nil {
		return err
	}
	e.PublicKey = public
	if err := r.recover(ctx, c, config, report, e); err != nil {
		r.takenBack(r.NewKey, nil)
		return err
	}
	return begun(ctx, c, config, r.Format, e)
}

// look says what is damaged; commands that do not fit the entries alone are for
// e to tell. That nothing is, is an error.
func (r recoverCommand) look(ctx context.Context, c console, e *epochBegun) (report *ledger.Report, err error) {
	var checkpoint []byte
	if r.Checkpoint != "" {
		if checkpoint, err = os.ReadFile(r.Checkpoint); err != nil {
			return nil, misuse{err}
		}
	}
	tell, done := c.counting()
	report, err = ledger.Verify(ctx, r.url(), checkpoint, nil, tell)
	done()
	if err == nil && len(report.Damage) == 0 {
		e.Mended, err = ledger.VerifyCommands(ctx, r.url())
	}
	if err == nil && len(report.Damage) == 0 && r.Post != "" {
		var views []*ledger.Damage
		views, err = r.Whose.compareViews(ctx, r.url())
		e.Mended = append(e.Mended, views...)
	}
	if err == nil && len(report.Damage)+len(e.Mended) == 0 && !r.Anyway {
		err = fmt.Errorf("nothing is damaged: all %d entries of %s fit; nothing was done; --anyway begins a new epoch nevertheless", report.Entries, report.Head.Origin)
		if r.Post == "" {
			err = fmt.Errorf("%w; --post compares the tables that are made of the entries, too", err)
		}
	}
	return report, err
}

// recover makes a file anew that is damaged itself, and begins a new epoch
// unless everything was in it.
func (r recoverCommand) recover(ctx context.Context, c console, config ledger.Config, report *ledger.Report, e *epochBegun) (err error) {
	var lost []*ledger.Damage
	if report.Spoilt {
		if e.Aside, lost, err = ledger.Rebuild(ctx, config); err != nil {
			return err
		}
		tell, done := c.counting()
		report, err = ledger.Verify(ctx, r.url(), nil, nil, tell)
		done()
		if err != nil {
			return err
		}
	}
	if len(lost)+len(report.Damage) == 0 && !r.Anyway {
		e.Ledger, e.Epoch, e.Size, e.Same, e.Lost = report.Head.Origin, report.Head.Epoch, report.Head.Size, true, []*ledger.Damage{}
		return r.madeAnew(ctx, config)
	}
	head, lost, err := ledger.Recover(ctx, config, r.Reason, lost...)
	e.Ledger, e.Epoch, e.Size, e.Lost = head.Origin, head.Epoch, head.Size, append([]*ledger.Damage{}, lost...)
	e.At = head.Recorded.Std(time.UTC)
	if err != nil {
		return err
	}
	return r.madeAnew(ctx, config)
}

// madeAnew has what is made of the entries made anew: what is known of commands
// at once, the tables of records and studies when the node starts.
func (r recoverCommand) madeAnew(ctx context.Context, config ledger.Config) error {
	var altered []string
	if r.Post != "" {
		_, part, err := openPost(r.Post)
		if err != nil {
			return err
		}
		if altered, err = node.AlteredCommands(ctx, config.URL, part.Layout); err != nil {
			return err
		}
	}
	if err := ledger.MendCommands(ctx, config, altered...); err != nil {
		return err
	}
	return node.DropViews(ctx, config)
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
	if e.Same {
		fmt.Fprintf(&b, "Nothing was lost: the ledger of %s, epoch %d, has all its %d entries. What is made of them is made anew when the node starts.\n", e.Ledger, e.Epoch, e.Size)
	} else {
		fmt.Fprintf(&b, "The ledger of %s is in epoch %d, with %d entries, since %s by this machine's clock.\n", e.Ledger, e.Epoch, e.Size, e.At.Format(time.RFC3339))
	}
	if e.Aside != "" {
		fmt.Fprintf(&b, "The damaged file is kept as it was: %s\n", e.Aside)
	}
	for _, d := range e.Mended {
		fmt.Fprintf(&b, "Made to fit the entries again: %v\n", d)
	}
	for _, d := range e.Lost {
		fmt.Fprintf(&b, "Lost: %v\n", d)
	}
	fmt.Fprintf(&b, "Give this checkpoint, and the public key %s, to whoever keeps checkpoints of it:\n\n%s", e.PublicKey, e.Checkpoint)
	return c.sayf("%s", b.String())
}
