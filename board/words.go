package board

import (
	"strings"
	"time"
	"unicode"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// Slug is a post's name in addresses: "Moc Bai" is moc-bai.
func Slug(post string) string {
	words := strings.FieldsFunc(strings.ToLower(post), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// Way names a direction as scenarios do: KH-VN.
func Way(l *gate.Layout, d gate.Direction) string {
	w := l.Directions[d]
	return w.Exit + "-" + w.Entry
}

// Clock writes an instant by the clock of a zone, to the minute.
func Clock(t border.Time, zone *time.Location) string { return t.Std(zone).Format("15:04") }

// Plain turns a name such as articulated-truck into words.
func Plain(name string) string { return strings.NewReplacer("-", " ", "_", " ").Replace(name) }

// What describes a visit in words: "laden articulated truck".
func What(t border.Traits) string {
	vehicle, load := border.VehicleType.Of(t).String(), border.LoadState.Of(t).String()
	switch {
	case vehicle == "":
		return strings.TrimPrefix(Plain(load)+" vehicle", " ")
	case vehicle == "on-foot":
		return "person on foot"
	case load != "":
		return Plain(load) + " " + Plain(vehicle)
	}
	return Plain(vehicle)
}

// Doing says what a visit is doing, as part of a sentence.
func Doing(l *gate.Layout, v *node.Visit) string {
	place, stop := l.Places[v.Place].Name, l.Stops[v.Stop].Name
	switch v.Phase {
	case gate.PhaseEnded:
		if v.Lost {
			return "not here any more; how it left is not known"
		}
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
		return "done in " + place + ", the way ahead is not free"
	case gate.PhaseRefused:
		return "refused, waiting to be turned back in " + place
	}
	if v.Place == gate.Outside {
		return "place not known"
	}
	return "not where it should be, in " + place
}

// Marks are the conditions drawn beside a vehicle, the most urgent first.
const (
	MarkHeld       = "held"
	MarkRefused    = "refused"
	MarkUnplaced   = "unplaced"
	MarkAstray     = "astray"
	MarkUnready    = "unready"
	MarkPassengers = "passengers"
	MarkBlocked    = "blocked"
	MarkCalled     = "called"
)

// Mark is the most urgent of a visit's conditions, "" for none.
func Mark(v *node.Visit) string {
	switch {
	case v.Phase == gate.PhaseEnded:
		return ""
	case v.Held:
		return MarkHeld
	case v.Phase == gate.PhaseRefused:
		return MarkRefused
	case v.Phase == gate.PhaseAstray && v.Place == gate.Outside:
		return MarkUnplaced
	case v.Phase == gate.PhaseAstray:
		return MarkAstray
	case !v.Ready || v.Phase == gate.PhaseAwaitingDossier:
		return MarkUnready
	case v.Phase == gate.PhaseAwaitingPassengers:
		return MarkPassengers
	case v.Phase == gate.PhaseDone:
		return MarkBlocked
	case v.Phase == gate.PhaseCalled:
		return MarkCalled
	}
	return ""
}

// MarkWords says what a mark means.
func MarkWords(mark string) string {
	return map[string]string{
		MarkHeld: "held by an agency", MarkRefused: "refused", MarkAstray: "in the wrong place", MarkUnplaced: "place not known",
		MarkUnready: "dossier not ready", MarkPassengers: "waiting for passengers",
		MarkBlocked: "done, way ahead not free", MarkCalled: "called forward",
	}[mark]
}
