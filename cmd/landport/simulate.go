package main

import (
	"context"
	"errors"
	"runtime"
	"time"

	"landport/sim"
	"landport/study"
)

type simulateCommand struct {
	Scenario     string   `arg:"" name:"name|file" help:"A scenario that comes with Landport, or a file of your own."`
	Replications whole    `default:"1" help:"Independent runs; intervals come from how they differ."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Workers      *whole   `placeholder:"N" help:"Runs at a time (default: one for each processor). Changes nothing but the time it takes."`
	Format       string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (simulateCommand) Help() string {
	return `Examples:

  landport simulate bavet-mocbai-2018 --replications 20 --seed 1
  landport simulate mine.yaml --days 30 --format json

docs/method.md says what the figures mean.`
}

func (s simulateCommand) Run(ctx context.Context, c console) error {
	_, model, err := open(s.Scenario)
	if err != nil {
		return err
	}
	options := sim.Options{Replications: int(s.Replications), Seed: uint64(s.Seed), Workers: runtime.GOMAXPROCS(0)}
	if s.Days != nil {
		if options.Days = float64(*s.Days); options.Days == 0 {
			return misuse{errors.New("0 days are impossible; give more than 0 and up to 36,525")}
		}
	}
	if s.Workers != nil {
		if options.Workers = int(*s.Workers); options.Workers == 0 {
			return misuse{errors.New("0 workers are impossible; give 1 or more")}
		}
	}
	if err := options.Check(); err != nil {
		return misuse{err}
	}
	if s.Replications == 0 {
		return misuse{errors.New("0 replications answer nothing; give 1 or more")}
	}
	if c.terminal {
		options.Progress = c.progress
	}
	begun := time.Now()
	report, err := runUntil(ctx, model, options)
	if err != nil {
		return err
	}
	report.ElapsedS = time.Since(begun).Seconds()
	if s.Format == "json" {
		return c.answer(report)
	}
	return c.sayf("%s", report.Text())
}

// runUntil runs a model, unless a signal ends it before.
func runUntil(ctx context.Context, m *sim.Model, o sim.Options) (*study.Report, error) {
	type result struct {
		report *study.Report
		err    error
	}
	done := make(chan result, 1)
	go func() {
		report, err := sim.Run(m, o)
		done <- result{report, err}
	}()
	select {
	case r := <-done:
		return r.report, r.err
	case <-ctx.Done():
		return nil, errors.New("interrupted; nothing was measured to the end")
	}
}

// progress rewrites one line, and clears it when all is done.
func (c console) progress(done, total int) {
	if done < total {
		c.notef("\r%d of %d replications", done, total)
		return
	}
	c.notef("\r\x1b[K")
}
