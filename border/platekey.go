package border

import (
	"strings"
	"unicode"
)

// plateCountries are those whose plates can be read, in the order in which one
// of no known country is tried.
var plateCountries = [...]string{"KH", "VN", "LA", "TH", "MM", "CN"}

// PlateKey returns what finds a plate of which nobody said the country: equal
// for two spellings of one plate. It is the Match of the first country whose
// plates have such a shape, in the order KH, VN, LA, TH, MM, CN, those without a
// province first; of a plate that is none of theirs, its letters and digits.
// Plates of two countries that look alike share a key. What has no letter and no
// digit is no plate, and has the key "".
func PlateKey(s string) string {
	folded := foldPlate(s)
	if !strings.ContainsFunc(folded, func(r rune) bool { return unicode.In(r, unicode.L, unicode.Nd) }) {
		return ""
	}
	for _, country := range plateCountries {
		if country == "MM" {
			continue // its regions are any three letters: KEP, too, which is a province of Cambodia
		}
		if number, ok := plateRules[country].numberOf(country, folded, ""); ok && len(s) <= maxPlate {
			return country + ":" + number // most need no search for a province
		}
	}
	for _, country := range plateCountries {
		if p, err := ParsePlate(country, s); err == nil {
			return p.Match
		}
	}
	return ":" + strings.ReplaceAll(folded, "-", "")
}

// SamePlate reports whether two readings of a plate may be of one vehicle: their
// keys are equal, or one of them leaves the province out.
func SamePlate(a, b string) bool {
	a, b = PlateKey(a), PlateKey(b)
	return a != "" && b != "" && (a == b || strings.HasPrefix(a, b+":") || strings.HasPrefix(b, a+":"))
}
