package evidence

import (
	"strings"
	"testing"
)

// A table as offices save it: semicolons, commas for decimals, names as typed.
func TestObservationsWithSemicolons(t *testing.T) {
	list, others, err := ReadObservations("a.csv", strings.NewReader("post;time_h\ngate ;2,5\nGate;3.5\nGaet;1\n"), decoded(t, oneGate))
	if err != nil || len(list) != 1 || list[0].Mean != 3 || list[0].Samples != 2 || list[0].Measure.Where != "Gate" {
		t.Errorf("%+v, %v", list, err)
	}
	if len(others) != 1 || others[0] != `line 4 "Gaet"` {
		t.Errorf("left out: %q", others)
	}
}
