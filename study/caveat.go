package study

import "fmt"

// enoughRuns is how many replications a 95% interval wants, so that what it is
// multiplied by for being of few is no longer much: Student's t is 12.7 of two
// replications, 4.3 of three and 2.3 of ten, where it is 2.0 of many.
const enoughRuns = 10

// Wide says under a table that so few replications give no usable interval, where
// that of a time reaches below zero.
func (t *Page) Wide(replications int, belowZero bool) {
	if !belowZero || replications >= enoughRuns {
		return
	}
	of := "1 replication"
	if replications != 1 {
		of = fmt.Sprintf("%d replications", replications)
	}
	t.Linef("  (%s: an interval that reaches below zero says little; use %d or more)", of, enoughRuns)
}

// belowZero reports whether the interval holds what no time can be.
func (s Summary) belowZero() bool { return s.CI95[0] < 0 }

// AssumedWords say how many figures, called what, are assumed.
func AssumedWords(assumed, all int, what string) string {
	switch {
	case assumed == all:
		return fmt.Sprintf("all %d %s are assumed", all, what)
	case assumed == 0:
		return fmt.Sprintf("none of %d %s is assumed: all have a source", all, what)
	case assumed == 1:
		return fmt.Sprintf("1 of %d %s is assumed, the others have a source", all, what)
	}
	return fmt.Sprintf("%d of %d %s are assumed, the others have a source", assumed, all, what)
}
