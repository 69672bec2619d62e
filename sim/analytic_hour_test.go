package sim

import (
	"fmt"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// insideFromEmpty are the mean numbers inside M(t)/M/c in each hour of some
// days from empty: the Chapman-Kolmogorov equations of the number inside,
// integrated by the method of Runge and Kutta. perHour has the arrivals in each
// hour of a day, served how many one server serves in an hour; steps are so many
// an hour that each is short against a service.
func insideFromEmpty(c int, served float64, perHour [24]float64, days, steps int) (means []float64) {
	const most = 200 // inside; more are as good as impossible
	h := 1 / float64(steps)
	type state = [most + 1]float64
	slope := func(p *state, arrive float64, out *state) {
		for n := range p {
			out[n] = 0
			if n < most {
				out[n] += p[n+1]*served*float64(min(n+1, c)) - p[n]*arrive
			}
			if n > 0 {
				out[n] += p[n-1]*arrive - p[n]*served*float64(min(n, c))
			}
		}
	}
	after := func(p, slope *state, h float64) (q state) {
		for n := range p {
			q[n] = p[n] + h*slope[n]
		}
		return q
	}
	inside := func(p *state) (mean float64) {
		for n := range p {
			mean += float64(n) * p[n]
		}
		return mean
	}
	p := state{1}
	for range days {
		for _, arrive := range perHour {
			hour := 0.0
			for range steps {
				var k1, k2, k3, k4 state
				before := inside(&p)
				slope(&p, arrive, &k1)
				q := after(&p, &k1, h/2)
				slope(&q, arrive, &k2)
				q = after(&p, &k2, h/2)
				slope(&q, arrive, &k3)
				q = after(&p, &k3, h)
				slope(&q, arrive, &k4)
				for n := range p {
					p[n] += h / 6 * (k1[n] + 2*k2[n] + 2*k3[n] + k4[n])
				}
				hour += (before + inside(&p)) / 2 * h
			}
			means = append(means, hour)
		}
	}
	return means
}

// simulatedByHour counts the number inside from the facts of one replication,
// by hour of the post's own day, which a run starts with, after the warm-up.
func simulatedByHour(m *Model, replication, days int) (means [24]float64) {
	w := NewWorld(m, 1, replication)
	from := m.Start.Add(m.Warmup)
	end := from.Add(border.Micros(days) * border.Day)
	inside, since := 0, from
	reach := func(t border.Time) {
		for t = min(t, end); since < t; {
			hour := since.Sub(m.Start) / border.Hour
			next := min(t, m.Start.Add((hour+1)*border.Hour))
			means[hour%24] += float64(inside) * next.Sub(since).Hours() / float64(days)
			since = next
		}
	}
	for w.Next() < end {
		for _, f := range w.Step() {
			switch f.Kind {
			case gate.Arrived:
				reach(f.At)
				inside++
			case gate.Removed:
				reach(f.At)
				inside--
			default:
			}
		}
	}
	reach(end)
	return means
}

// hourly are claims about the number inside in each hour of the day.
func hourly(want []float64) (claims []claim) {
	for hour, n := range want {
		claims = append(claims, claim{what: fmt.Sprintf("number inside from %02d:00", hour), want: n})
	}
	return claims
}

// simulatedHours has the number inside in each hour, as of ten replications.
func simulatedHours(m *Model) (got [24]study.Summary) {
	var values [24][]float64
	for i := range textbookRuns {
		for hour, mean := range simulatedByHour(m, i, 100) {
			values[hour] = append(values[hour], mean)
		}
	}
	for hour := range got {
		got[hour] = study.SummarizeValues(values[hour])
	}
	return got
}

// mornings are the arrivals per hour in testdata/mtmc.yaml: more than the 60
// that can be served from seven to eleven, and few at night.
func mornings() (perHour [24]float64) {
	sum := 0.0
	for _, part := range []struct {
		from, to int
		weight   float64
	}{{0, 5, 0.3}, {5, 7, 1}, {7, 11, 1.8}, {11, 14, 0.8}, {14, 18, 1.5}, {18, 24, 0.6}} {
		for hour := part.from; hour < part.to; hour++ {
			perHour[hour] = part.weight
			sum += part.weight
		}
	}
	for hour := range perHour {
		perHour[hour] *= 840 / sum
	}
	return perHour
}

// A queue that grows all morning and is gone by noon goes, hour by hour, as the
// equations say; what is a little else shows in a quarter of the day at least.
func TestTimeVaryingQueueAgreesWithItsEquations(t *testing.T) {
	const file = "testdata/mtmc.yaml"
	claims := hourly(insideFromEmpty(3, 20, mornings(), 4, 120)[3*24:]) // the fourth day is like the third
	for hour, got := range simulatedHours(loadModel(t, file)) {
		claims[hour].check(t, got)
	}
	for _, change := range []struct{ what, old, new string }{
		{"services 3% longer", "exponential: 3m", "exponential: 3.09m"},
		{"arrivals 3% fewer", "840/day", "815/day"},
		{"a morning that begins an hour late", "05-07: 1, 07-11: 1.8, 11-14: 0.8", "05-08: 1, 08-12: 1.8, 12-14: 0.8"},
	} {
		told := 0
		for hour, got := range simulatedHours(loadChanged(t, file, change.old, change.new)) {
			if claims[hour].differs(got) {
				told++
			}
		}
		if told < 6 {
			t.Errorf("%s: only %d hours of 24 tell", change.what, told)
		}
	}
}
