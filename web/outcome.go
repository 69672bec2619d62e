package web

import (
	"fmt"
	"net/url"
	"strconv"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// outcome is what an act came to: where it is recorded, and what of it somebody
// has to look into.
type outcome struct {
	Sequence int64
	Do       gate.Do
	Anomaly  gate.Reason
	Claimed  string // reference that was brought and is another's, or nobody's
}

func outcomeOf(c node.Command, a node.Answer) outcome {
	why, _ := gate.ParseReason(a.Anomaly)
	return outcome{a.Sequence, c.Input.Do, why, a.Claimed}
}

// query is the outcome in the address of the page that a form without a script
// leads to.
func (o outcome) query() string {
	q := url.Values{"recorded": {strconv.FormatInt(o.Sequence, 10)}}
	if o.Anomaly != gate.NoReason {
		q.Set("do", o.Do.String())
		q.Set("anomaly", o.Anomaly.String())
	}
	if o.Claimed != "" {
		q.Set("claimed", o.Claimed)
	}
	return "?" + q.Encode()
}

// recorded says what stands in the address of a page; nothing if nothing does.
func recorded(q url.Values) notice {
	seq, err := strconv.ParseUint(q.Get("recorded"), 10, 63)
	if err != nil {
		return notice{}
	}
	o := outcome{Sequence: int64(seq)}
	o.Do, _ = gate.ParseDo(q.Get("do"))
	o.Anomaly, _ = gate.ParseReason(q.Get("anomaly"))
	if reference, err := border.ParseReference(q.Get("claimed")); err == nil {
		o.Claimed = reference.String()
	}
	return notice{Done: true, Text: o.text()}
}

func (o outcome) text() string {
	switch {
	case o.Claimed != "":
		whose := map[gate.Reason]string{
			gate.InUse: "is that of another vehicle, which is announced or here", gate.UsedBefore: "is that of a visit that is over", gate.NotMinted: "was never given",
		}[o.Anomaly]
		return fmt.Sprintf("Recorded under No. %d as a visit of its own: the reference %s %s. Somebody has to look into it.", o.Sequence, o.Claimed, whose)
	case o.Anomaly == gate.NotExpected && o.Do == gate.ObserveArrival:
		return fmt.Sprintf("This vehicle is here already, so nobody new came. What was told is recorded under No. %d, and somebody has to look into it.", o.Sequence)
	case o.Anomaly != gate.NoReason:
		return fmt.Sprintf("Done, recorded under No. %d. Out of the ordinary: %s.", o.Sequence, reasonWords(o.Anomaly))
	}
	return fmt.Sprintf("Done, recorded under No. %d.", o.Sequence)
}
