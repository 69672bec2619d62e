package node

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"landport/ledger"
	"landport/survey"
)

// What people enter at the roadside: a row of a time release study; the row
// that stands in the place of one entered before, which stays in the ledger; and
// how many vehicles came in an hour. An entry's command is that of Sample.command
// and tells what it corrects; of two counts with one identity the later stands.
const (
	kindSampled   = "survey.sampled"
	kindCorrected = "survey.corrected"
	kindCounted   = "survey.counted"
)

func ofSurvey(kind string) bool {
	return kind == kindSampled || kind == kindCorrected || kind == kindCounted
}

// sampledData is the row by its columns' names. The plate is a commitment: it
// is a personal value like those of visits, and is erased with them.
type sampledData struct {
	Cells map[string]string `json:"cells"`
	Plate string            `json:"plate,omitzero"`
}

// Sample is one row of a recording sheet by columns.
type Sample struct {
	ID       string // of the device that entered it: the same again is recorded once
	Revision int    // 0 as first entered; a higher one stands in the place of those before it
	Counted  bool   // no vehicle, but a count of an hour; see survey.CountHours
	Actor    string
	Cells    map[survey.Column]string
}

// SampleAnswer says what became of a Sample: recorded, now or before, under a
// sequence number; or refused, with the reason.
type SampleAnswer struct {
	ID       string `json:"id"`
	Sequence int64  `json:"sequence,omitzero"`
	Refusal  string `json:"refusal,omitempty"`
	Remark   string `json:"remark,omitempty"` // recorded, but a value of it is of no use
	Repeated bool   `json:"-"`                // it had been recorded before
	Reused   bool   `json:"reused,omitempty"` // refused: another had been, under its identity
}

// sampleAnswer is what the table of commands has as the answer to a sample: its
// entry tells all.
const sampleAnswer = "{}"

// samplesMost is how many samples one call takes.
const samplesMost = 500

// TakeSamples records samples and answers in their order when they are durable.
// A sample that a sheet would keep aside is refused. Errors are those of the
// ledger; after one, handing in the same samples again tells what was recorded.
func (n *Node) TakeSamples(ctx context.Context, samples []Sample) ([]SampleAnswer, error) {
	if len(samples) > samplesMost {
		return nil, &BadCommand{"samples", fmt.Sprintf("hand in at most %d at a time", samplesMost)}
	}
	answers := make([]SampleAnswer, len(samples))
	var sound []int
	var ids []string
	for i, s := range samples {
		answers[i].ID = s.ID
		if answers[i].Refusal, answers[i].Remark = s.read(); answers[i].Refusal == "" {
			sound, ids = append(sound, i), append(ids, s.command())
		}
	}
	if len(sound) == 0 {
		return answers, nil
	}
	n.mu.Lock()
	far, doubt := n.far(), n.doubt()
	n.mu.Unlock()
	if far {
		return nil, fmt.Errorf("%w: %w", ErrNotReady, doubt)
	}
	_, err := n.ledger.Write(context.WithoutCancel(ctx), func(b *ledger.Batch) error {
		before, err := b.Commands(ctx, ids)
		if err != nil {
			return err
		}
		for _, i := range sound {
			before[samples[i].command()] = samples[i].record(b, n.Post(), before[samples[i].command()], &answers[i])
		}
		return nil
	})
	return answers, err
}

// revisionsMost is how often a sample may be corrected.
const revisionsMost = 999

// command tells a sample and its revision: survey-ID, survey-ID.1 and so on.
func (s *Sample) command() string {
	if s.Revision == 0 {
		return "survey-" + s.ID
	}
	return fmt.Sprintf("survey-%s.%d", s.ID, s.Revision)
}

func (s *Sample) kind() string {
	switch {
	case s.Counted:
		return kindCounted
	case s.Revision > 0:
		return kindCorrected
	}
	return kindSampled
}

