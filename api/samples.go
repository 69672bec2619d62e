package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landport/node"
	"landport/survey"
)

// SampleWrite brings one row of a recording sheet. Its key is the sample's
// identity, which the device gave it that entered it.
type SampleWrite struct {
	By
	AtPost

	Key  string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9-]+$" doc:"The sample's identity, given by the device that entered it; the same again is answered again and not recorded again"`
	Body struct {
		Cells map[string]string `json:"cells"`
	}
}

func (s *server) registerSamples() {
	samples := operation{
		method: http.MethodPost, path: "/api/v1/posts/{post}/samples", id: "sampled", tag: tagSurvey, summary: "A sample of a time release study was taken at the roadside",
		text: "One row of a recording sheet, by its columns: docs/survey.md says what stands in each. A row that a sheet would keep aside is not taken. " +
			"The plate is kept apart from the ledger and erasable.",
		problems: []string{codeUnknownPost}, example: Receipt{Sequence: 1043, Entries: 1}, body: sampleSchema(),
	}
	huma.Register(s.huma, s.describe(&samples), s.sample)
	get(s, operation{
		path: samples.path, id: "samples", tag: tagSurvey, summary: "The samples taken", media: "text/csv",
		text:     "As a recording sheet with all columns, with the plates that are not erased.",
		problems: []string{codeUnknownPost, codeNotReady, codeStopped}, example: string(survey.FromRows([]map[survey.Column]string{exampleCells()})),
	}, func(ctx context.Context, in *struct{ AtPost }) (*text, error) {
		if p := s.post(in.Post); p != nil {
			return nil, p
		}
		rows, err := s.node.Samples(ctx)
		if err != nil {
			return nil, s.broken(err)
		}
		return &text{"text/csv; charset=utf-8", `attachment; filename="samples.csv"`, survey.FromRows(rows)}, nil
	})
}

// sampleSchema describes a sample's body by the columns of a sheet.
func sampleSchema() *huma.Schema {
	cells := &huma.Schema{
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false, MinProperties: new(1),
		Description: "What stands in the row, by column",
	}
	for _, c := range survey.Columns() {
		cells.Properties[c.String()] = &huma.Schema{Type: huma.TypeString, Description: c.Label(), MaxLength: new(1000)}
	}
	return &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"cells": cells}, Required: []string{"cells"}, AdditionalProperties: false}
}

func exampleCells() map[survey.Column]string {
	return map[survey.Column]string{
		survey.Post: "Bavet", survey.Direction: "exit", survey.Plate: "2A-3456", survey.LoadState: "laden",
		survey.Arrival: "2018-03-05T08:15", survey.Lodgement: "2018-03-05T08:20", survey.Removal: "2018-03-05T09:00",
	}
}

// named are cells by the names of their columns.
func named(cells map[survey.Column]string) map[string]string {
	out := make(map[string]string, len(cells))
	for _, c := range survey.Columns() {
		if cell, ok := cells[c]; ok {
			out[c.String()] = cell
		}
	}
	return out
}

func (s *server) sample(ctx context.Context, in *SampleWrite) (*receipt, error) {
	if p := s.post(in.Post); p != nil {
		return nil, p
	}
	sample := node.Sample{ID: in.Key, Actor: in.Actor, Cells: map[survey.Column]string{}}
	for name, cell := range in.Body.Cells {
		column, err := survey.ParseColumn(name)
		if err != nil {
			return nil, invalid(Fault{"body.cells", err.Error()})
		}
		sample.Cells[column] = cell
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	answers, err := s.node.TakeSamples(ctx, []node.Sample{sample})
	done := &receipt{Status: http.StatusOK}
	var p *Problem
	switch {
	case err != nil:
		p = s.broken(err)
	case answers[0].Reused:
		p = newProblem(codeKeyReused, answers[0].Refusal)
	case answers[0].Refusal != "":
		p = invalid(Fault{"body.cells", answers[0].Refusal})
	default:
		done.Body = Receipt{Sequence: answers[0].Sequence, Entries: 1}
		if answers[0].Repeated {
			done.Replayed = "true"
		}
	}
	s.meters.command(p, done.Replayed != "", time.Since(began))
	if p != nil {
		return nil, p
	}
	return done, nil
}
