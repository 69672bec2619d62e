package web

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"landport/evidence"
)

// findingsOfPair words a comparison.
type findingsOfPair struct {
	*evidence.Comparison

	of *experiment
}

// untouched is the link of the same scenarios without changes.
func (e *experiment) untouched() string {
	q := url.Values{"scenario": {e.Scenario}}
	if e.Against != "" {
		q.Set("against", e.Against)
	}
	return "/evidence?" + q.Encode()
}

// turnedTold is how many changed figures are told in a line.
const turnedTold = 3

// changedWords say what was changed.
func (e *experiment) changedWords() string {
	words := []string{}
	for k := range e.knobs() {
		if k.Changed() && len(words) < turnedTold {
			words = append(words, k.changedWords())
		}
	}
	switch more := e.turned() - len(words); {
	case len(words) == 0:
		return e.Scenario + ", nothing changed"
	case more > 0:
		return e.Scenario + ", " + strings.Join(words, "; ") + "; and " + count(more, "more figure")
	}
	return e.Scenario + ", " + strings.Join(words, "; ")
}

// changedWords say what the knob was turned to, and from what.
func (k *knob) changedWords() string {
	unit := strings.TrimSuffix(k.Unit, ", mean")
	switch {
	case k.Kind == "" && k.Value == "true":
		return k.Label + ": yes instead of no"
	case k.Kind == "" && k.Value == "false":
		return k.Label + ": no instead of yes"
	case k.Says == "":
		return k.Label + ": " + k.Value
	case unit == "%":
		return k.Label + ": " + strings.TrimSuffix(k.Value, unit) + "% instead of " + k.Says + "%"
	}
	return k.Label + ": " + strings.TrimSpace(k.Value+" "+unit) + " instead of " + k.Says
}

// title names what the studio shows.
func (e *experiment) title() string {
	if e.Against != "" {
		return e.Scenario + " beside " + e.Against
	}
	return titleOf(e.plan)
}

// titleChanged is a scenario's title that says how much of it was changed.
func (e *experiment) titleChanged() string {
	switch n := e.turned(); n {
	case 0:
		return titleOf(e.plan)
	case 1:
		return titleOf(e.plan) + ", with one figure changed"
	default:
		return titleOf(e.plan) + ", with " + strconv.Itoa(n) + " figures changed"
	}
}

// touched reports whether a knob of the group was turned, or turned wrong.
func (g *knobGroup) touched() bool {
	return slices.ContainsFunc(g.Knobs, func(k *knob) bool { return k.Changed() || k.Problem != "" })
}

// columns head the figures of the two: two scenarios by their names.
func (f *findingsOfPair) columns() (base, plan string) {
	if f.of.Against == "" {
		return "as it is", "changed"
	}
	return f.of.Against, f.of.planName()
}

// where says of which of the two a figure is.
func (f *findingsOfPair) where() (base, plan string) {
	if f.of.Against == "" {
		return "as it is", "as changed"
	}
	return "in " + f.of.Against, "in " + f.of.planName()
}

// planName is the scenario's, and that it was changed.
func (e *experiment) planName() string {
	if e.turned() > 0 {
		return e.Scenario + " as changed"
	}
	return e.Scenario
}

// opening begins a sentence about one of the two.
func opening(where string) string {
	text := strings.ToUpper(where[:1]) + where[1:]
	if strings.HasPrefix(text, "As ") {
		text += ","
	}
	return text
}

