package gate

import (
	"testing"

	"landport/border"
)

// An order for what is so already changes nothing, is recorded by no fact, and
// says so.
func TestOrdersForWhatIsSoAlready(t *testing.T) {
	for _, in := range []Input{
		{Do: SetPolicy, N: 1},
		{Do: SetServers, Stop: 1, N: 7},
		{Do: SetCapacity, Place: 2, N: 9},
		{Do: SetAccepts, Place: 2, Traits: border.Dangerous},
		{Do: Hold, Formalities: 1, Reason: Documents},
		{Do: Hold, Reason: Documents},
		{Do: LimitStay, N: int64(monday.Add(border.Day))},
		{Do: SetUnready},
		{Do: ClosePost},
		{Do: CloseLane, Place: 2},
	} {
		l := twoPosts()
		l.Policies = append(l.Policies, Policy{Name: "other"})
		w := started(t, l)
		w.order(Input{Do: ObserveArrival, Traits: border.Laden | border.ArticulatedTruck})
		arrived, _ := w.order(Input{Do: ObserveArrival, Traits: border.Laden | border.ArticulatedTruck})
		in.Visit = arrived[0].Visit
		if facts, r := w.order(in); r.Refused() || len(facts) == 0 {
			t.Errorf("order %v: %v", in.Do, l.Explain(r))
		}
		if facts, r := w.order(in); r.Code != CodeAlreadySo || len(facts) > 0 {
			t.Errorf("order %v again: %v, %v", in.Do, r.Code, kindsOf(facts))
		}
	}
}
