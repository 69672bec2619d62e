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
	n, refused int64
	// The sum in microseconds, a 128-bit number.
	high, low uint64
	min, max  border.Micros
	exact     []border.Micros // all times, while there are no more than exactUpTo
	sorted    bool            // exact is in order
	cells     []int64         // number of times by cell, once there are more
}

// cellOf returns the cell of v >= 0: below 2^(fine+1), v itself.
func cellOf(v border.Micros) int {
	shift := max(0, bits.Len64(uint64(v))-fine-1)
	return shift<<fine + int(v>>shift)
}

// cellBounds returns the least time of a cell and how many microseconds wide it is.
func cellBounds(cell int) (least, width border.Micros) {
	shift := max(0, cell>>fine-1)
	return border.Micros(cell-shift<<fine) << shift, 1 << shift
}

// Add counts v. It allocates nothing once the sketch has seen 1,025 times and
// one as long as v.
func (s *Sketch) Add(v border.Micros) {
	if v < 0 {
		s.refused++
		return
	}
	if s.n == 0 {
		s.min = v
	}
	s.min, s.max = min(s.min, v), max(s.max, v)
	s.n++
	var carry uint64
	s.low, carry = bits.Add64(s.low, uint64(v), 0)
	s.high += carry
	if cell := cellOf(v); cell < len(s.cells) {
		s.cells[cell]++
		return
	}
	s.place(v)
}

// place keeps v, just counted, where there was no cell for it yet.
func (s *Sketch) place(v border.Micros) {
	if s.n <= exactUpTo {
		s.exact = append(s.exact, v)
		s.sorted = false
		return
	}
	s.divide()
	s.cells[cellOf(v)]++
}

// divide moves the exact times, if there are any, into cells and makes room up
// to the longest time.
func (s *Sketch) divide() {
	// Room goes in whole powers of two, so that it is seldom made.
	if more := (cellOf(s.max) | (1<<fine - 1)) + 1 - len(s.cells); more > 0 {
		s.cells = append(s.cells, make([]int64, more)...)
	}
	for _, v := range s.exact {
		s.cells[cellOf(v)]++
	}
	s.exact = nil
}

// Merge counts everything o has counted. o is left as it is.
func (s *Sketch) Merge(o *Sketch) {
	s.refused += o.refused
	if o.n == 0 {
		return
	}
	if s.n == 0 {
		s.min = o.min
	}
	s.min, s.max = min(s.min, o.min), max(s.max, o.max)
	s.n += o.n
	var carry uint64
	s.low, carry = bits.Add64(s.low, o.low, 0)
	s.high, _ = bits.Add64(s.high, o.high, carry)
	if s.n <= exactUpTo {
		s.exact = append(s.exact, o.exact...)
		s.sorted = false
		return
	}
	s.divide()
	for _, v := range o.exact {
		s.cells[cellOf(v)]++
	}
	for cell, n := range o.cells {
		if n > 0 {
			s.cells[cell] += n
		}
	}
}

// Count returns how many times were counted.
func (s *Sketch) Count() int64 { return s.n }

// Refused returns how many times below zero were left out.
func (s *Sketch) Refused() int64 { return s.refused }

// Total returns the sum in microseconds.
func (s *Sketch) Total() float64 { return float64(s.high)*0x1p64 + float64(s.low) }

// Mean returns the mean in microseconds, NaN of nothing.
func (s *Sketch) Mean() float64 {
	if s.n == 0 {
		return math.NaN()
	}
	return s.Total() / float64(s.n)
}

// Min returns the shortest time, 0 of nothing.
func (s *Sketch) Min() border.Micros { return s.min }

// Max returns the longest time, 0 of nothing.
func (s *Sketch) Max() border.Micros { return s.max }

// Quantile returns the time in microseconds that the share q of all times, from
// 0 to 1, does not exceed; NaN of nothing. Between two exact times it
// interpolates: definition 7 of Hyndman and Fan, "Sample Quantiles in
// Statistical Packages", The American Statistician 50(4), 1996.
func (s *Sketch) Quantile(q float64) float64 {
	if s.n == 0 {
		return math.NaN()
	}
	place := q * float64(s.n-1)
	if s.n > exactUpTo {
		return s.quantileOfCells(int64(place))
	}
	if !s.sorted {
		slices.Sort(s.exact)
		s.sorted = true
	}
	return interpolate(s.exact, place)
}

// quantileOfCells returns the middle of the cell in which the time lies that
// so many others come before.
func (s *Sketch) quantileOfCells(before int64) float64 {
	for cell, n := range s.cells {
		if before < n {
			least, width := cellBounds(cell)
			return float64(min(max(least+width/2, s.min), s.max))
		}
		before -= n
	}
	return float64(s.max)
}

// ShareWithin returns the share of times that are limit or shorter, NaN of nothing.
func (s *Sketch) ShareWithin(limit border.Micros) float64 {
	switch {
	case s.n == 0:
		return math.NaN()
	case limit < s.min:
		return 0
	case limit >= s.max:
		return 1
	}
	within := 0.0
	for _, v := range s.exact {
		if v <= limit {
			within++
		}
	}
	if s.n > exactUpTo {
		last := cellOf(limit)
		for _, n := range s.cells[:last] {
			within += float64(n)
		}
		least, width := cellBounds(last)
		within += float64(s.cells[last]) * float64(limit-least+1) / float64(width)
	}
	return within / float64(s.n)
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
