package sim

import (
	"bytes"
	"math"
	"testing"

	"landport/study"
)

func crossing(r *study.Report) (float64, bool) {
	return r.Crossing.TimeH.Mean, !math.IsNaN(r.Crossing.TimeH.Mean)
}

func TestUntilTheHalfWidthAskedFor(t *testing.T) {
	m := loadModel(t, "testdata/everything.yaml")
	goal := func(halfWidth float64) Goal { return Goal{Measure: "crossing", Of: crossing, HalfWidth: halfWidth} }
	var before int
	for _, c := range []struct {
		halfWidth float64
		most      int
		reached   bool
	}{{0.5, 45, true}, {0.05, 45, true}, {0.0001, 45, false}} {
		var one []byte
		for _, workers := range []int{1, 2, 3} {
			o := Options{Replications: c.most, Seed: 3, Days: 1, Workers: workers}
			r, err := Until(m, o, goal(c.halfWidth))
			if err != nil {
				t.Fatal(err)
			}
			if text := marshal(t, r); one == nil {
				one = text
			} else if !bytes.Equal(one, text) {
				t.Errorf("±%g: %d workers report otherwise than one", c.halfWidth, workers)
			}
			if workers > 1 {
				continue
			}
			p := r.Precision
			half := (r.Crossing.TimeH.CI95[1] - r.Crossing.TimeH.CI95[0]) / 2 / r.Crossing.TimeH.Mean
			if p.Reached != c.reached || p.Reached != (*p.HalfWidth <= c.halfWidth) || math.Abs(*p.HalfWidth-half) > 1e-9 || p.Told != r.Replications {
				t.Errorf("±%g: %+v, the interval is ±%g of the mean after %d", c.halfWidth, *p, half, r.Replications)
			}
			if c.reached && (r.Replications%roundOf != 0 || r.Replications >= c.most) || !c.reached && r.Replications != c.most || r.Replications < before {
				t.Errorf("±%g takes %d of %d replications, after %d for less", c.halfWidth, r.Replications, c.most, before)
			}
			before = r.Replications
			o.Replications = r.Replications
			plain, err := Run(m, o)
			if err != nil {
				t.Fatal(err)
			}
			if plain.Precision = p; !bytes.Equal(marshal(t, plain), one) {
				t.Errorf("±%g: a run of as many replications reports otherwise", c.halfWidth)
			}
		}
	}
}

func TestUntilGivesUpWhereNothingCanBeTold(t *testing.T) {
	m := loadModel(t, "testdata/everything.yaml")
	for _, test := range []struct {
		name string
		of   func(*study.Report) (float64, bool)
	}{
		{"never", func(*study.Report) (float64, bool) { return 0, false }},
		{"of each, not of all", func(r *study.Report) (float64, bool) {
			return 7, r.Replications == 1
		}},
	} {
		r, err := Until(m, Options{Replications: 30, Seed: 3, Days: 1}, Goal{Measure: test.name, Of: test.of, HalfWidth: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Precision; r.Replications != roundOf || p.Reached || p.HalfWidth != nil {
			t.Errorf("%s: %+v after %d", test.name, *p, r.Replications)
		}
	}
	for _, halfWidth := range []float64{0, -1, 1, math.NaN()} {
		if _, err := Until(m, Options{}, Goal{Of: crossing, HalfWidth: halfWidth}); err == nil {
			t.Errorf("a half width of %g is accepted", halfWidth)
		}
	}
}
