package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
	"landport/study"
)

// Fields are all that bodies of writes may hold; each operation takes some.
type Fields struct {
	Event        string     `json:"event,omitempty" enum:"arrived,announced" doc:"What happened; without it, arrived"`
	Reference    string     `json:"reference,omitempty" minLength:"1" maxLength:"60" doc:"That the neighbour minted, or of the visit that was announced"`
	Plate        string     `json:"plate,omitempty" minLength:"1" maxLength:"40" pattern:"^[^\\x00-\\x1f\\x7f]*$" patternDescription:"text on one line" doc:"Kept apart from the ledger and erasable"`
	Coach        string     `json:"coach,omitempty" minLength:"1" maxLength:"60" doc:"Reference of the coach"`
	Outward      string     `json:"outward,omitempty" minLength:"1" maxLength:"60" doc:"Of a return leg: reference of the visit that went out, however long ago"`
	Direction    string     `json:"direction,omitempty" minLength:"1" maxLength:"200" doc:"Exit country and entry country"`
	Traits       []string   `json:"traits,omitempty" minItems:"1" maxItems:"40" doc:"One each of load_state, customs_procedure, vehicle_type, traffic_right, operator_status; any of cargo_nature"`
	Refused      []string   `json:"refused,omitempty" maxItems:"40" doc:"Traits the place does not take"`
	Required     []string   `json:"required,omitempty" maxItems:"40" doc:"Traits a visit must all have"`
	DossierReady *bool      `json:"dossier_ready,omitempty" doc:"Without it, true"`
	Place        string     `json:"place,omitempty" minLength:"1" maxLength:"200" doc:"A place's name"`
	Formalities  []string   `json:"formalities,omitempty" maxItems:"40" doc:"By their names"`
	Outcome      string     `json:"outcome,omitempty" doc:"Of the service; without it, passed"`
	Milestone    string     `json:"milestone,omitempty" doc:"An event of a time release study"`
	Reason       string     `json:"reason,omitempty" doc:"Why"`
	Servers      int64      `json:"servers,omitempty" minimum:"0" doc:"Officers or booths on duty"`
	Capacity     int64      `json:"capacity,omitempty" minimum:"0" doc:"Vehicles"`
	Policy       string     `json:"policy,omitempty" minLength:"1" maxLength:"200" doc:"A policy's name"`
	Opening      string     `json:"opening,omitempty" minLength:"1" maxLength:"200" doc:"Which of the post's hours"`
	Day          string     `json:"day,omitempty" format:"date" minLength:"10" maxLength:"10" doc:"On the post's clock: today or up to 366 days ahead"`
	Opens        string     `json:"opens,omitempty" pattern:"^[0-2][0-9]:[0-5][0-9]$" patternDescription:"a clock such as 06:00" doc:"By the post's clock; without opens and closes, closed all day"`
	LastEntry    string     `json:"last_admission,omitempty" pattern:"^[0-2][0-9]:[0-5][0-9]$" patternDescription:"a clock such as 21:30" doc:"Nobody is admitted from then on; without it, until it closes"`
	Closes       string     `json:"closes,omitempty" pattern:"^[0-2][0-9]:[0-5][0-9]$" patternDescription:"a clock such as 22:00, or 24:00" doc:"On the day after if it is not after opens"`
	FallBack     bool       `json:"fall_back,omitempty" doc:"Visits under way fall back where they can; else they finish under it"`
	Slot         time.Time  `json:"slot,omitzero" doc:"An instant in the slot"`
	Until        time.Time  `json:"until,omitzero" doc:"By when the visit must be back"`
	Thing        uint32     `json:"thing,omitempty" doc:"Of a power unit, trailer, container, consignment or person; to link a new one, leave it out"`
	ThingKind    uint8      `json:"thing_kind,omitempty" doc:"Of a new one, as the sender numbers kinds"`
	Seal         string     `json:"seal,omitempty" minLength:"1" maxLength:"40" doc:"What stands on the seal: up to 12 letters and digits, or 18 digits alone"`
	Time         time.Time  `json:"time,omitzero" doc:"When it was"`
	OccurredAt   *time.Time `json:"occurred_at,omitempty" doc:"When it was observed, if not now: at most 30 days ago"`
	Remark       string     `json:"remark,omitempty" minLength:"1" maxLength:"1000" pattern:"^[^\\x00-\\x08\\x0b-\\x1f\\x7f]*$" patternDescription:"text" doc:"Free text, at most 1,000 bytes; kept apart from the ledger and erasable"`
}

// How late and how early a device's reading may be.
const (
	lateMost  = 30 * border.Day
	earlyMost = border.Minute
)

// fieldSchemas describes the fields, with all the names that every post has.
func (s *server) fieldSchemas() map[string]*huma.Schema {
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	fields := registry.Schema(reflect.TypeFor[Fields](), false, "").Properties
	enum := func(of *huma.Schema, values []string) {
		for _, v := range values {
			of.Enum = append(of.Enum, v)
		}
	}
	var traits []string
	for _, a := range border.Axes() {
		traits = append(traits, a.Values()...)
	}
	for _, name := range []string{"traits", "refused", "required"} {
		enum(fields[name].Items, traits)
	}
	enum(fields["reason"], reasons())
	enum(fields["outcome"], outcomes())
	enum(fields["milestone"], milestones())
	fields["formalities"].Items.MinLength, fields["formalities"].Items.MaxLength = new(1), new(200)
	return fields
}

