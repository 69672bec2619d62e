package border

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPlateKey(t *testing.T) {
	keys := map[string]string{}
	for _, spellings := range [][]string{
		{"2A-1234", "2a 1234", "2A.1234", " 2A1234 ", "២A-១២៣៤"},
		{"2A-1235"},
		{"2A-1234 ភ្នំពេញ", "Phnom Penh 2A-1234", "phnom penh 2a1234"},
		{"51C-123.45", "51C12345", "51c 123 45"},
		{"59-F1 234.56", "59F123456"},
		{"70-1234 สระแก้ว", "สระแก้ว 701234"},
		{"70-1234", "701234", "๗๐-๑๒๓๔"},
		{"桂F12345", "桂f·12345"},
		{"AB 123 CDE", "ab-123-cde", "AB123CDE"}, // of no country known here
		{"", "-"},
	} {
		key := PlateKey(spellings[0])
		if other, taken := keys[key]; taken {
			t.Errorf("%q and %q have the same key %q", other, spellings[0], key)
		}
		keys[key] = spellings[0]
		for _, s := range spellings {
			if got := PlateKey(s); got != key {
				t.Errorf("%q has the key %q, but %q has %q", s, got, spellings[0], key)
			}
		}
	}
}

// Nothing is found by what has no letter and no digit.
func TestWhatIsNoPlateHasNoKey(t *testing.T) {
	for _, s := range []string{"", "-", "?", "...", "😀", " ·/", "\u200b", "\u17d2", "①"} {
		if key := PlateKey(s); key != "" {
			t.Errorf("%q has the key %q", s, key)
		}
	}
	for _, s := range []string{"0", "A", "ក", "ก", "桂"} {
		if PlateKey(s) == "" {
			t.Errorf("%q has no key", s)
		}
	}
}

// Two readings of a plate are of one vehicle, unless they say otherwise: a
// province may be left out.
func TestSamePlate(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"2A-1234", "2a 1234", true},
		{"2A-1234", "2A-1234 Phnom Penh", true},
		{"2A-1234 ភ្នំពេញ", "Phnom Penh 2A-1234", true},
		{"2A-1234 Phnom Penh", "2A-1234 Svay Rieng", false},
		{"2A-1234", "2A-1235", false},
		{"2A-1234", "51C-123.45", false},
		{"KEP 1A-0000", "1A-0000 Kep", true}, // no region of Myanmar
		{"AB 123 CDE", "ab123cde", true},
		{"AB 123 CDE", "AB 123", false},
		{"?", "?", false},
		{"?", "2A-1234", false},
		{"", "", false},
	} {
		if SamePlate(test.a, test.b) != test.same || SamePlate(test.b, test.a) != test.same {
			t.Errorf("%q and %q are one plate: %v", test.a, test.b, !test.same)
		}
	}
}

// Whatever country a plate is of, all spellings of it have one key.
func TestPlateKeyFollowsMatch(t *testing.T) {
	spellings := []string{"2A-1234", "2A 1234", "1A-1234", "AB-12-34", "AB1234", "ab-1234", "51C-123.45", "51C12345", "70-1234", "701234", "59-F1 2345", "59F-12345", "59F12345"}
	for _, a := range spellings {
		for _, b := range spellings {
			for _, country := range plateCountries {
				p, errA := ParsePlate(country, a)
				q, errB := ParsePlate(country, b)
				if errA == nil && errB == nil && p.Match == q.Match && PlateKey(a) != PlateKey(b) {
					t.Errorf("%q and %q are one plate of %s, %q, but have the keys %q and %q", a, b, country, p.Match, PlateKey(a), PlateKey(b))
				}
			}
		}
	}
}

func TestTwoSpellingsOfOnePlateHaveOneKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawNumberPlate(t)
		if a, b := p.spell(t), p.spell(t); PlateKey(a) != PlateKey(b) {
			t.Fatalf("%q has the key %q; %q has %q", a, PlateKey(a), b, PlateKey(b))
		}
	})
}
