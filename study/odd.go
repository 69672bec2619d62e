package study

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"landport/border/archive"
	"landport/gate"
)

// anomalies count, by the gate's reason, what happened that dispatch had not
// ordered.
type anomalies [256]int64

// AnomalyCount is how often something happened that dispatch had not ordered,
// such as a vehicle more than a place holds.
type AnomalyCount struct {
	Reason string `json:"reason"`
	N      int64  `json:"n"`
}

func (a *anomalies) add(o *anomalies) {
	for reason, n := range o {
		a[reason] += n
	}
}

func (a *anomalies) list() []AnomalyCount {
	out := []AnomalyCount{}
	for reason, n := range a {
		if n > 0 {
			out = append(out, AnomalyCount{gate.Reason(reason).String(), n})
		}
	}
	return out
}

// RefusedOrder is an order of the plan that the gate refused to carry out. What
// came of the run is then the result of another plan than the one written.
type RefusedOrder struct {
	Order  string       `json:"order"`  // as the plan's author knows it
	Reason string       `json:"reason"` // the gate's code
	Why    string       `json:"why"`    // in a sentence, of the last time
	Times  int64        `json:"times"`
	Number int          `json:"-"` // of the order, from 0
	Last   gate.Refusal `json:"-"`
}

// Refuse takes in that an order of the plan was refused so many times in the run.
func (c *Collector) Refuse(number int, last gate.Refusal, times int64) {
	i, found := slices.BinarySearchFunc(c.refused, number, func(o RefusedOrder, n int) int { return cmp.Compare(o.Number, n) })
	if !found {
		c.refused = slices.Insert(c.refused, i, RefusedOrder{Number: number})
	}
	c.refused[i].Last = last
	c.refused[i].Times += times
}

// refusedOrders are those of the report.
func (c *Collector) refusedOrders() []RefusedOrder {
	out := append([]RefusedOrder{}, c.refused...)
	for i := range out {
		o := &out[i]
		o.Order, o.Reason, o.Why = fmt.Sprintf("order %d", o.Number+1), o.Last.Code.String(), c.track.layout.Explain(o.Last)
	}
	return out
}

func (o *RefusedOrder) archive(a *archive.Archive) {
	archive.Int(a, &o.Number)
	archive.Int(a, &o.Times)
	archive.Int(a, &o.Last.Code)
	archive.Int(a, &o.Last.Place)
	archive.Int(a, &o.Last.Stop)
	archive.Int(a, &o.Last.N)
}

// odd tells of what nobody had planned.
func (t *Page) odd(r *Report) {
	if len(r.Anomalies) > 0 {
		words := make([]string, len(r.Anomalies))
		for i, a := range r.Anomalies {
			words[i] = fmt.Sprintf("%s %d", a.Reason, a.N)
		}
		t.Wrap("Anomalies: ", "what happened and the gate would not have ordered: "+strings.Join(words, ", ")+".")
	}
	for _, o := range r.RefusedOrders {
		t.Wrap("REFUSED: ", fmt.Sprintf("the gate refused %s, %s: %s. The figures are those of a plan without it.", o.Order, times(o.Times), o.Why))
	}
}

func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
