package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"landport/sim"
	"landport/study"
)

// halve runs rounds until few plans are left.
func (s *searcher) halve() (alive []*candidate, err error) {
	alive = slices.Clone(s.plans)
	rounds, n := 0, len(alive)
	if s.larger() {
		n = s.begin()
	}
	for ; n > finalists || s.larger() && rounds == 0; n = (n + 1) / 2 {
		rounds++
		s.total += n
	}
	s.total += s.options.Most/2 + 4*finalists
	if s.options.Run.Progress != nil {
		s.options.Run.Progress(0, s.total)
	}
	for round := range rounds {
		o := shorter(s.options.Run, s.days, math.Pow(2, float64(round-rounds)))
		if _, err := s.runAll(alive, o); err != nil {
			return nil, err
		}
		if round == 0 && s.larger() {
			if alive, err = s.breed(o); err != nil {
				return nil, err
			}
		}
		s.round(len(alive), o, false)
		alive = s.keep(alive, (len(alive)+1)/2)
	}
	return alive, nil
}

// round notes a round. What the next one runs is new.
func (s *searcher) round(plans int, o sim.Options, around bool) {
	s.out.Rounds = append(s.out.Rounds, Round{plans, o.Replications, o.Days, o.Seed, around})
	s.options.Run.Seed++
}

// breed adds plans that come of the best so far, some at a time, until there are
// as many as asked for, and returns all.
func (s *searcher) breed(o sim.Options) ([]*candidate, error) {
	for tries := 0; len(s.plans) < s.begin() && tries < 100; tries++ {
		best := slices.Clone(s.plans)
		s.order(best)
		var brood []*candidate
		for i := 0; i < 10*litter && len(brood) < litter && len(s.plans) < s.begin(); i++ {
			if c := s.tryPlan(s.child(best[i%min(parents, len(best))])); c != nil {
				brood = append(brood, c)
			}
		}
		if _, err := s.runAll(brood, o); err != nil {
			return nil, err
		}
	}
	return slices.Clone(s.plans), nil
}

// seldom is of how many resamples a plan is the best in one at least to be told of.
const seldom = 20

const (
	parents = 6  // of the best so far
	litter  = 12 // plans that come of them before the best are looked for again
)

// child changes one or two things of a plan: of one that meets the goals mostly
// to what costs less, of another mostly to what costs more.
func (s *searcher) child(of *candidate) []int {
	levels := slices.Clone(of.levels)
	for range 1 + s.stream.Below(2) {
		i := int(s.stream.Below(uint64(len(s.axes))))
		list := s.axes[i].levels
		to := int(s.stream.Below(uint64(len(list))))
		if cheaper := list[to].cost < list[levels[i]].cost; cheaper != (of.short == 0) {
			to = int(s.stream.Below(uint64(len(list)))) // once more
		}
		levels[i] = to
	}
	return levels
}

// ends are the costliest levels of everything.
func (s *searcher) ends() []int {
	levels := make([]int, len(s.axes))
	for i, a := range s.axes {
		for j := range a.levels {
			if a.levels[j].cost > a.levels[levels[i]].cost {
				levels[i] = j
			}
		}
	}
	return levels
}

// affordable are the costliest levels that the budget allows: what costs most is
// taken down first.
func (s *searcher) affordable() []int {
	levels := s.ends()
	for s.search.Budget != nil {
		cost, most, next := 0.0, 0, -1
		for i, l := range levels {
			cost += s.axes[i].levels[l].cost
			if s.axes[i].levels[l].cost > s.axes[most].levels[levels[most]].cost {
				most = i
			}
		}
		list := s.axes[most].levels
		for j := range list {
			if list[j].cost < list[levels[most]].cost && (next < 0 || list[j].cost > list[next].cost) {
				next = j
			}
		}
		if cost <= *s.search.Budget || next < 0 {
			break
		}
		levels[most] = next
	}
	return levels
}

// shorter is a share of a run of so many days: of the days and of the replications,
// as far as that leaves enough days to judge by. They are then of one replication
// rather than two, because each begins with a warm-up.
func shorter(o sim.Options, days, share float64) sim.Options {
	o.Days = min(days, max(shortRun, math.Ceil(days*share)))
	o.Replications = min(o.Replications, max(int(math.Ceil(shortRun/o.Days)), int(math.Round(float64(o.Replications)*share))))
	return o
}

