package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"
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
	Post         string       `json:"post"`
	Plan         string       `json:"plan"`
	Visits       int64        `json:"visits"`   // measured: those that have left in the past and in both replays
	Inside       int          `json:"inside"`   // left out: still inside when the past ends
	Left         int          `json:"not_left"` // left out: still inside at the end of a replay
	Replications int          `json:"replications"`
	Again        sim.Times    `json:"again_times"` // of the past met again under its own plan, all replications
	Met          sim.Times    `json:"plan_times"`  // under the other plan
	Doubt        *float64     `json:"doubt_h"`     // by how much the mean time is another when the past meets its own plan again
	Faithful     bool         `json:"faithful"`    // that is less than a minute
	Stable       bool         `json:"stable"`
	Policies     []string     `json:"policies_set"` // by operators in the past: they meet its own plan alone
	Rows         []ReplayRow  `json:"rows"`
	Differs      *Assumptions `json:"differs,omitempty"` // the plan from the past's own, see Set
}

// ReplayRow is one measure. The effect of a plan is what it gives less what the
// past's own plan gives, so that what no rule explains is in neither.
type ReplayRow struct {
	Scope    string    `json:"scope"`
	Name     string    `json:"name"`
	Measure  string    `json:"measure"`
	Unit     string    `json:"unit"`
	Was      *float64  `json:"was"`   // by the facts
	Again    *float64  `json:"again"` // met again under its own plan: a check of the method
	Plan     *float64  `json:"plan"`
	Effect   *float64  `json:"effect"`       // plan less again
	Interval []float64 `json:"ci95"`         // of the effect, over what is drawn; null for one replication, and where nothing drawn is in it
	Doubtful bool      `json:"within_doubt"` // the effect is no more than “again” differs from “was”
	N        *int64    `json:"n"`            // on how many visits "was" rests, of throughput on how many days; null where it is over time
}

