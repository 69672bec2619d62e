package sim

import "math"

// math.Exp and math.Log may differ in the last bit from one processor to the
// next, as machine code and fused operations differ, and a run must not. These
// two use the same roundings everywhere. Both are within 2 units in the last
// place.

// muladd returns x*y + z with two roundings, never one: see Stream.
func muladd(x, y, z float64) float64 { return float64(x*y) + z }

// ln2Hi has few enough bits that its product with a binary exponent is exact.
const (
	ln2Hi = 0x1.62e42feep-1
	ln2Lo = math.Ln2 - ln2Hi
)

// exp returns e^x: x = k·ln 2 + r with |r| <= ln 2 / 2, then the Taylor series
// of cosh r + sinh r. Below -708 it returns 0, above 709 infinity.
func exp(x float64) float64 {
	if x < -708 {
		return 0
	}
	if x > 709 {
		return math.Inf(1)
	}
	k := math.Floor(muladd(x, math.Log2E, 0.5))
	r := x - float64(k*ln2Hi)
	r -= float64(k * ln2Lo)
	t := float64(r * r)
	odd := muladd(t, 1./39916800, 1./362880)
	odd = muladd(t, odd, 1./5040)
	odd = muladd(t, odd, 1./120)
	odd = muladd(t, odd, 1./6)
	even := muladd(t, 1./479001600, 1./3628800)
	even = muladd(t, even, 1./40320)
	even = muladd(t, even, 1./720)
	even = muladd(t, even, 1./24)
	even = muladd(t, even, 0.5)
	sum := 1 + (r + muladd(t, even, float64(float64(r*t)*odd)))
	return float64(sum * math.Float64frombits(uint64(int64(k)+1023)<<52))
}

// log returns the natural logarithm of x > 0: x = m·2^k with m around 1, then
// ln m = 2 artanh((m-1)/(m+1)) as a series.
func log(x float64) float64 {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = 2*m, k-1
	}
	s := (m - 1) / (m + 1)
	t := float64(s * s)
	sum := 0.0
	for n := 21; n >= 3; n -= 2 {
		sum = float64(t * (1/float64(n) + sum))
	}
	return muladd(float64(k), ln2Hi, muladd(float64(k), ln2Lo, 2*muladd(s, sum, s)))
}
