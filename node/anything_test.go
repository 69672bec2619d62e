package node_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/scenarios"
	"landport/sim"
	"landport/study"
)

// crossings are models with all that a gate can have: pagers, coaches, tidal
// lanes, escorts, booked slots; whole, and the parts that nodes run.
func crossings(t *testing.T) (models []*sim.Model) {
	t.Helper()
	for _, name := range scenarios.Names() {
		whole, err := node.Crossing(name)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, whole)
		for i := range whole.Layout.Posts {
			if part, err := whole.Part(gate.PostID(i)); err == nil {
				models = append(models, part)
			}
		}
	}
	return models
}

// history throws at a gate what people, devices and operators may tell it.
type history struct {
	*rand.Rand
	s  *gate.State
	at border.Time
}

// traffic lists kinds of visit.
var traffic = []border.Traits{
	border.Laden | border.ArticulatedTruck, border.Empty | border.RigidTruck, border.Laden | border.Perishable | border.RigidTruck,
	border.Coach, border.Car, border.OnFoot | border.BorderPass,
}

// owed lists what comes next of every visit where all goes well, and orders that
// it is there for.
func (h *history) owed() (out []gate.Input) {
	for v := range h.s.Present {
		of := func(does ...gate.Do) {
			for _, do := range does {
				out = append(out, gate.Input{Do: do, Visit: v.ID})
			}
		}
		switch v.Phase {
		case gate.PhaseAnnounced:
			of(gate.ObserveArrival)
		case gate.PhaseCalled:
			of(gate.ObserveEntered, gate.Recall, gate.Recall)
		case gate.PhaseDriving:
			of(gate.ObserveReached)
		case gate.PhaseInService:
			of(gate.ObserveServed, gate.ObserveServed, gate.ObserveInterrupted)
		case gate.PhaseRefused:
			of(gate.Readmit)
		case gate.PhaseWaiting, gate.PhaseAtStop:
			of(gate.Call, gate.Refuse, gate.Hold, gate.SetUnready)
		}
		if v.Held != 0 {
			of(gate.Unhold)
		}
		if v.Unready {
			of(gate.SetReady)
		}
	}
	return out
}

// next is what fits, mostly, and sometimes anything.
func (h *history) next() (in gate.Input) {
	l := h.s.Layout()
	switch owed := h.owed(); {
	case len(owed) > 0 && h.IntN(10) < 6:
		in = owed[h.IntN(len(owed))]
	case h.IntN(10) < 6:
		in = gate.Input{Do: gate.ObserveArrival}
	default:
		in = gate.Input{Do: gate.Do(h.IntN(int(gate.Call) + 2)), Place: gate.PlaceID(h.IntN(len(l.Places) + 1)), N: int64(h.IntN(6) - 1)}
		in.Visit, in.Other = h.visit(), h.visit()
	}
	in.Traits, in.Unready = traffic[h.IntN(len(traffic))], h.IntN(5) == 0
	in.Direction = gate.Direction(h.IntN(len(l.Directions)))
	in.Stop, in.Procedure = gate.StopID(h.IntN(len(l.Stops)+1)), gate.ProcedureID(h.IntN(len(l.Procedures)+1))
	in.Formalities, in.Thing = gate.FormalitySet(h.IntN(1<<len(l.Formalities))), gate.ThingID(h.IntN(6))
	in.Reason, in.Outcome = gate.Reason(h.IntN(40)), gate.Outcome(max(0, h.IntN(12)-6))
	if in.Do == gate.SetAccepts {
		in.N = 0 // traits, of which there are no others
	}
	switch h.IntN(12) {
	case 0:
		h.at = h.at.Add(border.Micros(h.IntN(12)) * border.Hour)
	case 1, 2, 3:
		h.at = max(h.at, min(h.s.NextDeadline(), h.at.Add(border.Day)))
	default:
		h.at = h.at.Add(border.Micros(h.IntN(300)) * border.Second)
	}
	in.At, in.Told = h.at, h.at
	if h.IntN(12) == 0 && in.Do.Observation() {
		in.At = h.at.Add(-border.Micros(h.IntN(120)) * border.Minute)
	}
	return in
}

