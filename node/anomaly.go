package node

import (
	"cmp"
	"context"
	"slices"

	"landport/gate"
)

// Anomaly is something the world did that dispatch did not order, and that
// nobody has settled.
type Anomaly struct {
	Seq       int64
	Actor     string // who reported what it followed from, "" for the clock
	Reference string // of the visit, however long ago it left; "" if it is of none
	Claimed   string // reference under which it came that is not its own, "" for none
	gate.Fact
}

// Anomalies returns what nobody has settled, the oldest first.
func (n *Node) Anomalies(ctx context.Context) ([]Anomaly, error) {
	n.mu.Lock()
	out := slices.Clone(n.anoms)
	for i := range out {
		if v := n.screen.visits[out[i].Visit]; v != nil {
			out[i].Reference = v.Reference
		}
	}
	n.mu.Unlock()
	for i := range out {
		if out[i].Reference != "" || out[i].Visit == 0 {
			continue
		}
		var err error
		if out[i].Reference, err = n.nameOf(ctx, out[i].Visit); err != nil {
			return nil, err
		}
		n.remember(&out[i])
	}
	return out, nil
}

// remember keeps how the visit of an anomaly was called that has left.
func (n *Node) remember(a *Anomaly) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.anoms {
		if n.anoms[i].Seq == a.Seq {
			n.anoms[i].Reference = a.Reference
		}
	}
}

// nameOf is the reference of a visit, however long ago it left.
func (n *Node) nameOf(ctx context.Context, id gate.VisitID) (string, error) {
	n.mu.Lock()
	reference := n.screen.called(id)
	n.mu.Unlock()
	if reference != "" {
		return reference, nil
	}
	_, asides, err := n.facts(ctx, id.Serial())
	name, _ := called(asides)
	return cmp.Or(name, n.minted(id.Serial())), err
}

// minted is what a visit is called that brought no reference of its own.
func (n *Node) minted(serial uint64) string {
	return (&screen{layout: n.model.Layout}).mint(gate.MakeVisitID(serial, 0))
}
