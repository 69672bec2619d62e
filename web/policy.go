package web

import (
	"strings"

	"landport/board"
	"landport/border"
	"landport/gate"
)

// policyOf returns a policy by its name.
func (v *view) policyOf(name string) *gate.Policy {
	for i := range v.Layout.Policies {
		if p := &v.Layout.Policies[i]; p.Name == name {
			return p
		}
	}
	return &gate.Policy{}
}

// policyWords say what a policy means for those who wait.
func policyWords(p *gate.Policy) string {
	said := []string{"In order of arrival; who fits a free lane may pass."}
	if p.Strict {
		said[0] = "In order of arrival; nobody passes, whatever lane is free."
	}
	if p.ReadyFirst {
		said = append(said, "Without a ready dossier nobody is called, but the place in line is kept.")
	}
	for i := 0; i < len(p.Priorities) && p.Ageing > 0; {
		class, of := p.Priorities[i].Class, []string{}
		for ; i < len(p.Priorities) && p.Priorities[i].Class == class; i++ {
			of = append(of, traitWords(p.Priorities[i].Accepts.Predicate))
		}
		said = append(said, sentence(strings.Join(of, ", ")+": ahead of those that came up to "+span(border.Micros(class)*p.Ageing)+" before"))
	}
	if p.Slots.Length > 0 {
		said = append(said, "Booked vehicles come in slots of "+span(p.Slots.Length)+"; others take what room is left.")
	}
	return strings.Join(said, " ")
}

// traitWords name the traffic that meets a predicate.
func traitWords(p border.Predicate) string {
	var said []string
	for _, a := range border.Axes() {
		left := a.Mask() &^ p.Refused
		if a == border.CargoNature {
			left = a.Of(p.Required)
		}
		if left != 0 && left != a.Mask() {
			said = append(said, strings.Join(left.Names(), " or "))
		}
	}
	if len(said) == 0 {
		said = append(said, "everybody")
	}
	words := strings.Join(said, " ")
	if not := border.CargoNature.Of(p.Refused); not != 0 {
		words += ", no cargo that is " + strings.Join(not.Names(), " or ")
	}
	return board.Plain(words)
}
