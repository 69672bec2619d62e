package main

import (
	"context"

	"landport/evidence"
)

type whyCommand struct {
	Scenario     string   `arg:"" name:"name|file" help:"A scenario with causes."`
	Of           string   `default:"mean(crossing_h)" placeholder:"MEASURE" help:"What to explain."`
	Replications whole    `default:"4" help:"Independent runs of each combination of causes; two or more for intervals."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Format       string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
	restFlags
	changes
}

func (whyCommand) Help() string {
	return `Examples:

  landport why bavet-mocbai-2018 --replications 6 --days 28
  landport why bavet-mocbai-2018 --replications 4 --days 28 --assumed 6 --off 1.05

Removes the scenario's causes in every combination, all meeting the same traffic, and shares out the time among
them. With --assumed it says how far each share moves when so many assumed figures, those that matter most, are off;
that takes a few minutes. docs/evidence.md says how to read the shares.`
}

func (s whyCommand) Run(ctx context.Context, c console) error {
	file, _, err := s.open(s.Scenario)
	if err != nil {
		return err
	}
	measure, err := evidence.Parse(s.Of)
	if err != nil {
		return misuse{err}
	}
	options, err := runsOf(s.Replications, s.Days, s.Seed)
	if err != nil {
		return err
	}
	if err := s.check(options); err != nil {
		return misuse{err}
	}
	options.Progress = c.progressOf("combinations")
	why, err := until(ctx, func() (*evidence.Why, error) {
		why, err := evidence.Explain(file, measure, options)
		if err == nil && s.Assumed != nil {
			err = why.RestOf(file, measure, s.rest(c, options))
		}
		return why, err
	})
	if err != nil {
		return misuse{err}
	}
	if s.Format == "json" {
		return c.answer(why)
	}
	return c.sayf("%s", why.Text())
}
