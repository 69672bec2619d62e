package study

import (
	"math"
	"testing"
)

// Values by inversion of the regularised incomplete beta function in 30
// digits; to three decimals they are those of the printed tables.
func TestStudentQuantile(t *testing.T) {
	for _, c := range []struct {
		p    float64
		df   int
		want float64
	}{
		{0.9, 1, 3.0776835371753}, {0.975, 1, 12.706204736175}, {0.999, 1, 318.30883898555},
		{0.9, 2, 1.8856180831641}, {0.975, 2, 4.3026527297495}, {0.999, 2, 22.32712477012},
		{0.9, 3, 1.6377443536962}, {0.975, 3, 3.1824463052837}, {0.999, 3, 10.214531852407},
		{0.9, 4, 1.5332062740589}, {0.975, 4, 2.7764451051978}, {0.999, 4, 7.1731822197823},
		{0.9, 6, 1.4397557472651}, {0.975, 6, 2.446911851145}, {0.999, 6, 5.2076262387254},
		{0.9, 9, 1.3830287383966}, {0.975, 9, 2.2621571627982}, {0.999, 9, 4.2968056627299},
		{0.9, 19, 1.3277282090268}, {0.975, 19, 2.0930240544083}, {0.999, 19, 3.5794001489547},
		{0.9, 30, 1.3104150253914}, {0.975, 30, 2.0422724563012}, {0.999, 30, 3.3851848668293},
		{0.9, 100, 1.2900747613465}, {0.975, 100, 1.9839715185236}, {0.999, 100, 3.1737394937388},
		{0.9, 101, 1.289989808568}, {0.975, 101, 1.9837310029556}, {0.999, 101, 3.1728926657406},
		{0.9, 150, 1.2872209136149}, {0.975, 150, 1.9759053308966}, {0.999, 150, 3.1454525319824},
		{0.9, 1000, 1.2823987214609}, {0.975, 1000, 1.9623390808264}, {0.999, 1000, 3.0984021639129},
		{0.5, 7, 0},
	} {
		near(t, "quantile", StudentQuantile(c.p, c.df), c.want, 1e-8*max(1, c.want))
		near(t, "quantile of the other tail", StudentQuantile(1-c.p, c.df), -c.want, 1e-8*max(1, c.want))
	}
}

func TestStudentQuantileWhereThereIsNone(t *testing.T) {
	for _, c := range []struct {
		p  float64
		df int
	}{{0, 5}, {1, 5}, {-0.1, 5}, {math.NaN(), 5}, {0.975, 0}} {
		if got := StudentQuantile(c.p, c.df); !math.IsNaN(got) {
			t.Errorf("quantile %g with %d degrees of freedom is %g, want NaN", c.p, c.df, got)
		}
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.12g, want %.12g within %g", what, got, want, tolerance)
	}
}
