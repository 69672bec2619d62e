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

// Tornado says how far each assumed figure of a scenario, moved alone, moves a
// result.
type Tornado struct {
	Scenario     string    `json:"scenario"`
	Seed         uint64    `json:"seed"`
	Replications int       `json:"replications"`
	MeasuredDays float64   `json:"measured_days"`
	Measure      string    `json:"measure"`
	Unit         string    `json:"unit"`
	By           float64   `json:"by"` // every figure is multiplied by it, and divided
	Now          *float64  `json:"now"`
	Figures      int       `json:"parameters"`
	Assumed      int       `json:"assumed_parameters"`
	Bars         []Bar     `json:"bars"`                      // widest first
	Screened     []string  `json:"screened_out"`              // moved in a first, short run only: they mattered less
	Fixed        []Fixed   `json:"not_varied"`                // assumed figures that cannot be moved alone
	Unsettled    string    `json:"now_not_settled,omitempty"` // why the result now is not shown to be that of a steady state
	Unstable     int       `json:"unstable_bars"`             // bars with an end at which a line grows
	Coarse       int       `json:"whole_number_bars"`         // others of whole numbers that move by more than the factor
	Unclear      int       `json:"unclear_bars"`              // others that move the result no more than chance has it
	Summed       int       `json:"together_of"`               // the others: bars that move it clearly, by the factor
	Together     *float64  `json:"together"`                  // half-width if the figures of those are off independently: root of the sum of squares; null where they are no more than chance has
	Interval     []float64 `json:"together_ci95"`             // of that, over the replications

	together sum
}

// Bar is one figure and what moving it does.
type Bar struct {
	Path     string    `json:"path"`
	Value    string    `json:"value"`
	Assumed  string    `json:"assumed"`
	Lower    *End      `json:"lower"` // null where there is no lower value
	Higher   *End      `json:"higher"`
	Width    *float64  `json:"width"`      // from the least of now and the two ends to the greatest; null where a line grows
	Half     *float64  `json:"half_width"` // half of the higher end less the lower, now standing for one that is not there; null where a line grows
	Interval []float64 `json:"half_width_ci95"`
	Coarse   bool      `json:"by_more"` // a whole number, which moves by one at least and here by more than the factor

	step  float64 // the largest factor that a coarse one moves by
	swing swing
}

// End is the result at a figure's lower or higher value.
type End struct {
	Value      string    `json:"value"`
	Result     *float64  `json:"result"`
	Difference *float64  `json:"difference"` // to now: mean over the pairs
	Interval   []float64 `json:"ci95"`
	Grows      bool      `json:"grows"`               // more arrive than are served, or so nearly that no run here settles: there is no result
	Unsure     bool      `json:"not_shown_to_settle"` // the runs are too few or too short to tell
}

// Fixed is a figure that was not moved, and why.
type Fixed struct {
	Path string `json:"path"`
	Why  string `json:"why,omitempty"` // empty for hours, tables, dates and what is 0
}

// TornadoOptions say what to move, how far and how often to run.
type TornadoOptions struct {
	Run  sim.Options // two replications at least; Progress counts scenarios run
	By   float64     // above 1, such as 1.05
	Most int         // bars; where there are more figures, a first run of one replication and a quarter of the days finds those that matter, a third of them whole numbers that move by more than the factor
}

// Check returns what is wrong with the options.
func (o *TornadoOptions) Check() error {
	switch {
	case !(o.By > 1 && o.By <= 10):
		return fmt.Errorf("figures cannot be moved by a factor of %g; give more than 1 and up to 10, such as 1.05", o.By)
	case o.Most < 1:
		return errors.New("give 1 bar or more")
	case o.Run.Replications < 2:
		return errors.New("one replication has no interval; give 2 or more")
	}
	return nil
}

