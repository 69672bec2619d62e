package survey

import (
	"strings"
	"unicode"
)

// latin holds the Latin letters of Vietnamese by what they are without marks.
var latin = [...]struct{ plain, marked string }{
	{"a", "àáảãạăằắẳẵặâầấẩẫậ"}, {"d", "đ"}, {"e", "èéẻẽẹêềếểễệ"}, {"i", "ìíỉĩị"},
	{"o", "òóỏõọôồốổỗộơờớởỡợ"}, {"u", "ùúủũụưừứửữự"}, {"y", "ỳýỷỹỵ"},
}

// fold returns s in small letters without Vietnamese marks, its digits Latin,
// its words apart by one space and everything else dropped.
func fold(s string) string {
	var b strings.Builder
	apart := false
	for _, r := range strings.ToLower(s) {
		r = unmarked(digit(r))
		switch {
		case r >= 0x300 && r <= 0x36f: // a mark by itself, in decomposed text
		case unicode.In(r, unicode.L, unicode.M, unicode.Nd):
			if apart && b.Len() > 0 {
				b.WriteByte(' ')
			}
			apart = false
			b.WriteRune(r)
		default:
			apart = true
		}
	}
	return b.String()
}

func unmarked(r rune) rune {
	if r < 0x80 {
		return r
	}
	for _, l := range latin {
		if strings.ContainsRune(l.marked, r) {
			return rune(l.plain[0])
		}
	}
	return r
}

// digit returns the Latin digit for one of the border's scripts.
func digit(r rune) rune {
	for _, zero := range [...]rune{'០', '໐', '๐', '၀', '０'} {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}
