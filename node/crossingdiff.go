package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Difference is in what one crossing differs from another, by names: what is
// renamed goes and comes. Each is such as `stop "Bavet customs"`.
type Difference struct {
	Gone    []string `json:"gone,omitempty"`
	New     []string `json:"new,omitempty"`
	Changed []string `json:"changed,omitempty"`
}

// CrossingChange is that a post went on by another crossing.
type CrossingChange struct {
	Crossing string `json:"crossing"` // the scenario's name
	Difference
}

// JSON writes it as the journal tells it.
func (c *CrossingChange) JSON() json.RawMessage { return compact(c) }

// differ says how a crossing differs from the one before.
func differ(was, is *Codec) *Difference {
	d := &Difference{}
	before, after := was.crossingOf(""), is.crossingOf("")
	differing(d, "direction", before.Directions, after.Directions, func(w *[2]string) string { return w[0] + "-" + w[1] })
	differing(d, "place", before.Places, after.Places, func(p *placeData) string { return p.Name })
	differing(d, "stop", before.Stops, after.Stops, func(s *stopData) string { return s.Name })
	differing(d, "hours", before.Openings, after.Openings, func(o *openingData) string { return o.Name })
	differing(d, "procedure", before.Procedures, after.Procedures, func(p *procedureData) string { return p.Name })
	differing(d, "formality", before.Formalities, after.Formalities, func(f *formalityData) string { return f.Name })
	differing(d, "policy", before.Policies, after.Policies, func(p *policyData) string { return p.Name })
	return d
}

// differing compares lists of one kind of thing.
func differing[T any](d *Difference, what string, was, is []T, name func(*T) string) {
	titled := func(t *T) string { return fmt.Sprintf("%s %q", what, name(t)) }
	written := make(map[string][]byte, len(was))
	for i := range was {
		written[name(&was[i])] = compact(&was[i])
	}
	for i := range is {
		before, known := written[name(&is[i])]
		switch delete(written, name(&is[i])); {
		case !known:
			d.New = append(d.New, titled(&is[i]))
		case !bytes.Equal(before, compact(&is[i])):
			d.Changed = append(d.Changed, titled(&is[i]))
		}
	}
	for i := range was {
		if _, gone := written[name(&was[i])]; gone {
			d.Gone = append(d.Gone, titled(&was[i]))
		}
	}
}

// namedMost is how many things of a kind a sentence names.
const namedMost = 3

// String says it in part of a sentence.
func (d *Difference) String() string {
	var parts []string
	for _, list := range [...]struct {
		names []string
		one   string
	}{{d.Gone, "without"}, {d.New, "with"}, {d.Changed, "with another"}} {
		switch more := len(list.names) - namedMost; {
		case len(list.names) == 0:
		case more > 0:
			parts = append(parts, fmt.Sprintf("%s %s and %d more", list.one, strings.Join(list.names[:namedMost], ", "), more))
		default:
			parts = append(parts, list.one+" "+strings.Join(list.names, ", "))
		}
	}
	if len(parts) == 0 {
		return "the same in another order"
	}
	return strings.Join(parts, "; ")
}
