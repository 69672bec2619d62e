package border

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// Plate is a vehicle's number plate.
type Plate struct {
	Country string // of registration, ISO 3166-1 alpha-2
	Shown   string // as it was written, own script kept, spaces tidied
	Match   string // equal for two spellings of one plate, never for two plates
	// Misread is the number that was read where the one written has letters that
	// are never issued in their place, O for the digit 0; else "".
	Misread string
}

// plateRule says how one country's plates are built. Patterns apply to a plate
// in folded form without its province and, except for Viet Nam, without
// separators; their groups joined with hyphens are the number.
type plateRule struct {
	shape     string // what a number is made of, in words
	example   string
	number    *regexp.Regexp
	provinces []string // see provinceOf; empty where the number says it all
	needed    bool     // a number without its province is no plate
}

// The shapes are those in use since 2004 (Cambodia), 2001 (Lao PDR), 2013
// (Myanmar, besides the older Burmese script), 2003 (Viet Nam), 1975 (Thailand)
// and of GA 36-2018 (China), as described in public reference works. Plates of
// the state, the armed forces and diplomats are read where they have the same
// shape.
//
// GA 36-2018, 5.9, has no I and no O in a Chinese serial number, as they look
// like 1 and 0; the letter of the authority before it may be an O (annex A).
var plateRules = map[string]plateRule{
	"KH": {
		shape:     "a digit, one or two letters A to Z and four digits",
		example:   "2A-1234 ភ្នំពេញ or 2A-1234 Phnom Penh",
		number:    regexp.MustCompile(`(\d[A-Z]{1,2}\d{4})`),
		provinces: khProvinces,
	},
	"VN": {
		shape:   "two digits of the province from 11 on, a series of letters and four or five digits",
		example: "51C-123.45, 59-F1 234.56 or, for a trailer, 51R-012.34",
		number:  regexp.MustCompile(`((?:1[1-9]|[2-9]\d)[A-ZĐ]{1,2}\d?)-(\d{4,5})|([A-Z]{2})-(\d{4})`),
	},
	"LA": {
		shape:     "two Lao letters and four digits",
		example:   "ກຂ 1234 ສະຫວັນນະເຂດ",
		number:    regexp.MustCompile(`([ກ-ຮ]{2}\d{4})`),
		provinces: laProvinces,
	},
	"TH": {
		shape:     "one to three Thai letters, perhaps after a digit, and up to four digits, or two digits and four for a truck or bus",
		example:   "70-1234 สระแก้ว or 1กข 1234 กรุงเทพมหานคร",
		number:    regexp.MustCompile(`(\d?[ก-ฮ]{1,3})0*([1-9]\d{0,3})|(\d\d)(\d{4})`),
		provinces: thProvinces,
	},
	"MM": {
		shape:   "a region of three letters, then a digit and a letter or two letters, then four digits, or the older digits, Burmese letter and digits",
		example: "YGN 1A-1234 or ၁က/၁၂၃၄",
		number:  regexp.MustCompile(`([A-Z]{3})?(\d[A-Z]|[A-Z]{2}|HSE|RLG)(\d{4})|(\d{0,2}[က-အ])([\dဝ]{4,5})`),
	},
	"CN": {
		shape:     "the character of the province, a letter and five letters or digits, six on new-energy vehicles, or four and 挂 on a trailer",
		example:   "桂F12345, 云A·D12345 or 桂F1234挂",
		number:    regexp.MustCompile(`([A-Z][A-Z\d]{5,6}|[A-Z][A-Z\d]{4}[挂学警港澳领试超])`),
		provinces: cnProvinces,
		needed:    true,
	},
}

// maxPlate is more than any plate with its province in two scripts has, in bytes.
const maxPlate = 256

// ParsePlate reads a plate of one of the six Mekong countries. Spaces,
// hyphens, dots and slashes, case and the script of the digits do not matter;
// the province may be written before or after the number, in the country's
// script, in Latin letters or in both. Letters that are never issued are read as
// the digits they look like, and Misread says so. The error says what is wrong and gives
// an example of a right plate.
func ParsePlate(country, s string) (Plate, error) {
	rule, ok := plateRules[country]
	if !ok {
		return Plate{}, fmt.Errorf("plate %q: the shape of plates of country %q is not known here; known are KH, VN, LA, TH, MM, CN", s, country)
	}
	number, province, err := rule.read(country, s)
	if err != nil {
		return Plate{}, fmt.Errorf("plate %q of %s: %w; a right one is %s", s, CountryName(country), err, rule.example)
	}
	p := Plate{Country: country, Shown: strings.Join(strings.Fields(strings.Map(visible, s)), " ")}
	if country == "CN" {
		if issued := number[:1] + strings.NewReplacer("I", "1", "O", "0").Replace(number[1:]); issued != number {
			number, p.Misread = issued, issued
		}
	}
	p.Match = country + ":" + number
	if province != "" {
		p.Match += ":" + province
	}
	return p, nil
}

