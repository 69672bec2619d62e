package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"landport/sim"
	"landport/study"
)

// Rest says how much of a result rests on what is assumed: how far it moves when
// assumed figures are off, each alone, as in a Tornado. It is a lower bound
// where figures were left out, or where at some end a line grows.
type Rest struct {
	By      float64  `json:"by"`              // every figure is multiplied by it, and divided
	Moved   int      `json:"figures_moved"`   //
	Left    int      `json:"figures_left"`    // moved less in a first, short run, or cannot be moved alone
	Ends    int      `json:"ends"`            // at which it was looked at
	Growing int      `json:"ends_not_told"`   // of them: a line grows, and nothing of them is counted
	Half    *float64 `json:"half_width"`      // root of the sum of the squared half-widths; null where nothing can be told
	Share   *float64 `json:"share"`           // of the result's size
	Most    string   `json:"most,omitempty"`  // the figure that moves it most
	Width   *float64 `json:"most_half_width"` // of that alone
}

// RestOptions say how far to move, and how many figures.
type RestOptions struct {
	Run  sim.Options // of each scenario tried; Progress counts figures
	By   float64     // above 1, such as 1.05
	Most int         // figures that are moved in full: those that mattered most in a first run of one replication and a quarter of the days
}

func (o *RestOptions) check() error {
	switch {
	case !(o.By > 1 && o.By <= 10):
		return fmt.Errorf("figures cannot be moved by a factor of %g; give more than 1 and up to 10, such as 1.05", o.By)
	case o.Most < 1:
		return errors.New("give 1 figure or more to move")
	}
	return nil
}

// world works out results; what cannot be told is NaN. Brief ones are quicker
// and tell only whether something matters.
type world func(brief bool, o sim.Options) ([]float64, error)

// assumption is an assumed figure with the worlds in which it is less and more.
type assumption struct {
	path string
	ends []world
}

// rest moves assumptions one at a time; sizes are those of the results. Those
// that cannot be moved are left out already.
func rest(now world, list []assumption, sizes []*float64, left int, o RestOptions) ([]*Rest, error) {
	full, total, done := o.Run, min(len(list), o.Most), 0
	full.Progress = nil
	count := func() {
		if done++; o.Run.Progress != nil {
			o.Run.Progress(done, total)
		}
	}
	if len(list) > o.Most {
		total += len(list)
		short := full
		short.Replications, short.Days = 1, math.Ceil(max(min(full.Days, 7), full.Days/4))
		moves, err := shifts(now, list, true, short, count)
		if err != nil {
			return nil, err
		}
		order := make([]int, len(list))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(furthest(moves[b]), furthest(moves[a])) })
		var kept []assumption
		for _, i := range order[:o.Most] {
			kept = append(kept, list[i])
		}
		left += len(list) - len(kept)
		list = kept
	}
	moves, err := shifts(now, list, false, full, count)
	if err != nil {
		return nil, err
	}
	var out []*Rest
	for k, size := range sizes {
		r := &Rest{By: o.By, Moved: len(list), Left: left}
		r.add(list, moves, k)
		if r.Half != nil && size != nil && *size != 0 {
			r.Share = told(*r.Half / math.Abs(*size))
		}
		out = append(out, r)
	}
	return out, nil
}

// shifts returns by assumption, end and result how far the result moves.
func shifts(now world, list []assumption, brief bool, o sim.Options, count func()) ([][][]float64, error) {
	base, err := now(brief, o)
	if err != nil {
		return nil, err
	}
	return each(len(list), o, func(i int, o sim.Options) (ends [][]float64, err error) {
		for _, end := range list[i].ends {
			moved, err := end(brief, o)
			if err != nil {
				return nil, fmt.Errorf("%s moved: %w", list[i].path, err)
			}
			for k := range moved {
				moved[k] -= base[k]
			}
			ends = append(ends, moved)
		}
		return ends, nil
	}, count)
}

// furthest is how far any result moves at any end at which it can be told.
func furthest(ends [][]float64) (most float64) {
	for _, end := range ends {
		for _, x := range end {
			if !math.IsNaN(x) {
				most = max(most, math.Abs(x))
			}
		}
	}
	return most
}

// add sums up what all ends do to one result.
func (r *Rest) add(list []assumption, moves [][][]float64, result int) {
	squares, most := 0.0, 0.0
	for i, ends := range moves {
		low, high := 0.0, 0.0
		for _, end := range ends {
			r.Ends++
			if math.IsNaN(end[result]) {
				r.Growing++
				continue
			}
			low, high = min(low, end[result]), max(high, end[result])
		}
		half := (high - low) / 2
		squares += half * half
		if half > most {
			most, r.Most, r.Width = half, list[i].path, told(half)
		}
	}
	if r.Growing < r.Ends {
		r.Half = told(math.Sqrt(squares))
	}
}

