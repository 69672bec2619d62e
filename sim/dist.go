package sim

import (
	"fmt"
	"math"
	"time"

	"landport/border"
)

// Longest is the greatest time a Dist can be given or draw: a hundred years.
const Longest = 36525 * border.Day

// Dist is a distribution of times: whole microseconds, from 0 to Longest. The
// zero value is always 0. One of the functions below makes it, Check says
// whether its parameters were right, and it never changes after that: any
// number of replications may draw from one.
type Dist struct {
	kind kind
	mean float64 // of what is drawn, in microseconds
	cv   float64 // of what is drawn: standard deviation over mean
	// What the draw needs, by kind.
	a, b, c float64
	cells   []cell
	err     error
}

type kind uint8

const (
	deterministic kind = iota
	exponential
	truncatedNormal
	logNormal
	gamma
	uniform
	triangular
	empirical
)

func (k kind) String() string {
	return [...]string{"deterministic", "exponential", "normal truncated at zero", "log-normal", "gamma",
		"uniform", "triangular", "empirical"}[k]
}

// Deterministic is always t.
func Deterministic(t border.Micros) Dist {
	return Dist{kind: deterministic, mean: float64(t), err: checkTime("time", t, 0)}
}

// Exponential has the given mean.
func Exponential(mean border.Micros) Dist {
	return Dist{kind: exponential, mean: float64(mean), cv: 1, err: checkTime("mean", mean, 0)}
}

// TruncatedNormal is a normal distribution of which what lies below zero is
// cut off and drawn again. mean and sd are those of the parent, the normal
// before it is cut; what is left has a greater mean, which Mean returns, and a
// smaller deviation (Johnson, Kotz and Balakrishnan, Continuous Univariate
// Distributions 1, 13.10.1).
func TruncatedNormal(mean, sd border.Micros) Dist {
	if sd == 0 {
		return Deterministic(mean)
	}
	d := Dist{kind: truncatedNormal, a: float64(mean), b: float64(sd)}
	d.err = firstError(checkTime("mean", mean, 0), checkTime("standard deviation", sd, 0))
	cut := -d.a / d.b
	hazard := math.Exp(-0.5*cut*cut) / math.Sqrt(2*math.Pi) / (0.5 * math.Erfc(cut/math.Sqrt2))
	d.mean = d.a + d.b*hazard
	d.cv = d.b * math.Sqrt(1+cut*hazard-hazard*hazard) / d.mean
	return d
}

// LogNormal has the given mean and coefficient of variation.
func LogNormal(mean border.Micros, cv float64) Dist {
	d := Dist{kind: logNormal, mean: float64(mean), cv: cv}
	d.err = firstError(checkTime("mean", mean, 0), checkCV(cv))
	d.a = d.mean / math.Sqrt(1+float64(cv*cv))
	d.b = math.Sqrt(log(1 + float64(cv*cv)))
	return d
}

// LogNormalP90 is the log-normal distribution with the given median and 90th
// percentile.
func LogNormalP90(median, p90 border.Micros) Dist {
	err := firstError(checkTime("median", median, 1), checkTime("90th percentile", p90, 1))
	if err != nil {
		return Dist{err: err}
	}
	if p90 < median {
		return Dist{err: fmt.Errorf("the 90th percentile %s is below the median %s; it must not be", span(p90), span(median))}
	}
	const z90 = 1.2815515655446004 // 90th percentile of the standard normal
	sigma := log(float64(p90)/float64(median)) / z90
	growth := exp(0.5 * float64(sigma*sigma))
	d := Dist{kind: logNormal, a: float64(median), b: sigma}
	d.mean = d.a * growth
	d.cv = math.Sqrt(float64(growth*growth) - 1)
	d.err = firstError(checkCV(d.cv), checkTime("mean", roundSpan(d.mean), 1))
	return d
}

// Gamma has the given mean and coefficient of variation.
func Gamma(mean border.Micros, cv float64) Dist {
	if cv == 0 {
		return Deterministic(mean)
	}
	d := Dist{kind: gamma, mean: float64(mean), cv: cv}
	d.err = firstError(checkTime("mean", mean, 0), checkCV(cv))
	shape := 1 / float64(cv*cv)
	if shape < 1 { // Marsaglia and Tsang need a shape of 1 or more: draw shape+1 and shrink
		d.c = 1 / shape
		shape++
	}
	d.a = shape - 1./3
	d.b = d.mean * float64(cv*cv)
	return d
}

// Erlang is the sum of k exponential phases, with the given mean in all.
func Erlang(mean border.Micros, k int) Dist {
	if k < 1 {
		return Dist{err: fmt.Errorf("an Erlang distribution of %d phases is impossible; it has 1 or more", k)}
	}
	return Gamma(mean, 1/math.Sqrt(float64(k)))
}

