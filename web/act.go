package web

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
)

// act is something an operator can do now: a button that opens a form.
type act struct {
	Do     string // a gate.Do's name, or one of the node's own
	Label  string
	Fields []field
	Key    string // idempotency key of this one form
}

// Acts of the node's own.
const (
	doSettle       = "settle"
	doConfirmClock = "confirm-clock"
)

func newAct(do gate.Do, label string, fields ...field) act {
	for i := range fields {
		if fields[i].Name == "reason" {
			fields[i].Required = do.NeedsReason()
		}
	}
	return act{do.String(), label, fields, rand.Text()}
}

// field is one thing that a form asks.
type field struct {
	Name, Label string
	Kind        string // select, checkboxes, radios, confirm, or a type of HTML input
	Options     []choice
	Words       map[string]string // of radios: what a value means
	Value       string
	Required    bool
	Hint        string
}

// most is how many letters a text takes.
func (f field) most() string {
	switch f.Name {
	case "remark":
		return "250" // of up to four bytes
	case "plate":
		return "20"
	}
	return "40"
}

type choice struct {
	Value, Text string
	Chosen      bool
}

// remarkField is asked with every act.
func remarkField() field {
	return field{Name: "remark", Label: "Remark", Kind: "text"}
}

// reasonField asks why, from the gate's closed list.
func reasonField() field {
	f := field{Name: "reason", Label: "Why", Kind: "select", Options: []choice{{"", "choose", true}}}
	for r := gate.ByDriver; r <= gate.BreakGlass; r++ {
		words := reasonWords(r)
		f.Options = append(f.Options, choice{r.String(), strings.ToUpper(words[:1]) + words[1:], false})
	}
	return f
}

// whenField asks when something was observed, if it is told later.
func whenField() field {
	return field{Name: "at", Label: "When", Kind: "time", Hint: "in the last 12 hours; empty: now"}
}

func axisField(a border.Axis, now border.Traits) field {
	f := field{Name: a.String(), Label: axisWords(a), Kind: "select"}
	if a == border.CargoNature {
		f.Kind = "checkboxes"
	} else {
		f.Options = []choice{{"", "not known", a.Of(now) == 0}}
	}
	for _, value := range a.Values() {
		trait, _, err := border.ParseTrait(value)
		f.Options = append(f.Options, choice{value, board.Plain(value), err == nil && now&trait != 0})
	}
	return f
}

func axisWords(a border.Axis) string {
	switch a {
	case border.LoadState:
		return "Load"
	case border.CargoNature:
		return "Cargo is"
	case border.CustomsProcedure:
		return "Customs"
	case border.VehicleType:
		return "Vehicle"
	case border.TrafficRight:
		return "Traffic right"
	}
	return "Operator"
}

// axesAsked is the order in which forms ask what describes a visit.
var axesAsked = [...]border.Axis{border.VehicleType, border.LoadState, border.CustomsProcedure, border.TrafficRight, border.OperatorStatus, border.CargoNature}

// traitFields ask all that describes a visit.
func traitFields(now border.Traits) (fields []field) {
	for _, a := range axesAsked {
		fields = append(fields, axisField(a, now))
	}
	return fields
}

// wayWords is a direction in words, as seen from the post.
func (v *view) wayWords(d gate.Direction) string {
	way := v.Layout.Directions[d]
	if way.Exit == v.Layout.Posts[0].Country {
		return "leaving, to " + border.CountryName(way.Entry)
	}
	return "entering, from " + border.CountryName(way.Exit)
}

// actsOn lists what can be done about a visit now.
func (v *view) actsOn(rec *node.Record) []act {
	where := newCourse(v.names, rec)
	switch rec.Phase {
	case gate.PhaseEnded:
		plate := plateField()
		plate.Required = true
		return []act{newAct(gate.Note, "Note", reasonField()), newAct(gate.Correct, "Correct the plate", plate, reasonField())}
	case gate.PhaseAnnounced:
		return []act{
			newAct(gate.ObserveArrival, "Arrived", whenField()), v.readiness(rec),
			newAct(gate.Cancel, "Cancel", reasonField()), correction(rec),
			newAct(gate.Note, "Note", reasonField()),
		}
	}
	acts := v.expected(rec, where)
	acts = append(acts, newAct(gate.Hold, "Hold", formalityField("For", "any formality", where.formalities()), reasonField()))
	if rec.Held {
		acts = append(acts, newAct(gate.Unhold, "Release hold", formalityField("For", "every formality", where.held())))
	}
	acts = append(acts, v.readiness(rec))
	switch {
	case rec.Phase == gate.PhaseRefused && where.handedOver:
		acts = append(acts, newAct(gate.Readmit, "Readmit"))
	case rec.Phase != gate.PhaseRefused && rec.Phase != gate.PhaseInService:
		acts = append(acts, newAct(gate.Refuse, "Refuse", over(where, formalityField("For", "not said", where.formalities()), reasonField())...))
	}
	if !where.handedOver && rec.Phase != gate.PhaseInService && v.leaving(rec.Direction) && !where.cancelled {
		acts = append(acts, newAct(gate.CancelExport, "Cancel export", over(where)...))
	}
	return append(acts,
		newAct(gate.Move, "Move", v.moveField(rec), reasonField()),
		newAct(gate.ObserveSeen, "Seen elsewhere", v.placeField("In", rec), whenField()),
		correction(rec),
		newAct(gate.ObserveGone, "Gone", reasonField(), whenField()),
		newAct(gate.Note, "Note", reasonField()),
	)
}

