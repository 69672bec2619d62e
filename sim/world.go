package sim

import (
	"fmt"

	"landport/border"
	"landport/gate"
)

// What an Event of a World is. A and B say more, V is a visit.
const (
	comes        uint8 = iota // A class, B flow: a visit of a flow arrives; V if it was announced
	announces                 // A class, B flow, V the instant it wants to arrive at
	returns                   // A class, B direction and above it a key, V the outward visit
	overstays                 // A class, V a visit that has left: its stay is limited
	answersCall               // A turn
	endsWay                   // A turn
	endsService               // A turn
	endsHold                  // whatever it is held for
	getsDossier               // the dossier becomes ready
	isReadmitted              // it was refused after hand-over
	ordered                   // A order of the plan
	actsAgain                 // A act of the past
	fails                     // A breakdown: its stop fails
	isRepaired                // A breakdown: its stop works again
	alights                   // A passengers still aboard, B the place they walk to
	alightsAgain              // A visit of the past: a passenger; B the place it walks to
)

// traveller is what a World knows of a visit that is announced or present.
type traveller struct {
	id        gate.VisitID
	class     int32
	turn      int32             // counts what it was told to do: an answer to an earlier turn is void
	service   int32             // index into World.services of the one under way
	acts      gate.FormalitySet // done at that service
	direction gate.Direction
	past      int32     // 1 + its number in the past, 0 for a visit without one
	was       *pastSpan // the service or drive under way, as it was
	counted   bool      // how many passengers it has was drawn
	aboard    int32     // that many
	draws     Stream
}

// Gate decides what a World hands in. A gate.State does, and so does whatever
// speaks to a gate elsewhere; that one may append facts that others brought about.
type Gate interface {
	Decide(in *gate.Input, facts []gate.Fact) ([]gate.Fact, gate.Refusal)
	NextDeadline() border.Time
}

// World is a scenario in virtual time: the events to come, the random streams
// they are drawn from, and the gate that decides. It is not safe for use by
// several goroutines; worlds of one Model may run side by side.
type World struct {
	model      *Model
	state      *gate.State // nil where the gate is elsewhere
	gate       Gate
	due        border.Time // the gate's next deadline
	events     Heap
	input      gate.Input
	facts      []gate.Fact
	refusal    gate.Refusal // of the last order
	travellers []traveller  // by slot
	flows      []flowRun
	next       int         // the flow that is due first
	flowDue    border.Time // and when
	classes    []classRun
	services   []serviceRun // the cases of every stop
	caseOf     []int32      // by stop, by class: index into services
	drives     []Stream     // by place
	breakdowns []breakdownRun
	refused    []refusals   // by order of the plan
	past       *reenactment // nil where everything is drawn
	again      int32        // 1 + the visit of the past that the input brings
	back       []gate.Direction
	arriving   int32  // the class of the visit that the input brings
	key        uint64 // of that visit's draws; 0 for one to be made up
	strays     Stream // keys of visits that no flow brought
	walks      bool   // some passengers walk across
}

// flowRun is an arrival process under way.
type flowRun struct {
	*Flow
	arrivals Arrivals
	come     Stream
	mix      Stream
	keys     Stream        // of its visits' draws
	ahead    border.Micros // how long before an arrival it is drawn
	at, due  border.Time   // of its next arrivals, and when those are drawn; Never for no more
}

// classRun is a kind of visit and its streams.
type classRun struct {
	*Class
	dossier, referral, booking Stream
}

// serviceRun is one case of a stop.
type serviceRun struct {
	*Service
	plain bool // it always passes
}

// manyWays is more directions than a layout has.
const manyWays = 1 << 4

// leadCap bounds how far ahead visits book: in multiples of the longest mean lead.
const leadCap = 4

// NewWorld returns a replication of a model at its start. The layout has been
// compiled.
func NewWorld(m *Model, seed uint64, replication int) *World {
	state := gate.NewState(m.Layout, m.Start)
	w := NewWorldAt(state, m, seed, replication)
	w.state = state
	return w
}

