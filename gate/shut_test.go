package gate

import (
	"slices"
	"testing"
	"time"

	"landport/border"
)

// twoLanes is a crossing point whose route begins in one of two lanes of which
// the first keeps hours: from six to ten in the evening.
func twoLanes() *Layout {
	l := oneStop(2)
	day := border.Calendar{Zone: time.FixedZone("ICT", 7*3600)}
	for i := range day.Week {
		day.Week[i] = []border.Span{{From: 6 * 60, To: 22 * 60, Level: Admitting}}
	}
	l.Openings = append(l.Openings, Opening{Name: "by day", Hours: &day})
	l.Directions = append(l.Directions, Way{"VN", "KH"})
	l.Places = []Place{{},
		{Name: "by day", Kind: Lane, Directions: 1, Opening: 1},
		{Name: "always", Kind: Lane, Directions: 1, Capacity: 1, Tidal: true},
		{Name: "other way", Kind: Lane, Directions: 2},
	}
	l.Procedures[0].Legs[0].Places, l.Procedures[0].Steps[0].Stops = []PlaceID{1, 2}, []StopID{1, 1}
	back := l.Procedures[0]
	back.Name, back.Direction, back.Fallback = "back", 1, 1
	back.Legs = []Leg{{Places: []PlaceID{3, 2}}}
	l.Procedures = append(l.Procedures, back)
	return l
}

// Who stands in a lane that takes nobody is there all the same, and that is out
// of the ordinary.
func TestWhoComesToAClosedLaneIsAnAnomaly(t *testing.T) {
	const night, noon = monday + border.Time(border.Hour), monday + border.Time(12*border.Hour)
	for _, test := range []struct {
		name   string
		order  Input // none where it is a Tick
		at     border.Time
		told   PlaceID // where it was seen, if that was said
		place  PlaceID // where it is then
		reason []Reason
	}{
		{"by day", Input{}, noon, 0, 1, nil},
		{"seen by day", Input{}, noon, 1, 1, nil},
		{"by night", Input{}, night, 0, 2, nil},
		{"seen by night", Input{}, night, 1, 1, []Reason{NotOpen}},
		{"closed by order", Input{Do: CloseLane, Place: 1, Reason: ByOperator}, noon, 1, 1, []Reason{NotOpen}},
		{"post closed", Input{Do: ClosePost, Reason: ByOperator}, noon, 0, 1, []Reason{NotOpen}},
		{"turned", Input{Do: TurnLane, Place: 2, Direction: 1, Reason: ByOperator}, noon, 2, 2, []Reason{NotOpen}},
	} {
		l := twoLanes()
		w := started(t, l)
		test.order.At = test.at
		if _, r := w.do(test.order); r.Code != Accepted {
			t.Fatalf("%s: %v", test.name, r)
		}
		facts := w.come(Input{Place: test.told})
		if facts[0].Kind != Arrived || facts[0].Place != test.place || !slices.Equal(reasonsFor(facts), test.reason) {
			t.Errorf("%s: arrived in %q with %v; want %q with %v", test.name,
				l.Places[facts[0].Place].Name, reasonsFor(facts), l.Places[test.place].Name, test.reason)
		}
	}
}

// A full lane is where visits come while another is closed, not the closed one.
func TestAFullLaneComesBeforeAClosedOne(t *testing.T) {
	w := started(t, twoLanes())
	w.come(Input{})
	if facts := w.come(Input{}); facts[0].Place != 2 || !slices.Equal(reasonsFor(facts), []Reason{OverCapacity}) {
		t.Errorf("the second by night arrived in place %d with %v; want the lane that is open", facts[0].Place, reasonsFor(facts))
	}
}
