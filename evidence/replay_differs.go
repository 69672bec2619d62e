package evidence

import (
	"fmt"
	"math"
	"strings"

	"landport/gate"
	"landport/sim"
	"landport/study"
)

// Set says in what the plan differs from the scenario under which the past came
// about: a row may follow from what neither was meant to show.
func (r *Replay) Set(before, plan *sim.File) {
	a := assumptionsOf(before, plan)
	r.Differs = &a
}

// differs lists in what the two plans differ.
func (r *Replay) differs(p *study.Page) {
	if len(r.Policies) > 0 {
		p.Linef("")
		p.Wrap("", fmt.Sprintf("In the past operators put these policies in force, which the other plan does not meet: %s.", strings.Join(r.Policies, "; ")))
	}
	if r.Differs == nil {
		return
	}
	p.Linef("")
	p.Wrap("", "Whatever differs between the plan of the ledger and the other is in the effect. "+r.Differs.words())
	for _, x := range r.Differs.Lines() {
		p.Wrap("  ", x.What+": "+x.Says)
	}
}

// policiesSet names the policies that were put in force, in order.
func policiesSet(m *sim.Model, facts []gate.Fact) []string {
	list, now := []string{}, int64(0)
	for i := range facts {
		if f := &facts[i]; f.Kind == gate.PolicySet && f.N != now && f.N >= 0 && f.N < int64(len(m.Layout.Policies)) {
			now = f.N
			list = append(list, m.Layout.Policies[now].Name)
		}
	}
	return list
}

// withinDoubt reports whether the effect is no more than what the past differs by
// when it meets its own plan again.
func (x *ReplayRow) withinDoubt() bool {
	const rounding = 1e-9
	if x.Effect == nil || x.Was == nil || x.Again == nil {
		return false
	}
	doubt := math.Abs(*x.Again - *x.Was)
	return doubt > rounding && math.Abs(*x.Effect) <= doubt
}

func (x *ReplayRow) doubtWords() string {
	if x.Doubtful {
		return "within the doubt"
	}
	return ""
}

// doubtful says how many rows are within the doubt, and whether the first is.
func (r *Replay) doubtful() string {
	n := 0
	for i := range r.Rows {
		if r.Rows[i].Doubtful {
			n++
		}
	}
	if n == 0 {
		return "In no row it is within the doubt, which is by how much “again” differs from “was” there."
	}
	text := fmt.Sprintf("In %d of %d rows it is within the doubt, no more than “again” differs from “was” there: those rows say nothing of the plan.", n, len(r.Rows))
	if r.Rows[0].Doubtful {
		text += fmt.Sprintf(" The %s is one of them.", r.Rows[0].Name)
	}
	return text
}
