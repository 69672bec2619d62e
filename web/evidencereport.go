package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// evidenceReport answers with the report that landport report makes of the same.
// It takes runs of its own, one report at a time.
func (s *Server) evidenceReport(w http.ResponseWriter, r *http.Request) {
	s.numbers(w, r, func(e *experiment, c *evidence.Comparison) {
		if !s.studio.reporting.TryLock() {
			s.fail(w, r, newProblem(http.StatusServiceUnavailable, CodeBusy, "Another report is being made", "Reports are made one at a time; load this again in a moment."))
			return
		}
		defer s.studio.reporting.Unlock()
		var out bytes.Buffer
		d, err := s.dossier(r.Context(), e, c)
		if err == nil {
			err = d.WriteHTML(r.Context(), &out)
		}
		switch {
		case errors.Is(err, evidence.ErrStopped): // nobody waits for it
		case err != nil:
			s.broken(w, r, err)
		default:
			download(w, e.fileName("html"), out.Bytes())
		}
	})
}

// dossier works out what a report of an answer holds beside it.
func (s *Server) dossier(ctx context.Context, e *experiment, c *evidence.Comparison) (*evidence.Dossier, error) {
	d := &evidence.Dossier{
		File: e.plan, Unchanged: e.unchanged, Comparison: c, Version: s.option.Program,
		Command: evidence.CommandLine(append(append([]string{"landport", "report"}, e.words()...), "--out", "report.html")...),
	}
	for _, name := range []string{e.Scenario, e.baseName()} {
		files, err := s.sources(name)
		if err != nil {
			return nil, err
		}
		d.AddSources(files)
	}
	o := e.options
	o.Workers = s.studio.workers
	on := func() bool { return ctx.Err() == nil }
	for _, part := range append(d.Parts(e.base, on), evidence.Part{What: "replications with more traffic", Make: func(o sim.Options) (err error) {
		c.Base.Edge.Grows, err = evidence.Probe(e.base, o)
		return err
	}}) {
		if !on() {
			return nil, evidence.ErrStopped
		}
		if err := part.Make(o); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// sources are the files that a scenario is read from.
func (s *Server) sources(name string) ([]evidence.Source, error) {
	if s.own != nil && s.own.Name == name {
		return s.own.Sources, nil
	}
	data, err := scenarios.Read(name)
	if err != nil {
		return nil, err
	}
	return evidence.SourcesOf(sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}, name+".yaml", data)
}

func (s *Server) numbersCSV(w http.ResponseWriter, r *http.Request) {
	s.numbers(w, r, func(e *experiment, c *evidence.Comparison) {
		var out strings.Builder
		table := csv.NewWriter(&out)
		if err := table.WriteAll(records(c)); err != nil {
			s.broken(w, r, err)
			return
		}
		download(w, e.fileName("csv"), []byte(out.String()))
	})
}

// records are the rows of a comparison in the columns that landport report
// writes, without those that the studio has nothing for.
func records(c *evidence.Comparison) [][]string {
	number := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'g', -1, 64)
	}
	text := func(x *string) string {
		if x == nil {
			return ""
		}
		return *x
	}
	all := [][]string{{"base_scenario", "plan_scenario", "plan_set", "scope", "name", "measure", "unit", "base", "plan", "difference", "ci95_low", "ci95_high", "relative", "pairs", "verdict"}}
	for _, n := range c.Numbers() {
		all = append(all, []string{
			n.BaseScenario, n.PlanScenario, text(n.PlanSet), n.Scope, n.Name, n.Measure, n.Unit, number(n.Base), number(n.Plan), number(n.Difference),
			number(n.Low), number(n.High), number(n.Relative), strconv.FormatInt(*n.Pairs, 10), text(n.Verdict),
		})
	}
	return all
}
