package sim

import "landport/study"

// Runs are the replications of a model that have been made so far. A later one
// can always be added: what there is then is what a run of as many makes.
type Runs struct {
	model  *Model
	window study.Window
	seed   uint64
	all    *study.Collector // of those added, merged
	added  int
}

// Replication is one of them.
type Replication struct {
	of       *Runs
	measured *study.Collector
}

// NewRuns returns none yet. Of the options only the seed and the days count.
func NewRuns(m *Model, o Options) (*Runs, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	m = m.Settled()
	return &Runs{model: m, window: m.window(o.Days), seed: o.Seed}, nil
}

// Replicate runs replication i. Several may run side by side, also while others
// are added.
func (r *Runs) Replicate(i int) *Replication {
	return &Replication{r, replicate(r.model, r.window, r.seed, i)}
}

// Report is that of the replication by itself. It is to be had before it is added.
func (x *Replication) Report() *study.Report {
	r := x.measured.Report(x.of.window.To)
	x.of.model.describe(r, x.of.window, x.of.seed)
	return r
}

// Add takes a replication in. They are added in their order, from 0 on.
func (r *Runs) Add(x *Replication) {
	if r.added++; r.all == nil {
		r.all = x.measured
		return
	}
	r.all.Merge(x.measured)
}

// Added is how many there are.
func (r *Runs) Added() int { return r.added }

// Report is that of all that were added, one at least: the bytes that Run gives
// of so many.
func (r *Runs) Report() (*study.Report, error) {
	return r.model.report(r.all, r.window, r.seed)
}
