package node

import (
	"encoding/json"
	"fmt"

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
	serial uint64 // highest of a visit that is seen or was passed over until now
}

// passes reports whether an entry is in a hole, and files it if it is. fact is
// the gate's, of no kind if the entry is not.
func (n *Node) passes(e *ledger.Entry, fact *gate.Fact) (bool, error) {
	h := &n.hole
	h.serial = max(h.serial, fact.Visit.Serial())
	switch {
	case e.Kind == ledger.KindLost:
		h.open = true
		h.lost++
	case e.Kind == ledger.KindRecovered:
		if err := n.beginEpoch(e); err != nil {
			return false, err
		}
	case !h.open:
		return false, nil
	}
	n.applied = e.Seq
	n.last = max(n.last, e.Recorded)
	n.screen.sequence = uint64(e.Seq)
	return true, nil
}

// epochOf reads the first entry of an epoch, and whether the post begins it
// empty: entries are missing ahead of it, between others.
func epochOf(e *ledger.Entry) (epoch ledger.Recovered, emptied bool, err error) {
	if err := json.Unmarshal(e.Data, &epoch); err != nil {
		return epoch, false, fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	for _, lost := range epoch.Lost {
		emptied = emptied || lost.From > 0 && lost.From < e.Seq
	}
	return epoch, emptied, nil
}

// beginEpoch empties the post if entries are missing between others; where the
// end alone is missing, everybody is where the last entry known has them.
// Serial numbers go on behind all that may have been given, also by entries
// that nobody knows of: none is ever used again.
func (n *Node) beginEpoch(e *ledger.Entry) error {
	epoch, emptied, err := epochOf(e)
	if err != nil {
		return err
	}
	n.epoch, n.epochAt = epoch.Epoch, e.Occurred
	skip := uint64(max(0, epoch.Skip))
	if emptied {
		skip += n.hole.serial + n.hole.lost
		n.anoms = []Anomaly{{Seq: e.Seq, Actor: e.Actor, Fact: gate.Fact{Kind: gate.Anomaly, At: e.Occurred, Reason: gate.EntriesLost}}}
		n.restart(e.Occurred)
	} else {
		n.measure(e.Occurred)
		for _, v := range n.screen.visits {
			v.facts = nil // of its stay: what was lost may belong among them
		}
	}
	n.hole = hole{serial: n.state.Skip(skip)}
	n.screen.run, n.screen.forgotten = fmt.Sprint("e", n.epoch), uint64(e.Seq) // whoever saw the post before sees it whole
	return nil
}
