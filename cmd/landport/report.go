package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"landport/evidence"
	"landport/sim"
)

type reportCommand struct {
	Scenario     string   `arg:"" name:"name|file" help:"A scenario that comes with Landport, or a file of your own."`
	Against      string   `placeholder:"NAME|FILE" help:"A scenario to compare it with."`
	Why          bool     `help:"Share the time out among the scenario's causes; takes a while."`
	Tornado      bool     `help:"Move each assumed figure alone, by the factor of --off, and draw what that does; takes a while."`
	Out          string   `required:"" placeholder:"FILE" help:"File to make: .html is the report; .csv, .xlsx and .parquet are its numbers, a comparison, causes and a tornado in files or sheets of their own. Given more than once with commas, all of them."`
	Replications whole    `default:"20" help:"Independent runs."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Demand       string   `placeholder:"FACTORS" help:"With --against: what the plan changes at these multiples of the traffic too, such as 0.9,1,1.05."`
	restFlags
	rates
	changes
}

func (reportCommand) Help() string {
	return `Examples:

  landport report bavet-mocbai-2018 --why --tornado --out report.html
  landport report bavet-mocbai-short --against bavet-mocbai-2018 --out report.html,numbers.xlsx,numbers.parquet
  landport report bavet-mocbai-short --against bavet-mocbai-2018 --demand 0.9,1,1.05 --assumed 6 --out report.html

The report is one file that needs no other: it opens in any browser, prints well, and says with which command and
from which scenario files, by their SHA-256, it was made. Causes and the tornado take many runs, so they have four
replications at most, and say so. Facts a scenario holds out are compared under a heading of their own.`
}

func (s reportCommand) Run(ctx context.Context, c console) error {
	files, err := s.files()
	if err != nil {
		return misuse{err}
	}
	demands, err := factorsOf(s.Demand)
	switch {
	case err != nil:
		return misuse{err}
	case s.Demand != "" && s.Against == "":
		return misuse{errors.New("--demand is of a comparison; give --against too")}
	case s.Assumed != nil && s.Against == "" && !s.Why:
		return misuse{errors.New("--assumed is of a comparison or of causes; give --against or --why too")}
	}
	file, _, err := s.open(s.Scenario)
	if err != nil {
		return err
	}
	options, err := runsOf(s.Replications, s.Days, s.Seed)
	if err != nil {
		return err
	}
	var base *sim.File
	if s.Against != "" {
		if base, _, err = open(s.Against); err != nil {
			return err
		}
	}
	if err := s.refused(file, base); err != nil {
		return misuse{err}
	}
	d := &evidence.Dossier{File: file, Command: s.command(), Version: madeBy(ctx)}
	if len(s.Set) > 0 {
		if d.Unchanged, _, err = open(s.Scenario); err != nil {
			return err
		}
	}
	for _, name := range []string{s.Scenario, s.Against} {
		list, err := sourcesOf(name)
		if err != nil {
			return err
		}
		d.AddSources(list)
	}
	parts := d.Parts(base, func() bool { return true })
	if s.Against != "" {
		parts = append(parts, evidence.Part{What: "replications of both", Make: func(o sim.Options) (err error) {
			d.Comparison, err = comparison{base, d.Unchanged, file, demands, s.restFlags}.of(c, o)
			return err
		}})
	}
	if s.Why {
		of, err := evidence.Parse("mean(crossing_h)")
		if err != nil {
			return err
		}
		parts = append(parts, evidence.Part{What: "combinations of causes", Make: func(o sim.Options) (err error) {
			o.Replications = min(o.Replications, fewRuns)
			if d.Why, err = evidence.Explain(file, of, o); err == nil && s.Assumed != nil {
				err = d.Why.RestOf(file, of, s.rest(c, o))
			}
			return err
		}})
	}
	if s.Tornado {
		of, err := evidence.Parse("mean(crossing_h)")
		if err != nil {
			return err
		}
		parts = append(parts, evidence.Part{What: "assumed figures moved", Make: func(o sim.Options) (err error) {
			o.Replications = min(o.Replications, fewRuns)
			d.Tornado, err = evidence.Vary(file, of, evidence.TornadoOptions{Run: o, By: s.by(), Most: 12})
			return err
		}})
	}
	for i, p := range parts {
		o := options
		if c.terminal {
			what := fmt.Sprintf("%s, part %d of %d", p.What, i+1, len(parts))
			c.notef("\r%s", what) // until the first of them is done
			o.Progress = c.progressOf(what)
		}
		if _, err := until(ctx, func() (struct{}, error) { return struct{}{}, p.Make(o) }); err != nil {
			return err
		}
	}
	if len(s.Rate) > 0 {
		if d.Converted, err = evidence.Convert(d.Report, s.list()); err != nil {
			return misuse{err}
		}
	}
	for _, f := range files {
		made, err := writeReport(ctx, f, d)
		if err != nil {
			return err
		}
		for _, name := range made {
			if err := c.sayf("wrote %s\n", name); err != nil {
				return err
			}
		}
	}
	return nil
}

// fewRuns are the replications of what takes many runs, the causes and the tornado.
const fewRuns = 4

// refused says what of it cannot be done, before anything runs.
func (s reportCommand) refused(file, base *sim.File) error {
	if s.Why {
		if _, err := evidence.CausesOf(file); err != nil {
			if base != nil {
				if _, none := evidence.CausesOf(base); none == nil {
					return fmt.Errorf("%w; or ask %s, which has causes: landport report %s --why", err, base.Name, s.Against)
				}
			}
			return err
		}
	}
	if s.Tornado {
		o := evidence.TornadoOptions{Run: sim.Options{Replications: int(s.Replications)}, By: s.by(), Most: 1}
		if err := o.Check(); err != nil {
			return fmt.Errorf("--tornado: %w", err)
		}
	}
	if s.Assumed != nil || !s.Tornado {
		if err := s.check(sim.Options{Replications: int(s.Replications)}); err != nil {
			return err
		}
	}
	if base != nil && s.Replications < 2 {
		return errors.New("--against: one replication has no interval; give --replications 2 or more")
	}
	return nil
}

// sourcesOf lists the files that a scenario is read from, none for no scenario.
func sourcesOf(name string) ([]evidence.Source, error) {
	if name == "" {
		return nil, nil
	}
	title, data, err := source(name)
	if err != nil {
		return nil, misuse{err}
	}
	list, err := evidence.SourcesOf(sim.Library{Zones: time.LoadLocation, Base: base}, title, data)
	if err != nil {
		return nil, misuse{err}
	}
	return list, nil
}

// files are those to make; a kind that cannot be made is refused before anything runs.
func (s reportCommand) files() ([]string, error) {
	var files []string
	for f := range strings.SplitSeq(s.Out, ",") {
		switch filepath.Ext(f) {
		case ".html", ".csv", ".xlsx", ".parquet":
			files = append(files, f)
		default:
			return nil, fmt.Errorf("%s: a report is .html, its numbers are .csv, .xlsx or .parquet", f)
		}
	}
	return files, nil
}

// command is what makes the report again.
func (s reportCommand) command() string {
	words := []string{"landport", "report", s.Scenario}
	if s.Against != "" {
		words = append(words, "--against", s.Against)
	}
	for _, x := range s.settings() {
		words = append(words, "--set", x.String())
	}
	words = append(words, "--replications", fmt.Sprint(s.Replications))
	if s.Days != nil {
		words = append(words, "--days", fmt.Sprint(*s.Days))
	}
	words = append(words, "--seed", fmt.Sprint(s.Seed))
	if s.Demand != "" {
		words = append(words, "--demand", s.Demand)
	}
	if s.Assumed != nil {
		words = append(words, "--assumed", fmt.Sprint(*s.Assumed))
	}
	if s.Assumed != nil || s.Tornado {
		words = append(words, "--off", fmt.Sprint(s.by()))
	}
	for _, x := range s.list() {
		words = append(words, "--rate", fmt.Sprintf("%s %s/%s=%s %s", x.Date, x.In, x.Of, strconv.FormatFloat(x.Value, 'f', -1, 64), x.Source))
	}
	if s.Why {
		words = append(words, "--why")
	}
	if s.Tornado {
		words = append(words, "--tornado")
	}
	return evidence.CommandLine(append(words, "--out", "report.html")...)
}
