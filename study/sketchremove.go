package study

import (
	"math/bits"
	"slices"

	"landport/border"
)

// Remove takes a time out that was counted. The sketch is then as if it never
// had been, to the byte. It returns false, and the sketch is of no use, where it
// was not counted, or cells cannot tell what is left: not the times themselves
// of the last 1,024, nor which is the shortest or longest once that is gone.
func (s *Sketch) Remove(v border.Micros) bool {
	switch {
	case v < 0:
		s.refused--
		return s.refused >= 0
	case s.exact():
		return s.removeExact(v)
	}
	cell := cellOf(v)
	if s.n <= exactUpTo+1 || cell >= len(s.cells) || s.cells[cell] == 0 {
		return false
	}
	s.cells[cell]--
	s.n--
	var borrow uint64
	s.low, borrow = bits.Sub64(s.low, uint64(v), 0)
	s.high -= borrow
	_, width := cellBounds(cell)
	another := width == 1 && s.cells[cell] > 0
	return another || v != s.min && v != s.max
}

func (s *Sketch) removeExact(v border.Micros) bool {
	at := slices.Index(s.recent, v)
	if at < 0 {
		return false
	}
	*s = Sketch{recent: slices.Delete(s.recent, at, at+1), refused: s.refused}
	return true
}
