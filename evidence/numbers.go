package evidence

import (
	"math"
	"slices"
	"strings"

	"landport/sim"
	"landport/study"
)

// Number is one figure of a report, in a form that any program reads. Numbers
// that cannot be told are left out.
type Number struct {
	Scenario string   `parquet:"scenario,dict"`
	Set      *string  `parquet:"set,optional,dict"` // values that were set in it, as --set takes them
	Quantity string   `parquet:"quantity,dict"`     // see Quantities
	Where    *string  `parquet:"where,optional,dict"`
	Unit     string   `parquet:"unit,dict"`
	Mean     float64  `parquet:"mean"`
	Low      *float64 `parquet:"ci95_low,optional"`
	High     *float64 `parquet:"ci95_high,optional"`
	P50      *float64 `parquet:"p50,optional"`
	P90      *float64 `parquet:"p90,optional"`
	P95      *float64 `parquet:"p95,optional"`
	Min      *float64 `parquet:"least,optional"`
	Max      *float64 `parquet:"greatest,optional"`
	N        *int64   `parquet:"n,optional"` // nil for what is over time and nobody came to: the 0 is known, though of no visit
}

// Numbers lists everything that a measure can name in a report.
func Numbers(r *study.Report) (out []Number) {
	add := func(q *Quantity, where string, s study.Summary) {
		if math.IsNaN(s.Mean) {
			return
		}
		n := Number{
			Scenario: r.Scenario, Quantity: q.Name, Unit: Measure{Quantity: q.Name, Where: where}.Unit(), Mean: s.Mean, Low: told(s.CI95[0]), High: told(s.CI95[1]),
			P50: told(s.P50), P90: told(s.P90), P95: told(s.P95), Min: told(s.Min), Max: told(s.Max),
		}
		if s.N > 0 {
			n.N = &s.N
		}
		if where != "" {
			n.Where = &where
		}
		out = append(out, n)
	}
	for _, q := range quantities {
		if q.whole != nil {
			add(&q, "", q.whole(r))
		}
		for _, of := range q.parts {
			for _, p := range of(r) {
				add(&q, p.name, p.of)
			}
		}
	}
	return out
}

// Numbers lists those of the report, and of the base of its comparison.
func (d *Dossier) Numbers() []Number {
	list := Numbers(d.Report)
	var set *string
	if a := d.changes(); a != nil {
		set = settings(slices.Concat(a.Changes, a.Rules))
	}
	for i := range list {
		list[i].Set, list[i].Scenario = set, d.name() // of a comparison with itself, the base's have its name
	}
	if d.Comparison != nil {
		list = append(list, Numbers(d.Comparison.baseReport)...)
	}
	return list
}

// ComparedNumber is one measure in both scenarios of a comparison. What cannot be
// told is nil.
type ComparedNumber struct {
	BaseScenario string   `parquet:"base_scenario,dict"`
	PlanScenario string   `parquet:"plan_scenario,dict"`
	PlanSet      *string  `parquet:"plan_set,optional,dict"` // values that were set in the plan, as --set takes them
	BaseStable   bool     `parquet:"base_stable"`            // of a crossing whose lines grow no time is told
	PlanStable   bool     `parquet:"plan_stable"`
	BaseSettled  *bool    `parquet:"base_settled,optional"` // see AtDemand
	PlanSettled  *bool    `parquet:"plan_settled,optional"`
	Demand       float64  `parquet:"demand"`                 // the traffic is multiplied by it; 1 is that of the scenarios
	Goods        *float64 `parquet:"goods_per_day,optional"` // goods vehicles expected of the base at a demand that was asked for
	Scope        string   `parquet:"scope,dict"`             // see Row
	Name         string   `parquet:"name,dict"`
	Measure      string   `parquet:"measure,dict"`
	Unit         string   `parquet:"unit,dict"`
	Base         *float64 `parquet:"base,optional"`
	Plan         *float64 `parquet:"plan,optional"`
	Difference   *float64 `parquet:"difference,optional"` // plan less base, mean over the pairs
	Low          *float64 `parquet:"ci95_low,optional"`   // of the difference
	High         *float64 `parquet:"ci95_high,optional"`
	Relative     *float64 `parquet:"relative,optional"` // difference as a share of the base
	Pairs        *int64   `parquet:"pairs,optional"`    // nil, as the verdict, at a demand that was asked for
	Verdict      *string  `parquet:"verdict,optional,dict"`
}

// Numbers lists the rows of a comparison, then the mean crossing time at each
// demand that was asked for.
func (c *Comparison) Numbers() (list []ComparedNumber) {
	set := settings(c.Set)
	for i := range c.Rows {
		r := &c.Rows[i]
		n := ComparedNumber{
			BaseScenario: c.Base.Scenario, PlanScenario: c.Plan.Scenario, PlanSet: set, BaseStable: c.Base.Stable, PlanStable: c.Plan.Stable, BaseSettled: c.Base.Settled, PlanSettled: c.Plan.Settled,
			Demand: 1, Scope: r.Scope, Name: r.Name, Measure: r.Measure, Unit: r.Unit,
			Base: r.Base, Plan: r.Plan, Difference: r.Difference, Relative: r.Relative, Pairs: new(int64(r.Pairs)), Verdict: new(string(r.Verdict)),
		}
		n.Low, n.High = ends(r.Interval)
		list = append(list, n)
	}
	m := Measure{Statistic: "mean", Quantity: "crossing_h"}
	for i := range c.Demands {
		d := &c.Demands[i]
		n := ComparedNumber{
			BaseScenario: c.Base.Scenario, PlanScenario: c.Plan.Scenario, PlanSet: set, BaseStable: d.BaseStable, PlanStable: d.PlanStable, BaseSettled: d.BaseSettled, PlanSettled: d.PlanSettled,
			Demand: d.Factor, Goods: told(math.Round(1e6*d.Goods) / 1e6), Scope: "total", Name: "mean crossing time",
			Measure: m.String(), Unit: m.Unit(), Base: d.Base, Plan: d.Plan, Difference: d.Difference,
		}
		if d.Difference != nil && d.Base != nil {
			n.Relative = told(*d.Difference / *d.Base)
		}
		n.Low, n.High = ends(d.Interval)
		list = append(list, n)
	}
	return list
}