func (rule plateRule) read(country, s string) (number, province string, err error) {
	if len(s) > maxPlate {
		return "", "", errors.New("it is too long")
	}
	folded := foldPlate(s)
	if folded == "" {
		return "", "", errors.New("it is empty")
	}
	rest := folded
	for _, cut := range []func(s, name string) (string, bool){cutNothing, cutBehind, cutBefore} {
		left, found := cutProvince(rule.provinces, rest, cut)
		if found != "" && province != "" && found != province {
			return "", "", fmt.Errorf("it names two provinces, %s and %s", province, found)
		}
		rest, province = left, cmp.Or(found, province)
		if number, ok := rule.numberOf(country, rest, province); ok {
			return number, province, nil
		}
	}
	return "", "", rule.explain(rest, province)
}

// explain says why what is left without the province is no number.
func (rule plateRule) explain(rest, province string) error {
	plain := strings.ReplaceAll(rest, "-", "")
	if plain == "" {
		return errors.New("the number is missing beside the province")
	}
	if rule.provinces != nil && province == "" {
		if at := rule.number.FindStringIndex(plain); at != nil {
			if rule.needed && at[0] == 0 && at[1] == len(plain) {
				return errors.New("the province's character is missing")
			}
			return fmt.Errorf("%q is not a province known here", plain[:at[0]]+plain[at[1]:])
		}
	}
	return fmt.Errorf("%q is not %s", plain, rule.shape)
}

// numberOf returns the normal form of a number that is all of folded and may
// stand with the province.
func (rule plateRule) numberOf(country, folded, province string) (number string, ok bool) {
	if rule.needed && province == "" {
		return "", false
	}
	if country == "VN" {
		folded = splitVN(folded)
	} else {
		folded = strings.ReplaceAll(folded, "-", "")
	}
	groups := rule.number.FindStringSubmatch(folded)
	if groups == nil || groups[0] != folded {
		return folded, province == khPersonal && khPersonalNumber.MatchString(folded)
	}
	parts := groups[:0]
	for _, g := range groups[1:] {
		if g != "" {
			parts = append(parts, g)
		}
	}
	if country == "MM" { // the letter wa is often typed for the digit zero
		last := len(parts) - 1
		parts[last] = strings.ReplaceAll(parts[last], "ဝ", "0")
	}
	return strings.Join(parts, "-"), true
}

var (
	vnSeries     = regexp.MustCompile(`^(\d\d)-?([A-ZĐ]{1,2})(-?\d[-\d]*)$`)
	vnMilitary   = regexp.MustCompile(`^([A-Z]{2})-?(\d\d)-?(\d\d)$`)
	vnDiplomatic = regexp.MustCompile(`^(\d\d)-?(\d{3})-?(NG|QT|NN)-?(\d\d)$`)
	vnOwnDigit   = regexp.MustCompile(`^\d-`)
)

// splitVN puts one hyphen between series and serial number of a Vietnamese
// plate and drops the others. Five digits after a letter are a serial number
// of five (51F-123.45) unless the first is joined to the letter alone, as on an
// older motorcycle (59-F1 2345); six digits begin with the series' own.
func splitVN(folded string) string {
	if m := vnMilitary.FindStringSubmatch(folded); m != nil {
		return m[1] + "-" + m[2] + m[3]
	}
	if m := vnDiplomatic.FindStringSubmatch(folded); m != nil {
		return m[1] + m[3] + "-" + m[2] + m[4]
	}
	m := vnSeries.FindStringSubmatch(folded)
	if m == nil {
		return folded
	}
	series, digits := m[1]+m[2], strings.ReplaceAll(m[3], "-", "")
	if len(digits) == 6 || len(digits) == 5 && vnOwnDigit.MatchString(m[3]) {
		series, digits = series+digits[:1], digits[1:]
	}
	return series + "-" + digits
}

// foldPlate returns s in capitals with ASCII digits, one hyphen for every run
// of separators and one encoding for characters that have several.
func foldPlate(s string) string {
	var b strings.Builder
	separated := false
	for _, r := range strings.ToUpper(composePlate.Replace(strings.Map(visible, s))) {
		r = foldRune(r)
		if !unicode.In(r, unicode.L, unicode.M, unicode.Nd) {
			separated = b.Len() > 0
			continue
		}
		if separated {
			b.WriteByte('-')
			separated = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// visible drops the characters that format text and cannot be seen.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
		return -1
	}
	return r
}

// foldRune folds full-width forms and the digits of the border's scripts.
func foldRune(r rune) rune {
	for _, zero := range []rune{'០', '໐', '๐', '၀', '႐'} {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	switch {
	case r >= '！' && r <= '～': // full-width ASCII
		return r - '！' + '!'
	case r == 'Ð' || r == 'Ɖ': // look-alikes of the Vietnamese letter
		return 'Đ'
	}
	return r
}

// composePlate gives one encoding to what looks the same: sara am of Thai and
// Lao, Lao ligatures with ho, and the Khmer subscripts ta and da.
var composePlate = strings.NewReplacer(
	"\u0e4d\u0e32", "ำ", "\u0ecd\u0eb2", "ຳ",
	"ຫຼ", "ຫລ", "ໜ", "ຫນ", "ໝ", "ຫມ",
	"\u17d2\u178a", "\u17d2\u178f",
)