// expected are the acts that tell what comes next of a visit.
func (v *view) expected(rec *node.Record, where *course) []act {
	switch rec.Phase {
	case gate.PhaseWaiting:
		return v.calling(rec)
	case gate.PhaseCalled:
		return []act{newAct(gate.ObserveEntered, "Entered", v.enteredField(rec), whenField()), newAct(gate.Recall, "Call again")}
	case gate.PhaseDriving:
		return []act{newAct(gate.ObserveReached, "Reached the end", whenField())}
	case gate.PhaseInService:
		outcome := field{Name: "outcome", Label: "Outcome", Kind: "select", Options: []choice{
			{gate.Passed.String(), "passed", true}, {gate.ReferredOn.String(), "referred", false}, {gate.HeldBack.String(), "held", false},
			{gate.RefusedHere.String(), where.refusal(), false}, {gate.Again.String(), "once more", false},
		}}
		return []act{
			newAct(gate.ObserveServed, "Served", outcome, formalityField("Referred to, or held for", "nothing named", where.formalities()),
				field{Name: "reason", Label: "Why, if held or refused", Kind: "select", Options: reasonField().Options}, whenField()),
			newAct(gate.ObserveInterrupted, "Broke off", whenField()),
		}
	}
	return nil
}

// correction asks for what was wrong: traits, the plate or both.
func correction(rec *node.Record) act {
	plate := plateField()
	plate.Hint = "empty: as it is"
	return newAct(gate.Correct, "Correct", append(append([]field{plate}, traitFields(rec.Traits)...), reasonField())...)
}

func plateField() field { return field{Name: "plate", Label: "Plate", Kind: "text"} }

func (v *view) readiness(rec *node.Record) act {
	if rec.Ready {
		return newAct(gate.SetUnready, "Dossier not ready")
	}
	return newAct(gate.SetReady, "Dossier ready")
}

// leaving reports whether a direction leaves the post's own country.
func (v *view) leaving(d gate.Direction) bool {
	return v.Layout.Directions[d].Exit == v.Layout.Posts[0].Country
}

// placeField asks for a place of a visit's direction.
func (v *view) placeField(label string, rec *node.Record) field {
	return v.placesField(label, func(p gate.PlaceID) bool { return p != rec.Place && v.passes(rec.Direction, p) })
}

// placesField asks for one of the places that do.
func (v *view) placesField(label string, does func(gate.PlaceID) bool) field {
	f := field{Name: "place", Label: label, Kind: "select", Required: true, Options: []choice{{"", "choose", true}}}
	for i, p := range v.Layout.Places {
		if i > 0 && does(gate.PlaceID(i)) {
			f.Options = append(f.Options, choice{p.Name, v.short(p.Name, p.Post), false})
		}
	}
	return f
}

// moveField asks where to, and says of each place why it may not do.
func (v *view) moveField(rec *node.Record) field {
	f := v.placeField("To", rec)
	if !rec.Held {
		f.Hint = "from there it goes on in its turn, at once if nobody is ahead: hold it first if it is to stay"
	}
	for k := range f.Options[1:] {
		o := &f.Options[1+k]
		i := slices.IndexFunc(v.Layout.Places, func(p gate.Place) bool { return p.Name == o.Value })
		now := &v.State.Places[i]
		if onWay := slices.ContainsFunc(v.Layout.Procedures[rec.Procedure].Legs, func(leg gate.Leg) bool {
			return slices.Contains(leg.Places, gate.PlaceID(i))
		}); !onWay {
			o.Text += " (not on its way: in an emergency only)"
		} else if inside := now.Lines[rec.Direction].Present; now.Capacity > 0 && inside >= now.Capacity {
			o.Text += fmt.Sprintf(" (full: %d of %d)", inside, now.Capacity)
		}
	}
	return f
}