// read says why a sample cannot be recorded, "" if it can, and which value of one
// that can is of no use.
func (s *Sample) read() (refusal, remark string) {
	if s.ID == "" || len(s.ID) > 64 || strings.Trim(s.ID, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return "its identity is no word of 1 to 64 letters, digits and hyphens", ""
	}
	if s.Revision < 0 || s.Revision > revisionsMost {
		return fmt.Sprintf("its revision is not from 0 to %d", revisionsMost), ""
	}
	for _, c := range survey.Columns() {
		if len(s.Cells[c]) > remarkMost {
			return c.Label() + " is too long", ""
		}
	}
	sheet, err := survey.Import("the sample", survey.FromRows([]map[survey.Column]string{s.Cells}), survey.Mapping{}, nil)
	switch {
	case err != nil:
		return err.Error(), ""
	case len(sheet.Aside) > 0:
		return sheet.Aside[0].Problems[0].Words(), ""
	case len(sheet.Records) != 1:
		return "it is empty", ""
	}
	if _, begins := sheet.Records[0].At(survey.Arrival); s.Counted && (!begins || sheet.Records[0].Direction() == "") {
		return "a count has a direction, and as arrival the beginning of its hour or, if it began later, of the count", ""
	}
	if len(sheet.Remarks) > 0 {
		remark = sheet.Remarks[0].Column.Label() + ": " + sheet.Remarks[0].Reason
	}
	return "", remark
}

// record appends a sample that was not recorded before.
func (s *Sample) record(b *ledger.Batch, post string, before ledger.Outcome, answer *SampleAnswer) ledger.Outcome {
	cells := map[string]string{}
	for _, c := range survey.Columns() {
		if v := strings.TrimSpace(s.Cells[c]); v != "" {
			cells[c.String()] = v
		}
	}
	request := sha256.Sum256(compact(cells))
	switch {
	case before.First != 0 && before.Request != request && before.Request != [sha256.Size]byte{}:
		answer.Refusal, answer.Reused = fmt.Sprintf("another sample was recorded under its identity, as No. %d", before.First), true
		return before
	case before.First != 0:
		answer.Sequence, answer.Repeated = before.First, true
		return before
	}
	d := sampledData{Cells: cells}
	if plate := cells[survey.Plate.String()]; plate != "" {
		delete(cells, survey.Plate.String())
		d.Plate = b.Personal("plate", plate)
	}
	answer.Sequence = b.Append(ledger.Entry{
		Occurred: b.Now(), Post: post, Actor: s.Actor, Command: s.command(), Kind: s.kind(), Version: 1, Data: compact(d),
	})
	done := ledger.Outcome{Request: request, First: answer.Sequence, Entries: 1, Answer: sampleAnswer}
	b.Done(s.command(), done)
	return done
}

// Samples returns the samples recorded, in their order, as last corrected, with
// the plates that are not erased and the counts of their hours. It reads the
// whole ledger.
func (n *Node) Samples(ctx context.Context) (rows []map[survey.Column]string, err error) {
	var counts []map[survey.Column]string
	place := map[string]int{} // of a sample in its list, by its first command
	for e, err := range n.ledger.Each(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if !ofSurvey(e.Kind) {
			continue
		}
		row, err := n.row(ctx, &e)
		if err != nil {
			return nil, err
		}
		list := &rows
		if e.Kind == kindCounted {
			list = &counts
		}
		first, _, _ := strings.Cut(e.Command, ".")
		at, corrects := place[first]
		if !corrects {
			at = len(*list)
			place[first], *list = at, append(*list, nil)
		}
		(*list)[at] = row
	}
	return survey.CountHours(rows, counts), nil
}

// row reads an entry's cells.
func (n *Node) row(ctx context.Context, e *ledger.Entry) (map[survey.Column]string, error) {
	var d sampledData
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return nil, fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	row := map[survey.Column]string{}
	for _, c := range survey.Columns() {
		if v := d.Cells[c.String()]; v != "" {
			row[c] = v
		}
	}
	if d.Plate != "" {
		_, plate, ok, err := n.ledger.Reveal(ctx, d.Plate)
		if err != nil {
			return nil, err
		}
		if ok {
			row[survey.Plate] = plate
		}
	}
	return row, nil
}
