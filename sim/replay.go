package sim

import (
	"slices"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// Replay is a run of a plan on the past.
type Replay struct {
	Report *study.Report
	Each   []*study.Report // of every replication
	Times  Times           // of all replications
	Left   []bool          // visits of the past that were still inside at the end, in one replication at least
}

// Times counts services, drives, holds and delays of a replay.
type Times struct {
	Known int64 `json:"known"` // as long as in the past
	Cut   int64 `json:"cut"`   // under way or still to come when the visit or the past ends: drawn from the model, no shorter than they had lasted
	Drawn int64 `json:"drawn"` // of which a past that is whole has none: drawn from the model
}

// Rerun has a plan meet the past: everybody is announced, books and arrives as
// they did, and what they do takes as long as it did; who was interrupted, went
// astray or did not answer a call does so again. What the past does not tell,
// such as a service at a stop that was not there, is drawn from the plan's
// model. A stop at which a visit was not served takes the time of one at which
// the same formalities were done. The crossing is empty at first; of the visits
// that arrive from an instant on and before another, those are measured that are
// among some, which are all if that is nil. A plan whose layout is the past's
// meets the orders that were the plan's own matter, too.
func Rerun(plan *Model, past *Past, from, to border.Time, among []bool, o Options) (*Replay, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	m := *plan
	m.Flows, m.Breakdowns = nil, nil
	m.Onward = ^uint8(0) // who comes back is in the past
	m.Start = min(from, past.began)
	m.Span, m.Warmup = to.Sub(m.Start), from.Sub(m.Start)
	w := study.Window{Start: m.Start, From: from, To: to, Cycle: border.Day}
	out := &Replay{Left: make([]bool, len(past.visits))}
	var all *study.Collector
	for i := range max(1, o.Replications) {
		world := NewWorld(&m, o.Seed, i)
		world.meet(past, Derive(o.Seed, i, "visits of the past"))
		c := world.relive(w, among)
		out.add(world)
		one := c.Report(to)
		m.describe(one, w, o.Seed)
		out.Each = append(out.Each, one)
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

func (r *Replay) add(w *World) {
	p := w.past
	r.Times.Known += p.times.Known
	r.Times.Cut += p.times.Cut
	r.Times.Drawn += p.times.Drawn
	for i, id := range p.ids {
		if id != 0 && w.find(id) != nil {
			r.Left[i] = true
		}
	}
}

// relive runs a world to the end of a window, and on until those measured have
// left, but not much longer.
func (w *World) relive(window study.Window, among []bool) *study.Collector {
	c := study.NewCollector(w.model.Layout, window, w.model.Standard)
	c.SetCosts(w.model.Costs)
	take := func(facts []gate.Fact) {
		for i := range facts {
			c.Add(&facts[i])
			if k := facts[i].Kind; k != gate.Arrived && k != gate.Alighted || among == nil {
				continue
			}
			if t := w.find(facts[i].Visit); t == nil || t.past == 0 || !among[t.past-1] {
				c.LeaveOut(facts[i].Visit)
			}
		}
	}
	for w.Next() < window.To {
		take(w.Step())
	}
	end, limit := window.To, window.To.Add(window.To.Sub(window.Start)+2*border.Day)
	for c.Open() > 0 && w.Next() < limit {
		end = w.Next()
		take(w.Step())
	}
	w.tellRefusals(c)
	c.Finish(end)
	return c
}

// reenactment is a Past under way in a World.
type reenactment struct {
	*Past
	own           bool
	stops, places []int // of the past, by those of the plan; -1 for none
	ids           []gate.VisitID
	key           uint64   // of what is drawn for its visits, by their numbers
	used          []uint64 // of a visit's spans, those that were
	rode          []int32  // of a coach's passengers, how many got off again
	times         Times
}

// meet has a World meet a past. What is drawn for its visits is the stream's:
// under any plan the same, and other in every replication.
func (w *World) meet(p *Past, draws Stream) {
	r := &reenactment{
		Past: p, own: p.layout == w.model.Layout, key: draws.Uint64(),
		ids: make([]gate.VisitID, len(p.visits)), used: make([]uint64, len(p.visits)), rode: make([]int32, len(p.visits)),
	}
	for _, s := range w.model.Layout.Stops {
		r.stops = append(r.stops, slices.IndexFunc(p.layout.Stops, func(x gate.Stop) bool { return x.Name == s.Name }))
	}
	for _, s := range w.model.Layout.Places {
		r.places = append(r.places, slices.IndexFunc(p.layout.Places, func(x gate.Place) bool { return x.Name == s.Name }))
	}
	w.past = r
	for i := range p.acts {
		if !p.acts[i].own || r.own {
			w.events.Push(Event{Kind: actsAgain, At: p.acts[i].input.At, A: int32(i)})
		}
	}
}

// actAgain does what somebody did in the past, as far as the plan knows where.
func (w *World) actAgain(e *Event) {
	act := &w.past.acts[e.A]
	in := act.input
	in.Formalities = renamed(in.Formalities, w.past.layout, w.model.Layout)
	place, stop := slices.Index(w.past.places, int(in.Place)), slices.Index(w.past.stops, int(in.Stop))
	switch {
	case in.Place != gate.Outside && place < 0 && in.Do == gate.ObserveArrival:
		place = 0 // where its route begins
	case place < 0 || stop < 0:
		return
	}
	in.Place, in.Stop = gate.PlaceID(place), gate.StopID(stop)
	if act.visit >= 0 {
		if in.Visit = w.past.ids[act.visit]; w.find(in.Visit) == nil {
			in.Visit = 0
		}
		switch in.Do {
		case gate.ObserveArrival, gate.Announce:
			if in.Visit == 0 {
				w.arriving, w.key, w.again = w.like(in.Traits), w.past.key+uint64(act.visit), act.visit+1
			}
		default:
			if in.Visit == 0 {
				return
			}
		}
	}
	w.input = in
	w.decide()
	if in.Do == gate.Book && w.refusal.Code == gate.CodeSlotFull {
		w.input.N = w.refusal.N
		w.decide()
	}
	w.again = 0
}

// renamed finds the formalities of one layout in another, by name.
func renamed(set gate.FormalitySet, from, to *gate.Layout) (found gate.FormalitySet) {
	if from == to {
		return set
	}
	for i := range from.Formalities {
		if set>>i&1 == 0 {
			continue
		}
		set &^= 1 << i
		if j := slices.IndexFunc(to.Formalities, func(f gate.Formality) bool { return f.Name == from.Formalities[i].Name }); j >= 0 {
			found |= 1 << j
		}
	}
	return found | set // what is left names none
}

// asItWas returns what of a visit's past is like what it does now, nil for
// nothing. Of a stop at which it was not served, it is a service with the same
// formalities.
func (w *World) asItWas(t *traveller, kind gate.Kind, at int, acts gate.FormalitySet) *pastSpan {
	if t.past == 0 {
		return nil
	}
	v, used := &w.past.visits[t.past-1], &w.past.used[t.past-1]
	alike := -1
	for i := range min(len(v.spans), 64) {
		s := &v.spans[i]
		if *used>>i&1 != 0 || s.kind != kind {
			continue
		}
		if int(s.at) == at {
			alike = i
			break
		}
		if alike < 0 && (kind == gate.Called || acts != 0 && s.acts == acts) {
			alike = i
		}
	}
	if alike < 0 {
		return nil
	}
	*used |= 1 << alike
	return &v.spans[alike]
}

// lasts returns how long something takes that took as long as a span of the
// past: nil for what has to be drawn.
func (w *World) lasts(t *traveller, s *pastSpan, d *Dist, draws *Stream) border.Micros {
	switch {
	case s == nil && t.past != 0 && !w.past.visits[t.past-1].ended:
		w.past.times.Cut++
	case s == nil:
		w.past.times.Drawn++
	case s.end == cut:
		w.past.times.Cut++
		return max(s.took, d.Draw(draws))
	default:
		w.past.times.Known++
		return s.took
	}
	return d.Draw(draws)
}

// serveAgain returns how long a service takes, and notes how it ended if the
// past tells.
func (w *World) serveAgain(t *traveller, f *gate.Fact) border.Micros {
	s := w.asItWas(t, gate.ServiceStarted, w.past.stops[f.Stop], renamed(f.Formalities, w.model.Layout, w.past.layout))
	if t.was = s; s != nil && s.end == cut {
		t.was = nil
	}
	return w.lasts(t, s, &w.services[t.service].Time, &t.draws)
}

// driveAgain returns how long a drive takes, or an answer to a call, which may
// be given never.
func (w *World) driveAgain(t *traveller, f *gate.Fact) border.Micros {
	s := w.asItWas(t, f.Kind, w.past.places[f.Place], 0)
	if t.was = s; s != nil && s.end == missed {
		w.past.times.Known++
		return unanswered
	}
	return w.lasts(t, s, &w.model.Drives[f.Place], &w.drives[f.Place])
}

// unanswered is longer than anything.
const unanswered = border.Micros(border.Never) / 2

// holdAgain returns how long a hold lasts.
func (w *World) holdAgain(t *traveller) border.Micros {
	return w.lasts(t, w.asItWas(t, gate.Held, 0, 0), &w.services[t.service].HoldFor, &t.draws)
}

// lodge returns how long it takes until a dossier is ready.
func (w *World) lodge(t *traveller) border.Micros {
	k := &w.classes[t.class]
	if w.past != nil {
		return w.lasts(t, w.asItWas(t, gate.Unready, 0, 0), &k.Lodge, &k.dossier)
	}
	return k.Lodge.Draw(&k.dossier)
}

// seenAgain is where a driver goes astray instead of where it is bound for.
func (w *World) seenAgain(t *traveller) gate.PlaceID {
	if t.was == nil || t.was.seen == gate.Outside {
		return gate.Outside
	}
	return gate.PlaceID(max(0, slices.Index(w.past.places, int(t.was.seen))))
}

// alightAgain has the passengers of a coach get off who did in the past, and
// reports whether the past tells.
func (w *World) alightAgain(t *traveller, f *gate.Fact, to gate.PlaceID) bool {
	v, rode := &w.past.visits[t.past-1], &w.past.rode[t.past-1]
	if !v.ended && len(v.riders) == 0 {
		return false
	}
	for ; int(*rode) < len(v.riders); *rode++ {
		r := &v.riders[*rode]
		if int(r.place) != w.past.places[to] {
			break
		}
		w.events.Push(Event{Kind: alightsAgain, At: f.At.Add(r.after), A: r.visit, B: int32(to), V: uint64(t.id)})
	}
	return true
}
