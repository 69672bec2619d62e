package study_test

import (
	"bytes"
	"testing"

	"landport/border"
	"landport/sim"
	"landport/study"
)

// FuzzRestoreCollector looks for bytes that a Collector cannot be read from, or
// reported after.
func FuzzRestoreCollector(f *testing.F) {
	m := model(f, "more.yaml", []byte(moreThanServed))
	w := study.Window{Start: m.Start, From: m.Start, To: m.Start.Add(border.Day)}
	c, world := study.NewCollector(m.Layout, w, border.Hour), sim.NewWorld(m, 1, 0)
	for world.Next() < w.To {
		for _, fact := range world.Step() {
			c.Add(&fact)
		}
	}
	c.Finish(w.To)
	f.Add(c.AppendArchive(nil))
	f.Fuzz(func(t *testing.T, archived []byte) {
		one, err := study.RestoreCollector(m.Layout, w, border.Hour, nil, archived)
		if err != nil {
			return
		}
		written := one.AppendArchive(nil)
		again, err := study.RestoreCollector(m.Layout, w, border.Hour, nil, written)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.AppendArchive(nil), written) {
			t.Error("what was read is written otherwise")
		}
		one.Merge(again)
		one.Report(w.To)
	})
}
