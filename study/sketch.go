package study

import (
	"math"
	"math/bits"
	"slices"

	"landport/border"
)

// exactUpTo is how many values a Sketch keeps as they are.
const exactUpTo = 1024

// From 2^(fine+1) microseconds on, each power of two is divided into 2^fine
// cells of equal width: the middle of a cell is within 1/2^(fine+1), 0.4%, of
// every value in it.
const fine = 7

// Sketch sums up any number of times. Count, Mean, Min and Max are exact;
// quantiles and shares are exact up to 1,024 times, and beyond within 0.4% of
// the time asked about. The zero value is empty and ready. It counts in whole
// numbers alone, so merging gives the same statistics in any order and any
// grouping.
//
// A time below zero is none: it is left out of every statistic and counted by
// Refused.
type Sketch struct {
	recent []border.Micros // times kept as they are: all of them while there are no cells
	taken  int             // how many of recent are in the sum, min and max
	sorted int             // how many of recent are in order
	cells  []int64         // number of earlier times by cell
	n      int64           // times in cells
	// The sum in microseconds, a 128-bit number.
	high, low uint64
	min, max  border.Micros
	refused   int64
}

// cellOf returns the cell of v >= 0: below 2^(fine+1), v itself.
func cellOf(v border.Micros) int {
	shift := bits.Len64(uint64(v)|1<<fine) - fine - 1
	return shift<<fine + int(v>>(shift&63))
}

// cellBounds returns the least time of a cell and how many microseconds wide it is.
func cellBounds(cell int) (least, width border.Micros) {
	shift := max(0, cell>>fine-1)
	return border.Micros(cell-shift<<fine) << shift, 1 << shift
}

// Add counts v. It only notes it: times are counted a thousand at once, which
// costs a fraction of counting each as it comes. It allocates nothing once the
// sketch has seen 1,025 times and one as long as v.
func (s *Sketch) Add(v border.Micros) {
	if v >= 0 && len(s.recent) < cap(s.recent) {
		s.recent = append(s.recent, v)
	} else {
		s.makeRoom(v)
	}
}

// makeRoom makes room for more recent times and counts v, unless it is none.
func (s *Sketch) makeRoom(v border.Micros) {
	switch n := len(s.recent); {
	case v < 0:
		s.refused++
		return
	case n == exactUpTo:
		s.count()
	default:
		s.recent = append(make([]border.Micros, 0, min(max(16, 2*n), exactUpTo)), s.recent...)
	}
	s.recent = append(s.recent, v)
}

// AddN counts v so many times.
func (s *Sketch) AddN(v border.Micros, n int64) {
	if v < 0 || n < exactUpTo {
		for range n {
			s.Add(v)
		}
		return
	}
	s.Add(v)
	s.count()
	s.tally(v, n-1)
}

// take brings the sum, min and max up to date.
func (s *Sketch) take() {
	if s.taken == len(s.recent) {
		return
	}
	if s.taken == 0 && s.n == 0 {
		s.min = s.recent[0]
	}
	high, low, least, most := s.high, s.low, s.min, s.max
	for _, v := range s.recent[s.taken:] {
		var carry uint64
		low, carry = bits.Add64(low, uint64(v), 0)
		high += carry
		least, most = min(least, v), max(most, v)
	}
	s.high, s.low, s.min, s.max, s.taken = high, low, least, most, len(s.recent)
}

// count moves the recent times into cells.
func (s *Sketch) count() {
	s.take()
	s.reach()
	cells := s.cells
	for _, v := range s.recent {
		cells[cellOf(v)]++
	}
	s.n += int64(len(s.recent))
	s.recent, s.taken, s.sorted = s.recent[:0], 0, 0
}

// reach makes room for cells up to that of max: in whole powers of two, so that
// it is seldom made.
func (s *Sketch) reach() {
	if more := (cellOf(s.max) | (1<<fine - 1)) + 1 - len(s.cells); more > 0 {
		s.cells = append(s.cells, make([]int64, more)...)
	}
}

// tally is AddN of a sketch whose times are all in cells.
func (s *Sketch) tally(v border.Micros, n int64) {
	if s.min, s.max = min(s.min, v), max(s.max, v); v == s.max {
		s.reach()
	}
	s.cells[cellOf(v)] += n
	s.n += n
	high, low := bits.Mul64(uint64(v), uint64(n))
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high, _ = bits.Add64(s.high, high, carry)
}

