package evidence

import (
	"testing"

	"landport/sim"
)

func TestNumbersSayWhatWasSet(t *testing.T) {
	file := decoded(t, busyGate)
	plan, err := file.With(sim.Setting{Path: "stops[counter].servers", Value: "4"})
	if err != nil {
		t.Fatal(err)
	}
	d := Dossier{File: plan, Unchanged: file, Report: mustRun(t, plan)}
	for _, n := range d.Numbers() {
		if n.Set == nil || *n.Set != "stops[counter].servers=4" || n.Scenario != "busy gate as changed" {
			t.Fatalf("%+v", n)
		}
	}
	if list := Numbers(d.Report); list[0].Set != nil {
		t.Errorf("%q was set in the scenario as it is", *list[0].Set)
	}
}
