package main

import (
	"context"

	"landport/evidence"
)

type tornadoCommand struct {
	Scenario string  `arg:"" name:"name|file" help:"A scenario."`
	Of       string  `default:"mean(crossing_h)" placeholder:"MEASURE" help:"The result that figures move."`
	By       decimal `default:"1.05" placeholder:"FACTOR" help:"Each figure is multiplied by it, and divided."`
	Bars     whole   `default:"12" placeholder:"N" help:"Figures to show; a first, short run finds those that matter most."`
	experiment
	changes
}

func (tornadoCommand) Help() string {
	return `Example:

  landport tornado bavet-mocbai-2018 --by 1.05 --bars 12 --replications 4 --days 28

Moves each assumed figure up and down alone, all meeting the same traffic, and says how far that moves the result:
what the assumptions are worth. docs/evidence.md says how to read the bars.`
}

func (s tornadoCommand) Run(ctx context.Context, c console) error {
	file, _, err := s.open(s.Scenario)
	if err != nil {
		return err
	}
	measure, err := evidence.Parse(s.Of)
	if err != nil {
		return misuse{err}
	}
	run, err := s.options(c, "figures")
	if err != nil {
		return err
	}
	options := evidence.TornadoOptions{Run: run, By: float64(s.By), Most: int(s.Bars)}
	tornado, err := until(ctx, func() (*evidence.Tornado, error) { return evidence.Vary(file, measure, options) })
	if err != nil {
		return misuse{err}
	}
	return s.say(c, tornado)
}
