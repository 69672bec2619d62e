package sim

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

const minute = border.Minute

// What is drawn has the mean and variation that Mean and CV promise, and
// follows the distribution function in minutes.
func TestDistDrawsWhatItPromises(t *testing.T) {
	phi := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	clamp := func(x float64) float64 { return min(1, max(0, x)) }
	gammaCDF := func(shape, scale float64) func(float64) float64 {
		return func(x float64) float64 { return lowerGamma(shape, x/scale) }
	}
	for _, c := range []struct {
		name     string
		dist     Dist
		mean, cv float64 // in minutes; by the textbook formula
		cdf      func(float64) float64
	}{
		{"exponential", Exponential(12 * minute), 12, 1, func(x float64) float64 { return -math.Expm1(-x / 12) }},
		{"normal, hardly cut", TruncatedNormal(10*minute, minute), 10, 0.1, func(x float64) float64 { return phi(x - 10) }},
		{"normal, half cut", TruncatedNormal(0, 10*minute), 10 * math.Sqrt(2/math.Pi), math.Sqrt(math.Pi/2 - 1),
			func(x float64) float64 { return 2*phi(x/10) - 1 }},
		{"log-normal", LogNormal(20*minute, 0.8), 20, 0.8, func(x float64) float64 {
			sigma := math.Sqrt(math.Log1p(0.64))
			return phi((math.Log(x/20) + sigma*sigma/2) / sigma)
		}},
		{"log-normal by percentiles", LogNormalP90(10*minute, 30*minute),
			10 * math.Exp(0.5*math.Pow(math.Log(3)/1.2815515655446004, 2)),
			math.Sqrt(math.Expm1(math.Pow(math.Log(3)/1.2815515655446004, 2))),
			func(x float64) float64 { return phi(math.Log(x/10) / (math.Log(3) / 1.2815515655446004)) }},
		{"gamma", Gamma(15*minute, 0.5), 15, 0.5, gammaCDF(4, 15./4)},
		{"gamma, shape below 1", Gamma(15*minute, 1.5), 15, 1.5, gammaCDF(4./9, 33.75)},
		{"Erlang", Erlang(6*minute, 3), 6, 1 / math.Sqrt(3), gammaCDF(3, 2)},
		{"Erlang of one phase", Erlang(6*minute, 1), 6, 1, gammaCDF(1, 6)},
		{"uniform", Uniform(2*minute, 8*minute), 5, 6 / math.Sqrt(12) / 5, func(x float64) float64 { return clamp((x - 2) / 6) }},
		{"triangular", Triangular(2*minute, 4*minute, 12*minute), 6, math.Sqrt(84./18) / 6, func(x float64) float64 {
			if x < 4 {
				return (x - 2) * (x - 2) / 20
			}
			return 1 - (12-x)*(12-x)/80
		}},
		{"triangular, mode at the end", Triangular(0, 3*minute, 3*minute), 2, math.Sqrt(0.5) / 2,
			func(x float64) float64 { return x * x / 9 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.dist.Check(); err != nil {
				t.Fatal(err)
			}
			within(t, "Mean", c.dist.Mean().Minutes(), c.mean, 1e-6)
			within(t, "CV", c.dist.CV(), c.cv, 1e-6)
			const n = 400_000
			s := Derive(30, 0, c.name)
			xs := make([]float64, n)
			sum, squares := 0.0, 0.0
			for i := range xs {
				x := c.dist.Draw(&s)
				if x < 0 {
					t.Fatalf("drew %d µs, want 0 or more", x)
				}
				xs[i] = x.Minutes()
				sum += xs[i]
				squares += xs[i] * xs[i]
			}
			mean := sum / n
			within(t, "mean drawn", mean, c.mean, 4*c.cv*c.mean/math.Sqrt(n))
			within(t, "variation drawn", math.Sqrt(squares/n-mean*mean)/mean, c.cv, 0.02*c.cv)
			kolmogorovSmirnov(t, xs, c.cdf)
		})
	}
}

