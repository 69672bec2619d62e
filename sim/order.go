package sim

import (
	"time"

	"landport/border"
	"landport/gate"
)

// Order is something the operator orders during a run: at one instant, or on
// some weekdays at the same local time.
type Order struct {
	Input    gate.Input  // what is ordered; At is filled in when it is
	Once     border.Time // 0 for an order that is repeated
	Weekdays [7]bool     // from Sunday
	Minute   int         // of the local day
	Zone     *time.Location
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
