package gate

import (
	"fmt"
	"slices"
	"strings"

	"landport/border"
)

// A watcher stands between a test and a State: it checks every fact against
// the State in which it was decided, and every State against what must always
// hold. It reads the State's own tables but none of its decisions.
type watcher struct {
	s       *State
	shadow  *State // fed the facts alone
	facts   []Fact // of the last input
	log     []Fact // of all inputs
	inputs  []Input
	at      border.Time
	present int64 // arrived or alighted, not ended
	refused map[VisitID]bool
	counts  Counts
	booked  map[slotCount]int32
	rebuilt bool // a place where somebody was may be gone
	fail    failure
}

// failure ends a test with a message.
type failure func(format string, args ...any)

func watch(l *Layout, at border.Time, fail failure) *watcher {
	w := &watcher{s: NewState(l, at), shadow: NewState(l, at), at: at, booked: map[slotCount]int32{}, refused: map[VisitID]bool{}}
	w.fail = func(format string, args ...any) { fail("%s\n%s", fmt.Sprintf(format, args...), w.tail()) }
	return w
}

// do puts one input to the State and checks all that follows from it.
func (w *watcher) do(in Input) ([]Fact, Refusal) {
	w.inputs = append(w.inputs, in)
	w.at = max(w.at, in.At, in.Told)
	if in.Do >= Announce {
		// What is due by then is due whether the order is refused or not.
		w.decide(Input{At: in.At})
	}
	before := w.s.Digest()
	r := w.decide(in)
	if r.Refused() {
		if r.Code >= codes || r.Code.String() == "" || w.s.layout.Explain(r) == "" {
			w.fail("refusal %d has no words", r.Code)
		}
		if len(w.facts) > 0 || w.s.Digest() != before {
			w.fail("order %d was refused (%v) but left facts %v or another state", in.Do, r.Code, kindsOf(w.facts))
		}
	}
	if r.Refused() && in.Do < Announce {
		w.fail("observation %d was refused (%v)", in.Do, r.Code)
	}
	return w.facts, r
}

func (w *watcher) decide(in Input) Refusal {
	var r Refusal
	w.facts, r = w.s.Decide(&in, w.facts[:0])
	for i := range w.facts {
		w.checkFact(&w.facts[i], w.facts[i+1:])
		w.count(&w.facts[i])
		if !w.shadow.Fits(&w.facts[i]) {
			w.fail("%v of visit %d in place %d is said not to fit", w.facts[i].Kind, w.facts[i].Visit.Serial(), w.facts[i].Place)
		}
		w.shadow.Apply(&w.facts[i])
		w.log = append(w.log, w.facts[i])
	}
	if w.s.Digest() != w.shadow.Digest() {
		w.fail("replay leads to another state after %v", kindsOf(w.facts))
	}
	if a, b := w.s.NextDeadline(), w.shadow.NextDeadline(); a != b {
		w.fail("the next deadline is %d, after replay %d", a, b)
	}
	if w.s.NextDeadline() <= in.At {
		w.fail("a deadline at %d is left behind at %d", w.s.NextDeadline(), in.At)
	}
	w.checkState()
	return r
}

func kindsOf(facts []Fact) []string {
	var out []string
	for i := range facts {
		out = append(out, fmt.Sprintf("%v(%d→%d)", facts[i].Kind, facts[i].Visit.Serial(), facts[i].Place))
	}
	return out
}

// count keeps the books that the State's own are compared with.
func (w *watcher) count(f *Fact) {
	v := w.shadow.find(f.Visit)
	slot := slotCount{}
	if v != nil && v.booked && v.phase == PhaseAnnounced {
		slot = slotCount{start: v.slotStart, direction: v.direction}
	}
	c := &w.counts
	switch f.Kind {
	case Announced:
		c.Announced++
	case Arrived:
		w.present++
		c.Arrived++
		if v != nil && v.booked {
			c.Kept++
		}
	case Alighted:
		w.present++
	case NoShow, Cancelled:
		if v.phase != PhaseAnnounced {
			w.present--
		}
		w.booked[slot]--
		if f.Kind == NoShow {
			c.NoShows++
		} else {
			c.Cancelled++
		}
	case Removed:
		w.present--
		c.Removed++
	case TurnedBack, Readmitted:
		w.present--
		c.TurnedBack++
	case ExportCancelled:
		w.present--
		c.Cancelled++
	case Boarded:
		w.present--
		c.Boarded++
	case Unbooked:
		w.booked[slot]--
		c.Unbooked++
	case Booked:
		w.booked[slot]--
		w.booked[slotCount{start: border.Time(f.N), direction: v.direction}]++
		if v.booked {
			c.Rebooked++
		} else {
			c.Booked++
		}
	case Confirmed:
		c.Confirmed++
	case Anomaly:
		c.Anomalies++
	}
}

