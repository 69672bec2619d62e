package evidence

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"landport/study"
)

// Text returns the answer as plain text for a terminal.
func (o *Optimum) Text() string {
	p := &study.Page{}
	title := fmt.Sprintf("The least %s of %s", o.Minimise, o.Scenario)
	if len(o.Goals) > 0 {
		title += " with " + strings.Join(o.Goals, " and ")
	}
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	if o.Search != "" {
		p.Wrap("", o.Search)
	}
	p.Wrap("", o.searched())
	p.Linef("")
	if o.Best == nil {
		p.Wrap("", "NO PLAN of those tried meets the goals.")
		if len(o.Untouched) > 0 {
			p.Wrap("", "No plan of this space changes: "+listed(o.Untouched)+". A space that holds them (--search) may have one that does.")
		}
		p.Wrap("", "The nearest:")
	} else {
		p.Wrap("Best: ", fmt.Sprintf("%s; it costs %s %s more than today and is the best in %.0f%% of resamples of the replications.",
			o.Best.words(), study.Number(o.Best.Cost), o.CostUnit, 100**o.Best.BestShare))
	}
	o.table(p, "Plan", append([]Plan{o.Now}, o.Finalists...))
	p.Linef("")
	for i := range o.Finalists {
		p.Wrap(fmt.Sprintf("  %2d  ", i+1), o.Finalists[i].words())
	}
	if len(o.Frontier) > 1 {
		o.table(p, "Frontier: no other is both cheaper and better", o.Frontier)
	}
	p.Linef("")
	p.Wrap("", fmt.Sprintf("How sure the best is the best says nothing about whether the figures are right: %d of %d of the scenario are assumed, and so is every cost.", o.Assumed, o.Figures))
	return p.String()
}

// searched says what was tried.
func (o *Optimum) searched() string {
	tried := 0
	if len(o.Rounds) > 0 {
		tried = o.Rounds[0].Plans
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%.6g plans; %d run", o.Space, tried)
	for _, part := range []struct {
		n    int
		what string
	}{{o.OverBudget, "over the budget"}, {o.Impossible, "impossible"}, {o.Unstable, "in which more arrived than were served"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, ", %d %s", part.n, part.what)
		}
	}
	if o.Why != "" {
		fmt.Fprintf(&b, " (the first because %s)", o.Why)
	}
	b.WriteString(". Rounds:")
	for i, r := range o.Rounds {
		if i > 0 {
			b.WriteString(";")
		}
		fmt.Fprintf(&b, " %d with %d replications of %.4g days", r.Plans, r.Replications, r.Days)
	}
	fmt.Fprintf(&b, ", the last with traffic of its own. Seed %d.", o.Seed)
	return b.String()
}

func (o *Optimum) table(p *study.Page, heading string, list []Plan) {
	head := []string{heading, "cost"}
	for _, r := range o.Now.Results {
		head = append(head, r.Measure, "95% interval")
	}
	rows := [][]string{append(head, "meets", "in resamples", "is best")}
	for i := range list {
		plan := &list[i]
		name := "  as it is"
		if plan.Rank > 0 {
			name = fmt.Sprintf("  %2d", plan.Rank)
		}
		row := []string{name, study.Number(plan.Cost)}
		for _, r := range plan.Results {
			row = append(row, signed(r.Value, false), half(r.Interval))
		}
		switch {
		case !plan.Stable:
			row = append(row, "grows")
		case plan.Meets:
			row = append(row, "yes")
		default:
			row = append(row, "no")
		}
		for _, share := range []*float64{plan.MeetsShare, plan.BestShare} {
			if share == nil {
				row = append(row, "")
			} else {
				row = append(row, fmt.Sprintf("%.0f%%", 100**share))
			}
		}
		rows = append(rows, row)
	}
	p.Table(rows)
}

// words name what a plan changes.
func (p *Plan) words() string {
	var list []string
	for _, x := range p.Picked {
		if x.Changed {
			list = append(list, x.Name+": "+x.Value)
		}
	}
	if len(list) == 0 {
		return "nothing changed"
	}
	return strings.Join(list, "; ")
}
