package evidence

import (
	"fmt"
	"math"
	"slices"

	"landport/sim"
	"landport/study"
)

// Comparison is what a plan changes against a base.
type Comparison struct {
	Base         Contender   `json:"base"`
	Plan         Contender   `json:"plan"`
	Seed         uint64      `json:"seed"`
	Replications int         `json:"replications"`
	MeasuredDays float64     `json:"measured_days"`
	Stable       bool        `json:"stable"`       // both are; otherwise no times are compared
	SameTraffic  bool        `json:"same_traffic"` // no figure of who comes, and when, differs
	OneCrossing  bool        `json:"one_crossing"` // they have a flow in common; otherwise nothing is better or worse
	Rows         []Row       `json:"rows"`
	Winners      []string    `json:"winners"` // kinds of visit, see kindRows
	Losers       []string    `json:"losers"`
	Slight       []string    `json:"slight"` // those whose difference is clear and too small to matter
	Unclear      []string    `json:"unclear"`
	Assumptions  Assumptions `json:"assumptions"`
	Set          []Change    `json:"set,omitempty"`              // values that were set in the plan, beside what its file says; see Changed
	Rests        *Rest       `json:"difference_rests,omitempty"` // of the mean crossing time; nil where it was not asked for
	Demands      []AtDemand  `json:"at_demand,omitempty"`        // see CompareAt

	baseReport, planReport *study.Report // of each by itself
}

// Contender is one of the two scenarios.
type Contender struct {
	Scenario     string  `json:"scenario"`
	Title        string  `json:"title"`
	Stable       bool    `json:"stable"`
	StableReason string  `json:"stable_reason"`
	Settled      *bool   `json:"settled"`              // null where the runs cannot tell, or are meant as no steady state
	Growing      int     `json:"growing_replications"` // that by themselves show a line that grows; they are in no pair
	Figures      int     `json:"parameters"`
	Assumed      int     `json:"assumed_parameters"`
	OnDuty       float64 `json:"officers_on_duty"` // the mean over day and night
	Lanes        int     `json:"lanes"`
	Edge         Edge    `json:"edge"`
}

// Row is one measure in both scenarios. A number that cannot be told is null.
type Row struct {
	Scope      string    `json:"scope"` // total, post, stop, hold, kind, party, officers, side or cost
	Name       string    `json:"name"`  // of the post, stop ..., for people
	Measure    string    `json:"measure"`
	Unit       string    `json:"unit"`
	Base       *float64  `json:"base"`       // mean over the replications
	Plan       *float64  `json:"plan"`       //
	Difference *float64  `json:"difference"` // plan less base, mean over the pairs
	Interval   []float64 `json:"ci95"`       // of the difference: low, high
	Relative   *float64  `json:"relative"`   // difference as a share of the base
	Pairs      int       `json:"pairs"`      // of replications in which both could be told
	Verdict    Verdict   `json:"verdict"`
}

// Verdict says what a difference means. It is significant where its 95% interval
// does not hold 0; of twenty rows in which nothing changed, one looks so by chance.
type Verdict string

// The verdicts.
const (
	Better  Verdict = "better"
	Worse   Verdict = "worse"
	More    Verdict = "more" // of what is neither good nor bad, such as utilisation
	Less    Verdict = "less"
	Same    Verdict = "same"    // to the last digit in every pair
	Unclear Verdict = "unclear" // no significant difference
	Unknown Verdict = "unknown" // in one of the two it cannot be told
)

// Compare runs a base and a plan with common random numbers: replication i of
// both draws from the same streams, so that what differs between them is the
// plan. The interval of a difference is Student's t over the pairs (Law,
// Simulation Modeling and Analysis, 10.2.1: paired-t). Two replications at least
// are needed. Progress counts those of both.
func Compare(base, plan *sim.File, o sim.Options) (*Comparison, error) {
	a, err := NewSample(base, o)
	if err != nil {
		return nil, err
	}
	b, err := NewSample(plan, o)
	if err != nil {
		return nil, err
	}
	return Pairs(a, b, o, func() bool { return true }, func(*Comparison) {})
}

