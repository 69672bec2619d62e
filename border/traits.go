package border

import (
	"fmt"
	"strings"
)

// Traits describe one visit on separate axes, one bit per value. Load state,
// customs procedure, vehicle type, traffic right and operator status hold
// exactly one value each; cargo nature is a set.
type Traits uint64

// Axis is one way to describe a visit.
type Axis uint8

// The axes of Traits.
const (
	LoadState Axis = iota
	CargoNature
	CustomsProcedure
	VehicleType
	TrafficRight
	OperatorStatus
	axes
)

// Load state.
const (
	Empty Traits = 1 << iota
	PartLoaded
	Laden

	// Cargo nature, a set.
	Perishable
	Dangerous
	LiveAnimals
	Oversize
	Relief // humanitarian, festival and charity transports

	// Customs procedure.
	NoGoods
	HomeUse
	Transit
	TemporaryAdmission
	Outright // outright export without a matching import procedure known

	// Vehicle type.
	RigidTruck
	ArticulatedTruck
	Van
	Coach
	Car
	Motorbike
	OnFoot
	Train
	Barge

	// Traffic right.
	BilateralPermit
	CorridorPermit // CBTA and the like
	BorderPass
	LocalOnly // must transship at the line
	NoPermitNeeded

	// Operator status.
	Regular
	Authorised // authorised economic operator
)

var axisNames = [axes]string{"load_state", "cargo_nature", "customs_procedure", "vehicle_type", "traffic_right", "operator_status"}

// axisValues lists every axis's values in bit order: bit i of axis a is
// axisMask[a]'s i-th bit.
var axisValues = [axes][]string{
	{"empty", "part-loaded", "laden"},
	{"perishable", "dangerous", "live-animals", "oversize", "relief"},
	{"no-goods", "home-use", "transit", "temporary-admission", "outright"},
	{"rigid-truck", "articulated-truck", "van", "coach", "car", "motorbike", "on-foot", "train", "barge"},
	{"bilateral-permit", "corridor-permit", "border-pass", "local-only", "no-permit-needed"},
	{"regular", "authorised"},
}

// String returns the axis's name as written in scenario files and in JSON.
func (a Axis) String() string { return axisNames[a] }

// Axes lists every axis in order.
func Axes() []Axis {
	return []Axis{LoadState, CargoNature, CustomsProcedure, VehicleType, TrafficRight, OperatorStatus}
}

// axisStart is the first bit of every axis, and the bit after the last.
var axisStart = [axes + 1]uint8{0, 3, 8, 13, 22, 27, 29}

func (a Axis) shift() int { return int(axisStart[a]) }

// Mask returns the bits of the axis.
func (a Axis) Mask() Traits { return 1<<axisStart[a+1] - 1<<axisStart[a] }

// Values lists the axis's values as written.
func (a Axis) Values() []string { return append([]string(nil), axisValues[a]...) }

// Of returns the part of t that lies on the axis.
func (a Axis) Of(t Traits) Traits { return t & a.Mask() }

// ParseTrait returns the bit for a value such as "laden". The error names the
// axes and what they accept.
func ParseTrait(s string) (Traits, Axis, error) {
	for a := range axes {
		for i, v := range axisValues[a] {
			if v == s {
				return 1 << (a.shift() + i), a, nil
			}
		}
	}
	all := make([]string, 0, axes)
	for a := range axes {
		all = append(all, axisNames[a]+": "+strings.Join(axisValues[a], ", "))
	}
	return 0, 0, fmt.Errorf("unknown trait %q; known are %s", s, strings.Join(all, "; "))
}

// Names lists the values of t in axis order.
func (t Traits) Names() []string {
	var out []string
	shift := 0
	for a := range axes {
		for i, v := range axisValues[a] {
			if t>>(shift+i)&1 != 0 {
				out = append(out, v)
			}
		}
		shift += len(axisValues[a])
	}
	return out
}

// String joins the names of t with spaces.
func (t Traits) String() string { return strings.Join(t.Names(), " ") }

// Check reports the first single-valued axis on which t has more than one value.
func (t Traits) Check() error {
	for a := range axes {
		v := a.Of(t)
		if a != CargoNature && v&(v-1) != 0 {
			return fmt.Errorf("%s has several values (%s); it takes one", a, v)
		}
	}
	return nil
}

// With returns t with the values of told on every axis on which it has any.
func (t Traits) With(told Traits) Traits {
	for a := range axes {
		if on := a.Of(told); on != 0 {
			t = t&^a.Mask() | on
		}
	}
	return t
}

// Predicate is what a gate asks of a visit: for every axis, which values it
// refuses, and which it requires. It turns away by what is known alone: who has
// no value on an axis may be anything, and passes. The zero Predicate accepts
// everything. Group tells who is known to belong.
type Predicate struct {
	Refused  Traits // values it does not accept
	Required Traits // values that must all be present
}

// Accepts reports whether t meets the predicate.
func (p Predicate) Accepts(t Traits) bool { return t&p.Refused == 0 && t&p.Required == p.Required }

// Only returns the predicate that accepts, on every axis mentioned in allowed,
// those values alone. For cargo nature, a set, each listed value is required.
func Only(allowed Traits) Predicate {
	var p Predicate
	for a := range axes {
		on := a.Of(allowed)
		if on == 0 {
			continue
		}
		if a == CargoNature {
			p.Required |= on
		} else {
			p.Refused |= a.Mask() &^ on
		}
	}
	return p
}

// Except returns p narrowed by refusing the given values.
func (p Predicate) Except(refused Traits) Predicate {
	p.Refused |= refused
	return p
}

// Group is a predicate of whom a rule is about, such as a fee for laden trucks:
// on each axis that it names, a visit must have a value. Who has none, such as a
// motorbike that has no load state, is not in it. The zero Group is everybody.
type Group struct {
	Predicate
	Known Traits // all bits of the axes on which there must be a value
}

// Among returns the group of those with, on every axis mentioned in allowed,
// one of those values. For cargo nature, a set, each listed value is required.
func Among(allowed Traits) Group {
	g := Group{Predicate: Only(allowed)}
	for a := range axes {
		if a != CargoNature && a.Of(allowed) != 0 {
			g.Known |= a.Mask()
		}
	}
	return g
}

// Except returns g narrowed by refusing the given values.
func (g Group) Except(refused Traits) Group {
	g.Refused |= refused
	return g
}

// Has reports whether t is known to be in the group.
func (g Group) Has(t Traits) bool { return g.Accepts(t) && g.Unknown(t) == 0 }

// Unknown returns the bits of the axes that the group names and on which t has
// no value.
func (g Group) Unknown(t Traits) (unknown Traits) {
	if g.Known == 0 {
		return 0
	}
	for a := range axes {
		if on := a.Of(g.Known); t&on == 0 {
			unknown |= on
		}
	}
	return unknown
}
