package sim

import (
	"bytes"
	"testing"
)

// Whoever looks at replications so far sees what a run of so many reports, and
// changes nothing of what a run of more does.
func TestRunsReportAtAnyTime(t *testing.T) {
	m := loadModel(t, "testdata/everything.yaml")
	o := Options{Seed: 3, Days: 2}
	runs, err := NewRuns(m, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		made := runs.Replicate(i)
		made.Report()
		runs.Add(made)
		if runs.Added() != i+1 {
			t.Errorf("%d were added, not %d", runs.Added(), i+1)
		}
		o.Replications = i + 1
		want, err := Run(m, o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := runs.Report()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(marshal(t, got), marshal(t, want)) {
			t.Errorf("after %d replications the report is not that of as many", i+1)
		}
	}
	if _, err := NewRuns(m, Options{Days: -1}); err == nil {
		t.Error("less than no days are accepted")
	}
}
