package gate

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"landport/border"
)

// plan is what Compile derives from a procedure.
type plan struct {
	Procedure
	need   FormalitySet // of everybody who follows it
	exit   FormalitySet // exit formalities among all its steps
	entry  FormalitySet
	formal bool // it has exit or entry formalities
	steps  []planStep
	legAt  []int16        // by place: the first leg that contains it, -1 for none
	kinds  []PlaceKind    // by leg
	ahead  []FormalitySet // by leg: done there or beyond
	base   int            // of its legs among the legs of all procedures
}

// planStep is a step as a visit meets it.
type planStep struct {
	acts   FormalitySet
	leg    int16
	rejoin bool
	always bool     // everybody stops
	stops  []StopID // by place
}

// needWith returns what a visit needs that was referred for more; what is not
// done on the route is left out.
func (p *plan) needWith(referred FormalitySet) FormalitySet {
	return p.need | referred&(p.exit|p.entry)
}

const (
	maxLegPlaces   = 64 // the alternatives of a leg are kept as a bit set
	maxPosts       = 8  // where a visit has been is kept as a bit set
	maxFormalities = 31 // the last bit stands for a hold that names none
	maxCapacity    = 1 << 20
	maxSpan        = 366 * border.Day
)

// Compile checks the layout and fills the tables a State needs. The error names
// the thing at fault and what would be right.
func (l *Layout) Compile() error {
	for _, check := range []func() error{l.checkFrame, l.checkPlaces, l.checkStops} {
		if err := check(); err != nil {
			return err
		}
	}
	if len(l.Procedures) == 0 {
		return fmt.Errorf("the layout has no procedure; it needs at least one")
	}
	l.plans, l.of = make([]plan, len(l.Procedures)), make([][]ProcedureID, len(l.Directions))
	legs := 0
	for i := range l.Procedures {
		p := &l.Procedures[i]
		if err := l.checkProcedure(p); err != nil {
			return fmt.Errorf("procedure %q: %w", p.Name, err)
		}
		l.plans[i] = l.planOf(p)
		l.plans[i].base = legs
		l.of[p.Direction] = append(l.of[p.Direction], ProcedureID(i))
		if a := p.Accepts; (a.Refused|a.Required)&border.VehicleType.Mask() != 0 {
			l.tellsKinds[p.Direction] = true
		}
		legs += len(p.Legs)
	}
	for d := range l.Directions {
		if !slices.ContainsFunc(l.of[d], func(p ProcedureID) bool { return !l.Procedures[p].Suspended }) {
			return fmt.Errorf("no procedure in force runs from %s to %s; every direction needs one", l.Directions[d].Exit, l.Directions[d].Entry)
		}
	}
	if len(l.Policies) == 0 {
		return fmt.Errorf("the layout has no policy; it needs at least one")
	}
	for i := range l.Policies {
		if err := l.Policies[i].check(); err != nil {
			return fmt.Errorf("policy %q: %w", l.Policies[i].Name, err)
		}
	}
	return l.checkDeadlock()
}

// checkFrame checks what places, stops and procedures refer to.
func (l *Layout) checkFrame() error {
	if len(l.Places) == 0 || l.Places[0].Kind != World || len(l.Stops) == 0 || len(l.Openings) == 0 || l.Openings[0].Hours != nil {
		return fmt.Errorf("places, stops and openings must each start with their reserved entry (outside, none, always)")
	}
	if n := len(l.Directions); n < 1 || n > 8 {
		return fmt.Errorf("the layout has %d directions; it takes 1 to 8", n)
	}
	if n := len(l.Posts); n < 1 || n > maxPosts {
		return fmt.Errorf("the layout has %d posts; it takes 1 to %d", n, maxPosts)
	}
	if n := len(l.Formalities); n > maxFormalities {
		return fmt.Errorf("the layout has %d formalities; it takes at most %d", n, maxFormalities)
	}
	if most := max(len(l.Procedures), len(l.Openings)); most > 256 || len(l.Places) > 1<<16 || len(l.Stops) > 1<<16 {
		return fmt.Errorf("the layout is too large; it takes at most 256 procedures and opening hours, 65536 places and stops")
	}
	for i := 1; i < len(l.Openings); i++ {
		if err := l.checkOpening(&l.Openings[i]); err != nil {
			return fmt.Errorf("hours %q: %w", l.Openings[i].Name, err)
		}
	}
	return nil
}

