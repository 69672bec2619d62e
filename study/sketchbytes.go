package study

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"slices"

	"landport/border"
)

// How a Sketch is written.
const (
	bytesOfTimes = 1 // pairs of a difference to the time before and how often it came
	bytesOfCells = 3 // sum, least and greatest; runs of cells and the number in each
)

// gapMost is how many empty cells a run goes on over: to end one and begin the
// next takes as many bytes.
const gapMost = 2

var errSketch = errors.New("the bytes are not those of a sketch")

// AppendBinary appends the sketch as MergeBinary reads it: small where few
// different times were counted, and exact where the sketch is.
func (s *Sketch) AppendBinary(b []byte) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(s.refused))
	if s.exact() {
		s.take()
		slices.Sort(s.recent)
		s.sorted = len(s.recent)
		b = append(b, bytesOfTimes)
		return appendPairs(b, func(yield func(uint64, int64)) {
			for i := 0; i < len(s.recent); {
				next := i + 1
				for next < len(s.recent) && s.recent[next] == s.recent[i] {
					next++
				}
				yield(uint64(s.recent[i]), int64(next-i))
				i = next
			}
		}), nil
	}
	b = append(b, bytesOfCells)
	for _, v := range [...]uint64{s.high, s.low, uint64(s.min), uint64(s.max)} {
		b = binary.AppendUvarint(b, v)
	}
	return s.appendRuns(b), nil
}

// appendPairs appends values that rise, each with its number, and how many
// pairs there are ahead of them.
func appendPairs(b []byte, each func(yield func(uint64, int64))) []byte {
	pairs, last := 0, uint64(0)
	each(func(uint64, int64) { pairs++ })
	b = binary.AppendUvarint(b, uint64(pairs))
	each(func(v uint64, n int64) {
		b = binary.AppendUvarint(b, v-last)
		b = binary.AppendUvarint(b, uint64(n))
		last = v
	})
	return b
}

// appendRuns appends the cells: how many are passed over, how long the run is
// and what is in each of it, until a run of none.
func (s *Sketch) appendRuns(b []byte) []byte {
	for at := 0; ; {
		first := at
		for first < len(s.cells) && s.cells[first] == 0 {
			first++
		}
		end := first
		for i := first; i < len(s.cells) && i <= end+gapMost; i++ {
			if s.cells[i] > 0 {
				end = i + 1
			}
		}
		if first == end {
			return append(b, 0, 0)
		}
		b = binary.AppendUvarint(b, uint64(first-at))
		b = binary.AppendUvarint(b, uint64(end-first))
		for _, n := range s.cells[first:end] {
			b = binary.AppendUvarint(b, uint64(n))
		}
		at = end
	}
}

// MergeBinary counts everything that a sketch had counted which AppendBinary
// wrote, and returns what follows it. After an error the sketch is of no use.
func (s *Sketch) MergeBinary(b []byte) (rest []byte, err error) {
	r := sketchReader{bytes: b}
	s.refused += int64(r.uvarint())
	switch r.byte() {
	case bytesOfTimes:
		s.mergeTimes(&r)
	case bytesOfCells:
		s.mergeCells(&r)
	default:
		r.bad = true
	}
	if r.bad {
		return nil, errSketch
	}
	return r.bytes, nil
}

func (s *Sketch) mergeTimes(r *sketchReader) {
	v, pairs := uint64(0), r.uvarint()
	first, exact := s.Count() == 0, s.exact()
	if exact {
		s.reserve(pairs)
	}
	for range pairs {
		difference, n := r.pair()
		if v += difference; difference > math.MaxInt64 || v > math.MaxInt64 || n > exactUpTo {
			r.bad = true
		}
		switch {
		case r.bad:
			return
		case !exact:
			s.tally(border.Micros(v), int64(n))
		case n == 1 && len(s.recent) < cap(s.recent):
			s.recent = append(s.recent, border.Micros(v))
		default:
			for range n {
				s.Add(border.Micros(v))
			}
		}
	}
	if first && s.exact() {
		s.sorted = len(s.recent)
	}
}

