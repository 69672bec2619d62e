package study

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

// What is left when times are taken out again is, to the byte, what it is when
// they never were there; or it is said that it cannot be told, and that never of
// up to 1,024 times.
func TestTimesAreTakenOutAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{1, 2, 10, 1024, 1025, 1026, 3000}).Draw(t, "times")
		longest := rapid.SampledFrom([]float64{1, 5, 15, 43}).Draw(t, "logarithm of the longest")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var all, left StageTimes
		var out []Staged
		gone := min(n, 1+r.IntN(5))
		for i := range n {
			s := Staged{[]string{"at post", "waiting"}[r.IntN(2)], border.Micros(math.Exp(r.Float64()*longest)) - border.Micros(r.IntN(2))}
			if all.Add(s.Stage, s.Time); i < gone {
				out = append(out, s)
			} else {
				left.Add(s.Stage, s.Time)
			}
		}
		if r.IntN(2) == 0 { // as they are read from a row
			var read StageTimes
			if err := read.MergeBinary(bytesOf(t, &all)); err != nil {
				t.Fatal(err)
			}
			all = read
		}
		for _, s := range out {
			if !all.Remove(s.Stage, s.Time) {
				if n <= exactUpTo {
					t.Fatalf("%v cannot be taken out of %d", s, n)
				}
				return
			}
		}
		if !slices.Equal(bytesOf(t, &all), bytesOf(t, &left)) {
			t.Fatal("what is left is something else")
		}
	})
}

// Of many times one that is neither the shortest nor the longest is taken out, and
// one that never was there is not.
func TestOneOfManyTimesIsTakenOut(t *testing.T) {
	var s, want Sketch
	for i := range border.Micros(3000) {
		if s.Add(1000 + 7*i); i != 1500 {
			want.Add(1000 + 7*i)
		}
	}
	if !s.Remove(1000 + 7*1500) {
		t.Fatal("one in the middle cannot be taken out")
	}
	a, _ := s.AppendBinary(nil)
	if b, _ := want.AppendBinary(nil); !slices.Equal(a, b) {
		t.Error("what is left is something else")
	}
	few := Sketch{}
	few.Add(5)
	if s.Remove(border.Day) || few.Remove(6) {
		t.Error("what was never there was taken out")
	}
}
