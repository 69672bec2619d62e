package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Stream is a source of random numbers: xoshiro256++ of Blackman and Vigna,
// "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47(4), 2021. It
// is a value: a copy continues with the same numbers. It is not for secrets.
//
// The same stream gives the same bits on every processor: floating point here
// goes through +, -, *, / and square roots only, and where the compiler could
// fuse a product and a sum into one rounding, float64() around the product
// forbids it (Go specification, "Floating-point operators").
type Stream struct{ a, b, c, d uint64 }

// Derive returns the stream of one process in one replication of a seeded
// run. Its numbers depend on these three alone, so adding a process to a
// scenario never changes what another draws.
func Derive(seed uint64, replication int, process string) Stream {
	key := make([]byte, 0, 64)
	key = binary.BigEndian.AppendUint64(key, seed)
	key = binary.BigEndian.AppendUint64(key, uint64(replication))
	key = append(key, process...)
	sum := sha256.Sum256(key)
	return Stream{
		a: binary.BigEndian.Uint64(sum[0:]),
		b: binary.BigEndian.Uint64(sum[8:]),
		c: binary.BigEndian.Uint64(sum[16:]),
		d: binary.BigEndian.Uint64(sum[24:]),
	}
}

// keyed returns a stream that depends on a key alone, by SplitMix64 of Steele,
// Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
func keyed(key uint64) Stream {
	next := func() uint64 {
		key += 0x9e3779b97f4a7c15
		z := (key ^ key>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	return Stream{next(), next(), next(), next()}
}

// Uint64 returns 64 random bits.
func (s *Stream) Uint64() uint64 {
	r := bits.RotateLeft64(s.a+s.d, 23) + s.a
	t := s.b << 17
	s.c ^= s.a
	s.d ^= s.b
	s.b ^= s.c
	s.a ^= s.d
	s.c ^= t
	s.d = bits.RotateLeft64(s.d, 45)
	return r
}

// Float64 returns a number of the open interval (0, 1), uniform over the
// middles of 2^52 equal parts.
func (s *Stream) Float64() float64 { return (float64(int64(s.Uint64()>>12)) + 0.5) * 0x1p-52 }

// Below returns a whole number from 0 to n-1, for n > 0. A value is off its
// fair share by less than n parts in 2^64.
func (s *Stream) Below(n uint64) uint64 {
	hi, _ := bits.Mul64(s.Uint64(), n)
	return hi
}

// Chance reports true with probability p.
func (s *Stream) Chance(p float64) bool { return s.Float64() < p }
