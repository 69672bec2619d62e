package sim

import (
	"testing"

	"landport/border"
	"landport/gate"
)

// Whoever walks through the hall of the country of exit walks through that of
// the country of entry too: a coach carries the same passengers all the way.
func TestCoachCarriesTheSamePassengersAllTheWay(t *testing.T) {
	m := loadModel(t, "../scenarios/bavet-mocbai-2018.yaml")
	w := NewWorld(m, 1, 0)
	walked := map[gate.VisitID]map[gate.PlaceID]int{} // by coach, by hall
	coaches := 0
	for w.Next() < m.Start.Add(2*border.Day) {
		for _, f := range w.Step() {
			switch {
			case f.Kind == gate.Alighted:
				if walked[f.Other] == nil {
					walked[f.Other] = map[gate.PlaceID]int{}
				}
				walked[f.Other][f.Place]++
			case f.Kind == gate.Removed && walked[f.Visit] != nil:
				coaches++
				halls := walked[f.Visit]
				if len(halls) != 2 {
					t.Errorf("passengers walked through %d halls; want 2", len(halls))
				}
				for _, n := range halls {
					for _, other := range halls {
						if n != other {
							t.Errorf("%d walked through one hall and %d through the other", n, other)
						}
					}
				}
			}
		}
	}
	if coaches == 0 {
		t.Error("no coach passed")
	}
}
