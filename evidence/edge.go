package evidence

import (
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
}

const (
	// NearBusy is the utilisation of a stop from which on a crossing is called
	// near its limit: M/M/1 then waits nine services long, and a tenth more is too much.
	NearBusy = 0.9
	tenth    = 1.1
)

func edgeOf(r *study.Report) (e Edge) {
	e.Rising = r.SettledReason
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
	grows := !t.all.Stable
	return &grows, nil
}

// words are empty for a crossing that has settled and is not near its limit,
// and for one beyond it.
func (e *Edge) words(scenario string) string {
	text := e.unsettled(scenario)
	busy := e.Utilisation != nil && *e.Utilisation >= NearBusy
	grows := e.Grows != nil && *e.Grows
	if !busy && !grows {
		return text
	}
	near := []string{}
	if busy {
		near = append(near, fmt.Sprintf("officers at %s are busy %.0f%% of their time", e.Stop, 100**e.Utilisation))
	}
	if grows {
		near = append(near, "with a tenth more traffic lines grow without bound")
	}
	return joined(text, scenario+" runs near its limit: "+strings.Join(near, ", and ")+".")
}

// unsettled says how the number inside had not settled, empty where it had.
func (e *Edge) unsettled(scenario string) string {
	if e.Rising == "" {
		return ""
	}
	return scenario + " has not settled: " + e.Rising + "."
}

// joined are sentences, of which any may be empty.
func joined(sentences ...string) string {
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

// Near warns that a base is near its limit, where differences largely measure
// that, and that either has not settled. Empty where nothing is the matter.
func (c *Comparison) Near() string {
	plan := c.Plan.Edge.unsettled(c.Plan.Scenario)
	text := c.Base.Edge.words(c.Base.Scenario)
	if !c.Base.Stable || text == "" {
		return plan
	}
	text = joined(plan, text, "What a plan gains there depends on the traffic as much as on the plan")
	if len(c.Demands) > 0 {
		return text + ": the table of levels of traffic tells."
	}
	return text + "; simulate and report tell it at other levels with --demand 0.9,1,1.05."
}

// near warns that the scenario of a report, or its base, is near its limit.
func (d *Dossier) near() string {
	text := ""
	if e := edgeOf(d.Report); d.Report.Stable {
		e.Grows = d.Grows
		if text = e.words(d.Report.Scenario); text != "" {
			text += " Its times hold for this traffic alone."
		}
	}
	if d.Comparison != nil {
		text = joined(text, d.Comparison.Near())
	}
	return text
}
