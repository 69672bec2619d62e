package border

import "strings"

// Nearest returns the known name that a misspelt one most likely means, or "".
func Nearest(name string, known []string) string {
	best, least := "", 2+len(name)/3
	for _, k := range known {
		if n := distance(strings.ToLower(name), strings.ToLower(k)); n < least && n < len(k) {
			best, least = k, n
		}
	}
	return best
}

// distance is Levenshtein's: the fewest letters to insert, delete or replace.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			here := before
			if x[i] != y[j] {
				here = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], here
		}
	}
	return row[len(y)]
}
