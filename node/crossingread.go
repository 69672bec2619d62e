package node

import (
	"fmt"
	"time"

	"landport/border"
	"landport/gate"
)

// codec makes the layout that was written down ready for use.
func (d *crossingData) codec() (*Codec, error) {
	b := crossingBuilder{zones: map[string]*time.Location{}}
	l := &gate.Layout{
		Name: d.Post, Posts: []gate.Post{{Name: d.Post, Country: d.Country, Zone: b.zone(d.Zone)}},
		Openings: []gate.Opening{{Name: "always"}}, Places: []gate.Place{{Name: "outside"}}, Stops: []gate.Stop{{Name: "none"}},
	}
	for _, w := range d.Directions {
		l.Directions = append(l.Directions, gate.Way{Exit: w[0], Entry: w[1]})
	}
	for _, o := range d.Openings {
		l.Openings = append(l.Openings, gate.Opening{Name: o.Name, Hours: b.calendar(o.Hours)})
	}
	for _, f := range d.Formalities {
		l.Formalities = append(l.Formalities, b.formality(&f))
	}
	for _, s := range d.Stops {
		l.Stops = append(l.Stops, gate.Stop{Name: s.Name, Agency: agency(&b, s.Agency), Servers: s.Servers, Staff: b.calendar(s.Staff), Dossier: s.Dossier})
	}
	for i := range d.Places {
		l.Places = append(l.Places, b.place(l, &d.Places[i]))
	}
	for _, p := range d.Procedures { // ahead of what names them
		l.Procedures = append(l.Procedures, gate.Procedure{Name: p.Name})
	}
	for _, p := range d.Policies {
		l.Policies = append(l.Policies, b.policy(&p))
	}
	names, err := NewCodec(l)
	if err != nil {
		return nil, err
	}
	for i := range d.Places {
		l.Places[1+i].Opening = gate.OpeningID(b.find("opening", names.openings, d.Places[i].Opening))
	}
	for i := range d.Procedures {
		l.Procedures[i] = b.procedure(names, &d.Procedures[i])
	}
	if b.err != nil {
		return nil, b.err
	}
	return names, l.Compile()
}

// crossingBuilder reads what a crossing is made of, and remembers what is wrong.
type crossingBuilder struct {
	reader

	zones map[string]*time.Location // one of each
}

func (b *crossingBuilder) zone(name string) *time.Location {
	if name == "" {
		return nil
	}
	if b.zones[name] == nil {
		zone, err := time.LoadLocation(name)
		b.fail(err)
		b.zones[name] = zone
	}
	return b.zones[name]
}

func (b *crossingBuilder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *crossingBuilder) calendar(d *calendarData) *border.Calendar {
	if d == nil {
		return nil
	}
	c := &border.Calendar{Zone: b.zone(d.Zone), Outside: d.Outside}
	for day, spans := range d.Week {
		c.Week[day] = spansFrom(spans)
	}
	for _, on := range d.Dates {
		if c.Dates == nil {
			c.Dates = map[border.Date][]border.Span{}
		}
		at, err := time.Parse(time.DateOnly, on.Date)
		b.fail(err)
		c.Dates[border.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}] = spansFrom(on.Spans)
	}
	return c
}

func spansFrom(spans [][3]int) []border.Span {
	out := make([]border.Span, len(spans))
	for i, s := range spans {
		out[i] = border.Span{From: s[0], To: s[1], Level: s[2]}
	}
	return out
}

func agency(b *crossingBuilder, name string) border.Agency {
	a, err := border.ParseAgency(name)
	b.fail(err)
	return a
}

func (b *crossingBuilder) formality(d *formalityData) gate.Formality {
	subject, err := border.ParseSubject(d.Subject)
	b.fail(err)
	side, err := border.ParseSide(d.Side)
	b.fail(err)
	return gate.Formality{Name: d.Name, Agency: agency(b, d.Agency), Country: d.Country, Subject: subject, Side: side, Visiting: d.Visiting}
}

func (b *crossingBuilder) predicate(d predicateData) border.Predicate {
	return border.Predicate{Refused: b.traits(d.Refused), Required: b.traits(d.Required)}
}

func (b *crossingBuilder) group(d groupData) border.Group {
	return border.Group{Predicate: b.predicate(d.predicateData), Known: b.traits(d.Known)}
}

func (b *crossingBuilder) place(l *gate.Layout, d *placeData) gate.Place {
	kind, ok := gate.ParsePlaceKind(d.Kind)
	if !ok {
		b.fail(errNewer)
	}
	p := gate.Place{
		Name: d.Name, Kind: kind, Capacity: d.Capacity, EachWay: d.EachWay, Tidal: d.Tidal, Shut: d.Shut, Accepts: b.predicate(d.Accepts),
		SingleFile: d.SingleFile, Pager: d.Pager, CallGrace: d.CallGraceUs, CallTries: d.CallTries, TurnAway: d.TurnAway,
	}
	for _, way := range d.Directions {
		if way < 0 || way >= len(l.Directions) {
			b.fail(fmt.Errorf("the place %q serves direction %d of %d", d.Name, way, len(l.Directions)))
			continue
		}
		p.Directions |= 1 << way
	}
	return p
}

func (b *crossingBuilder) procedure(c *Codec, d *procedureData) gate.Procedure {
	p := gate.Procedure{
		Name: d.Name, LegalBasis: d.LegalBasis, Direction: gate.Direction(d.Direction), Accepts: b.predicate(d.Accepts), Suspended: d.Suspended,
		Fallback: gate.ProcedureID(b.find("procedure", c.procedures, d.Fallback)),
	}
	for _, places := range d.Legs {
		var leg gate.Leg
		for _, name := range places {
			leg.Places = append(leg.Places, gate.PlaceID(b.find("place", c.places, name)))
		}
		p.Legs = append(p.Legs, leg)
	}
	for _, s := range d.Steps {
		step := gate.Step{Leg: s.Leg, Formalities: c.formalitySet(&b.reader, s.Formalities), OnReferral: s.OnReferral, Rejoin: s.Rejoin}
		for _, name := range s.Stops {
			step.Stops = append(step.Stops, gate.StopID(b.find("stop", c.stops, name)))
		}
		p.Steps = append(p.Steps, step)
	}
	return p
}

func (b *crossingBuilder) policy(d *policyData) gate.Policy {
	p := gate.Policy{Name: d.Name, Strict: d.Strict, ReadyFirst: d.ReadyFirst, Ageing: d.AgeingUs, Slots: gate.Slots{
		Length: d.Slots.LengthUs, Quota: d.Slots.Quota, OverbookPermille: d.Slots.OverbookPermille, Grace: d.Slots.GraceUs, MaxRebook: d.Slots.MaxRebook,
	}}
	for _, of := range d.Priorities {
		p.Priorities = append(p.Priorities, gate.Priority{Accepts: b.group(of.Accepts), Class: of.Class})
	}
	return p
}
