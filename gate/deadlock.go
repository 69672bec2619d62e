package gate

import (
	"fmt"
	"strings"
)

// checkDeadlock refuses layouts in which visits could wait for each other in a
// circle. A visit holds one bounded hold or work place and, before it leaves,
// reserves every way ahead and the next hold or work place together. So only
// "holds A, wants B" between bounded holds and work places can close a circle;
// where both directions share a capacity they share a node. The test is
// cautious: with several lanes to choose from, one circle is enough to refuse.
func (l *Layout) checkDeadlock() error {
	next := make([][]int, len(l.Places)*len(l.Directions))
	node := func(id PlaceID, d Direction) int {
		p := &l.Places[id]
		if p.EachWay || p.Tidal {
			return int(id)*len(l.Directions) + int(d)
		}
		return int(id) * len(l.Directions)
	}
	for i := range l.Procedures {
		p := &l.Procedures[i]
		for from := range p.Legs {
			for to := from + 1; to < len(p.Legs); to++ {
				kind := l.Places[p.Legs[to].Places[0]].Kind
				if kind.Way() {
					continue
				}
				l.addWaits(next, p, from, to, node)
				if kind.Hold() || p.mandatory(to) {
					break
				}
			}
		}
	}
	if cycle := findCycle(next); cycle != nil {
		names := make([]string, 0, len(cycle)+1)
		for _, n := range append(cycle, cycle[0]) {
			names = append(names, l.Places[n/len(l.Directions)].Name)
		}
		return fmt.Errorf("opposing flows can wait for each other for ever: %s; give one of them a capacity for each direction (each_way) or take it out of one direction", strings.Join(names, " → "))
	}
	return nil
}

// addWaits adds an edge from every bounded place of leg from to every bounded
// place of leg to.
func (l *Layout) addWaits(next [][]int, p *Procedure, from, to int, node func(PlaceID, Direction) int) {
	for _, a := range p.Legs[from].Places {
		if l.Places[a].Capacity == 0 || l.Places[a].Kind.Way() {
			continue
		}
		for _, b := range p.Legs[to].Places {
			if l.Places[b].Capacity > 0 {
				n := node(a, p.Direction)
				next[n] = append(next[n], node(b, p.Direction))
			}
		}
	}
}

// mandatory reports whether everybody stops at a leg.
func (p *Procedure) mandatory(leg int) bool {
	for i := range p.Steps {
		if p.Steps[i].Leg == leg && !p.Steps[i].OnReferral && p.Steps[i].Formalities == 0 && !p.Steps[i].Rejoin {
			return true
		}
	}
	return false
}

// findCycle returns the nodes of one circle, or nil.
func findCycle(next [][]int) []int {
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(next))
	var path []int
	var visit func(n int) []int
	visit = func(n int) []int {
		state[n] = open
		path = append(path, n)
		for _, m := range next[n] {
			if state[m] == open {
				for i, p := range path {
					if p == m {
						return append([]int(nil), path[i:]...)
					}
				}
			}
			if state[m] == unseen {
				if c := visit(m); c != nil {
					return c
				}
			}
		}
		state[n] = done
		path = path[:len(path)-1]
		return nil
	}
	for n := range next {
		if state[n] == unseen {
			if c := visit(n); c != nil {
				return c
			}
		}
	}
	return nil
}
