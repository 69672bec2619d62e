package gate

import (
	"fmt"
	"slices"
	"strings"

	"landport/border"
)

// checkDeadlock refuses layouts in which visits could wait for each other in a
// circle. A visit holds one bounded hold or work place and, before it leaves,
// reserves every way ahead and the next hold or work place together; a coach
// that waits for its passengers holds its place until they have been wherever
// they walk. So only "holds A, wants B" between holds and work places that are
// bounded or single file can close a circle; where both directions share a
// capacity they share a node.
// The test is cautious: with several lanes to choose from, one circle is enough
// to refuse.
func (l *Layout) checkDeadlock() error {
	w := waits{Layout: l, next: make([][]int, len(l.Places)*len(l.Directions)), group: make([][]int, len(l.Directions))}
	for d := range w.group {
		w.group[d] = l.strictGroups(Direction(d))
	}
	for i := range l.Procedures {
		p := &l.Procedures[i]
		for from := range p.Legs {
			for to := from + 1; to < len(p.Legs); to++ {
				kind := l.Places[p.Legs[to].Places[0]].Kind
				if kind.Way() {
					continue
				}
				w.addLegs(p, from, to)
				if kind.Hold() || p.mandatory(to) {
					break
				}
			}
		}
		for k := range p.Steps {
			if p.Steps[k].Rejoin {
				w.addWalk(p, &p.Legs[p.Steps[k].Leg])
			}
		}
	}
	if cycle := findCycle(w.next); cycle != nil {
		names := make([]string, 0, len(cycle)+1)
		for _, n := range append(cycle, cycle[0]) {
			names = append(names, l.Places[n/len(l.Directions)].Name)
		}
		return fmt.Errorf("visits can wait for each other for ever: %s; give one of these a capacity for each direction (each_way), leave it unbounded, or take it out of one route", strings.Join(names, " → "))
	}
	return nil
}

// waits says in which place and direction a visit may wait for which other.
type waits struct {
	*Layout
	next  [][]int
	group [][]int // by direction and place: places of one group hold up each other's visits
}

func (w *waits) node(id PlaceID, d Direction) int {
	n := int(id) * len(w.Directions)
	if p := &w.Places[id]; p.EachWay || p.Tidal {
		n += int(d)
	}
	return n
}

// add: somebody in a waits for somebody to leave b.
func (w *waits) add(a, b PlaceID, d Direction) {
	if w.waitsIn(a) && w.waitsIn(b) {
		w.next[w.node(a, d)] = append(w.next[w.node(a, d)], w.node(b, d))
	}
}

// enter: somebody in a wants to go on to b, which is no matter where b has room
// for any number.
func (w *waits) enter(a, b PlaceID, d Direction) {
	if w.Places[b].Capacity > 0 {
		w.add(a, b, d)
	}
}

// waitsIn reports whether anybody can be kept waiting by those in a place:
// outside it while it is full, or behind another in single file.
func (w *waits) waitsIn(id PlaceID) bool {
	p := &w.Places[id]
	return !p.Kind.Way() && (p.Capacity > 0 || p.SingleFile)
}

// addLegs: whoever is on leg from waits for a place of leg to; in a hold under
// strict order also for the places that those who came first wait for.
func (w *waits) addLegs(p *Procedure, from, to int) {
	for _, a := range p.Legs[from].Places {
		for _, b := range p.Legs[to].Places {
			w.enter(a, b, p.Direction)
			for id, group := range w.group[p.Direction] {
				if w.Places[a].Kind.Hold() && group == w.group[p.Direction][b] {
					w.enter(a, PlaceID(id), p.Direction)
				}
			}
		}
	}
}

// addWalk: a coach on the leg waits for whoever walks in its direction.
func (w *waits) addWalk(coach *Procedure, leg *Leg) {
	for i := range w.Procedures {
		walk := &w.Procedures[i]
		if walk.Direction != coach.Direction || walk.Accepts.Refused&border.OnFoot != 0 {
			continue
		}
		for _, a := range leg.Places {
			for _, on := range walk.Legs {
				for _, b := range on.Places {
					w.add(a, b, coach.Direction)
				}
			}
		}
	}
}

// strictGroups puts places into one group where a policy that is strict lets
// those who wait for one hold up those who wait for another: the places of a
// leg, and of legs of one direction that share a place. Without such a policy
// there are none.
func (l *Layout) strictGroups(d Direction) []int {
	if !slices.ContainsFunc(l.Policies, func(p Policy) bool { return p.Strict }) {
		return nil
	}
	group := make([]int, len(l.Places))
	for i := range group {
		group[i] = i
	}
	for i := range l.Procedures {
		if l.Procedures[i].Direction != d {
			continue
		}
		for _, leg := range l.Procedures[i].Legs {
			for _, id := range leg.Places[1:] {
				merge(group, group[id], group[leg.Places[0]])
			}
		}
	}
	return group
}

func merge(group []int, from, to int) {
	for i := range group {
		if group[i] == from {
			group[i] = to
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
