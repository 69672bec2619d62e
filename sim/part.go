package sim

import (
	"fmt"
	"slices"

	"landport/gate"
)

// Part returns the part of a model that one post is: the places it holds, the
// stops in them, the procedures as far as they run there. A node runs that part
// as its own gate; what a visit meets on the other side is for the other node.
//
// A route is cut where the post's places begin and end; ways that lead to the
// first of them belong to the drive from the neighbour. Who comes from the
// neighbour is not in the part's flows.
func (m *Model) Part(post gate.PostID) (*Model, error) {
	if int(post) >= len(m.Layout.Posts) {
		return nil, fmt.Errorf("%s has no post %d", m.Name, post)
	}
	c := cutter{whole: m, post: post, part: &Model{
		Name: m.Name, Title: m.Layout.Posts[post].Name, Start: m.Start, Span: m.Span, Warmup: m.Warmup, WarmupRule: m.WarmupRule, pilot: m.pilot,
		Standard: m.Standard, Parameters: m.Parameters, Assumed: m.Assumed, Notes: m.Notes,
		Layout: &gate.Layout{
			Name: m.Layout.Posts[post].Name, Directions: m.Layout.Directions, Posts: []gate.Post{m.Layout.Posts[post]},
			Formalities: m.Layout.Formalities, Policies: m.Layout.Policies,
			Openings: m.Layout.Openings[:1:1], Places: m.Layout.Places[:1:1], Stops: m.Layout.Stops[:1:1],
		},
		Services: m.Services[:1:1], Drives: m.Drives[:1:1],
	}}
	c.openings = make([]gate.OpeningID, len(m.Layout.Openings))
	c.places = make([]gate.PlaceID, len(m.Layout.Places))
	c.stops = make([]gate.StopID, len(m.Layout.Stops))
	c.procedures = make([]int, len(m.Layout.Procedures))
	c.cutPlaces()
	if err := c.cutProcedures(); err != nil {
		return nil, err
	}
	c.cutTraffic()
	if err := c.part.Layout.Compile(); err != nil {
		return nil, fmt.Errorf("%s alone: %w", m.Layout.Posts[post].Name, err)
	}
	return c.part, nil
}

// cutter makes a part; the slices give for each identity of the whole the
// part's, 0 for none.
type cutter struct {
	whole, part *Model
	post        gate.PostID
	openings    []gate.OpeningID
	places      []gate.PlaceID
	stops       []gate.StopID
	procedures  []int // one more than the part's
	acts        gate.FormalitySet
}

func (c *cutter) cutPlaces() {
	l := c.part.Layout
	for i, o := range c.whole.Layout.Openings {
		if i > 0 && o.Post == c.post {
			o.Post = 0
			c.openings[i] = gate.OpeningID(len(l.Openings))
			l.Openings = append(l.Openings, o)
		}
	}
	for i, p := range c.whole.Layout.Places {
		if i > 0 && p.Post == c.post {
			p.Post, p.Opening = 0, c.openings[p.Opening]
			c.places[i] = gate.PlaceID(len(l.Places))
			l.Places = append(l.Places, p)
			c.part.Drives = append(c.part.Drives, c.whole.Drives[i])
		}
	}
}

func (c *cutter) cutProcedures() error {
	l := c.part.Layout
	for i := range c.whole.Layout.Procedures {
		p := c.whole.Layout.Procedures[i]
		from, until, err := c.stretch(&p)
		if err != nil {
			return err
		}
		if from == until {
			continue
		}
		legs, steps := p.Legs[from:until], p.Steps
		p.Legs, p.Steps = nil, nil
		for _, leg := range legs {
			places := make([]gate.PlaceID, len(leg.Places))
			for j, place := range leg.Places {
				places[j] = c.places[place]
			}
			p.Legs = append(p.Legs, gate.Leg{Places: places})
		}
		for _, step := range steps {
			if step.Leg < from || step.Leg >= until {
				continue
			}
			step.Leg -= from
			step.Stops = slices.Clone(step.Stops)
			for j, stop := range step.Stops {
				step.Stops[j] = c.stop(stop)
			}
			c.acts |= step.Formalities
			p.Steps = append(p.Steps, step)
		}
		l.Procedures = append(l.Procedures, p)
		c.procedures[i] = len(l.Procedures)
	}
	for i, cut := range c.procedures {
		if cut > 0 {
			p := &l.Procedures[cut-1]
			p.Fallback = gate.ProcedureID(cut - 1)
			if other := c.procedures[c.whole.Layout.Procedures[i].Fallback]; other > 0 {
				p.Fallback = gate.ProcedureID(other - 1)
			}
		}
	}
	return nil
}

// stretch returns the legs of a procedure that are the post's, none if no work
// is done on them.
func (c *cutter) stretch(p *gate.Procedure) (from, until int, err error) {
	from = -1
	works := false
	for i, leg := range p.Legs {
		ours := c.places[leg.Places[0]] != 0
		for _, place := range leg.Places {
			if c.places[place] != 0 != ours {
				return 0, 0, fmt.Errorf("%s: the places of leg %d belong to different posts, so that no node could dispatch there", p.Name, i+1)
			}
		}
		kind := c.whole.Layout.Places[leg.Places[0]].Kind
		switch {
		case !ours || from < 0 && kind.Way():
			continue
		case from >= 0 && until < i:
			return 0, 0, fmt.Errorf("%s leaves %s and comes back; a node's stretch is one", p.Name, c.part.Title)
		case from < 0:
			from = i
		}
		until = i + 1
		works = works || kind.Work()
	}
	if !works {
		return 0, 0, nil
	}
	return from, until, nil
}

// stop returns the part's number of a stop, which is added when it is first met.
func (c *cutter) stop(id gate.StopID) gate.StopID {
	if id != 0 && c.stops[id] == 0 {
		stop := c.whole.Layout.Stops[id]
		stop.Post = 0
		c.stops[id] = gate.StopID(len(c.part.Layout.Stops))
		c.part.Layout.Stops = append(c.part.Layout.Stops, stop)
		c.part.Services = append(c.part.Services, c.whole.Services[id])
	}
	return c.stops[id]
}

func (c *cutter) cutTraffic() {
	country := c.part.Layout.Posts[0].Country
	for d, way := range c.whole.Layout.Directions {
		if way.Exit == country {
			c.part.Onward |= 1 << d
		}
	}
	for _, f := range c.whole.Flows {
		if c.whole.Layout.Directions[f.Direction].Exit == country {
			f.Place = c.places[f.Place]
			c.part.Flows = append(c.part.Flows, f)
		}
	}
	for _, k := range c.whole.Classes {
		k.Refer = slices.DeleteFunc(slices.Clone(k.Refer), func(r Referral) bool { return r.Formalities&^c.acts != 0 })
		var alight []Alight
		for _, a := range k.Alight {
			if c.places[a.From] != 0 && c.places[a.To] != 0 {
				alight = append(alight, Alight{c.places[a.From], c.places[a.To]})
			}
		}
		k.Alight = alight
		c.part.Classes = append(c.part.Classes, k)
	}
}
