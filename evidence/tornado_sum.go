package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// sum works out what the bars that move by the factor say together.
func (t *Tornado) sum() {
	var fine []swing
	for i := range t.Bars {
		b := &t.Bars[i]
		switch {
		case slices.ContainsFunc(b.ends(), func(e *End) bool { return e.Grows }):
			t.Unstable++
		case b.Coarse:
			t.Coarse++
		case !b.swing.clear():
			t.Unclear++
		}
		if !b.Coarse {
			fine = append(fine, b.swing)
		}
	}
	t.together = sumOf(fine)
	t.Summed, t.Together, t.Interval = t.together.of, t.together.half, t.together.interval
}

// steps say by what factor whole numbers move that cannot move by so little, empty
// where there are none.
func (t *Tornado) steps() string {
	n, least, most := 0, math.Inf(1), 1.0
	for i := range t.Bars {
		if b := &t.Bars[i]; b.Coarse {
			n, least, most = n+1, min(least, b.step), max(most, b.step)
		}
	}
	if n == 0 {
		return ""
	}
	by := fmt.Sprintf("%.3g", least)
	if most > least {
		by += fmt.Sprintf(" to %.3g", most)
	}
	return fmt.Sprintf("%d of the %d shown cannot move by so little: a whole number moves by one at least, as from 4 to 3 by a factor of 1.33, here by %s instead of %.4g, and is in no sum.", n, len(t.Bars), by, t.By)
}

// worth says what the assumed figures come to together, of how many of them that
// is, and which are not in it.
func (t *Tornado) worth() string {
	together := &t.together
	if t.Together == nil {
		return fmt.Sprintf("These %d replications do not tell what the assumptions are worth together: %s.", t.Replications, together.untold())
	}
	text := fmt.Sprintf("With %d of the %d assumed figures, moved by the factor, the result differs by more than chance has it%s. If those are off by as much, independently of each other, the result is off by about %s (95%% interval over the replications %s)%s%s.",
		t.Summed, t.Assumed, together.chance(), shown(t.Together, t.Unit), together.range95(t.Unit), t.relative(), together.alone())
	if left := t.left(); left != "" {
		text += fmt.Sprintf(" The other %d are not in that, and could only add to it: %s.", t.Assumed-t.Summed, left)
	}
	return text
}

// relative says how much of the result the sum is, empty of a result of 0.
func (t *Tornado) relative() string {
	if *t.Now == 0 {
		return ""
	}
	return fmt.Sprintf(", which is %.2g%% of it", 100**t.Together/math.Abs(*t.Now))
}

// left says which assumed figures are in no sum.
func (t *Tornado) left() string {
	var list []string
	for _, x := range []struct {
		n    int
		what string
	}{
		{t.Unstable, "because a line grows at one end"},
		{t.Coarse, "for moving by more than the factor, as whole numbers do"},
		{t.Unclear, "for doing no more than chance explains"},
		{len(t.Screened), "for moving it less in a short run"},
		{len(t.Fixed), "for not having been moved, most of them hours and tables"},
	} {
		if x.n > 0 {
			list = append(list, fmt.Sprintf("%d %s", x.n, x.what))
		}
	}
	return strings.Join(list, ", ")
}

// half is the half-width without its sign.
func (b *Bar) half() string {
	if b.Half == nil {
		return "–"
	}
	size := math.Abs(*b.Half)
	return signed(&size, false)
}

// halfWords are the half-width with its interval.
func (b *Bar) halfWords() string {
	if b.Interval == nil {
		return b.half()
	}
	return b.half() + " " + half(b.Interval)
}
