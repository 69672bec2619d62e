package main

import (
	"context"
	"time"

	"landport/sim"
	"landport/study"
)

type mergeCommand struct {
	Files  []string `arg:"" name:"file" help:"All shards of one run, in any order."`
	Format string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (mergeCommand) Help() string {
	return `Example:

  landport simulate bavet-mocbai-2018 --replications 200 --shard 1/2 --out part1.bin
  landport simulate bavet-mocbai-2018 --replications 200 --shard 2/2 --out part2.bin
  landport merge part1.bin part2.bin --format json

The report is that of the whole run, to the byte, but for the time it took. Shards hold their scenario; they may be
made on any machines with the same build of Landport. docs/evidence.md and deploy/ show how to spread them.`
}

func (m mergeCommand) Run(ctx context.Context, c console) error {
	var parts []*sim.Shard
	for _, name := range m.Files {
		data, err := readFile(name, mostShard)
		if err != nil {
			return misuse{err}
		}
		part, err := sim.ReadShard(name, data)
		if err != nil {
			return misuse{err}
		}
		parts = append(parts, part)
	}
	report, err := until(ctx, func() (*study.Report, error) {
		return sim.MergeShards(sim.Library{Zones: time.LoadLocation, Base: base}, parts)
	})
	if err != nil {
		return misuse{err}
	}
	if m.Format == "json" {
		return c.answer(report)
	}
	return c.sayf("%s", report.Text())
}
