package main

import (
	"math"
	"strings"
	"testing"
)

// The mean wait of M/M/c by the Erlang C formula.
func erlangWait(servers int, arrivals, service float64) float64 {
	load := arrivals * service
	term, sum := 1.0, 0.0
	for k := range servers {
		sum += term
		term *= load / float64(k+1)
	}
	c := float64(servers)
	queued := term * c / (c - load)
	return queued / (sum + queued) / (c/service - arrivals)
}

func TestMM5AgreesWithErlangC(t *testing.T) {
	r, err := run([]string{"mm5", "2000000"})
	if err != nil {
		t.Fatal(err)
	}
	want := erlangWait(5, 0.45, 10)
	if math.Abs(r.MeanWait/want-1) > 0.03 {
		t.Errorf("the mean wait is %.3f minutes, want %.3f within 3%%", r.MeanWait, want)
	}
	if got := r.MeanSystem - r.MeanWait; math.Abs(got-10) > 0.05 {
		t.Errorf("the mean service is %.3f minutes, want 10", got)
	}
}

// A queue discipline that does not look at service times keeps the mean wait
// of all; priority moves it from the high to the low.
func TestGate16(t *testing.T) {
	r, err := run([]string{"gate16", "1000000"})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.MeanSystem - r.MeanWait; math.Abs(got-12) > 0.05 {
		t.Errorf("a vehicle spends %.3f minutes in its lane, want 12", got)
	}
	if mean := 0.3*r.MeanWaitHigh + 0.7*r.MeanWaitLow; math.Abs(mean/r.MeanWait-1) > 0.01 {
		t.Errorf("waits %.3f and %.3f do not make %.3f", r.MeanWaitHigh, r.MeanWaitLow, r.MeanWait)
	}
	if r.MeanWaitHigh*5 > r.MeanWaitLow {
		t.Errorf("high priority waits %.3f minutes and low %.3f; want a fifth or less", r.MeanWaitHigh, r.MeanWaitLow)
	}
}

func TestArgumentsAreNamedWhenWrong(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "usage"}, {"mm6", `no model "mm6"`}, {"mm5 ten", `"ten" is not a whole number`}, {"mm5 1 0", `"0" is not`},
	} {
		if _, err := run(strings.Fields(c.args)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("run %q: %v, want it to say %q", c.args, err, c.want)
		}
	}
}
