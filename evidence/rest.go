package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"landport/sim"
	"landport/study"
)

// Rest says how much of a result rests on what is assumed: how far it moves when
// assumed figures are off, each alone, as in a Tornado. What is left out could only
// add to it.
type Rest struct {
	By        float64   `json:"by"`                       // every figure is multiplied by it, and divided
	Moved     int       `json:"figures_moved"`            //
	Left      int       `json:"figures_left"`             // moved less in a first, short run, or cannot be moved alone or by so little
	Absences  int       `json:"absences,omitempty"`       // of those moved and left: what a cause's absence is taken to be, all its figures as one
	Growing   int       `json:"figures_growing"`          // of those moved: a line grows at one end
	Unclear   int       `json:"figures_unclear"`          // others that move the result no more than chance has it
	Summed    int       `json:"figures_summed"`           // the others
	Unsettled int       `json:"ends_not_shown_to_settle"` // of those moved: the runs are too few or too short to tell
	Half      *float64  `json:"half_width"`               // what those summed come to together, as a Tornado's; null where no more are clear than chance has it
	Interval  []float64 `json:"half_width_ci95"`          // of that, over the replications
	Share     *float64  `json:"share"`                    // of the result's size
	Most      string    `json:"most,omitempty"`           // of those summed, the figure that moves it most
	Width     *float64  `json:"most_half_width"`          // of that alone

	sum sum
}

// RestOptions say how far to move, and how many figures.
type RestOptions struct {
	Run  sim.Options // of each scenario tried; Progress counts figures
	By   float64     // above 1, such as 1.05
	Most int         // figures that are moved in full: those that mattered most in a first run of one replication and a quarter of the days
}

// Check returns what is wrong with the options.
func (o *RestOptions) Check() error {
	switch {
	case !(o.By > 1 && o.By <= 10):
		return fmt.Errorf("figures cannot be moved by a factor of %g; give more than 1 and up to 10, such as 1.05", o.By)
	case o.Most < 1:
		return errors.New("give 1 figure or more to move")
	case o.Run.Replications < 2:
		return errors.New("how far an answer rests on assumptions has no interval in one replication; give 2 or more")
	}
	return nil
}

// seen is what a world shows: results by replication, NaN where they cannot be
// told; whether it had not settled, and whether its runs do not tell.
type seen struct {
	values        [][]float64
	rises, unsure bool
}

// note takes in whether what was run had settled.
func (s *seen) note(r *study.Report) {
	s.rises, s.unsure = s.rises || r.Rises(), s.unsure || unsure(r)
}

// world works out results. Brief ones are quicker and tell only whether something
// matters.
type world func(brief bool, o sim.Options) (seen, error)

// assumption is an assumed figure with the worlds in which it is less and more,
// one of which may be nil.
type assumption struct {
	path string
	ends [2]world
}

// bothEnds makes the worlds of a figure divided and multiplied by a factor; false
// where there is neither.
func bothEnds(path string, by float64, at func(by float64) (world, error)) (assumption, bool) {
	a := assumption{path: path}
	for i, by := range [2]float64{1 / by, by} {
		if w, err := at(by); err == nil {
			a.ends[i] = w
		}
	}
	return a, a.ends[0] != nil || a.ends[1] != nil
}

// rest moves assumptions one at a time; sizes are those of the results. Those
// that cannot be moved are left out already.
func rest(now world, list []assumption, sizes []*float64, left int, o RestOptions) ([]*Rest, error) {
	full, total, done := o.Run, min(len(list), o.Most), -1
	full.Progress = nil
	count := func() {
		if done++; o.Run.Progress != nil {
			o.Run.Progress(done, total)
		}
	}
	sifted := len(list) > o.Most
	if sifted {
		total += len(list)
	}
	count() // that none is done: the first takes a while
	if sifted {
		short := full
		short.Replications, short.Days = 1, math.Ceil(max(min(full.Days, 7), full.Days/4))
		base, moves, err := worlds(now, list, true, short, count)
		if err != nil {
			return nil, err
		}
		order := make([]int, len(list))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(furthest(base, moves[b]), furthest(base, moves[a])) })
		var kept []assumption
		for _, i := range order[:o.Most] {
			kept = append(kept, list[i])
		}
		left += len(list) - len(kept)
		list = kept
	}
	base, moves, err := worlds(now, list, false, full, count)
	if err != nil {
		return nil, err
	}
	var out []*Rest
	for k, size := range sizes {
		out = append(out, restOf(base, list, moves, k, size, &Rest{By: o.By, Moved: len(list), Left: left}))
	}
	return out, nil
}

