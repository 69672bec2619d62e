package evidence

import (
	"cmp"
	"math"
	"slices"
)

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
// first measure, the cheapest first. One that is not shown to settle takes the
// place of none that is.
func (s *searcher) frontier(list []*candidate) (front []*candidate) {
	byCost := slices.Clone(list)
	slices.SortStableFunc(byCost, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(s.first(a), s.first(b)), cmp.Compare(a.index, b.index))
	})
	least, shown := math.Inf(1), math.Inf(1) // of all so far, and of those shown to settle
	for _, c := range byCost {
		x := s.first(c)
		if x < least || c.doubt == "" && x < shown {
			front = append(front, c)
		}
		least = min(least, x)
		if c.doubt == "" {
			shown = min(shown, x)
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

// steps words a frontier, and says which of its plans differ from the last
// before them that did, by Student's t over the pairs of replications.
func (s *searcher) steps(front []*candidate) (plans []Plan) {
	var last *candidate
	for _, c := range front {
		p := s.plan(c)
		switch {
		case c.doubt != "":
		case last == nil:
			last = c
		default:
			_, interval := differences(last.values[0], c.values[0])
			apart := interval != nil && (interval[0] > 0 || interval[1] < 0)
			if p.ToldApart = &apart; apart {
				last = c
			}
		}
		plans = append(plans, p)
	}
	return plans
}

// doubted lists the plans that would be better than the best, were they shown to
// settle.
func (s *searcher) doubted(list []*candidate, best *candidate) []Plan {
	list = slices.DeleteFunc(slices.Clone(list), func(c *candidate) bool { return c.short > 0 || c.meets() || c.aim >= best.aim })
	s.order(list)
	plans := []Plan{}
	for _, c := range list {
		plans = append(plans, s.plan(c))
	}
	return plans
}