// keep leaves n plans: in turn the best that meet the goals, and the nearest of
// those that would be better than the best.
func (s *searcher) keep(list []*candidate, n int) (kept []*candidate) {
	s.order(list)
	met := slices.IndexFunc(list, func(c *candidate) bool { return c.short > 0 })
	if met < 0 {
		met = len(list)
	}
	good, near := list[:met], []*candidate{}
	for _, c := range list[met:] {
		if met == 0 || c.aim < good[0].aim {
			near = append(near, c)
		}
	}
	for len(kept) < n && len(good)+len(near) > 0 {
		if len(good) > 0 {
			kept, good = append(kept, good[0]), good[1:]
		}
		if len(near) > 0 && len(kept) < n {
			kept, near = append(kept, near[0]), near[1:]
		}
	}
	return kept
}

// final runs those that are left and the scenario as it is with fresh traffic,
// and words the answer.
func (s *searcher) final(last []*candidate) (*Optimum, error) {
	o := s.options.Run
	now := s.seen[fmt.Sprint(s.asItIs())]
	var all []*candidate
	if now != nil {
		last = append([]*candidate{now}, slices.DeleteFunc(slices.Clone(last), func(c *candidate) bool { return c == now })...)
		all = last
	} else {
		now = &candidate{file: s.file}
		all = append([]*candidate{now}, last...)
	}
	s.total = s.done + len(all) + finalists
	reports, err := s.runLast(all)
	if err != nil {
		return nil, err
	}
	report := reports[0]
	s.out.MeasuredDays, s.out.Figures, s.out.Assumed = report.MeasuredDays, report.Parameters, report.AssumedParameters
	around, err := s.descend(slices.Clone(last))
	if err != nil {
		return nil, err
	}
	ran := slices.Concat(last, around)
	s.order(ran)
	s.out.Tried, s.out.Compared = len(s.plans), len(ran)
	s.out.Rounds = append(s.out.Rounds, Round{len(ran), o.Replications, report.MeasuredDays, o.Seed, false})
	for _, c := range s.plans {
		switch {
		case !c.stable:
			s.out.Unstable++
		case c.rises:
			s.out.Rising++
		}
	}
	if o.Replications >= fewestDrawn {
		s.resample(ran)
	}
	best := ran[0]
	if s.options.Minimise == nil && best.meets() {
		s.out.Cheaper = []Cut{}
		for _, c := range s.cheaper(best) {
			s.out.Cheaper = append(s.out.Cheaper, s.cut(best, c))
		}
	}
	for _, c := range around {
		if c == best || c.best*seldom >= resamples && !slices.Contains(s.cheaper(best), c) {
			last = append(last, c)
		}
	}
	s.order(last)
	for i, c := range last {
		c.rank = i + 1
		s.out.Finalists = append(s.out.Finalists, s.plan(c))
	}
	s.out.Now = s.plan(now)
	s.out.Frontier = s.steps(s.frontier(last))
	if best.meets() {
		s.out.Best = &s.out.Finalists[0]
		s.out.Doubted = s.doubted(ran, best)
	}
	s.out.Moved = offTheClock(s.file, best.file)
	if err := s.limits(best, o); err != nil {
		return nil, err
	}
	if s.options.Run.Progress != nil {
		s.options.Run.Progress(s.total, s.total)
	}
	return s.out, nil
}

// runLast runs plans as the last round does.
func (s *searcher) runLast(list []*candidate) ([]*study.Report, error) {
	for _, c := range list {
		c.values = nil // who was lucky so far is not flattered
	}
	reports, err := s.runAll(list, s.options.Run)
	for i, r := range reports {
		list[i].doubt = unsettledWords("the plan", r)
	}
	return reports, err
}

// asItIs are the levels at which the scenario is; -1 where it is at none.
func (s *searcher) asItIs() (levels []int) {
	for _, a := range s.axes {
		levels = append(levels, a.now)
	}
	return levels
}