// Reenact has a plan meet what happened at a post between two instants. The
// facts are all of the post's, in order; before is the plan under which they
// came about. The past meets both plans as often as asked for, with what it does
// not tell drawn anew and the same for both. All three are measured on the same
// visits: those that have left in all of them.
func Reenact(before, plan *sim.Model, facts []gate.Fact, from, to border.Time, o sim.Options) (*Replay, error) {
	if len(facts) == 0 {
		return nil, fmt.Errorf("the ledger holds no facts of %s yet", before.Title)
	}
	past := sim.Remember(before.Layout, slices.Values(facts))
	among := past.Ended()
	r := &Replay{Post: before.Title, Plan: plan.Name, Replications: max(1, o.Replications), Policies: policiesSet(before, facts), Rows: []ReplayRow{}}
	was, inside := asItWas(before, past, among, facts, from, to)
	if was.Counts.Arrived+int64(inside) == 0 {
		return nil, fmt.Errorf("nobody arrived at %s from %s to %s; its ledger holds %s to %s", before.Layout.Posts[0].Name,
			local(before, from), local(before, to), local(before, facts[0].At), local(before, facts[len(facts)-1].At))
	}
	r.Inside = inside
	var again, planned *sim.Replay
	for again == nil || leaveOut(among, again.Left, planned.Left) {
		var err error
		if again, err = sim.Rerun(before, past, from, to, among, sim.Options{Seed: o.Seed, Replications: o.Replications}); err != nil {
			return nil, err
		}
		if planned, err = sim.Rerun(plan, past, from, to, among, o); err != nil {
			return nil, err
		}
	}
	was, inside = asItWas(before, past, among, facts, from, to)
	r.Left = inside - r.Inside
	r.Visits, r.Again, r.Met, r.Stable = was.Counts.Arrived, again.Times, planned.Times, planned.Report.Copes()
	r.Doubt = told(again.Report.Crossing.TimeH.Mean - was.Crossing.TimeH.Mean) // a mean of all is that of each: all have the same visits
	r.Faithful = r.Doubt != nil && math.Abs(*r.Doubt) < 1.0/60
	for _, s := range subjects(was) {
		metAgain, met := eachOf(s.Measure, again.Each), eachOf(s.Measure, planned.Each)
		row := ReplayRow{Scope: s.scope, Name: s.name, Measure: s.String(), Unit: s.Unit(), Was: valueOf(s.Measure, was), Again: meanTold(metAgain), Plan: meanTold(met)}
		if row.Was == nil && row.Plan == nil {
			continue
		}
		if of, found := s.summary(was); found && of.N > 0 {
			row.N = &of.N
		}
		row.Effect, row.Interval = differences(met, metAgain)
		if row.Interval != nil && row.Interval[0] == row.Interval[1] { // all draws give the same: there is nothing drawn in it
			row.Interval = nil
		}
		row.Doubtful = row.withinDoubt()
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// leaveOut takes from some visits those of others, and reports whether there
// were any.
func leaveOut(among []bool, lists ...[]bool) (more bool) {
	for _, list := range lists {
		for i, left := range list {
			if left && among[i] {
				among[i], more = false, true
			}
		}
	}
	return more
}

func meanTold(values []float64) *float64 { return told(study.SummarizeValues(values).Mean) }

func eachOf(m Measure, reports []*study.Report) (values []float64) {
	for _, r := range reports {
		x, ok := m.Of(r)
		if !ok {
			x = math.NaN()
		}
		values = append(values, x)
	}
	return values
}

// asItWas studies those among the visits that arrived in a period, and lines,
// officers and throughput in it, and counts the others. What happened is told
// whether or not the post coped, so the run is not finished: no line is judged
// to grow.
func asItWas(m *sim.Model, past *sim.Past, among []bool, facts []gate.Fact, from, to border.Time) (r *study.Report, others int) {
	c := study.NewCollector(m.Layout, study.Window{Start: start(facts, from), From: from, To: to, Cycle: border.Day}, m.Standard)
	for i := range facts {
		f := &facts[i]
		c.Add(f)
		if f.Kind != gate.Arrived && f.Kind != gate.Alighted {
			continue
		}
		if n, ok := past.Number(f.Visit); !ok || !among[n] {
			if c.LeaveOut(f.Visit) && f.Kind == gate.Arrived {
				others++
			}
		}
	}
	return c.Report(max(to, facts[len(facts)-1].At)), others
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
	p.Wrap("", r.method())
	if !r.Stable {
		p.Wrap("NOT STABLE: ", "under the plan a line grows.")
	}
	for _, scope := range []struct{ name, heading string }{
		{"total", "From the arrival to the end of the visit"}, {"post", "In the post's own area"}, {"kind", "Mean time by kind"}, {"party", "Whose time it was"}, {"stop", "At each stop"}, {"hold", "Where vehicles wait"},
	} {
		rows := [][]string{{scope.heading, "n", "was", "again", "plan", "effect", "95% interval", ""}}
		for _, x := range r.Rows {
			if x.Scope != scope.name {
				continue
			}
			n := "–"
			if x.N != nil {
				n = strconv.FormatInt(*x.N, 10)
			}
			written := Row{Scope: x.Scope, Unit: x.Unit, Interval: x.Interval}
			rows = append(rows, []string{"  " + x.label(), n, written.show(x.Was), written.show(x.Again), written.show(x.Plan), written.signed(x.Effect), written.interval(), x.doubtWords()})
		}
		p.Table(rows)
	}
	r.differs(p)
	return p.String()
}

// method says what was met again, what was not, and how far that can be trusted.
func (r *Replay) method() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d visits arrive as they did and are compared: those that have left in the past, under its own plan again, and under the other.", r.Visits)
	b.WriteString(r.leftOut())
	fmt.Fprintf(&b, " Of the services, drives, holds and delays under the past's own plan %s", shares(r.Again))
	if met := shares(r.Met); met != shares(r.Again) {
		fmt.Fprintf(&b, "; under the other %s", met)
	}
	b.WriteString(".")
	if r.Doubt != nil {
		fmt.Fprintf(&b, " Met again under its own plan, the past gives a mean time that is %.1f min off what it was: so much people do that no rule tells, or report late.", math.Abs(60**r.Doubt))
	}
	b.WriteString(r.offRows())
	b.WriteString(" The effect is the plan less “again”. " + r.doubtful())
	switch {
	case r.Again.Drawn+r.Met.Drawn+r.Again.Cut+r.Met.Cut == 0:
		b.WriteString(" Nothing was drawn, so that the effect has no interval")
	case r.Replications > 1:
		fmt.Fprintf(&b, " Its interval is that of %d draws of what the past does not tell, where anything drawn is in it", r.Replications)
	default:
		b.WriteString(" One draw of what the past does not tell has no interval")
	}
	b.WriteString("; there is one past, so no interval speaks of other days.")
	return b.String()
}

// leftOut says who is, and to which side that leans.
func (r *Replay) leftOut() string {
	if r.Inside+r.Left == 0 {
		return ""
	}
	var list []string
	if r.Inside > 0 {
		list = append(list, fmt.Sprintf("%d that were still inside when the past ends", r.Inside))
	}
	if r.Left > 0 {
		list = append(list, fmt.Sprintf("%d that had not left at the end of a replay", r.Left))
	}
	out := float64(r.Inside + r.Left)
	return fmt.Sprintf(" Left out are %s. They are %.0f%% of all that arrived and likelier to be the slow ones, so all times here lean to the short side; end the period earlier to leave out fewer.",
		strings.Join(list, ", and "), 100*out/(out+float64(r.Visits)))
}

// offRows names how far single rows are from what was, when the past meets its
// own plan again.
func (r *Replay) offRows() string {
	const told = 0.05
	rows, beyond, furthest, by := 0, 0, -1, told
	for i := range r.Rows {
		x := &r.Rows[i]
		if x.Scope != "total" && x.Scope != "post" && x.Scope != "kind" || x.Was == nil || x.Again == nil || *x.Was == 0 {
			continue
		}
		rows++
		off := math.Abs(*x.Again / *x.Was - 1)
		if off > told {
			beyond++
		}
		if off > by {
			furthest, by = i, off
		}
	}
	if furthest < 0 {
		return ""
	}
	x := &r.Rows[furthest]
	written := Row{Scope: x.Scope, Unit: x.Unit}
	n := ""
	if x.N != nil {
		n = fmt.Sprintf(" (n %d)", *x.N)
	}
	return fmt.Sprintf(" %d of the first %d rows are off by more than a twentieth, the furthest %s, %s where it was %s%s.", beyond, rows, x.label(), written.show(x.Again), written.show(x.Was), n)
}

// label is what a row is called.
func (x *ReplayRow) label() string {
	if x.Scope == "stop" || x.Scope == "post" {
		return x.Name + ", " + quantityWords(x.Measure)
	}
	return x.Name
}

// shares says how many times are known.
func shares(t sim.Times) string {
	all := float64(max(1, t.Known+t.Cut+t.Drawn)) / 100
	return fmt.Sprintf("%.1f%% last as long as they had, %.1f%% the end of the visit or of the past cut off, and %.1f%%, of which it has none, are drawn from the model",
		float64(t.Known)/all, float64(t.Cut)/all, float64(t.Drawn)/all)
}