// lead is the answer in a few sentences.
func (f *findingsOfPair) lead() (out []string) {
	base, plan := f.where()
	for _, c := range []struct {
		where string
		*evidence.Contender
	}{{base, &f.Base}, {plan, &f.Plan}} {
		if c.Contender == &f.Plan && f.of.plan == f.of.base {
			continue // it was said of the base
		}
		if !c.Stable {
			out = append(out, opening(c.where)+" the crossing does not cope: "+c.StableReason+". No mean time is quoted for it.")
		}
	}
	row := f.row("mean(crossing_h)")
	switch {
	case row == nil:
	case row.Base != nil && row.Plan != nil && row.Difference != nil:
		out = append(out, f.headline(row))
	case row.Base != nil:
		out = append(out, opening(base)+" "+f.one()+" takes "+quantity(row, row.Base)+" on average to cross, all waiting included.")
	case row.Plan != nil:
		out = append(out, opening(plan)+" "+f.one()+" takes "+quantity(row, row.Plan)+" on average to cross, all waiting included.")
	}
	return out
}

// price is what the answer takes; of two crossings neither is there instead of
// the other.
func (f *findingsOfPair) price() string {
	if !f.OneCrossing {
		return ""
	}
	return f.MeansWords()
}

// notes are what has to be known of the answer, in small letters.
func (f *findingsOfPair) notes() (out []string) {
	if f.Stable && f.Base.Growing+f.Plan.Growing > 0 {
		out = append(out, fmt.Sprintf("%d of the runs showed a line that grows, and are in no pair; leaving them out flatters.", f.Base.Growing+f.Plan.Growing))
	}
	if text := f.Near(); text != "" {
		out = append(out, text)
	}
	return out
}

func (f *findingsOfPair) headline(row *evidence.Row) string {
	from, to := quantity(row, row.Base), quantity(row, row.Plan)
	base, plan := f.where()
	if !f.OneCrossing {
		return fmt.Sprintf("The mean time of %s to cross, all waiting included, is %s %s and %s %s. Both runs of a pair %s.", f.one(), from, base, to, plan, f.TrafficWords())
	}
	if slight(row) {
		return fmt.Sprintf("Hardly any difference: %s takes %s on average %s and %s %s, all waiting included, %s.", f.one(), from, base, to, plan, intervalWords(row)) + f.otherTraffic()
	}
	switch row.Verdict {
	case evidence.Better, evidence.Worse:
		way := "falls"
		if *row.Difference > 0 {
			way = "rises"
		}
		if f.of.Against != "" {
			from, to = from+" "+base, to+" "+plan
		}
		return fmt.Sprintf("The mean time of %s to cross, all waiting included, %s from %s to %s: %s, %s.", f.one(), way, from, to, difference(row), intervalWords(row)) + f.otherTraffic()
	case evidence.Same:
		if f.Assumptions.Changed == 0 {
			return "As it is, " + f.one() + " takes " + from + " on average to cross, all waiting included. Nothing is changed yet: change a figure and press Run."
		}
		return "Nothing changes: " + f.one() + " takes " + from + " on average in both, to the last digit."
	}
	return fmt.Sprintf("No clear difference: %s takes %s on average %s and %s %s, %s. More pairs of runs or more days would tell smaller differences.", f.one(), from, base, to, plan, intervalWords(row))
}

// otherTraffic warns that the plan is not all that differs.
func (f *findingsOfPair) otherTraffic() string {
	if f.SameTraffic {
		return ""
	}
	return " Both runs of a pair " + f.TrafficWords() + "."
}

// one is whose time is meant; a textbook's queue has no vehicles.
func (f *findingsOfPair) one() string {
	if slices.ContainsFunc(f.Rows, func(r evidence.Row) bool { return r.Scope == "kind" && strings.Contains(r.Name, "goods") }) {
		return "a goods vehicle"
	}
	return "a visit"
}

func intervalWords(row *evidence.Row) string {
	if text := interval(row); text != "" {
		return "95% interval " + text
	}
	return "without an interval"
}

func (f *findingsOfPair) row(measure string) *evidence.Row {
	if i := slices.IndexFunc(f.Rows, func(r evidence.Row) bool { return r.Measure == measure }); i >= 0 {
		return &f.Rows[i]
	}
	return nil
}

func (f *findingsOfPair) total() (rows []evidence.Row) {
	for _, r := range f.Rows {
		if r.Scope == "total" && told(&r) {
			rows = append(rows, r)
		}
	}
	return rows
}

