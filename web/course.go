package web

import (
	"math/bits"

	"landport/gate"
	"landport/node"
)

// course is what a visit's facts say beyond how it stands.
type course struct {
	layout     *gate.Layout
	procedure  gate.ProcedureID
	onHold     gate.FormalitySet
	handedOver bool
	cancelled  bool // its export
}

func newCourse(l *gate.Layout, rec *node.Record) *course {
	c := &course{layout: l, procedure: rec.Procedure}
	for i := range rec.Facts {
		f := &rec.Facts[i]
		if f.Visit != rec.ID {
			continue
		}
		switch f.Kind {
		case gate.Held:
			c.onHold |= f.Formalities
		case gate.Unheld:
			c.onHold &^= f.Formalities
		case gate.ServiceEnded:
			if f.Outcome == gate.HeldBack {
				c.onHold |= f.Formalities
			}
		case gate.HandedOver:
			c.handedOver = true
		case gate.Readmitted:
			c.handedOver = false
		case gate.ExportCancelled:
			c.cancelled = true
		}
	}
	return c
}

// formalities lists those of the visit's procedure by name.
func (c *course) formalities() (names []string) {
	var all gate.FormalitySet
	for _, step := range c.layout.Procedures[c.procedure].Steps {
		all |= step.Formalities
	}
	return c.names(all)
}

// held lists the formalities a visit is on hold for.
func (c *course) held() []string { return c.names(c.onHold) }

func (c *course) names(set gate.FormalitySet) (names []string) {
	for m := set; m != 0; m &= m - 1 {
		if i := bits.TrailingZeros32(uint32(m)); i < len(c.layout.Formalities) {
			names = append(names, c.layout.Formalities[i].Name)
		}
	}
	return names
}
