package main

import (
	"errors"

	"landport/evidence"
	"landport/sim"
)

// restFlags ask how far an answer moves with what is assumed.
type restFlags struct {
	Assumed *whole   `placeholder:"N" help:"Say how far the answer moves when the N assumed figures that matter most are off, each alone; takes a while. Left out: not worked out."`
	Off     *decimal `placeholder:"FACTOR" help:"With --assumed, and for the tornado of a report: each figure is multiplied by it, and divided (default: 1.05)."`
}

// check refuses what cannot be worked out of so many runs, before anything runs.
func (f restFlags) check(o sim.Options) error {
	switch {
	case f.Assumed != nil:
		return f.of(o).Check()
	case f.Off != nil:
		return errors.New("--off says how far --assumed moves figures; give that too, such as --assumed 6")
	}
	return nil
}

func (f restFlags) by() float64 {
	if f.Off != nil {
		return float64(*f.Off)
	}
	return 1.05
}

func (f restFlags) of(o sim.Options) *evidence.RestOptions {
	return &evidence.RestOptions{Run: o, By: f.by(), Most: int(*f.Assumed)}
}

// rest is what they ask, of runs as the answer's.
func (f restFlags) rest(c console, o sim.Options) evidence.RestOptions {
	o.Progress = c.progressOf("assumed figures moved")
	return *f.of(o)
}
