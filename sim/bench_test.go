package sim

import (
	"testing"

	"landport/border"
)

// The benchmarks run a shipped scenario on one core, statistics included, and
// report how many arrive in a second of real time. Beside the textbook queues
// stands a bare loop with the same events and draws: no gate, no facts, one sum.

func BenchmarkMM5(b *testing.B)    { benchmarkScenario(b, "mm5", 0) }
func BenchmarkGate16(b *testing.B) { benchmarkScenario(b, "gate16", 0) }

// BenchmarkBavetYear simulates 365 days of Bavet – Moc Bai.
func BenchmarkBavetYear(b *testing.B) { benchmarkScenario(b, "bavet-mocbai-2018", 365) }

func benchmarkScenario(b *testing.B, name string, days float64) {
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
	b.ReportMetric(float64(vehicles)/b.Elapsed().Seconds(), "vehicles/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(vehicles), "ns/vehicle")
}

// ring is a queue of instants.
type ring struct {
	at         [1 << 12]border.Time
	head, tail int
}

func (r *ring) len() int           { return r.tail - r.head }
func (r *ring) push(t border.Time) { r.at[r.tail&(len(r.at)-1)] = t; r.tail++ }
func (r *ring) pop() border.Time   { t := r.at[r.head&(len(r.at)-1)]; r.head++; return t }

func BenchmarkBareMM5(b *testing.B) {
	const customers = 40_000
	var h Heap
	var line ring
	waited := border.Micros(0)
	for seed := uint64(0); b.Loop(); seed++ {
		h.Reset()
		come, serve := Derive(seed, 0, "arrivals"), Derive(seed, 0, "services")
		gap, service := Exponential(border.Hour/27), Exponential(10*border.Minute)
		h.Push(Event{At: 0})
		free := 5
		for n := 0; n < customers; {
			e := h.Pop()
			if e.Kind == 0 {
				h.Push(Event{At: e.At.Add(gap.Draw(&come))})
				line.push(e.At)
			} else {
				free++
				n++
			}
			for free > 0 && line.len() > 0 {
				waited += e.At.Sub(line.pop())
				free--
				h.Push(Event{At: e.At.Add(service.Draw(&serve)), Kind: 1})
			}
		}
		line.head = line.tail
	}
	if waited == 0 {
		b.Fatal("nobody waited")
	}
	report(b, int64(b.N)*customers)
}

func BenchmarkBareGate16(b *testing.B) {
	const vehicles = 50_000
	var h Heap
	var first, others ring
	waited := border.Micros(0)
	for seed := uint64(0); b.Loop(); seed++ {
		h.Reset()
		come, serve, mix := Derive(seed, 0, "arrivals"), Derive(seed, 0, "services"), Derive(seed, 0, "classes")
		gap := Exponential(border.Minute * 10 / 12)
		agencies := []Dist{Exponential(2 * border.Minute), Exponential(3 * border.Minute), Exponential(4 * border.Minute), Exponential(3 * border.Minute)}
		h.Push(Event{At: 0})
		free := 16
		for n := 0; n < vehicles; {
			e := h.Pop()
			switch {
			case e.Kind == 0:
				h.Push(Event{At: e.At.Add(gap.Draw(&come))})
				if mix.Chance(0.3) {
					first.push(e.At)
				} else {
					others.push(e.At)
				}
			case e.A < 3:
				h.Push(Event{At: e.At.Add(agencies[e.A+1].Draw(&serve)), Kind: 1, A: e.A + 1})
			default:
				free++
				n++
			}
			for free > 0 && first.len()+others.len() > 0 {
				line := &first
				if line.len() == 0 {
					line = &others
				}
				waited += e.At.Sub(line.pop())
				free--
				h.Push(Event{At: e.At.Add(agencies[0].Draw(&serve)), Kind: 1})
			}
		}
		first.head, others.head = first.tail, others.tail
	}
	if waited == 0 {
		b.Fatal("nobody waited")
	}
	report(b, int64(b.N)*vehicles)
}