// reasons lists why people act; dispatch has reasons of its own.
func reasons() (out []string) {
	for r := gate.ByDriver; r <= gate.BreakGlass; r++ {
		out = append(out, r.String())
	}
	return out
}

func outcomes() (out []string) {
	for o := gate.Passed; o <= gate.Again; o++ {
		out = append(out, o.String())
	}
	return out
}

func milestones() (out []string) {
	for c := study.Arrival; c.String() != ""; c++ {
		out = append(out, c.String())
	}
	return out
}

// body is the schema of what a row takes. Everything takes a remark, and what
// was observed says when.
func (s *server) body(r row) *huma.Schema {
	takes := strings.Fields(r.takes + " remark")
	if r.do.Observation() {
		takes = append(takes, "occurred_at")
	}
	body := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, name := range takes {
		name, required := strings.CutSuffix(name, "!")
		field, ok := s.fields[name]
		if !ok {
			panic("api: no field " + name)
		}
		body.Properties[name] = field
		if required {
			body.Required = append(body.Required, name)
		}
	}
	return body
}

// fill puts the fields of a body into a command.
func (s *server) fill(f *Fields, c *node.Command) *Problem {
	var find search
	in := &c.Input
	c.Remark, c.Plate = f.Remark, f.Plate
	reference(&find, "body.reference", f.Reference, &c.Reference)
	reference(&find, "body.coach", f.Coach, &c.Other)
	reference(&find, "body.outward", f.Outward, &c.Other)
	if f.Direction != "" {
		in.Direction = gate.Direction(find.find("body.direction", "direction", s.directions(), f.Direction))
	}
	if f.Place != "" {
		in.Place = gate.PlaceID(1 + find.find("body.place", "place", s.places(), f.Place))
	}
	in.Formalities = find.formalities(&s.names, "body.formalities", f.Formalities)
	if in.Do == gate.Refer && in.Formalities == 0 {
		find.fail("body.formalities", "name the formality it is referred to; GET /api/v1/posts lists them")
	}
	in.Traits = find.traits("body.traits", f.Traits)
	if err := in.Traits.Check(); err != nil {
		find.fail("body.traits", err.Error())
	}
	in.Reason, _ = gate.ParseReason(f.Reason) // the schema takes no other
	if f.Outcome != "" {
		in.Outcome, _ = gate.ParseOutcome(f.Outcome)
	}
	in.Thing = max(in.Thing, gate.ThingID(f.Thing))
	in.Unready = f.DossierReady != nil && !*f.DossierReady
	if f.Event == "announced" {
		in.Do = gate.Announce
		if f.Place != "" || f.Outward != "" || f.OccurredAt != nil || in.Unready {
			find.fail("body.event", "an announcement takes no place, outward, occurred_at or dossier_ready; those are of the arrival")
		}
	}
	in.N = s.number(f, in.Do, &find)
	if in.Do == gate.SetAccepts {
		in.Traits = find.traits("body.refused", f.Refused)
	}
	if !f.Time.IsZero() {
		in.At = border.At(f.Time)
	}
	if f.OccurredAt != nil {
		in.At = s.occurred(*f.OccurredAt, &find)
	}
	if len(find.faults) > 0 {
		return invalid(find.faults...)
	}
	return nil
}

// number is what an input has as its number.
func (s *server) number(f *Fields, do gate.Do, find *search) int64 {
	switch do {
	case gate.SetServers:
		return f.Servers
	case gate.SetCapacity:
		return f.Capacity
	case gate.SetAccepts:
		return int64(find.traits("body.required", f.Required))
	case gate.SetHours:
		h, err := gate.ParseDayHours(gate.OpeningID(1+find.find("body.opening", "opening", s.openings(), f.Opening)), f.Day, f.Opens, f.LastEntry, f.Closes)
		if err != nil {
			find.fail("body", err.Error())
		}
		return h.Pack()
	case gate.SetPolicy:
		return int64(find.find("body.policy", "policy", s.policies(), f.Policy))
	case gate.SuspendProcedure:
		if f.FallBack {
			return 1
		}
	case gate.Book:
		return f.Slot.UnixMicro()
	case gate.LimitStay:
		return f.Until.UnixMicro()
	case gate.ObserveMilestone:
		return int64(study.Arrival) + int64(slices.Index(milestones(), f.Milestone))
	case gate.ObserveLinked:
		return int64(f.ThingKind)
	case gate.ObserveSealed, gate.ObserveUnsealed:
		seal, err := border.ParseSeal(f.Seal)
		if err != nil {
			find.fail("body.seal", err.Error())
		}
		return int64(seal)
	}
	return 0
}

// reference reads a reference as people write it.
func reference(find *search, location, given string, to *string) {
	if given == "" {
		return
	}
	r, err := border.ParseReference(given)
	if err != nil {
		find.fail(location, err.Error())
	}
	*to = r.String()
}

// occurred reads when something was observed.
func (s *server) occurred(t time.Time, find *search) border.Time {
	at, now := border.At(t), s.node.Clock().Now()
	switch {
	case at > now.Add(earlyMost):
		find.fail("body.occurred_at", fmt.Sprintf("it has not come yet; here it is %s", board.Stamp(now)))
	case at < now.Add(-lateMost):
		find.fail("body.occurred_at", fmt.Sprintf("it is more than %d days ago; here it is %s", lateMost/border.Day, board.Stamp(now)))
	}
	return at
}
