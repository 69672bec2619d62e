package evidence

import (
	"fmt"
	"slices"
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
		p.Wrap("", o.none())
		if len(o.Untouched) > 0 {
			p.Wrap("", "No plan of this space changes: "+listed(o.Untouched)+". A space that holds them (--search) may have one that does.")
		}
		p.Wrap("", o.nearest())
	} else {
		p.Wrap("Best: ", fmt.Sprintf("%s; it costs %s%s.", o.Best.words(), o.more(o.Best), o.least()))
		say(p, o.sure())
		say(p, o.around())
		say(p, o.doubted())
	}
	if len(o.Moved) > 0 {
		p.Wrap("", "All times begin at the arrival. In "+o.plan()+" "+strings.Join(o.Moved, ", and ")+": so far its gain is moved off the clock, to before the arrival, and not saved; whose time that is, and what it costs them, is in no figure here.")
	}
	if o.Best != nil {
		say(p, o.bare())
	}
	o.cuts(p)
	list := o.Finalists
	if o.Now.Rank == 0 { // else it is among them
		list = append([]Plan{o.Now}, list...)
	}
	o.table(p, "Plan", list)
	say(p, o.notShown(list))
	p.Linef("")
	for i := range o.Finalists {
		p.Wrap(fmt.Sprintf("  %2d  ", i+1), o.Finalists[i].words())
	}
	if len(o.Frontier) > 1 {
		o.table(p, "Frontier: no other is both cheaper and better", o.Frontier)
		for i := range o.Frontier {
			if f := &o.Frontier[i]; f.ToldApart != nil && !*f.ToldApart {
				p.Wrap("", "Not told apart: these replications do not tell it from the last cheaper one that is told apart; paying for it may buy nothing.")
				break
			}
		}
		say(p, o.notShown(o.Frontier))
	}
	p.Linef("")
	p.Wrap("", fmt.Sprintf("How sure the best is the best says nothing about whether the figures are right: %d of %d of the scenario are assumed, and so is every cost.", o.Assumed, o.Figures))
	return p.String()
}

// say writes a paragraph, if there is one.
func say(p *study.Page, paragraph string) {
	if paragraph != "" {
		p.Wrap("", paragraph)
	}
}

// none says that no plan is the best, and of one whose runs meet the goals why that
// does not do.
func (o *Optimum) none() string {
	first := &o.Finalists[0]
	if !first.Met {
		return "NO PLAN of those tried meets the goals."
	}
	return fmt.Sprintf("NO PLAN of those tried is shown to meet the goals. The first of those whose runs do is %s, which costs %s. %s %s",
		first.words(), o.more(first), first.Unsettled, moreRuns)
}

// notShown explains the word in a table, empty where it does not stand.
func (o *Optimum) notShown(list []Plan) string {
	if !slices.ContainsFunc(list, func(p Plan) bool { return p.Met && !p.Meets }) {
		return ""
	}
	return "Not shown: the runs meet " + o.goal() + ", but do not show that lines settle, and a mean of lines that still grow says nothing. " + moreRuns
}

const moreRuns = "More runs (--replications) and longer ones (--days) tell."

// doubted says which plans would be better than the best, were they shown to settle.
func (o *Optimum) doubted() string {
	n := len(o.Doubted)
	if n == 0 {
		return ""
	}
	which, first := "cheaper", "The cheapest"
	if o.Minimise != "cost" {
		which, first = "better by "+o.Minimise, "The first"
	}
	head := fmt.Sprintf("%d plans that are %s may meet %s too: their runs do not show that lines settle.", n, which, o.goal())
	if n == 1 {
		head, first = fmt.Sprintf("A plan that is %s may meet %s too: its runs do not show that lines settle.", which, o.goal()), "It"
	}
	least := &o.Doubted[0]
	return fmt.Sprintf("%s %s %s is %s, which costs %s.", head, moreRuns, first, least.words(), o.more(least))
}

// plan is the word for the one whose limits are told.
func (o *Optimum) plan() string {
	if o.Best != nil {
		return "the best plan"
	}
	return "the nearest plan"
}