func TestDeterministicDraws(t *testing.T) {
	s := Derive(31, 0, "deterministic")
	for _, d := range []Dist{
		Deterministic(7 * minute), TruncatedNormal(7*minute, 0), Gamma(7*minute, 0), LogNormal(7*minute, 0),
		Uniform(7*minute, 7*minute), Triangular(7*minute, 7*minute, 7*minute), Empirical([]border.Micros{7 * minute}, nil),
	} {
		if got := d.Draw(&s); got != 7*minute || d.Mean() != 7*minute || d.CV() != 0 || d.Check() != nil {
			t.Errorf("%v drew %v; want always 7 minutes", &d, got.Minutes())
		}
	}
	var zero Dist
	if zero.Draw(&s) != 0 || zero.Mean() != 0 || zero.Check() != nil {
		t.Error("the zero Dist is not always 0")
	}
}

func TestEmpiricalDrawsByWeight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 5), 1, 12).Draw(t, "weights")
		weights[0] += 0.1
		values := make([]border.Micros, len(weights))
		sum, mean := 0.0, 0.0
		for i, w := range weights {
			values[i] = border.Micros(i) * minute
			sum += w
			mean += w * float64(i)
		}
		d := Empirical(values, weights)
		if err := d.Check(); err != nil {
			t.Fatal(err)
		}
		// The table holds the probabilities exactly, so it is read, not sampled.
		got := make([]float64, len(weights))
		for _, c := range d.cells {
			p := float64(c.keep) / 0x1p64
			got[c.value/minute] += p / float64(len(weights))
			got[c.other/minute] += (1 - p) / float64(len(weights))
		}
		for i, w := range weights {
			if math.Abs(got[i]-w/sum) > 1e-12 {
				t.Fatalf("value %d has the probability %g, want %g", i, got[i], w/sum)
			}
		}
		if math.Abs(d.Mean().Minutes()-mean/sum) > 1e-6 {
			t.Fatalf("Mean is %g minutes, want %g", d.Mean().Minutes(), mean/sum)
		}
	})
}

func TestEmpiricalDraws(t *testing.T) {
	const n = 300_000
	s := Derive(32, 0, "empirical")
	d := Empirical([]border.Micros{minute, 5 * minute, 60 * minute}, []float64{6, 0, 3})
	count := map[border.Micros]float64{}
	for range n {
		count[d.Draw(&s)]++
	}
	within(t, "share of 1 minute", count[minute]/n, 2./3, 0.004)
	within(t, "share of 60 minutes", count[60*minute]/n, 1./3, 0.004)
	if len(count) != 2 {
		t.Errorf("drew %d different values, want the 2 that have weight", len(count))
	}
	within(t, "CV", d.CV(), math.Sqrt(2./9)*59/(62./3), 1e-6)
}

func TestDistNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		dist Dist
		want string
	}{
		{Deterministic(-3 * border.Second), "the time -3s is impossible; it must be from 0s to 100 years"},
		{Exponential(-minute), "the mean -1m0s is impossible"},
		{Exponential(Longest + 1), "it must be from 0s to 100 years"},
		{TruncatedNormal(-minute, minute), "the mean -1m0s is impossible"},
		{TruncatedNormal(minute, -minute), "the standard deviation -1m0s is impossible"},
		{LogNormal(minute, -1), "the coefficient of variation -1 is impossible; it must be from 0 to 100"},
		{LogNormal(minute, math.NaN()), "the coefficient of variation NaN"},
		{LogNormalP90(10*minute, minute), "the 90th percentile 1m0s is below the median 10m0s"},
		{LogNormalP90(0, minute), "the median 0s is impossible"},
		{LogNormalP90(1, Longest), "the coefficient of variation"},
		{Gamma(minute, 101), "the coefficient of variation 101 is impossible"},
		{Erlang(minute, 0), "0 phases is impossible; it has 1 or more"},
		{Uniform(2*minute, minute), "the greatest time 1m0s is below the least 2m0s"},
		{Uniform(-minute, minute), "the least time -1m0s is impossible"},
		{Triangular(0, 3*minute, 2*minute), "the most frequent time 3m0s lies outside 0s to 2m0s"},
		{Empirical(nil, nil), "has no values"},
		{Empirical([]border.Micros{1, 2}, []float64{1}), "2 values have 1 weights"},
		{Empirical([]border.Micros{1, -2}, nil), "value number 2"},
		{Empirical([]border.Micros{1, 2}, []float64{0, 0}), "all 2 weights are 0"},
		{Empirical([]border.Micros{1}, []float64{math.NaN()}), "weight number 1 is NaN"},
	} {
		if err := c.dist.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Check is %v, want it to say %q", err, c.want)
		}
	}
}

