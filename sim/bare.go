package sim

import (
	"slices"

	"landport/gate"
)

// Bare returns a model in which nobody waits: officers, room and hours without
// end, papers always ready. What is left of a crossing is drives, services and
// holds, which no number of officers or lanes shortens.
func (m *Model) Bare() (*Model, error) {
	l := &gate.Layout{
		Name: m.Layout.Name, Directions: m.Layout.Directions, Posts: m.Layout.Posts, Formalities: m.Layout.Formalities, Procedures: m.Layout.Procedures,
		Openings: slices.Clone(m.Layout.Openings), Places: slices.Clone(m.Layout.Places), Stops: slices.Clone(m.Layout.Stops), Policies: []gate.Policy{{}},
	}
	for i := range l.Openings {
		l.Openings[i].Hours = nil
	}
	for i := range l.Places {
		p := &l.Places[i]
		p.Capacity, p.Opening, p.Shut, p.SingleFile, p.Pager, p.CallGrace, p.CallTries = 0, 0, false, false, false, 0, 0
	}
	for i := range l.Stops {
		s := &l.Stops[i]
		s.Staff, s.Dossier = nil, false
		if i > 0 {
			s.Servers = gate.MaxServers
		}
	}
	if err := l.Compile(); err != nil {
		return nil, err
	}
	bare := *m
	bare.Layout, bare.Orders, bare.Breakdowns, bare.Classes = l, nil, nil, slices.Clone(m.Classes)
	for i := range bare.Classes {
		bare.Classes[i].ReadyP, bare.Classes[i].BookP = 1, 0
	}
	return &bare, nil
}
