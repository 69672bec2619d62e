package sim

import (
	"iter"
	"slices"

	"landport/border"
	"landport/gate"
)

// Past is what came to a crossing from outside, taken from its facts: who was
// announced, booked and arrived when and how, how long services, drives, holds
// and delays took, what the operator ordered. Another plan can be made to meet
// it again.
type Past struct {
	layout *gate.Layout
	visits []pastVisit
	acts   []pastAct
	index  map[gate.VisitID]int32
	began  border.Time
}

// pastVisit is one visit as it was.
type pastVisit struct {
	traits border.Traits
	spans  []pastSpan
	riders []rider // passengers who got off, in order
	ended  bool    // the facts tell how
}

// rider is a passenger who gets off a coach.
type rider struct {
	visit int32
	place gate.PlaceID  // where it walks to
	after border.Micros // the coach came to where it gets off
}

// pastSpan is something that took a visit time.
type pastSpan struct {
	kind        gate.Kind // ServiceStarted, Departed, Called, Held or Unready
	end         spanEnd
	at          uint16       // the stop or place
	seen        gate.PlaceID // where a driver who went astray was seen
	took        border.Micros
	outcome     gate.Outcome
	acts        gate.FormalitySet // done at a service
	formalities gate.FormalitySet // that it referred the visit to, or held
}

// spanEnd says how something came to its end.
type spanEnd uint8

const (
	served spanEnd = iota // it came to an end
	broke                 // a service broke off
	missed                // a call that nobody answered
	cut                   // it was still under way when the facts end
)

// pastAct is what somebody did at an instant, whatever the rules are. Places,
// stops and formalities are those of the past.
type pastAct struct {
	input gate.Input
	visit int32 // -1 for none
	own   bool  // it is the plan's own matter: other plans have their own
}

// Remember takes a Past from the facts of a crossing of a compiled layout, in
// order. Orders about policies, procedures, turned lanes, capacities and hours
// are the plan's own matter and meet that plan alone.
func Remember(l *gate.Layout, facts iter.Seq[gate.Fact]) *Past {
	r := rememberer{past: &Past{layout: l, index: map[gate.VisitID]int32{}, began: border.Never}}
	last := border.Time(0)
	for f := range facts {
		r.past.began, last = min(r.past.began, f.At), max(last, f.At)
		r.add(&f)
	}
	for i := range r.open {
		for j := range r.open[i] {
			r.close(int32(i), j, last, cut)
		}
	}
	return r.past
}

// Len returns how many arrived, were announced or got off a coach.
func (p *Past) Len() int { return len(p.visits) }

// Number returns which of the past's visits one is, from 0.
func (p *Past) Number(id gate.VisitID) (i int32, ok bool) {
	i, ok = p.index[id]
	return i, ok
}

// Ended says of every visit whether the facts tell how it ended.
func (p *Past) Ended() []bool {
	list := make([]bool, len(p.visits))
	for i := range p.visits {
		list[i] = p.visits[i].ended
	}
	return list
}

// What of a visit may be under way at the same time.
const (
	under  = iota // a service, a drive or a call
	onHold        // a hold
	mended        // the dossier
	openings
)

type openSpan struct {
	pastSpan
	since border.Time
}

// rememberer follows visits through their facts.
type rememberer struct {
	past *Past
	open [][openings]openSpan // by visit
	came []border.Time        // by visit: to where it is
	held gate.VisitID         // whose service has just ended in a hold
}

func (r *rememberer) visit(f *gate.Fact) int32 {
	i := int32(len(r.past.visits))
	r.past.index[f.Visit] = i
	r.past.visits = append(r.past.visits, pastVisit{traits: f.Traits})
	r.open, r.came = append(r.open, [openings]openSpan{}), append(r.came, f.At)
	return i
}

func (r *rememberer) act(visit int32, in *gate.Input) {
	r.past.acts = append(r.past.acts, pastAct{input: *in, visit: visit})
}

func (r *rememberer) add(f *gate.Fact) {
	if in, own := orderBehind(f); in.Do != gate.Tick && f.Visit == 0 {
		r.past.acts = append(r.past.acts, pastAct{in, -1, own})
		return
	}
	i, ok := r.past.index[f.Visit]
	switch f.Kind {
	case gate.Announced:
		r.act(r.visit(f), &gate.Input{Do: gate.Announce, At: f.At, Traits: f.Traits, Direction: f.Direction})
	case gate.Arrived:
		if !ok {
			i = r.visit(f)
		}
		r.arrive(i, f)
	case gate.Alighted:
		if coach, ok := r.past.index[f.Other]; ok {
			i = r.visit(f)
			v := &r.past.visits[coach]
			v.riders = append(v.riders, rider{i, f.Place, f.At.Sub(r.came[coach])})
		}
	default:
		if ok {
			r.follow(i, f)
		}
	}
}

func (r *rememberer) arrive(i int32, f *gate.Fact) {
	if f.Place == gate.Outside {
		r.past.visits[i].ended = true // it was turned away at once
	}
	p := &r.past.layout.Procedures[f.Procedure]
	in := gate.Input{Do: gate.ObserveArrival, At: f.At, Traits: f.Traits, Direction: f.Direction}
	for _, step := range p.Steps {
		if step.OnReferral {
			in.Formalities |= step.Formalities & f.Formalities
		}
	}
	if !slices.Contains(p.Legs[0].Places, f.Place) { // else a plan chooses where its route begins
		in.Place = f.Place
	}
	r.came[i] = f.At
	r.act(i, &in)
}

