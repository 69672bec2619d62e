package sim

import (
	"strings"

	"landport/border"
	"landport/gate"
)

// letting is whom places and procedures are written for, by their number.
type letting struct {
	places     map[gate.PlaceID]let
	procedures []let
}

// let is whom something written at a path is for.
type let struct {
	path string
	to   border.Group
}

// checkKnown refuses a class that a procedure or a place on its way would take
// only because nothing is known of it on an axis that accepts names. At a gate
// whoever is unknown has to get somewhere, so it lets them pass; in a scenario
// everybody is known, and accepts: empty is not meant for coaches.
func (c *compiler) checkKnown(procedure int, t traffic) error {
	if err := c.mustKnow(c.lets.procedures[procedure], t); err != nil {
		return err
	}
	p := &c.layout.Procedures[procedure]
	for _, leg := range p.Legs[max(0, legOf(p, t.start)):] {
		for _, id := range leg.Places {
			if !c.takes(id, t) {
				continue
			}
			if err := c.mustKnow(c.lets.places[id], t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *compiler) mustKnow(l let, t traffic) error {
	class := &c.model.Classes[t.class]
	unknown := l.to.Unknown(class.Traits)
	if unknown == 0 {
		return nil
	}
	var lacks []string
	for _, a := range border.Axes() {
		if a.Of(unknown) != 0 {
			lacks = append(lacks, a.String())
		}
	}
	return c.text.errorf(l.path+".accepts", "class %q (%s) has no %s, and a gate lets pass what it does not know; give the class one, such as %s, or have this refuse it by what it is",
		class.Name, class.Traits, strings.Join(lacks, " and no "), unknown.Names()[0])
}
