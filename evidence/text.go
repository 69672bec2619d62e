package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"landport/study"
)

// Text returns the comparison as plain text for a terminal.
func (c *Comparison) Text() string {
	p := &study.Page{}
	title := fmt.Sprintf("%s against %s", c.planName(), c.baseName())
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Wrap("base: ", c.Base.Title)
	p.Wrap("plan: ", c.planWords())
	p.Wrap("", fmt.Sprintf("%d pairs of replications of %.4g days, seed %d; both of a pair %s.", c.Replications, c.MeasuredDays, c.Seed, c.TrafficWords()))
	for _, x := range []struct {
		*Contender
		name string
	}{{&c.Base, c.baseName()}, {&c.Plan, c.planName()}} {
		if !x.Stable {
			p.Linef("")
			p.Wrap("NOT STABLE: ", x.name+": "+x.StableReason+".")
		} else if x.Growing > 0 {
			p.Linef("")
			p.Wrap("Note: ", fmt.Sprintf("%d of %d replications of %s show a line that grows; they are in no pair, which flatters it.", x.Growing, c.Replications, x.name))
		}
	}
	if text := c.Near(); text != "" {
		p.Linef("")
		p.Wrap(c.warning(), text)
	}
	if text := c.MeansWords(); text != "" {
		p.Linef("")
		p.Wrap("", text)
	}
	c.demands(p)
	for _, s := range c.sections() {
		rows := [][]string{{s.heading, "base", "plan", "difference", "95% interval", ""}}
		for _, r := range s.rows {
			rows = append(rows, []string{"  " + r.label(), r.show(r.Base), r.show(r.Plan), r.signed(r.Difference), r.interval(), r.verdictWords()})
		}
		p.Table(rows)
		if s.left > 0 && len(s.rows) > 0 {
			p.Linef("  (%d more without a clear difference, or that cannot be told)", s.left)
		}
		if text := c.PooledWords(); s.scope == "total" && text != "" {
			p.Wrap("  ", text)
		}
	}
	c.outcome(p)
	return p.String()
}

// planWords say what the plan is; of a scenario with values set, which.
func (c *Comparison) planWords() string {
	switch different := c.Plan.Scenario != c.Base.Scenario || c.Plan.Title != c.Base.Title; {
	case different && len(c.Set) > 0:
		return c.Plan.Title + ", with " + changeWords(c.Set)
	case different:
		return c.Plan.Title
	}
	changes := slices.Concat(c.Assumptions.Changes, c.Assumptions.Rules)
	if len(changes) == 0 {
		return "the same, with no figure changed"
	}
	return "the same with " + changeWords(changes)
}

// TrafficWords say whether both runs of a pair meet the same traffic, and in
// what it differs.
func (c *Comparison) TrafficWords() string {
	var changes []Change
	for _, x := range c.Assumptions.Changes {
		if x.traffic() {
			changes = append(changes, x)
		}
	}
	switch {
	case !c.OneCrossing:
		return "do not meet the same traffic: the two scenarios have no flow in common. They are two crossings, not a plan and its base, so nothing of one is called better or worse than of the other"
	case len(changes) > 0:
		return "do not meet the same traffic, which is part of the difference: " + changeWords(changes)
	}
	return "meet the same traffic"
}

// section is the rows of one scope, and how many it leaves out.
type section struct {
	scope   string
	heading string
	rows    []Row
	left    int
}

// sections are the rows by scope. Of stops and places of waiting only what
// differs: there are many.
func (c *Comparison) sections() (list []section) {
	for _, scope := range []struct{ name, heading string }{
		{"total", "Border-crossing time"}, {"kind", "Mean crossing time by kind"}, {"post", "At each post"}, {"party", "Whose time it was"},
		{"officers", "Officers of each agency"}, {"side", "By country"}, {"cost", "Cost of a goods vehicle"}, {"stop", "At each stop"}, {"hold", "Where vehicles wait"},
	} {
		s := section{scope: scope.name, heading: scope.heading}
		for _, r := range c.Rows {
			switch {
			case r.Scope != scope.name:
			case r.Base == nil && r.Plan == nil, scope.name == "stop" && (r.Verdict == Same || r.Verdict == Unclear):
				s.left++
			default:
				s.rows = append(s.rows, r)
			}
		}
		list = append(list, s)
	}
	return list
}

// label names a row within its section.
func (r *Row) label() string {
	if r.Scope == "post" || r.Scope == "stop" || r.Scope == "officers" {
		return r.Name + ", " + quantityWords(r.Measure)
	}
	return r.Name
}

