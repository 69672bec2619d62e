package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
)

// orderEntry is something the operator orders during the run. The words are
// those of the orders a running post takes.
type orderEntry struct {
	At        moment    `yaml:"at" need:"true" doc:"When: 06:00 every day, mon-fri 06:00, or 2018-04-14 06:00, by the clock of the post concerned."`
	Do        orderWord `free:"true" yaml:"do" need:"true" doc:"What is ordered."`
	Place     string    `yaml:"place" doc:"Lane or other place, for open-lane, close-lane, turn-lane and set-capacity; a name with an asterisk is all of them."`
	Direction string    `yaml:"direction" doc:"The direction a lane is turned to."`
	Post      string    `yaml:"post" doc:"Post, for close-post and reopen-post."`
	Procedure string    `yaml:"procedure" doc:"Procedure, for start-procedure and suspend-procedure."`
	Policy    string    `yaml:"policy" doc:"Policy, for set-policy."`
	Stop      string    `yaml:"stop" doc:"Stop, for set-servers; a name with an asterisk is all of them."`
	N         count     `yaml:"n" most:"1048576" doc:"How many, for set-servers and set-capacity."`
}

// orderWord is an order that a plan may hold.
type orderWord gate.Do

func orderWords() []string {
	var list []string
	for _, do := range planned() {
		list = append(list, do.String())
	}
	return list
}

// planned lists the orders about the crossing itself, which need no visit.
func planned() []gate.Do {
	return []gate.Do{
		gate.OpenLane, gate.CloseLane, gate.TurnLane, gate.ClosePost, gate.ReopenPost,
		gate.StartProcedure, gate.SuspendProcedure, gate.SetPolicy, gate.SetServers, gate.SetCapacity,
	}
}

func (o *orderWord) read(n node) error {
	text, err := n.word(orderWords(), "an order")
	if err == nil {
		do, _ := gate.ParseDo(text)
		*o = orderWord(do)
	}
	return err
}

// moment is a time of day on some weekdays, or one instant by a local clock.
type moment struct {
	date     border.Date // zero for every week
	weekdays [7]bool
	minute   int
}

func (m *moment) read(n node) error {
	text, err := n.scalar("a time such as 06:00")
	if err != nil {
		return err
	}
	day, clock, two := strings.Cut(text, " ")
	if !two {
		day, clock = "daily", text
	}
	at, err := time.Parse("15:04", strings.TrimSpace(clock))
	if err != nil {
		return n.errorf("%q is not a time; write 06:00, mon-fri 06:00, or 2018-04-14 06:00", text)
	}
	m.minute = at.Hour()*60 + at.Minute()
	if strings.Count(day, "-") == 2 {
		if m.date, err = parseDate(day); err != nil {
			return n.errorf("%v", err)
		}
		return nil
	}
	days, err := parseDays(day)
	if err != nil {
		return n.errorf("%v, or a date such as 2018-04-14", err)
	}
	for _, d := range days {
		m.weekdays[d] = true
	}
	return nil
}

// setOrders makes the plan's orders ready; one of several places is one for each.
func (c *compiler) setOrders() error {
	for i := range c.Orders {
		e, path := &c.Orders[i], fmt.Sprintf("orders[%d]", i+1)
		inputs, post, err := c.inputs(path, e)
		if err != nil {
			return err
		}
		o := Order{Zone: c.layout.Posts[post].Zone, Weekdays: e.At.weekdays, Minute: e.At.minute, path: path}
		if d := e.At.date; d != (border.Date{}) {
			o.Once = border.At(time.Date(d.Year, d.Month, d.Day, 0, o.Minute, 0, 0, o.Zone))
			if o.Once < c.model.Start || o.Once >= c.model.Start.Add(c.model.Span) {
				return c.text.errorf(path+".at", "is outside the run, which run.start and run.length give")
			}
		}
		for _, in := range inputs {
			o.Input = in
			c.model.Orders = append(c.model.Orders, o)
		}
	}
	return nil
}

