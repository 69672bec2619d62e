package sim

import (
	"testing"

	"landport/border"
	"landport/study"
)

// The benchmarks run a shipped scenario on one core, statistics included, and
// report how many arrive in a second of real time; bench/ has what they are
// compared with.

func BenchmarkMM5(b *testing.B)    { benchmarkScenario(b, "mm5", 0) }
func BenchmarkGate16(b *testing.B) { benchmarkScenario(b, "gate16", 0) }

// BenchmarkBavetYear simulates 365 days of Bavet – Moc Bai.
func BenchmarkBavetYear(b *testing.B) { benchmarkScenario(b, "bavet-mocbai-2018", 365) }

func benchmarkScenario(b *testing.B, name string, days float64) {
	b.Helper()
	m := loadModel(b, "../scenarios/"+name+".yaml")
	w := m.window(days)
	arrived, facts := int64(0), int64(0)
	for seed := uint64(0); b.Loop(); seed++ {
		r := replicate(m, w, seed, 0).Report(w.To)
		arrived += r.Counts.Arrived + r.Counts.Passengers
		facts += r.Facts
	}
	report(b, arrived)
	b.ReportMetric(float64(facts)/b.Elapsed().Seconds(), "facts/s")
}

// The same traffic with five hundred vehicles present at a time, and with fifty
// thousand: facts a second should at most halve.
func BenchmarkPresent500(b *testing.B)   { benchmarkPresent(b, "3m") }
func BenchmarkPresent50000(b *testing.B) { benchmarkPresent(b, "5h") }

func benchmarkPresent(b *testing.B, drive string) {
	b.Helper()
	m := loadChanged(b, "testdata/present.yaml", "exponential: 3m", "exponential: "+drive)
	from := m.Start.Add(25 * border.Hour)
	w, c := NewWorld(m, 1, 0), study.NewCollector(m.Layout, study.Window{Start: m.Start, From: from, To: border.Never}, 0)
	facts := 0
	advance := func(to border.Time) {
		for w.Next() < to {
			some := w.Advance(to, atOnce)
			facts += len(some)
			c.AddAll(some)
		}
	}
	advance(from)
	facts = 0
	for to := from; b.Loop(); {
		to = to.Add(border.Hour)
		advance(to)
	}
	present := 0
	for range w.State().Present {
		present++
	}
	b.ReportMetric(float64(facts)/b.Elapsed().Seconds(), "facts/s")
	b.ReportMetric(float64(present), "present")
}

func report(b *testing.B, vehicles int64) {
	b.Helper()
	b.ReportMetric(float64(vehicles)/b.Elapsed().Seconds(), "vehicles/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(vehicles), "ns/vehicle")
}
