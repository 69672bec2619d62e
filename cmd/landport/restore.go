package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"landport/ledger"
)

type restoreCommand struct {
	File    string `arg:"" name:"file" help:"A backup."`
	Storage `embed:""`
	Whose   `embed:""`
	Reason  string `placeholder:"TEXT" help:"Why; it stays in the ledger. Without it: restored from the file."`
	NewKey  bool   `help:"Make a new signing key, because the old one was lost."`
	Format  string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (restoreCommand) Help() string {
	return `Examples:

  landport restore bavet.landport --data /var/lib/landport-new --keys /safe/bavet
  landport restore bavet.landport --database postgres://landport@db/bavet --keys /etc/landport

The directory or database must be empty but for keys, and the node's signing key at hand:
node.key and node.pub in --data or --keys. What was recorded after the backup is
lost, so the ledger begins a new epoch, and values erased since are back: erase
them again.`
}

func (r restoreCommand) Run(ctx context.Context, c console) error {
	if _, err := os.Stat(r.File); err != nil {
		return misuse{fmt.Errorf("there is no backup %s", r.File)}
	}
	if err := r.vacant(); err != nil {
		return err
	}
	absent := r.absent()
	config, public, err := r.newKey(r.Whose, r.NewKey)
	if err != nil {
		return err
	}
	if r.Reason == "" {
		r.Reason = "restored from " + filepath.Base(r.File)
	}
	head, err := ledger.Restore(ctx, config, r.File, r.Reason)
	if err != nil {
		r.takenBack(r.NewKey, absent)
		return err
	}
	return begun(ctx, c, config, r.Format, &epochBegun{
		Ledger: head.Origin, Epoch: head.Epoch, Size: head.Size, At: head.Recorded.Std(time.UTC), Lost: []*ledger.Damage{}, PublicKey: public,
	})
}

// thereMost is how many names of what is in a directory are told.
const thereMost = 5

// vacant refuses a directory that holds anything but keys and what a restoration
// that was killed may have left: whether that is one, [ledger.Restore] says.
func (r restoreCommand) vacant() error {
	if r.Data == "" {
		return nil
	}
	entries, err := os.ReadDir(r.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return misuse{err}
	}
	_, err = os.Stat(filepath.Join(r.Data, ledgerFile))
	begun := err == nil
	var there []string
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "node.key", name == "node.pub", begun && strings.HasPrefix(name, ledgerFile):
		case filepath.Join(r.Data, name) == filepath.Clean(r.Keys) && len(ledgersIn(r.Data)) == 0:
		default:
			there = append(there, name)
		}
	}
	if more := len(there) - thereMost; more > 0 {
		there = append(there[:thereMost], fmt.Sprintf("%d more", more))
	}
	if len(there) > 0 {
		return misuse{fmt.Errorf("%s is not empty: it holds %s; give a directory that holds nothing but keys", r.Data, strings.Join(there, ", "))}
	}
	return nil
}