// visit is one that is there, mostly.
func (h *history) visit() gate.VisitID {
	var all []gate.VisitID
	for v := range h.s.Present {
		all = append(all, v.ID)
	}
	if len(all) == 0 || h.IntN(20) == 0 {
		return gate.VisitID(h.IntN(1 << 27))
	}
	return all[h.IntN(len(all))]
}

// Whatever the gate decides, a node that follows can show and study it: nothing
// panics, and at the end the study has as many in every line as the gate has.
func TestAnythingIsShownAndStudied(t *testing.T) {
	for _, m := range crossings(t) {
		for seed := range uint64(4) {
			h := &history{rand.New(rand.NewPCG(seed, 7)), gate.NewState(m.Layout, m.Start), m.Start}
			f, err := node.NewFollower(m, m.Start)
			if err != nil {
				t.Fatal(err)
			}
			collector := study.NewCollector(m.Layout, study.Window{Start: m.Start, From: m.Start, To: border.Never, Cycle: border.Day}, m.Standard)
			stages := study.NewStages(m.Layout, m.Start)
			for step := range 20 + h.IntN(200) {
				in := h.next()
				facts, _ := h.s.Decide(&in, nil)
				if err := f.Follow(facts); err != nil {
					t.Fatalf("%s, seed %d, step %d: %v", m.Name, seed, step, err)
				}
				collector.AddAll(facts)
				for i := range facts {
					stages.Add(&facts[i])
				}
				if step%50 == 0 {
					shown(t, m, f)
				}
			}
			shown(t, m, f)
			if f.State().Digest() != h.s.Digest() {
				t.Errorf("%s, seed %d: who follows has another state", m.Name, seed)
			}
			compareLines(t, m, h, collector, seed)
		}
	}
}

// shown tells what there is to tell.
func shown(t *testing.T, m *sim.Model, f node.Follower) {
	t.Helper()
	b, _, err := f.Board(t.Context(), node.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	view := &board.View{Layout: m.Layout, State: &b}
	if _, err := json.Marshal(view.Whole(m, 0)); err != nil {
		t.Fatal(err)
	}
	for _, rec := range f.Records() {
		view.Visit(&rec.Visit)
		rec.Until()
	}
	if _, _, err := f.Study(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// compareLines lets an hour pass in the study alone: by how much the area under
// a line's length grew is how many stand in it.
func compareLines(t *testing.T, m *sim.Model, h *history, c *study.Collector, seed uint64) {
	t.Helper()
	now := h.s.Now().Add(border.Hour)
	before, after := c.Report(now), c.Report(now.Add(border.Hour))
	grew := func(was, is *study.Summary) int {
		sum := func(s *study.Summary, at border.Time) float64 { return s.Mean * at.Sub(m.Start).Hours() }
		return int(math.Round(sum(is, now.Add(border.Hour)) - sum(was, now)))
	}
	for i := range after.Stops {
		for id := range m.Layout.Stops {
			is := &after.Stops[i]
			if is.Stop != m.Layout.Stops[id].Name || id == 0 {
				continue
			}
			if studied, line := grew(&before.Stops[i].QueueLength, &is.QueueLength), h.s.Line(gate.StopID(id)); studied != line {
				t.Errorf("%s, seed %d: %d in line for %s, the study has %d", m.Name, seed, line, is.Stop, studied)
			}
		}
	}
	for i := range after.Holds {
		waiting, may := 0, 0
		for v := range h.s.Present {
			switch here := m.Layout.Places[v.Place].Name == after.Holds[i].Hold; {
			case here && v.Phase == gate.PhaseWaiting:
				waiting++
			case here && (v.Phase == gate.PhaseAstray || v.Phase == gate.PhaseRefused):
				may++ // it stands there, and if it was brought there the study has it wait
			}
		}
		if studied := grew(&before.Holds[i].QueueLength, &after.Holds[i].QueueLength); studied < waiting || studied > waiting+may {
			t.Errorf("%s, seed %d: %d wait in %s, the study has %d", m.Name, seed, waiting, after.Holds[i].Hold, studied)
		}
	}
	c.Finish(now.Add(border.Hour))
	if little := c.Report(now.Add(border.Hour)).Little; !little.Exact {
		t.Errorf("%s, seed %d: Little's law does not hold: %+v", m.Name, seed, little)
	}
}
