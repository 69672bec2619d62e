package study

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

// However times are dealt to parts and the parts' bytes merged, the bytes of
// the sum are those of the whole; also in room that others have used.
func TestBytesOfStageTimesInAnyGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 10, 1024, 1025, 5000}).Draw(t, "times")
		longest := rapid.SampledFrom([]float64{1, 5, 15, 43}).Draw(t, "logarithm of the longest")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		parts := make([]StageTimes, rapid.IntRange(1, 6).Draw(t, "parts"))
		var whole, merged StageTimes
		for range n {
			stage, v := []string{"at post", "waiting", "driving"}[r.IntN(3)], border.Micros(math.Exp(r.Float64()*longest))
			whole.Add(stage, v)
			parts[r.IntN(len(parts))].Add(stage, v)
		}
		for range 1 + r.IntN(2) {
			merged.Reset()
			for i := range parts {
				if err := merged.MergeBinary(bytesOf(t, &parts[i])); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !reflect.DeepEqual(bytesOf(t, &merged), bytesOf(t, &whole)) {
			t.Fatal("the merged times differ from the whole")
		}
		merged.Each(func(stage string, times *Sketch) {
			if want := whole.of(stage, 0); times.Quantile(0.5) != want.Quantile(0.5) || times.Mean() != want.Mean() {
				t.Fatalf("%s: mean %g, want %g", stage, times.Mean(), want.Mean())
			}
		})
	})
}

func bytesOf(t *rapid.T, times *StageTimes) []byte {
	b, err := times.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Times filled again after a Reset tell nothing of what was there before.
func TestResetForgets(t *testing.T) {
	var times StageTimes
	for range 3000 {
		times.Add("waiting", border.Day)
	}
	times.Reset()
	times.Add("driving", border.Hour)
	times.Each(func(stage string, s *Sketch) {
		if stage != "driving" || s.Count() != 1 || s.Max() != border.Hour || !s.Exact() {
			t.Errorf("%s: %d times up to %d µs", stage, s.Count(), s.Max())
		}
	})
}

// Whatever bytes are read, they are a sketch or an error.
func FuzzMergeBinary(f *testing.F) {
	var few, many StageTimes
	for i := range border.Micros(3000) {
		many.Add("waiting", i*i*i)
	}
	few.Add("waiting", border.Hour)
	for _, times := range []*StageTimes{&few, &many} {
		b, _ := times.AppendBinary(nil)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var times StageTimes
		if times.MergeBinary(b) != nil {
			return
		}
		times.Each(func(_ string, s *Sketch) {
			if v := s.Quantile(0.5); math.IsNaN(v) {
				t.Errorf("%d times have no median", s.Count())
			}
		})
	})
}
