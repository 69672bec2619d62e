package gate

import (
	"slices"

	"landport/border"
)

// StandardPolicies are the policies that any post can put in force as they are.
// Booked slots are not among them, for their length and quota are a post's own.
// That fresh goods and live animals are worth an hour of waiting is assumed.
func StandardPolicies() []Policy {
	return []Policy{
		{Name: "first come, first served", Strict: true},
		{Name: "first come, first served, by lane"},
		{Name: "ready dossiers first", ReadyFirst: true},
		{Name: "fresh goods and live animals first", Ageing: border.Hour, Priorities: []Priority{
			{Accepts: border.Among(border.Perishable), Class: 1}, {Accepts: border.Among(border.LiveAnimals), Class: 1},
		}},
	}
}

// WithStandardPolicies compiles the layout anew with those standard policies
// that it has none of the same name or rules of; the first stays in force.
func (l *Layout) WithStandardPolicies() error {
	l.Policies = slices.Clone(l.Policies)
	for _, p := range StandardPolicies() {
		if !slices.ContainsFunc(l.Policies, func(has Policy) bool { return has.Name == p.Name || has.same(&p) }) {
			l.Policies = append(l.Policies, p)
		}
	}
	return l.Compile()
}

// same reports whether two policies have the same rules.
func (p *Policy) same(o *Policy) bool {
	return p.Strict == o.Strict && p.ReadyFirst == o.ReadyFirst && p.Ageing == o.Ageing && p.Slots == o.Slots && slices.Equal(p.Priorities, o.Priorities)
}
