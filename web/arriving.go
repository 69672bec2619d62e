package web

import (
	"landport/border"
	"landport/gate"
)

// notKnown is chosen where a form wants to be told that nobody knows.
const notKnown = "unknown"

// arriving are the acts that bring a visit. They assert nothing that was not
// chosen: direction, vehicle and load have to be, and what else this post turns
// vehicles away for if it is not known.
func (v *view) arriving() []act {
	way := field{Name: "direction", Label: "Direction", Kind: "select", Required: true}
	if len(v.Layout.Directions) > 1 {
		way.Options = []choice{{"", "choose", true}}
	}
	for d := range v.Layout.Directions {
		way.Options = append(way.Options, choice{v.Way(gate.Direction(d)), v.wayWords(gate.Direction(d)), false})
	}
	first, rest := v.asked()
	first = append([]field{plateField(), way}, first...)
	first = append(first, field{Name: "reference", Label: "Reference", Kind: "text", Hint: "from the other side, or as announced"})
	dossier := field{Name: "dossier", Label: "Dossier", Kind: "select", Options: []choice{{"ready", "ready, or not asked", true}, {"unready", "not ready", false}}}
	place := v.placesField("In", func(gate.PlaceID) bool { return true })
	place.Required, place.Options[0].Text = false, "where it begins its way here"
	announced := append(append([]field{}, first...), rest...)
	arrived := append(append(first, dossier, place, whenField()), rest...)
	return []act{newAct(gate.ObserveArrival, "Arrival", arrived...), newAct(gate.Announce, "Announcement", announced...)}
}

// asked are the axes that have to be told of who comes, and the others.
func (v *view) asked() (first, rest []field) {
	var without border.Traits // those without are turned away
	for i := range v.Layout.Procedures {
		without |= v.Layout.Procedures[i].Accepts.Required
	}
	for i := range v.State.Places {
		without |= v.State.Places[i].Accepts.Required
	}
	for _, a := range axesAsked {
		f := axisField(a, 0)
		switch {
		case a == border.CargoNature || a != border.VehicleType && a != border.LoadState && a.Of(without) == 0:
			rest = append(rest, f)
			continue
		case a == border.LoadState:
			f.Options = append(f.Options, choice{notKnown, "not known, or carries no goods", false})
		default:
			f.Options = append(f.Options, choice{notKnown, "not known", false})
		}
		f.Required, f.Options[0] = true, choice{"", "choose", true}
		first = append(first, f)
	}
	return first, rest
}

// arrivals checks that who comes, and was not announced, comes from somewhere.
func (f *formReader) arrivals(do gate.Do) {
	brings := do == gate.ObserveArrival || do == gate.Announce
	if brings && f.r.PathValue("reference") == "" && f.text("direction") == "" && len(f.layout.Directions) > 1 {
		f.failf("choose the direction")
	}
}
