package main

import (
	"landport/evidence"
	"landport/sim"
)

// restFlags ask how far an answer moves with what is assumed.
type restFlags struct {
	Assumed whole   `placeholder:"N" help:"Say how far the answer moves when the N assumed figures that matter most are off, each alone; takes a while. Left out: not worked out."`
	Off     decimal `default:"1.05" placeholder:"FACTOR" help:"With --assumed, and for the tornado of a report: each figure is multiplied by it, and divided."`
}

// rest is what they ask, of runs as the answer's.
func (f restFlags) rest(c console, o sim.Options) evidence.RestOptions {
	o.Progress = c.progressOf("assumed figures moved")
	return evidence.RestOptions{Run: o, By: float64(f.Off), Most: int(f.Assumed)}
}