func (l *Layout) checkOpening(o *Opening) error {
	if int(o.Post) >= len(l.Posts) {
		return fmt.Errorf("unknown post")
	}
	if o.Hours == nil {
		return nil
	}
	if err := o.Hours.Check(); err != nil {
		return err
	}
	switch most := o.Hours.Highest(); {
	case most > Admitting:
		return fmt.Errorf("level %d; it takes %d closed, %d open without admission, %d admitting", most, Closed, Finishing, Admitting)
	case most < Admitting:
		return fmt.Errorf("never admits anybody; give it at least one stretch of level %d", Admitting)
	}
	return nil
}

func (l *Layout) checkPlaces() error {
	for i := 1; i < len(l.Places); i++ {
		p := &l.Places[i]
		switch {
		case p.Kind == World || p.Kind > Transshipment:
			return fmt.Errorf("place %q: only the first place is the world outside", p.Name)
		case p.Directions == 0 || bits.Len8(p.Directions) > len(l.Directions):
			return fmt.Errorf("place %q: serves no direction of this crossing point", p.Name)
		case p.Capacity < 0 || p.Capacity > maxCapacity:
			return fmt.Errorf("place %q: capacity %d; it must be 1 to %d, or 0 for unbounded", p.Name, p.Capacity, maxCapacity)
		case int(p.Post) >= len(l.Posts):
			return fmt.Errorf("place %q: unknown post", p.Name)
		case int(p.Opening) >= len(l.Openings):
			return fmt.Errorf("place %q: unknown hours", p.Name)
		case p.Shut && !p.Kind.Work():
			return fmt.Errorf("place %q: only lanes and other work places can be shut", p.Name)
		case p.Tidal && !p.Kind.Work():
			return fmt.Errorf("place %q: only lanes and other work places can be tidal", p.Name)
		case p.Tidal && bits.OnesCount8(p.Directions) != 1:
			return fmt.Errorf("place %q: a tidal lane starts with exactly one direction", p.Name)
		case p.Pager && !p.Kind.Hold():
			return fmt.Errorf("place %q: only a place where vehicles wait has a pager", p.Name)
		case p.CallTries > 0 && p.CallGrace == 0:
			return fmt.Errorf("place %q: call_tries needs a call_grace", p.Name)
		case p.CallGrace < 0 || p.CallGrace > maxSpan:
			return fmt.Errorf("place %q: call_grace takes 0 to %d days", p.Name, maxSpan/border.Day)
		}
	}
	return nil
}

func (l *Layout) checkStops() error {
	for i := 1; i < len(l.Stops); i++ {
		s := &l.Stops[i]
		if s.Servers < 1 || s.Servers > MaxServers {
			return fmt.Errorf("stop %q: %d servers; it takes 1 to %d", s.Name, s.Servers, MaxServers)
		}
		if int(s.Post) >= len(l.Posts) {
			return fmt.Errorf("stop %q: unknown post", s.Name)
		}
		if s.Staff == nil {
			continue
		}
		if err := s.Staff.Check(); err != nil {
			return fmt.Errorf("stop %q: %w", s.Name, err)
		}
		if s.Staff.Highest() == 0 {
			return fmt.Errorf("stop %q: never has staff; give it at least one shift", s.Name)
		}
	}
	return nil
}

func (l *Layout) checkProcedure(p *Procedure) error {
	if int(p.Direction) >= len(l.Directions) {
		return fmt.Errorf("unknown direction")
	}
	if int(p.Fallback) >= len(l.Procedures) || l.Procedures[p.Fallback].Direction != p.Direction {
		return fmt.Errorf("its fallback must be a procedure of the same direction")
	}
	if len(p.Legs) == 0 {
		return fmt.Errorf("has no legs; it needs at least one place")
	}
	for i := range p.Legs {
		if err := l.checkLeg(p, i); err != nil {
			return fmt.Errorf("leg %d: %w", i+1, err)
		}
	}
	if first := &l.Places[p.Legs[0].Places[0]]; first.Kind.Way() {
		return fmt.Errorf("starts on %q, a way; it must start where vehicles can be seen to arrive", first.Name)
	}
	return l.checkSteps(p)
}

