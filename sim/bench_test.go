package sim

import "testing"

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

func report(b *testing.B, vehicles int64) {
	b.Helper()
	b.ReportMetric(float64(vehicles)/b.Elapsed().Seconds(), "vehicles/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(vehicles), "ns/vehicle")
}
