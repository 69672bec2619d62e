package border

import (
	"fmt"
	"strconv"
	"strings"
)

// Reference names one visit to a crossing. The country of exit mints it, and a
// driver can read it out over a bad line: after the country's letters there
// are digits alone, which all the languages of the border can say, and no
// letter that looks or sounds like another.
//
// The two check digits at the end are those of ISO/IEC 7064 MOD 97-10, the
// system of international bank account numbers. They notice every wrong
// character and every two neighbours swapped; the standard's hybrid systems,
// with one check character, miss some swaps.
//
// KH07-0012-3410 is post 07 of Cambodia, serial number 001234, check digits
// 10. Serial numbers beyond 999999 make it longer.
type Reference struct {
	Country string // of exit, ISO 3166-1 alpha-2
	Post    int    // 0 to 99, numbered by the country
	Serial  uint64
}

const (
	postDigits      = 2
	minSerialDigits = 6
	checkDigits     = 2
	maxSerialDigits = 20
)

// MintReference returns the reference of a visit. The serial number is the
// post's own and never used twice. It panics on a country or post that cannot
// be: those come from checked configuration.
func MintReference(country string, post int, serial uint64) Reference {
	if !KnownCountry(country) || post < 0 || post > 99 {
		panic(fmt.Sprintf("border: no reference for country %q, post %d", country, post))
	}
	return Reference{country, post, serial}
}

// String returns the reference in groups of four, such as KH07-0012-3410.
func (r Reference) String() string {
	body := fmt.Sprintf("%s%02d%06d", r.Country, r.Post, r.Serial)
	plain := fmt.Sprintf("%s%02d", body, referenceCheck(body))
	var grouped strings.Builder
	for i, c := range []byte(plain) {
		if i > 0 && i%4 == 0 {
			grouped.WriteByte('-')
		}
		grouped.WriteByte(c)
	}
	return grouped.String()
}

// referenceCheck returns the check digits, 2 to 98, that make the whole
// congruent to 1 modulo 97, with letters counting 10 (A) to 35 (Z).
func referenceCheck(body string) int { return 98 - mod97(body+"00") }

func mod97(s string) (rest int) {
	for _, c := range []byte(s) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}

// ParseReference reads a reference in any case, with spaces, hyphens or
// nothing between its groups, and takes the letters O, I and L among the
// digits for 0 and 1. The error says at which character it fails.
func ParseReference(s string) (Reference, error) {
	plain := compactCode(s)
	fail := func(format string, args ...any) (Reference, error) {
		return Reference{}, fmt.Errorf("reference %q: %s", s, fmt.Sprintf(format, args...))
	}
	var body strings.Builder
	for i, c := range []rune(plain) {
		switch {
		case i < 2 && (c < 'A' || c > 'Z'):
			return fail("character %d is %q; a reference begins with the two letters of the country of exit, as in KH07-0012-3410", i+1, c)
		case i >= 2 && c == 'O':
			c = '0'
		case i >= 2 && (c == 'I' || c == 'L'):
			c = '1'
		case i >= 2 && (c < '0' || c > '9'):
			return fail("character %d is %q; after the country there are digits alone, as in KH07-0012-3410", i+1, c)
		}
		body.WriteRune(c)
	}
	plain = body.String()
	const shortest = 2 + postDigits + minSerialDigits + checkDigits
	switch n := len(plain); {
	case n < shortest:
		return fail("it has %d letters and digits; it needs at least %d, %d more", n, shortest, shortest-n)
	case n > shortest-minSerialDigits+maxSerialDigits:
		return fail("it has %d letters and digits; that is too many", n)
	}
	if !KnownCountry(plain[:2]) {
		return fail("%s, the first two characters, is no country", plain[:2])
	}
	data := plain[:len(plain)-checkDigits]
	if want := fmt.Sprintf("%02d", referenceCheck(data)); plain[len(data):] != want {
		return fail("the check digits at the end are %s; for %s they should be %s, so a character was misread or two were swapped",
			plain[len(data):], data, want)
	}
	serial, err := strconv.ParseUint(data[4:], 10, 64)
	if err != nil || len(data[4:]) > minSerialDigits && data[4] == '0' {
		return fail("no serial number %s, from character 5, is ever minted", data[4:])
	}
	post, _ := strconv.Atoi(data[2:4])
	return Reference{plain[:2], post, serial}, nil
}
