package main

import (
	"context"
	"time"

	"landport/ledger"
)

type backupCommand struct {
	File    string `arg:"" name:"file" help:"File to make; nothing is overwritten."`
	Storage `embed:""`
	Format  string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (backupCommand) Help() string {
	return `Examples:

  landport backup /backup/bavet-2026-03-05.landport --data /var/lib/landport
  landport backup bavet.landport --database postgres://landport@db/bavet

It may run beside the node. The file is the same for both databases, and the way
from one to the other. It holds plates and remarks: keep it as you keep those,
and no longer. It does not hold the signing key.`
}

func (b backupCommand) Run(ctx context.Context, c console) error {
	if err := b.exists(); err != nil {
		return err
	}
	head, err := ledger.Backup(ctx, b.url(), b.File)
	if err != nil {
		return err
	}
	at := head.Recorded.Std(time.UTC)
	if b.Format == "json" {
		return c.answer(struct {
			File       string    `json:"file"`
			Ledger     string    `json:"ledger"`
			Epoch      int       `json:"epoch"`
			Size       int64     `json:"size"`
			RecordedAt time.Time `json:"recorded_at"`
			Root       string    `json:"root"`
		}{b.File, head.Origin, head.Epoch, head.Size, at, head.Root.String()})
	}
	return c.sayf("%s holds %d entries of %s, epoch %d, the last recorded at %s. Each was checked.\n", b.File, head.Size, head.Origin, head.Epoch, at.Format(time.RFC3339))
}
