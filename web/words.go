package web

import (
	"fmt"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// span writes a length of time as a timetable would: "42 min", "1 h 05".
func span(d border.Micros) string {
	m := int64(d) / int64(border.Minute)
	switch {
	case d < border.Minute:
		return fmt.Sprintf("%d s", int64(d)/int64(border.Second))
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 48*60:
		return fmt.Sprintf("%d h %02d", m/60, m%60)
	}
	return fmt.Sprintf("%d days", m/(24*60))
}

// exactSpan is span with the seconds of what took less than ten minutes.
func exactSpan(d border.Micros) string {
	if d < border.Minute || d >= 10*border.Minute {
		return span(d)
	}
	s := int64(d) / int64(border.Second)
	return fmt.Sprintf("%d min %02d s", s/60, s%60)
}

func clock(t border.Time, zone *time.Location) string { return t.Std(zone).Format("15:04") }

func day(t border.Time, zone *time.Location) string { return t.Std(zone).Format("Mon 2 Jan 2006") }

// plain turns a name such as articulated-truck into words.
func plain(name string) string { return strings.NewReplacer("-", " ", "_", " ").Replace(name) }

// one returns the value of t on an axis as written, "" for none.
func one(a border.Axis, t border.Traits) string { return a.Of(t).String() }

// what describes a visit in words: "laden articulated truck".
func what(t border.Traits) string {
	vehicle := one(border.VehicleType, t)
	switch vehicle {
	case "":
		return "vehicle"
	case "on-foot":
		return "person on foot"
	}
	if load := one(border.LoadState, t); load != "" {
		return plain(load) + " " + plain(vehicle)
	}
	return plain(vehicle)
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

// Marks are the conditions drawn beside a vehicle, the most urgent first.
const (
	markHeld       = "held"
	markRefused    = "refused"
	markAstray     = "astray"
	markUnready    = "unready"
	markPassengers = "passengers"
	markBlocked    = "blocked"
	markCalled     = "called"
)

func mark(v *node.Visit) string {
	switch {
	case v.Held:
		return markHeld
	case v.Phase == gate.PhaseRefused:
		return markRefused
	case v.Phase == gate.PhaseAstray:
		return markAstray
	case !v.Ready || v.Phase == gate.PhaseAwaitingDossier:
		return markUnready
	case v.Phase == gate.PhaseAwaitingPassengers:
		return markPassengers
	case v.Phase == gate.PhaseDone:
		return markBlocked
	case v.Phase == gate.PhaseCalled:
		return markCalled
	}
	return ""
}

func markWords(mark string) string {
	return map[string]string{
		markHeld: "held by an agency", markRefused: "refused", markAstray: "in the wrong place",
		markUnready: "dossier not ready", markPassengers: "waiting for passengers",
		markBlocked: "done, no room ahead", markCalled: "called forward",
	}[mark]
}
