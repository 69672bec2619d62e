package gate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Whatever is built anew while visits are inside, nobody is lost, everything the
// watcher checks holds, and a replay that carries over as the State did leads to
// the same State. Once the post is back to normal, everybody gets through.
func TestALayoutMayChangeAtAnyTime(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		l := drawLayout(throw)
		w := watch(l, monday, fail)
		for n := range throw("changes", 1, 3) {
			for range throw("inputs", 0, 80) {
				w.do(drawInput(throw, w, true))
			}
			l = rebuilt(throw, l, n)
			w.rebuild(l)
		}
		for range throw("inputs after", 0, 80) {
			w.do(drawInput(throw, w, true))
		}
		w.calm()
		if w.serveAll(throw) {
			return
		}
		for v := range w.s.Present {
			if v.Phase == PhaseAwaitingPassengers { // they may now be in a single file behind it
				w.do(Input{At: w.at, Do: ObserveGone, Visit: v.ID})
			}
		}
		if !w.serveAll(throw) {
			w.fail("does not run empty")
		}
	})
}

// rebuild has the post go on by another layout from now on.
func (w *watcher) rebuild(l *Layout) {
	w.rebuilt = true
	w.decide(Input{At: w.at})
	before := map[VisitID]bool{}
	for v := range w.s.Present {
		before[v.ID] = true
	}
	trial, err := w.s.Carry(l, w.at)
	if err != nil {
		w.fail("%v", err)
	}
	for _, f := range w.s.WindUp(trial, w.at, nil) {
		w.checkFact(&f, nil)
		w.count(&f)
		w.shadow.Apply(&f)
	}
	if w.s.Digest() != w.shadow.Digest() {
		w.fail("replay ends in another state")
	}
	if w.s, err = w.shadow.Carry(l, w.at); err != nil {
		w.fail("%v", err)
	}
	from := w.shadow
	w.shadow, _ = RestoreState(from.layout, from.AppendArchive(nil))
	w.shadow, _ = w.shadow.Carry(l, w.at)
	if w.s.Digest() != w.shadow.Digest() || w.s.NextDeadline() != w.shadow.NextDeadline() {
		w.fail("carried over from an archive it is another state")
	}
	w.booked = map[slotCount]int32{}
	for _, slot := range w.s.slots {
		w.booked[slotCount{start: slot.start, direction: slot.direction}] = slot.booked
	}
	for id := range before {
		if w.s.find(id) == nil {
			w.fail("visit %d was lost", id.Serial())
		}
	}
	w.facts = w.s.TakeUp(from, w.at, w.facts[:0])
	for i := range w.facts {
		w.checkFact(&w.facts[i], w.facts[i+1:])
		w.count(&w.facts[i])
		w.shadow.Apply(&w.facts[i])
		w.log = append(w.log, w.facts[i])
	}
	if w.s.Digest() != w.shadow.Digest() || w.s.NextDeadline() != w.shadow.NextDeadline() {
		w.fail("replay goes on from another state after %v", kindsOf(w.facts))
	}
	w.checkState()
}

// rebuilt returns a layout with the same posts and directions in which much else
// may have gone, come or changed under its name.
func rebuilt(throw dice, was *Layout, n int) *Layout {
	if throw("from scratch", 0, 2) > 0 {
		for {
			if l := drawLayout(throw); len(l.Directions) >= len(was.Directions) {
				return l
			}
		}
	}
	l := *was
	l.Places, l.Stops, l.Procedures, l.Policies = slices.Clone(was.Places), slices.Clone(was.Stops), slices.Clone(was.Procedures), slices.Clone(was.Policies)
	slices.Reverse(l.Policies)
	for i := 1; i < len(l.Places); i++ {
		p := &l.Places[i]
		if throw("other name", 0, 5) == 0 {
			p.Name = fmt.Sprint(p.Name, " of ", n)
		}
		if p.Capacity > 0 {
			p.Capacity = int32(throw("capacity", 1, 4))
		}
		p.Pager = p.Pager || p.Kind.Hold() && throw("pager", 0, 3) == 0
	}
	for i := 1; i < len(l.Stops); i++ {
		if throw("other stop", 0, 5) == 0 {
			l.Stops[i].Name = fmt.Sprint(l.Stops[i].Name, " of ", n)
		}
		l.Stops[i].Servers = int32(throw("servers", 1, 3))
	}
	for i := range l.Procedures {
		if throw("other procedure", 0, 5) == 0 {
			l.Procedures[i].Name = fmt.Sprint(l.Procedures[i].Name, " of ", n)
		}
	}
	if err := l.Compile(); err != nil {
		panic(err)
	}
	return &l
}

// A State carried to the layout it is of is the same one.
func TestCarryingOverToTheSameLayoutChangesNothing(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		w := watch(distinct(drawLayout(throw)), monday, fail)
		for range throw("inputs", 1, 80) {
			w.do(drawInput(throw, w, true))
		}
		to, err := w.s.Carry(w.s.layout, w.at)
		if err != nil {
			w.fail("%v", err)
		}
		for v := range w.s.Present {
			is, ok := to.Visit(v.ID)
			if !v.Phase.working() {
				is.Step = v.Step // it is looked for when it comes to the next place
			}
			v.Held, is.Held = v.Held&31, is.Held&31 // what names no formality comes to the same
			if !ok || is != v {
				w.fail("it was\n%+v\nand is\n%+v", v, is)
			}
		}
		for i := range w.s.places {
			a, b := &w.s.places[i], &to.places[i]
			if a.capacity != b.capacity || a.open != b.open || a.accepts != b.accepts || a.inside != b.inside || a.reserved != b.reserved {
				w.fail("place %d was %+v and is %+v", i, a, b)
			}
		}
		facts := to.TakeUp(w.s, w.at, nil)
		facts = slices.DeleteFunc(facts, func(f Fact) bool { // what the layout does not tell is told again
			return f.Kind == HoursChanged && len(w.s.special) > 0 || f.Kind == PolicySet && int(f.N) == w.s.policy
		})
		if len(facts) > 0 {
			w.fail("%v follows", kindsOf(facts))
		}
		for i := range w.s.openings {
			if w.s.Level(OpeningID(i)) != to.Level(OpeningID(i)) {
				w.fail("opening %d was %d and is %d", i, w.s.Level(OpeningID(i)), to.Level(OpeningID(i)))
			}
		}
	})
}

// distinct gives openings and policies names of their own.
func distinct(l *Layout) *Layout {
	for i := range l.Openings {
		l.Openings[i].Name = fmt.Sprint("hours ", i)
	}
	for i := range l.Policies {
		l.Policies[i].Name = fmt.Sprint("policy ", i)
	}
	if err := l.Compile(); err != nil {
		panic(err)
	}
	return l
}

func TestAnotherPostIsRefused(t *testing.T) {
	for _, test := range []struct {
		change func(*Layout)
		want   string
	}{
		{func(l *Layout) { l.Posts = []Post{{"Elsewhere", "KH", nil}, l.Posts[1]} }, "their names"},
		{func(l *Layout) { l.Directions = []Way{{"KH", "LA"}, l.Directions[1]} }, "nothing goes from KH to VN any more"},
	} {
		was := twoPosts()
		is := *was
		test.change(&is)
		if _, err := NewState(was, monday).Carry(&is, monday); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, not about %q", err, test.want)
		}
	}
}
