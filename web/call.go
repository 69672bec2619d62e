package web

import (
	"fmt"

	"landport/gate"
	"landport/node"
)

// calling calls a visit out of turn that waits where drivers are called.
func (v *view) calling(rec *node.Record) []act {
	if !v.Layout.Places[rec.Place].Pager || rec.Held {
		return nil
	}
	to := field{Name: "place", Label: "To", Kind: "select", Options: []choice{{"", "where dispatch would call it", true}}}
	for _, id := range v.lanesAhead(rec) {
		place, now := &v.Layout.Places[id], &v.State.Places[id]
		present := 0
		for _, line := range now.Lines {
			present += line.Present
		}
		text := v.short(place.Name, place.Post)
		switch {
		case place.Capacity > 0 && present >= int(place.Capacity):
			text += fmt.Sprintf(" (full: %d of %d)", present, place.Capacity)
		case !now.Open:
			text += " (closed: only who is called here by name)"
		}
		to.Options = append(to.Options, choice{place.Name, text, false})
	}
	if len(to.Options) == 1 {
		return nil
	}
	return []act{newAct(gate.Call, "Call out of turn", to, reasonField())}
}

// lanesAhead lists the places of work that come next on a waiting visit's route
// and take it in its direction; none where another place of waiting comes first.
func (v *view) lanesAhead(rec *node.Record) (lanes []gate.PlaceID) {
	waits := false
	for _, leg := range v.Layout.Procedures[rec.Procedure].Legs {
		kind := v.Layout.Places[leg.Places[0]].Kind
		switch {
		case leg.Places[0] == rec.Place:
			waits = true
		case waits && kind.Hold():
			return nil
		case waits && kind.Work():
			for _, id := range leg.Places {
				if v.State.Places[id].Directions>>rec.Direction&1 != 0 && v.Layout.Places[id].Accepts.Accepts(rec.Traits) {
					lanes = append(lanes, id)
				}
			}
			return lanes
		}
	}
	return nil
}

// beyondThisPost say what an operator of other posts can do and of this one not.
func (v *view) beyondThisPost() string {
	tidal, pager := false, false
	for i := range v.Layout.Places {
		tidal, pager = tidal || v.Layout.Places[i].Tidal, pager || v.Layout.Places[i].Pager
	}
	switch {
	case !tidal && !pager:
		return "No lane of this post can be turned, and its drivers go forward by themselves: its crossing has no tidal lane and no waiting place with a pager."
	case !tidal:
		return "No lane of this post can be turned: its crossing has no tidal lane."
	case !pager:
		return "Drivers go forward by themselves here: the crossing has no waiting place with a pager from which to call them."
	}
	return ""
}
