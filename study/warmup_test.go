package study

import (
	"math"
	"testing"

	"landport/border"
	"landport/gate"
)

// noisy is values that settle from 2 at 10 with a time constant, and vary by one
// up and down on the way, not in step with batches of five.
func noisy(n int, constant float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = 10 - 8*math.Exp(-float64(i)/constant) + math.Sin(float64(i*i))
	}
	return values
}

func mean(values []float64) float64 {
	m, _ := meanInterval(values)
	return m
}

func TestMSER5LeavesOutTheStart(t *testing.T) {
	values := noisy(1000, 20)
	leaveOut, settled := MSER5(values)
	// After two and a half time constants less than a tenth of the gap is left,
	// after ten nothing.
	if !settled || leaveOut < 50 || leaveOut > 200 {
		t.Errorf("%d of 1000 values left out, settled %t", leaveOut, settled)
	}
	if with, without := math.Abs(mean(values)-10), math.Abs(mean(values[leaveOut:])-10); without > with/3 {
		t.Errorf("off by %.4f with the start and by %.4f without", with, without)
	}
}

func TestMSER5SaysWhenItCannotTell(t *testing.T) {
	growing := make([]float64, 1000)
	for i := range growing {
		growing[i] = float64(i)
	}
	for _, c := range []struct {
		what    string
		values  []float64
		leave   int
		settled bool
	}{
		{"values that never change", make([]float64, 1000), 0, true},
		{"all but the first value settled", noisy(1000, 1e-9), 5, true},
		{"nine means", noisy(49, 1e-9), 0, false},
		{"no values", nil, 0, false},
		{"values that grow for ever", growing, 975, false},
	} {
		leave, settled := MSER5(c.values)
		if settled != c.settled || leave != c.leave {
			t.Errorf("%s: %d left out, settled %t; want %d, %t", c.what, leave, settled, c.leave, c.settled)
		}
	}
}

func TestFillingFollowsTheNumberInside(t *testing.T) {
	at := func(minutes int) border.Time { return border.Time(minutes) * border.Time(border.Minute) }
	first, second, never := gate.MakeVisitID(1, 0), gate.MakeVisitID(2, 1), gate.MakeVisitID(3, 2)
	f := NewFilling(at(0), 10*border.Minute, 3)
	for _, fact := range []gate.Fact{
		{At: at(0), Kind: gate.Announced, Visit: never},
		{At: at(5), Kind: gate.Arrived, Visit: first},
		{At: at(8), Kind: gate.NoShow, Visit: never}, // was never inside
		{At: at(10), Kind: gate.Arrived, Visit: second},
		{At: at(15), Kind: gate.Removed, Visit: first},
		{At: at(28), Kind: gate.TurnedBack, Visit: second},
		{At: at(45), Kind: gate.Arrived, Visit: first}, // after all stretches
	} {
		f.Add(&fact)
	}
	f.Reach(at(60))
	for i, want := range []float64{0.5, 1.5, 0.8} {
		if got := f.Means()[i]; got != want {
			t.Errorf("stretch %d: %g inside, want %g", i+1, got, want)
		}
	}
}
