package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/ledger"
	"landport/node"
	"landport/posts"
	"landport/sim"
)

type eraseCommand struct {
	Storage   `embed:""`
	Post      string       `required:"" placeholder:"FILE" help:"The post's file, or one that comes with Landport (bavet, moc-bai)."`
	Visit     string       `xor:"what" required:"" placeholder:"REFERENCE" help:"Erase the plates and remarks of the visits with this reference."`
	Plate     string       `xor:"what" required:"" placeholder:"PLATE" help:"Erase this plate, however it was spelt, wherever it stands."`
	OlderThan *border.Term `xor:"what" required:"" placeholder:"TERM" help:"Erase what was recorded longer ago than 90d, 12w, 18mo or 2y."`
	Kind      string       `enum:"plate,remark,all" default:"all" help:"Of --older-than, only this kind: plate or remark."`
	Reason    string       `required:"" placeholder:"TEXT" help:"Why, without naming anybody, their plate or what was remarked: it stays in the ledger."`
	Actor     string       `default:"operator" placeholder:"PSEUDONYM" help:"Who erases, by pseudonym (default operator)."`
	DryRun    bool         `help:"Only say how many values would be erased."`
	Format    string       `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (eraseCommand) Help() string {
	return `Examples:

  landport erase --data /var/lib/landport --post bavet --visit KH01-0000-0124 --reason "request 17 of 2026"
  landport erase --data /var/lib/landport --post bavet --plate "2A-1234" --reason "request 18 of 2026" --dry-run
  landport erase --database postgres://landport@db/bavet --post bavet --older-than 2y --kind plate --reason "legal term"

It may run beside the node. Entries, proofs, checkpoints and studies stand as
they are; nobody can tell any more what was in them. An entry says how many
values were erased and why. Backups made before still hold them.`
}

func (e eraseCommand) Run(ctx context.Context, c console) error {
	if err := e.exists(); err != nil {
		return err
	}
	post, part, err := openPost(e.Post)
	if err != nil {
		return err
	}
	if err := e.check(); err != nil {
		return misuse{err}
	}
	l, err := ledger.Open(ctx, ledger.Config{URL: e.url(), Origin: post.Name, Beside: true})
	if err != nil {
		return err
	}
	erased, err := e.erase(ctx, l, part, time.Now())
	if err = errors.Join(err, l.Close()); err != nil {
		return err
	}
	var values int64
	for _, n := range erased {
		values += n
	}
	if e.Format == "json" {
		return c.answer(struct {
			DryRun bool             `json:"dry_run"`
			Values int64            `json:"values"`
			Erased map[string]int64 `json:"erased"` // by kind
		}{e.DryRun, values, erased})
	}
	return c.sayf("%s", erasedText(erased, values, e.DryRun))
}

func (e eraseCommand) check() error {
	switch {
	case e.Kind != "all" && e.OlderThan == nil:
		return errors.New("--kind goes with --older-than")
	case strings.TrimSpace(e.Reason) == "":
		return errors.New("an erasure needs a reason")
	case node.Mentions(e.Reason, "plate", e.Plate):
		return &node.MentionedError{Kind: "plate"}
	case e.Plate != "" && border.PlateKey(e.Plate) == "":
		return fmt.Errorf("the plate %q has no letter and no digit; give it as it stands on the vehicle, or name the visit by --visit", e.Plate)
	case e.OlderThan == nil && e.Visit == "" && e.Plate == "":
		return errors.New("say what to erase: --visit, --plate or --older-than")
	}
	return nil
}

func (e eraseCommand) erase(ctx context.Context, l *ledger.Ledger, part *sim.Model, now time.Time) (map[string]int64, error) {
	head, err := l.Head(ctx)
	if err == nil {
		err = node.CheckClock(head.Recorded, border.At(now))
	}
	if err != nil {
		return nil, err
	}
	erasure := node.Erasure{Post: part.Layout.Posts[0].Name, Actor: e.Actor, Reason: e.Reason, DryRun: e.DryRun}
	switch {
	case e.OlderThan != nil:
		erasure.Before = border.At(e.OlderThan.Ago(now.In(node.Zone(part.Layout, 0))))
		if e.Kind != "all" {
			erasure.Kind = e.Kind
		}
	case e.Visit != "":
		if _, err := border.ParseReference(e.Visit); err != nil {
			return nil, misuse{err}
		}
		erasure.Commitments, err = node.ValuesOf(ctx, l, part.Layout, e.Visit)
	default:
		erasure.Commitments, err = l.Search(ctx, "plate", e.Plate)
	}
	if err != nil {
		return nil, err
	}
	erased, err := erasure.Run(ctx, l)
	if errors.As(err, new(*node.MentionedError)) {
		err = misuse{err}
	}
	return erased, err
}

func erasedText(erased map[string]int64, values int64, dry bool) string {
	if values == 0 {
		return "There is nothing to erase.\n"
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(erased)) {
		kinds = append(kinds, fmt.Sprintf("%s %d", kind, erased[kind]))
	}
	if dry {
		return fmt.Sprintf("Personal values that would be erased: %d (%s). Nothing was done.\n", values, strings.Join(kinds, ", "))
	}
	return fmt.Sprintf("Personal values that are gone: %d (%s). Entries, proofs and checkpoints stand. Backups made before still hold them.\n", values, strings.Join(kinds, ", "))
}

// keptFor says how long a post keeps personal values, in words.
func keptFor(f posts.File) string {
	var all []string
	for _, kind := range posts.PersonalKinds() {
		term := "for good"
		if t, ok := f.Retention[kind]; ok {
			term = t.String()
		}
		all = append(all, kind+" "+term)
	}
	return strings.Join(all, ", ")
}
