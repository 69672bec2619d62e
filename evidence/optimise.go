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

// OptimiseOptions say what to look for, and how hard.
type OptimiseOptions struct {
	Run      sim.Options // of the last round; two replications at least. Progress counts plans run
	Goals    []Goal
	Minimise *Measure // nil is cost
	Most     int      // plans to try; a larger space is drawn from
}

// candidate is a plan that is looked at.
type candidate struct {
	levels  []int // nil for the scenario as it is
	cost    float64
	file    *sim.File
	stable  bool
	rises   bool        // the number inside has not settled, so the goals are not met
	doubt   string      // of the last round: why it is not shown to settle
	values  [][]float64 // of all rounds so far, or of the last alone, by measure, by replication
	means   []float64   // by measure
	short   float64     // by how much it misses the goals
	aim     float64     // what is minimised
	index   int         // in the order of the space, which breaks ties
	rank    int         // among the finalists
	best    int         // resamples in which it is the best,
	meeting int         // and in which it meets the goals
}

const (
	finalists  = 8
	mostShown  = 8 // on the frontier
	resamples  = 1000
	shortRun   = 14 // days that a plan is judged by in a round, the fewest
	mostPlans  = 10_000
	fewestRuns = 2
	// Of n replications there are (2n-1 over n) resamples that differ (Efron and
	// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 6): 3 of two, 35
	// of four, 126 of five. Of fewer than five none are drawn.
	fewestDrawn = 5
)

// Optimise looks for the plan of a space that is the least by what is to be
// minimised, among those within the budget that meet the goals. A plan whose lines
// still rise meets none; of one that the last round does not show to settle
// (study.Report.Settled) it is said, and it is not the best.
//
// It is sequential halving (Karnin, Koren and Somekh, "Almost Optimal
// Exploration in Multi-Armed Bandits", ICML 2013) with common random numbers:
// all plans run briefly, half of them go on to another round, and so on. Each
// round has the next seed, the same for all plans in it, and a plan is judged by
// all its replications so far. Rounds have half the days and half the
// replications of the next, as far as that leaves fourteen days measured. The
// places in the next round go in turn to the least of those that met the goals
// and, of those that would be better still, to the nearest to meeting them. Of a
// space that is larger than the plans to try, a quarter of them are drawn, with the
// scenario as it is and the plan of the costliest levels that the budget allows
// among them; a quarter come about in the first round from the best so far, of
// which one or two things are changed.
//
// Then a round of its own looks around the best (climb). The last round counts
// alone, so that who was lucky in the earlier ones is not flattered; those on the
// frontier of cost against the first measure are in it too, and so is, where cost
// is minimised, every plan that costs less than the best by a single change: no
// such plan is shown to meet the goals.
//
// The share of 1,000 resamples of the paired replications in which the best is
// that again (Efron and Tibshirani, An Introduction to the Bootstrap, 1993) speaks
// of the plans in the last round alone; of fewer than five replications it is not
// told. The same seed gives the same bytes on any number of workers.
func Optimise(file *sim.File, search *Search, o OptimiseOptions) (*Optimum, error) {
	s, err := newSearcher(file, search, o)
	if err != nil {
		return nil, err
	}
	if err := s.gather(); err != nil {
		return nil, err
	}
	last, err := s.halve()
	if err != nil {
		return nil, err
	}
	if last, err = s.climb(last); err != nil {
		return nil, err
	}
	return s.final(last)
}

type searcher struct {
	file     *sim.File
	search   *Search
	options  OptimiseOptions
	measures []Measure // of the goals, then what is minimised
	goalAt   []int     // which of them each goal is of,
	aimAt    int       // and which is minimised
	axes     []axis
	plans    []*candidate
	seen     map[string]*candidate // by levels that were looked at; nil for what cannot be run
	stream   sim.Stream            // of what is drawn
	out      *Optimum
	days     float64 // that the last round measures
	done     int
	total    int
}

