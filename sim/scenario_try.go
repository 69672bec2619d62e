package sim

import (
	"fmt"
	"slices"

	"landport/border"
	"landport/gate"
)

// mostTried is how many orders the check gives to an empty crossing.
const mostTried = 20_000

// tryOrders gives the plan's orders to the empty crossing and refuses a plan of
// which the gate refuses one: what it refuses there it refuses in every run.
// What is so already may be ordered again.
func (c *compiler) tryOrders() error {
	var events Heap
	for i := range c.model.Orders {
		if at := c.model.Orders[i].next(c.model.Start); at != border.Never {
			events.Push(Event{At: at, A: int32(i)})
		}
	}
	state, end := gate.NewState(c.layout, c.model.Start), c.model.Start.Add(c.model.Span)
	var facts []gate.Fact
	for range mostTried {
		if events.Next() >= end {
			break
		}
		e := events.Pop()
		o := &c.model.Orders[e.A]
		in := o.Input
		in.At = e.At
		var refusal gate.Refusal
		if facts, refusal = state.Decide(&in, facts[:0]); refusal.Refused() && refusal.Code != gate.CodeAlreadySo {
			return c.text.errorf(o.path, "the gate refuses it on %s: %s", e.At.Std(o.Zone).Format("Monday 2006-01-02 15:04"), c.layout.Explain(refusal))
		}
		if at := o.next(e.At + 1); at != border.Never {
			events.Push(Event{At: at, A: e.A})
		}
	}
	return nil
}

// checkUndone refuses orders after which nobody could pass any more, for no
// later order undoes them.
func (c *compiler) checkUndone() error {
	for i := range c.model.Orders {
		o := &c.model.Orders[i]
		var remedy string
		switch in := &o.Input; {
		case in.Do == gate.SetServers && in.N == 0:
			remedy = "set-servers with n of 1 or more"
		case in.Do == gate.ClosePost:
			remedy = gate.ReopenPost.String()
		default:
			continue
		}
		if !c.undone(o) {
			return c.text.errorf(o.path, "nobody passes any more from then on, because no later order undoes it; add %s", remedy)
		}
	}
	return nil
}

// undone reports whether a later order takes back what one closes.
func (c *compiler) undone(o *Order) bool {
	for i := range c.model.Orders {
		u := &c.model.Orders[i]
		in, closed := &u.Input, &o.Input
		same := in.Do == gate.SetServers && closed.Do == gate.SetServers && in.Stop == closed.Stop && in.N > 0 ||
			in.Do == gate.ReopenPost && closed.Do == gate.ClosePost && in.N == closed.N
		if same && (u.Once == 0 || o.Once != 0 && u.Once > o.Once) {
			return true
		}
	}
	return false
}

// checkLanes refuses routes on which every lane of a leg is closed at the start
// or by order and none of them is ever opened.
func (c *compiler) checkLanes() error {
	opened, closed := make([]bool, len(c.layout.Places)), make([]string, len(c.layout.Places))
	for id, p := range c.layout.Places {
		if p.Shut {
			closed[id] = c.lets.places[gate.PlaceID(id)].path + ".shut"
		}
	}
	for i := range c.model.Orders {
		switch o := &c.model.Orders[i]; o.Input.Do {
		case gate.OpenLane:
			opened[o.Input.Place] = true
		case gate.CloseLane:
			closed[o.Input.Place] = o.path
		}
	}
	for i := range c.layout.Procedures {
		p := &c.layout.Procedures[i]
		if p.Suspended && !c.starts(gate.ProcedureID(i)) {
			continue
		}
		for _, leg := range p.Legs {
			path := ""
			for _, id := range leg.Places {
				if path = closed[id]; opened[id] || path == "" {
					path = ""
					break
				}
			}
			if path != "" {
				return c.text.errorf(path, "nobody on procedure %q passes any more, because no order opens a lane there again; add open-lane", p.Name)
			}
		}
	}
	return nil
}

// starts reports whether an order starts a procedure.
func (c *compiler) starts(id gate.ProcedureID) bool {
	return slices.ContainsFunc(c.model.Orders, func(o Order) bool { return o.Input.Do == gate.StartProcedure && o.Input.Procedure == id })
}

// checkReleased refuses a scenario in which everybody is refused.
func (c *compiler) checkReleased(all []traffic) error {
	path := ""
	for _, t := range all {
		for i := range c.layout.Procedures {
			p := &c.layout.Procedures[i]
			if t.aboard || !c.follows(t, p) {
				continue
			}
			refused := c.refuses(p, t)
			if refused == "" {
				return nil
			}
			path = refused
		}
	}
	return c.text.errorf(path, "refuses everybody who comes, so that nobody is ever released; write less than 1")
}

// refuses returns the path of what refuses every visit of a class on its way,
// empty where some may pass.
func (c *compiler) refuses(p *gate.Procedure, t traffic) string {
	for k := range p.Steps {
		step := &p.Steps[k]
		if step.Rejoin || step.OnReferral {
			continue
		}
		path := ""
		for i, id := range step.Stops {
			if !c.takes(p.Legs[step.Leg].Places[i], t) {
				continue
			}
			if path = c.refusesAt(id, t); path == "" {
				break
			}
		}
		if path != "" {
			return path
		}
	}
	return ""
}

func (c *compiler) refusesAt(id gate.StopID, t traffic) string {
	for n := range c.model.Services[id] {
		if s := &c.model.Services[id][n]; s.Accepts.Has(c.model.Classes[t.class].Traits) {
			if s.RefuseP < 1 {
				return ""
			}
			return fmt.Sprintf("%s.service[%d].refuse", c.stopPath(id), n+1)
		}
	}
	return ""
}