// Vary moves each assumed figure up and down alone, with common random numbers,
// and measures what that does: durations, times, rates and numbers by a factor,
// counts by one at least, probabilities to 1 at most. Hours, tables and dates
// are not moved.
func Vary(file *sim.File, m Measure, o TornadoOptions) (*Tornado, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	v := &varier{file: file, measure: m, options: o}
	v.progress, v.options.Run.Progress = o.Run.Progress, nil
	base, err := try(file, []Measure{m}, v.options.Run)
	if err != nil {
		return nil, err
	}
	v.base, v.time = base.values[0], base.all.Crossing.TimeH.Mean
	now := told(study.SummarizeValues(v.base).Mean)
	if now == nil {
		return nil, fmt.Errorf("%s of %s cannot be told, so nothing can move it: %s", m, file.Name, base.all.StableReason)
	}
	t := &Tornado{
		Scenario: file.Name, Seed: o.Run.Seed, Replications: o.Run.Replications, MeasuredDays: base.all.MeasuredDays,
		Measure: m.String(), Unit: m.Unit(), By: o.By, Now: now, Bars: []Bar{}, Screened: []string{}, Fixed: []Fixed{},
		Figures: base.all.Parameters, Assumed: base.all.AssumedParameters, Unsettled: unsettledWords(file.Name, base.all),
	}
	figures := v.movable(t)
	if figures, err = v.screen(t, figures); err != nil {
		return nil, err
	}
	if t.Bars, err = v.bars(figures, v.base, v.options.Run); err != nil {
		return nil, err
	}
	t.sum()
	return t, nil
}

type varier struct {
	file     *sim.File
	measure  Measure
	options  TornadoOptions
	base     []float64
	time     float64 // mean crossing time of the base, hours
	progress func(done, total int)
	done     int
	total    int
}

// figure is an assumed figure with the scenarios that it makes when moved.
type figure struct {
	sim.Parameter
	lower, higher *sim.File
	coarse        bool    // see Bar
	step          float64 //
}

// movable lists the assumed figures that can be moved, and notes the others.
func (v *varier) movable(t *Tornado) (list []figure) {
	for _, p := range crossing(v.file) {
		if p.Assumed == "" {
			continue
		}
		f := figure{Parameter: p}
		var why error
		for _, end := range []struct {
			by float64
			to **sim.File
		}{{1 / v.options.By, &f.lower}, {v.options.By, &f.higher}} {
			s, ok := moved(&p, end.by, fmt.Sprintf("moved by a factor of %.4g", end.by))
			if !ok {
				continue
			}
			file, err := v.file.With(s)
			if err == nil {
				_, err = file.Model()
			}
			if err != nil {
				why = err
				continue
			}
			*end.to = file
			f.coarse = f.coarse || coarse(&p, &s, v.options.By)
			f.step = max(f.step, stepOf(&p, &s))
		}
		switch {
		case f.lower != nil || f.higher != nil:
			list = append(list, f)
		case why != nil:
			t.Fixed = append(t.Fixed, Fixed{p.Path, why.Error()})
		default:
			t.Fixed = append(t.Fixed, Fixed{Path: p.Path})
		}
	}
	return list
}

// screen leaves the figures that matter most in a short run.
func (v *varier) screen(t *Tornado, figures []figure) ([]figure, error) {
	v.total = min(len(figures), v.options.Most)
	if len(figures) <= v.options.Most {
		return figures, nil
	}
	v.total += len(figures)
	short := v.options.Run
	short.Replications, short.Days = 1, math.Ceil(max(min(t.MeasuredDays, 7), t.MeasuredDays/4))
	base, err := try(v.file, []Measure{v.measure}, short)
	if err != nil {
		return nil, err
	}
	bars, err := v.bars(figures, base.values[0], short)
	if err != nil {
		return nil, err
	}
	kept := v.chosen(bars)
	for i := range bars {
		if !kept[bars[i].Path] {
			t.Screened = append(t.Screened, bars[i].Path)
		}
	}
	return slices.DeleteFunc(figures, func(f figure) bool { return !kept[f.Path] }), nil
}

