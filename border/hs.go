package border

import (
	_ "embed"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// HS is a commodity code: 2 digits for a chapter of the Harmonized System, 4
// for a heading, 6 for a subheading, and 8 to 10 where a country divides
// further, such as the eight digits of the ASEAN Harmonised Tariff Nomenclature.
type HS string

// hsTable is the Harmonized System 2022 as published by UN Comtrade, collected
// by datahub.io under ODC-PDDL: comment lines, then code,description sorted by code.
//
//go:embed hs.csv
var hsTable string

// ParseHS reads a commodity code with or without dots and spaces, such as
// "1006.30" or "1006 30 99". It checks the form alone: older editions of the
// Harmonized System have subheadings that the present one has not.
func ParseHS(s string) (HS, error) {
	plain := compactCode(s)
	for i, r := range []rune(plain) {
		if r < '0' || r > '9' {
			return "", fmt.Errorf("HS code %q: character %d is %q; it must be a digit%s, as in 1006.30", s, i+1, r, digitMeant(r))
		}
	}
	switch len(plain) {
	case 2, 4, 6, 8, 9, 10:
	default:
		return "", fmt.Errorf("HS code %q has %d digits; a chapter has 2, a heading 4, a subheading 6, a national code 8 to 10", s, len(plain))
	}
	if err := checkChapter(plain[:2]); err != nil {
		return "", fmt.Errorf("HS code %q: %w", s, err)
	}
	return HS(plain), nil
}

func checkChapter(chapter string) error {
	switch chapter {
	case "00":
		return errors.New("there is no chapter 00; chapters are 01 to 97, and 98 and 99 for special use by contracting parties")
	case "77":
		return errors.New("chapter 77 is reserved for future use; base metals are in chapters 72 to 76 and 78 to 83")
	}
	return nil
}

// Special reports whether the code is of chapter 98 or 99, which the Harmonized
// System reserves for special use by its contracting parties: what it means is
// for each country's tariff to say.
func (h HS) Special() bool {
	return strings.HasPrefix(string(h), "98") || strings.HasPrefix(string(h), "99")
}

// Describe returns the description of the code, or of the most precise part of
// it that the Harmonized System 2022 has, and that part. The part is empty
// when not even the chapter is known.
func (h HS) Describe() (part HS, description string) {
	for digits := min(len(h), 6) &^ 1; digits >= 2; digits -= 2 {
		if d, ok := hsLookup(string(h[:digits])); ok {
			return h[:digits], d
		}
	}
	return "", ""
}

// String returns the code with its usual dots, such as 1006.30.99.
func (h HS) String() string {
	s := string(h)
	if len(s) <= 4 {
		return s
	}
	dotted := s[:4] + "." + s[4:min(6, len(s))]
	if len(s) > 6 {
		dotted += "." + s[6:]
	}
	return dotted
}

// hsLookup finds a code by binary search over the bytes of the sorted table.
func hsLookup(code string) (description string, ok bool) {
	key := code + ","
	at := sort.Search(len(hsTable), func(i int) bool { return hsLine(i) >= key })
	description, ok = strings.CutPrefix(hsLine(at), key)
	if quoted, isQuoted := strings.CutPrefix(description, `"`); isQuoted {
		description = strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
	}
	return description, ok
}

// hsLine returns the table's line that holds byte i.
func hsLine(i int) string {
	start := strings.LastIndexByte(hsTable[:i], '\n') + 1
	line, _, _ := strings.Cut(hsTable[start:], "\n")
	return line
}
