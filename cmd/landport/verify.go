package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"landport/ledger"
	"landport/node"
)

type verifyCommand struct {
	Storage    `embed:""`
	Whose      `embed:""`
	Checkpoint string `placeholder:"FILE" help:"A checkpoint that was kept outside; without it, the last one in the database itself."`
	Key        string `placeholder:"PUBLICKEY|FILE" help:"The node's public key, best from where the checkpoint was kept; without it, node.pub beside the signing key."`
	Format     string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (verifyCommand) Help() string {
	return `Examples:

  landport verify --data /var/lib/landport --post bavet
  landport verify --database postgres://landport@db/bavet --checkpoint printed.checkpoint --key bavet.kh+0a1b2c3d+AZ…

It reads the whole ledger, changes nothing, and names every entry that was
altered, is missing or was moved; and it says how many entries the last signed
checkpoint covers. It may run beside the node.

With --post it also makes the tables of records and studies anew from the
entries, in a temporary file, and names the rows that differ.

Exit codes: 0 intact, 1 damaged, 2 wrong usage or the ledger could not be read.`
}

// verdictOfLedger is what verify found, as programs get it.
type verdictOfLedger struct {
	Intact     bool             `json:"intact"`
	Ledger     string           `json:"ledger"`
	Epoch      int              `json:"epoch"`
	Size       int64            `json:"size"`
	RecordedAt time.Time        `json:"recorded_at"` // of the last entry
	Root       string           `json:"root"`
	Read       int64            `json:"entries_read"`
	Personal   int64            `json:"personal_values"`
	Covered    int64            `json:"covered"`    // entries that the last checkpoint in the database covers
	Uncovered  int64            `json:"uncovered"`  // that follow, which no signature protects
	Checkpoint *point           `json:"checkpoint"` // compared with; null if there was none
	Outside    bool             `json:"checkpoint_from_outside"`
	Signed     bool             `json:"signature_checked"`
	Reopened   *ledger.Reopened `json:"reopened"`       // how a checkpoint of an epoch that has ended fits
	Views      bool             `json:"views_compared"` // what is made of the entries, with them
	Damage     []*ledger.Damage `json:"damage"`
}

func (v verifyCommand) Run(ctx context.Context, c console) error {
	found, err := v.verify(ctx, c)
	if err != nil {
		return misuse{err}
	}
	if v.Format == "json" {
		err = c.answer(found)
	} else {
		err = c.sayf("%s", found.text())
	}
	if err == nil && !found.Intact {
		err = fmt.Errorf("the ledger of %s is damaged", cmp.Or(found.Ledger, v.place()))
	}
	return err
}

func (v verifyCommand) verify(ctx context.Context, c console) (*verdictOfLedger, error) {
	if err := v.exists(); err != nil {
		return nil, err
	}
	name, err := v.name()
	if err != nil {
		return nil, err
	}
	var checkpoint []byte
	if v.Checkpoint != "" {
		if checkpoint, err = os.ReadFile(v.Checkpoint); err != nil {
			return nil, err
		}
	}
	if beside := filepath.Join(v.keys(), "node.pub"); v.Key == "" && v.keys() != "" {
		if _, err := os.Stat(beside); err == nil {
			v.Key = beside
		}
	}
	tell, done := c.counting()
	defer done()
	var report *ledger.Report
	if v.Key == "" {
		report, err = ledger.Verify(ctx, v.url(), checkpoint, nil, tell)
	} else {
		key, errKey := verifier(v.Key)
		if errKey != nil {
			return nil, errKey
		}
		report, err = ledger.Verify(ctx, v.url(), checkpoint, key, tell)
	}
	if err != nil {
		return nil, err
	}
	if name != "" && report.Head.Origin != "" && report.Head.Origin != name {
		return nil, fmt.Errorf("%s holds the ledger of %s, not of %s", v.place(), report.Head.Origin, name)
	}
	if err := compareCommands(ctx, v.url(), report); err != nil {
		return nil, err
	}
	views := v.Post != "" && len(report.Damage) == 0
	if views {
		if report.Damage, err = v.Whose.compareViews(ctx, v.url()); err != nil {
			return nil, err
		}
	}
	found := verdictOf(report, checkpoint != nil, v.Key != "")
	found.Views = views
	return found, nil
}

// compareViews says in what the tables that are made of the entries of the post
// do not fit these.
func (w Whose) compareViews(ctx context.Context, url string) ([]*ledger.Damage, error) {
	_, part, err := openPost(w.Post)
	if err != nil {
		return nil, err
	}
	return node.VerifyViews(ctx, url, part.Layout)
}

// compareCommands adds to a report in what the commands do not fit the entries,
// if these are sound.
func compareCommands(ctx context.Context, url string, r *ledger.Report) (err error) {
	if len(r.Damage) == 0 {
		r.Damage, err = ledger.VerifyCommands(ctx, url)
	}
	return err
}

func verdictOf(r *ledger.Report, outside, signed bool) *verdictOfLedger {
	v := &verdictOfLedger{
		Intact: len(r.Damage) == 0, Ledger: r.Head.Origin, Epoch: r.Head.Epoch, Size: r.Head.Size, RecordedAt: r.Head.Recorded.Std(time.UTC),
		Root: r.Head.Root.String(), Read: r.Entries, Personal: r.Personal, Damage: append([]*ledger.Damage{}, r.Damage...),
	}
	if v.Uncovered = v.Size; r.Signed != nil {
		v.Covered = min(v.Size, r.Signed.Size)
		v.Uncovered -= v.Covered
	}
	if r.Checkpoint != nil {
		at := pointOf(*r.Checkpoint, nil)
		v.Checkpoint, v.Outside, v.Signed, v.Reopened = &at, outside, signed, r.Reopened
	}
	return v
}

func (v *verdictOfLedger) text() string {
	if !v.Intact {
		var b strings.Builder
		if v.Ledger == "" {
			fmt.Fprintf(&b, "Damaged: a ledger whose head cannot be read, with %d entries that can.\n", v.Read)
		} else {
			fmt.Fprintf(&b, "Damaged: the ledger of %s, epoch %d, %d entries, %d of them read.\n", v.Ledger, v.Epoch, v.Size, v.Read)
		}
		for _, d := range v.Damage {
			fmt.Fprintf(&b, "  %v\n", d)
		}
		return b.String() + "Stop the node and put a copy aside before anything is changed. Then restore a backup, or let landport recover go on with what is not damaged; docs/operate.md says which.\n"
	}
	text := fmt.Sprintf("Intact: no entries of %s yet.\n", v.Ledger)
	if v.Size > 0 {
		text = fmt.Sprintf("Intact: %d entries of %s, epoch %d, the last recorded at %s; %d personal values fit their commitments.\n",
			v.Size, v.Ledger, v.Epoch, v.RecordedAt.Format(time.RFC3339), v.Personal)
	}
	switch {
	case v.Reopened != nil:
		text += v.reopenedText()
	case v.Outside:
		text += fmt.Sprintf("The first %d are those of the checkpoint.\n", v.Checkpoint.Size)
	}
	text += v.coveredText()
	switch {
	case v.Views:
		text += "The tables of records and studies are what the entries give.\n"
	case v.Size > 0:
		text += "The tables of records and studies were not compared with the entries: say which post it is (--post).\n"
	}
	if v.Checkpoint != nil && !v.Signed {
		text += "The checkpoint's signature was not checked: give the node's public key (--key).\n"
	}
	return text
}

// coveredText says which entries are signed, and what that means.
func (v *verdictOfLedger) coveredText() (text string) {
	if v.Size == 0 {
		return ""
	}
	switch {
	case v.Uncovered == 0:
		text = fmt.Sprintf("All %d are covered by the last signed checkpoint in the database: ", v.Covered)
	case v.Covered > 0:
		text = fmt.Sprintf("The first %d are covered by the last signed checkpoint in the database: ", v.Covered)
	default:
		text = "No checkpoint of this epoch is in the database.\n"
	}
	if v.Covered > 0 {
		text += "without the signing key nobody can have altered them. Who holds the database and the key can have written both anew; only a checkpoint kept outside shows that (--checkpoint).\n"
	}
	if v.Uncovered > 0 {
		text += fmt.Sprintf("No signature covers entries %d to %d: who can write the database can have altered them, hashes and all, and it would not show. "+
			"A node signs after %d entries, after a minute, and when it stops. What is not signed was left by one that runs, was killed or is of an earlier version; otherwise checkpoints were taken away.\n",
			v.Covered+1, v.Size, ledger.SignAfterEntries)
	}
	return text
}

// reopenedText says how a checkpoint from before a recovery fits.
func (v *verdictOfLedger) reopenedText() string {
	r := v.Reopened
	text := fmt.Sprintf("The checkpoint is of epoch %d, and counts %d entries. Entry %d opened epoch %d: %s.\n", v.Checkpoint.Epoch, v.Checkpoint.Size, r.At, r.Epoch, r.Reason)
	if len(r.Lost) == 0 {
		return text + "All entries of the checkpoint stand here as they were.\n"
	}
	kept := v.Checkpoint.Size
	for _, d := range r.Lost {
		kept = min(kept, d.From-1)
		text += fmt.Sprintf("  lost since the checkpoint: %v\n", d)
	}
	text += fmt.Sprintf("Its history is kept up to entry %d, and behind that but for what was lost.\n", kept)
	if r.Shown < kept {
		text += fmt.Sprintf("The checkpoint shows this of entries 1 to %d; of those up to %d, a checkpoint of at most %d entries would.\n", r.Shown, kept, kept)
	}
	return text
}