// words say it in a unit.
func (r *Rest) words(unit string) string {
	if r.Half == nil {
		return "cannot be told: at every end a line grows"
	}
	text := "± " + signed(r.Half, false) + " " + unit
	if r.Left > 0 || r.Growing > 0 {
		text = "at least " + text
	}
	switch {
	case r.Share == nil:
	case *r.Share > 1:
		text += ", more than all of it"
	default:
		text += fmt.Sprintf(", %.0f%% of it", 100**r.Share)
	}
	return text
}

// mostWords name the figure that moves it most.
func (r *Rest) mostWords() string {
	if r.Most == "" {
		return ""
	}
	return fmt.Sprintf(", most of it by %s (± %s)", r.Most, signed(r.Width, false))
}

// method says what was moved, and what was left out.
func (r *Rest) method() string {
	text := fmt.Sprintf("%d assumed figures were divided and multiplied by %.4g, each alone, all meeting the same traffic; the root of the sum of the squared half-widths is what it comes to if they are off by as much independently of each other.",
		r.Moved, r.By)
	if r.Left > 0 {
		text += fmt.Sprintf(" %d others are not in it: they mattered less in a first, short run, or cannot be moved alone or by so little, as hours, rules and a few officers.", r.Left)
	}
	if r.Growing > 0 {
		text += fmt.Sprintf(" Nor are %d of %d ends at which more arrive than are served. So it is a lower bound.", r.Growing, r.Ends)
	}
	return text
}

// RestOf says how far the difference that a plan makes in the mean crossing time
// moves when assumed figures are off. A figure of one value in both is moved in
// both, one that differs in each by itself.
func (c *Comparison) RestOf(base, plan *sim.File, o RestOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.Run.Days == 0 {
		o.Run.Days = c.MeasuredDays
	}
	difference := func(a, b *sim.File) world {
		return func(_ bool, o sim.Options) ([]float64, error) {
			var mean [2]float64
			for i, f := range []*sim.File{a, b} {
				t, err := try(f, []Measure{{Statistic: "mean", Quantity: "crossing_h"}}, o)
				if err != nil {
					return nil, err
				}
				mean[i] = study.SummarizeValues(t.values[0]).Mean
			}
			return []float64{mean[1] - mean[0]}, nil
		}
	}
	both := [2]*sim.File{base, plan}
	var list []assumption
	left := 0
	note := func(what string, p *sim.Parameter, in ...int) {
		a := assumption{path: what}
		for _, by := range []float64{1 / o.By, o.By} {
			files := both
			var err error
			for _, i := range in {
				if files[i], err = turned(files[i], p, by); err != nil {
					break
				}
			}
			if err == nil {
				a.ends = append(a.ends, difference(files[0], files[1]))
			}
		}
		if len(a.ends) == 0 {
			left++
			return
		}
		list = append(list, a)
	}
	values := map[string]string{}
	for _, p := range simulated(base) {
		values[p.Path] = p.Value
	}
	common := map[string]bool{}
	for _, p := range simulated(plan) {
		switch {
		case values[p.Path] == p.Value:
			common[p.Path] = true
			if p.Assumed != "" {
				note(p.Path, &p, 0, 1)
			}
		case p.Assumed != "":
			note(p.Path+" of the plan", &p, 1)
		}
	}
	for _, p := range simulated(base) {
		if !common[p.Path] && p.Assumed != "" {
			note(p.Path+" of the base", &p, 0)
		}
	}
	var size *float64
	for i := range c.Rows {
		if c.Rows[i].Measure == "mean(crossing_h)" {
			size = c.Rows[i].Difference
		}
	}
	rests, err := rest(difference(base, plan), list, []*float64{size}, left, o)
	if err == nil {
		c.Rests = rests[0]
	}
	return err
}

var errFixed = errors.New("cannot be moved alone")

// off moves a figure, a count only where the factor is one at least: one officer
// of four is a quarter, and nothing that is off by a twentieth.
func off(p *sim.Parameter, by float64) (sim.Setting, bool) {
	if p.Kind == sim.KindCount && math.Round(p.Mean*by) == p.Mean {
		return sim.Setting{}, false
	}
	return moved(p, by, fmt.Sprintf("moved by a factor of %.4g", by))
}

// turned is a scenario with a figure moved by a factor.
func turned(file *sim.File, p *sim.Parameter, by float64) (*sim.File, error) {
	s, ok := off(p, by)
	if !ok {
		return nil, errFixed
	}
	moved, err := file.With(s)
	if err == nil {
		_, err = moved.Model()
	}
	return moved, err
}
