package sim

import "math"

// ziggurat covers a falling density f with 256 layers of equal area, after
// Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables",
// Journal of Statistical Software 5(8), 2000. Layer 0 is the base, as wide as
// its share of the tail makes it; layer i > 0 is a box from 0 to x[i] that is
// under f up to x[i+1]. Unlike the paper's, the layer and the place in it come
// from different bits of one 64-bit number.
type ziggurat struct {
	under  [256]uint64  // below this 53-bit place the layer is wholly under f
	scale  [256]float64 // from a 53-bit place to x
	height [257]float64 // f(x[i]), 1 at the top
}

// newZiggurat builds the layers of area v, of which the base ends at r, for a
// density f with f(0) = 1 and its inverse.
func newZiggurat(r, v float64, f, inverse func(float64) float64) ziggurat {
	var z ziggurat
	width, next := v/f(r), r
	for i := range z.under {
		if i == 255 {
			next = 0
		}
		z.scale[i] = width * 0x1p-53
		z.under[i] = uint64(next / width * 0x1p53)
		z.height[i+1] = f(next)
		width, next = next, inverse(v/next+f(next))
	}
	return z
}

// The base ends and areas for 256 layers.
const (
	exponentialEnd  = 7.697117470131049714
	exponentialArea = 0.003949659822581557220
	normalEnd       = 3.654152885361008772
	normalArea      = 0.004928673233974655347
)

var exponentialLayers = newZiggurat(exponentialEnd, exponentialArea,
	func(x float64) float64 { return exp(-x) },
	func(y float64) float64 { return -log(y) })

var normalLayers = newZiggurat(normalEnd, normalArea, bell,
	func(y float64) float64 { return math.Sqrt(-2 * log(y)) })

// bell is the normal density without its constant.
func bell(x float64) float64 { return exp(-0.5 * float64(x*x)) }

// Exponential returns an exponential variate of mean 1, 0 or more.
func (s *Stream) Exponential() float64 {
	u := s.Uint64()
	if i := u & 255; u>>11 < exponentialLayers.under[i] {
		return float64(float64(int64(u>>11)) * exponentialLayers.scale[i])
	}
	return s.exponentialEdge(u)
}

// exponentialEdge finishes a draw that fell outside the sure part of a layer.
func (s *Stream) exponentialEdge(u uint64) float64 {
	past := 0.0
	for {
		i := u & 255
		x := float64(float64(int64(u>>11)) * exponentialLayers.scale[i])
		switch {
		case u>>11 < exponentialLayers.under[i]:
			return past + x
		case i == 0: // what is left beyond the base is exponential again
			past += exponentialEnd
		case s.between(exponentialLayers.height[i], exponentialLayers.height[i+1]) < exp(-x):
			return past + x
		}
		u = s.Uint64()
	}
}

// Normal returns a variate of the standard normal distribution.
func (s *Stream) Normal() float64 {
	u := s.Uint64()
	place, i := int64(u)>>10, u&255
	if uint64(max(place, -place)) < normalLayers.under[i] {
		return float64(float64(place) * normalLayers.scale[i])
	}
	return s.normalEdge(place, i)
}

// normalEdge finishes a draw that fell outside the sure part of a layer.
func (s *Stream) normalEdge(place int64, i uint64) float64 {
	for {
		x := float64(float64(place) * normalLayers.scale[i])
		switch {
		case uint64(max(place, -place)) < normalLayers.under[i]:
			return x
		case i == 0:
			return math.Copysign(s.normalTail(), x)
		case s.between(normalLayers.height[i], normalLayers.height[i+1]) < bell(x):
			return x
		}
		u := s.Uint64()
		place, i = int64(u)>>10, u&255
	}
}

// between returns a number uniform between low and high.
func (s *Stream) between(low, high float64) float64 { return muladd(s.Float64(), high-low, low) }

// normalTail returns a normal variate beyond the base, after Marsaglia,
// "Generating a Variable from the Tail of the Normal Distribution",
// Technometrics 6(1), 1964.
func (s *Stream) normalTail() float64 {
	for {
		x := s.Exponential() / normalEnd
		if 2*s.Exponential() > float64(x*x) {
			return normalEnd + x
		}
	}
}
