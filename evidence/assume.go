package evidence

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"landport/sim"
)

// Assumptions says how much of a comparison rests on figures that nobody
// published.
type Assumptions struct {
	Changed        int      `json:"changed"`         // figures in which the two differ
	ChangedAssumed int      `json:"changed_assumed"` // of them, those that the plan assumes, or the base where the plan has none
	Changes        []Change `json:"changes"`
	Rules          []Change `json:"rules"` // what differs and is no figure: routes, what a lane accepts, policies
}

// Change is a figure that base and plan do not have in common. A value is empty
// where the scenario has no such figure.
type Change struct {
	Path    string `json:"path"`
	What    string `json:"what"` // the path in words
	Base    string `json:"base"`
	Plan    string `json:"plan"`
	Source  string `json:"source,omitempty"` // of the plan's, or of the base's where the plan has none
	Assumed string `json:"assumed,omitempty"`

	says string // of a route, in what it differs
}

// assumptionsOf lists the changes of the crossing in the order of the base, then
// what is new.
func assumptionsOf(base, plan *sim.File) Assumptions {
	a := Assumptions{Changes: []Change{}, Rules: append([]Change{}, rulesChanged(base, plan)...)}
	theirs := map[string]*sim.Parameter{}
	planned := crossing(plan)
	for i := range planned {
		theirs[planned[i].Path] = &planned[i]
	}
	seen := map[string]bool{}
	for _, p := range crossing(base) {
		seen[p.Path] = true
		switch q := theirs[p.Path]; {
		case q == nil:
			a.add(Change{Path: p.Path, What: labelOf(base, p.Path), Base: p.Value, Source: p.Source, Assumed: p.Assumed})
		case q.Value != p.Value:
			a.add(Change{Path: p.Path, What: labelOf(plan, p.Path), Base: p.Value, Plan: q.Value, Source: q.Source, Assumed: q.Assumed})
		}
	}
	for _, q := range planned {
		if !seen[q.Path] {
			a.add(Change{Path: q.Path, What: labelOf(plan, q.Path), Plan: q.Value, Source: q.Source, Assumed: q.Assumed})
		}
	}
	return a
}

// words say how much differs.
func (a *Assumptions) words() string {
	are := "are"
	if a.ChangedAssumed == 1 {
		are = "is"
	}
	return fmt.Sprintf("The two differ in %s, of which %d %s assumed, and in %s, such as routes and what lanes accept.", counted(a.Changed, "figure"), a.ChangedAssumed, are, counted(len(a.Rules), "rule"))
}

// briefly are the values where they are short, such as those of a figure; of a
// whole route they would fill a page.
func (c *Change) briefly() string {
	const long = 160
	if c.says != "" {
		return c.says
	}
	if text := c.words(); utf8.RuneCountInString(text) <= long {
		return text
	}
	return "written otherwise, see the scenario files"
}

// crossing lists the figures of a scenario but the facts that results are set beside.
func crossing(f *sim.File) []sim.Parameter {
	return slices.DeleteFunc(f.Parameters(), func(p sim.Parameter) bool { return p.Fact() })
}

func (a *Assumptions) add(c Change) {
	a.Changes = append(a.Changes, c)
	a.Changed++
	if c.Assumed != "" {
		a.ChangedAssumed++
	}
}

// traffic reports whether the figure says who comes, and when.
func (c *Change) traffic() bool {
	list, _, _ := strings.Cut(c.Path, "[")
	return list == "flows" || list == "classes" && (strings.Contains(c.Path, "].return.") || strings.Contains(c.Path, "].booking.") || strings.Contains(c.Path, "].coach."))
}

// flowsInCommon reports whether two scenarios have a flow of one name.
func flowsInCommon(base, plan *sim.File) bool {
	known := map[string]bool{}
	for _, p := range base.Parameters() {
		if m := flowFigure.FindStringSubmatch(p.Path); m != nil {
			known[m[1]] = true
		}
	}
	return slices.ContainsFunc(plan.Parameters(), func(p sim.Parameter) bool {
		m := flowFigure.FindStringSubmatch(p.Path)
		return m != nil && known[m[1]]
	})
}