// limits says what a plan would give if nobody waited, and what of it goes as far
// as the space lets it.
func (s *searcher) limits(c *candidate, o sim.Options) error {
	model, err := c.file.Model()
	if err != nil {
		return err
	}
	if model, err = model.Bare(); err != nil {
		return err
	}
	o.Progress = nil
	t, err := observeModel(model, s.measures, o)
	if err != nil {
		return err
	}
	for i, m := range s.measures {
		sum := study.SummarizeValues(t.values[i])
		s.out.Bare = append(s.out.Bare, Got{m.String(), m.Unit(), told(sum.Mean), bounds(sum)})
	}
	s.out.AtMost = []string{}
	for i, l := range s.ends() {
		if levels := s.axes[i].levels; c.levels[i] == l && levels[l].cost > 0 {
			s.out.AtMost = append(s.out.AtMost, s.axes[i].name)
		}
	}
	return nil
}

// offTheClock says what a plan has pass before the arrival, from which all times
// run: more of the dossiers being ready, and more vehicles waiting for a slot.
func offTheClock(base, plan *sim.File) []string {
	was := map[string]float64{}
	for _, p := range base.Parameters() {
		was[p.Path] = p.Mean
	}
	moved := []string{}
	for _, kind := range []struct{ ends, words string }{
		{"].dossier.ready", "more dossiers are ready on arrival"},
		{"].booking.probability", "more book and wait for their slot elsewhere"},
	} {
		var classes []string
		for _, p := range plan.Parameters() {
			if class, found := strings.CutSuffix(p.Path, kind.ends); found && p.Mean > was[p.Path] {
				classes = append(classes, strings.TrimPrefix(class, "classes["))
			}
		}
		if len(classes) > 0 {
			moved = append(moved, kind.words+" ("+listed(classes)+")")
		}
	}
	return moved
}

// resample draws the replications anew, with repetition and the same for all
// plans, and counts how often each is the best, and meets the goals.
func (s *searcher) resample(list []*candidate) {
	stream := sim.Derive(s.options.Run.Seed, 0, "resamples of replications")
	n := s.options.Run.Replications
	drawn := make([]int, n)
	for range resamples {
		for i := range drawn {
			drawn[i] = int(stream.Below(uint64(n)))
		}
		copies := make([]*candidate, len(list))
		for i, c := range list {
			copies[i] = &candidate{cost: c.cost, stable: c.stable, rises: c.rises, doubt: c.doubt, index: i}
			for _, values := range c.values {
				copies[i].means = append(copies[i].means, meanOf(values, drawn))
			}
			copies[i].short, copies[i].aim = s.judge(copies[i].means, c.cost, c.stable && !c.rises)
			if copies[i].meets() {
				c.meeting++
			}
		}
		s.order(copies)
		if copies[0].meets() {
			list[copies[0].index].best++
		}
	}
}

// meanOf is the mean of some of the values; those that cannot be told are left out.
func meanOf(values []float64, some []int) float64 {
	sum, n := 0.0, 0
	for _, i := range some {
		if !math.IsNaN(values[i]) {
			sum, n = sum+values[i], n+1
		}
	}
	return sum / float64(n)
}

func (s *searcher) plan(c *candidate) Plan {
	p := Plan{Rank: c.rank, Picked: []Picked{}, Cost: c.cost, Stable: c.stable, Meets: c.meets(), Unsettled: c.doubt, Results: s.got(c), Met: c.short == 0, rises: c.rises}
	for i, l := range c.levels {
		p.Picked = append(p.Picked, Picked{s.axes[i].name, s.axes[i].levels[l].words, l != s.axes[i].now})
	}
	if c.levels != nil && s.options.Run.Replications >= fewestDrawn {
		p.BestShare, p.MeetsShare = c.shares()
	}
	return p
}

// shares are those of resamples in which a plan is the best, and meets the goals.
func (c *candidate) shares() (best, meets *float64) {
	return told(float64(c.best) / resamples), told(float64(c.meeting) / resamples)
}

// got is what a plan came to.
func (s *searcher) got(c *candidate) []Got {
	list := []Got{}
	for i, m := range s.measures {
		sum := study.SummarizeValues(c.values[i])
		list = append(list, Got{m.String(), m.Unit(), told(sum.Mean), bounds(sum)})
	}
	return list
}
