package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
)

// unplaced is Bavet as of 2018 right after its waiting zone went, in which
// trucks stood; and their references.
func unplaced(t *testing.T, url string) (n *Node, references []string) {
	t.Helper()
	was, is := bavet(t, "bavet-mocbai-shift"), bavet(t, "bavet-mocbai-2018")
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	n, stop := begunOn(t, url, Config{Post: was, Clock: clock})
	for i := range 12 {
		do(t, n, Command{ID: fmt.Sprint("a", i), Actor: "camera-1", Input: gate.Input{Do: gate.ObserveArrival, Traits: truck}})
	}
	b, _, _ := n.Board(t.Context(), Cursor{})
	for _, v := range b.Visits {
		if was.Layout.Places[v.Place].Name == "Bavet waiting zone" {
			references = append(references, v.Reference)
		}
	}
	if len(references) < 4 {
		t.Fatalf("%d of %d stand in the waiting zone", len(references), len(b.Visits))
	}
	stop()
	n, _ = begunOn(t, url, Config{Post: is, Clock: clock})
	return n, references
}

// Who stood in a place that is gone is counted as of no known place, and the
// anomaly says where that was. Saying where it is now settles it, and is no
// anomaly of its own unless its way does not lead there.
func TestWhoStoodInAPlaceThatIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() string) {
		t.Helper()
		n, references := unplaced(t, fresh())
		count := func() int {
			b, _, _ := n.Board(t.Context(), Cursor{})
			return b.Places[gate.Outside].Lines[0].Present
		}
		odd := func() (out []Anomaly) {
			all, err := n.Anomalies(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		do(t, n, Command{ID: "later", Actor: "broker-1", Input: gate.Input{Do: gate.Announce, Traits: truck}})
		if got := count(); got != len(references) {
			t.Errorf("%d are counted as of no known place, not %d", got, len(references))
		}
		for _, a := range odd() {
			if a.Reason != gate.PlaceGone || n.Names().Places[a.Place].Name != "Bavet waiting zone" {
				t.Errorf("%v of %q", a.Reason, n.Names().Places[a.Place].Name)
			}
		}
		place := func(name string) gate.PlaceID {
			return gate.PlaceID(slices.IndexFunc(n.Model().Layout.Places, func(p gate.Place) bool { return p.Name == name }))
		}
		for i, c := range []struct {
			input gate.Input
			more  []gate.Reason // that are to look into besides
		}{
			{gate.Input{Do: gate.ObserveSeen, Place: place("road to Bavet")}, nil},
			{gate.Input{Do: gate.Move, Place: place("road to Bavet"), Reason: gate.ByOfficer}, nil},
			{gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}, nil},
			{gate.Input{Do: gate.ObserveSeen, Place: place("Bavet entry yard")}, []gate.Reason{gate.Astray}},
		} {
			before := odd()
			a := do(t, n, Command{ID: fmt.Sprint("told", i), Actor: "booth-1", Reference: references[i], Input: c.input})
			if a.Refusal != "" {
				t.Fatalf("%v: %s", c.input.Do, a.Detail)
			}
			after := odd()
			var more []gate.Reason
			for _, o := range after[len(before)-1:] {
				more = append(more, o.Reason)
			}
			if slices.ContainsFunc(after, func(o Anomaly) bool { return o.Reason == gate.PlaceGone && o.Reference == references[i] }) || !slices.Equal(more, c.more) {
				t.Errorf("%v of %s leaves besides %v to look into, and %+v", c.input.Do, references[i], more, after)
			}
			if got := count(); got != len(references)-i-1 {
				t.Errorf("%d are counted as of no known place, not %d", got, len(references)-i-1)
			}
		}
		rec, _, err := n.Record(t.Context(), references[0])
		if err != nil || rec.Phase == gate.PhaseAstray || !slices.ContainsFunc(rec.Asides, func(a Aside) bool { return a.Kind == AsideSettled && a.Actor == "booth-1" }) {
			t.Errorf("it is %v, with %+v, %v", rec.Phase, rec.Asides, err)
		}
		if deeds := n.Journal(); !slices.ContainsFunc(deeds, func(e JournalEntry) bool { return e.Settled != 0 && strings.HasPrefix(e.Actor, "booth-") }) {
			t.Errorf("the journal tells %+v", deeds)
		}
	})
}
