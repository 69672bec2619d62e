package sim

import (
	"fmt"
	"slices"
	"strings"

	"landport/border"
	"landport/gate"
)

// traffic is a class that travels in a direction and starts at a place.
type traffic struct {
	class     int
	direction gate.Direction
	start     gate.PlaceID // 0 for the start of the route
	flow      int          // 1 + its flow, 0 for who comes back or alights
	aboard    bool         // until it alights: it is in the crossing when it starts
}

// check looks for what is well formed and cannot work: visits that no procedure
// takes or that could never finish, and what nobody uses.
func (c *compiler) check() error {
	if err := c.checkSides(); err != nil {
		return err
	}
	all, err := c.traffic()
	if err != nil {
		return err
	}
	for _, t := range all {
		found := false
		for i := range c.layout.Procedures {
			p := &c.layout.Procedures[i]
			if !c.follows(t, p) || t.start != 0 && legOf(p, t.start) < 0 {
				continue
			}
			found = true
			if err := c.checkKnown(i, t); err != nil {
				return err
			}
			if err := c.checkStart(p, t); err != nil {
				return err
			}
			if err := c.checkWay(p, t); err != nil {
				return err
			}
		}
		if !found {
			return c.noProcedure(t)
		}
	}
	if err := c.checkReleased(all); err != nil {
		return err
	}
	return c.checkUse(all)
}

// follows reports whether a procedure is for such visits.
func (c *compiler) follows(t traffic, p *gate.Procedure) bool {
	return p.Direction == t.direction && p.Accepts.Accepts(c.model.Classes[t.class].Traits)
}

// passes reports whether a place is on the way of such visits.
func (c *compiler) passes(t traffic, at gate.PlaceID) bool {
	return slices.ContainsFunc(c.layout.Procedures, func(p gate.Procedure) bool {
		return c.follows(t, &p) && legOf(&p, at) >= 0
	})
}

func (c *compiler) noProcedure(t traffic) error {
	way, path := c.layout.Directions[t.direction], c.classPath(t.class)
	start := ""
	if t.start != 0 {
		start = fmt.Sprintf(" and passes place %q", c.layout.Places[t.start].Name)
	}
	return c.text.errorf(path, "no procedure from %s to %s accepts it (%s)%s; procedures are %s",
		way.Exit, way.Entry, c.model.Classes[t.class].Traits, start, strings.Join(c.procedures.names, ", "))
}

func (c *compiler) classPath(class int) string { return "classes[" + c.model.Classes[class].Name + "]" }

