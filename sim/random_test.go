package sim

import (
	"math"
	"slices"
	"testing"
)

// The reference outputs that xoshiro256++ gives from the state 1, 2, 3, 4.
func TestStreamIsXoshiro256PlusPlus(t *testing.T) {
	s := Stream{1, 2, 3, 4}
	for i, want := range []uint64{
		41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205,
		9973669472204895162, 14011001112246962877, 12406186145184390807,
		15849039046786891736, 10450023813501588000,
	} {
		if got := s.Uint64(); got != want {
			t.Fatalf("number %d is %d, want %d", i, got, want)
		}
	}
}

// These numbers never change, on any processor: results are reproduced by seed.
func TestStreamGolden(t *testing.T) {
	s := Derive(1, 0, "arrivals")
	for i, want := range []uint64{
		0xc30bb96195dd4b2, 0x63dd39e3216bf63a, 0x66d3a4e94d959daf, 0x7ce30edf104c889d,
	} {
		if got := s.Uint64(); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
	s = Derive(1, 0, "arrivals")
	sum := 0.0
	for range 100_000 {
		sum += s.Exponential() + s.Normal() + s.Float64()
	}
	if want := 0x1.26665c5cd9d6p+17; sum != want {
		t.Errorf("the sum of 300,000 variates is %x, want %x", sum, want)
	}
}

func TestDeriveDependsOnEachPart(t *testing.T) {
	seen := map[Stream]string{}
	for _, seed := range []uint64{0, 1, 1 << 63} {
		for replication := range 100 {
			for _, process := range []string{"", "a", "b", "ab", "service at Bavet, exit"} {
				s := Derive(seed, replication, process)
				if other, ok := seen[s]; ok {
					t.Fatalf("seed %d, replication %d, process %q: same stream as process %q", seed, replication, process, other)
				}
				seen[s] = process
			}
		}
	}
	if again := Derive(0, 3, "a"); seen[again] != "a" {
		t.Fatal("the same seed, replication and process gave two streams")
	}
}

func TestDerivedStreamsAreUncorrelated(t *testing.T) {
	const n = 1_000_000
	for replication := range 5 {
		a, b := Derive(1, replication, "a"), Derive(1, replication, "b")
		sum := 0.0
		for range n {
			sum += (a.Float64() - 0.5) * (b.Float64() - 0.5)
		}
		if r := 12 * sum / n; math.Abs(r) > 4/math.Sqrt(n) {
			t.Errorf("replication %d: correlation %g, want within %g", replication, r, 4/math.Sqrt(n))
		}
	}
}

func TestFloat64StaysInsideTheOpenInterval(t *testing.T) {
	// From these states the next 64 bits are all zeros and all ones.
	for _, s := range []Stream{{}, {d: math.MaxUint64}} {
		next := s
		u := next.Uint64()
		if u != 0 && u != math.MaxUint64 {
			t.Fatalf("state %v gives %#x, want an extreme", s, u)
		}
		if x := s.Float64(); x <= 0 || x >= 1 {
			t.Errorf("from bits %#x Float64 is %g, want it inside (0, 1)", u, x)
		}
	}
}

func TestVariatesFollowTheirDistribution(t *testing.T) {
	normal := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	for _, c := range []struct {
		name                 string
		draw                 func(*Stream) float64
		cdf                  func(float64) float64
		mean, variance, skew float64
		excess               float64 // kurtosis less 3
	}{
		{"uniform", (*Stream).Float64, func(x float64) float64 { return x }, 0.5, 1. / 12, 0, -1.2},
		{"exponential", (*Stream).Exponential, func(x float64) float64 { return -math.Expm1(-x) }, 1, 1, 2, 6},
		{"normal", (*Stream).Normal, normal, 0, 1, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n = 2_000_000
			s := Derive(20, 0, c.name)
			xs := make([]float64, n)
			var m1, m2, m3 float64
			for i := range xs {
				xs[i] = c.draw(&s)
				d := xs[i] - c.mean
				m1, m2, m3 = m1+d/n, m2+d*d/n, m3+d*d*d/n
			}
			sd := math.Sqrt(c.variance)
			within(t, "mean", m1+c.mean, c.mean, 4*sd/math.Sqrt(n))
			within(t, "variance", m2, c.variance, 4*c.variance*math.Sqrt((c.excess+2)/n))
			within(t, "third moment", m3/(sd*sd*sd), c.skew, 0.06)
			kolmogorovSmirnov(t, xs, c.cdf)
			chiSquare(t, xs, c.cdf)
		})
	}
}

// Beyond the base of the ziggurat the tail has its own code.
func TestTailsFollowTheirDistribution(t *testing.T) {
	const n = 20_000_000
	for _, c := range []struct {
		name string
		draw func(*Stream) float64
		end  float64
		tail func(float64) float64 // probability of more than x
	}{
		{"exponential", (*Stream).Exponential, exponentialEnd, func(x float64) float64 { return math.Exp(-x) }},
		{"normal above", (*Stream).Normal, normalEnd, func(x float64) float64 { return 0.5 * math.Erfc(x/math.Sqrt2) }},
		{"normal below", func(s *Stream) float64 { return -s.Normal() }, normalEnd,
			func(x float64) float64 { return 0.5 * math.Erfc(x/math.Sqrt2) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Derive(21, 0, c.name)
			var beyond []float64
			for range n {
				if x := c.draw(&s); x > c.end {
					beyond = append(beyond, x)
				}
			}
			p := c.tail(c.end)
			within(t, "share beyond the base", float64(len(beyond))/n, p, 4*math.Sqrt(p/n))
			kolmogorovSmirnov(t, beyond, func(x float64) float64 { return 1 - c.tail(x)/p })
		})
	}
}

