package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"landport/sim"
	"landport/study"
)

// Edge says how near a crossing is to where its lines grow without bound. There
// a little more or less of anything moves waiting a great deal.
type Edge struct {
	Stop        string   `json:"busiest_stop"` // where officers are busiest, empty if nobody was served
	Utilisation *float64 `json:"busiest_utilisation"`
	Grows       *bool    `json:"grows_with_a_tenth_more"` // with a tenth more of all its traffic; null where it was not tried
	Rising      string   `json:"rising,omitempty"`        // how the number inside had not settled in the time measured
	Unsure      string   `json:"unsure,omitempty"`        // why that cannot be told
}

const (
	// NearBusy is the utilisation of a stop from which on a crossing is called
	// near its limit: M/M/1 then waits nine services long, and a tenth more is too much.
	NearBusy = 0.9
	tenth    = 1.1
)

func edgeOf(r *study.Report) (e Edge) {
	switch {
	case r.Rises():
		e.Rising = r.SettledReason
	case unsure(r):
		e.Unsure = cmp.Or(r.SettledReason, "one run, or so short a time, does not show it; more runs and longer ones do")
	}
	for i := range r.Stops {
		s := &r.Stops[i]
		if x := told(s.Utilisation.Mean); s.ServiceMin.N > 0 && x != nil && (e.Utilisation == nil || *x > *e.Utilisation) {
			e.Stop, e.Utilisation = s.Stop, x
		}
	}
	return e
}

// Probe runs a scenario with a tenth more of all its traffic, and says whether
// a line grows then. A run below seven days cannot tell.
func Probe(file *sim.File, o sim.Options) (*bool, error) {
	settings, _, _, err := demand(file, nil, tenth)
	if err != nil {
		return nil, err
	}
	more, err := file.With(settings...)
	if err != nil {
		return nil, err
	}
	o.Replications, o.Progress = max(1, min(o.Replications, 4)), nil
	t, err := try(more, nil, o)
	if err != nil || t.all.MeasuredDays < leastDays {
		return nil, err
	}
	grows := !t.all.Copes()
	return &grows, nil
}

// words say that a crossing has not settled, cannot be told to, or is near its
// limit; empty for one of which neither is so, and for one beyond its limit.
func (e *Edge) words(scenario string) string {
	return joined(e.unsettled(scenario), e.near(scenario))
}

// near says why a crossing is called near its limit, empty where it is not.
func (e *Edge) near(scenario string) string {
	near := []string{}
	if e.Utilisation != nil && *e.Utilisation >= NearBusy {
		near = append(near, fmt.Sprintf("officers at %s are busy %.0f%% of their time", e.Stop, 100**e.Utilisation))
	}
	if e.Grows != nil && *e.Grows {
		near = append(near, "with a tenth more traffic lines grow, so that there is no mean")
	}
	if len(near) == 0 {
		return ""
	}
	return scenario + " runs near its limit: " + strings.Join(near, ", and ") + "."
}

// unsettled says how the number inside had not settled, or that nobody can tell;
// empty where it had.
func (e *Edge) unsettled(scenario string) string {
	switch {
	case e.Rising != "":
		return scenario + " has not settled: " + e.Rising + "."
	case e.Unsure != "":
		return "Whether " + scenario + " settles cannot be told: " + e.Unsure + "."
	}
	return ""
}

// joined are sentences, of which any may be empty.
func joined(sentences ...string) string {
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

// Near warns that a base is near its limit, where differences largely measure
// that, and that either has not settled, or may not have. Empty where nothing is
// the matter.
func (c *Comparison) Near() string {
	text := ""
	if c.planName() != c.baseName() {
		text = c.Plan.Edge.unsettled(c.planName())
	}
	if !c.Base.Stable {
		return text
	}
	text = joined(text, c.Base.Edge.words(c.baseName()))
	switch {
	case c.Base.Edge.Rising == "" && c.Base.Edge.near(c.Base.Scenario) == "":
		return text
	case len(c.Demands) > 0:
		return text + " What a plan gains there depends on the traffic as much as on the plan: the table of levels of traffic tells."
	}
	return text + " What a plan gains there depends on the traffic as much as on the plan; simulate and report tell it at other levels with --demand 0.9,1,1.05."
}

// warning is the word before Near.
func (c *Comparison) warning() string {
	if c.Base.Edge.near(c.Base.Scenario) != "" {
		return "NEAR THE LIMIT: "
	}
	return "NOTE: "
}

// near warns that the scenario of a report, or its base, is near its limit.
func (d *Dossier) near() string {
	name := d.name()
	e := edgeOf(d.Report)
	e.Grows = d.Grows
	limit, settled := "", ""
	if d.Report.Copes() {
		limit, settled = e.near(name), e.unsettled(name)
	}
	if limit != "" {
		limit += " Its times hold for this traffic alone."
	}
	if c := d.Comparison; c == nil || c.planName() == c.baseName() {
		return joined(settled, limit)
	}
	return joined(limit, d.Comparison.Near()) // which says of the plan, too, whether it settled
}
