package evidence

import (
	"fmt"
	"math"
	"strings"

	"landport/study"
)

const (
	kindsWords = "Kinds overlap: a vehicle counts among all of its direction, and by its load, what it carries and its type."
	movesWords = "A plan moves queues: an agency or a country with more of the time than before need not be slower; what waited elsewhere may now wait for it."
)

// onDuty is how many officers there are, the mean over day and night.
func onDuty(r *study.Report) (sum float64) {
	for i := range r.Officers {
		if x := r.Officers[i].OnDuty; x != nil {
			sum += *x
		}
	}
	return sum
}

// priceWords say what stands beside the gain: officers that are added or taken
// away, and who loses. Empty where it is nothing.
func (c *Comparison) priceWords() string {
	var list []string
	if more := c.planOnDuty - c.baseOnDuty; math.Abs(more) >= 0.05 {
		list = append(list, fmt.Sprintf("There are %.1f officers on duty instead of %.1f, the mean over day and night.", c.planOnDuty, c.baseOnDuty))
	}
	var losers []string
	for i := range c.Rows {
		if r := &c.Rows[i]; r.Scope == "kind" && r.Verdict == Worse && !r.slight() {
			losers = append(losers, fmt.Sprintf("%s (%s)", r.label(), r.signed(r.Difference)))
		}
	}
	if len(losers) > 0 {
		list = append(list, "Longer than before take: "+strings.Join(losers, "; ")+".")
	}
	return strings.Join(list, " ")
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
