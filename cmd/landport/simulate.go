package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"landport/evidence"
	"landport/sim"
	"landport/study"
)

type simulateCommand struct {
	Scenario     string   `arg:"" name:"name|file" help:"A scenario that comes with Landport, or a file of your own."`
	Against      string   `placeholder:"NAME|FILE" help:"A scenario to compare with, by pairs of runs that meet the same traffic."`
	Replications *whole   `placeholder:"N" help:"Independent runs (default: 1, or 20 with --against); intervals come from how they differ. With --half-width the most there may be (default: 200)."`
	HalfWidth    *percent `placeholder:"PERCENT" help:"Run replications until half the 95% interval is at most so much of the mean, such as 5%."`
	Of           *string  `placeholder:"MEASURE" help:"What --half-width is of (default: mean(crossing_h))."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Workers      *whole   `placeholder:"N" help:"Runs at a time (default: one for each processor). Changes nothing but the time it takes."`
	Shard        *shard   `placeholder:"I/N" help:"Run one part of N of the replications, to be put together by landport merge."`
	Out          string   `placeholder:"FILE" help:"Where the shard goes."`
	Demand       string   `placeholder:"FACTORS" help:"With --against: say what the plan changes at these multiples of the traffic too, such as 0.9,1,1.05."`
	Format       string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
	restFlags
	rates
	changes
}

func (simulateCommand) Help() string {
	return `Examples:

  landport simulate bavet-mocbai-2018 --replications 20 --seed 1
  landport simulate mine.yaml --days 30 --format json
  landport simulate bavet-mocbai-2018 --half-width 5% --of "p90(crossing_h)"
  landport simulate bavet-mocbai-short --against bavet-mocbai-2018
  landport simulate bavet-mocbai-short --against bavet-mocbai-2018 --demand 0.9,1,1.05 --assumed 6
  landport simulate bavet-mocbai-2018 --against bavet-mocbai-2018 --set "stops[Bavet coach check].servers=2"
  landport simulate bavet-mocbai-2018 --replications 200 --shard 2/8 --out part2.bin

With --against it says what the first changes against the second, how sure that is, who gains and who loses,
and how much of it is assumed. --set changes the first alone, so that a scenario can be set against itself. docs/method.md says what the figures mean, docs/evidence.md what the JSON holds.`
}

func (s simulateCommand) Run(ctx context.Context, c console) error {
	if err := s.check(); err != nil {
		return err
	}
	file, model, err := s.unfitted(s.Scenario)
	if err != nil {
		return err
	}
	options, err := s.options(c)
	if err != nil {
		return err
	}
	if s.Against != "" {
		base, _, err := open(s.Against)
		if err != nil {
			return err
		}
		factors, err := factorsOf(s.Demand)
		if err != nil {
			return misuse{err}
		}
		var unchanged *sim.File
		if len(s.Set) > 0 {
			if unchanged, _, err = open(s.Scenario); err != nil {
				return err
			}
		}
		compared, err := until(ctx, func() (*evidence.Comparison, error) {
			return comparison{base, unchanged, file, factors, s.restFlags}.of(c, options)
		})
		if err != nil {
			return err
		}
		return s.answer(c, compared)
	}
	if s.Shard != nil {
		return s.writeShard(ctx, file, options)
	}
	work := func() (*study.Report, error) { return sim.Run(model, options) }
	if s.HalfWidth != nil {
		if work, err = s.precise(model, options); err != nil {
			return err
		}
	}
	begun := time.Now()
	report, err := until(ctx, work)
	if err != nil {
		return err
	}
	if options.Progress != nil {
		options.Progress(report.Replications, report.Replications) // fewer than asked for may have done
	}
	report.ElapsedS = time.Since(begun).Seconds()
	if len(s.Rate) == 0 {
		return s.answer(c, report)
	}
	converted, err := evidence.Convert(report, s.list())
	if err != nil {
		return misuse{err}
	}
	if s.Format == "json" {
		return c.answer(struct {
			*study.Report
			Converted *evidence.Converted `json:"converted"`
		}{report, converted})
	}
	return c.sayf("%s%s", report.Text(), converted.Text())
}

// precise runs replications until a measure is known well enough.
func (s simulateCommand) precise(model *sim.Model, options sim.Options) (func() (*study.Report, error), error) {
	of := "mean(crossing_h)"
	if s.Of != nil {
		of = *s.Of
	}
	measure, err := evidence.Parse(of)
	if err != nil {
		return nil, misuse{err}
	}
	goal := sim.Goal{Measure: measure.String(), Of: measure.Of, HalfWidth: float64(*s.HalfWidth)}
	if err := goal.Check(); err != nil {
		return nil, misuse{err}
	}
	return func() (*study.Report, error) {
		report, err := sim.Until(model, options, goal)
		if err == nil && report.Precision.Told == 0 {
			if err := measure.Check(report); err != nil {
				return nil, misuse{err}
			}
		}
		return report, err
	}, nil
}

// writeShard runs a part of the replications.
func (s simulateCommand) writeShard(ctx context.Context, file *sim.File, options sim.Options) error {
	if err := options.CheckShard(s.Shard.part, s.Shard.parts); err != nil {
		return misuse{err}
	}
	part, err := until(ctx, func() (*sim.Shard, error) { return sim.RunShard(file, options, s.Shard.part, s.Shard.parts) })
	if err != nil {
		return err
	}
	version, revision := built(ctx)
	part.Program = fmt.Sprintf("landport %s, revision %s, %s", version, revision, runtime.GOARCH)
	return os.WriteFile(s.Out, part.Bytes(), 0o644) //nolint:gosec // a shard is for whoever merges it
}

// check refuses what does not go together.
func (s simulateCommand) check() error {
	switch {
	case s.Against == "" && (s.Demand != "" || s.Assumed != nil):
		return misuse{errors.New("--demand and --assumed are of a comparison; give --against too (landport limits and landport tornado are of one scenario)")}
	case len(s.Rate) > 0 && (s.Against != "" || s.Shard != nil):
		return misuse{errors.New("--rate converts what one scenario costs; leave out --against and --shard, or give it to landport report")}
	case s.Of != nil && s.HalfWidth == nil:
		return misuse{errors.New("--of says what --half-width is of; give that too, such as 5%")}
	case s.HalfWidth != nil && s.Against != "":
		return misuse{errors.New("--half-width is of one scenario; with --against give --replications")}
	case s.HalfWidth != nil && s.Replications != nil && *s.Replications == 1:
		return misuse{errors.New("one replication has no interval; give 2 or more")}
	case (s.Shard != nil) != (s.Out != ""):
		return misuse{errors.New("--shard and --out go together: a part of a run, and the file it goes to")}
	case s.Shard != nil && (s.Against != "" || s.HalfWidth != nil || s.Format != "text"):
		return misuse{errors.New("a shard is a part of a plain run; leave out --against, --half-width and --format, which landport merge has")}
	}
	return nil
}

func (s simulateCommand) answer(c console, result interface{ Text() string }) error {
	if s.Format == "json" {
		return c.answer(result)
	}
	return c.sayf("%s", result.Text())
}

// options says how the scenarios are run.
func (s simulateCommand) options(c console) (sim.Options, error) {
	replications := whole(1)
	switch {
	case s.Replications != nil:
		replications = *s.Replications
	case s.HalfWidth != nil:
		replications = 200
	case s.Against != "":
		replications = 20
	}
	o, err := runsOf(replications, s.Days, s.Seed)
	if err != nil {
		return o, err
	}
	if s.Workers != nil {
		if o.Workers = int(*s.Workers); o.Workers == 0 {
			return o, misuse{errors.New("0 workers are impossible; give 1 or more")}
		}
	}
	if err := o.Check(); err != nil {
		return o, misuse{err}
	}
	if s.Against != "" && o.Replications == 1 {
		return o, misuse{errors.New("one pair of replications has no interval; give 2 or more")}
	}
	if err := s.restFlags.check(o); err != nil {
		return o, misuse{err}
	}
	if c.terminal {
		o.Progress = c.progress
	}
	return o, nil
}

// until waits for an answer, unless a signal ends it before.
func until[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type result struct {
		answer T
		err    error
	}
	done := make(chan result, 1)
	go func() {
		answer, err := work()
		done <- result{answer, err}
	}()
	select {
	case r := <-done:
		return r.answer, r.err
	case <-ctx.Done():
		var nothing T
		return nothing, errors.New("interrupted; nothing was measured to the end")
	}
}

// progress rewrites one line, and clears it when all is done.
func (c console) progress(done, total int) { c.progressOf("replications")(done, total) }

// progressOf is progress in something else than replications. Where no terminal
// shows it, it is a line every ten seconds.
func (c console) progressOf(what string) func(done, total int) {
	if !c.terminal {
		return c.linesOf(what, 10*time.Second)
	}
	return func(done, total int) {
		if done < total {
			c.notef("\r%d of %d %s", done, total, what)
			return
		}
		c.notef("\r\x1b[K")
	}
}

// linesOf writes progress in lines, so long apart at least.
func (c console) linesOf(what string, apart time.Duration) func(done, total int) {
	last := time.Now()
	return func(done, total int) {
		if done < total && time.Since(last) >= apart {
			c.notef("%d of %d %s\n", done, total, what)
			last = time.Now()
		}
	}
}