// checkFact checks one fact against the State before it.
func (w *watcher) checkFact(f *Fact, later []Fact) {
	s := w.shadow
	if f.Kind == NoFact || f.Kind >= kinds {
		w.fail("fact of kind %d", f.Kind)
	}
	v := s.find(f.Visit)
	w.checkIdentity(v, f)
	switch f.Kind {
	case Called, Moved, Departed:
		w.checkMove(v, f)
	case ServiceStarted:
		w.checkStart(v, f)
	case Arrived, Alighted, Strayed, Relocated:
		over := f.Place != Outside && !s.room(f.Place, w.directionOf(v, f))
		if over && !slices.ContainsFunc(later, func(a Fact) bool { return a.Kind == Anomaly && a.Reason == OverCapacity && a.Visit == f.Visit }) {
			w.fail("%v put visit %d into a full place %d without an anomaly", f.Kind, f.Visit.Serial(), f.Place)
		}
	case Entered:
		if v.phase != PhaseCalled || v.target != f.Place {
			w.fail("visit %d entered %d without being called there", f.Visit.Serial(), f.Place)
		}
	case Anomaly:
		if f.Reason == NoLane && v.said&saidNoLane != 0 {
			w.fail("visit %d is said twice to have no lane", f.Visit.Serial())
		}
	case Joined:
		if v.phase != PhaseAtStop || v.inLine || v.held != 0 {
			w.fail("visit %d joins a line in phase %v, in line %v, held %b", f.Visit.Serial(), v.phase, v.inLine, v.held)
		}
	case Blocked:
		if v.phase != PhaseDone || v.said&saidBlocked != 0 || v.held != 0 {
			w.fail("visit %d is blocked in phase %v, or is said to be once more", f.Visit.Serial(), v.phase)
		}
	case ServiceEnded, Interrupted:
		if v.phase != PhaseInService || v.stop != f.Stop || v.server != f.Server {
			w.fail("%v of visit %d by server %d of stop %d, which serves it not", f.Kind, f.Visit.Serial(), f.Server, f.Stop)
		}
	case ExitReleased:
		if v.passed&passedExit != 0 {
			w.fail("visit %d is released for exit twice", f.Visit.Serial())
		}
	case HandedOver:
		if v.need&s.layout.plans[v.procedure].exit != 0 || v.passed&passedHandOver != 0 || v.held != 0 {
			w.fail("visit %d handed over with exit formalities %b open", f.Visit.Serial(), v.need)
		}
	case EntryReleased:
		if v.need != 0 || v.passed&passedHandOver == 0 || v.passed&passedEntry != 0 {
			w.fail("visit %d released with %b open", f.Visit.Serial(), v.need)
		}
	case Removed, Boarded:
		w.checkLeaving(v, f)
	case CallExpired, NoShow:
		if v.deadline != f.At {
			w.fail("%v of visit %d at %d; its deadline was %d", f.Kind, f.Visit.Serial(), f.At, v.deadline)
		}
	case LaneTurned:
		p := &s.places[f.Place]
		if p.turning != 1+uint8(f.Direction) || p.directions != 1<<f.Direction && (p.inside != [8]int32{} || p.reserved != [8]int32{}) {
			w.fail("lane %d turned while occupied", f.Place)
		}
	}
}

// checkIdentity: serial numbers only grow, and what has ended stays so.
func (w *watcher) checkIdentity(v *visit, f *Fact) {
	switch f.Kind {
	case Refused:
		w.refused[f.Visit] = true
	case Called, Moved, Departed, ServiceStarted, Removed, Boarded:
		if w.refused[f.Visit] {
			w.fail("visit %d was refused and goes on", f.Visit.Serial())
		}
	}
	if f.At > max(w.at, w.shadow.now) {
		w.fail("%v happens at %d, after the input at %d", f.Kind, f.At, w.at)
	}
	if v != nil || f.Visit == 0 || f.Kind >= HoursChanged {
		return
	}
	switch f.Kind {
	case Announced, Arrived, Alighted:
		if f.Visit.Serial() != w.shadow.serial+1 {
			w.fail("visit %d follows visit %d", f.Visit.Serial(), w.shadow.serial)
		}
	case Confirmed, Sealed, Unsealed, Unlinked:
	default:
		w.fail("%v of visit %d, which is not there", f.Kind, f.Visit.Serial())
	}
}

func (w *watcher) directionOf(v *visit, f *Fact) Direction {
	if v == nil || f.Kind == Arrived {
		return f.Direction
	}
	return v.direction
}