// settings are values that were set, as --set takes them; nil for none.
func settings(changes []Change) *string {
	var list []string
	for i := range changes {
		list = append(list, (&sim.Setting{Path: changes[i].Path, Value: changes[i].Plan}).String())
	}
	if len(list) == 0 {
		return nil
	}
	return new(strings.Join(list, "; "))
}

// CauseNumber is what one cause costs. The last, "all", is what all cost together.
type CauseNumber struct {
	Scenario string   `parquet:"scenario,dict"`
	Measure  string   `parquet:"measure,dict"`
	Unit     string   `parquet:"unit,dict"`
	Now      *float64 `parquet:"now,optional"` // the measure with all causes
	Cause    string   `parquet:"cause,dict"`
	Issue    string   `parquet:"issue,dict"`
	Share    *float64 `parquet:"share,optional"` // see Share
	Low      *float64 `parquet:"ci95_low,optional"`
	High     *float64 `parquet:"ci95_high,optional"`
	Adds     *int64   `parquet:"adds,optional"` // nil for all, whose units differ
	Of       string   `parquet:"adds_unit,dict"`
	Each     *float64 `parquet:"share_each,optional"`
	Alone    *float64 `parquet:"removed_alone,optional"`
	Last     *float64 `parquet:"removed_last,optional"`
	Changed  int64    `parquet:"changed"`
	Assumed  int64    `parquet:"changed_assumed"`
	Runs     int64    `parquet:"replications"`
}

// Numbers lists the causes, then all of them together.
func (w *Why) Numbers() (list []CauseNumber) {
	for i := range w.Causes {
		s := &w.Causes[i]
		n := CauseNumber{
			Scenario: w.Scenario, Measure: w.Measure, Unit: w.Unit, Now: w.Now, Runs: int64(w.Replications), Cause: s.Cause, Issue: s.Issue, Share: s.Share,
			Adds: new(int64(s.Adds)), Of: s.Unit, Each: s.Each, Alone: s.Alone, Last: s.Last, Changed: int64(s.Changed), Assumed: int64(s.Assumed),
		}
		n.Low, n.High = ends(s.Interval)
		list = append(list, n)
	}
	all := CauseNumber{Scenario: w.Scenario, Measure: w.Measure, Unit: w.Unit, Now: w.Now, Runs: int64(w.Replications), Cause: "all", Share: w.Explained, Changed: int64(w.Changed), Assumed: int64(w.Assumed)}
	all.Low, all.High = ends(w.Interval)
	return append(list, all)
}

// MovedNumber is the result at one end of a figure that a tornado moved.
type MovedNumber struct {
	Scenario   string   `parquet:"scenario,dict"`
	Measure    string   `parquet:"measure,dict"`
	Unit       string   `parquet:"unit,dict"`
	Now        *float64 `parquet:"now,optional"`
	By         float64  `parquet:"by"` // multiplied by it, or divided
	Figure     string   `parquet:"figure,dict"`
	Was        string   `parquet:"was"`
	Assumed    string   `parquet:"assumed"`  // why it was taken so
	End        string   `parquet:"end,dict"` // lower or higher
	Value      string   `parquet:"value"`
	Result     *float64 `parquet:"result,optional"`
	Difference *float64 `parquet:"difference,optional"` // to now
	Low        *float64 `parquet:"ci95_low,optional"`
	High       *float64 `parquet:"ci95_high,optional"`
	Grows      bool     `parquet:"grows"` // a line grows, so there is no result
	Runs       int64    `parquet:"replications"`
}

// Numbers lists the ends of the bars, the widest bar first.
func (t *Tornado) Numbers() (list []MovedNumber) {
	for i := range t.Bars {
		b := &t.Bars[i]
		for _, end := range []struct {
			name string
			*End
		}{{"lower", b.Lower}, {"higher", b.Higher}} {
			if end.End == nil {
				continue
			}
			n := MovedNumber{
				Scenario: t.Scenario, Measure: t.Measure, Unit: t.Unit, Now: t.Now, By: t.By, Runs: int64(t.Replications), Figure: b.Path, Was: b.Value,
				Assumed: b.Assumed, End: end.name, Value: end.Value, Result: end.Result, Difference: end.Difference, Grows: end.Grows,
			}
			n.Low, n.High = ends(end.Interval)
			list = append(list, n)
		}
	}
	return list
}

// ends are those of an interval, nil where there is none.
func ends(interval []float64) (low, high *float64) {
	if len(interval) != 2 {
		return nil, nil
	}
	return &interval[0], &interval[1]
}