// exact reports whether every time is still kept as it is; otherwise all are
// in cells afterwards.
func (s *Sketch) exact() bool {
	if len(s.cells) == 0 {
		return true
	}
	s.count()
	return false
}

// Merge counts everything o has counted. o is left as it is.
func (s *Sketch) Merge(o *Sketch) {
	s.refused += o.refused
	for _, v := range o.recent {
		s.Add(v)
	}
	if o.n == 0 {
		return
	}
	s.take()
	first := s.Count() == 0
	// The sum of o without its recent times, which are in it as far as taken.
	high, low := o.high, o.low
	for _, v := range o.recent[:o.taken] {
		var borrow uint64
		low, borrow = bits.Sub64(low, uint64(v), 0)
		high -= borrow
	}
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high, _ = bits.Add64(s.high, high, carry)
	if first {
		s.min = o.min
	}
	s.min, s.max = min(s.min, o.min), max(s.max, o.max)
	s.n += o.n
	s.cells = addCells(s.cells, o.cells)
	s.count()
}

// reset empties the sketch and keeps its room.
func (s *Sketch) reset() { *s = Sketch{recent: s.recent[:0], cells: s.cells[:0]} }

// Count returns how many times were counted.
func (s *Sketch) Count() int64 { return s.n + int64(len(s.recent)) }

// Refused returns how many times below zero were left out.
func (s *Sketch) Refused() int64 { return s.refused }

// Total returns the sum in microseconds.
func (s *Sketch) Total() float64 {
	s.take()
	return float64(s.high)*0x1p64 + float64(s.low)
}

// Mean returns the mean in microseconds, NaN of nothing.
func (s *Sketch) Mean() float64 {
	if s.Count() == 0 {
		return math.NaN()
	}
	return s.Total() / float64(s.Count())
}

// Min returns the shortest time, 0 of nothing.
func (s *Sketch) Min() border.Micros {
	s.take()
	return s.min
}

// Max returns the longest time, 0 of nothing.
func (s *Sketch) Max() border.Micros {
	s.take()
	return s.max
}

// Quantile returns the time in microseconds that the share q of all times, from
// 0 to 1, does not exceed; NaN of nothing. Between two exact times it
// interpolates: definition 7 of Hyndman and Fan, "Sample Quantiles in
// Statistical Packages", The American Statistician 50(4), 1996.
func (s *Sketch) Quantile(q float64) float64 {
	if s.Count() == 0 {
		return math.NaN()
	}
	place := q * float64(s.Count()-1)
	if !s.exact() {
		return s.quantileOfCells(int64(place))
	}
	s.take()
	if s.sorted < len(s.recent) {
		slices.Sort(s.recent)
		s.sorted = len(s.recent)
	}
	return interpolate(s.recent, place)
}

// quantileOfCells returns the middle of the cell in which the time lies that
// so many others come before. It looks from the longest down: there times lie
// close, and what is asked for are medians and above.
func (s *Sketch) quantileOfCells(before int64) float64 {
	cell, others := len(s.cells)-1, s.n-before
	for ; cell > 0; cell-- {
		if others -= s.cells[cell]; others <= 0 {
			break
		}
	}
	least, width := cellBounds(cell)
	return float64(min(max(least+width/2, s.min), s.max))
}

// ShareWithin returns the share of times that are limit or shorter, NaN of nothing.
func (s *Sketch) ShareWithin(limit border.Micros) float64 {
	switch {
	case s.Count() == 0:
		return math.NaN()
	case limit < s.Min():
		return 0
	case limit >= s.Max():
		return 1
	}
	within := 0.0
	if s.exact() {
		for _, v := range s.recent {
			if v <= limit {
				within++
			}
		}
	} else {
		last := cellOf(limit)
		for _, n := range s.cells[:last] {
			within += float64(n)
		}
		least, width := cellBounds(last)
		within += float64(s.cells[last]) * float64(limit-least+1) / float64(width)
	}
	return within / float64(s.Count())
}

// interpolate returns the value at a place, whole or between two, of an
// ordered list.
func interpolate[T border.Micros | float64](ordered []T, place float64) float64 {
	i := int(place)
	if i+1 >= len(ordered) {
		return float64(ordered[len(ordered)-1])
	}
	low, high := float64(ordered[i]), float64(ordered[i+1])
	return low + float64((place-float64(i))*(high-low))
}
