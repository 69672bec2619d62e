package web

import (
	"strconv"

	"landport/board"
	"landport/border"
	"landport/gate"
)

// What a form asks about the traffic that a place takes, besides the values of
// every axis but cargo.
const (
	fieldTakes    = "takes-" // and the axis
	fieldRequired = "cargo-required"
	fieldRefused  = "cargo-refused"
)

// traffic sets what traffic a place takes.
func (v *view) traffic(id gate.PlaceID) act {
	now := v.State.Places[id].Accepts
	var fields []field
	for _, a := range []border.Axis{border.VehicleType, border.LoadState, border.CustomsProcedure, border.TrafficRight, border.OperatorStatus} {
		fields = append(fields, pick(fieldTakes+a.String(), axisWords(a), a, ^now.Refused))
	}
	return newAct(gate.SetAccepts, "Set traffic", append(fields,
		pick(fieldRequired, "Only cargo that is", border.CargoNature, now.Required),
		pick(fieldRefused, "No cargo that is", border.CargoNature, now.Refused), reasonField())...)
}

// pick offers the values of an axis, some of them chosen.
func pick(name, label string, a border.Axis, chosen border.Traits) field {
	f := field{Name: name, Label: label, Kind: "checkboxes"}
	for _, value := range a.Values() {
		trait, _, err := border.ParseTrait(value)
		f.Options = append(f.Options, choice{value, board.Plain(value), err == nil && chosen&trait != 0})
	}
	return f
}

// room sets how many a place takes; nil where that is not bounded.
func (v *view) room(id gate.PlaceID) []act {
	now := v.State.Places[id].Capacity
	if now == 0 {
		return nil
	}
	return []act{newAct(gate.SetCapacity, "Set room",
		field{Name: "capacity", Label: "Vehicles it takes", Kind: "number", Value: strconv.Itoa(now), Required: true}, reasonField())}
}

// accepts reads what traffic a place is to take.
func (f *formReader) accepts() (p border.Predicate) {
	for _, a := range border.Axes() {
		if a == border.CargoNature {
			p.Required |= f.ofAxis(fieldRequired, a)
			p.Refused |= f.ofAxis(fieldRefused, a)
			continue
		}
		taken := f.ofAxis(fieldTakes+a.String(), a)
		if taken == 0 {
			f.failf("choose at least one under %s: without any, the place would take nobody; to take nobody, close it", axisWords(a))
		}
		p.Refused |= a.Mask() &^ taken
	}
	if both := p.Refused & p.Required; both != 0 {
		f.failf("%s cannot be both required and refused", board.Plain(both.String()))
	}
	return p
}

// ofAxis reads the values of an axis that a field gives.
func (f *formReader) ofAxis(name string, axis border.Axis) (t border.Traits) {
	for _, given := range f.r.PostForm[name] {
		trait, of, err := border.ParseTrait(given)
		if err != nil || of != axis {
			f.failf("%s takes %s, not %q", axisWords(axis), board.Plain(axis.Mask().String()), given)
		}
		t |= trait
	}
	return t
}
