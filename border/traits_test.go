package border

import "testing"

func TestTraitNamesMatchTheirBits(t *testing.T) {
	for _, test := range []struct {
		name string
		bit  Traits
	}{
		{"empty", Empty}, {"laden", Laden}, {"perishable", Perishable}, {"relief", Relief},
		{"no-goods", NoGoods}, {"outright", Outright}, {"rigid-truck", RigidTruck}, {"on-foot", OnFoot},
		{"barge", Barge}, {"bilateral-permit", BilateralPermit}, {"no-permit-needed", NoPermitNeeded},
		{"regular", Regular}, {"authorised", Authorised},
	} {
		got, _, err := ParseTrait(test.name)
		if err != nil || got != test.bit {
			t.Errorf("ParseTrait(%q) = %b, %v; want %b", test.name, got, err, test.bit)
		}
		if test.bit.String() != test.name {
			t.Errorf("%b.String() = %q; want %q", test.bit, test.bit.String(), test.name)
		}
	}
}

func TestPredicate(t *testing.T) {
	truck := Laden | Perishable | RigidTruck | Regular
	for _, c := range []struct {
		name string
		p    Predicate
		want bool
	}{
		{"zero accepts everything", Predicate{}, true},
		{"only laden", Only(Laden), true},
		{"only empty", Only(Empty), false},
		{"laden or empty", Only(Laden | Empty), true},
		{"perishable required", Only(Perishable), true},
		{"perishable and dangerous required", Only(Perishable | Dangerous), false},
		{"laden, but no perishables", Only(Laden).Except(Perishable), false},
	} {
		if got := c.p.Accepts(truck); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

// A gate turns away by what it knows; a rule about laden trucks is not about
// a motorbike that has no load state.
func TestWhoHasNoValuePassesAGateAndIsInNoGroup(t *testing.T) {
	motorbike := NoGoods | Motorbike | BorderPass
	for _, c := range []struct {
		name          string
		allowed       Traits
		traits        Traits
		accepted, has bool
	}{
		{"everybody", 0, motorbike, true, true},
		{"a motorbike is not laden", Laden, motorbike, true, false},
		{"nor laden or empty", Laden | Empty, motorbike, true, false},
		{"a laden truck is", Laden, Laden | RigidTruck, true, true},
		{"an empty one is not", Laden, Empty | RigidTruck, false, false},
		{"laden trucks with a permit", Laden | BilateralPermit, Laden | RigidTruck, true, false},
		{"of a set, each is required", Perishable, motorbike, false, false},
		{"nothing is known", RigidTruck | ArticulatedTruck, 0, true, false},
	} {
		if got := Only(c.allowed).Accepts(c.traits); got != c.accepted {
			t.Errorf("%s: accepted %v", c.name, got)
		}
		if got := Among(c.allowed).Has(c.traits); got != c.has {
			t.Errorf("%s: in the group %v", c.name, got)
		}
	}
	if g := Among(Laden).Except(RigidTruck); g.Has(Laden|RigidTruck) || !g.Has(Laden) {
		t.Error("a group narrowed by rigid trucks")
	}
	if unknown := Among(Laden | RigidTruck).Unknown(RigidTruck); unknown != LoadState.Mask() {
		t.Errorf("unknown: %s", unknown)
	}
}

func TestTraitsCheck(t *testing.T) {
	if err := (Laden | Perishable | Dangerous | RigidTruck).Check(); err != nil {
		t.Error(err)
	}
	if err := (Laden | Empty).Check(); err == nil {
		t.Error("laden and empty at once was accepted")
	}
}
