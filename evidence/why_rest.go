package evidence

import (
	"landport/sim"
)

// RestOf says how far each cause's share moves when assumed figures are off:
// those of the scenario, and those that a cause's absence is taken to be, all of
// one cause together. For each only two of the orders in which causes can be
// removed are run, that of the scenario and its reverse, before and after; what
// they move by is set against the share of all orders.
func (w *Why) RestOf(file *sim.File, m Measure, o RestOptions) error {
	if err := o.Check(); err != nil {
		return err
	}
	model, err := file.Model()
	if err != nil {
		return err
	}
	if o.Run.Days == 0 {
		o.Run.Days = model.Span.Hours() / 24
	}
	causes, left := model.Causes, 0
	var list []assumption
	note := func(path string, end func(by float64) (world, error)) {
		a, ok := bothEnds(path, o.By, end)
		if !ok {
			left++
			return
		}
		list = append(list, a)
	}
	for _, p := range crossing(file) {
		if p.Assumed != "" {
			note(p.Path, func(by float64) (world, error) {
				moved, err := turned(file, &p, by)
				return sharesIn(moved, causes, m), err
			})
		}
	}
	for i, c := range causes {
		note("absence of "+c.Name, func(by float64) (world, error) {
			without, err := absence(file, causes, i, by)
			return sharesIn(file, without, m), err
		})
	}
	var sizes []*float64
	for i := range w.Causes {
		sizes = append(sizes, w.Causes[i].Share)
	}
	rests, err := rest(sharesIn(file, causes, m), list, sizes, left, o)
	if err != nil {
		return err
	}
	for i := range w.Causes {
		rests[i].Absences = len(causes)
		w.Causes[i].Rests = rests[i]
	}
	return nil
}

// absence returns the causes with all figures moved that the absence of one sets.
func absence(file *sim.File, causes []sim.Cause, of int, by float64) ([]sim.Cause, error) {
	without, err := remove(file, causes, 1<<of)
	if err != nil {
		return nil, err
	}
	changed := map[string]bool{}
	for _, x := range assumptionsOf(file, without).Changes {
		changed[x.Path] = x.Assumed != ""
	}
	out := append([]sim.Cause{}, causes...)
	out[of].Without = append([]sim.Setting{}, causes[of].Without...)
	for _, p := range without.Parameters() {
		if !changed[p.Path] {
			continue
		}
		if s, ok := off(&p, by); ok {
			out[of].Without = append(out[of].Without, s)
		}
	}
	if len(out[of].Without) == len(causes[of].Without) {
		return nil, errFixed
	}
	if without, err = remove(file, out, 1<<of); err == nil {
		_, err = without.Model()
	}
	return out, err
}

// sharesIn works out the shares of causes by two orders of removal; briefly, the
// result with all of them and with none.
func sharesIn(file *sim.File, causes []sim.Cause, m Measure) world {
	return func(brief bool, o sim.Options) (x seen, err error) {
		known := map[int][]float64{}
		at := func(set int) ([]float64, error) {
			if values, ok := known[set]; ok {
				return values, nil
			}
			without, err := remove(file, causes, set)
			if err != nil {
				return nil, err
			}
			t, err := try(without, []Measure{m}, o)
			if err != nil {
				return nil, err
			}
			x.note(t.all)
			known[set] = t.values[0]
			return t.values[0], nil
		}
		n := len(causes)
		all := 1<<n - 1
		if brief {
			x.values = make([][]float64, 2)
			for i, set := range [2]int{0, all} {
				if x.values[i], err = at(set); err != nil {
					return x, err
				}
			}
			return x, nil
		}
		for i := range n {
			before := 1<<i - 1
			var share []float64
			for _, set := range []int{before, all &^ (before | 1<<i)} {
				with, err := at(set)
				if err != nil {
					return x, err
				}
				without, err := at(set | 1<<i)
				if err != nil {
					return x, err
				}
				saved := less(with, without)
				if share == nil {
					share = make([]float64, len(saved))
				}
				for r := range share {
					share[r] += saved[r] / 2
				}
			}
			x.values = append(x.values, share)
		}
		return x, nil
	}
}