// reserve makes room for so many more recent times, if that many can be kept.
func (s *Sketch) reserve(more uint64) {
	if have := len(s.recent); more <= uint64(exactUpTo-have) && have+int(more) > cap(s.recent) {
		s.recent = append(make([]border.Micros, 0, min(max(16, have+int(more), 2*have), exactUpTo)), s.recent...)
	}
}

func (s *Sketch) mergeCells(r *sketchReader) {
	high, low := r.uvarint(), r.uvarint()
	least, most := border.Micros(r.uvarint()), border.Micros(r.uvarint())
	if r.bad || least < 0 || most < least {
		r.bad = true
		return
	}
	s.take()
	if s.Count() == 0 {
		s.min = least
	}
	s.min, s.max = min(s.min, least), max(s.max, most)
	s.count()
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high, _ = bits.Add64(s.high, high, carry)
	s.mergeRuns(r)
}

func (s *Sketch) mergeRuns(r *sketchReader) {
	for cells := s.cells; ; {
		gap, length := r.uvarint(), r.uvarint()
		if r.bad || gap > uint64(len(cells)) || length > uint64(len(cells))-gap {
			r.bad = true
			return
		}
		if length == 0 {
			return
		}
		run := cells[gap : gap+length]
		cells = cells[gap+length:]
		all, b := uint64(0), r.bytes
		for i := range run {
			if len(b) > 0 && b[0] < 0x80 { // most are short
				run[i] += int64(b[0])
				all += uint64(b[0])
				b = b[1:]
				continue
			}
			n, size := binary.Uvarint(b)
			if size <= 0 || n > math.MaxInt64/2 {
				r.bad = true
				return
			}
			run[i] += int64(n)
			all += n
			b = b[size:]
		}
		r.bytes = b
		s.n += int64(all)
	}
}

// sketchReader reads what AppendBinary wrote.
type sketchReader struct {
	bytes []byte
	bad   bool
}

func (r *sketchReader) byte() byte {
	if len(r.bytes) == 0 {
		r.bad = true
		return 0
	}
	b := r.bytes[0]
	r.bytes = r.bytes[1:]
	return b
}

func (r *sketchReader) uvarint() uint64 {
	if len(r.bytes) > 0 && r.bytes[0] < 0x80 { // most are short
		v := uint64(r.bytes[0])
		r.bytes = r.bytes[1:]
		return v
	}
	if len(r.bytes) >= 8 {
		if v, n := uvarint8(binary.LittleEndian.Uint64(r.bytes)); n <= 8 {
			r.bytes = r.bytes[n:]
			return v
		}
	}
	v, n := binary.Uvarint(r.bytes)
	if n <= 0 {
		r.bad, r.bytes = true, nil
		return 0
	}
	r.bytes = r.bytes[n:]
	return v
}

// uvarint8 is binary.Uvarint of eight bytes without a branch for each, which
// takes half the time where lengths differ; n is 9 if it is longer.
func uvarint8(b uint64) (v uint64, n int) {
	const last = 0x8080808080808080 // set in all bytes but the last
	end := ^b & last
	n = bits.TrailingZeros64(end)/8 + 1
	b &= end ^ (end - 1)
	b &^= last
	b = b&0x007f007f007f007f | b&0x7f007f007f007f00>>1
	b = b&0x00003fff00003fff | b&0x3fff00003fff0000>>2
	return b&0x0fffffff | b&0x0fffffff00000000>>4, n
}

// pair reads a difference and a number above zero. Most take a byte each.
func (r *sketchReader) pair() (difference, n uint64) {
	if b := r.bytes; len(b) > 1 && b[0]|b[1] < 0x80 {
		difference, n, r.bytes = uint64(b[0]), uint64(b[1]), b[2:]
	} else {
		difference, n = r.uvarint(), r.uvarint()
	}
	if n == 0 || n > math.MaxInt64/2 {
		r.bad = true
	}
	return difference, n
}
