package sim

import "testing"

func BenchmarkMM5(b *testing.B)    { benchmarkRun(b, "../scenarios/mm5.yaml", "customers/s") }
func BenchmarkGate16(b *testing.B) { benchmarkRun(b, "../scenarios/gate16.yaml", "vehicles/s") }

// benchmarkRun runs a scenario once per iteration on one core, statistics
// included, and reports how many arrive in a second of real time.
func benchmarkRun(b *testing.B, path, unit string) {
	m := loadModel(b, path)
	w := m.window(0)
	arrived := int64(0)
	for seed := uint64(0); b.Loop(); seed++ {
		c := replicate(m, w, seed, 0)
		r := c.Report(w.To)
		arrived += r.Counts.Arrived
	}
	b.ReportMetric(float64(arrived)/b.Elapsed().Seconds(), unit)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(arrived), "ns/"+unit[:len(unit)-3])
	b.ReportMetric(0, "ns/op")
}