// checkMove checks that whoever is sent on may go, that there is room for it
// all the way, and that it passes nobody.
func (w *watcher) checkMove(v *visit, f *Fact) {
	s := w.shadow
	to := f.Place
	if f.Kind == Departed {
		to = PlaceID(f.N)
	}
	if v.reserved {
		if f.Reason != WayReserved && f.Kind == Moved || to != v.target && f.Kind != Departed {
			w.fail("visit %d has %d reserved but went to %d", f.Visit.Serial(), v.target, to)
		}
		return
	}
	if f.Kind == Called && f.Reason >= ByDriver {
		w.checkCallByOrder(v, to)
		return
	}
	switch {
	case !mayGo(s, v):
		w.fail("visit %d went to %d though it may not move (phase %v, held %b)", f.Visit.Serial(), to, v.phase, v.held)
	case !slices.Contains(destinations(s, v), to):
		w.fail("visit %d was sent to %d, which does not take it now; %v would", f.Visit.Serial(), to, destinations(s, v))
	case strictlyBehind(s, v):
		w.fail("visit %d passed somebody who came first", f.Visit.Serial())
	}
	for i := range s.visits {
		if u := &s.visits[i]; u.id != 0 && u != v && u.phase != PhaseEnded && first(s, u, v) && mayGo(s, u) &&
			slices.Contains(destinations(s, u), to) && !strictlyBehind(s, u) && !(to == Outside && u.direction != v.direction) && u.inLine {
			w.fail("visit %d was sent to %d before visit %d, which came first and could go there", f.Visit.Serial(), to, u.id.Serial())
		}
	}
	if f.Kind == Called != (s.layout.Places[v.place].Pager && v.phase == PhaseWaiting && to != Outside && s.layout.Places[to].Kind.Work()) {
		w.fail("visit %d: %v from %d to %d", f.Visit.Serial(), f.Kind, v.place, to)
	}
}

// checkCallByOrder checks that a call that people ordered passes others, and
// takes a lane that is closed, but nothing else.
func (w *watcher) checkCallByOrder(v *visit, to PlaceID) {
	s, p := w.shadow, &w.shadow.places[to]
	open := p.open
	p.open = true
	takes := slices.Contains(lanesFor(s, v), to)
	p.open = open
	_, ways := nextLeg(s, v)
	for _, id := range append(slices.Clone(ways), to) {
		takes = takes && hasRoom(s, id, v.direction) && !keptFrom(s, id, v)
	}
	if v.phase != PhaseWaiting || v.held != 0 || !s.layout.Places[v.place].Pager || !s.layout.Places[to].Kind.Work() || !takes {
		w.fail("visit %d (phase %v, held %b) was called by order to %d, which does not take it", v.id.Serial(), v.phase, v.held, to)
	}
}

func (w *watcher) checkStart(v *visit, f *Fact) {
	s := w.shadow
	st, stop, plan := &s.stops[f.Stop], &s.layout.Stops[f.Stop], &s.layout.plans[v.procedure]
	id := f.Visit.Serial()
	if v.phase != PhaseAtStop || v.stop != f.Stop || v.held != 0 || stop.Dossier && v.unready {
		w.fail("service of visit %d began at stop %d in phase %v", id, f.Stop, v.phase)
	}
	if n := servers(s, f.Stop); f.Server >= MaxServers || st.busy>>f.Server&1 != 0 || int32(n) <= st.busyN {
		w.fail("service of visit %d began with server %d of %d, busy %b", id, f.Server, n, st.busy)
	}
	if exit := v.need & plan.exit; f.Formalities&plan.entry != 0 && v.passed&passedHandOver == 0 && exit&^f.Formalities != 0 {
		w.fail("entry service of visit %d before hand-over", id)
	}
	for _, e := range st.line.at {
		if u := &s.visits[e.visit.Slot()]; u != v && (lineKey(s, u) < lineKey(s, v) || lineKey(s, u) == lineKey(s, v) && v.inLine && u.id.Serial() < v.id.Serial()) {
			w.fail("stop %d took visit %d before visit %d", f.Stop, id, u.id.Serial())
		}
	}
}

func (w *watcher) checkLeaving(v *visit, f *Fact) {
	id := f.Visit.Serial()
	if v.need != 0 || v.held != 0 {
		w.fail("visit %d left with %b open and %b held", id, v.need, v.held)
	}
	if v.phase != PhaseDone && v.phase != PhaseWayEnd && v.phase != PhaseWaiting {
		w.fail("visit %d left in phase %v", id, v.phase)
	}
	if to, _ := nextLeg(w.shadow, v); !v.reserved && to != len(w.shadow.layout.Procedures[v.procedure].Legs) {
		w.fail("visit %d left; its next leg is %d", id, to)
	}
	if f.Kind == Boarded && w.shadow.find(f.Other) == nil {
		w.fail("visit %d boarded a coach that is gone", id)
	}
}

// standing lists who is where, for a failure's message.
func (w *watcher) standing() string {
	var b strings.Builder
	for v := range w.s.Present {
		fmt.Fprintf(&b, "\n  visit %d: %v in %q (procedure %d, leg %d, step %d), heads for %q, needs %b, held %b, unready %v",
			v.ID.Serial(), v.Phase, w.s.layout.Places[v.Place].Name, v.Procedure, v.Leg, v.Step, w.s.layout.Places[v.Target].Name, v.Need, v.Held, v.Unready)
	}
	return b.String()
}

// tail is the end of the log, for a failure's message.
func (w *watcher) tail() string {
	var b strings.Builder
	fmt.Fprintf(&b, "after %d inputs, the last %+v\n", len(w.inputs), w.inputs[len(w.inputs)-1])
	log := append(slices.Clone(w.log), w.facts...)
	for _, f := range log[max(0, len(log)-25):] {
		fmt.Fprintf(&b, "  %v visit %d place %d N %d stop %d %v needs %b\n", f.Kind, f.Visit.Serial(), f.Place, f.N, f.Stop, f.Reason, f.Formalities)
	}
	return b.String() + w.standing()
}
