package main

import (
	"context"
	"errors"
	"io/fs"

	"landport/evidence"
	"landport/scenarios"
)

type optimiseCommand struct {
	Scenario string   `arg:"" name:"name|file" help:"A scenario."`
	Goal     []string `sep:"none" placeholder:"GOAL" help:"What a plan must meet, such as p90(crossing_h) <= 2; may be given again."`
	Minimise string   `default:"cost" placeholder:"cost|MEASURE" help:"What is to be least, or best."`
	Search   string   `placeholder:"NAME|FILE" help:"The space of plans. Left out: the one that comes with the scenario."`
	Plans    whole    `default:"200" placeholder:"N" help:"Plans to try; of a larger space they are drawn."`
	experiment
	changes
}

func (optimiseCommand) Help() string {
	return `Example:

  landport optimise bavet-mocbai-2018 --goal "p90(crossing_h) <= 2" --minimise cost

Looks for the least plan that meets the goals, and says how sure that is, what comes next, and what every hour costs.
docs/evidence.md says how a space of plans is written. The exit code is 1 if no plan is shown to meet the goals.`
}

func (s optimiseCommand) Run(ctx context.Context, c console) error {
	file, _, err := s.open(s.Scenario)
	if err != nil {
		return err
	}
	options, err := s.asked(c)
	if err != nil {
		return misuse{err}
	}
	search, err := s.space(file.Name)
	if err != nil {
		return misuse{err}
	}
	found, err := until(ctx, func() (*evidence.Optimum, error) { return evidence.Optimise(file, search, options) })
	if err != nil {
		return misuse{err}
	}
	if err := s.say(c, found); err != nil {
		return err
	}
	switch {
	case found.Best != nil:
		return nil
	case found.Finalists[0].Met:
		return errors.New("no plan is shown to meet the goals")
	}
	return errors.New("no plan meets the goals")
}

// space reads the space of plans that is asked for, or that of the scenario.
func (s optimiseCommand) space(scenario string) (*evidence.Search, error) {
	name := s.Search
	if name == "" {
		name = scenario
	}
	if isFile(name) {
		data, err := readText(name)
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("there is no file " + name)
		}
		if err != nil {
			return nil, err
		}
		return evidence.DecodeSearch(name, data)
	}
	data, err := scenarios.Search(name)
	if err != nil {
		return nil, err
	}
	return evidence.DecodeSearch(name+".yaml", data)
}

func (s optimiseCommand) asked(c console) (o evidence.OptimiseOptions, err error) {
	if o.Run, err = s.options(c, "plans"); err != nil {
		return o, err
	}
	for _, text := range s.Goal {
		g, err := evidence.ParseGoal(text)
		if err != nil {
			return o, err
		}
		o.Goals = append(o.Goals, g)
	}
	if s.Minimise != "cost" {
		m, err := evidence.Parse(s.Minimise)
		if err != nil {
			return o, err
		}
		o.Minimise = &m
	}
	o.Most = int(s.Plans)
	return o, nil
}
