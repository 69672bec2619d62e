package main

import "math/rand/v2"

// totals is what a run observed, in minutes.
type totals struct {
	system float64
	wait   [2]float64 // by priority, high first
	count  [2]float64
}

// mm5 runs M/M/5 at load 0.9: five servers, one queue in order of arrival.
func mm5(customers int, rng *rand.Rand) (t totals) {
	const (
		servers = 5
		service = 10.0
		between = service / (0.9 * servers)

		arrival = 0
		leaving = 1
	)
	var (
		events  heap
		waiting queue
		busy    int
	)
	start := func(now, arrived float64) {
		t.wait[0] += now - arrived
		t.count[0]++
		events.push(event{at: now + service*rng.ExpFloat64(), arrived: arrived, kind: leaving})
	}
	events.push(event{at: between * rng.ExpFloat64()})
	for came := 0; len(events) > 0; {
		e := events.pop()
		switch e.kind {
		case arrival:
			if came++; came < customers {
				events.push(event{at: e.at + between*rng.ExpFloat64()})
			}
			if busy < servers {
				busy++
				start(e.at, e.at)
			} else {
				waiting.push(e.at)
			}
		case leaving:
			t.system += e.at - e.arrived
			if waiting.n > 0 {
				start(e.at, waiting.pop())
			} else {
				busy--
			}
		}
	}
	return t
}