func newSearcher(file *sim.File, search *Search, o OptimiseOptions) (*searcher, error) {
	switch {
	case len(o.Goals) == 0 && o.Minimise == nil:
		return nil, errors.New("without a goal the cheapest plan is to do nothing; give a goal such as p90(crossing_h) <= 2")
	case o.Run.Replications < fewestRuns:
		return nil, errors.New("one replication says nothing about how sure the best is; give 2 or more")
	case o.Most < 2 || o.Most > mostPlans:
		return nil, fmt.Errorf("%d plans cannot be compared; give from 2 to %d", o.Most, mostPlans)
	}
	for _, g := range o.Goals {
		if err := g.possible(); err != nil {
			return nil, err
		}
	}
	if err := againstEachOther(o.Goals); err != nil {
		return nil, err
	}
	model, err := file.Model()
	if err != nil {
		return nil, err
	}
	s := &searcher{file: file, search: search, options: o, days: o.Run.Days, seen: map[string]*candidate{}, stream: sim.Derive(o.Run.Seed, 0, "plans of a search")}
	if s.days == 0 {
		s.days = (model.Span - model.Warmup).Hours() / 24
	}
	s.measure()
	if s.axes, err = search.axes(file); err != nil {
		return nil, err
	}
	s.out = &Optimum{
		Scenario: file.Name, Search: search.Title, Goals: []string{}, Minimise: "cost", CostUnit: search.Unit, Budget: search.Budget,
		Seed: o.Run.Seed, Replications: o.Run.Replications, goalAt: s.goalAt, Space: 1, Rounds: []Round{}, Doubted: []Plan{}, Finalists: []Plan{}, Frontier: []Plan{},
	}
	for _, g := range o.Goals {
		s.out.Goals = append(s.out.Goals, g.String())
	}
	if o.Minimise != nil {
		s.out.Minimise = o.Minimise.String()
	}
	s.out.Untouched = untouched(s.axes)
	for _, a := range s.axes {
		s.out.Space *= float64(len(a.levels))
	}
	return s, nil
}

// measure lists what is measured, each once.
func (s *searcher) measure() {
	at := func(m Measure) int {
		if i := slices.Index(s.measures, m); i >= 0 {
			return i
		}
		s.measures = append(s.measures, m)
		return len(s.measures) - 1
	}
	for _, g := range s.options.Goals {
		s.goalAt = append(s.goalAt, at(g.Measure))
	}
	if s.options.Minimise != nil {
		s.aimAt = at(*s.options.Minimise)
	}
}

// gather makes the plans of the space that can be run: all, or as many as asked
// for, drawn.
func (s *searcher) gather() error {
	next := s.all()
	if s.larger() {
		next = s.drawn()
		s.tryPlan(s.asItIs())
		s.tryPlan(s.affordable())
	}
	for levels := next(); levels != nil; levels = next() {
		s.tryPlan(levels)
	}
	switch {
	case len(s.plans) > 0:
		return nil
	case s.out.Impossible > 0:
		return fmt.Errorf("no plan of the space can be run: %d are impossible, the first because %s; %d cost more than the budget", s.out.Impossible, s.out.Why, s.out.OverBudget)
	}
	return fmt.Errorf("all %d plans cost more than the budget of %g", s.out.OverBudget, *s.search.Budget)
}

// larger reports whether there are more plans than are to be tried.
func (s *searcher) larger() bool { return s.out.Space > float64(s.options.Most) }

// begin is how many plans the first round has: of a larger space half of those to
// be tried, the others are looked for around the best of these.
func (s *searcher) begin() int {
	if s.larger() {
		return (s.options.Most + 1) / 2
	}
	return s.options.Most
}

// tryPlan makes a plan of levels a candidate, if it can be run.
func (s *searcher) tryPlan(levels []int) *candidate {
	name := fmt.Sprint(levels)
	if _, seen := s.seen[name]; seen || slices.Contains(levels, -1) {
		return nil
	}
	s.seen[name] = nil
	c := &candidate{levels: levels, index: len(s.plans)}
	var settings []sim.Setting
	for i, l := range levels {
		c.cost += s.axes[i].levels[l].cost
		settings = append(settings, s.axes[i].levels[l].settings...)
	}
	if s.search.Budget != nil && c.cost > *s.search.Budget+sameCost {
		s.out.OverBudget++
		return nil
	}
	file, err := s.file.With(settings...)
	if err == nil {
		_, err = file.Model()
	}
	if err != nil {
		if s.out.Impossible++; s.out.Why == "" {
			s.out.Why = err.Error()
		}
		return nil
	}
	c.file, s.seen[name] = file, c
	s.plans = append(s.plans, c)
	return c
}

