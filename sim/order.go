package sim

import (
	"fmt"
	"time"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// Order is something the operator orders during a run: at one instant, or on
// some weekdays at the same local time.
type Order struct {
	Input    gate.Input  // what is ordered; At is filled in when it is
	Once     border.Time // 0 for an order that is repeated
	Weekdays [7]bool     // from Sunday
	Minute   int         // of the local day
	Zone     *time.Location
	path     string // where in the file
}

// next returns when the order is given first after an instant, or at it.
func (o *Order) next(t border.Time) border.Time {
	if o.Once != 0 {
		if o.Once >= t {
			return o.Once
		}
		return border.Never
	}
	local := t.Std(o.Zone)
	for day := range 8 {
		at := time.Date(local.Year(), local.Month(), local.Day()+day, 0, o.Minute, 0, 0, o.Zone)
		if o.Weekdays[at.Weekday()] && border.At(at) >= t {
			return border.At(at)
		}
	}
	return border.Never
}

// Breakdown says how a stop fails now and then: all its servers at once. Who is
// being served is served to the end.
type Breakdown struct {
	Stop    gate.StopID
	Every   Dist // from a repair, or the start, to the next failure
	Lasting Dist
}

// breakdownRun is a stop that fails, and its stream.
type breakdownRun struct {
	*Breakdown
	stream Stream
}

// plan has everything happen that does so by a plan or by its own chance,
// whoever arrives.
func (w *World) plan(derive func(process, name string) Stream) {
	w.refused = make([]refusals, len(w.model.Orders))
	for i := range w.model.Orders {
		w.schedule(i, w.model.Start)
	}
	for i := range w.model.Breakdowns {
		b := &w.model.Breakdowns[i]
		run := breakdownRun{b, derive("breakdowns of stop", w.model.Layout.Stops[b.Stop].Name)}
		w.events.Push(Event{Kind: fails, At: w.model.Start.Add(b.Every.Draw(&run.stream)), A: int32(i)})
		w.breakdowns = append(w.breakdowns, run)
	}
}

func (w *World) schedule(order int, after border.Time) {
	if at := w.model.Orders[order].next(after); at != border.Never {
		w.events.Push(Event{Kind: ordered, At: at, A: int32(order)})
	}
}

// order has the operator give an order, and see to the next of its kind.
func (w *World) order(e *Event) {
	w.schedule(int(e.A), e.At+1)
	w.input = w.model.Orders[e.A].Input
	w.input.At = e.At
	w.decide()
	if w.refusal.Refused() && w.refusal.Code != gate.CodeAlreadySo {
		r := &w.refused[e.A]
		r.last, r.times = w.refusal, r.times+1
	}
}

// refusals are how often the gate refused an order, and why the last time.
type refusals struct {
	last  gate.Refusal
	times int64
}

// tellRefusals adds to what was measured which orders the gate refused.
func (w *World) tellRefusals(c *study.Collector) {
	for i := range w.refused {
		if r := &w.refused[i]; r.times > 0 {
			c.Refuse(i, r.last, r.times)
		}
	}
}

// words says what an order is, such as "close-lane lane 2".
func (o *Order) words(l *gate.Layout) string {
	in := &o.Input
	text := in.Do.String()
	switch in.Do {
	case gate.SetServers:
		return fmt.Sprintf("%s %s to %d", text, l.Stops[in.Stop].Name, in.N)
	case gate.SetCapacity:
		return fmt.Sprintf("%s %s to %d", text, l.Places[in.Place].Name, in.N)
	case gate.TurnLane:
		way := l.Directions[in.Direction]
		return fmt.Sprintf("%s %s to %s-%s", text, l.Places[in.Place].Name, way.Exit, way.Entry)
	case gate.ClosePost, gate.ReopenPost:
		return text + " " + l.Posts[in.N].Name
	case gate.StartProcedure, gate.SuspendProcedure:
		return text + " " + l.Procedures[in.Procedure].Name
	case gate.SetPolicy:
		return text + " " + l.Policies[in.N].Name
	default:
		return text + " " + l.Places[in.Place].Name
	}
}

// fail takes the servers of a stop away, or brings them back.
func (w *World) fail(e *Event) {
	b := &w.breakdowns[e.A]
	in := w.tell(gate.SetServers, e.At)
	in.Stop = b.Stop
	next, after := Event{Kind: fails, A: e.A}, &b.Every
	if e.Kind == fails {
		next.Kind, after = isRepaired, &b.Lasting
	} else {
		in.N = int64(w.model.Layout.Stops[b.Stop].Servers)
	}
	w.decide()
	next.At = e.At.Add(after.Draw(&b.stream))
	w.events.Push(next)
}
