package sim

import (
	"fmt"
	"slices"

	"landport/border"
	"landport/study"
)

// How the length of a warm-up is chosen where the scenario leaves it to the
// program: ten pilot replications, which are no part of the result, of at most
// a hundred days.
const (
	pilots       = 10
	longestPilot = 100 * border.Day
	leastPilot   = 10 * border.Day // ten days of a daily rhythm are ten values
)

// Settled returns the model with a warm-up that is known: m itself, unless the
// scenario says warmup: auto. Then pilot replications from empty are averaged,
// and study.MSER5 says from when on the number inside no longer tells that the
// crossing was empty. Where traffic or hours follow the day, whole days are left
// out. The choice depends on the scenario alone: not on the seed, the number of
// replications or the days measured.
func (m *Model) Settled() *Model {
	if !m.pilot {
		return m
	}
	length := min(m.Span, longestPilot)
	stretch := length / 500
	if m.changes() {
		stretch = border.Day / 5 // MSER-5 takes five together
	}
	n := int(length / stretch)
	mean := make([]float64, n)
	for pilot := range pilots {
		for i, x := range m.fill(-1-pilot, stretch, n) {
			mean[i] += x / pilots
		}
	}
	leaveOut, settled := study.MSER5(mean)
	known := *m
	known.pilot, known.Warmup = false, border.Micros(leaveOut)*stretch
	if !settled {
		known.Warmup = length / 2
		known.Notes = append(slices.Clone(m.Notes), fmt.Sprintf(
			"the number inside does not settle within %.4g days from empty, so the first half of them is left out as warm-up; give run.length more, or see whether the crossing can cope",
			float64(length)/float64(border.Day)))
	}
	return &known
}

// fill runs a pilot replication and returns the mean number inside by
// stretches of time. Pilots have numbers below zero, so that no measured
// replication draws what they drew.
func (m *Model) fill(replication int, stretch border.Micros, n int) []float64 {
	w := NewWorld(m, 0, replication)
	f := study.NewFilling(m.Start, stretch, n)
	end := m.Start.Add(border.Micros(n) * stretch)
	for w.Next() < end {
		facts := w.Advance(end, atOnce)
		for i := range facts {
			f.Add(&facts[i])
		}
	}
	f.Reach(end)
	return f.Means()
}
