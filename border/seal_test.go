package border_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"landport/border"
)

func TestSealsReadAsTheyStand(t *testing.T) {
	for _, c := range []struct{ given, kept string }{
		{"774411", "774411"}, {"HLB1234567", "HLB1234567"}, {"ml-cn 123.4567", "MLCN1234567"}, {"000123", "000123"}, {"0", "0"},
		{"999999999999999999", "999999999999999999"}, {"ZZZZZZZZZZZZ", "ZZZZZZZZZZZZ"}, {"A", "A"},
	} {
		seal, err := border.ParseSeal(c.given)
		if err != nil || seal.String() != c.kept {
			t.Errorf("seal %q is kept as %q (%d), %v; want %q", c.given, seal, seal, err, c.kept)
		}
	}
	if seal, _ := border.ParseSeal("774411"); seal != 774411 {
		t.Errorf("a seal that is a number is kept as %d", seal)
	}
}

func TestSealsThatDoNotFit(t *testing.T) {
	for _, c := range []struct{ given, says string }{
		{"", "no letters or digits"}, {" - ", "no letters or digits"}, {"SEAL#1", `'#' is neither`}, {"ផ្លុំ1", "is neither"},
		{"ABCDEFGHIJKLM", "13 letters and digits; it takes up to 12"}, {"1234567890123456789", "19 letters and digits"},
	} {
		if seal, err := border.ParseSeal(c.given); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("seal %q gives %q, %v; want an error with %q", c.given, seal, err, c.says)
		}
	}
}

func TestSealsNeverCollide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := rapid.StringMatching(`[0-9A-Z]{1,12}`)
		a, b := marks.Draw(t, "a"), marks.Draw(t, "b")
		one, err := border.ParseSeal(a)
		if err != nil || one.String() != a {
			t.Fatalf("%q is kept as %q, %v", a, one, err)
		}
		if other, _ := border.ParseSeal(b); (one == other) != (a == b) {
			t.Fatalf("%q and %q are %d and %d", a, b, one, other)
		}
	})
}
