package node

import (
	"encoding/json"
	"fmt"
	"slices"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// JournalEntry is something that people did about the post itself, that it went
// on by another crossing, or an anomaly that somebody settled.
type JournalEntry struct {
	Seq    int64
	At     border.Time
	Actor  string // "" for who started the node
	Remark string // commitment, "" for none
	// What was ordered; or, if Settled is the number of an anomaly's entry, that
	// anomaly. Of no kind when the clock was confirmed, or the crossing changed.
	Fact    gate.Fact
	Settled int64
	Change  *CrossingChange // nil for all else
}

// journal holds the latest of them, the oldest first.
type journal []JournalEntry

// journalMost is how many are kept at hand; all of them are in the ledger.
const journalMost = 100

// add takes in an entry. fact is the gate's; anoms are those not yet settled.
func (j *journal) add(e *ledger.Entry, fact *gate.Fact, anoms []Anomaly) error {
	is := JournalEntry{Seq: e.Seq, At: e.Occurred, Actor: e.Actor, Fact: *fact}
	switch {
	case e.Kind == kindClockConfirmed, ofPost(fact.Kind):
	case e.Kind == kindSettled:
		is.Settled = e.Cause
		for i := range anoms {
			if anoms[i].Seq == e.Cause {
				is.Fact = anoms[i].Fact
			}
		}
	case e.Kind != kindRemarked:
		return nil
	}
	if e.Kind == kindRemarked || e.Kind == kindSettled {
		var d remarkData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
		}
		is.Remark = d.Remark
	}
	if e.Kind == kindRemarked {
		for i := range *j {
			if about := &(*j)[i]; about.Seq == e.Cause {
				about.Remark = is.Remark
			}
		}
		return nil
	}
	j.put(is)
	return nil
}

func (j *journal) put(is JournalEntry) {
	if len(*j) == journalMost {
		*j = slices.Delete(*j, 0, 1)
	}
	*j = append(*j, is)
}

// ofPost reports whether people order facts of a kind about the post itself.
func ofPost(k gate.Kind) bool {
	switch k {
	case gate.ServersSet, gate.CapacitySet, gate.AcceptsSet, gate.LaneOpened, gate.LaneClosed, gate.LaneTurning, gate.PostClosed,
		gate.PostReopened, gate.ProcedureStarted, gate.ProcedureSuspended, gate.PolicySet, gate.HoursSet:
		return true
	}
	return false
}

// Journal returns the latest that people did about the post itself, how its
// crossing changed, and which anomalies they settled, the latest first.
func (n *Node) Journal() []JournalEntry {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := slices.Clone(n.journal)
	slices.Reverse(out)
	return out
}