// NewWorldAt is NewWorld for a gate that is elsewhere.
func NewWorldAt(g Gate, m *Model, seed uint64, replication int) *World {
	w := &World{
		model: m, gate: g, due: g.NextDeadline(), back: backwards(m.Layout),
		services: []serviceRun{{&Service{}, true}},
	}
	derive := deriver(seed, replication)
	for i := range m.Classes {
		k := &m.Classes[i]
		w.classes = append(w.classes, classRun{
			Class: k, dossier: derive("dossiers of class", k.Name), referral: derive("referrals of class", k.Name),
			booking: derive("bookings of class", k.Name),
		})
		if len(k.Alight) > 0 {
			w.walks = true
		}
	}
	for _, p := range m.Layout.Places {
		w.drives = append(w.drives, derive("drives to place", p.Name))
	}
	for i := range m.Layout.Stops {
		w.addServices(i)
	}
	for i := range m.Flows {
		f := &m.Flows[i]
		w.flows = append(w.flows, flowRun{
			Flow: f, arrivals: f.Arrivals, ahead: w.lead(f),
			come: derive("arrivals of flow", f.Name), mix: derive("classes of flow", f.Name), keys: derive("visits of flow", f.Name),
		})
		w.flows[i].nextArrival(m.Start, m.Start)
	}
	w.strays = derive("visits of", "nobody")
	w.findFlow()
	w.plan(derive)
	return w
}

// deriver derives the streams of a replication from what each is for, so that
// another lane, stop or class leaves the numbers of all others as they were.
// Those of the same name are told apart by their order.
func deriver(seed uint64, replication int) func(process, name string) Stream {
	alike := map[string]int{}
	return func(process, name string) Stream {
		process += " " + name
		if alike[process]++; alike[process] > 1 {
			process = fmt.Sprintf("%s, %d of this name", process, alike[process])
		}
		return Derive(seed, replication, process)
	}
}

// addServices finds for every class the case of a stop that serves it. A class
// that no case accepts is served in no time.
func (w *World) addServices(stop int) {
	first := len(w.services)
	cases := w.model.Services[stop]
	for i := range cases {
		c := &cases[i]
		w.services = append(w.services, serviceRun{c, c.AgainP == 0 && c.RefuseP == 0 && c.HoldP == 0 && len(c.Refer) == 0})
	}
	for i := range w.model.Classes {
		found := 0
		for j := range cases {
			if cases[j].Accepts.Has(w.model.Classes[i].Traits) {
				found = first + j
				break
			}
		}
		w.caseOf = append(w.caseOf, int32(found))
	}
}

// lead is how long before its arrival a visit of a flow is drawn, so that it
// can book before it comes.
func (w *World) lead(f *Flow) (ahead border.Micros) {
	for _, share := range f.Mix {
		if k := &w.model.Classes[share.Class]; k.BookP > 0 {
			ahead = max(ahead, leadCap*k.Lead.Mean())
		}
	}
	return ahead
}

// backwards lists for every direction the one the other way, itself where there
// is none.
func backwards(l *gate.Layout) []gate.Direction {
	back := make([]gate.Direction, len(l.Directions))
	for i, a := range l.Directions {
		back[i] = gate.Direction(i)
		for j, b := range l.Directions {
			if a.Exit == b.Entry && a.Entry == b.Exit {
				back[i] = gate.Direction(j)
			}
		}
	}
	return back
}

// State returns the gate that the World drives, nil where it is elsewhere.
func (w *World) State() *gate.State { return w.state }

// Next returns the instant of the next event, border.Never when nothing is to
// come.
func (w *World) Next() border.Time {
	return min(w.events.Next(), w.flowDue, w.due)
}

// Step carries out the next event and returns the facts that followed. They are
// valid until the next Step; there may be none.
func (w *World) Step() []gate.Fact {
	w.facts = w.facts[:0]
	if next := w.Next(); next != border.Never {
		w.step(next)
	}
	return w.facts
}