// worlds returns what is seen now, and of each assumption at both ends; an end that
// is not there has no values.
func worlds(now world, list []assumption, brief bool, o sim.Options, count func()) (base seen, moves [][2]seen, err error) {
	if base, err = now(brief, o); err != nil {
		return base, nil, err
	}
	moves, err = each(len(list), o, func(i int, o sim.Options) (at [2]seen, err error) {
		for j, end := range list[i].ends {
			if end == nil {
				continue
			}
			if at[j], err = end(brief, o); err != nil {
				return at, fmt.Errorf("%s moved: %w", list[i].path, err)
			}
		}
		return at, nil
	}, count)
	return base, moves, err
}

// furthest is how far any result moves at any end at which it can be told.
func furthest(base seen, ends [2]seen) (most float64) {
	for _, end := range ends {
		for k := range end.values {
			if x := study.SummarizeValues(end.values[k]).Mean - study.SummarizeValues(base.values[k]).Mean; !math.IsNaN(x) {
				most = max(most, math.Abs(x))
			}
		}
	}
	return most
}

// restOf sums up what all ends do to one result.
func restOf(base seen, list []assumption, moves [][2]seen, result int, size *float64, r *Rest) *Rest {
	of := func(s seen) []float64 {
		if s.values == nil {
			return nil
		}
		return s.values[result]
	}
	var swings []swing
	for i, ends := range moves {
		s := swingOf(list[i].path, ends[0].rises || ends[1].rises, of(base), of(ends[0]), of(ends[1]))
		switch {
		case s.half == nil:
			r.Growing++
		case !s.clear():
			r.Unclear++
		}
		for _, end := range ends {
			if end.unsure {
				r.Unsettled++
			}
		}
		swings = append(swings, s)
	}
	r.sum = sumOf(swings)
	r.Summed, r.Half, r.Interval = r.sum.of, r.sum.half, r.sum.interval
	if r.sum.most != nil {
		r.Most, r.Width = r.sum.most.name, told(math.Abs(*r.sum.most.half))
	}
	if r.Half != nil && size != nil && *size != 0 {
		r.Share = told(*r.Half / math.Abs(*size))
	}
	return r
}

// words say it in a unit, after what moves.
func (r *Rest) words(unit string) string {
	if r.Half == nil {
		return "is not shown to move: " + r.sum.untold()
	}
	of := fmt.Sprintf("%d of the %d assumed figures", r.Summed, r.Moved+r.Left)
	text := "moves by about ± " + signed(r.Half, false) + " " + unit
	switch {
	case r.Share == nil:
	case *r.Share > 1:
		text += ", more than all of it"
	default:
		text += fmt.Sprintf(", %.0f%% of it", 100**r.Share)
	}
	return text + fmt.Sprintf(" (95%% interval %s), by %s%s", r.sum.range95(unit), of, r.sum.alone())
}

// method says what was moved, what is summed, and what was left out.
func (r *Rest) method() string {
	text := fmt.Sprintf("%d assumed figures were divided and multiplied by %.4g, each alone, all meeting the same traffic. Summed, as the root of the squared half-widths, are those that move the result by more than chance has it: that is what it comes to if they are off by as much independently of each other. What is left out could only add to it.",
		r.Moved, r.By)
	if r.Absences > 0 {
		text += fmt.Sprintf(" The %d are the scenario's own %d, and for each of the %d causes what its absence is taken to be, as one.", r.Moved+r.Left, r.Moved+r.Left-r.Absences, r.Absences)
	}
	if r.Left > 0 {
		text += fmt.Sprintf(" Not in it: %s that mattered less in a first, short run, or cannot be moved alone or by so little, as hours, rules and a few officers.", counted(r.Left, "other"))
	}
	if r.Unsettled > 0 {
		text += fmt.Sprintf(" At %d of the ends these runs are too few or too short to show that lines settle, so what they do may be more.", r.Unsettled)
	}
	return text
}

