package study

import "math"

// StudentQuantile returns the quantile p, between 0 and 1, of Student's t
// distribution with df degrees of freedom, 1 or more: NaN where there is none.
// Formulas 26.7.3 to 26.7.5 of Abramowitz and Stegun, Handbook of Mathematical
// Functions; within 10^-8 of the true value for p from 0.001 to 0.999.
func StudentQuantile(p float64, df int) float64 {
	switch {
	case !(p > 0 && p < 1) || df < 1:
		return math.NaN()
	case p < 0.5:
		return -StudentQuantile(1-p, df)
	case df > 100:
		return studentExpansion(p, float64(df))
	}
	low, high := 0.0, 1.0
	for studentCDF(high, df) < p {
		low, high = high, 2*high
	}
	for range 64 {
		if middle := (low + high) / 2; studentCDF(middle, df) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// studentCDF returns the probability of less than t >= 0.
func studentCDF(t float64, df int) float64 {
	angle := math.Atan(t / math.Sqrt(float64(df)))
	sin, cos := math.Sincos(angle)
	term := 1.0
	if df%2 == 1 {
		term = cos
	}
	sum := 0.0
	for j := 2 + df%2; j <= df; j += 2 {
		sum += term
		term *= float64(j-1) / float64(j) * cos * cos
	}
	within := sin * sum
	if df%2 == 1 {
		within = 2 / math.Pi * (angle + within)
	}
	return (1 + within) / 2
}

// studentExpansion corrects the normal quantile by powers of 1/df.
func studentExpansion(p, df float64) float64 {
	x := math.Sqrt2 * math.Erfinv(2*p-1)
	y := x * x
	return x * (1 +
		(y+1)/4/df +
		((5*y+16)*y+3)/96/(df*df) +
		(((3*y+19)*y+17)*y-15)/384/(df*df*df) +
		((((79*y+776)*y+1482)*y-1920)*y-945)/92160/(df*df*df*df))
}
