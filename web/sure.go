package web

import (
	"fmt"
	"net/url"
	"strings"
)

// over asks besides whether it is meant that a visit ends: before hand-over, who
// is refused leaves the way it came, and nothing brings its visit back.
func over(where *course, fields ...field) []field {
	if where.handedOver {
		return fields
	}
	return append(fields, field{Name: "over", Kind: "confirm", Value: "yes",
		Label: "It leaves the way it came, and this visit is over at once. Who comes back arrives anew."})
}

// unsure says what a form should have been asked whether it is meant, and was not
// told so: a browser sees to it, but not every form comes from one.
func unsure(acts []act, form url.Values) error {
	for _, a := range acts {
		for _, f := range a.Fields {
			if a.Do == form.Get("do") && f.Kind == "confirm" && form.Get(f.Name) != f.Value {
				return fmt.Errorf("tick that it is meant: %s%s", strings.ToLower(f.Label[:1]), strings.TrimSuffix(f.Label[1:], "."))
			}
		}
	}
	return nil
}

// refusal is what it comes to that a service ends with one.
func (c *course) refusal() string {
	if c.handedOver {
		return "refused"
	}
	return "refused: it leaves the way it came, and this visit is over"
}