// leftOut says of one result which of the figures moved are not in its sum.
func (r *Rest) leftOut() string {
	var list []string
	if r.Growing > 0 {
		list = append(list, fmt.Sprintf("%d because a line grows at one end", r.Growing))
	}
	if r.Unclear > 0 && r.Half != nil {
		list = append(list, fmt.Sprintf("%d for doing no more than chance explains", r.Unclear))
	}
	if len(list) == 0 {
		return ""
	}
	return "not in it, of those moved: " + strings.Join(list, ", ")
}

// restWords say how far the difference of a comparison moves, after what would
// have to be off.
func (c *Comparison) restWords() string {
	text := "the difference in the mean crossing time " + c.Rests.words("h")
	if left := c.Rests.leftOut(); left != "" {
		text += "; " + left
	}
	return text + ". " + c.Rests.method()
}

// RestOf says how far the difference that a plan makes in the mean crossing time
// moves when assumed figures are off. A figure of one value in both is moved in
// both, one that differs in each by itself.
func (c *Comparison) RestOf(base, plan *sim.File, o RestOptions) error {
	if err := o.Check(); err != nil {
		return err
	}
	if o.Run.Days == 0 {
		o.Run.Days = c.MeasuredDays
	}
	difference := func(a, b *sim.File) world {
		return func(_ bool, o sim.Options) (x seen, err error) {
			var at [2]result
			for i, f := range []*sim.File{a, b} {
				if at[i], err = try(f, []Measure{{Statistic: "mean", Quantity: "crossing_h"}}, o); err != nil {
					return x, err
				}
				x.note(at[i].all)
			}
			x.values = [][]float64{less(at[1].values[0], at[0].values[0])}
			return x, nil
		}
	}
	both := [2]*sim.File{base, plan}
	var list []assumption
	left := 0
	note := func(what string, p *sim.Parameter, in ...int) {
		a, ok := bothEnds(what, o.By, func(by float64) (world, error) {
			files := both
			for _, i := range in {
				var err error
				if files[i], err = turned(files[i], p, by); err != nil {
					return nil, err
				}
			}
			return difference(files[0], files[1]), nil
		})
		if !ok {
			left++
			return
		}
		list = append(list, a)
	}
	values := map[string]string{}
	for _, p := range crossing(base) {
		values[p.Path] = p.Value
	}
	common := map[string]bool{}
	for _, p := range crossing(plan) {
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
	for _, p := range crossing(base) {
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

// off moves a figure, unless it is a whole number that would move by more than the
// factor, up or down: one officer of four is a third more than three, and nothing
// that is off by a twentieth.
func off(p *sim.Parameter, by float64) (sim.Setting, bool) {
	for _, by := range [2]float64{by, 1 / by} {
		if x, ok := moved(p, by, ""); ok && coarse(p, &x, by) {
			return x, false
		}
	}
	return moved(p, by, fmt.Sprintf("moved by a factor of %.4g", by))
}

// coarse reports whether a setting moves a whole number by more than a factor.
func coarse(p *sim.Parameter, s *sim.Setting, by float64) bool {
	const inexact = 1e-9
	return stepOf(p, s) > max(by, 1/by)*(1+inexact)
}

// stepOf is by what factor a setting moves a whole number, up or down, so 2 or more
// for one officer of two; 1 for what is none.
func stepOf(p *sim.Parameter, s *sim.Setting) float64 {
	n, err := strconv.ParseFloat(s.Value, 64)
	if err != nil || p.Kind != sim.KindCount {
		return 1
	}
	return max(n/p.Mean, p.Mean/n)
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
