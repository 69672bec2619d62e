package node

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// Aside is an entry of the node's own about a visit: how it is called, that
// somebody came under a reference that was not their own, that an anomaly of it
// was settled, or that a time was corrected.
type Aside struct {
	Visit     uint64 // serial number of who is named or came
	Seq       int64
	Cause     int64 // seq of the fact it follows from, or of the anomaly
	At        border.Time
	Kind      string // named, claimed, settled or time-corrected
	Actor     string
	Reference string // that the neighbour minted, "" for none
	Claimed   string // under which it came and which is not its own, "" for none
	Before    bool   // Claimed is another visit's
	Plate     string // commitment, "" for none
	Remark    string // commitment, "" for none
	Data      json.RawMessage

	// Of kind time-corrected.
	Facts   []int64 // entries that were at Is and not at Was
	Is, Was border.Time
	Reason  gate.Reason
}

// Kinds of Aside.
const (
	AsideNamed   = "named"
	AsideClaimed = "claimed"
	AsideSettled = "settled"
	AsideTimed   = "time-corrected"
)

// asideOf reads an entry of the node's own; false if it is none that a record has.
func asideOf(e *ledger.Entry) (a Aside, ok bool, err error) {
	a = Aside{Seq: e.Seq, Cause: e.Cause, At: e.Occurred, Actor: e.Actor, Data: e.Data}
	var d struct {
		namedData
		remarkData

		Before uint64 `json:"before"`
	}
	switch e.Kind {
	case kindNamed:
		a.Kind = AsideNamed
	case kindClaimed:
		a.Kind = AsideClaimed
	case kindSettled:
		a.Kind = AsideSettled
	case kindTimeCorrected:
		d, err := retimings(e)
		a.Kind, a.Remark, a.Visit, a.Facts, a.Is, a.Was = AsideTimed, d.Remark, d.Visit, d.Facts, d.At, d.Was
		a.Reason, _ = gate.ParseReason(d.Reason)
		return a, err == nil, err
	default:
		return a, false, nil
	}
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return a, false, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	a.Visit, a.Plate, a.Remark = d.Visit, d.Plate, d.Remark
	if a.Reference = d.Reference; a.Kind == AsideClaimed {
		a.Reference, a.Claimed, a.Before = "", d.Reference, d.Before != 0
	}
	return a, true, nil
}

// called is how a visit is called by the latest of its names, where that is not
// by its serial number.
func called(asides []Aside) (reference, plate string) {
	for _, a := range slices.Backward(asides) {
		reference, plate = cmp.Or(reference, a.Reference), cmp.Or(plate, a.Plate)
	}
	return reference, plate
}

// settledOf is the visit whose anomaly an entry settles, 0 for none.
func (n *Node) settledOf(ctx context.Context, e *ledger.Entry) (gate.VisitID, error) {
	if e.Kind != kindSettled {
		return 0, nil
	}
	about, err := n.ledger.Entries(ctx, e.Cause-1, 1)
	if err != nil || len(about) == 0 {
		return 0, err
	}
	fact, _, err := visits(&about[0])
	return fact.Visit, err
}

// Reveal returns a personal value, or that it was erased; "" for no commitment.
func (n *Node) Reveal(ctx context.Context, commitment string) (string, error) {
	if commitment == "" {
		return "", nil
	}
	_, value, ok, err := n.ledger.Reveal(ctx, commitment)
	if !ok {
		value = "erased"
	}
	return value, err
}