// No parameters that pass Check lead to a time outside 0 to Longest.
func TestDistStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := rapid.Custom(func(t *rapid.T) border.Micros {
			return border.Micros(rapid.Int64Range(0, int64(Longest)).Draw(t, "µs"))
		})
		cv := rapid.Float64Range(0, 100)
		a, b, c := span.Draw(t, "a"), span.Draw(t, "b"), span.Draw(t, "c")
		s := Derive(rapid.Uint64().Draw(t, "seed"), 0, "range")
		for _, d := range []Dist{
			Deterministic(a), Exponential(a), TruncatedNormal(a, b), LogNormal(a, cv.Draw(t, "cv")), LogNormalP90(a, b),
			Gamma(a, cv.Draw(t, "cv")), Erlang(a, 1+int(b%100)), Uniform(a, b), Triangular(a, b, c),
			Empirical([]border.Micros{a, b, c}, []float64{float64(b), float64(c), float64(a)}),
		} {
			if d.Check() != nil {
				continue
			}
			for range 20 {
				if x := d.Draw(&s); x < 0 || x > Longest {
					t.Fatalf("%v drew %d µs", &d, x)
				}
			}
		}
	})
}

func TestDrawAllocatesNothing(t *testing.T) {
	s := Derive(33, 0, "allocation")
	dists := testDists()
	if n := testing.AllocsPerRun(1000, func() {
		for i := range dists {
			dists[i].Draw(&s)
		}
	}); n != 0 {
		t.Errorf("%g allocations, want 0", n)
	}
}

// These draws never change, on any processor: results are reproduced by seed.
func TestDrawGolden(t *testing.T) {
	dists := testDists()
	s := Derive(1, 0, "service")
	sums := make([]border.Micros, len(dists))
	for range 10_000 {
		for i := range dists {
			sums[i] += dists[i].Draw(&s)
		}
	}
	for i, want := range []border.Micros{
		600_000_000_000, 597_580_583_510, 765_559_872_447, 602_228_600_133, 596_419_809_030,
		593_664_263_269, 593_807_796_584, 301_032_538_950, 599_167_966_914, 297_420_008_417,
	} {
		if sums[i] != want {
			t.Errorf("10,000 draws of %v add up to %d µs, want %d", &dists[i], sums[i], want)
		}
	}
}

func testDists() []Dist {
	return []Dist{
		Deterministic(minute), Exponential(minute), TruncatedNormal(minute, minute), LogNormal(minute, 1), Gamma(minute, 0.5),
		Gamma(minute, 2), Erlang(minute, 2), Uniform(0, minute), Triangular(0, minute, 2*minute),
		Empirical([]border.Micros{1, 2, minute}, []float64{1, 2, 3}),
	}
}

// lowerGamma is the regularised lower incomplete gamma function P(a, x), by
// its series.
func lowerGamma(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	lg, _ := math.Lgamma(a + 1)
	term := math.Exp(a*math.Log(x) - x - lg)
	sum := 0.0
	for n := 1.0; term > 1e-16*sum && n < 10_000; n++ {
		sum += term
		term *= x / (a + n)
	}
	return min(sum, 1)
}

func BenchmarkDraw(b *testing.B) {
	dists := testDists()
	for i := range dists {
		d := &dists[i]
		b.Run(d.String(), func(b *testing.B) {
			s := Derive(1, 0, "benchmark")
			for b.Loop() {
				d.Draw(&s)
			}
		})
	}
}
