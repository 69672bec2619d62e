package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"landport/study"
)

// clear reports whether the figure moves the result by more than chance has it:
// the 95% interval of its half-width does not hold 0.
func (b *Bar) clear() bool {
	return b.Interval != nil && (b.Interval[0] > 0 || b.Interval[1] < 0)
}

// fine are the bars that move by the factor and have a half-width.
func (t *Tornado) fine() (list []*Bar) {
	for i := range t.Bars {
		if b := &t.Bars[i]; b.Half != nil && !b.Coarse {
			list = append(list, b)
		}
	}
	return list
}

// sum works out what the bars say together: the root of the sum of squares over
// those that are clear. Of those that are not nothing is added, because noise
// would add up. Its interval is that of the sum's projection on each replication.
func (t *Tornado) sum() {
	var summed []*Bar
	squares := 0.0
	for _, b := range t.fine() {
		if !b.clear() {
			t.Unclear++
			continue
		}
		summed, squares = append(summed, b), squares+*b.Half**b.Half
	}
	for i := range t.Bars {
		b := &t.Bars[i]
		switch {
		case slices.ContainsFunc(b.ends(), func(e *End) bool { return e.Grows }):
			t.Unstable++
		case b.Coarse:
			t.Coarse++
		case b.Half == nil:
			t.Unclear++
		}
	}
	t.Summed = len(summed)
	if float64(t.Summed) <= t.byChance() {
		return
	}
	together := math.Sqrt(squares)
	by := make([]float64, t.Replications)
	for _, b := range summed {
		for i, x := range b.swings {
			by[i] += *b.Half / together * x
		}
	}
	if t.Interval = bounds(study.SummarizeValues(by)); t.Interval != nil {
		t.Together = told(together)
	}
}

// byChance is how many bars of those that move by the factor would look clear if
// none of them mattered.
func (t *Tornado) byChance() float64 { return 0.05 * float64(len(t.fine())) }

// steps say by how much whole numbers move that cannot move by so little, empty
// where there are none.
func (t *Tornado) steps() string {
	n, least, most := 0, math.Inf(1), 0.0
	for i := range t.Bars {
		if b := &t.Bars[i]; b.Coarse {
			n, least, most = n+1, min(least, b.step), max(most, b.step)
		}
	}
	if n == 0 {
		return ""
	}
	by := fmt.Sprintf("%.0f%%", 100*least)
	if most > least {
		by += fmt.Sprintf(" to %.0f%%", 100*most)
	}
	return fmt.Sprintf("%d of the %d shown cannot move by so little: a whole number moves by one at least, here by %s of what it is and not by %.4g%%, and is in no sum.", n, len(t.Bars), by, 100*(t.By-1))
}

// worth says what the assumed figures come to together, of how many of them that
// is, and which are not in it.
func (t *Tornado) worth() string {
	fine, chance := len(t.fine()), ""
	if n := math.Round(t.byChance()); n >= 1 {
		chance = fmt.Sprintf(" (of %d that did not matter some %.0f would seem to)", fine, n)
	}
	if t.Together == nil || *t.Now == 0 {
		return fmt.Sprintf("Of the %d shown that move by the factor, %d change the result by more than chance has it%s: so %d replications do not tell what the assumptions are worth together.", fine, t.Summed, chance, t.Replications)
	}
	text := fmt.Sprintf("With %d of the %d assumed figures, moved by the factor, the result differs by more than chance has it%s. If those are off by as much, independently of each other, the result is off by about %s (95%% interval over the replications %s), which is %.2g%% of it%s.",
		t.Summed, t.Assumed, chance, shown(t.Together, t.Unit), ranged(max(0, t.Interval[0]), t.Interval[1], t.Unit), 100**t.Together/math.Abs(*t.Now), t.alone())
	if left := t.left(); left != "" {
		text += fmt.Sprintf(" The other %d are not in that, and could only add to it: %s.", t.Assumed-t.Summed, left)
	}
	return text
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

// alone names the figure that makes most of what all come to together, if one does.
func (t *Tornado) alone() string {
	if t.Summed < 2 {
		return ""
	}
	for _, b := range t.fine() {
		if b.clear() && *b.Half**b.Half > *t.Together**t.Together/2 {
			return ", most of that by " + b.Path + " alone"
		}
	}
	return ""
}

// half is the half-width without its sign.
func (b *Bar) half() string {
	if b.Half == nil {
		return "–"
	}
	size := math.Abs(*b.Half)
	return signed(&size, false)
}
