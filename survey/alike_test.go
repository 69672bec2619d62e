package survey

import "testing"

func TestWhatIsAlikeIsToldOnce(t *testing.T) {
	var problems []Problem
	for row := range 8 {
		problems = append(problems, Problem{Row: row + 2, Reason: "no post is named"})
	}
	problems = append(problems, Problem{Row: 3, Column: Direction, Header: "Way", Value: "up", Reason: "it is no direction"})
	for row := 20; row < 36; row += 2 {
		problems = append(problems, Problem{Row: row, Column: Direction, Header: "Way", Value: "down", Reason: "it is no direction"})
	}
	got := Gather(problems)
	want := []string{
		"8 rows (2–9): no post is named",
		`row 3, column "Way", "up": it is no direction`,
		`8 rows (20, 22, 24, 26, 28, 30 and 2 more), column "Way", "down": it is no direction`,
	}
	if len(got) != len(want) {
		t.Fatalf("%d, not %d", len(got), len(want))
	}
	for i := range want {
		if got[i].String() != want[i] {
			t.Errorf("%s, not %s", &got[i], want[i])
		}
	}
}
