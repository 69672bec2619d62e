package border

import (
	"fmt"
	"strings"
)

// Locode is a place in the United Nations Code for Trade and Transport
// Locations: two letters for the country and three letters or digits 2 to 9
// for the place, such as KHBVT (UN/CEFACT Recommendation 16).
type Locode string

// locodeNames are the places that scenarios and corridors name, as in UN/LOCODE
// issue 2014-1 and, for the ports of Viet Nam and Thailand, later lists of
// ports. A crossing point without a code of its own is not listed.
var locodeNames = map[Locode]string{
	"CNHKM": "Hekou",
	"CNKNM": "Kunming",
	"CNLGB": "Longbang",
	"CNPIN": "Pingxiang",
	"CNQZH": "Qinzhou",
	"CNRUI": "Ruili",
	"KHBVT": "Bavet",
	"KHKOS": "Kampong Saom (Sihanoukville)",
	"KHPNH": "Phnom Penh",
	"KHPPT": "Poipet",
	"KHSVR": "Svay Rieng",
	"LASAV": "Savannakhet",
	"LATHG": "Thanaleng",
	"LATHK": "Thakhek",
	"LAVTE": "Vientiane",
	"MMMDL": "Mandalay",
	"MMRGN": "Yangon",
	"MMTHL": "Tachilek",
	"THBKK": "Bangkok",
	"THLCH": "Laem Chabang",
	"VNDAD": "Da Nang",
	"VNHPH": "Haiphong",
	"VNSGN": "Ho Chi Minh City",
}

// ParseLocode reads a UN/LOCODE in any case, with or without a space after the
// country. It checks the form and the country; not every place is in a table here.
func ParseLocode(s string) (Locode, error) {
	plain := compactCode(s)
	fail := func(format string, args ...any) (Locode, error) {
		return "", fmt.Errorf("UN/LOCODE %q: %s", s, fmt.Sprintf(format, args...))
	}
	for i, r := range []rune(plain) {
		switch letter := r >= 'A' && r <= 'Z'; {
		case i < 2 && !letter:
			return fail("character %d is %q; the first two are the country's letters, as in KHBVT", i+1, r)
		case i >= 2 && (r == '0' || r == '1'):
			return fail("character %d is %q; places use letters and digits 2 to 9, so it may be %c", i+1, r, "OI"[r-'0'])
		case i >= 2 && !letter && (r < '2' || r > '9'):
			return fail("character %d is %q; places use letters A to Z and digits 2 to 9, as in KHBVT", i+1, r)
		}
	}
	if n := len([]rune(plain)); n != 5 {
		return fail("it has %d characters; two for the country and three for the place are needed, as in KHBVT", n)
	}
	if !KnownCountry(plain[:2]) {
		return fail("%s is not an ISO 3166 country code", plain[:2])
	}
	return Locode(plain), nil
}

// Country returns the ISO 3166-1 alpha-2 code.
func (l Locode) Country() string { return string(l[:min(2, len(l))]) }

// Name returns the place's name if it is one of those kept here.
func (l Locode) Name() (name string, known bool) {
	name, known = locodeNames[l]
	return name, known
}

// String returns the code as UN/CEFACT prints it, such as "KH BVT".
func (l Locode) String() string {
	return strings.TrimSpace(l.Country() + " " + string(l[min(2, len(l)):]))
}