// all yields every plan of the space, the last axis fastest.
func (s *searcher) all() func() []int {
	levels := make([]int, len(s.axes))
	over := false
	return func() []int {
		if over {
			return nil
		}
		now := slices.Clone(levels)
		i := len(levels) - 1
		for ; i >= 0; i-- {
			if levels[i]++; levels[i] < len(s.axes[i].levels) {
				break
			}
			levels[i] = 0
		}
		over = i < 0
		return now
	}
}

// drawn yields half as many plans as the first round has by hypercubes: of every axis each
// level as often as another.
func (s *searcher) drawn() func() []int {
	points := hypercube(&s.stream, 2*s.begin(), len(s.axes))
	return func() []int {
		if len(s.plans) >= (s.begin()+1)/2 || len(points) == 0 {
			return nil
		}
		levels := make([]int, len(s.axes))
		for i, u := range points[0] {
			levels[i] = int(u * float64(len(s.axes[i].levels)))
		}
		points = points[1:]
		return levels
	}
}

// run runs a plan and sees how far it is from the goals.
func (s *searcher) run(c *candidate, o sim.Options) (*study.Report, error) {
	t, err := try(c.file, s.measures, o)
	if err != nil {
		return nil, err
	}
	if c.values == nil {
		c.values = make([][]float64, len(s.measures))
	}
	c.stable, c.rises, c.means = t.all.Copes(), t.all.Rises(), nil
	for i, values := range t.values {
		c.values[i] = append(c.values[i], values...)
		c.means = append(c.means, study.SummarizeValues(c.values[i]).Mean)
	}
	c.short, c.aim = s.judge(c.means, c.cost, c.stable && !c.rises)
	return t.all, nil
}

// runAll runs plans, and returns their reports.
func (s *searcher) runAll(list []*candidate, o sim.Options) ([]*study.Report, error) {
	return each(len(list), o, func(i int, o sim.Options) (*study.Report, error) { return s.run(list[i], o) }, func() {
		if s.done++; s.options.Run.Progress != nil {
			s.options.Run.Progress(min(s.done, s.total-1), s.total)
		}
	})
}

// judge says by how much means miss the goals, and how much there is of what is
// to be minimised.
func (s *searcher) judge(means []float64, cost float64, settles bool) (short, aim float64) {
	for i, g := range s.options.Goals {
		short = max(short, g.shortfall(means[s.goalAt[i]]))
	}
	if !settles {
		short = math.Inf(1)
	}
	if s.options.Minimise == nil {
		return short, cost
	}
	aim = means[s.aimAt]
	if math.IsNaN(aim) {
		return math.Inf(1), math.Inf(1)
	}
	return short, -float64(s.options.Minimise.Better()) * aim
}

// meets reports whether it meets the goals, and is not in doubt.
func (c *candidate) meets() bool { return c.short == 0 && c.doubt == "" }

// order puts the best first: those that meet the goals by what is minimised,
// equals by the first measure, and after them those of which it is not shown that
// they settle; then the others by how far they are.
func (s *searcher) order(list []*candidate) {
	slices.SortStableFunc(list, func(a, b *candidate) int {
		for _, first := range []func(*candidate) bool{(*candidate).meets, func(c *candidate) bool { return c.short == 0 }} {
			if met := first(a); met != first(b) {
				return map[bool]int{true: -1, false: 1}[met]
			}
		}
		if a.short == 0 {
			return cmp.Or(cmp.Compare(a.aim, b.aim), cmp.Compare(s.first(a), s.first(b)), cmp.Compare(a.cost, b.cost), cmp.Compare(a.index, b.index))
		}
		return cmp.Or(cmp.Compare(a.short, b.short), cmp.Compare(a.aim, b.aim), cmp.Compare(a.index, b.index))
	})
}

// first is the first measure, so that less is better.
func (s *searcher) first(c *candidate) float64 {
	if len(c.means) == 0 || math.IsNaN(c.means[0]) || !c.stable {
		return math.Inf(1)
	}
	if s.measures[0].Better() > 0 {
		return -c.means[0]
	}
	return c.means[0]
}
