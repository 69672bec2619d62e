package main

import "math/rand/v2"

// gate16 runs a gate of 16 lanes at load 0.9: vehicles of two priorities wait
// in one zone, a free lane takes the next, high priority first, and holds it
// while four agencies in the lane serve it one after the other.
func gate16(vehicles int, rng *rand.Rand) (t totals) {
	const (
		lanes     = 16
		inLane    = 2.0 + 3 + 4 + 3
		between   = inLane / (0.9 * lanes)
		highShare = 0.3

		// Kinds from 0 on are agencies that finish.
		arrival = -1
	)
	agencies := [...]float64{2, 3, 4, 3}
	var (
		events  heap
		waiting [2]queue
		busy    int
	)
	serve := func(now, arrived float64, agency int32) {
		events.push(event{at: now + agencies[agency]*rng.ExpFloat64(), arrived: arrived, kind: agency})
	}
	call := func(now, arrived float64, priority int) {
		t.wait[priority] += now - arrived
		t.count[priority]++
		serve(now, arrived, 0)
	}
	events.push(event{at: between * rng.ExpFloat64(), kind: arrival})
	for came := 0; len(events) > 0; {
		e := events.pop()
		switch {
		case e.kind == arrival:
			if came++; came < vehicles {
				events.push(event{at: e.at + between*rng.ExpFloat64(), kind: arrival})
			}
			priority := 1
			if rng.Float64() < highShare {
				priority = 0
			}
			if busy < lanes {
				busy++
				call(e.at, e.at, priority)
			} else {
				waiting[priority].push(e.at)
			}
		case int(e.kind)+1 < len(agencies):
			serve(e.at, e.arrived, e.kind+1)
		default:
			t.system += e.at - e.arrived
			switch {
			case waiting[0].n > 0:
				call(e.at, waiting[0].pop(), 0)
			case waiting[1].n > 0:
				call(e.at, waiting[1].pop(), 1)
			default:
				busy--
			}
		}
	}
	return t
}
