package node

import (
	"landport/gate"
	"landport/ledger"
)

// hole is where a recovery gave entries up. What followed them cannot be
// applied to a state that lacks them, so the node passes over it and begins
// again at the recovery with an empty post. Who is there is reported anew, by
// the reference the visit had.
type hole struct {
	open   bool
	lost   uint64 // entries
	serial uint64 // highest of a visit seen until now
}

// passes reports whether an entry is in a hole, and files it if it is. fact is
// the gate's, of no kind if the entry is not.
func (n *Node) passes(e *ledger.Entry, fact *gate.Fact) bool {
	h := &n.hole
	h.serial = max(h.serial, fact.Visit.Serial())
	switch {
	case e.Kind == ledger.KindLost:
		h.open = true
		h.lost++
	case !h.open:
		return false
	case e.Kind == ledger.KindRecovered:
		n.beginAgain(e)
	}
	n.applied = e.Seq
	n.last = max(n.last, e.Recorded)
	n.screen.sequence = uint64(e.Seq)
	return true
}

// beginAgain empties the post. Serial numbers go on behind all that may have
// been given, those of lost entries too: none is ever used again.
func (n *Node) beginAgain(e *ledger.Entry) {
	h := n.hole
	n.hole = hole{serial: h.serial + h.lost}
	n.anoms = nil
	n.restart(e.Occurred)
	if n.hole.serial > 0 {
		last := gate.MakeVisitID(n.hole.serial, 0)
		n.state.Apply(&gate.Fact{At: e.Occurred, Kind: gate.Announced, Visit: last})
		n.state.Apply(&gate.Fact{At: e.Occurred, Kind: gate.Cancelled, Visit: last})
	}
	n.screen.forgotten = uint64(e.Seq) // whoever saw the post before sees it whole
}