// compared sets a plan beside a base. Both were observed with the same options.
func compared(a, b *observed) *Comparison {
	c := &Comparison{
		Base: a.contender(), Plan: b.contender(), Seed: a.all.Seed, Replications: a.all.Replications, MeasuredDays: a.all.MeasuredDays,
		Stable: a.all.Copes() && b.all.Copes(), Rows: []Row{}, Winners: []string{}, Losers: []string{}, Slight: []string{}, Unclear: []string{},
		Assumptions: assumptionsOf(a.file, b.file), OneCrossing: flowsInCommon(a.file, b.file),
		baseReport: a.all, planReport: b.all,
	}
	c.SameTraffic = c.OneCrossing && !slices.ContainsFunc(c.Assumptions.Changes, func(x Change) bool { return x.traffic() })
	c.compare(a, b)
	return c
}

// subjects lists what is compared, in the order of a report.
func subjects(r *study.Report) (out []subject) {
	add := func(scope, name, statistic, quantity, where string) {
		out = append(out, subject{Measure{statistic, quantity, where}, scope, name})
	}
	add("total", "mean crossing time", "mean", "crossing_h", "")
	add("total", "median of a run", "p50", "crossing_h", "")
	add("total", "95th percentile of a run", "p95", "crossing_h", "")
	add("total", "buffer time of a run", "mean", "buffer_h", "")
	add("total", "from day to day in a run, standard deviation", "mean", "day_sd_h", "")
	if r.Crossing.WithinShare != nil {
		add("total", "within the standard", "mean", "within_share", "")
	}
	for i := range r.Posts {
		name := r.Posts[i].Post
		add("post", name, "mean", "crossing_h", name)
		add("post", name, "p95", "crossing_h", name)
		add("post", name, "mean", "throughput_per_day", name)
	}
	for i := range r.Stops {
		name := r.Stops[i].Stop
		add("stop", name, "mean", "wait_min", name)
		add("stop", name, "mean", "service_min", name)
		add("stop", name, "mean", "utilisation", name)
	}
	for i := range r.Holds {
		add("hold", r.Holds[i].Hold, "mean", "wait_min", r.Holds[i].Hold)
	}
	for i := range r.Groups {
		add("kind", r.Groups[i].Label, "mean", "crossing_h", r.Groups[i].Group)
	}
	for i := range r.Attribution {
		name := partyName(&r.Attribution[i])
		add("party", name, "mean", "party_min", name)
	}
	for i := range r.Officers {
		name := officerName(&r.Officers[i])
		add("officers", name, "mean", "officer_wait_min", name)
		add("officers", name, "mean", "utilisation", name)
	}
	for _, side := range sides(r) {
		add("side", "agencies of "+side.name, "mean", "side_min", side.name)
	}
	for _, currency := range costs(r) {
		name := "all costs in " + currency.name
		if slices.ContainsFunc(r.Costs, func(c study.CostTimes) bool { return c.Currency == currency.name && fewSamples(&c) }) {
			name += ", with means of few samples" // which no interval of runs speaks of
		}
		add("cost", name, "mean", "cost", currency.name)
	}
	return out
}

// compare makes the rows: what the base has in its order, then what only the
// plan has.
func (c *Comparison) compare(a, b *observed) {
	seen := map[Measure]bool{}
	for _, x := range []*observed{a, b} {
		for _, s := range x.subject {
			if seen[s.Measure] {
				continue
			}
			seen[s.Measure] = true
			if s.scope == "cost" && !planMoves(s.Where, a.all, b.all) {
				continue
			}
			row := s.row(a.values[s.Measure], b.values[s.Measure], c)
			if row.Base == nil && row.Plan == nil && c.Stable {
				continue // nobody came there
			}
			c.Rows = append(c.Rows, row)
			if s.scope == "kind" {
				c.sort(s.name, &row)
			}
		}
	}
}

