package study

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"slices"

	"landport/border"
)

// How a Sketch is written: these bytes, then pairs of a difference to the value
// before and how often it came.
const (
	bytesOfTimes = 1 // the times themselves
	bytesOfCells = 2 // times by cell, after sum, least and greatest
)

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
	return appendPairs(b, func(yield func(uint64, int64)) {
		for cell, n := range s.cells {
			if n > 0 {
				yield(uint64(cell), n)
			}
		}
	}), nil
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
	v := uint64(0)
	for range r.uvarint() {
		difference, n := r.pair()
		if v += difference; difference > math.MaxInt64 || v > math.MaxInt64 || n > exactUpTo {
			r.bad = true
		}
		if r.bad {
			return
		}
		if n == 1 && len(s.recent) < cap(s.recent) {
			s.recent = append(s.recent, border.Micros(v))
			continue
		}
		for range n {
			s.Add(border.Micros(v))
		}
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
	cells, at := s.cells, uint64(0)
	for range r.uvarint() {
		difference, n := r.pair()
		if at += difference; difference >= uint64(len(cells)) || at >= uint64(len(cells)) {
			r.bad = true
		}
		if r.bad {
			return
		}
		cells[at] += int64(n)
		s.n += int64(n)
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