// follow takes in a fact of a visit that is known.
func (r *rememberer) follow(i int32, f *gate.Fact) {
	if in, _ := orderBehind(f); in.Do != gate.Tick {
		if in.Do == gate.Call && r.open[i][under].kind == gate.Called {
			in.Do = gate.Recall
		}
		r.act(i, &in)
	}
	held := r.held
	r.held = 0
	switch f.Kind {
	case gate.Unready:
		r.unready(i, f)
	case gate.Ready:
		r.close(i, mended, f.At, served)
	case gate.ServiceStarted, gate.Departed, gate.Called:
		r.close(i, under, f.At, missed)
		at := uint16(f.Place)
		if f.Kind == gate.ServiceStarted {
			at = uint16(f.Stop)
		}
		r.open[i][under] = openSpan{pastSpan{kind: f.Kind, at: at, acts: f.Formalities}, f.At}
	case gate.Referred:
		r.open[i][under].formalities = f.Formalities
	case gate.ServiceEnded:
		r.open[i][under].outcome = f.Outcome
		r.close(i, under, f.At, served)
		if f.Outcome == gate.HeldBack {
			r.held = f.Visit
		}
	case gate.Reached, gate.Entered:
		r.close(i, under, f.At, served)
	case gate.Held:
		r.hold(i, f, held == f.Visit)
	case gate.Unheld:
		r.close(i, onHold, f.At, served)
	case gate.Interrupted:
		r.close(i, under, f.At, broke)
	case gate.CallExpired, gate.CallWithdrawn:
		r.close(i, under, f.At, missed)
	case gate.Strayed:
		r.stray(i, f)
	case gate.Removed, gate.Boarded, gate.TurnedBack, gate.Readmitted, gate.ExportCancelled, gate.Cancelled, gate.NoShow:
		r.past.visits[i].ended = true
		r.close(i, mended, f.At, cut) // it left without its dossier
		r.open[i] = [openings]openSpan{}
	}
	switch f.Kind {
	case gate.Moved, gate.Entered, gate.Departed:
		r.came[i] = f.At
	}
}

// close ends what was under way.
func (r *rememberer) close(i int32, which int, at border.Time, end spanEnd) {
	span := &r.open[i][which]
	if span.kind == gate.NoFact {
		return
	}
	span.took, span.end = max(0, at.Sub(span.since)), end
	v := &r.past.visits[i]
	v.spans = append(v.spans, span.pastSpan)
	*span = openSpan{}
}

// unready notes that a dossier is not ready: from the arrival on, or because
// somebody found something.
func (r *rememberer) unready(i int32, f *gate.Fact) {
	r.open[i][mended] = openSpan{pastSpan{kind: gate.Unready}, f.At}
	if n := len(r.past.acts); n > 0 && r.past.acts[n-1].visit == i && r.past.acts[n-1].input.Do == gate.ObserveArrival && f.At == r.past.acts[n-1].input.At {
		r.past.acts[n-1].input.Unready = true
		return
	}
	r.act(i, &gate.Input{Do: gate.SetUnready, At: f.At})
}

// hold notes a hold: of a service, or that somebody ordered.
func (r *rememberer) hold(i int32, f *gate.Fact, byService bool) {
	r.open[i][onHold] = openSpan{pastSpan{kind: gate.Held}, f.At}
	if v := &r.past.visits[i]; byService {
		v.spans[len(v.spans)-1].formalities = f.Formalities
		return
	}
	r.act(i, &gate.Input{Do: gate.Hold, At: f.At, Formalities: f.Formalities, Reason: f.Reason})
}

// stray notes that a driver on the way went elsewhere, or that somebody was seen
// where it should not be.
func (r *rememberer) stray(i int32, f *gate.Fact) {
	if r.open[i][under].kind == gate.NoFact {
		r.act(i, &gate.Input{Do: gate.ObserveSeen, At: f.At, Place: f.Place})
		return
	}
	r.open[i][under].seen = f.Place
	r.close(i, under, f.At, served)
}

// behind are the orders that people gave where a fact of such a kind is told, and
// which of them are the plan's own matter.
var behind = [...]struct {
	do  gate.Do
	own bool
}{
	gate.Booked:             {do: gate.Book},
	gate.Unbooked:           {do: gate.GiveBack},
	gate.Cancelled:          {do: gate.Cancel},
	gate.Relocated:          {do: gate.Move},
	gate.Corrected:          {do: gate.Correct},
	gate.Called:             {do: gate.Call},
	gate.PostClosed:         {do: gate.ClosePost},
	gate.PostReopened:       {do: gate.ReopenPost},
	gate.LaneClosed:         {do: gate.CloseLane},
	gate.LaneOpened:         {do: gate.OpenLane},
	gate.ServersSet:         {do: gate.SetServers},
	gate.CapacitySet:        {gate.SetCapacity, true},
	gate.AcceptsSet:         {gate.SetAccepts, true},
	gate.LaneTurning:        {gate.TurnLane, true},
	gate.ProcedureStarted:   {gate.StartProcedure, true},
	gate.ProcedureSuspended: {gate.SuspendProcedure, true},
	gate.PolicySet:          {gate.SetPolicy, true},
	gate.HoursSet:           {gate.SetHours, true},
}

// orderBehind returns the order behind a fact, a Tick if people gave none, and
// whether it is the plan's own matter.
func orderBehind(f *gate.Fact) (in gate.Input, own bool) {
	if int(f.Kind) >= len(behind) || f.Kind == gate.Called && f.Reason < gate.ByDriver { // reasons of the rules
		return in, false
	}
	by := behind[f.Kind]
	return gate.Input{Do: by.do, At: f.At, Place: f.Place, Stop: f.Stop, Procedure: f.Procedure, Direction: f.Direction, Traits: f.Traits, N: f.N, Reason: f.Reason, Formalities: f.Formalities}, by.own
}
