package survey

import (
	"fmt"
	"strings"
)

// Alike is one thing that is wrong with all of some rows, in their order.
type Alike struct {
	Problem // with the first of them

	Rows []int
}

// Gather puts together problems that differ in nothing but their rows, so that a
// post that no row names is told once. They stand in the order of their first.
func Gather(problems []Problem) (all []Alike) {
	place := map[Problem]int{}
	for _, p := range problems {
		key := p
		key.Row = 0
		at, known := place[key]
		if !known {
			at = len(all)
			place[key], all = at, append(all, Alike{Problem: p})
		}
		all[at].Rows = append(all[at].Rows, p.Row)
	}
	return all
}

// spansTold is how many runs of rows are listed.
const spansTold = 6

// Where lists the rows, such as "2–46" or "2, 5, 8–9".
func (a *Alike) Where() string {
	var spans []string
	for i := 0; i < len(a.Rows); {
		end := i
		for end+1 < len(a.Rows) && a.Rows[end+1] == a.Rows[end]+1 {
			end++
		}
		if len(spans) == spansTold {
			return fmt.Sprintf("%s and %d more", strings.Join(spans, ", "), len(a.Rows)-i)
		}
		span := fmt.Sprint(a.Rows[i])
		if end > i {
			span += fmt.Sprintf("–%d", a.Rows[end])
		}
		spans = append(spans, span)
		i = end + 1
	}
	return strings.Join(spans, ", ")
}

func (a *Alike) String() string {
	if len(a.Rows) == 1 {
		return a.Problem.String()
	}
	_, what, _ := strings.Cut(a.Problem.String(), fmt.Sprintf("row %d", a.Row))
	return fmt.Sprintf("%d rows (%s)%s", len(a.Rows), a.Where(), what)
}
