package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"landport/gate"
	"landport/sim"
	"landport/study"
)

const (
	kindsWords = "Kinds overlap: a vehicle counts among all of its direction, and by its load, what it carries and its type."
	movesWords = "A plan moves queues: an agency or a country with more of the time than before need not be slower; what waited elsewhere may now wait for it."
)

// Changed notes that the plan is a scenario with values of it set, and which.
func (c *Comparison) Changed(unchanged, plan *sim.File) {
	a := assumptionsOf(unchanged, plan)
	c.Set = slices.Concat(a.Changes, a.Rules)
}

// alike reports whether plan and base are one scenario by name, of which values
// were set in the plan.
func (c *Comparison) alike() bool {
	return c.Plan.Scenario == c.Base.Scenario && c.Assumptions.Changed+len(c.Assumptions.Rules) > 0
}

func (c *Comparison) planName() string {
	if c.alike() || len(c.Set) > 0 {
		return c.Plan.Scenario + asChanged
	}
	return c.Plan.Scenario
}

func (c *Comparison) baseName() string {
	if c.alike() {
		return c.Base.Scenario + " as it is"
	}
	return c.Base.Scenario
}

const asChanged = " as changed"

// onDuty is how many officers there are, the mean over day and night.
func onDuty(r *study.Report) (sum float64) {
	for i := range r.Officers {
		if x := r.Officers[i].OnDuty; x != nil {
			sum += *x
		}
	}
	return sum
}

// lanes is how many there are, of all posts and both ways.
func lanes(f *sim.File) (n int) {
	for i := range f.Places {
		if p := &f.Places[i]; gate.PlaceKind(p.Kind) == gate.Lane {
			n += max(1, int(p.Count))
		}
	}
	return n
}

// MeansWords say what the plan has more or less of to reach what it does:
// officers on duty, and lanes. Empty where it is nothing.
func (c *Comparison) MeansWords() string {
	officers := math.Abs(c.Plan.OnDuty-c.Base.OnDuty) >= 0.05
	text := fmt.Sprintf("There are %.1f officers on duty instead of %.1f, the mean over day and night", c.Plan.OnDuty, c.Base.OnDuty)
	switch {
	case officers && c.Plan.Lanes != c.Base.Lanes:
		return text + fmt.Sprintf(", and %s instead of %d.", counted(c.Plan.Lanes, "lane"), c.Base.Lanes)
	case officers:
		return text + "."
	case c.Plan.Lanes != c.Base.Lanes:
		return fmt.Sprintf("There are %s instead of %d.", counted(c.Plan.Lanes, "lane"), c.Base.Lanes)
	}
	return ""
}

// PooledWords say what the percentiles of a comparison are, and what they are of
// all runs together, as a report of one scenario tells them. Empty where there are
// none.
func (c *Comparison) PooledWords() string {
	if !c.Stable || c.baseReport == nil || c.baseReport.Crossing.TimeH.N == 0 || c.planReport.Crossing.TimeH.N == 0 {
		return ""
	}
	told := func(r *study.Report) string {
		t, days := r.Crossing.TimeH, ""
		if x := r.Crossing.Days.DeviationH; x != nil {
			days = ", and a deviation of " + study.Minutes(60**x)
		}
		return fmt.Sprintf("a median of %s, a 95th percentile of %s, a buffer of %s%s", study.Minutes(60*t.P50), study.Minutes(60*t.P95), study.Minutes(60*t.BufferTime()), days)
	}
	return fmt.Sprintf("Median, 95th percentile, buffer and deviation from day to day are here those of each run of %.4g days by itself, and the mean of that, so that runs can be set against each other in pairs. All vehicles of the %d runs together have in the base %s; in the plan %s. A few bad runs weigh otherwise there.",
		c.MeasuredDays, c.Replications, told(c.baseReport), told(c.planReport))
}

// priceWords say what stands beside the gain: what the plan has more or less of,
// and who loses. Empty where it is nothing.
func (c *Comparison) priceWords() string {
	var losers []string
	for i := range c.Rows {
		if r := &c.Rows[i]; r.Scope == "kind" && r.Verdict == Worse && !r.Slight() {
			losers = append(losers, fmt.Sprintf("%s (%s)", r.label(), r.signed(r.Difference)))
		}
	}
	lose := ""
	if len(losers) > 0 {
		lose = "Longer than before take: " + strings.Join(losers, "; ") + "."
	}
	return joined(c.MeansWords(), lose)
}

// idleWords name the stops that nobody comes to any more, whose officers are
// there all the same; empty where there are none.
func (c *Comparison) idleWords() string {
	var idle []string
	for i := range c.Rows {
		r := &c.Rows[i]
		if r.Scope == "stop" && strings.HasPrefix(r.Measure, "mean(utilisation") && r.Base != nil && *r.Base > 0 && r.Plan != nil && *r.Plan == 0 {
			idle = append(idle, r.Name)
		}
	}
	if len(idle) == 0 {
		return ""
	}
	return "Nobody comes any more to " + strings.Join(idle, ", ") + ": the officers there are idle, not gone, and count as on duty in the plan too."
}