func (c *Comparison) outcome(p *study.Page) {
	kinds := func(label string, list []string) {
		if len(list) > 0 {
			p.Wrap(label, strings.Join(list, "; ")+".")
		}
	}
	p.Linef("")
	if !c.Stable {
		p.Wrap("", "No times are compared where a crossing does not cope: a mean would only tell how long the run was.")
	}
	kinds("Faster: ", c.Winners)
	kinds("Slower: ", c.Losers)
	kinds("Hardly any difference: ", c.Slight)
	kinds("No clear difference: ", c.Unclear)
	p.Linef("")
	a := &c.Assumptions
	p.Wrap("", fmt.Sprintf("%s Of all figures %d of %d are assumed in the base and %d of %d in the plan.",
		a.words(), c.Base.Assumed, c.Base.Figures, c.Plan.Assumed, c.Plan.Figures))
	rules := Assumptions{Rules: a.Rules}
	for _, x := range rules.Lines() {
		p.Wrap("  ", x.What+": "+x.Says)
	}
	if c.Rests != nil {
		p.Wrap("", "When what is assumed is off, "+c.restWords())
	}
	if words := c.idleWords(); words != "" {
		p.Wrap("", words)
	}
	p.Wrap("", chanceWords)
}

// chanceWords say what the intervals of a comparison tell.
const chanceWords = "An interval holds the true difference between the two scenarios in 95 of 100 such experiments; of twenty rows in which nothing changed, one seems to differ by chance. It says nothing about whether the figures are right."

// A difference, however sure, is slight below leastRelative, which rounds to 0%;
// and one of times that is below leastMinutes, unless it is leastOfShort of what
// it was: time release studies record whole minutes (World Customs Organization,
// Guide to Measure the Time Required for the Release of Goods, version 3, 2018),
// so none of them would see it.
const (
	leastRelative = 0.005
	leastMinutes  = 1.0
	leastOfShort  = 0.1
)

// SlightWords are said of a difference that is slight.
const SlightWords = "hardly any difference"

// Slight reports whether a difference is too small to matter.
func (r *Row) Slight() bool {
	if r.Difference == nil {
		return false
	}
	if r.Relative != nil && math.Abs(*r.Relative) < leastRelative {
		return true
	}
	size, small := math.Abs(*r.Difference), false
	switch r.Unit {
	case "h":
		small = 60*size < leastMinutes
	case "min":
		small = size < leastMinutes
	}
	if small && (r.Relative == nil || math.Abs(*r.Relative) < leastOfShort) {
		return true
	}
	_, small = r.Sized(size)
	return small
}

func quantityWords(measure string) string {
	m, err := Parse(measure)
	if err != nil {
		return measure
	}
	words := map[string]string{
		"crossing_h": "time", "throughput_per_day": "vehicles a day", "wait_min": "wait", "service_min": "service", "utilisation": "busy", "officer_wait_min": "wait of a goods vehicle",
	}[m.Quantity]
	if m.Statistic != "mean" {
		words += ", 95th percentile of a run"
	}
	return words
}

func (r *Row) show(x *float64) string {
	if x == nil {
		return "–"
	}
	switch r.Unit {
	case "h":
		return study.Minutes(60 * *x)
	case "min":
		return study.Minutes(*x)
	case "share":
		return fmt.Sprintf("%.1f%%", 100**x)
	}
	if r.Scope == "cost" {
		return fmt.Sprintf("%.2f %s", *x, r.Unit)
	}
	return study.Number(*x)
}

func (r *Row) signed(x *float64) string {
	if x == nil {
		return r.show(x)
	}
	shown, small := r.Sized(math.Abs(*x))
	switch {
	case *x == 0 || small:
		return shown
	case *x < 0:
		return "−" + shown
	}
	return "+" + shown
}

// Sized writes the size of a difference, 0 or above, shares in points. What is
// too small to show is less than half of the last digit.
func (r *Row) Sized(size float64) (shown string, small bool) {
	shown = r.show(&size)
	if r.Unit == "share" {
		shown = fmt.Sprintf("%.1f points", 100*size)
	}
	if size == 0 || strings.ContainsAny(shown, "123456789") {
		return shown, false
	}
	number, unit, _ := strings.Cut(shown, " ")
	_, decimals, _ := strings.Cut(number, ".")
	return strings.TrimSpace("less than 0." + strings.Repeat("0", len(decimals)) + "5 " + unit), true
}

func (r *Row) interval() string {
	if len(r.Interval) == 0 {
		return "–"
	}
	half, _ := r.Sized((r.Interval[1] - r.Interval[0]) / 2)
	return "± " + half
}

func (r *Row) verdictWords() string {
	switch r.Verdict {
	case Same:
		return "the same"
	case Unclear:
		return "no clear difference"
	case Unknown:
		switch {
		case r.Base == nil:
			return "in the plan only"
		case r.Plan == nil:
			return "in the base only"
		}
		return "cannot be told"
	}
	switch {
	case r.Slight():
		return SlightWords
	case r.Relative != nil && !math.IsInf(*r.Relative, 0):
		return string(r.Verdict) + ", " + minus(fmt.Sprintf("%+.0f%%", 100**r.Relative))
	}
	return string(r.Verdict)
}
