package study

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

// Every cell holds what it says: cells follow each other without gap or
// overlap and are narrow enough.
func TestCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := border.Micros(rapid.Int64Range(0, math.MaxInt64).Draw(t, "µs"))
		v >>= rapid.IntRange(0, 62).Draw(t, "shift")
		cell := cellOf(v)
		least, width := cellBounds(cell)
		if v < least || v-least >= width {
			t.Fatalf("%d µs is in cell %d, which holds %d µs from %d", v, cell, width, least)
		}
		if off := math.Abs(float64(least + width/2 - v)); off > 0.004*float64(v) {
			t.Fatalf("the middle of cell %d is %g µs from %d µs, want within 0.4%%", cell, off, v)
		}
		if cell > 0 && cellOf(least-1) != cell-1 {
			t.Fatalf("%d µs is in cell %d, want %d", least-1, cellOf(least-1), cell-1)
		}
	})
}

func TestSketchOfNothing(t *testing.T) {
	var s Sketch
	for _, x := range []float64{s.Mean(), s.Quantile(0.5), s.ShareWithin(border.Hour)} {
		if !math.IsNaN(x) {
			t.Errorf("got %g of nothing, want NaN", x)
		}
	}
	if s.Count() != 0 || s.Total() != 0 || s.Min() != 0 || s.Max() != 0 {
		t.Error("a count, total, shortest or longest of nothing is not 0")
	}
}

func TestSmallSketchIsExact(t *testing.T) {
	var s Sketch
	for _, h := range []border.Micros{5, 1, 4, 2, 3} {
		s.Add(h * border.Hour)
	}
	const hour = float64(border.Hour)
	for _, c := range []struct{ got, want float64 }{
		{s.Mean(), 3 * hour}, {s.Total(), 15 * hour},
		{s.Quantile(0), 1 * hour}, {s.Quantile(0.5), 3 * hour}, {s.Quantile(0.9), 4.6 * hour}, {s.Quantile(1), 5 * hour},
		{s.ShareWithin(border.Hour - 1), 0}, {s.ShareWithin(border.Hour), 0.2}, {s.ShareWithin(4 * border.Hour), 0.8},
		{s.ShareWithin(border.Day), 1},
	} {
		near(t, "statistic", c.got, c.want, 1e-3)
	}
}

func TestSketchLeavesOutTimesBelowZero(t *testing.T) {
	var s, sum Sketch
	s.Add(-1)
	s.Add(border.Hour)
	sum.Merge(&s)
	if sum.Count() != 1 || sum.Refused() != 1 || sum.Min() != border.Hour {
		t.Errorf("count %d, refused %d, shortest %d; want 1, 1 and one hour", sum.Count(), sum.Refused(), sum.Min())
	}
}

// Quantiles and shares of many times are those of the sorted list within 0.4%
// of the time; count, mean and range are exact.
func TestSketchAgreesWithSortedList(t *testing.T) {
	for _, test := range []struct {
		name string
		draw func(*rand.Rand) float64
	}{
		{"exponential", func(r *rand.Rand) float64 { return r.ExpFloat64() * 3.6e9 }},
		{"log-normal", func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()*2 + 15) }},
		{"many zeros", func(r *rand.Rand) float64 { return max(0, r.NormFloat64()) * 1e9 }},
		{"within one hour", func(r *rand.Rand) float64 { return 3.6e9 + r.Float64()*1e6 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			var s Sketch
			all := make([]border.Micros, 50_000)
			sum := 0.0
			for i := range all {
				all[i] = border.Micros(test.draw(r))
				s.Add(all[i])
				sum += float64(all[i])
			}
			slices.Sort(all)
			n := float64(len(all))
			near(t, "mean", s.Mean(), sum/n, 1e-9*sum/n)
			if s.Count() != int64(n) || s.Min() != all[0] || s.Max() != all[len(all)-1] {
				t.Error("count, shortest or longest is not exact")
			}
			for q := 0.0; q <= 1; q += 0.01 {
				v := all[int(q*(n-1))]
				near(t, "quantile", s.Quantile(q), float64(v), 0.004*float64(v))
				low, _ := slices.BinarySearch(all, v-v/250)
				high, _ := slices.BinarySearch(all, v+v/250+1)
				if share := s.ShareWithin(v); share < float64(low)/n || share > float64(high)/n {
					t.Errorf("share within %d µs is %g, want %g to %g", v, share, float64(low)/n, float64(high)/n)
				}
			}
		})
	}
}

// However times are dealt to sketches and the sketches merged, what they say
// is the same.
func TestMergeInAnyGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 10, 1024, 1025, 3000}).Draw(t, "times")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		parts := make([]Sketch, rapid.IntRange(1, 6).Draw(t, "parts"))
		var whole Sketch
		for range n {
			v := border.Micros(math.Exp(r.Float64() * 30))
			whole.Add(v)
			parts[r.IntN(len(parts))].Add(v)
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts) - 1)
			parts[i].Merge(&parts[i+1])
			parts = slices.Delete(parts, i+1, i+2)
		}
		merged := &parts[0]
		whole.Quantile(0.5) // brings the exact times in order
		merged.Quantile(0.5)
		if !reflect.DeepEqual(&whole, merged) && n > 0 {
			t.Fatalf("the merged sketch differs from the whole")
		}
	})
}

func TestSumDoesNotOverflow(t *testing.T) {
	var s Sketch
	for range 3000 {
		s.Add(math.MaxInt64)
	}
	near(t, "mean", s.Mean(), math.MaxInt64, 1e4)
	var both Sketch
	both.Merge(&s)
	both.Merge(&s)
	near(t, "mean of both", both.Mean(), math.MaxInt64, 1e4)
}

func TestAddAllocatesNothingOnceWarm(t *testing.T) {
	var s Sketch
	for range 2000 {
		s.Add(border.Day)
	}
	if n := testing.AllocsPerRun(1000, func() { s.Add(border.Hour) }); n != 0 {
		t.Errorf("%g allocations, want 0", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	var s Sketch
	var v [4096]border.Micros
	for i := range v {
		v[i] = border.Micros(rand.ExpFloat64() * 3.6e9)
	}
	for i := 0; b.Loop(); i++ {
		s.Add(v[i%len(v)])
	}
}
