package study_test

import (
	"strings"
	"testing"

	"landport/gate"
)

// Who is done and stands behind somebody who is held, in single file, waits for
// the agency that holds it; before and after that the time is the operator's.
func TestBehindSomebodyHeld(t *testing.T) {
	const file = "{name: lane, kind: lane, capacity: 3, single_file: true, "
	m := model(t, "file.yaml", []byte(strings.Replace(small, "{name: lane, kind: lane, capacity: 1, ", file, 1)))
	s := &story{t: t, m: m, state: gate.NewState(m.Layout, m.Start)}
	come := func(clock, entered, served string) gate.VisitID {
		id := s.put(clock, gate.Input{Do: gate.ObserveArrival})
		s.put(entered, gate.Input{Do: gate.ObserveEntered, Visit: id})
		s.put(served, gate.Input{Do: gate.ObserveServed, Visit: id})
		return id
	}
	first := come("06:00", "06:01", "06:05") // in the yard from now on
	a := come("06:06", "06:07", "06:10")
	b := come("06:11", "06:12", "06:15")
	c := come("06:16", "06:17", "06:20")
	s.put("06:30", gate.Input{Do: gate.Hold, Visit: a, Formalities: 2, Reason: gate.Documents})
	s.put("06:40", gate.Input{Do: gate.ObserveServed, Visit: first})                            // the yard is free, and a may not go on
	s.put("06:50", gate.Input{Do: gate.Hold, Visit: c, Formalities: 1, Reason: gate.Documents}) // the last of all
	s.put("07:00", gate.Input{Do: gate.Unhold, Visit: a})
	s.put("07:10", gate.Input{Do: gate.ObserveServed, Visit: a})
	s.want(b, "07:10", `
06:11-06:12 carrier active zone
06:12-06:15 immigration KH active lane
06:15-06:30 operator waiting lane
06:30-07:00 customs KH waiting lane
07:00-07:10 operator waiting lane`)
	s.want(c, "07:10", `
06:16-06:17 carrier active zone
06:17-06:20 immigration KH active lane
06:20-06:30 operator waiting lane
06:30-06:50 customs KH waiting lane
06:50-07:10 immigration KH waiting lane`)
}

// A hold takes back the call: from then on the visit waits for who holds it.
func TestHeldWhileCalled(t *testing.T) {
	s := tell(t)
	a := s.put("06:00", gate.Input{Do: gate.ObserveArrival})
	s.put("06:05", gate.Input{Do: gate.Hold, Visit: a, Formalities: 2, Reason: gate.Documents})
	s.put("06:30", gate.Input{Do: gate.Unhold, Visit: a})
	s.put("06:31", gate.Input{Do: gate.ObserveEntered, Visit: a})
	s.want(a, "06:40", `
06:00-06:05 carrier active zone
06:05-06:30 customs KH waiting zone
06:30-06:31 carrier active zone
06:31-06:40 immigration KH active lane`)
}
