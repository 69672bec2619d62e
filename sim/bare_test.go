package sim

import (
	"testing"

	"landport/study"
)

// Nobody but coaches, for their passengers, waits in a bare model, however many come, and services take as long.
func TestNobodyWaitsInABareModel(t *testing.T) {
	m := loadModel(t, "../scenarios/bavet-mocbai-shift.yaml")
	bare, err := m.Bare()
	if err != nil {
		t.Fatal(err)
	}
	crowded := *bare
	crowded.Flows = append(append([]Flow{}, bare.Flows...), bare.Flows...)
	var reports []*study.Report
	for _, m := range []*Model{bare, &crowded} {
		r, err := Run(m, Options{Seed: 1, Days: 14})
		if err != nil {
			t.Fatal(err)
		}
		if r.System.WaitMin.Mean > 0.1 || !r.Copes() {
			t.Errorf("they wait for %g min, stable %t", r.System.WaitMin.Mean, r.Copes())
		}
		reports = append(reports, r)
	}
	if a, b := reports[0].Crossing.TimeH.Mean, reports[1].Crossing.TimeH.Mean; a < 0.5 || b > 1.05*a || b < 0.95*a {
		t.Errorf("%g h, with twice as many %g h", a, b)
	}
}
