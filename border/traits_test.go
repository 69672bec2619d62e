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

func TestTraitsCheck(t *testing.T) {
	if err := (Laden | Perishable | Dangerous | RigidTruck).Check(); err != nil {
		t.Error(err)
	}
	if err := (Laden | Empty).Check(); err == nil {
		t.Error("laden and empty at once was accepted")
	}
}
