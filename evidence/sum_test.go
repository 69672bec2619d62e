package evidence

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// moving is a swing between two ends that lie so far from now, give or take noise.
func moving(r *rand.Rand, by, noise float64) swing {
	now, lower, higher := make([]float64, 4), make([]float64, 4), make([]float64, 4)
	for i := range now {
		now[i] = 6
		lower[i], higher[i] = now[i]-by+noise*r.NormFloat64(), now[i]+by+noise*r.NormFloat64()
	}
	return swingOf("some figure", false, now, lower, higher)
}

// Of those that matter the sum is told, and nothing is added for others.
func TestNoiseIsNotSummed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for _, c := range []struct{ figures, noisy int }{{1, 0}, {3, 0}, {1, 10}, {5, 20}} {
		var list []swing
		for range c.figures {
			list = append(list, moving(r, 0.3, 0.01))
		}
		squares, want := 0.0, 0.3*math.Sqrt(float64(c.figures))
		for range c.noisy {
			s := moving(r, 0, 1)
			list, squares = append(list, s), squares+*s.half**s.half
		}
		got := sumOf(list)
		if got.half == nil || got.of < c.figures || got.of > c.figures+c.noisy/8 || got.fine != c.figures+c.noisy {
			t.Fatalf("%d figures and %d that do nothing: %+v", c.figures, c.noisy, got)
		}
		if c.noisy == 0 && (math.Abs(*got.half-want) > 0.02 || got.interval[0] > want || got.interval[1] < want) {
			t.Errorf("%d figures come to %.3f (%.3f), not %.3f", c.figures, *got.half, got.interval, want)
		}
		if all := math.Hypot(want, math.Sqrt(squares)); c.noisy > 0 && *got.half > 0.7*all {
			t.Errorf("%d figures and %d that do nothing come to %.3f, of all squares %.3f", c.figures, c.noisy, *got.half, all)
		}
	}
}

// Where nothing matters a sum is told in one experiment of ten at most, however
// many figures were moved: by their number, or by one of them alone.
func TestOfNothingNoSumIsTold(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	for _, figures := range []int{1, 2, 8, 15, 40} {
		const experiments = 1000
		told := 0
		for range experiments {
			var list []swing
			for range figures {
				list = append(list, moving(r, 0, 1))
			}
			if sumOf(list).half != nil {
				told++
			}
		}
		if told > experiments/10 {
			t.Errorf("of %d figures that do nothing %d experiments of %d tell a sum", figures, told, experiments)
		}
	}
}

// A figure at an end of which a line grows, in one run or by all together, is in no
// sum, and is counted.
func TestFiguresWithALineThatGrowsAreInNoSum(t *testing.T) {
	now := seen{values: [][]float64{{6, 7, 8}}}
	off := func(by float64) seen { return seen{values: [][]float64{{6 + by, 7 + 1.1*by, 8 + 0.9*by}}} }
	partly, wholly := off(9), off(9)
	partly.values[0][1], wholly.rises = math.NaN(), true
	short := off(1)
	short.unsure = true
	list := []assumption{{path: "clear"}, {path: "lost in a run"}, {path: "not settled"}, {path: "one end"}}
	moves := [][2]seen{{off(-1), short}, {off(-1), partly}, {wholly, off(1)}, {{}, off(0.5)}}
	r := restOf(now, list, moves, 0, told(2), &Rest{Moved: 4, Left: 10})
	want := math.Hypot(1, 0.25)
	if r.Growing != 2 || r.Summed != 2 || r.Unclear != 0 || r.Unsettled != 1 || math.Abs(*r.Half-want) > 1e-9 || math.Abs(*r.Share-want/2) > 1e-9 || r.Most != "clear" || *r.Width != 1 {
		t.Errorf("%+v comes to %.3f, not %.3f", r, *r.Half, want)
	}
	said := fmt.Sprintf("%s; %s. %s", r.words("h"), r.leftOut(), r.method())
	for _, want := range []string{"moves by about ± 1.03 h, 52% of it", "by 2 of the 14 assumed figures, most of that by clear alone", "2 because a line grows at one end", "At 1 of the ends these runs are too few or too short"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	none := restOf(now, list[1:3], moves[1:3], 0, told(2), &Rest{Moved: 2})
	if text := none.words("h"); none.Half != nil || text != "is not shown to move: of none that moves by the factor both ends can be told" {
		t.Errorf("%+v: %s", none, text)
	}
}

// Why no sum is told: nothing is clear, or no more than chance has clear.
func TestWhyNoSumIsTold(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for _, c := range []struct {
		noisy, faint int
		want         string
	}{
		{6, 0, "is not shown to move: of the 6 moved by the factor none changes it by more than chance has it"},
		{5, 1, "is not shown to move: of the 6 moved by the factor only 1 seems to change it by more than chance has it, and if none mattered as many would in 26 of 100 cases"},
	} {
		var list []swing
		for range c.noisy {
			list = append(list, swingOf("noise", false, []float64{6, 6, 6}, []float64{5, 7, 6}, []float64{6 + r.Float64(), 6, 5}))
		}
		for range c.faint { // clear by its own interval, and not for the clearest of six
			list = append(list, swingOf("faint", false, []float64{6, 6, 6}, []float64{5.9, 5.8, 5.9}, []float64{6.1, 6.2, 6.3}))
		}
		x := &Rest{Moved: 6, Unclear: c.noisy, sum: sumOf(list)}
		if got := x.words("h"); got != c.want || x.leftOut() != "" {
			t.Errorf("%s; %s", got, x.leftOut())
		}
	}
}
