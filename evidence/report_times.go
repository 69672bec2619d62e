package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"landport/study"
)

// line is a row with a time and how it spreads.
type line struct {
	name string
	of   study.Summary
}

// times are the crossing times to draw, in hours.
func times(r *study.Report) (out []line) {
	add := func(name string, s study.Summary) {
		if s.N > 0 && !math.IsNaN(s.Mean) {
			out = append(out, line{name, s})
		}
	}
	add("end to end", r.Crossing.TimeH)
	for _, p := range r.Posts {
		add("at "+p.Post, p.CrossingH)
	}
	for _, g := range r.Groups {
		add(g.Label, g.CrossingH)
	}
	return out
}

// besides is a time in base and plan; of one it may be nil.
type besides struct {
	name       string
	base, plan *study.Summary
}

// timesBeside are the crossing times of both, in the order of the plan, then what
// only the base has.
func (c *Comparison) timesBeside() (out []besides) {
	base := times(c.baseReport)
	for _, l := range times(c.planReport) {
		x := besides{name: l.name, plan: &l.of}
		if at := slices.IndexFunc(base, func(b line) bool { return b.name == l.name }); at >= 0 {
			x.base, base = &base[at].of, slices.Delete(slices.Clone(base), at, at+1)
		}
		out = append(out, x)
	}
	for _, l := range base {
		out = append(out, besides{name: l.name, base: &l.of})
	}
	return out
}

// words are the picture's text alternative.
func (x *besides) words() string {
	mean := func(s *study.Summary) string {
		if s == nil {
			return "none"
		}
		return study.Minutes(60 * s.Mean)
	}
	return fmt.Sprintf("%s: %s in the base, %s in the plan", x.name, mean(x.base), mean(x.plan))
}

func besidesWords(list []besides) string {
	var words []string
	for i := range list {
		words = append(words, list[i].words())
	}
	return "Mean times. " + strings.Join(words, "; ")
}

// mostBeside is the greatest mean of either, or the end of its interval.
func mostBeside(list []besides) float64 {
	top := 1e-9
	for _, x := range list {
		for _, s := range []*study.Summary{x.base, x.plan} {
			if s != nil {
				top = max(top, s.Mean)
				if !math.IsNaN(s.CI95[1]) {
					top = max(top, s.CI95[1])
				}
			}
		}
	}
	return top
}

// reachOf is where a mean and its interval end.
func reachOf(s *study.Summary) float64 {
	if math.IsNaN(s.CI95[1]) {
		return s.Mean
	}
	return max(s.Mean, s.CI95[1])
}

// halves part rows into the two columns that they have on paper, each with an
// axis; on a screen they stand below each other, and the last has it.
func halves[T any](rows []T) [][]T {
	if len(rows) < 2 {
		return [][]T{rows}
	}
	half := (len(rows) + 1) / 2
	return [][]T{rows[:half], rows[half:]}
}

// ticks are round numbers from 0 up to a greatest value, seven at most.
func ticks(top float64) (list []float64) {
	step := math.Pow(10, math.Floor(math.Log10(top)))
	for _, by := range []float64{0.1, 0.2, 0.5, 1, 2} {
		if top/(step*by) <= 6 {
			step *= by
			break
		}
	}
	for i := 0; float64(i)*step <= top*(1+1e-9); i++ {
		list = append(list, float64(i)*step)
	}
	return list
}

// tickWords write a number of an axis.
func tickWords(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// most is the greatest 95th percentile, at least a little.
func most(lines []line) float64 {
	top := 1e-9
	for _, l := range lines {
		top = max(top, l.of.P95, l.of.Mean)
	}
	return top
}