// traffic lists who travels: by the flows, on return legs, as passengers.
func (c *compiler) traffic() (all []traffic, err error) {
	add := func(t traffic) {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	for i, f := range c.model.Flows {
		for _, s := range f.Mix {
			add(traffic{class: s.Class, direction: f.Direction, start: f.Place, flow: i + 1})
		}
	}
	for i := 0; i < len(all); i++ { //nolint:intrange // all grows on the way
		t := all[i]
		class := &c.model.Classes[t.class]
		if class.ReturnP > 0 {
			way := c.layout.Directions[t.direction]
			back, ok := c.directions.ids[way.Entry+"-"+way.Exit]
			if !ok {
				return nil, c.text.errorf(c.classPath(t.class)+".return", "nobody travels from %s to %s; add that direction", way.Entry, way.Exit)
			}
			add(traffic{class: class.ReturnAs, direction: back[0]})
		}
		for _, a := range class.Alight {
			if c.passes(t, a.From) {
				add(traffic{class: class.PassengerClass, direction: t.direction, start: a.To, aboard: true})
			}
		}
	}
	return all, nil
}

// checkSides refuses formalities of a country that a procedure does not concern.
func (c *compiler) checkSides() error {
	for i := range c.layout.Procedures {
		p := &c.layout.Procedures[i]
		way := c.layout.Directions[p.Direction]
		for k := range p.Steps {
			for j, f := range c.layout.Formalities {
				country := way.Exit
				if f.Side == border.Entry {
					country = way.Entry
				}
				if p.Steps[k].Formalities>>j&1 != 0 && f.Country != country {
					return c.text.errorf(c.stepPath(p, k), "%q is for %s of %s; from %s to %s it takes exit of %s or entry of %s",
						f.Name, f.Side, f.Country, way.Exit, way.Entry, way.Exit, way.Entry)
				}
			}
		}
	}
	return nil
}

func (c *compiler) stepPath(p *gate.Procedure, k int) string {
	leg := p.Steps[k].Leg
	n := 1
	for j := range p.Steps[:k] {
		if p.Steps[j].Leg == leg {
			n++
		}
	}
	return fmt.Sprintf("procedures[%s].route[%d].stops[%d]", p.Name, leg+1, n)
}

// checkWay follows a class along a procedure.
func (c *compiler) checkWay(p *gate.Procedure, t traffic) error {
	class := &c.model.Classes[t.class]
	start := max(0, legOf(p, t.start))
	referred := gate.FormalitySet(0)
	for i, r := range class.Refer {
		if missing := r.Formalities &^ done(p, 0); missing != 0 {
			return c.text.errorf(fmt.Sprintf("%s.refer[%d]", c.classPath(t.class), i+1),
				"%s is done at no stop of procedure %q", c.formalityNames(missing), p.Name)
		}
		referred |= r.Formalities
	}
	rejoins := false
	stopped := make([]bool, len(p.Legs))
	for k := range p.Steps {
		step := &p.Steps[k]
		if step.Leg < start || step.OnReferral && step.Formalities&referred == 0 {
			continue
		}
		if step.Rejoin {
			rejoins = true
			continue
		}
		stopped[step.Leg] = true
		more, err := c.checkStep(p, k, t)
		if err != nil {
			return err
		}
		referred |= more
	}
	for i := start; i < len(p.Legs); i++ {
		kind := c.layout.Places[p.Legs[i].Places[0]].Kind
		if (kind.Hold() || stopped[i]) && !slices.ContainsFunc(p.Legs[i].Places, func(id gate.PlaceID) bool { return c.takes(id, t) }) {
			return c.text.errorf(fmt.Sprintf("procedures[%s].route[%d].place", p.Name, i+1),
				"no place here accepts class %q (%s); it could never go on", class.Name, class.Traits)
		}
	}
	if len(class.Alight) > 0 && !rejoins {
		return c.text.errorf(c.classPath(t.class)+".coach", "its passengers alight, but procedure %q has no step where they rejoin", p.Name)
	}
	return nil
}

// checkStep looks at one stop and returns what it may refer the class to.
func (c *compiler) checkStep(p *gate.Procedure, k int, t traffic) (referred gate.FormalitySet, err error) {
	class := &c.model.Classes[t.class]
	for i, id := range p.Steps[k].Stops {
		if !c.takes(p.Legs[p.Steps[k].Leg].Places[i], t) {
			continue
		}
		path := c.stopPath(id)
		n := slices.IndexFunc(c.model.Services[id], func(s Service) bool { return s.Accepts.Has(class.Traits) })
		if n < 0 {
			return 0, c.text.errorf(path+".service", "no case accepts class %q (%s), which procedure %q brings here", class.Name, class.Traits, p.Name)
		}
		for j, r := range c.model.Services[id][n].Refer {
			if missing := r.Formalities &^ done(p, k+1); missing != 0 {
				return 0, c.text.errorf(fmt.Sprintf("%s.service[%d].refer[%d]", path, n+1, j+1),
					"%s is done at no later stop of procedure %q, so class %q could never finish", c.formalityNames(missing), p.Name, class.Name)
			}
			referred |= r.Formalities
		}
	}
	return referred, nil
}

func (c *compiler) takes(id gate.PlaceID, t traffic) bool {
	place := &c.layout.Places[id]
	return place.Accepts.Accepts(c.model.Classes[t.class].Traits) && (place.Tidal || place.Directions>>t.direction&1 != 0)
}

func (c *compiler) stopPath(id gate.StopID) string {
	for _, name := range c.stops.names {
		if slices.Contains(c.stops.ids[name], id) {
			return "stops[" + name + "]"
		}
	}
	return "stops"
}

// done returns the formalities done at the steps from the k-th on.
func done(p *gate.Procedure, k int) (set gate.FormalitySet) {
	for ; k < len(p.Steps); k++ {
		set |= p.Steps[k].Formalities
	}
	return set
}

func (c *compiler) formalityNames(set gate.FormalitySet) string {
	var list []string
	for i, f := range c.layout.Formalities {
		if set>>i&1 != 0 {
			list = append(list, fmt.Sprintf("%q", f.Name))
		}
	}
	return strings.Join(list, ", ")
}

func legOf(p *gate.Procedure, at gate.PlaceID) int {
	return slices.IndexFunc(p.Legs, func(l gate.Leg) bool { return slices.Contains(l.Places, at) })
}

// checkUse refuses what is written and plays no part.
func (c *compiler) checkUse(all []traffic) error {
	var places, stops []bool
	places, stops = make([]bool, len(c.layout.Places)), make([]bool, len(c.layout.Stops))
	formalities := gate.FormalitySet(0)
	for i := range c.layout.Procedures {
		p := &c.layout.Procedures[i]
		formalities |= done(p, 0)
		for _, leg := range p.Legs {
			for _, id := range leg.Places {
				places[id] = true
			}
		}
		for _, step := range p.Steps {
			for _, id := range step.Stops {
				stops[id] = true
			}
		}
	}
	for i, f := range c.layout.Formalities {
		if formalities>>i&1 == 0 {
			return c.text.errorf("formalities["+f.Name+"]", "is done at no stop of any procedure; add it to one or leave it out")
		}
	}
	for _, name := range c.places.names {
		for _, id := range c.places.ids[name] {
			if !places[id] {
				return c.text.errorf("places["+name+"]", "is on the route of no procedure; add it to one or leave it out")
			}
			if err := c.checkAccepts(name, id, all); err != nil {
				return err
			}
		}
	}
	for _, name := range c.stops.names {
		if !stops[c.stops.ids[name][0]] {
			return c.text.errorf("stops["+name+"]", "is on the route of no procedure; add it to one or leave it out")
		}
	}
	for i := range c.model.Classes {
		if !slices.ContainsFunc(all, func(t traffic) bool { return t.class == i }) {
			return c.text.errorf(c.classPath(i), "nobody of this class comes; add it to a flow or leave it out")
		}
	}
	return nil
}

// checkAccepts refuses a place that accepts nobody who comes to it.
func (c *compiler) checkAccepts(name string, id gate.PlaceID, all []traffic) error {
	for _, t := range all {
		if c.passes(t, id) && c.takes(id, t) {
			return nil
		}
	}
	return c.text.errorf("places["+name+"]", "accepts nobody who comes there; check accepts, refuses and directions")
}
