package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"landport/evidence"
	"landport/sim"
)

type calibrateCommand struct {
	Scenario     string   `arg:"" name:"name|file" help:"A scenario with figures marked fit."`
	Survey       string   `type:"path" placeholder:"FILE" help:"CSV of times at the posts: post,time_h and, for means, samples and source. Left out: the times the scenario names under calibration."`
	Out          string   `type:"path" placeholder:"FILE" help:"Where to write the calibrated scenario; left out, it is not written."`
	Insist       bool     `help:"Answer, and write, even what is no fit: where the observations are out of reach of the figures."`
	Trials       whole    `default:"150" help:"Sets of values to try."`
	Replications whole    `default:"2" help:"Independent runs of each."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Format       string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (calibrateCommand) Help() string {
	return `Example:

  landport calibrate bavet-mocbai-2018 --survey survey.csv --out mine.yaml

Fits the figures marked fit to what was observed, and says how sure it is. What was fitted is never called
reproduced: what the scenario is worth shows on facts that were held out, with landport validate mine.yaml. Where nothing fits, or the nearest is out
by twice, nothing is written and the exit code is 1, unless --insist is given.`
}

func (s calibrateCommand) Run(ctx context.Context, c console) error {
	file, _, err := open(s.Scenario)
	if err != nil {
		return err
	}
	run, err := runsOf(s.Replications, s.Days, s.Seed)
	if err != nil {
		return err
	}
	options := evidence.CalibrateOptions{Trials: int(s.Trials), Run: run}
	if s.Trials < 10 || s.Trials > 100_000 {
		return misuse{errors.New("give from 10 to 100,000 trials")}
	}
	seen, err := s.observations(c, file)
	if err != nil {
		return err
	}
	if c.terminal {
		options.Tried = c.progressOf("trials")
	}
	type answer struct {
		*evidence.Calibration
		fitted *sim.File
	}
	a, err := until(ctx, func() (answer, error) {
		found, fitted, err := evidence.Calibrate(file, seen, options)
		if misfit := evidence.MisfitError(""); s.Insist && errors.As(err, &misfit) {
			err = nil
		}
		return answer{found, fitted}, err
	})
	if err != nil {
		return err
	}
	if s.Out != "" {
		if err := os.WriteFile(s.Out, a.fitted.YAML(), 0o644); err != nil { //nolint:gosec // a scenario is for everybody to read
			return err
		}
	}
	if s.Format == "json" {
		return c.answer(a.Calibration)
	}
	if err := c.sayf("%s", a.Text()); err != nil || s.Out == "" {
		return err
	}
	return c.sayf("\nThe calibrated scenario is in %s.\n", s.Out)
}

func (s calibrateCommand) observations(c console, file *sim.File) ([]evidence.Observation, error) {
	if s.Survey == "" {
		return evidence.Published(file)
	}
	in, err := os.Open(s.Survey)
	if err != nil {
		return nil, misuse{err}
	}
	defer func() { _ = in.Close() }()
	seen, others, err := evidence.ReadObservations(s.Survey, in, file)
	if err != nil {
		if _, unread := (sheetFlags{}).read(s.Survey); unread == nil {
			err = fmt.Errorf("%w; this is a recording sheet: landport survey study %s gives its times, whose means go into post,time_h,samples in hours", err, s.Survey)
		}
		return nil, misuse{err}
	}
	if len(others) > 0 {
		c.notef("of %s these rows are of no post of the scenario and were left out: %s\n", s.Survey, strings.Join(others, ", "))
	}
	return seen, nil
}

type validateCommand struct {
	Scenario     string   `arg:"" name:"name|file" help:"A scenario with facts under validation."`
	Replications whole    `default:"20" help:"Independent runs."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Format       string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
	changes
}

func (validateCommand) Help() string {
	return `Example:

  landport validate bavet-mocbai-2018

Sets facts that no figure was fitted to beside what the scenario gives. Facts the scenario does not meet are
shown as plainly as those it meets.`
}

func (s validateCommand) Run(ctx context.Context, c console) error {
	file, _, err := s.open(s.Scenario)
	if err != nil {
		return err
	}
	options, err := runsOf(s.Replications, s.Days, s.Seed)
	if err != nil {
		return err
	}
	if c.terminal {
		options.Progress = c.progress
	}
	v, err := until(ctx, func() (*evidence.Validation, error) { return evidence.Validate(file, options) })
	if err != nil {
		return err
	}
	if s.Format == "json" {
		return c.answer(v)
	}
	return c.sayf("%s", v.Text())
}