// goal is the word for what is to be met.
func (o *Optimum) goal() string {
	if len(o.Goals) == 1 {
		return "the goal"
	}
	return "the goals"
}

// more says what a plan costs.
func (o *Optimum) more(plan *Plan) string {
	return fmt.Sprintf("%s more than today (%s)", study.Number(plan.Cost), o.CostUnit)
}

// least says of what the best is the best.
func (o *Optimum) least() string {
	switch {
	case len(o.Goals) == 0:
		return ", the best of " + o.Minimise + " among plans shown to settle"
	case o.Minimise != "cost":
		return ", the best of " + o.Minimise + " among plans shown to meet " + o.goal()
	}
	if share := o.Best.MeetsShare; share != nil && *share < surelyMet {
		return ", the least cost among plans that meet " + o.goal() + " on average; in some resamples it does not"
	}
	return ", the least cost among plans shown to meet " + o.goal()
}

// surelyMet is the share of resamples from which on a goal is called shown to be met.
const surelyMet = 0.95

// sure says in how many resamples the best is the best, and of which plans alone
// that speaks.
func (o *Optimum) sure() string {
	if o.Best.BestShare == nil {
		return fmt.Sprintf("%d replications are too few to say how sure that is; give %d or more.", o.Replications, fewestDrawn)
	}
	meets := ""
	if len(o.Goals) > 0 {
		meets = fmt.Sprintf("It meets %s in %.0f%% of resamples of the replications. ", o.goal(), 100**o.Best.MeetsShare)
	}
	best := fmt.Sprintf("%.0f%% of resamples%s", 100**o.Best.BestShare, o.rivals())
	if float64(o.Compared) == o.Space {
		return meets + fmt.Sprintf("Among all %d possible plans it is the best in %s.", o.Compared, best)
	}
	return meets + fmt.Sprintf("Among the %d plans of the last round it is the best in %s. Of all others that says nothing: %d of %.0f possible plans were tried. Another seed tries others.",
		o.Compared, best, o.Tried, o.Space)
}

// rivals says in how many resamples one of those that would cost less by a single
// change is the best instead. Empty where that is seldom.
func (o *Optimum) rivals() string {
	sum := 0.0
	for i := range o.Cheaper {
		sum += *o.Cheaper[i].BestShare
	}
	if sum < 1.0/seldom {
		return ""
	}
	return fmt.Sprintf(", and in %.0f%% a plan that costs less by a single change", 100*sum)
}

// around says what of the best cannot be left out.
func (o *Optimum) around() string {
	switch len(o.Cheaper) {
	case 0:
		return ""
	case 1:
		return "The one plan that costs less by a single change ran in the last round too, and is not shown to meet " + o.goal() + "."
	}
	return fmt.Sprintf("The %d plans that cost less by a single change (of a figure the next value, of a choice any option) ran in the last round too: none is shown to meet %s.", len(o.Cheaper), o.goal())
}

// nearest says how far the plan that comes nearest is from the goals, and what
// keeps it there.
func (o *Optimum) nearest() string {
	near := &o.Finalists[0]
	var b strings.Builder
	b.WriteString("The nearest")
	for i, goal := range o.Goals {
		if got := near.Results[o.goalAt[i]]; near.Stable && got.Value != nil {
			fmt.Fprintf(&b, ", %s %.2f where %s is asked for", got.Measure, *got.Value, goal)
		}
	}
	b.WriteString(". ")
	if len(o.AtMost) > 0 {
		b.WriteString("As far as the space lets it go in it: " + listed(o.AtMost) + ". ")
	}
	if o.Budget != nil {
		fmt.Fprintf(&b, "It costs %s of the budget of %s. ", study.Number(near.Cost), study.Number(*o.Budget))
	}
	b.WriteString(o.bare())
	return b.String()
}