func (l *Layout) checkLeg(p *Procedure, i int) error {
	leg := &p.Legs[i]
	if n := len(leg.Places); n == 0 || n > maxLegPlaces {
		return fmt.Errorf("has %d places; it takes 1 to %d", n, maxLegPlaces)
	}
	for n, id := range leg.Places {
		if id == Outside || int(id) >= len(l.Places) {
			return fmt.Errorf("unknown place")
		}
		if slices.Contains(leg.Places[:n], id) || i > 0 && slices.Contains(p.Legs[i-1].Places, id) {
			return fmt.Errorf("names %q twice in a row; a visit is there once at a time", l.Places[id].Name)
		}
	}
	kind := l.Places[leg.Places[0]].Kind
	for _, id := range leg.Places {
		place := &l.Places[id]
		if place.Kind.Hold() != kind.Hold() || place.Kind.Way() != kind.Way() {
			return fmt.Errorf("mixes %q and %q; a leg is for waiting, for driving or for formalities", l.Places[leg.Places[0]].Name, place.Name)
		}
		if place.Directions>>p.Direction&1 == 0 && !place.Tidal {
			return fmt.Errorf("place %q does not serve %s to %s", place.Name, l.Directions[p.Direction].Exit, l.Directions[p.Direction].Entry)
		}
	}
	if p.runsNowhere(l, leg) {
		return fmt.Errorf("every lane starts in the other direction; one must serve %s to %s", l.Directions[p.Direction].Exit, l.Directions[p.Direction].Entry)
	}
	if !kind.Work() && len(leg.Places) > 1 {
		return fmt.Errorf("only lanes and other work places have alternatives; %q stands beside %q", l.Places[leg.Places[0]].Name, l.Places[leg.Places[1]].Name)
	}
	return nil
}

// runsNowhere reports whether no place of a leg starts in the procedure's direction.
func (p *Procedure) runsNowhere(l *Layout, leg *Leg) bool {
	for _, id := range leg.Places {
		if l.Places[id].Directions>>p.Direction&1 != 0 {
			return false
		}
	}
	return true
}

func (l *Layout) checkSteps(p *Procedure) error {
	var entry, all FormalitySet
	for i := range p.Steps {
		st := &p.Steps[i]
		name := fmt.Sprintf("step %d", i+1)
		if st.Leg < 0 || st.Leg >= len(p.Legs) || !l.Places[p.Legs[st.Leg].Places[0]].Kind.Work() {
			return fmt.Errorf("%s: its leg is not one of lanes or other work places", name)
		}
		if i > 0 && st.Leg < p.Steps[i-1].Leg {
			return fmt.Errorf("%s: stands before the step ahead of it on the route", name)
		}
		if st.Rejoin {
			if len(st.Stops) > 0 || st.Formalities != 0 || st.OnReferral {
				return fmt.Errorf("%s: a coach waits there for its passengers; what is done with it takes a step of its own", name)
			}
			continue
		}
		if len(st.Stops) != len(p.Legs[st.Leg].Places) {
			return fmt.Errorf("%s: names %d stops for %d lanes; it takes one for each", name, len(st.Stops), len(p.Legs[st.Leg].Places))
		}
		for _, id := range st.Stops {
			if id == 0 || int(id) >= len(l.Stops) {
				return fmt.Errorf("%s: unknown stop", name)
			}
		}
		if st.OnReferral && st.Formalities == 0 {
			return fmt.Errorf("%s: is for referred visits only and must name the formalities that refer them", name)
		}
		if bits.Len32(uint32(st.Formalities)) > len(l.Formalities) {
			return fmt.Errorf("%s: unknown formality", name)
		}
		if twice := st.Formalities & all; twice != 0 {
			return fmt.Errorf("%s: %s is done at an earlier step; each formality has one", name, l.formalityNames(twice))
		}
		all |= st.Formalities
		exit, entering := l.sides(st.Formalities)
		if entry != 0 && exit != 0 {
			return fmt.Errorf("%s: %s is an exit formality after %s, an entry formality; exit comes first, or both at one stop",
				name, l.formalityNames(exit), l.formalityNames(entry))
		}
		entry |= entering
	}
	return nil
}