// Advance carries out events before an instant until enough facts have followed
// from them, and returns those. They are valid until the next Step or Advance;
// none are left when there are fewer than enough. Taking many facts at a time
// is quicker than Step: gate and study then each stay in the processor's caches.
func (w *World) Advance(before border.Time, enough int) []gate.Fact {
	w.facts = w.facts[:0]
	for len(w.facts) < enough {
		next := w.Next()
		if next >= before {
			break
		}
		w.step(next)
	}
	return w.facts
}

// step carries out what is next.
func (w *World) step(next border.Time) {
	switch next {
	case w.due:
		w.tell(gate.Tick, next)
		w.decide()
		return
	case w.flowDue:
		w.draw()
		return
	}
	switch e := w.events.Pop(); e.Kind {
	case endsService:
		if t := w.answers(&e); t != nil {
			w.endService(t, e.At)
		}
	case endsWay:
		if t := w.answers(&e); t != nil {
			w.come(t, gate.ObserveReached, e.At)
		}
	case answersCall:
		if t := w.answers(&e); t != nil {
			w.come(t, gate.ObserveEntered, e.At)
		}
	case comes:
		w.arrive(e.At, e.A, e.B, gate.VisitID(e.V))
	case announces:
		w.announce(&e)
	case ordered:
		w.order(&e)
	case actsAgain:
		w.actAgain(&e)
	case fails, isRepaired:
		w.fail(&e)
	case returns:
		in := w.tell(gate.ObserveArrival, e.At)
		in.Other, in.Direction = gate.VisitID(e.V), gate.Direction(e.B%manyWays)
		w.key = uint64(e.B)
		w.bring(e.A)
	case overstays:
		in := w.tell(gate.LimitStay, e.At)
		in.Visit, in.N = gate.VisitID(e.V), int64(e.At.Add(w.classes[e.A].StayLimit))
		w.decide()
	default:
		if t := w.find(gate.VisitID(e.V)); t != nil {
			w.act(&e, t)
		}
	}
}

// come has a visit come to where it drives, or astray if it did in the past.
func (w *World) come(t *traveller, do gate.Do, at border.Time) {
	in := w.tell(do, at)
	in.Visit = t.id
	if w.past != nil {
		if in.Place = w.seenAgain(t); in.Place != gate.Outside {
			in.Do = gate.ObserveSeen
		}
	}
	w.decide()
}

// find returns a visit that is announced or present, nil for one that is gone.
func (w *World) find(id gate.VisitID) *traveller {
	if slot := id.Slot(); slot < len(w.travellers) && w.travellers[slot].id == id {
		return &w.travellers[slot]
	}
	return nil
}

// answers returns the visit of which an event is the answer to what it was last
// told to do, nil when it was told something else since, or is gone.
func (w *World) answers(e *Event) *traveller {
	if t := w.find(gate.VisitID(e.V)); t != nil && t.turn == e.A {
		return t
	}
	return nil
}

// tell begins the next input, to be filled in place: copying it around would
// cost as much as deciding it.
func (w *World) tell(do gate.Do, at border.Time) *gate.Input {
	w.input = gate.Input{}
	w.input.Do, w.input.At = do, at
	return &w.input
}

// decide puts the input to the gate and has the world react to the facts.
func (w *World) decide() {
	first := len(w.facts)
	if w.state == nil {
		w.facts, w.refusal = w.gate.Decide(&w.input, w.facts)
		w.due = w.gate.NextDeadline()
		w.Hear(w.facts[first:])
		return
	}
	facts, refusal := w.state.Decide(&w.input, w.facts)
	w.facts, w.refusal, w.due = facts, refusal, w.state.NextDeadline()
	w.react(facts, first)
}

// Hear has the world react to the facts of a gate elsewhere, where others act
// too: what they did is not to be done again.
func (w *World) Hear(facts []gate.Fact) {
	for i := range facts {
		switch f := &facts[i]; f.Kind {
		case gate.ServiceEnded, gate.Reached, gate.Entered:
			if t := w.find(f.Visit); t != nil {
				t.turn++
			}
		}
		w.react(facts[:i+1], i)
	}
}
