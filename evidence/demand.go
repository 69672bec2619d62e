package evidence

import (
	"errors"
	"fmt"

	"landport/sim"
	"landport/study"
)

// AtDemand is what a plan changes at a multiple of the traffic, in the mean
// crossing time. A time of a crossing that does not cope is null.
type AtDemand struct {
	Factor      float64   `json:"factor"`
	Goods       float64   `json:"goods_per_day"` // goods vehicles expected of the base, return legs included
	Base        *float64  `json:"base_h"`
	Plan        *float64  `json:"plan_h"`
	Difference  *float64  `json:"difference_h"`
	Interval    []float64 `json:"ci95"`
	BaseStable  bool      `json:"base_stable"`
	PlanStable  bool      `json:"plan_stable"`
	BaseSettled *bool     `json:"base_settled"` // null where the runs cannot tell, or are meant as no steady state
	PlanSettled *bool     `json:"plan_settled"`
	Rising      bool      `json:"rising"` // the number inside one of them had not settled: measured for longer, times are longer
	Unsure      bool      `json:"unsure"` // of one of them the runs are too few or too short to tell
}

// CompareAt is Compare with the traffic of both multiplied by each of the
// factors: how much of the gain is that of one demand. The runs of all factors
// draw from the same streams. Progress counts factors.
func CompareAt(base, plan *sim.File, factors []float64, o sim.Options) ([]AtDemand, error) {
	if o.Replications < 2 {
		return nil, errors.New("one replication has no interval; give 2 or more, such as 20")
	}
	measures := []Measure{{Statistic: "mean", Quantity: "crossing_h"}}
	list, progress := []AtDemand{}, o.Progress
	o.Progress = nil
	for i, by := range factors {
		if !(by >= 0.01 && by <= mostFactor) {
			return nil, fmt.Errorf("%g times the traffic is out of reach; give from 0.01 to %d", by, mostFactor)
		}
		var both [2]result
		d := AtDemand{Factor: by}
		for j, file := range []*sim.File{base, plan} {
			settings, flows, _, err := demand(file, nil, by)
			if err != nil {
				return nil, err
			}
			if j == 0 {
				goods, err := goodsOf(file, flows)
				if err != nil {
					return nil, err
				}
				d.Goods = goods.at(by)
			}
			if file, err = file.With(settings...); err != nil {
				return nil, err
			}
			if both[j], err = try(file, measures, o); err != nil {
				return nil, err
			}
		}
		d.BaseStable, d.PlanStable = both[0].all.Copes(), both[1].all.Copes()
		d.BaseSettled, d.PlanSettled = both[0].all.Settled, both[1].all.Settled
		for _, r := range both {
			d.Rising = d.Rising || r.all.Rises()
			d.Unsure = d.Unsure || unsure(r.all)
		}
		d.Base, d.Plan = told(study.SummarizeValues(both[0].values[0]).Mean), told(study.SummarizeValues(both[1].values[0]).Mean)
		d.Difference, d.Interval = differences(both[1].values[0], both[0].values[0])
		list = append(list, d)
		if progress != nil {
			progress(i+1, len(factors))
		}
	}
	return list, nil
}

// cells are what a table shows of it.
func (d *AtDemand) cells() []string {
	r := Row{Unit: "h", Interval: d.Interval}
	who := ""
	switch {
	case !d.BaseStable && !d.PlanStable:
		who = "lines grow in both"
	case !d.BaseStable:
		who = "lines grow in the base: no mean, the plan copes"
	case !d.PlanStable:
		who = "lines grow in the plan: no mean"
	case d.Rising:
		who = "not settled: longer runs, longer times"
	case d.Unsure:
		who = "cannot tell whether lines settle: more and longer runs do"
	}
	return []string{fmt.Sprintf("%.4g ×", d.Factor), study.Number(d.Goods), r.show(d.Base), r.show(d.Plan), r.signed(d.Difference), r.interval(), who}
}

// demands shows what a plan changes at several levels of demand.
func (c *Comparison) demands(p *study.Page) {
	rows := [][]string{{"At so much traffic", "goods vehicles a day", "base", "plan", "difference", "95% interval", ""}}
	for i := range c.Demands {
		cells := c.Demands[i].cells()
		cells[0] = "  " + cells[0]
		rows = append(rows, cells)
	}
	p.Table(rows)
}
