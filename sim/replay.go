package sim

import (
	"iter"
	"slices"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// Past is what came to a crossing from outside, taken from its facts: who
// arrived when and how, how long services, drives and delays took, what the
// operator ordered. Another plan can be made to meet it again.
type Past struct {
	layout *gate.Layout
	visits []pastVisit
	orders []Order
}

// pastVisit is one visit as it was.
type pastVisit struct {
	at        border.Time
	traits    border.Traits
	direction gate.Direction
	place     gate.PlaceID // where it was first seen
	referred  gate.FormalitySet
	unready   bool
	lodged    border.Micros // how long after its arrival the dossier was ready, -1 for never
	aboard    int32         // passengers who got off
	spans     []pastSpan
}

// pastSpan is a service, a drive or a hold as it was.
type pastSpan struct {
	kind        gate.Kind // ServiceStarted, Departed, Called or Held
	at          uint16    // the stop or place
	took        border.Micros
	outcome     gate.Outcome
	formalities gate.FormalitySet
}

// Remember takes a Past from the facts of a crossing of a compiled layout, in
// order. Bookings are not remembered: who had one arrives when it did. Nor are
// orders that are the plan's own matter: policies, turned lanes, capacities.
func Remember(l *gate.Layout, facts iter.Seq[gate.Fact]) *Past {
	r := rememberer{past: &Past{layout: l}, index: map[gate.VisitID]int{}, open: map[gate.VisitID]pastSpan{}, since: map[gate.VisitID]border.Time{}, walked: map[gate.VisitID]gate.PlaceID{}}
	for f := range facts {
		r.add(&f)
	}
	return r.past
}

// rememberer follows visits through their facts.
type rememberer struct {
	past   *Past
	index  map[gate.VisitID]int
	open   map[gate.VisitID]pastSpan // the service or drive under way
	since  map[gate.VisitID]border.Time
	walked map[gate.VisitID]gate.PlaceID // where the passengers of a coach first got off
}

func (r *rememberer) add(f *gate.Fact) {
	if o, ok := again(f); ok {
		r.past.orders = append(r.past.orders, Order{Input: o, Once: f.At})
		return
	}
	if f.Kind == gate.Arrived && f.Place != gate.Outside {
		r.index[f.Visit] = len(r.past.visits)
		r.past.visits = append(r.past.visits, pastVisit{
			at: f.At, traits: f.Traits, direction: f.Direction, place: f.Place, lodged: -1, referred: r.referred(f),
		})
		return
	}
	if i, ok := r.index[f.Other]; ok && f.Kind == gate.Alighted {
		if first, ok := r.walked[f.Other]; !ok || first == f.Place {
			r.walked[f.Other] = f.Place // further on the same get off again
			r.past.visits[i].aboard++
		}
		return
	}
	i, ok := r.index[f.Visit]
	if !ok {
		return
	}
	v := &r.past.visits[i]
	switch f.Kind {
	case gate.Unready:
		v.unready = v.unready || f.At == v.at
	case gate.Ready:
		if v.unready && v.lodged < 0 {
			v.lodged = f.At.Sub(v.at)
		}
	case gate.ServiceStarted, gate.Departed, gate.Called:
		at := uint16(f.Place)
		if f.Kind == gate.ServiceStarted {
			at = uint16(f.Stop)
		}
		r.open[f.Visit], r.since[f.Visit] = pastSpan{kind: f.Kind, at: at}, f.At
	case gate.Referred:
		if span, ok := r.open[f.Visit]; ok {
			span.formalities = f.Formalities
			r.open[f.Visit] = span
		}
	case gate.ServiceEnded, gate.Reached, gate.Entered:
		r.close(v, f)
	case gate.Held:
		r.open[f.Visit], r.since[f.Visit] = pastSpan{kind: gate.Held, formalities: f.Formalities}, f.At
		if n := len(v.spans); n > 0 && v.spans[n-1].kind == gate.ServiceStarted {
			v.spans[n-1].formalities = f.Formalities
		}
	case gate.Unheld:
		r.close(v, f)
	case gate.Interrupted, gate.CallExpired:
		delete(r.open, f.Visit)
	}
}

// close ends what was under way.
func (r *rememberer) close(v *pastVisit, f *gate.Fact) {
	span, ok := r.open[f.Visit]
	if !ok {
		return
	}
	delete(r.open, f.Visit)
	span.took = f.At.Sub(r.since[f.Visit])
	if f.Kind == gate.ServiceEnded {
		span.outcome = f.Outcome
	}
	v.spans = append(v.spans, span)
}

// referred returns the formalities of an arrival that its procedure does on
// referral only.
func (r *rememberer) referred(f *gate.Fact) (set gate.FormalitySet) {
	for _, step := range r.past.layout.Procedures[f.Procedure].Steps {
		if step.OnReferral {
			set |= step.Formalities
		}
	}
	return set & f.Formalities
}

// again returns the order behind a fact about the crossing that every plan has
// to live with.
func again(f *gate.Fact) (in gate.Input, ok bool) {
	in = gate.Input{Place: f.Place, Stop: f.Stop, Procedure: f.Procedure, N: f.N, Reason: f.Reason}
	switch f.Kind {
	case gate.PostClosed:
		in.Do = gate.ClosePost
	case gate.PostReopened:
		in.Do = gate.ReopenPost
	case gate.LaneClosed:
		in.Do = gate.CloseLane
	case gate.LaneOpened:
		in.Do = gate.OpenLane
	case gate.ServersSet:
		in.Do = gate.SetServers
	default:
		return in, false
	}
	return in, true
}

// Len returns how many arrived.
func (p *Past) Len() int { return len(p.visits) }

// reenactment is a Past under way in a World: what of it was used, and how
// often the World had to draw what the past does not tell.
type reenactment struct {
	*Past
	stops, places []int // of the past, by those of the plan; -1 for none
	used          []uint64
	known, drawn  int64
}

// Replay is a run of a plan on the past.
type Replay struct {
	Report *study.Report
	Known  int64 // services, drives, holds and delays that were as they had been
	Drawn  int64 // those that were drawn from the model, because the past had none such
}

// Rerun has a plan meet the past: everybody arrives as they did, and what they
// do takes as long as it did. What the past does not tell, such as a service at
// a stop that was not there, is drawn from the plan's model; passengers of
// coaches are too. The crossing is empty at the first arrival; visits that
// arrive from an instant on and before another are measured.
func Rerun(plan *Model, past *Past, from, to border.Time, o Options) (*Replay, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	m := *plan
	m.Flows, m.Breakdowns = nil, nil
	m.Onward = ^uint8(0) // who comes back is in the past
	m.Start = from
	if len(past.visits) > 0 {
		m.Start = min(from, past.visits[0].at)
	}
	m.Span, m.Warmup = to.Sub(m.Start), from.Sub(m.Start)
	m.Orders = slices.Concat(plan.Orders, past.ordersFor(plan.Layout))
	w := study.Window{Start: m.Start, From: from, To: to, Cycle: border.Day}
	out := &Replay{}
	var all *study.Collector
	for i := range max(1, o.Replications) {
		world := NewWorld(&m, o.Seed, i)
		world.meet(past)
		c := measure(world, &m, w)
		out.Known += world.past.known
		out.Drawn += world.past.drawn
		if all == nil {
			all = c
		} else {
			all.Merge(c)
		}
		if o.Progress != nil {
			o.Progress(i+1, max(1, o.Replications))
		}
	}
	out.Report = all.Report(to)
	m.describe(out.Report, w, o.Seed)
	return out, nil
}

// ordersFor returns the past's orders as far as they concern a layout, by name.
func (p *Past) ordersFor(l *gate.Layout) (list []Order) {
	for _, o := range p.orders {
		switch o.Input.Do {
		case gate.OpenLane, gate.CloseLane:
			name := p.layout.Places[o.Input.Place].Name
			i := slices.IndexFunc(l.Places, func(x gate.Place) bool { return x.Name == name })
			if i < 1 {
				continue
			}
			o.Input.Place = gate.PlaceID(i)
		case gate.SetServers:
			name := p.layout.Stops[o.Input.Stop].Name
			i := slices.IndexFunc(l.Stops, func(x gate.Stop) bool { return x.Name == name })
			if i < 1 {
				continue
			}
			o.Input.Stop = gate.StopID(i)
		}
		list = append(list, o)
	}
	return list
}

// meet has a World meet a past.
func (w *World) meet(p *Past) {
	r := &reenactment{Past: p, used: make([]uint64, len(p.visits))}
	for _, s := range w.model.Layout.Stops {
		r.stops = append(r.stops, slices.IndexFunc(p.layout.Stops, func(x gate.Stop) bool { return x.Name == s.Name }))
	}
	for _, s := range w.model.Layout.Places {
		r.places = append(r.places, slices.IndexFunc(p.layout.Places, func(x gate.Place) bool { return x.Name == s.Name }))
	}
	w.past = r
	for i := range p.visits {
		w.events.Push(Event{Kind: comesAgain, At: p.visits[i].at, A: int32(i)})
	}
}

// comeAgain brings a visit of the past.
func (w *World) comeAgain(e *Event) {
	v := &w.past.visits[e.A]
	in := w.tell(gate.ObserveArrival, e.At)
	in.Traits, in.Formalities, in.Unready, in.Direction = v.traits, v.referred, v.unready, v.direction
	name := w.past.layout.Places[v.place].Name
	if i := slices.IndexFunc(w.model.Layout.Places, func(x gate.Place) bool { return x.Name == name }); i > 0 {
		in.Place = gate.PlaceID(i)
	}
	w.arriving, w.key, w.again = w.like(v.traits), uint64(e.A)+1, e.A+1
	w.decide()
	w.again = 0
}

// asItWas returns how long a service, drive or hold of a visit took in the past.
func (w *World) asItWas(t *traveller, kind gate.Kind, at int) (span *pastSpan, ok bool) {
	if t.past == 0 {
		if w.past != nil {
			w.past.drawn++
		}
		return nil, false
	}
	switch kind {
	case gate.ServiceStarted:
		at = w.past.stops[at]
	case gate.Departed, gate.Called:
		at = w.past.places[at]
	}
	v, used := &w.past.visits[t.past-1], &w.past.used[t.past-1]
	for i := range min(len(v.spans), 64) {
		if s := &v.spans[i]; *used>>i&1 == 0 && s.kind == kind && int(s.at) == at {
			*used |= 1 << i
			w.past.known++
			return s, true
		}
	}
	w.past.drawn++
	return nil, false
}

// serveAgain returns how long a service takes, and notes how it ended if the
// past tells.
func (w *World) serveAgain(t *traveller, stop gate.StopID) border.Micros {
	t.was = nil
	if s, ok := w.asItWas(t, gate.ServiceStarted, int(stop)); ok {
		t.was = s
		return s.took
	}
	return w.services[t.service].Time.Draw(&t.draws)
}

// lodge returns how long it takes until a dossier is ready.
func (w *World) lodge(t *traveller) border.Micros {
	if t.past != 0 && w.past.visits[t.past-1].lodged >= 0 {
		w.past.known++
		return w.past.visits[t.past-1].lodged
	}
	k := &w.classes[t.class]
	return k.Lodge.Draw(&k.dossier)
}
