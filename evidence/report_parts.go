package evidence

import "landport/sim"

// Part is one thing a report has worked out by runs.
type Part struct {
	What string // that is counted
	Make func(o sim.Options) error
}

// Parts are what every report of a scenario has: its times, whether lines grow
// with a tenth more traffic, and what it was fitted to and what it holds out. On
// is asked after each replication whether to go on; where not, the error is
// ErrStopped. The base is nil where the report compares nothing.
func (d *Dossier) Parts(base *sim.File, on func() bool) []Part {
	backing := d.backing(base)
	list := []Part{
		{"replications", func(o sim.Options) (err error) {
			var own *Validation
			if d.Report, own, err = runPublished(d.File, o, on); err == nil && backing == d.File {
				d.Validation = own
			}
			return err
		}},
		{"replications with more traffic", func(o sim.Options) (err error) { d.Grows, err = Probe(d.File, o); return err }},
	}
	if backing != nil && backing != d.File {
		list = append(list, Part{"replications beside what was published", func(o sim.Options) (err error) {
			_, d.Validation, err = runPublished(backing, o, on)
			return err
		}})
	}
	return list
}

// backing is the scenario whose published figures a report shows, as its file
// says it: by them figures of it were chosen as they stand there, and none of a
// plan. Nil where neither plan nor base names any.
func (d *Dossier) backing(base *sim.File) *sim.File {
	own := d.File
	if d.Unchanged != nil {
		own = d.Unchanged
	}
	for _, f := range []*sim.File{own, base} {
		if f != nil && len(f.Targets)+len(f.HeldOut)+len(f.Bounds) > 0 {
			return f
		}
	}
	return nil
}

// changes are the values that were set, nil where the scenario is as its file says.
func (d *Dossier) changes() *Assumptions {
	if d.Unchanged == nil {
		return nil
	}
	a := assumptionsOf(d.Unchanged, d.File)
	return &a
}

// backed names the scenario that what was published is of, where it is not the
// one that the report is about. It is empty where it is.
func (d *Dossier) backed() string {
	switch {
	case d.Validation == nil || d.Unchanged == nil && d.Validation.Scenario == d.Report.Scenario:
		return ""
	case d.Validation.Scenario == d.Report.Scenario:
		return "This is of " + d.Validation.Scenario + " as it is, without what was changed here: nothing published is of the crossing as changed."
	}
	return "This is of " + d.Validation.Scenario + ", with which the plan is compared: nothing published is of the plan."
}
