package evidence

import (
	"cmp"
	"math"
	"slices"

	"landport/sim"
	"landport/study"
)

// halve runs rounds until few plans are left.
func (s *searcher) halve() ([]*candidate, error) {
	model, err := s.file.Model()
	if err != nil {
		return nil, err
	}
	days := s.options.Run.Days
	if days == 0 {
		days = (model.Span - model.Warmup).Hours() / 24
	}
	alive := slices.Clone(s.plans)
	rounds := 0
	for n := len(alive); n > finalists; n = (n + 1) / 2 {
		rounds++
		s.total += n
	}
	s.total += 2*finalists + 1
	for round := range rounds {
		o := shorter(s.options.Run, days, math.Pow(2, float64(round-rounds)))
		if _, err := s.runAll(alive, o); err != nil {
			return nil, err
		}
		s.out.Rounds = append(s.out.Rounds, Round{len(alive), o.Replications, o.Days, o.Seed})
		s.options.Run.Seed++ // what the next round runs is new
		alive = s.keep(alive, (len(alive)+1)/2)
	}
	if rounds == 0 {
		return alive, nil
	}
	return s.withFrontier(alive), nil
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

// withFrontier adds those that seem to be on the frontier.
func (s *searcher) withFrontier(list []*candidate) []*candidate {
	for _, c := range spread(s.frontier(s.plans)) {
		if !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// frontier lists the plans than which none is both cheaper and better by the
// first measure, the cheapest first.
func (s *searcher) frontier(list []*candidate) (front []*candidate) {
	byCost := slices.Clone(list)
	slices.SortStableFunc(byCost, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(s.first(a), s.first(b)), cmp.Compare(a.index, b.index))
	})
	least := math.Inf(1)
	for _, c := range byCost {
		if x := s.first(c); x < least {
			front, least = append(front, c), x
		}
	}
	return front
}

// spread leaves some of many, evenly, the ends among them.
func spread(list []*candidate) []*candidate {
	if len(list) <= mostShown {
		return list
	}
	var some []*candidate
	for i := range mostShown {
		some = append(some, list[i*(len(list)-1)/(mostShown-1)])
	}
	return some
}

// final runs those that are left and the scenario as it is with fresh traffic,
// and words the answer.
func (s *searcher) final(last []*candidate) (*Optimum, error) {
	o := s.options.Run
	for _, c := range last {
		c.values = nil // who was lucky so far is not flattered
	}
	s.total = s.done + len(last) + 1
	now := &candidate{file: s.file}
	reports, err := s.runAll(append([]*candidate{now}, last...), o)
	if err != nil {
		return nil, err
	}
	report := reports[0]
	s.out.MeasuredDays, s.out.Figures, s.out.Assumed = report.MeasuredDays, report.Parameters, report.AssumedParameters
	s.out.Rounds = append(s.out.Rounds, Round{len(last), o.Replications, report.MeasuredDays, o.Seed})
	for _, c := range s.plans {
		if !c.stable {
			s.out.Unstable++
		}
	}
	s.resample(last)
	s.order(last)
	s.out.Now = s.plan(now)
	for i, c := range last {
		c.rank = i + 1
		s.out.Finalists = append(s.out.Finalists, s.plan(c))
	}
	for _, c := range s.frontier(last) {
		s.out.Frontier = append(s.out.Frontier, s.plan(c))
	}
	if last[0].short == 0 {
		s.out.Best = &s.out.Finalists[0]
	}
	if s.options.Run.Progress != nil {
		s.options.Run.Progress(s.total, s.total)
	}
	return s.out, nil
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
			copies[i] = &candidate{cost: c.cost, stable: c.stable, index: i}
			for _, values := range c.values {
				copies[i].means = append(copies[i].means, meanOf(values, drawn))
			}
			copies[i].short, copies[i].aim = s.judge(copies[i].means, c.cost, c.stable)
			if copies[i].short == 0 {
				c.meeting++
			}
		}
		s.order(copies)
		if copies[0].short == 0 {
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
	p := Plan{Rank: c.rank, Picked: []Picked{}, Cost: c.cost, Stable: c.stable, Meets: c.short == 0, Results: []Got{}}
	for i, l := range c.levels {
		p.Picked = append(p.Picked, Picked{s.axes[i].name, s.axes[i].levels[l].words, l != s.axes[i].now})
	}
	if c.levels != nil {
		p.BestShare, p.MeetsShare = told(float64(c.best)/resamples), told(float64(c.meeting)/resamples)
	}
	for i, m := range s.measures {
		sum := study.SummarizeValues(c.values[i])
		p.Results = append(p.Results, Got{m.String(), m.Unit(), told(sum.Mean), bounds(sum)})
	}
	return p
}
