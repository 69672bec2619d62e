package main

import (
	"fmt"
	"strings"

	"landport/evidence"
	"landport/sim"
)

// comparison is all that is asked of a plan against a base.
type comparison struct {
	base      *sim.File
	unchanged *sim.File // the plan before values of it were set, nil where none were
	plan      *sim.File
	demands   []float64 // multiples of the traffic to compare at, too
	restFlags
}

func (x comparison) of(c console, o sim.Options) (*evidence.Comparison, error) {
	compared, err := evidence.Compare(x.base, x.plan, o)
	if err != nil {
		return nil, err
	}
	if x.unchanged != nil {
		compared.Changed(x.unchanged, x.plan)
	}
	o.Progress = nil
	if compared.Base.Edge.Grows, err = evidence.Probe(x.base, o); err != nil {
		return nil, err
	}
	if len(x.demands) > 0 {
		more := o
		if c.terminal {
			more.Progress = c.progressOf("levels of demand")
		}
		if compared.Demands, err = evidence.CompareAt(x.base, x.plan, x.demands, more); err != nil {
			return nil, misuse{err}
		}
	}
	if x.Assumed != nil {
		o.Replications = min(o.Replications, 4)
		if err := compared.RestOf(x.base, x.plan, x.rest(c, o)); err != nil {
			return nil, misuse{err}
		}
	}
	return compared, nil
}

// factorsOf reads multiples of a demand, parted by commas.
func factorsOf(text string) (list []float64, err error) {
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		var x decimal
		if err := x.UnmarshalText([]byte(strings.TrimSpace(part))); err != nil {
			return nil, fmt.Errorf("--demand: %w", err)
		}
		list = append(list, float64(x))
	}
	return list, nil
}
