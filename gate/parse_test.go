package gate

import "testing"

// Every name says which one it is, and nothing else does.
func TestParseNames(t *testing.T) {
	for d := range dos {
		if got, ok := ParseDo(d.String()); !ok || got != d || d.String() == "" {
			t.Errorf("input %d is called %q, which is read as %d", d, d, got)
		}
	}
	for k := NoFact + 1; k < kinds; k++ {
		if got, ok := ParseKind(k.String()); !ok || got != k {
			t.Errorf("fact %d is called %q, which is read as %d", k, k, got)
		}
	}
	for r := range reasons {
		if got, ok := ParseReason(r.String()); !ok || got != r {
			t.Errorf("reason %d is called %q, which is read as %d", r, r, got)
		}
	}
	for o := Passed; o <= Again; o++ {
		if got, ok := ParseOutcome(o.String()); !ok || got != o {
			t.Errorf("outcome %d is called %q, which is read as %d", o, o, got)
		}
	}
	for _, s := range []string{"unknown", "Called", " ready", "turn lane"} {
		if _, ok := ParseDo(s); ok {
			t.Errorf("%q is no input", s)
		}
		if _, ok := ParseKind(s); ok {
			t.Errorf("%q is no kind of fact", s)
		}
	}
	if ObserveArrival.Observation() == Announce.Observation() || Tick.Observation() {
		t.Error("an order passes for an observation, or the clock for either")
	}
}
