package evidence

import (
	"fmt"
	"math"

	"landport/study"
)

// swing is how far an assumed figure, moved up and down alone, moves a result.
type swing struct {
	name     string
	half     *float64  // half of the higher end less the lower; nil where one of them cannot be told
	interval []float64 // of that
	values   []float64 // the same by replication, with its sign
}

// swingOf works it out of the results now and at both ends, by replication. Now
// stands for an end that is not there, which is nil.
func swingOf(name string, grows bool, now, lower, higher []float64) swing {
	s := swing{name: name, values: make([]float64, len(now))}
	if grows || lost(lower, now) || lost(higher, now) {
		return s
	}
	for i, x := range now {
		low, high := x, x
		if lower != nil {
			low = lower[i]
		}
		if higher != nil {
			high = higher[i]
		}
		s.values[i] = (high - low) / 2
	}
	sum := study.SummarizeValues(s.values)
	s.half, s.interval = told(sum.Mean), bounds(sum)
	return s
}

// lost reports whether some run of an end cannot be told that can be told now: to
// leave out one in which a line grows would flatter.
func lost(end, now []float64) bool {
	for i, x := range end {
		if math.IsNaN(x) && !math.IsNaN(now[i]) {
			return true
		}
	}
	return false
}

// clear reports whether the figure moves the result by more than chance has it:
// the 95% interval of its half-width does not hold 0.
func (s *swing) clear() bool {
	return s.half != nil && s.interval != nil && (s.interval[0] > 0 || s.interval[1] < 0)
}

// sum is what swings come to together if the figures are off independently of
// each other.
type sum struct {
	fine     int // swings that can be told
	of       int // of them clear, which are summed
	half     *float64
	interval []float64
	most     *swing  // of those summed, the one that moves the result most
	surest   float64 // see sure
}

// sumOf is the root of the sum of squares over the swings that are clear. Of those
// that are not nothing is added, because noise would add up. There is no sum where
// chance alone may have as many clear. Its interval is that of its projection on
// each replication.
func sumOf(list []swing) (together sum) {
	var summed []*swing
	squares := 0.0
	for i := range list {
		s := &list[i]
		if s.half != nil {
			together.fine++
		}
		if !s.clear() {
			continue
		}
		summed, squares = append(summed, s), squares+*s.half**s.half
		if together.most == nil || math.Abs(*s.half) > math.Abs(*together.most.half) {
			together.most = s
		}
	}
	for _, s := range summed {
		together.surest = max(together.surest, s.sure(together.fine))
	}
	if together.of = len(summed); together.byChance() {
		return together
	}
	root := math.Sqrt(squares)
	by := make([]float64, len(summed[0].values))
	for _, s := range summed {
		for i, x := range s.values {
			by[i] += *s.half / root * x
		}
	}
	if together.interval = bounds(study.SummarizeValues(by)); together.interval != nil {
		together.half = told(root)
	}
	return together
}

// Of what does not matter this share looks clear, by its 95% interval; as often a
// sum is told where nothing matters.
const seemingly = 0.05

// byChance reports whether as many may be clear although none of them matters: in
// more than one case of twenty so many are (binomial), and the clearest is no
// clearer than one of all is by chance as often (Bonferroni).
func (s *sum) byChance() bool {
	if s.of == 0 || s.surest > 1 {
		return s.of == 0
	}
	return s.asMany() > seemingly
}

// asMany is the chance that as many are clear, or more, although none matters.
func (s *sum) asMany() float64 {
	fewer, is := 0.0, math.Pow(1-seemingly, float64(s.fine)) // the chance of k
	for k := range s.of {
		fewer += is
		is *= float64(s.fine-k) / float64(k+1) * seemingly / (1 - seemingly)
	}
	return 1 - fewer
}

// untold says why nothing is told of what all come to.
func (s *sum) untold() string {
	switch {
	case s.fine == 0:
		return "of none that moves by the factor both ends can be told"
	case s.of == 0:
		return fmt.Sprintf("of the %d moved by the factor none changes it by more than chance has it", s.fine)
	}
	return fmt.Sprintf("of the %d moved by the factor only %d seem%s to change it by more than chance has it, and if none mattered as many would in %.0f of 100 cases", s.fine, s.of, third(s.of), 100*s.asMany())
}

// third is the ending of a verb that one does.
func third(n int) string {
	if n == 1 {
		return "s"
	}
	return ""
}

// sure is how far the clearest of n swings may be from 0 by chance in one case of
// twenty, as a multiple of which this one is.
func (s *swing) sure(n int) float64 {
	told := study.SummarizeValues(s.values).N
	most := study.StudentQuantile(1-seemingly/2/float64(n), int(told)-1) / study.StudentQuantile(1-seemingly/2, int(told)-1)
	return math.Abs(*s.half) / (most * (s.interval[1] - s.interval[0]) / 2)
}

// chance says how many that do not matter would look clear, empty where that is
// none.
func (s *sum) chance() string {
	if n := math.Round(seemingly * float64(s.fine)); n >= 1 {
		return fmt.Sprintf(" (of %d that did not matter some %.0f would seem to)", s.fine, n)
	}
	return ""
}

// alone names the figure that makes most of what all come to, if one does.
func (s *sum) alone() string {
	if s.of > 1 && s.half != nil && *s.most.half**s.most.half > *s.half**s.half/2 {
		return ", most of that by " + s.most.name + " alone"
	}
	return ""
}

// range95 is the interval of the sum; what is a size is not below 0.
func (s *sum) range95(unit string) string {
	return ranged(max(0, s.interval[0]), s.interval[1], unit)
}

// less is a less b, replication by replication.
func less(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return d
}
