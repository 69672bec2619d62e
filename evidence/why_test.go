package evidence

import (
	"math"
	"strings"
	"testing"

	"landport/sim"
)

const twoCauses = oneGate + `causes:
  - {name: slow, issue: a test, says: services take 2 minutes, without: [{path: "stops[counter].service", times: 0.6667}]}
  - {name: crowded, says: half come, without: [{path: "flows[1].rate", times: 0.5}]}
`

// Shapley's shares add up to what is explained, and two causes that hang
// together share evenly what neither brings alone.
func TestSharesOfCausesAddUp(t *testing.T) {
	file := decoded(t, strings.Replace(twoCauses, "length: 150d", "length: 30d", 1))
	m, err := Parse("mean(crossing_h)")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Explain(file, m, sim.Options{Replications: 3, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	slow, crowded := w.Causes[0], w.Causes[1]
	if sum := *slow.Share + *crowded.Share; math.Abs(sum-*w.Explained) > 1e-9 || math.Abs(*w.Now-*w.Without-*w.Explained) > 1e-9 {
		t.Errorf("shares add up to %g, explained are %g", sum, *w.Explained)
	}
	if want := (*slow.Alone + *slow.Last) / 2; math.Abs(*slow.Share-want) > 1e-9 {
		t.Errorf("the share of two is the mean of first and last, %g, not %g", want, *slow.Share)
	}
	// M/M/1: 0.1 h now; 0.05 h with services of 2 min; 0.0667 with half the traffic; 0.04 with both.
	for _, x := range []struct {
		what      string
		got, want float64
	}{{"now", *w.Now, 0.1}, {"slow alone", *slow.Alone, 0.05}, {"crowded alone", *crowded.Alone, 0.0333}, {"explained", *w.Explained, 0.06}} {
		if math.Abs(x.got-x.want) > 0.006 {
			t.Errorf("%s: %.4f h, theory says %.4f", x.what, x.got, x.want)
		}
	}
	if slow.Changed != 1 || slow.Assumed != 1 || w.Sets != 4 {
		t.Errorf("%+v", w)
	}
	if text := w.Text(); !strings.Contains(text, "Without all of them") || !strings.Contains(text, "1 of 1 figures assumed") {
		t.Error(text)
	}
}

func TestOrdersOfRemovalAreAllCounted(t *testing.T) {
	for n := 1; n <= mostCauses; n++ {
		sum := 0.0
		choose := 1.0
		for k := range n {
			sum += choose * orders(k, n)
			choose = choose * float64(n-1-k) / float64(k+1)
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("of %d causes the orders add up to %g", n, sum)
		}
	}
}

func TestCausesThatCannotBeRemoved(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	if _, err := Explain(decoded(t, oneGate), m, sim.Options{}); err == nil || !strings.Contains(err.Error(), "names no causes") {
		t.Error(err)
	}
	wrong := decoded(t, strings.Replace(twoCauses, "stops[counter].service", "stops[desk].service", 1))
	if _, err := Explain(wrong, m, sim.Options{}); err == nil || !strings.Contains(err.Error(), "without slow") {
		t.Error(err)
	}
}