// scope are the rows of one scope whose measure begins so.
func (f *findingsOfPair) scope(scope, quantity string) (rows []evidence.Row) {
	for _, r := range f.Rows {
		if r.Scope == scope && strings.Contains(r.Measure, "mean("+quantity) && told(&r) {
			rows = append(rows, r)
		}
	}
	return rows
}

func told(r *evidence.Row) bool { return r.Base != nil || r.Plan != nil }

// parties are those who have any time, the most first.
func (f *findingsOfPair) parties() []evidence.Row {
	rows := slices.DeleteFunc(f.scope("party", "party_min"), func(r evidence.Row) bool { return most(&r) < 0.05 })
	slices.SortStableFunc(rows, func(a, b evidence.Row) int { return compare(int64(most(&b)*1000), int64(most(&a)*1000)) })
	return rows
}

func most(r *evidence.Row) (x float64) {
	for _, p := range []*float64{r.Base, r.Plan} {
		if p != nil {
			x = math.Max(x, *p)
		}
	}
	return x
}

// stopsMost is how many rows of stops are shown.
const stopsMost = 14

// stops are the waits and loads that changed, the most changed first, and how
// many more there are.
func (f *findingsOfPair) stops() (rows []evidence.Row, more int) {
	for _, r := range f.Rows {
		if (r.Scope == "stop" || r.Scope == "hold") && !strings.Contains(r.Measure, "service_min") && plain(&r) && r.Relative != nil {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b evidence.Row) int {
		return compare(int64(math.Abs(*b.Relative)*1e6), int64(math.Abs(*a.Relative)*1e6))
	})
	if len(rows) > stopsMost {
		return rows[:stopsMost], len(rows) - stopsMost
	}
	return rows, 0
}

// reach is the largest difference drawn, in hours.
func (f *findingsOfPair) reach(rows []evidence.Row) float64 {
	reach := 0.05
	for _, r := range rows {
		for _, x := range r.Interval {
			reach = math.Max(reach, math.Abs(x))
		}
	}
	return reach * 1.05
}

func (f *findingsOfPair) assumptions() string {
	a := &f.Assumptions
	if a.Changed == 0 {
		return fmt.Sprintf("Nothing: the two are the same. %d of the %d figures are assumed.", f.Plan.Assumed, f.Plan.Figures)
	}
	base, plan := f.where()
	return fmt.Sprintf("The two differ in %s, of which assumed: %d (%.0f%%), a count that says nothing of how far the answer rests on them; what is set here counts as assumed. Of all figures %d of %d are assumed %s, and %d of %d %s.",
		count(a.Changed, "figure"), a.ChangedAssumed, 100*float64(a.ChangedAssumed)/float64(a.Changed), f.Base.Assumed, f.Base.Figures, base, f.Plan.Assumed, f.Plan.Figures, plan)
}

// precision says how well the difference is known; empty where it is not told.
func (f *findingsOfPair) precision() string {
	row := f.row("mean(crossing_h)")
	if row == nil || row.Base == nil || len(row.Interval) != 2 || row.Verdict == evidence.Same {
		return ""
	}
	base, _ := f.where()
	half := (row.Interval[1] - row.Interval[0]) / 2
	return fmt.Sprintf("Precision: the difference of the means is known within ±%s, %.2g%% of the time %s. Four times as many pairs would about halve that.", quantity(row, &half), 100*half / *row.Base, base)
}

func (f *findingsOfPair) method() string {
	return fmt.Sprintf("%d pairs of runs of %s days, seed %d; both runs of a pair %s. Bold: the 95%% interval of the difference does not hold 0, and the difference is large enough to be noticed. Of twenty rows in which nothing changed, one looks so by chance; no interval says whether the figures are right.",
		f.Replications, figureOf(f.MeasuredDays), f.Seed, f.TrafficWords())
}

func figureOf(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