// bare says what is left without any waiting.
func (o *Optimum) bare() string {
	var list []string
	for _, got := range o.Bare {
		if got.Value != nil {
			list = append(list, fmt.Sprintf("%s %.2f", got.Measure, *got.Value))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "If nobody waited in " + o.plan() + ", drives, services and holds alone would give " + listed(list) + "; less takes shorter services or fewer of them."
}

// searched says what was tried.
func (o *Optimum) searched() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%.0f plans; %d run", o.Space, o.Tried)
	for _, part := range []struct {
		n    int
		what string
	}{{o.OverBudget, "over the budget"}, {o.Impossible, "impossible"}, {o.Unstable, "in which more arrived than were served"}, {o.Rising, "that had not settled"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, ", %d %s", part.n, part.what)
		}
	}
	if o.Why != "" {
		fmt.Fprintf(&b, " (the first because %s)", o.Why)
	}
	b.WriteString(". Rounds:")
	for i, r := range o.Rounds {
		switch {
		case r.Around:
			b.WriteString("; around the best")
		case i > 0:
			b.WriteString(";")
		}
		fmt.Fprintf(&b, " %d with %s of %.4g days", r.Plans, counted(r.Replications, "replication"), r.Days)
	}
	fmt.Fprintf(&b, ", the last with traffic of its own. Seed %d.", o.Seed)
	return b.String()
}

// cuts shows what each single thing less would come to.
func (o *Optimum) cuts(p *study.Page) {
	head := []string{"Cheaper than the best by one change", "cost"}
	for _, r := range o.Now.Results {
		head = append(head, r.Measure, "95% interval")
	}
	drawn := slices.ContainsFunc(o.Cheaper, func(c Cut) bool { return c.BestShare != nil })
	if head = append(head, "meets"); drawn {
		head = append(head, "in resamples", "is best")
	}
	rows := [][]string{head}
	for i := range o.Cheaper {
		c := &o.Cheaper[i]
		row := []string{"  " + c.Name + ": " + c.Value, signed(&c.Cost, true)}
		for _, r := range c.Results {
			row = append(row, signed(r.Value, false), half(r.Interval))
		}
		row = append(row, meetsWord(c.Stable, c.rises, c.Met, c.Met && c.Unsettled == ""))
		if drawn {
			row = append(row, drawnShare(c.MeetsShare), drawnShare(c.BestShare))
		}
		rows = append(rows, row)
	}
	p.Table(rows)
}

func drawnShare(share *float64) string {
	if share == nil {
		return ""
	}
	return fmt.Sprintf("%.0f%%", 100**share)
}

// meetsWord says whether a plan meets the goals.
func meetsWord(stable, rises, met, meets bool) string {
	switch {
	case !stable:
		return "grows"
	case meets:
		return "yes"
	case met:
		return "not shown"
	case rises:
		return "not settled"
	}
	return "no"
}

func (o *Optimum) table(p *study.Page, heading string, list []Plan) {
	head := []string{heading, "cost"}
	for _, r := range o.Now.Results {
		head = append(head, r.Measure, "95% interval")
	}
	steps := slices.ContainsFunc(list, func(p Plan) bool { return p.ToldApart != nil })
	drawn := slices.ContainsFunc(list, func(p Plan) bool { return p.BestShare != nil })
	if head = append(head, "meets"); drawn {
		head = append(head, "in resamples", "is best")
	}
	if steps {
		head = append(head, "from the cheaper")
	}
	rows := [][]string{head}
	for i := range list {
		plan := &list[i]
		name := "  as it is"
		if plan.Rank > 0 {
			name = fmt.Sprintf("  %2d", plan.Rank)
			if plan.Rank == o.Now.Rank {
				name += ", as it is"
			}
		}
		row := []string{name, study.Number(plan.Cost)}
		for _, r := range plan.Results {
			row = append(row, signed(r.Value, false), half(r.Interval))
		}
		row = append(row, meetsWord(plan.Stable, plan.rises, plan.Met, plan.Meets))
		if drawn {
			row = append(row, drawnShare(plan.MeetsShare), drawnShare(plan.BestShare))
		}
		switch {
		case steps && plan.Unsettled != "":
			row = append(row, "cannot tell")
		case plan.ToldApart == nil:
		case *plan.ToldApart:
			row = append(row, "told apart")
		default:
			row = append(row, "not told apart")
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
