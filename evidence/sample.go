package evidence

import (
	"errors"
	"math"
	"slices"

	"landport/sim"
	"landport/study"
)

// Sample is what the replications of one scenario have shown so far. It can be
// run on, so that one base serves for many plans, and for more pairs later. It is
// not safe for use by several goroutines.
type Sample struct {
	file    *sim.File
	runs    *sim.Runs
	values  map[Measure][]float64 // by replication; NaN where it cannot be told
	growing int
	looks   []*observed // the fewest replications first
}

// observed is what so many replications of a scenario showed. It is read only.
type observed struct {
	file    *sim.File
	all     *study.Report
	subject []subject
	values  map[Measure][]float64
	growing int
}

// subject is a measure to compare, and what to call it.
type subject struct {
	Measure
	scope, name string
}

// ErrStopped says that a run was called off.
var ErrStopped = errors.New("the run was stopped before it was done")

// firstLook is how many pairs are compared first where more are to come, and
// then twice as many each time: 10, 20, 40.
const firstLook = 5

func isLook(n int) bool {
	for n > firstLook && n%2 == 0 {
		n /= 2
	}
	return n == firstLook
}

// NewSample begins one, of the seed and the days of the options.
func NewSample(file *sim.File, o sim.Options) (*Sample, error) {
	m, err := file.Model()
	if err != nil {
		return nil, err
	}
	runs, err := sim.NewRuns(m, o)
	if err != nil {
		return nil, err
	}
	return &Sample{file: file, runs: runs, values: map[Measure][]float64{}}, nil
}

// Size is how many replications there are.
func (s *Sample) Size() int { return s.runs.Added() }

// Tells reports whether the sample tells, or can be run on to tell, what n
// replications show. It cannot go back to fewer than it has, but to 5, 10, 20 ...
func (s *Sample) Tells(n int) bool { return n > s.Size() || s.look(n) != nil }

// RunOn runs a sample on to as many replications as the options say, and asks
// after each whether to go on; where not, the error is ErrStopped and what was
// run is kept.
func (s *Sample) RunOn(o sim.Options, on func() bool) error {
	return runOn([]*Sample{s}, o, on)
}

// Pairs runs two samples of the same seed and days on to as many pairs as the
// options say, in turn, and compares them as Compare does. One sample may stand
// for both. What the first 5, 10, 20 ... pairs show is handed over as soon as it
// is known where more are to come; it is what Compare says of so many. After each
// replication it is asked whether to go on; where not, the error is ErrStopped,
// and what was run is kept. Progress counts the replications of both.
func Pairs(base, plan *Sample, o sim.Options, on func() bool, soFar func(*Comparison)) (*Comparison, error) {
	if o.Replications < 2 {
		return nil, errors.New("one replication has no interval; give 2 or more, such as 20")
	}
	both := []*Sample{base, plan}
	if base == plan {
		both = both[:1]
	}
	told := 0
	err := runOn(both, o, func() bool {
		for n := firstLook; n < o.Replications; n *= 2 {
			if a, b := base.look(n), plan.look(n); n > told && a != nil && b != nil {
				told = n
				soFar(compared(a, b))
			}
		}
		return on()
	})
	if err != nil {
		return nil, err
	}
	return compared(base.look(o.Replications), plan.look(o.Replications)), nil
}

// runOn runs samples on, in turn, and asks after each replication whether to go on.
func runOn(samples []*Sample, o sim.Options, on func() bool) error {
	type job struct {
		s *Sample
		i int
	}
	var jobs []job
	total := len(samples) * o.Replications
	for i := range o.Replications {
		for _, s := range samples {
			if i >= s.Size() {
				jobs = append(jobs, job{s, i})
			}
		}
	}
	var err error
	sim.InOrder(len(jobs), max(1, min(o.Workers, len(jobs))), func(k int) outcome {
		return jobs[k].s.replicate(jobs[k].i)
	}, func(k int, x outcome) bool {
		if err = jobs[k].s.add(x, o.Replications); err != nil {
			return false
		}
		if o.Progress != nil {
			o.Progress(total-len(jobs)+k+1, total)
		}
		if !on() {
			err = ErrStopped
		}
		return err == nil
	})
	return err
}

// outcome is what one replication showed.
type outcome struct {
	*sim.Replication
	subject []subject
	values  []float64 // by subject
	growing bool
}

func (s *Sample) replicate(i int) outcome {
	x := outcome{Replication: s.runs.Replicate(i)}
	r := x.Report()
	x.subject, x.growing = subjects(r), !r.Copes()
	for j := range x.subject {
		value, ok := x.subject[j].Of(r)
		if !ok {
			value = math.NaN()
		}
		x.values = append(x.values, value)
	}
	return x
}

// add takes the next replication in, and looks at all so far where it is time or
// they are as many as are wanted.
func (s *Sample) add(made outcome, wanted int) error {
	i := s.Size()
	s.runs.Add(made.Replication)
	if made.growing {
		s.growing++
	}
	for j := range made.subject {
		m := made.subject[j].Measure
		for len(s.values[m]) < i {
			s.values[m] = append(s.values[m], math.NaN())
		}
		s.values[m] = append(s.values[m], made.values[j])
	}
	n := i + 1
	if n != wanted && !isLook(n) {
		return nil
	}
	r, err := s.runs.Report()
	if err != nil {
		return err
	}
	x := &observed{s.file, r, subjects(r), make(map[Measure][]float64, len(s.values)), s.growing}
	for m, values := range s.values {
		x.values[m] = slices.Clip(values) // what comes later is appended beyond them
	}
	s.looks = append(s.looks, x)
	return nil
}

// look returns what so many replications showed, nil where nobody looked.
func (s *Sample) look(n int) *observed {
	i := slices.IndexFunc(s.looks, func(x *observed) bool { return x.all.Replications == n })
	if i < 0 {
		return nil
	}
	return s.looks[i]
}

func (x *observed) contender() Contender {
	r, f := x.all, x.file
	return Contender{
		Scenario: f.Name, Title: f.Title, Stable: r.Copes(), StableReason: r.StableReason, Settled: r.Settled, Growing: x.growing,
		Figures: r.Parameters, Assumed: r.AssumedParameters, OnDuty: onDuty(r), Lanes: lanes(f), Edge: edgeOf(r),
	}
}
