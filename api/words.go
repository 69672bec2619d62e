package api

import (
	"strings"

	"landport/border"
	"landport/gate"
	"landport/node"
)

func (n *names) visit(visit *node.Visit) VisitOnSite {
	l := n.layout
	j := VisitOnSite{
		Reference: visit.Reference, Direction: n.way(visit.Direction), Procedure: l.Procedures[visit.Procedure].Name,
		Traits:  visit.Traits.Names(),
		Vehicle: border.VehicleType.Of(visit.Traits).String(), Load: border.LoadState.Of(visit.Traits).String(),
		State: visit.Phase.String(), Mark: mark(visit), Ready: visit.Ready, Held: visit.Held,
		ArrivedAt: stamp(visit.ArrivedAt), HereSince: stamp(visit.HereSince), Since: stamp(visit.Since),
		Order: visit.Order, Summary: what(visit.Traits) + ", " + doing(l, visit),
	}
	if visit.Place != gate.Outside {
		j.Place = l.Places[visit.Place].Name
	}
	switch visit.Phase {
	case gate.PhaseAtStop, gate.PhaseInService, gate.PhaseAwaitingDossier:
		j.Stop = l.Stops[visit.Stop].Name
	case gate.PhaseCalled:
		j.Target = l.Places[visit.Target].Name
	}
	switch j.Mark {
	case "held":
		j.Summary += ", held by an agency"
	case "unready":
		j.Summary += ", dossier not ready"
	}
	return j
}

// what describes a visit in words: "laden articulated truck".
func what(t border.Traits) string {
	vehicle, load := border.VehicleType.Of(t).String(), border.LoadState.Of(t).String()
	switch {
	case vehicle == "":
		return "vehicle"
	case vehicle == "on-foot":
		return "person on foot"
	case load != "":
		vehicle = load + " " + vehicle
	}
	return strings.ReplaceAll(vehicle, "-", " ")
}

// doing says what a visit is doing, as part of a sentence.
func doing(l *gate.Layout, v *node.Visit) string {
	place, stop := l.Places[v.Place].Name, l.Stops[v.Stop].Name
	switch v.Phase {
	case gate.PhaseEnded:
		return "has left the crossing"
	case gate.PhaseAnnounced:
		return "announced, not here yet"
	case gate.PhaseWaiting:
		return "waiting in " + place
	case gate.PhaseCalled:
		return "called to " + l.Places[v.Target].Name
	case gate.PhaseDriving, gate.PhaseWayEnd:
		return "driving through " + place
	case gate.PhaseAtStop:
		return "in line for " + stop + " in " + place
	case gate.PhaseInService:
		return "being served at " + stop + " in " + place
	case gate.PhaseAwaitingDossier:
		return "at " + stop + " without a ready dossier"
	case gate.PhaseAwaitingPassengers:
		return "waiting for its passengers in " + place
	case gate.PhaseDone:
		return "done in " + place + ", no room ahead"
	case gate.PhaseRefused:
		return "refused, waiting to be turned back in " + place
	}
	return "not where it should be, in " + place
}

// mark is the most urgent of a visit's conditions, as drawn beside a vehicle.
func mark(v *node.Visit) string {
	switch {
	case v.Held:
		return "held"
	case v.Phase == gate.PhaseRefused:
		return "refused"
	case v.Phase == gate.PhaseAstray:
		return "astray"
	case !v.Ready || v.Phase == gate.PhaseAwaitingDossier:
		return "unready"
	case v.Phase == gate.PhaseAwaitingPassengers:
		return "passengers"
	case v.Phase == gate.PhaseDone:
		return "blocked"
	case v.Phase == gate.PhaseCalled:
		return "called"
	}
	return ""
}
