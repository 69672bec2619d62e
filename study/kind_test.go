package study

import (
	"testing"

	"landport/border"
	"landport/gate"
)

// However many kinds there are, each is told from all others by its traits and
// its direction.
func TestKindsAreToldApart(t *testing.T) {
	var k kinds
	const bits, directions = 29, 8
	for round := range 2 {
		for bit := range bits {
			for d := range gate.Direction(directions) {
				traits := border.Traits(1) << bit
				is := k.of(traits, d)
				if is.traits != traits || is.direction != d || is.time.Count() != int64(round) {
					t.Fatalf("round %d: traits %q in direction %d got the kind of %q in %d with %d times", round, traits, d, is.traits, is.direction, is.time.Count())
				}
				is.time.Add(1)
			}
		}
	}
	if len(k.list) != bits*directions {
		t.Errorf("%d kinds; want %d", len(k.list), bits*directions)
	}
}