// chosen are the widest of the bars, a third of them whole numbers that move by
// more than the factor: one officer of four is more than any other figure is off
// by, and would leave no room for those. Where one sort is too few, the other has
// its places.
func (v *varier) chosen(bars []Bar) map[string]bool {
	places := map[bool]int{true: (v.options.Most + 1) / 3}
	places[false] = v.options.Most - places[true]
	kept := map[string]bool{}
	for i := range bars {
		if b := &bars[i]; places[b.Coarse] > 0 {
			places[b.Coarse]--
			kept[b.Path] = true
		}
	}
	for i := range bars {
		if len(kept) < v.options.Most {
			kept[bars[i].Path] = true
		}
	}
	return kept
}

// bars runs every figure's ends, and returns the widest first.
func (v *varier) bars(figures []figure, base []float64, o sim.Options) ([]Bar, error) {
	bars, err := each(len(figures), o, func(i int, o sim.Options) (Bar, error) {
		return v.bar(figures[i], base, o)
	}, func() {
		if v.done++; v.progress != nil {
			v.progress(v.done, v.total)
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(bars, func(a, b Bar) int {
		return cmp.Or(cmp.Compare(b.reach(), a.reach()), cmp.Compare(b.known(), a.known()))
	})
	return bars, nil
}

// bar runs a figure's ends.
func (v *varier) bar(f figure, base []float64, o sim.Options) (Bar, error) {
	b := Bar{Path: f.Path, Value: f.Value, Assumed: f.Assumed, Coarse: f.coarse, step: f.step}
	var results [2][]float64
	grows := false
	for i, end := range []struct {
		file *sim.File
		to   **End
	}{{f.lower, &b.Lower}, {f.higher, &b.Higher}} {
		if end.file == nil {
			continue
		}
		t, err := try(end.file, []Measure{v.measure}, o)
		if err != nil {
			return b, err
		}
		e := &End{Unsure: unsure(t.all)}
		if e.Grows, err = v.grows(end.file, t.all, o); err != nil {
			return b, err
		}
		results[i] = t.values[0]
		if e.Grows = e.Grows || lost(results[i], base); !e.Grows {
			e.Result = told(study.SummarizeValues(results[i]).Mean)
			e.Difference, e.Interval = differences(results[i], base)
		}
		grows = grows || e.Grows
		for _, p := range end.file.Parameters() {
			if p.Path == f.Path {
				e.Value = p.Value
			}
		}
		*end.to = e
	}
	b.Width = b.width()
	b.swing = swingOf(f.Path, grows, base, results[0], results[1])
	b.Half, b.Interval = b.swing.half, b.swing.interval
	return b, nil
}

// Where an end lengthens the crossing by more than doubtful, it is run surely
// times as often before it is believed: lines that grow slowly look like long
// ones in a few runs.
const (
	doubtful = 1.5
	surely   = 5
)

// grows reports whether a line grows at an end, of which a report is at hand.
func (v *varier) grows(file *sim.File, r *study.Report, o sim.Options) (bool, error) {
	if v.measure.always() {
		return false, nil
	}
	if r.Copes() && o.Replications > 1 && r.Crossing.TimeH.Mean > doubtful*v.time {
		o.Replications *= surely
		again, err := try(file, nil, o)
		if err != nil {
			return false, err
		}
		r = again.all
	}
	return !r.Copes() || r.Rises(), nil
}

func (b *Bar) ends() (list []*End) {
	for _, e := range []*End{b.Lower, b.Higher} {
		if e != nil {
			list = append(list, e)
		}
	}
	return list
}

func (b *Bar) width() *float64 {
	for _, e := range b.ends() {
		if e.Difference == nil {
			return nil
		}
	}
	return told(b.known())
}

// known is the width as far as it can be told.
func (b *Bar) known() float64 {
	least, greatest := 0.0, 0.0
	for _, e := range b.ends() {
		if e.Difference != nil {
			least, greatest = min(least, *e.Difference), max(greatest, *e.Difference)
		}
	}
	return greatest - least
}

// reach is the width, without end where a line grows.
func (b *Bar) reach() float64 {
	if b.Width != nil {
		return *b.Width
	}
	return math.Inf(1)
}
