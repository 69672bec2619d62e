package sim

import (
	"testing"

	"landport/gate"
)

// The parts of a crossing hold all its places and stops between them, and each
// runs by itself: everybody who comes gets through.
func TestParts(t *testing.T) {
	whole := loadModel(t, "../scenarios/bavet-mocbai-2018.yaml")
	places, stops := 0, 0
	for post := range whole.Layout.Posts {
		part, err := whole.Part(gate.PostID(post))
		if err != nil {
			t.Fatal(err)
		}
		places += len(part.Layout.Places) - 1
		stops += len(part.Layout.Stops) - 1
		w := NewWorld(part, 1, 0)
		end := part.Start.Add(part.Span)
		for w.Next() < end {
			w.Step()
		}
		c := w.State().Counts()
		if c.Arrived < 1000 || c.Removed < c.Arrived*8/10 {
			t.Errorf("%s alone: %d came, %d left", part.Title, c.Arrived, c.Removed)
		}
	}
	if places != len(whole.Layout.Places)-1 || stops != len(whole.Layout.Stops)-1 {
		t.Errorf("the parts have %d places and %d stops, the whole %d and %d", places, stops, len(whole.Layout.Places)-1, len(whole.Layout.Stops)-1)
	}
}

func TestPartsThatCannotBe(t *testing.T) {
	whole := loadModel(t, "../scenarios/bavet-mocbai-2018.yaml")
	if _, err := whole.Part(7); err == nil {
		t.Error("a post that is not there was cut out")
	}
	mixed := *whole.Layout
	whole.Layout = &mixed
	mixed.Places = append([]gate.Place(nil), mixed.Places...)
	for i := range mixed.Places {
		if mixed.Places[i].Name == "Bavet exit lane 2" {
			mixed.Places[i].Post = 1
		}
	}
	if _, err := whole.Part(0); err == nil {
		t.Error("a leg of two posts was cut in half")
	}
}
