package sim

import (
	"fmt"
	"slices"

	"landport/border"
	"landport/gate"
)

func (c *compiler) setProcedures() error {
	entries := c.Procedures
	if len(entries) == 0 {
		e, err := c.onlyProcedure()
		if err != nil {
			return err
		}
		entries = []procedureEntry{e}
	}
	for i, e := range entries {
		c.procedures.add(e.Name, gate.ProcedureID(i))
	}
	for i, e := range entries {
		path := c.write("procedures", e.Name)
		p := gate.Procedure{
			Name: e.Name, LegalBasis: e.LegalBasis, Accepts: group(e.Accepts, e.Refuses).Predicate,
			Suspended: e.Suspended, Fallback: gate.ProcedureID(i),
		}
		var err error
		if p.Direction, err = c.directions.the(&c.text, path+".direction", e.Direction); err != nil {
			return err
		}
		if e.Fallback != "" {
			if p.Fallback, err = c.procedures.the(&c.text, path+".fallback", e.Fallback); err != nil {
				return err
			}
		}
		for k := range e.Route {
			if err := c.addLeg(&p, fmt.Sprintf("%s.route[%d]", path, k+1), &e.Route[k]); err != nil {
				return err
			}
		}
		c.layout.Procedures = append(c.layout.Procedures, p)
		c.lets.procedures = append(c.lets.procedures, let{path, group(e.Accepts, e.Refuses)})
	}
	return nil
}

// checkInForce refuses a direction in which no procedure runs at the start.
func (c *compiler) checkInForce() error {
	for d, name := range c.directions.names {
		inForce, suspended := false, ""
		for _, p := range c.layout.Procedures {
			switch {
			case int(p.Direction) != d:
			case p.Suspended:
				suspended = "procedures[" + p.Name + "].suspended"
			default:
				inForce = true
			}
		}
		switch {
		case inForce:
		case suspended != "":
			return c.text.errorf(suspended, "no other procedure of this direction is in force at the start either; leave one in force")
		default:
			return c.text.errorf("procedures", "none runs %s; every direction needs one", name)
		}
	}
	return nil
}

// onlyProcedure is what a scenario without procedures means: all places in the
// order written, and all stops, in order, where formalities are done. Without
// such a place every stop has its own, and where the first may be closed there
// is a road before it.
func (c *compiler) onlyProcedure() (procedureEntry, error) {
	e := procedureEntry{Name: "the only procedure"}
	if len(c.layout.Directions) > 1 {
		return e, c.text.errorf("", "lacks procedures: with several directions each needs one")
	}
	work := -1
	for _, p := range c.Places {
		if gate.PlaceKind(p.Kind).Work() {
			if work >= 0 {
				return e, c.text.errorf("places["+p.Name+"]",
					"formalities are done in several places; add procedures: that say which stop is where")
			}
			work = len(e.Route)
		}
		e.Route = append(e.Route, legEntry{Place: names{p.Name}})
	}
	if len(e.Route) == 0 && len(c.Stops) > 0 && c.maybeClosed() {
		road := gate.Place{Name: "road", Kind: gate.Approach, Post: c.layout.Stops[1].Post, Directions: 1}
		if len(c.Posts) > 0 {
			road.Name += " to " + c.layout.Posts[road.Post].Name
		}
		if err := c.addPlace("stops", road.Name, road, Dist{}); err != nil {
			return e, err
		}
		e.Route = append(e.Route, legEntry{Place: names{road.Name}})
	}
	for _, s := range c.Stops {
		step := stepEntry{Stop: names{s.Name}}
		if work >= 0 {
			e.Route[work].Stops = append(e.Route[work].Stops, step)
			continue
		}
		for _, id := range c.stops.ids[s.Name] {
			stop := c.layout.Stops[id]
			bay := gate.Place{Name: stop.Name, Kind: gate.Bay, Post: stop.Post, Directions: 1}
			if own := c.openings.ids[c.layout.Posts[stop.Post].Name]; len(own) > 0 {
				bay.Opening = own[0]
			}
			if err := c.addPlace("stops["+s.Name+"]", s.Name, bay, Dist{}); err != nil {
				return e, err
			}
		}
		e.Route = append(e.Route, legEntry{Place: names{s.Name}, Stops: []stepEntry{step}})
	}
	return e, nil
}

