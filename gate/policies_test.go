package gate

import (
	"slices"
	"testing"
)

// A post can choose among all standard policies; its own stays in force, and a
// rule that it has already is not offered twice.
func TestWithStandardPolicies(t *testing.T) {
	l := twoPosts()
	l.Policies = []Policy{{Name: "in turn", Strict: true}, {Name: "booked", Slots: Slots{Length: 1_800_000_000, Quota: 3}}}
	whole := l.Policies
	if err := l.WithStandardPolicies(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range l.Policies {
		names = append(names, l.Policies[i].Name)
	}
	if want := []string{"in turn", "booked", "first come, first served, by lane", "ready dossiers first", "fresh goods and live animals first"}; !slices.Equal(names, want) {
		t.Errorf("%q, not %q", names, want)
	}
	if len(whole) != 2 {
		t.Error("the crossing's own policies changed")
	}
	w := started(t, l)
	for i := range l.Policies[1:] {
		if _, r := w.order(Input{Do: SetPolicy, N: int64(i + 1)}); r.Refused() {
			t.Errorf("%s: %s", l.Policies[i+1].Name, l.Explain(r))
		}
	}
}
