package node

import (
	"context"
	"encoding/json"
	"fmt"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// A reference is of one visit for ever. Whoever comes under one that is
// another's, or nobody's, is let in all the same under a reference of its own,
// and somebody has to look into it. So is who cannot be the visit that is
// announced or here under it.

// claimedData says under which reference a visit came that is not its own.
type claimedData struct {
	Visit     uint64 `json:"visit"`
	Slot      int    `json:"slot"`
	Reference string `json:"reference"`
	Before    uint64 `json:"before,omitzero"` // serial number of the visit whose it is; 0 for nobody's
}

// firstEpoch is that of a ledger that lost nothing.
const firstEpoch = 1

// bearing is what a reference is here.
type bearing uint8

const (
	unheard  bearing = iota // the neighbour minted it, or nobody knows any more whose it was
	present                 // of a visit that is announced or here
	another                 // of one that is announced or here, and not of who comes under it
	left                    // of one that has left
	vanished                // of one of which nobody knows how it ended: entries were lost
	unminted                // this post would have minted it, and did not
)

// bearer is whose a reference is.
type bearer struct {
	is        bearing
	id        gate.VisitID // of present, another, left and vanished
	traits    border.Traits
	direction gate.Direction
	plate     string // of who is present and comes once more, "" for none that is known
}

// known reports whether there is a visit, though it may have ended.
func (b *bearer) known() bool { return b.is == present || b.is == left || b.is == vanished }

// barred reports whether the reference cannot be that of who comes.
func (b *bearer) barred() bool { return b.is == another || b.is == left || b.is == unminted }

// contradicts reports whether who arrives cannot be whose the reference is: it
// goes the other way, has another plate or, where one of the plates is not
// known, is of another kind. Who tells nothing of it means that visit.
func (a *asked) contradicts(of *bearer) bool {
	in := &a.Input
	switch told, known := border.VehicleType.Of(in.Traits), border.VehicleType.Of(of.traits); {
	case in.Traits == 0 && a.Plate == "":
		return false
	case in.Direction != of.direction:
		return true
	case a.Plate != "" && of.plate != "":
		return !border.SamePlate(a.Plate, of.plate)
	default:
		return told != 0 && known != 0 && told != known
	}
}

// plateOf is the plate of a visit, "" if it cannot be told or was erased.
func (n *Node) plateOf(ctx context.Context, id gate.VisitID) (string, error) {
	if plate, told := n.plates[id]; told {
		return plate, nil
	}
	n.mu.Lock()
	v := n.screen.visits[id]
	n.mu.Unlock()
	var commitment string
	if v != nil {
		commitment = v.Plate
	} else { // it has left
		_, asides, err := n.facts(ctx, id.Serial())
		if err != nil {
			return "", err
		}
		_, commitment = called(asides)
	}
	if commitment == "" {
		return "", nil
	}
	_, plate, _, err := n.ledger.Reveal(ctx, commitment)
	if border.PlateKey(plate) == "" { // it tells nobody apart
		plate = ""
	}
	return plate, err
}

// bearer finds whose a reference is: in the batch under way, on the screens, or
// by what the ledger has.
func (n *Node) bearer(ctx context.Context, reference string) (bearer, error) {
	id, named := n.fresh[reference]
	out := bearer{id: id}
	if !named {
		n.mu.Lock()
		v := n.screen.byReference[reference]
		if named = v != nil; named {
			out = bearer{id: v.ID, traits: v.Traits, direction: v.Direction}
		}
		n.mu.Unlock()
	}
	if now, here := n.state.Visit(out.id); here {
		return bearer{is: present, id: now.ID, traits: now.Traits, direction: now.Direction}, nil
	}
	if named {
		out.is = left
		return out, nil
	}
	return n.recorded(ctx, reference)
}

// recorded is whose a reference is of which screens know nothing.
func (n *Node) recorded(ctx context.Context, reference string) (bearer, error) {
	serial, named, err := n.named(ctx, reference)
	if err != nil {
		return bearer{}, err
	}
	if !named {
		r, err := border.ParseReference(reference)
		if err != nil || r.Country != n.model.Layout.Posts[0].Country {
			return bearer{is: unheard}, nil //nolint:nilerr // it is no reference of a country's
		}
		if serial = r.Serial; r.Post != ownPost || serial > n.state.Skip(0) {
			return bearer{is: unminted}, nil
		}
	}
	facts, asides, err := n.facts(ctx, serial)
	if err != nil {
		return bearer{}, err
	}
	name, _ := called(asides)
	switch {
	case len(facts) == 0 && n.epoch > firstEpoch:
		return bearer{is: unheard}, nil // it may have been given, and that was lost
	case len(facts) == 0, !named && name != "":
		return bearer{is: unminted}, nil // who has the number goes by another reference
	}
	rec := Record{Facts: facts}
	rec.recall(serial, reference, "")
	out := bearer{is: left, id: rec.ID, traits: rec.Traits, direction: rec.Direction}
	for i := range facts {
		if facts[i].Visit.Serial() == serial { // its beginning may be lost
			out.id = facts[i].Visit
		}
	}
	if rec.Lost {
		out.is = vanished
	}
	return out, nil
}

// claim notes that a visit came under a reference that is not its own, as an
// anomaly.
func (n *Node) claim(b *ledger.Batch, a *asked, id gate.VisitID, of *bearer) {
	f := gate.Fact{Kind: gate.Anomaly, At: n.state.Now(), Visit: id, Place: a.facts[0].Place, Reason: gate.NotMinted}
	switch of.is {
	case left:
		f.Reason = gate.UsedBefore
	case another:
		f.Reason = gate.InUse
	}
	a.result.Anomaly, a.result.Claimed = f.Reason.String(), a.Reference
	n.state.Apply(&f)
	n.add(b, a, n.codec.Entry(&f), &f)
	n.append(b, a, kindClaimed, f.At, a.entries[len(a.entries)-1].Seq, claimedData{id.Serial(), id.Slot(), a.Reference, of.id.Serial()})
}

// annotateClaim has an anomaly tell the reference that was claimed.
func (n *Node) annotateClaim(e *ledger.Entry) error {
	var d claimedData
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	for i := len(n.anoms) - 1; i >= 0 && n.anoms[i].Seq >= e.Cause; i-- {
		if n.anoms[i].Seq == e.Cause {
			n.anoms[i].Claimed = d.Reference
		}
	}
	return nil
}

// claims notes in a record who came under a reference that was not their own.
func (n *Node) claims(rec *Record) {
	for _, a := range rec.Asides {
		switch {
		case a.Kind != AsideClaimed:
		case a.Visit == rec.ID.Serial():
			rec.Claimed, rec.Before = a.Claimed, a.Before
		default:
			rec.ClaimedBy = append(rec.ClaimedBy, n.minted(a.Visit))
		}
	}
}
