package main

import (
	"errors"
	"runtime"

	"landport/sim"
)

// experiment is how often and how long a command runs each of many scenarios.
type experiment struct {
	Replications whole    `default:"6" help:"Independent runs of each scenario tried; two or more."`
	Days         *decimal `placeholder:"DAYS" help:"Days to measure in each run, instead of what the scenario says."`
	Seed         seed     `default:"1" help:"The same seed gives the same figures."`
	Format       string   `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

// options says how scenarios are run. Progress counts what is tried, in words.
func (e experiment) options(c console, tried string) (sim.Options, error) {
	o, err := runsOf(e.Replications, e.Days, e.Seed)
	o.Progress = c.progressOf(tried)
	return o, err
}

// runsOf is how often and how long to run; nil days are those of the scenario.
func runsOf(replications whole, days *decimal, seed seed) (sim.Options, error) {
	o := sim.Options{Replications: int(replications), Seed: uint64(seed), Workers: runtime.GOMAXPROCS(0)}
	if o.Replications == 0 {
		return o, misuse{errors.New("0 replications answer nothing; give 1 or more")}
	}
	if days != nil {
		if o.Days = float64(*days); o.Days == 0 {
			return o, misuse{errors.New("0 days are impossible; give more than 0 and up to 36,525")}
		}
	}
	if err := o.Check(); err != nil {
		return o, misuse{err}
	}
	return o, nil
}

// say writes an answer in the format asked for.
func (e experiment) say(c console, answer interface{ Text() string }) error {
	if e.Format == "json" {
		return c.answer(answer)
	}
	return c.sayf("%s", answer.Text())
}
