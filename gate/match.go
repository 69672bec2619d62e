package gate

import "math/bits"

// Match gives, for every identity of one layout, that of the same name in
// another: 0 for none where 0 is reserved, else -1.
type Match struct{ Places, Stops, Openings, Procedures, Formalities, Directions []int }

// Match finds what the layout has in another one, by name.
func (l *Layout) Match(other *Layout) Match {
	return Match{
		Places:      match(l.Places, other.Places, 1, func(p *Place) string { return p.Name }),
		Stops:       match(l.Stops, other.Stops, 1, func(s *Stop) string { return s.Name }),
		Openings:    match(l.Openings, other.Openings, 1, func(o *Opening) string { return o.Name }),
		Procedures:  match(l.Procedures, other.Procedures, 0, func(p *Procedure) string { return p.Name }),
		Formalities: match(l.Formalities, other.Formalities, 0, func(f *Formality) string { return f.Name }),
		Directions:  match(l.Directions, other.Directions, 0, func(w *Way) string { return w.Exit + "-" + w.Entry }),
	}
}

// match finds for each of some things the one of the same name among others;
// the first so many are reserved.
func match[T any](these, others []T, reserved int, name func(*T) string) []int {
	out := make([]int, len(these))
	for i := reserved; i < len(these); i++ {
		out[i] = reserved - 1
		for j := reserved; j < len(others); j++ {
			if name(&these[i]) == name(&others[j]) {
				out[i] = j
				break
			}
		}
	}
	return out
}

// Set finds the formalities of a set; bits beyond them name none.
func (m *Match) Set(f FormalitySet) (out FormalitySet) {
	for ; f != 0; f &= f - 1 {
		switch i := bits.TrailingZeros32(uint32(f)); {
		case i >= len(m.Formalities):
			out |= orAny(0)
		case m.Formalities[i] >= 0:
			out |= 1 << m.Formalities[i]
		}
	}
	return out
}