// planMoves reports whether what two scenarios cost in a currency can differ by
// the plan: something in it goes by the hour, or a tariff is another. A payment that
// is the mean of a few samples is none; what differs in it is who passed.
func planMoves(currency string, a, b *study.Report) bool {
	tariffs := func(r *study.Report) (list []string) {
		for i := range r.Costs {
			if c := &r.Costs[i]; c.Currency == currency && !fewSamples(c) {
				list = append(list, fmt.Sprint(c.Cost, c.Amount))
			}
		}
		return list
	}
	timed := func(c study.CostTimes) bool { return c.Currency == currency && c.PerHour }
	return slices.ContainsFunc(a.Costs, timed) || slices.ContainsFunc(b.Costs, timed) || !slices.Equal(tariffs(a), tariffs(b))
}

// fewSamples reports whether an amount is the mean of so few that it is not
// multiplied to a total.
func fewSamples(c *study.CostTimes) bool { return c.Samples > 0 && c.Samples < study.TotalSamples }

// sort notes whether a kind of visit gains or loses, and by enough to matter.
func (c *Comparison) sort(kind string, r *Row) {
	switch {
	case r.Verdict == Unknown || r.Verdict == More || r.Verdict == Less:
	case r.Verdict == Same || r.Verdict == Unclear:
		c.Unclear = append(c.Unclear, kind)
	case r.Slight():
		c.Slight = append(c.Slight, kind)
	case r.Verdict == Better:
		c.Winners = append(c.Winners, kind)
	default:
		c.Losers = append(c.Losers, kind)
	}
}

// row compares what the replications of base and plan showed. Where a crossing
// as a whole does not cope, a single replication that seems to is not quoted.
func (s *subject) row(base, plan []float64, c *Comparison) Row {
	if !c.Base.Stable && !s.always() {
		base = nil
	}
	if !c.Plan.Stable && !s.always() {
		plan = nil
	}
	var differences []float64
	for i := range min(len(base), len(plan)) {
		if d := plan[i] - base[i]; !math.IsNaN(d) {
			differences = append(differences, d)
		}
	}
	d := study.SummarizeValues(differences)
	row := Row{
		Scope: s.scope, Name: s.name, Measure: s.String(), Unit: s.Unit(), Pairs: len(differences),
		Base: told(study.SummarizeValues(base).Mean), Plan: told(study.SummarizeValues(plan).Mean),
		Difference: told(d.Mean), Verdict: s.judge(d, c.OneCrossing),
	}
	if row.Difference != nil && row.Base != nil {
		row.Relative = told(*row.Difference / *row.Base)
	}
	if low, high := told(d.CI95[0]), told(d.CI95[1]); low != nil && high != nil {
		row.Interval = []float64{*low, *high}
	}
	return row
}

// always reports whether the measure means something in a crossing that does
// not cope.
func (m Measure) always() bool {
	return m.Quantity == "utilisation" || m.Quantity == "service_min" || m.Quantity == "throughput_per_day"
}

// judge says what a difference means; between two crossings it is no gain or loss.
func (m Measure) judge(d study.Summary, oneCrossing bool) Verdict {
	low, high := d.CI95[0], d.CI95[1]
	switch {
	case d.N < 2:
		return Unknown
	case d.Min == 0 && d.Max == 0:
		return Same
	case low <= 0 && high >= 0:
		return Unclear
	}
	sign := math.Copysign(1, d.Mean) * float64(m.Better())
	if !oneCrossing {
		sign = 0
	}
	switch {
	case sign > 0:
		return Better
	case sign < 0:
		return Worse
	case d.Mean > 0:
		return More
	}
	return Less
}

// told is a number, nil for one that cannot be told.
func told(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