// inputs returns what an entry orders, and the post by whose clock.
func (c *compiler) inputs(path string, e *orderEntry) (list []gate.Input, post gate.PostID, err error) {
	in := gate.Input{Do: gate.Do(e.Do), Reason: gate.ByOperator, N: int64(e.N)}
	wants := map[gate.Do][]string{
		gate.OpenLane: {"place"}, gate.CloseLane: {"place"}, gate.TurnLane: {"place", "direction"}, gate.SetCapacity: {"place", "n"},
		gate.ClosePost: {"post"}, gate.ReopenPost: {"post"}, gate.SetServers: {"stop", "n"}, gate.SetPolicy: {"policy"},
		gate.StartProcedure: {"procedure"}, gate.SuspendProcedure: {"procedure"},
	}[in.Do]
	for _, field := range []string{"place", "direction", "post", "procedure", "policy", "stop", "n"} {
		switch wanted := slices.Contains(wants, field); {
		case wanted && !c.text.has(path+"."+field):
			return nil, 0, c.text.errorf(path, "%s lacks its %s", in.Do, field)
		case !wanted && c.text.has(path+"."+field):
			return nil, 0, c.text.errorf(path+"."+field, "goes with other orders; %s takes %s", in.Do, strings.Join(wants, " and "))
		}
	}
	switch wants[0] {
	case "place":
		return c.placeOrders(path, e, in)
	case "stop":
		ids, err := c.stops.all(&c.text, path+".stop", e.Stop)
		for _, id := range ids {
			in.Stop = id
			list, post = append(list, in), c.layout.Stops[id].Post
		}
		if err == nil && e.N > gate.MaxServers {
			err = c.text.errorf(path+".n", "a stop has up to %d servers", gate.MaxServers)
		}
		return list, post, err
	case "post":
		post, err = c.posts.the(&c.text, path+".post", e.Post)
		in.N = int64(post)
	case "procedure":
		in.Procedure, err = c.procedures.the(&c.text, path+".procedure", e.Procedure)
		in.N = 1 // who is inside falls back where that is possible
	default:
		in.N, err = c.policy(path+".policy", e.Policy)
	}
	return []gate.Input{in}, post, err
}

func (c *compiler) placeOrders(path string, e *orderEntry, in gate.Input) (list []gate.Input, post gate.PostID, err error) {
	ids, err := c.places.all(&c.text, path+".place", e.Place)
	if err != nil {
		return nil, 0, err
	}
	if in.Do == gate.TurnLane {
		if in.Direction, err = c.directions.the(&c.text, path+".direction", e.Direction); err != nil {
			return nil, 0, err
		}
	}
	for _, id := range ids {
		p := &c.layout.Places[id]
		switch {
		case in.Do == gate.TurnLane && !p.Tidal:
			return nil, 0, c.text.errorf(path+".place", "%q cannot be turned; give it tidal: true", p.Name)
		case in.Do == gate.SetCapacity && (p.Capacity == 0 || in.N == 0):
			return nil, 0, c.text.errorf(path, "a capacity may change, but not appear or vanish; give %q a capacity and n of 1 or more", p.Name)
		case in.Do != gate.SetCapacity && !p.Kind.Work():
			return nil, 0, c.text.errorf(path+".place", "%q is no lane and no bay", p.Name)
		}
		in.Place = id
		list, post = append(list, in), p.Post
	}
	return list, post, nil
}

func (c *compiler) policy(path, name string) (int64, error) {
	var known []string
	for i, p := range c.layout.Policies {
		if p.Name == name {
			return int64(i), nil
		}
		known = append(known, p.Name)
	}
	return 0, c.text.errorf(path, "unknown policy %q%s; policies are %s", name, perhaps(name, known), strings.Join(known, ", "))
}

// setBreakdowns notes which stops fail.
func (c *compiler) setBreakdowns() error {
	for _, e := range c.Stops {
		path := "stops[" + e.Name + "].breakdowns"
		if !c.text.has(path) {
			continue
		}
		if e.Breakdowns.Every.Mean() < leastAway {
			return c.text.errorf(path+".every", "a stop works for some time before it fails; write 1m or more")
		}
		for _, id := range c.stops.ids[e.Name] {
			if slices.Contains(c.model.ordersOf(), id) {
				return c.text.errorf(path, "a plan sets the servers of this stop too, and a repair would undo it; keep one of the two")
			}
			c.model.Breakdowns = append(c.model.Breakdowns, Breakdown{id, e.Breakdowns.Every.Dist, e.Breakdowns.Lasting.Dist})
		}
	}
	return nil
}

// ordersOf lists the stops whose servers a plan sets.
func (m *Model) ordersOf() (stops []gate.StopID) {
	for i := range m.Orders {
		if m.Orders[i].Input.Do == gate.SetServers {
			stops = append(stops, m.Orders[i].Input.Stop)
		}
	}
	return stops
}