// maybeClosed reports whether hours or orders may close the first stop's place.
func (c *compiler) maybeClosed() bool {
	post := c.layout.Posts[c.layout.Stops[1].Post].Name
	return len(c.openings.ids[post]) > 0 || slices.ContainsFunc(c.Orders, func(e orderEntry) bool {
		return gate.Do(e.Do) == gate.CloseLane || gate.Do(e.Do) == gate.ClosePost
	})
}

func (c *compiler) addLeg(p *gate.Procedure, path string, e *legEntry) error {
	var leg gate.Leg
	for _, name := range e.Place {
		ids, err := c.places.all(&c.text, path+".place", name)
		if err != nil {
			return err
		}
		leg.Places = append(leg.Places, ids...)
	}
	for i := range e.Stops {
		at := fmt.Sprintf("%s.stops[%d]", path, i+1)
		step, err := c.step(at, &e.Stops[i], len(leg.Places))
		if err != nil {
			return err
		}
		step.Leg = len(p.Legs)
		p.Steps = append(p.Steps, step)
	}
	p.Legs = append(p.Legs, leg)
	return nil
}

func (c *compiler) step(path string, e *stepEntry, lanes int) (step gate.Step, err error) {
	step = gate.Step{OnReferral: e.OnReferral, Rejoin: e.Rejoin}
	if step.Formalities, err = c.formalitySet(path+".formalities", e.Formalities); err != nil {
		return step, err
	}
	switch {
	case e.Rejoin && len(e.Stop) > 0:
		return step, c.text.errorf(path, "is a stop and a place to rejoin; make two of it")
	case e.Rejoin:
		return step, nil
	case len(e.Stop) == 0:
		return step, c.text.errorf(path, "lacks stop: %s", "the stop where it is done")
	}
	for _, name := range e.Stop {
		ids, err := c.stops.all(&c.text, path+".stop", name)
		if err != nil {
			return step, err
		}
		step.Stops = append(step.Stops, ids...)
	}
	if len(step.Stops) == 1 {
		for len(step.Stops) < lanes {
			step.Stops = append(step.Stops, step.Stops[0])
		}
	}
	if len(step.Stops) != lanes {
		return step, c.text.errorf(path+".stop", "names %d stops for %d lanes; name one that all share, or %d", len(step.Stops), lanes, lanes)
	}
	return step, nil
}

func (c *compiler) setPolicies() error {
	if len(c.Policies) == 0 {
		c.layout.Policies = []gate.Policy{{Name: "first come, first served"}}
	}
	for _, e := range c.Policies {
		path := c.write("policies", e.Name)
		if c.text.has(path+".slots") && border.Micros(e.Slots.Length) < leastSlot {
			return c.text.errorf(path+".slots.length", "is too short; a slot takes 1m or more")
		}
		p := gate.Policy{
			Name: e.Name, Strict: e.Strict, ReadyFirst: e.ReadyFirst, Ageing: border.Micros(e.Ageing),
			Slots: gate.Slots{
				Length: border.Micros(e.Slots.Length), Quota: int32(e.Slots.Quota),
				OverbookPermille: int32(1000*e.Slots.Overbook + 0.5), Grace: border.Micros(e.Slots.Grace),
				MaxRebook: uint8(e.Slots.Rebook),
			},
		}
		for _, r := range e.Priorities {
			p.Priorities = append(p.Priorities, gate.Priority{Accepts: group(r.Accepts, r.Refuses), Class: int32(r.Class)})
		}
		c.layout.Policies = append(c.layout.Policies, p)
	}
	return nil
}
