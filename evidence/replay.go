package evidence

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"landport/border"
	"landport/gate"
	"landport/sim"
	"landport/study"
)

// Replay is the past of a post beside the same past under another plan.
type Replay struct {
	Post         string      `json:"post"`
	Plan         string      `json:"plan"`
	Visits       int64       `json:"visits"` // measured, as they were
	Replications int         `json:"replications"`
	Known        int64       `json:"times_known"` // services, drives, holds and delays taken from the past
	Drawn        int64       `json:"times_drawn"` // those that the past does not tell, drawn from the model
	Faithful     bool        `json:"faithful"`    // the past under its own plan gives its own mean time, within a minute
	Stable       bool        `json:"stable"`
	Rows         []ReplayRow `json:"rows"`
}

// ReplayRow is one measure. There is one past, so there is no interval.
type ReplayRow struct {
	Scope   string   `json:"scope"`
	Name    string   `json:"name"`
	Measure string   `json:"measure"`
	Unit    string   `json:"unit"`
	Was     *float64 `json:"was"`   // by the facts
	Again   *float64 `json:"again"` // met again under its own plan: a check of the method
	Plan    *float64 `json:"plan"`
}

// Reenact has a plan meet what happened at a post between two instants. The
// facts are all of the post's, in order; before is the plan under which they
// came about.
func Reenact(before, plan *sim.Model, facts []gate.Fact, from, to border.Time, o sim.Options) (*Replay, error) {
	if len(facts) == 0 {
		return nil, fmt.Errorf("the ledger holds no facts of %s yet", before.Title)
	}
	was := asItWas(before, facts, from, to)
	past := sim.Remember(before.Layout, func(yield func(gate.Fact) bool) {
		for _, f := range facts {
			if !yield(f) {
				return
			}
		}
	})
	if past.Len() == 0 || was.Counts.Arrived == 0 {
		return nil, fmt.Errorf("nobody arrived at %s from %s to %s; its ledger holds %s to %s", before.Layout.Posts[0].Name,
			local(before, from), local(before, to), local(before, facts[0].At), local(before, facts[len(facts)-1].At))
	}
	again, err := sim.Rerun(before, past, from, to, sim.Options{Seed: o.Seed})
	if err != nil {
		return nil, err
	}
	planned, err := sim.Rerun(plan, past, from, to, o)
	if err != nil {
		return nil, err
	}
	r := &Replay{
		Post: before.Title, Plan: plan.Name, Visits: was.Counts.Arrived, Replications: max(1, o.Replications),
		Known: planned.Known, Drawn: planned.Drawn, Stable: planned.Report.Stable, Rows: []ReplayRow{},
		Faithful: math.Abs(was.Crossing.TimeH.Mean-again.Report.Crossing.TimeH.Mean) < 1.0/60,
	}
	for _, s := range subjects(was) {
		row := ReplayRow{Scope: s.scope, Name: s.name, Measure: s.String(), Unit: s.Unit(), Was: valueOf(s.Measure, was), Again: valueOf(s.Measure, again.Report), Plan: valueOf(s.Measure, planned.Report)}
		if row.Was != nil || row.Plan != nil {
			r.Rows = append(r.Rows, row)
		}
	}
	return r, nil
}

// asItWas studies the visits that arrived in a period, and lines, officers and
// throughput in it. What happened is told whether or not the post coped, so the
// run is not finished: no line is judged to grow.
func asItWas(m *sim.Model, facts []gate.Fact, from, to border.Time) *study.Report {
	c := study.NewCollector(m.Layout, study.Window{Start: start(facts, from), From: from, To: to, Cycle: border.Day}, m.Standard)
	c.AddAll(facts)
	return c.Report(max(to, facts[len(facts)-1].At))
}

// local writes an instant by a post's own clock.
func local(m *sim.Model, at border.Time) string {
	zone := time.UTC
	if posts := m.Layout.Posts; len(posts) > 0 && posts[0].Zone != nil {
		zone = posts[0].Zone
	}
	return at.Std(zone).Format("2006-01-02 15:04")
}

func start(facts []gate.Fact, from border.Time) border.Time {
	for i := range facts {
		from = min(from, facts[i].At)
	}
	return from
}

func valueOf(m Measure, r *study.Report) *float64 {
	if x, ok := m.Of(r); ok {
		return &x
	}
	return nil
}

// Text returns the replay as plain text for a terminal.
func (r *Replay) Text() string {
	p := &study.Page{}
	title := fmt.Sprintf("%s under %s", r.Post, r.Plan)
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Wrap("", fmt.Sprintf("%d visits arrive as they did. %d services, drives, holds and delays took as long as they had; %d (%.1f%%), which the past does not tell, were drawn from the model.",
		r.Visits, r.Known, r.Drawn, 100*float64(r.Drawn)/float64(max(1, r.Known+r.Drawn))))
	if !r.Faithful {
		p.Wrap("Note: ", "met again under its own plan, the past does not give its own mean time within a minute: people did what no rule of the gate foresees, or the ledger begins in the middle. Read the column “again” as what the rules alone would have done, and compare the plan with that.")
	}
	if !r.Stable {
		p.Wrap("NOT STABLE: ", "under the plan a line grows.")
	}
	for _, scope := range []struct{ name, heading string }{
		{"total", "Time at the post"}, {"post", "The post as a whole"}, {"kind", "Mean time by kind"}, {"party", "Whose time it was"}, {"stop", "At each stop"}, {"hold", "Where vehicles wait"},
	} {
		rows := [][]string{{scope.heading, "was", "again", "plan", "plan less again"}}
		for _, x := range r.Rows {
			if x.Scope != scope.name {
				continue
			}
			name := x.Name
			if scope.name == "stop" || scope.name == "post" {
				name += ", " + quantityWords(x.Measure)
			}
			difference := (*float64)(nil)
			if x.Plan != nil && x.Again != nil {
				d := *x.Plan - *x.Again
				difference = &d
			}
			written := Row{Scope: x.Scope, Unit: x.Unit}
			rows = append(rows, []string{"  " + name, written.show(x.Was), written.show(x.Again), written.show(x.Plan), written.signed(difference)})
		}
		p.Table(rows)
	}
	return p.String()
}
