package sim

import (
	"fmt"

	"landport/border"
	"landport/study"
)

// Options say how a Model is run. The zero value is one replication of the
// length the scenario gives.
type Options struct {
	Replications int                   // independent runs; 0 is 1
	Seed         uint64                // the same seed gives the same result
	Days         float64               // measured in each run, instead of what the scenario says; 0 for that
	Workers      int                   // replications at a time; 0 is 1
	Progress     func(done, total int) // called as replications finish, by one goroutine at a time; may be nil
}

// Check returns nil or one sentence that says what is wrong.
func (o Options) Check() error {
	switch {
	case o.Replications < 0 || o.Replications > 10_000:
		return fmt.Errorf("%d replications are impossible; give 1 to 10,000", o.Replications)
	case !(o.Days >= 0 && o.Days <= 36525):
		return fmt.Errorf("%g days are impossible; give more than 0 and up to 36,525", o.Days)
	case o.Workers < 0:
		return fmt.Errorf("%d workers are impossible; give 1 or more", o.Workers)
	}
	return nil
}

// Run simulates a model and reports what was measured. The report is the same
// for the same seed however many workers there are; elapsed time is for the
// caller to fill in.
//
// Each replication starts from the empty crossing at the model's start. Visits
// that arrive during the warm-up are not measured. After the window the run goes
// on, arrivals included, until every measured visit has left, or as long again
// as the window; not at all where more and more were inside.
func Run(m *Model, o Options) (*study.Report, error) { return Each(m, o, nil) }

// Each is Run, and hands over the report of every replication by itself as well:
// replication 0 first, the same bytes for any number of workers. When take
// returns false no more are begun; the report returned is then of those taken,
// that one included. Replication i of two models
// meets the same traffic if the seed is the same, so that the two can be paired.
func Each(m *Model, o Options, take func(i int, r *study.Report) bool) (*study.Report, error) {
	runs, err := NewRuns(m, o)
	if err != nil {
		return nil, err
	}
	replications := max(1, o.Replications)
	type result struct {
		made *Replication
		one  *study.Report
	}
	InOrder(replications, max(1, min(o.Workers, replications)), func(i int) (r result) {
		r.made = runs.Replicate(i)
		if take != nil {
			r.one = r.made.Report()
		}
		return r
	}, func(i int, r result) bool {
		runs.Add(r.made)
		if o.Progress != nil {
			o.Progress(i+1, replications)
		}
		return take == nil || take(i, r.one)
	})
	return runs.Report()
}

// report is that of all replications, merged.
func (m *Model) report(all *study.Collector, w study.Window, seed uint64) (*study.Report, error) {
	r := all.Report(w.To)
	m.describe(r, w, seed)
	if !r.Little.Exact {
		return r, fmt.Errorf("scenario %s, seed %d: Little's law does not hold on the facts of the run; the gate or the study has lost a visit", m.Name, seed)
	}
	return r, nil
}

// window is what a run measures: the days asked for, or the scenario's span
// after its warm-up.
func (m *Model) window(days float64) study.Window {
	w := study.Window{Start: m.Start, From: m.Start.Add(m.Warmup), To: m.Start.Add(m.Span)}
	if days > 0 {
		w.To = w.From.Add(border.Micros(days * float64(border.Day)))
	}
	if m.changes() {
		w.Cycle = border.Day
	}
	return w
}

// changes reports whether traffic, hours or shifts differ within the day.
func (m *Model) changes() bool {
	for i := range m.Flows {
		if m.Flows[i].Arrivals.law == thinning {
			return true
		}
	}
	for i := range m.Layout.Openings {
		if m.Layout.Openings[i].Hours != nil {
			return true
		}
	}
	for i := range m.Layout.Stops {
		if m.Layout.Stops[i].Staff != nil {
			return true
		}
	}
	return false
}

// atOnce is how many facts a run hands to the study at a time.
const atOnce = 256

// replicate runs one replication.
func replicate(m *Model, w study.Window, seed uint64, replication int) *study.Collector {
	return measure(NewWorld(m, seed, replication), m, w)
}

// measure runs a world to the end of a window, and on until those measured have left.
func measure(world *World, m *Model, w study.Window) *study.Collector {
	c := study.NewCollector(m.Layout, w, m.Standard)
	c.SetCosts(m.Costs)
	for world.Next() < w.To {
		c.AddAll(world.Advance(w.To, atOnce))
	}
	end, limit := w.To, w.To.Add(w.To.Sub(w.From))
	if c.Growing() {
		limit = w.To
	}
	for c.Open() > 0 && world.Next() < limit {
		end = world.Next()
		c.AddAll(world.Step())
	}
	world.tellRefusals(c)
	c.Finish(end)
	return c
}

// describe adds to a report what the model knows of itself.
func (m *Model) describe(r *study.Report, w study.Window, seed uint64) {
	r.Scenario, r.Title, r.Seed = m.Name, m.Title, seed
	r.Kind, r.WarmupRule = study.SteadyState, m.WarmupRule
	if m.WarmupRule == "" {
		r.Kind, r.Settled, r.SettledReason = study.Terminating, nil, "" // it is measured as it fills
	}
	r.WarmupDays = float64(m.Warmup) / float64(border.Day)
	r.MeasuredDays = float64(w.To.Sub(w.From)) / float64(border.Day)
	r.Parameters, r.AssumedParameters = m.Parameters, len(m.Assumed)
	r.Notes = append(r.Notes, m.Notes...)
	for i := range r.RefusedOrders {
		o := &r.RefusedOrders[i]
		o.Order = m.Orders[o.Number].words(m.Layout)
	}
	for _, t := range m.Calibrated {
		r.Calibrate(t.Post, t.TimeH, t.Samples, t.Source)
	}
}
