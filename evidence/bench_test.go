package evidence_test

import (
	"runtime"
	"testing"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// BenchmarkStudioAnswer is the first answer to a change in the studio: twenty pairs of runs
// of a week of Bavet – Moc Bai, as it is and with one more officer. Cold nothing has been
// run before; ready the base has, as while somebody chooses what to change. Told on the way
// is what five pairs show, after first-ms.
func BenchmarkStudioAnswer(b *testing.B) {
	base := shipped(b, "bavet-mocbai-2018")
	o := sim.Options{Replications: 20, Days: 7, Seed: 1, Workers: runtime.GOMAXPROCS(0)}
	ready := sampled(b, base, o)
	if err := ready.RunOn(o, on); err != nil {
		b.Fatal(err)
	}
	for _, test := range []struct {
		name string
		base func() *evidence.Sample
	}{{"cold", func() *evidence.Sample { return sampled(b, base, o) }}, {"ready", func() *evidence.Sample { return ready }}} {
		b.Run(test.name, func(b *testing.B) {
			var first time.Duration
			for b.Loop() {
				begin, told := time.Now(), false
				plan, err := base.With(sim.Setting{Path: "stops[Bavet exit customs].shifts[1].servers", Value: "4"})
				if err != nil {
					b.Fatal(err)
				}
				c, err := evidence.Pairs(test.base(), sampled(b, plan, o), o, on, func(*evidence.Comparison) {
					if !told {
						told, first = true, first+time.Since(begin)
					}
				})
				if err != nil || !c.Stable {
					b.Fatal(c, err)
				}
			}
			b.ReportMetric(float64(first.Milliseconds())/float64(b.N), "first-ms")
		})
	}
}

// BenchmarkOptimise is a search over 200 plans, as landport optimise makes it.
func BenchmarkOptimise(b *testing.B) {
	file := shipped(b, "bavet-mocbai-2018")
	data, err := scenarios.Search("bavet-mocbai-2018")
	if err != nil {
		b.Fatal(err)
	}
	search, err := evidence.DecodeSearch("bavet-mocbai-2018", data)
	if err != nil {
		b.Fatal(err)
	}
	goal, err := evidence.ParseGoal("p90(crossing_h) <= 8")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		o, err := evidence.Optimise(file, search, evidence.OptimiseOptions{
			Run: sim.Options{Replications: 6, Seed: 1, Workers: runtime.GOMAXPROCS(0)}, Goals: []evidence.Goal{goal}, Most: 200,
		})
		if err != nil || len(o.Finalists) == 0 {
			b.Fatal(err)
		}
	}
}
