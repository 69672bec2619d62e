package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Goal is what a plan must meet.
type Goal struct {
	Measure Measure
	AtLeast bool // the measure is to be at least Bound, else at most
	Bound   float64
}

// ParseGoal reads a goal such as p90(crossing_h) <= 2.
func ParseGoal(text string) (g Goal, err error) {
	for _, sign := range []string{"<=", ">="} {
		left, right, found := strings.Cut(text, sign)
		if !found {
			continue
		}
		if g.Measure, err = Parse(left); err != nil {
			return g, err
		}
		g.AtLeast = sign == ">="
		if g.Bound, err = strconv.ParseFloat(strings.TrimSpace(right), 64); err != nil || math.IsNaN(g.Bound) || math.IsInf(g.Bound, 0) {
			return g, fmt.Errorf("%q: %q is not a number; write a goal as p90(crossing_h) <= 2", text, strings.TrimSpace(right))
		}
		return g, nil
	}
	return g, fmt.Errorf("%q is not a goal; write it as p90(crossing_h) <= 2, with <= or >=", text)
}

// String writes the goal as ParseGoal reads it.
func (g Goal) String() string {
	sign := "<="
	if g.AtLeast {
		sign = ">="
	}
	return fmt.Sprintf("%s %s %g", g.Measure, sign, g.Bound)
}

// shortfall is by how much a value misses the goal, as a share of its bound: 0
// if it meets it, without end if it cannot be told.
func (g Goal) shortfall(x float64) float64 {
	over := x - g.Bound
	if g.AtLeast {
		over = -over
	}
	switch {
	case math.IsNaN(over):
		return math.Inf(1)
	case over <= 0:
		return 0
	}
	return over / max(math.Abs(g.Bound), 1e-9)
}

// possible returns nil if some value meets the goal.
func (g Goal) possible() error {
	switch quantity := g.Measure.Quantity; {
	case quantity == "buffer_h" || quantity == "cost": // a 95th percentile may lie below the mean
		return nil
	case !g.AtLeast && g.Bound < 0:
		return fmt.Errorf("%s: it is never below 0, so no plan can meet that", g)
	case g.AtLeast && g.Bound > 1 && (quantity == "within_share" || quantity == "direction_share"):
		return fmt.Errorf("%s: a share is never above 1, so no plan can meet that; nine of ten are 0.9", g)
	}
	return nil
}

// againstEachOther returns nil if some values meet all goals together. Of one
// quantity a lower percentile is at most a higher one.
func againstEachOther(goals []Goal) error {
	ascending := []string{"min", "p50", "p90", "p95", "max"}
	for _, least := range goals {
		for _, most := range goals {
			if !least.AtLeast || most.AtLeast || least.Bound <= most.Bound || least.Measure.Quantity != most.Measure.Quantity || least.Measure.Where != most.Measure.Where {
				continue
			}
			low, high := slices.Index(ascending, least.Measure.Statistic), slices.Index(ascending, most.Measure.Statistic)
			if least.Measure == most.Measure || low >= 0 && low <= high {
				return fmt.Errorf("%s and %s cannot both be met; ask for one of them, or for what lies between", least, most)
			}
		}
	}
	return nil
}
