package evidence

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"landport/sim"
	"landport/study"
)

// result is what the replications of one scenario showed of some measures.
type result struct {
	all    *study.Report
	values [][]float64 // by measure, by replication; NaN where it cannot be told
}

// try is observe, and quotes no replication of a crossing that as a whole does
// not cope, though a single one may seem to.
func try(file *sim.File, measures []Measure, o sim.Options) (result, error) {
	t, err := observe(file, measures, o)
	if err != nil {
		return t, err
	}
	t.quotable(measures)
	return t, nil
}

// quotable takes out what is not to be quoted of a crossing that does not cope.
func (t *result) quotable(measures []Measure) {
	for i := range measures {
		if !t.all.Copes() && !measures[i].always() {
			for j := range t.values[i] {
				t.values[i][j] = math.NaN()
			}
		}
	}
}

// observe runs a scenario and reads measures from every replication.
func observe(file *sim.File, measures []Measure, o sim.Options) (t result, err error) {
	model, err := file.Model()
	if err != nil {
		return t, err
	}
	return observeModel(model, measures, o)
}

func observeModel(model *sim.Model, measures []Measure, o sim.Options) (t result, err error) {
	if len(measures) == 0 {
		t.all, err = sim.Run(model, o)
		return t, err
	}
	return observeWhile(model, measures, o, func() bool { return true })
}

// observeWhile is asked after each replication whether to go on; where not, the
// error is ErrStopped.
func observeWhile(model *sim.Model, measures []Measure, o sim.Options, on func() bool) (t result, err error) {
	stopped := false
	t.values = make([][]float64, len(measures))
	t.all, err = sim.Each(model, o, func(_ int, r *study.Report) bool {
		for i := range measures {
			x, ok := measures[i].Of(r)
			if !ok {
				x = math.NaN()
			}
			t.values[i] = append(t.values[i], x)
		}
		stopped = !on()
		return !stopped
	})
	if stopped {
		err = ErrStopped
	}
	if err != nil {
		return t, err
	}
	for i := range measures {
		if err := measures[i].Check(t.all); err != nil {
			return t, err
		}
	}
	return t, nil
}

// each works out n things that take a run or several, as many at a time as o has
// workers, and returns them in order. So no worker waits for the last replication
// of one before the next begins. Done is called after each; the error is that of
// the first that has one.
func each[T any](n int, o sim.Options, work func(i int, o sim.Options) (T, error), done func()) (list []T, err error) {
	type outcome struct {
		value T
		err   error
	}
	workers := max(1, min(o.Workers, n))
	o.Workers, o.Progress = max(1, o.Workers/workers), nil
	sim.InOrder(n, workers, func(i int) (x outcome) {
		x.value, x.err = work(i, o)
		return x
	}, func(_ int, x outcome) bool {
		list, err = append(list, x.value), x.err
		done()
		return err == nil
	})
	return list, err
}

// moved returns the setting that moves a figure by a factor: a count by one at
// least and to whole numbers, a probability to 1 at most. False for a figure
// that has no such value, or is not of a kind that can be multiplied.
func moved(p *sim.Parameter, by float64, because string) (sim.Setting, bool) {
	s := sim.Setting{Path: p.Path, Times: by, Assumed: because}
	if !(p.Mean > 0) {
		return s, false
	}
	switch p.Kind {
	case sim.KindDuration, sim.KindTime, sim.KindRate, sim.KindNumber:
		return s, true
	case sim.KindProbability:
		x := min(1, p.Mean*by)
		s.Value = strconv.FormatFloat(x, 'g', 12, 64)
		return s, x != p.Mean
	case sim.KindCount:
		n := math.Round(p.Mean * by)
		switch {
		case n == p.Mean && by > 1:
			n++
		case n == p.Mean:
			n--
		}
		s.Value = strconv.FormatFloat(n, 'f', 0, 64)
		return s, n >= 1
	}
	return s, false
}

// flowFigure finds the figures that say how many of a flow come.
var flowFigure = regexp.MustCompile(`^flows\[(.+)\]\.(rate|every)$`)

// demand returns the settings that multiply how many come by a factor, of the
// flows named or of all, the names of those flows, and how many visits a day
// they bring as written: return legs and several at once are not counted.
func demand(file *sim.File, flows []string, by float64) (settings []sim.Setting, names []string, perDay float64, err error) {
	wanted := map[string]bool{}
	for _, f := range flows {
		wanted[f] = true
	}
	var known []string
	for _, p := range file.Parameters() {
		m := flowFigure.FindStringSubmatch(p.Path)
		if m == nil {
			continue
		}
		known = append(known, m[1])
		if len(flows) > 0 && !wanted[m[1]] {
			continue
		}
		s := sim.Setting{Path: p.Path, Times: by, Assumed: fmt.Sprintf("traffic multiplied by %.4g to find the limits", by)}
		if m[2] == "every" {
			s.Times = 1 / by
			perDay += minutesPerDay / p.Mean
		} else {
			perDay += p.Mean
		}
		settings, names = append(settings, s), append(names, m[1])
		delete(wanted, m[1])
	}
	for _, f := range flows {
		if wanted[f] {
			return nil, nil, 0, fmt.Errorf("%s has no flow %q%s; there are %s", file.Name, f, perhaps(f, known), listed(known))
		}
	}
	return settings, names, perDay, nil
}

const minutesPerDay = 24 * 60
