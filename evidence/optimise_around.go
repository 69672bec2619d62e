package evidence

import (
	"cmp"
	"fmt"
	"slices"
)

// around lists the plans of wanted cost that differ from one in a single thing: of
// a figure by the value before or after, of a choice by any other option.
func (s *searcher) around(c *candidate, wanted func(cost float64) bool) (list []*candidate) {
	for i, a := range s.axes {
		for to := range a.levels {
			far := to - c.levels[i]
			if far == 0 || !a.choice && far*far > 1 || !wanted(c.cost+a.levels[to].cost-a.levels[c.levels[i]].cost) {
				continue
			}
			levels := slices.Clone(c.levels)
			levels[i] = to
			one := s.tryPlan(levels)
			if one == nil {
				one = s.seen[fmt.Sprint(levels)]
			}
			if one != nil {
				list = append(list, one)
			}
		}
	}
	return list
}

// climbing is the share of the last round's runs by which plans around the best
// are judged.
const climbing = 0.25

// climb looks around the best so far, in traffic of its own: around the least
// that meets the goals and the nearest to meeting them of those that would be
// better still, in turn, until nothing is left or as many plans have run as are to
// be tried. It returns the plans of the last round. Where that has room for all,
// there is nothing to look for.
func (s *searcher) climb(start []*candidate) ([]*candidate, error) {
	if len(s.out.Rounds) == 0 {
		return start, nil
	}
	o := shorter(s.options.Run, s.days, climbing)
	var ran []*candidate
	run := func(list []*candidate) error {
		for _, c := range list {
			c.values = nil // of other traffic
		}
		_, err := s.runAll(list, o)
		ran = append(ran, list...)
		return err
	}
	if err := run(start); err != nil {
		return nil, err
	}
	opened := map[*candidate]bool{}
	for most := len(start) + s.options.Most/2; len(ran) < most; {
		list := s.keep(slices.Clone(ran), len(ran))
		at := slices.IndexFunc(list, func(c *candidate) bool { return !opened[c] })
		if at < 0 {
			break
		}
		from, best := list[at], list[0]
		opened[from] = true
		next := s.around(from, func(cost float64) bool { return s.promises(cost, from, best) })
		next = slices.DeleteFunc(next, func(c *candidate) bool { return slices.Contains(ran, c) })
		if err := run(next); err != nil {
			return nil, err
		}
	}
	s.round(len(ran), o, true)
	return s.withFrontier(s.keep(ran, finalists)), nil
}

// promises reports whether a plan of such a cost, beside one that was run, may be
// better than the best: what costs no more where that one meets the goals, else
// what costs no less. Of a measure nobody can tell before.
func (s *searcher) promises(cost float64, from, best *candidate) bool {
	switch {
	case s.options.Minimise != nil:
		return true
	case from.short == 0:
		return cost <= from.cost+sameCost
	}
	return cost >= from.cost-sameCost && (best.short > 0 || cost < best.cost-sameCost)
}

// sameCost is what costs that are added in another order may differ by.
const sameCost = 1e-9

const atATime = 4 // plans of a step down

// cheaper lists the plans that cost less than one, by a single change.
func (s *searcher) cheaper(c *candidate) []*candidate {
	return s.around(c, func(cost float64) bool { return cost < c.cost-sameCost })
}

// descend runs, with the traffic of the last round, the cheaper plans around the
// best there, those that save least first and some at a time, until none of them
// is better. It returns them.
func (s *searcher) descend(ran []*candidate) (more []*candidate, err error) {
	for {
		s.order(ran)
		if s.options.Minimise != nil || !ran[0].meets() {
			return more, nil
		}
		next := slices.DeleteFunc(s.cheaper(ran[0]), func(c *candidate) bool { return slices.Contains(ran, c) })
		if len(next) == 0 {
			return more, nil
		}
		slices.SortStableFunc(next, func(a, b *candidate) int { return cmp.Compare(b.cost, a.cost) })
		next = next[:min(atATime, len(next))]
		if _, err := s.runLast(next); err != nil {
			return nil, err
		}
		ran, more = append(ran, next...), append(more, next...)
	}
}

// cut says what differs in a plan from another, and what it came to.
func (s *searcher) cut(from, to *candidate) Cut {
	c := Cut{Cost: to.cost - from.cost, Stable: to.stable, Met: to.short == 0, Unsettled: to.doubt, Results: s.got(to), rises: to.rises}
	if s.options.Run.Replications >= fewestDrawn {
		c.BestShare, c.MeetsShare = to.shares()
	}
	for i, l := range to.levels {
		if l != from.levels[i] {
			c.Name, c.Value = s.axes[i].name, s.axes[i].levels[l].words
		}
	}
	return c
}