// A ziggurat is sound when its last box closes exactly at the top of the
// density and its area is that of the base with the tail.
func TestZigguratCloses(t *testing.T) {
	for _, c := range []struct {
		name    string
		z       *ziggurat
		v, r, f float64
		tail    float64
	}{
		{"exponential", &exponentialLayers, exponentialArea, exponentialEnd, math.Exp(-exponentialEnd), math.Exp(-exponentialEnd)},
		{"normal", &normalLayers, normalArea, normalEnd, math.Exp(-normalEnd * normalEnd / 2),
			math.Sqrt(math.Pi/2) * math.Erfc(normalEnd/math.Sqrt2)},
	} {
		within(t, c.name+" base area", c.r*c.f+c.tail, c.v, 1e-15)
		for i := 1; i < 256; i++ {
			width := c.z.scale[i] * 0x1p53
			within(t, c.name+" layer area", width*(c.z.height[i+1]-c.z.height[i]), c.v, 1e-13)
		}
		within(t, c.name+" top", c.z.height[256], 1, 0)
	}
}

func TestExpAndLogAreWithinTwoUlp(t *testing.T) {
	s := Derive(22, 0, "elementary")
	for range 1_000_000 {
		x := (s.Float64() - 0.5) * 1400
		within(t, "exp", exp(x)/math.Exp(x), 1, 0x1p-51)
		y := math.Exp(x)
		within(t, "log", log(y), math.Log(y), 0x1p-51*math.Abs(math.Log(y)))
		z := 0.5 + 1.5*s.Float64()
		within(t, "log near 1", log(z), math.Log(z), 0x1p-51*math.Abs(math.Log(z)))
	}
	for _, c := range []struct{ got, want float64 }{
		{exp(0), 1}, {log(1), 0}, {exp(-1000), 0}, {exp(1000), math.Inf(1)}, {exp(1), math.E}, {log(2), math.Ln2},
	} {
		if c.got != c.want {
			t.Errorf("got %g, want %g", c.got, c.want)
		}
	}
}

func TestBelowIsUniform(t *testing.T) {
	const n, sides = 600_000, 6
	s := Derive(23, 0, "dice")
	var count [sides]float64
	for range n {
		count[s.Below(sides)]++
	}
	x2 := 0.0
	for _, c := range count {
		x2 += (c - n/sides) * (c - n/sides) / (n / sides)
	}
	if x2 > 20.5 { // 99.9th percentile for 5 degrees of freedom
		t.Errorf("chi-square %g over 6 sides, want below 20.5", x2)
	}
}

func TestChance(t *testing.T) {
	const n = 1_000_000
	s := Derive(24, 0, "chance")
	for _, p := range []float64{0, 0.3, 1} {
		hits := 0.0
		for range n {
			if s.Chance(p) {
				hits++
			}
		}
		within(t, "share", hits/n, p, 4*math.Sqrt(p*(1-p)/n))
	}
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.17g, want %.17g within %g", what, got, want, tolerance)
	}
}

// kolmogorovSmirnov fails when the greatest distance between the sample and
// the distribution would be met by chance once in a thousand times. It sorts xs.
func kolmogorovSmirnov(t *testing.T, xs []float64, cdf func(float64) float64) {
	t.Helper()
	slices.Sort(xs)
	n, distance := float64(len(xs)), 0.0
	for i, x := range xs {
		f := cdf(x)
		distance = max(distance, f-float64(i)/n, float64(i+1)/n-f)
	}
	if d := distance * math.Sqrt(n); d > 1.95 {
		t.Errorf("Kolmogorov-Smirnov distance √n·D is %.3f over %g values, want below 1.95", d, n)
	}
}

// chiSquare fails when 100 cells of equal probability are filled as unevenly
// as happens by chance once in a thousand times.
func chiSquare(t *testing.T, xs []float64, cdf func(float64) float64) {
	t.Helper()
	var count [100]float64
	for _, x := range xs {
		count[min(99, int(100*cdf(x)))]++
	}
	want, x2 := float64(len(xs))/100, 0.0
	for _, c := range count {
		x2 += (c - want) * (c - want) / want
	}
	if x2 > 148.2 { // 99.9th percentile for 99 degrees of freedom
		t.Errorf("chi-square over 100 cells is %.1f, want below 148.2", x2)
	}
}

func BenchmarkExponential(b *testing.B) {
	s, sum := Derive(1, 0, "benchmark"), 0.0
	for b.Loop() {
		sum += s.Exponential()
	}
}

func BenchmarkNormal(b *testing.B) {
	s, sum := Derive(1, 0, "benchmark"), 0.0
	for b.Loop() {
		sum += s.Normal()
	}
}
