package api

import (
	"fmt"

	"landport/board"
	"landport/border"
	"landport/gate"
)

// names finds what a post has by its name.
type names struct {
	layout *gate.Layout
	slug   string // of the post, in addresses
}

// way names a direction as scenarios do: KH-VN.
func (n *names) way(d gate.Direction) string { return board.Way(n.layout, d) }

// list names n things in their order; index 0 is "" where it is reserved.
func list(n int, name func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name(i)
	}
	return out
}

func (n *names) directions() []string {
	return list(len(n.layout.Directions), func(i int) string { return n.way(gate.Direction(i)) })
}

func (n *names) places() []string {
	return list(len(n.layout.Places)-1, func(i int) string { return n.layout.Places[i+1].Name })
}

func (n *names) stops() []string {
	return list(len(n.layout.Stops)-1, func(i int) string { return n.layout.Stops[i+1].Name })
}

func (n *names) procedures() []string {
	return list(len(n.layout.Procedures), func(i int) string { return n.layout.Procedures[i].Name })
}

func (n *names) openings() []string {
	return list(len(n.layout.Openings)-1, func(i int) string { return n.layout.Openings[i+1].Name })
}

func (n *names) policies() []string {
	return list(len(n.layout.Policies), func(i int) string { return n.layout.Policies[i].Name })
}

func (n *names) formalities() []string {
	return list(len(n.layout.Formalities), func(i int) string { return n.layout.Formalities[i].Name })
}

// search finds names in lists and notes what is not there.
type search struct{ faults []Fault }

func (s *search) find(location, what string, known []string, name string) int {
	for i, k := range known {
		if k == name {
			return i
		}
	}
	perhaps := ""
	if near := border.Nearest(cut(name, 100), known); near != "" {
		perhaps = fmt.Sprintf(", perhaps %q", near)
	}
	s.fail(location, fmt.Sprintf("there is no %s %.60q here%s; GET /api/v1/posts lists what there is", what, name, perhaps))
	return 0
}

func (s *search) fail(location, detail string) {
	s.faults = append(s.faults, Fault{location, detail})
}

// traits reads traits by their names; each axis but cargo nature takes one.
func (s *search) traits(location string, values []string) (t border.Traits) {
	for _, v := range values {
		trait, _, err := border.ParseTrait(cut(v, 60))
		if err != nil {
			s.fail(location, shorten(err.Error()))
		}
		t |= trait
	}
	return t
}

func (s *search) formalities(n *names, location string, values []string) (set gate.FormalitySet) {
	for _, v := range values {
		set |= 1 << s.find(location, "formality", n.formalities(), v)
	}
	return set
}

// cut returns the first runes of s.
func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}