// passes reports whether a direction's procedures lead through a place.
func (v *view) passes(d gate.Direction, p gate.PlaceID) bool {
	for i := range v.plan.Carriageways {
		if c := &v.plan.Carriageways[i]; c.Direction == d && c.has(p) {
			return true
		}
	}
	return false
}

// enteredField asks where a called visit went; first where it was called to.
func (v *view) enteredField(rec *node.Record) field {
	f := v.placeField("Where", rec)
	f.Required = false
	f.Options[0] = choice{"", v.short(v.Layout.Places[rec.Target].Name, 0) + ", as called", true}
	return f
}

// formalityField asks for one formality or none.
func formalityField(label, none string, of []string) field {
	f := field{Name: "formality", Label: label, Kind: "select", Options: []choice{{"", none, true}}}
	for _, name := range of {
		f.Options = append(f.Options, choice{name, board.Plain(name), false})
	}
	return f
}

// actsAt lists what can be done about a place and its stops.
func (v *view) actsAt(p gate.PlaceID) (acts []act) {
	place, now := v.Layout.Places[p], v.State.Places[p]
	if place.Kind.Work() {
		if now.Open {
			acts = append(acts, newAct(gate.CloseLane, "Close", reasonField()))
		} else {
			acts = append(acts, newAct(gate.OpenLane, "Open", reasonField()))
		}
		acts = append(acts, v.traffic(p))
	}
	acts = append(acts, v.room(p)...)
	if place.Tidal {
		acts = append(acts, v.turns(p)...)
	}
	return acts
}

// turns are the directions that a tidal lane can be turned to; while it turns, to
// keep the one it has is to take that back.
func (v *view) turns(p gate.PlaceID) (acts []act) {
	now := &v.State.Places[p]
	for d := range v.Layout.Directions {
		label := "Turn: "
		switch {
		case now.Turning == 1<<d || now.Turning == 0 && now.Directions == 1<<d:
			continue
		case now.Directions == 1<<d:
			label = "Do not turn, stay: "
		}
		a := newAct(gate.TurnLane, label+v.wayWords(gate.Direction(d)), reasonField())
		a.Fields = append(a.Fields, field{Name: "direction", Kind: "hidden", Value: v.Way(gate.Direction(d))})
		acts = append(acts, a)
	}
	return acts
}

// staffing sets how many officers are on duty at a stop.
func (v *view) staffing(id gate.StopID) act {
	return newAct(gate.SetServers, "Set officers",
		field{Name: "officers", Label: "Officers on duty", Kind: "number", Value: strconv.Itoa(v.State.Stops[id].Servers), Required: true},
		field{Name: "stop", Kind: "hidden", Value: v.Layout.Stops[id].Name}, reasonField())
}

// governing lists what can be done about the post as a whole.
func (v *view) governing() []act {
	var acts []act
	if v.shutByOrder() {
		acts = append(acts, newAct(gate.ReopenPost, "Open the post again", reasonField()))
	} else {
		acts = append(acts, newAct(gate.ClosePost, "Close the post", reasonField()))
	}
	if hours, ok := v.changeHours(); ok {
		acts = append(acts, hours)
	}
	if l := v.Layout; len(l.Policies) > 1 {
		f := field{Name: "policy", Label: "Policy", Kind: "radios", Required: true, Words: map[string]string{}}
		for i := range l.Policies {
			if p := &l.Policies[i]; p.Name != v.State.Policy {
				f.Options = append(f.Options, choice{p.Name, board.Plain(p.Name), false})
				f.Words[p.Name] = policyWords(p)
			}
		}
		acts = append(acts, newAct(gate.SetPolicy, "Change policy", f, reasonField()))
	}
	return append(acts, v.procedures()...)
}

// procedures starts those that are suspended, and suspends those that others
// can take over.
func (v *view) procedures() []act {
	suspend := field{Name: "procedure", Label: "Procedure", Kind: "select", Required: true}
	start := suspend
	for i, p := range v.Layout.Procedures {
		switch {
		case v.State.Suspended[i]:
			start.Options = append(start.Options, choice{p.Name, p.Name, false})
		case int(p.Fallback) != i:
			suspend.Options = append(suspend.Options, choice{p.Name, p.Name + ", then " + v.Layout.Procedures[p.Fallback].Name, false})
		}
	}
	var acts []act
	if len(start.Options) > 0 {
		acts = append(acts, newAct(gate.StartProcedure, "Start a procedure", start, reasonField()))
	}
	if len(suspend.Options) > 0 {
		under := field{Name: "under-way", Label: "Visits under way", Kind: "select", Options: []choice{
			{"finish", "finish under it", true}, {"fall-back", "change where they can", false},
		}}
		acts = append(acts, newAct(gate.SuspendProcedure, "Suspend a procedure", suspend, under, reasonField()))
	}
	return acts
}