// sides splits a set into exit and entry formalities.
func (l *Layout) sides(f FormalitySet) (exit, entry FormalitySet) {
	for i := range l.Formalities {
		if f>>i&1 == 0 {
			continue
		}
		if l.Formalities[i].Side == border.Exit {
			exit |= 1 << i
		} else {
			entry |= 1 << i
		}
	}
	return exit, entry
}

func (l *Layout) formalityNames(f FormalitySet) string {
	var names []string
	for i := range l.Formalities {
		if f>>i&1 != 0 {
			names = append(names, l.Formalities[i].Name)
		}
	}
	return strings.Join(names, ", ")
}

func (l *Layout) planOf(p *Procedure) plan {
	pl := plan{Procedure: *p, steps: make([]planStep, len(p.Steps)), legAt: make([]int16, len(l.Places))}
	for id := range l.Places {
		pl.legAt[id] = int16(p.legOf(PlaceID(id), 0))
	}
	for i := range p.Legs {
		pl.kinds = append(pl.kinds, l.Places[p.Legs[i].Places[0]].Kind)
		pl.ahead = append(pl.ahead, p.ahead(i))
	}
	for i := range p.Steps {
		st := &p.Steps[i]
		if !st.OnReferral {
			pl.need |= st.Formalities
		}
		exit, entry := l.sides(st.Formalities)
		pl.exit |= exit
		pl.entry |= entry
		stops := make([]StopID, len(l.Places))
		for j, stop := range st.Stops {
			stops[p.Legs[st.Leg].Places[j]] = stop
		}
		pl.steps[i] = planStep{st.Formalities, int16(st.Leg), st.Rejoin, st.Formalities == 0 && !st.Rejoin, stops}
	}
	pl.formal = pl.exit|pl.entry != 0
	return pl
}

// legOf returns the first leg from the given one on that contains the place, or -1.
func (p *Procedure) legOf(at PlaceID, from int) int {
	for i := from; i < len(p.Legs); i++ {
		if slices.Contains(p.Legs[i].Places, at) {
			return i
		}
	}
	return -1
}

// ahead returns the formalities done on a leg or beyond.
func (p *Procedure) ahead(leg int) (f FormalitySet) {
	for i := range p.Steps {
		if p.Steps[i].Leg >= leg {
			f |= p.Steps[i].Formalities
		}
	}
	return f
}

// firstStep returns the first step on a leg or beyond.
func (p *Procedure) firstStep(leg int) int16 {
	k := 0
	for k < len(p.Steps) && p.Steps[k].Leg < leg {
		k++
	}
	return int16(k)
}

func (p *Policy) check() error {
	if len(p.Priorities) > 0 && p.Ageing <= 0 {
		return fmt.Errorf("priorities need an ageing time, or the last would wait for ever")
	}
	for _, pr := range p.Priorities {
		if pr.Class < 1 || pr.Class > 1000 {
			return fmt.Errorf("priority class %d; it takes 1 to 1000", pr.Class)
		}
	}
	s := p.Slots
	if p.Ageing < 0 || max(p.Ageing, s.Length, s.Grace) > maxSpan {
		return fmt.Errorf("ageing, slot length and grace take 0 to %d days", maxSpan/border.Day)
	}
	if s.Quota > maxCapacity || s.OverbookPermille > 10_000 {
		return fmt.Errorf("a slot takes a quota of at most %d and overbooking of at most 10000 in 1000", maxCapacity)
	}
	if s.Length < 0 || s.Quota < 0 || s.OverbookPermille < 0 || s.Grace < 0 {
		return fmt.Errorf("slot length, quota, overbooking and grace cannot be negative")
	}
	if s.Length > 0 && s.Quota == 0 {
		return fmt.Errorf("slots need a quota of vehicles per slot")
	}
	return nil
}
