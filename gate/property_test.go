package gate

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

var seeds = flag.Int("seeds", 100, "how many seeded histories each property test tries beside rapid's")

// forAll checks a property with rapid's dice, which find the plainest way to
// break it, and with even ones, which find more of them.
func forAll(t *testing.T, property func(throw dice, fail failure)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) { property(drawn(t), t.Fatalf) })
	for seed := range uint64(*seeds) {
		property(seeded(seed), func(format string, args ...any) {
			t.Helper()
			t.Fatalf("seed %d: %s", seed, fmt.Sprintf(format, args...))
		})
	}
}

// Whatever people, devices and operators do, everything the watcher checks
// holds after every input; and once the post is back to normal, everybody gets
// through.
func TestAnythingMayHappen(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		w := watch(drawLayout(throw), monday, fail)
		for range throw("inputs", 1, 250) {
			w.do(drawInput(throw, w, true))
		}
		w.calm()
		if !w.serveAll(throw) {
			w.fail("does not run empty")
		}
	})
}

// Where everybody does as told, no layout that Compile accepts locks up: both
// directions, lanes that turn, coaches that wait for passengers.
func TestNothingLocksUp(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		w := watch(drawLayout(throw), monday, fail)
		for range throw("inputs", 1, 250) {
			w.do(drawOrderly(throw, w))
		}
		if !w.serveAll(throw) {
			w.fail("locks up")
		}
	})
}

// Nobody starves: whatever comes after, a visit gets through once those ahead
// of it and those with a bounded advantage have.
func TestNobodyStarves(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		l := drawLayout(throw)
		for i := range l.Places {
			l.Places[i].TurnAway = false
		}
		s := NewState(l, monday)
		c := crowd{s: s, throw: throw, at: monday}
		for range 30 {
			c.arrive()
		}
		last := c.arrive()
		for n := 0; ; n++ {
			if _, ok := s.Visit(last); !ok {
				return
			}
			if n > 200_000 {
				w := watcher{s: s}
				fail("visit %d is still there after %d days: %s", last.Serial(), c.at.Sub(monday)/border.Day, w.standing())
			}
			c.step()
		}
	})
}

// The facts do not depend on how often somebody asks what time it is.
func TestTicksChangeNothing(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		l := drawLayout(throw)
		w := watch(l, monday, fail)
		for range throw("inputs", 1, 100) {
			w.do(drawInput(throw, w, false))
		}
		for _, every := range []border.Micros{0, border.Minute, 7 * border.Hour} {
			s := NewState(l, monday)
			var facts []Fact
			at := monday
			for i := range w.inputs {
				for ; every > 0 && at < w.inputs[i].At; at = at.Add(every) {
					facts, _ = s.Decide(&Input{At: at}, facts)
				}
				at = w.inputs[i].At
				facts, _ = s.Decide(&w.inputs[i], facts)
			}
			if i := firstDifference(facts, w.log); i >= 0 || s.Digest() != w.s.Digest() {
				w.fail("with a tick every %d s the facts differ from number %d on", every/border.Second, i)
			}
		}
	})
}

// A State that was replayed from facts goes on like the one that decided them.
func TestReplayGoesOn(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		w := watch(drawLayout(throw), monday, fail)
		for range throw("before", 1, 80) {
			w.do(drawInput(throw, w, true))
		}
		other := w.shadow
		w.shadow = NewState(w.s.layout, monday)
		for i := range w.log {
			w.shadow.Apply(&w.log[i])
		}
		for range throw("after", 1, 40) {
			in := drawInput(throw, w, true)
			w.do(in)
			var facts []Fact
			if in.Do >= Announce {
				facts, _ = other.Decide(&Input{At: in.At}, facts)
				facts = facts[:0]
			}
			facts, _ = other.Decide(&in, facts)
			if i := firstDifference(facts, w.facts); i >= 0 {
				w.fail("after replay the same input leads to other facts from number %d on: %v", i, kindsOf(facts))
			}
		}
	})
}

func firstDifference(a, b []Fact) int {
	if slices.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// A State that was archived and restored goes on like the one that was not.
func TestArchivedStateGoesOn(t *testing.T) {
	forAll(t, func(throw dice, fail failure) {
		w := watch(drawLayout(throw), monday, fail)
		for range throw("before", 1, 80) {
			w.do(drawInput(throw, w, true))
		}
		archived := w.s.AppendArchive(nil)
		other, err := RestoreState(w.s.layout, archived)
		if err != nil {
			w.fail("%v", err)
		}
		if other.Digest() != w.s.Digest() || other.NextDeadline() != w.s.NextDeadline() {
			w.fail("the restored state is another")
		}
		for range throw("after", 1, 40) {
			in := drawInput(throw, w, true)
			w.do(in)
			var facts []Fact
			if in.Do >= Announce {
				facts, _ = other.Decide(&Input{At: in.At}, facts)
				facts = facts[:0]
			}
			facts, _ = other.Decide(&in, facts)
			if i := firstDifference(facts, w.facts); i >= 0 {
				w.fail("after it was restored the same input leads to other facts from number %d on: %v", i, kindsOf(facts))
			}
		}
		for _, n := range []int{0, len(archived) / 3, len(archived) - 1} {
			if _, err := RestoreState(w.s.layout, archived[:n]); err == nil {
				w.fail("%d of %d bytes made a state", n, len(archived))
			}
		}
		if _, err := RestoreState(w.s.layout, append(archived, 0)); err == nil {
			w.fail("a byte too many made a state")
		}
	})
}