// Uniform is any microsecond from low to high with equal probability.
func Uniform(low, high border.Micros) Dist {
	err := firstError(checkTime("least time", low, 0), checkTime("greatest time", high, 0))
	if err == nil && high < low {
		err = fmt.Errorf("the greatest time %s is below the least %s; exchange them", span(high), span(low))
	}
	d := Dist{kind: uniform, a: float64(low), b: float64(high-low) + 1, err: err}
	d.mean = (float64(low) + float64(high)) / 2
	d.cv = ratio(math.Sqrt((d.b*d.b-1)/12), d.mean)
	return d
}

// Triangular rises from low to its mode and falls to high.
func Triangular(low, mode, high border.Micros) Dist {
	if low == high && mode == low {
		return Deterministic(low)
	}
	err := firstError(checkTime("least time", low, 0), checkTime("greatest time", high, 0))
	if err == nil && (mode < low || mode > high) {
		err = fmt.Errorf("the most frequent time %s lies outside %s to %s; it must be between", span(mode), span(low), span(high))
	}
	a, b, c := float64(low), float64(mode), float64(high)
	d := Dist{kind: triangular, a: a, b: b, c: c, mean: (a + b + c) / 3, err: err}
	d.cv = ratio(math.Sqrt((a*a+b*b+c*c-a*b-a*c-b*c)/18), d.mean)
	return d
}

// Mean returns the mean of what Draw returns.
func (d *Dist) Mean() border.Micros { return roundSpan(d.mean) }

// CV returns the coefficient of variation of what Draw returns: standard
// deviation over mean, 0 where the mean is 0.
func (d *Dist) CV() float64 { return d.cv }

// Check returns nil or one sentence that says which parameter is wrong and
// what would be right. A Dist that is wrong must not be drawn from.
func (d *Dist) Check() error { return d.err }

// String returns kind, mean and coefficient of variation.
func (d *Dist) String() string {
	return fmt.Sprintf("%s, mean %s, cv %.3g", d.kind, span(d.Mean()), d.cv)
}

// Draw returns a time. It allocates nothing.
func (d *Dist) Draw(s *Stream) border.Micros {
	if d.kind == exponential {
		return roundSpan(float64(s.Exponential() * d.mean))
	}
	return d.draw(s)
}

func (d *Dist) draw(s *Stream) border.Micros {
	switch d.kind {
	case truncatedNormal:
		x := -1.0
		for x < 0 {
			x = muladd(d.b, s.Normal(), d.a)
		}
		return roundSpan(x)
	case logNormal:
		return roundSpan(float64(d.a * exp(float64(d.b*s.Normal()))))
	case gamma:
		x := float64(d.b * s.gamma(d.a))
		if d.c > 0 {
			x *= exp(-float64(s.Exponential() * d.c))
		}
		return roundSpan(float64(x))
	case uniform:
		return border.Micros(d.a) + border.Micros(s.Below(uint64(d.b)))
	case triangular:
		return roundSpan(d.drawTriangular(s.Float64()))
	case empirical:
		return drawCell(d.cells, s.Uint64())
	default:
		return border.Micros(d.mean)
	}
}

// drawTriangular inverts the distribution function at u.
func (d *Dist) drawTriangular(u float64) float64 {
	width := d.c - d.a
	if float64(u*width) < d.b-d.a {
		return d.a + math.Sqrt(float64(float64(u*width)*(d.b-d.a)))
	}
	return d.c - math.Sqrt(float64(float64((1-u)*width)*(d.c-d.b)))
}

// gamma returns a gamma variate of scale 1 and shape third + 1/3, at least 1,
// after Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables",
// ACM TOMS 26(3), 2000.
func (s *Stream) gamma(third float64) float64 {
	c := 1 / math.Sqrt(9*third)
	for {
		x := s.Normal()
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = float64(float64(v*v) * v)
		u, xx := s.Float64(), float64(x*x)
		if u < 1-float64(float64(0.0331*xx)*xx) ||
			log(u) < muladd(third, 1-v+log(v), float64(0.5*xx)) {
			return float64(third * v)
		}
	}
}

// roundSpan returns x >= 0 to the nearest microsecond, at most Longest.
func roundSpan(x float64) border.Micros {
	if x < float64(Longest) {
		return border.Micros(x + 0.5)
	}
	return Longest
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func checkTime(what string, t, least border.Micros) error {
	if t < least || t > Longest {
		return fmt.Errorf("the %s %s is impossible; it must be from %s to 100 years", what, span(t), span(least))
	}
	return nil
}

func checkCV(cv float64) error {
	if !(cv >= 0 && cv <= 100) {
		return fmt.Errorf("the coefficient of variation %g is impossible; it must be from 0 to 100", cv)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// span writes t as 1h2m3.5s.
func span(t border.Micros) time.Duration {
	return time.Duration(min(max(t, -Longest), Longest)) * time.Microsecond
}
