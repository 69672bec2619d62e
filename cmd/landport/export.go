package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
)

type exportCommand struct {
	What    string `arg:"" optional:"" name:"facts|study" help:"What to write. Left out: what the format is for, the study as parquet."`
	Storage `embed:""`
	Post    string `required:"" placeholder:"FILE" help:"The post's file, or one that comes with Landport (bavet, moc-bai)."`
	Format  string `required:"" placeholder:"FORMAT" help:"Facts: cloudevents (or ndjson) or parquet. The study: csv, xlsx or parquet."`
	Out     string `required:"" placeholder:"FILE" help:"File to make, nothing is overwritten; - is standard output, for cloudevents and csv."`
	From    string `placeholder:"DAY" help:"From this day on, such as 2018-03-05, or instant, such as 2018-03-05T08:00:00+07:00."`
	To      string `placeholder:"DAY" help:"Up to this day or instant, itself not in it."`
	Group   string `placeholder:"GROUP" help:"By what the study tells visits apart: stage, direction, kind (if left out), day or hour."`
}

func (*exportCommand) Help() string {
	return `Examples:

  landport export --data /var/lib/landport --post bavet --format cloudevents --out facts.ndjson
  landport export facts --data /var/lib/landport --post bavet --format parquet --out facts.parquet
  landport export --data /var/lib/landport --post bavet --from 2018-03-01 --to 2018-04-01 --group day --format xlsx --out march.xlsx
  landport export --database postgres://landport@db/bavet --post bavet --format csv --out -

Facts are the ledger's entries by when they happened: one CloudEvents 1.0 event to
a line, or one row of Parquet with a column for each thing that a fact names. They
hold no plate and no remark. The study is of visits by when they left, in minutes;
a period of the study is one of whole hours. docs/method.md says what the stages
are.

It may run beside the node.`
}

// exportFormats says what each format is for, what is meant without a word first.
var exportFormats = [...]struct {
	name string
	what []string
}{
	{"cloudevents", []string{"facts"}}, {"ndjson", []string{"facts"}},
	{"csv", []string{"study"}}, {"xlsx", []string{"study"}}, {"parquet", []string{"study", "facts"}},
}

func (e *exportCommand) Run(ctx context.Context, c console) error {
	if err := e.check(); err != nil {
		return err
	}
	if err := e.exists(); err != nil {
		return err
	}
	file, part, err := openPost(e.Post)
	if err != nil {
		return err
	}
	zone := node.Zone(part.Layout, 0)
	q := node.StudyQuery{To: border.Never, Group: node.StudyGroup(e.Group)}
	for _, end := range []struct {
		flag, given string
		to          *border.Time
	}{{"--from", e.From, &q.From}, {"--to", e.To, &q.To}} {
		if end.given == "" {
			continue
		}
		if *end.to, err = node.ParseInstant(end.given, zone); err != nil {
			return misuse{fmt.Errorf("%s: %w", end.flag, err)}
		}
	}
	if err := q.Check(zone); err != nil && (e.What == "study" || q.To <= q.From) {
		return misuse{err}
	}
	l, err := ledger.Open(ctx, ledger.Config{URL: e.url(), Origin: file.Name, Beside: true})
	if err != nil {
		return err
	}
	err = e.write(c, func(out io.Writer) error {
		if e.What == "facts" {
			return exportFacts(ctx, c, l, file.Name, q, e.Format, out)
		}
		return exportStudy(ctx, c, l, part.Layout, q, e.Format, out)
	})
	return errors.Join(err, l.Close())
}

// check fills in what was left out, and refuses what does not go together.
func (e *exportCommand) check() error {
	var names, what []string
	for _, f := range exportFormats {
		names = append(names, f.name)
		if f.name == e.Format {
			what = f.what
		}
	}
	switch {
	case len(what) == 0:
		return misuse{fmt.Errorf("there is no format %q; there are %s", e.Format, strings.Join(names, ", "))}
	case e.What != "" && e.What != "facts" && e.What != "study":
		return misuse{fmt.Errorf("%q cannot be exported; facts and study can", e.What)}
	case e.What != "" && !slices.Contains(what, e.What):
		return misuse{fmt.Errorf("%s is for the %s; give facts as cloudevents or parquet, and the study as csv, xlsx or parquet", e.Format, what[0])}
	}
	if e.What == "" {
		e.What = what[0]
	}
	switch {
	case e.Group != "" && e.What == "facts":
		return misuse{errors.New("--group goes with the study, not with facts")}
	case e.Out == "-" && (e.Format == "xlsx" || e.Format == "parquet"):
		return misuse{fmt.Errorf("%s goes into a file; give one with --out", e.Format)}
	}
	if e.Group == "" {
		e.Group = string(node.ByKind)
	}
	if !slices.Contains(node.StudyGroups(), node.StudyGroup(e.Group)) {
		return misuse{fmt.Errorf("there is no group %q; there are stage, direction, kind, day and hour", e.Group)}
	}
	return nil
}

// write makes the file, whole or not at all.
func (e *exportCommand) write(c console, fill func(io.Writer) error) (err error) {
	if e.Out == "-" {
		buffer := bufio.NewWriterSize(c.out, 1<<16)
		return errors.Join(fill(buffer), buffer.Flush())
	}
	if _, err := os.Stat(e.Out); err == nil {
		return misuse{fmt.Errorf("%s exists; an export overwrites nothing", e.Out)}
	}
	out, err := os.CreateTemp(filepath.Dir(e.Out), ".export-*")
	if err != nil {
		return misuse{fmt.Errorf("%s cannot be made: %w", e.Out, err)}
	}
	defer os.Remove(out.Name()) //nolint:errcheck // it is renamed if all went well
	buffer := bufio.NewWriterSize(out, 1<<16)
	if err := errors.Join(fill(buffer), buffer.Flush(), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), e.Out)
}

// exportStudy writes the lines of a study, as they are read.
func exportStudy(ctx context.Context, c console, l *ledger.Ledger, layout *gate.Layout, q node.StudyQuery, format string, out io.Writer) error {
	head, err := l.Head(ctx)
	if err != nil {
		return err
	}
	zone := node.Zone(layout, 0)
	table := newTable[studyRow](ctx, format, out)
	written := 0
	cover, err := node.Study(ctx, l, layout, q, func(line node.StudyLine) error {
		written++
		return table.add(studyRowOf(layout.Posts[0].Name, q.Group, &line, zone))
	})
	if err != nil {
		return fmt.Errorf("the study cannot be written: %w", err)
	}
	about := [][2]string{
		{"post", layout.Posts[0].Name}, {"time zone", zone.String()},
		{"from", cover.From.Std(zone).Format(time.RFC3339)}, {"to", cover.To.Std(zone).Format(time.RFC3339)},
		{"visits that left", fmt.Sprint(cover.Visits)}, {"grouped by", string(q.Group)},
		{"covers", q.Group.Covers()},
		{"entries taken in", fmt.Sprintf("%d of %d", cover.Sequence, head.Size)},
	}
	if err := table.close(about); err != nil {
		return err
	}
	c.notef("%d lines of %d visits that left from %s to %s\n", written, cover.Visits, about[2][1], about[3][1])
	if cover.Sequence < head.Size {
		c.notef("The study has taken in %d of %d entries; landport serve brings it up to the ledger.\n", cover.Sequence, head.Size)
	}
	return nil
}
