package border

import (
	"fmt"
	"strings"
)

// Seal is the identifier on a seal of a vehicle or container (ISO 17712), as a
// number: itself where it is one, else a negative number that spells it.
type Seal int64

const (
	sealDigits = 18 // as many digits fit a number
	sealMarks  = 12 // as many letters and digits do
	sealBase   = 37 // digits, letters, and the end
)

const sealAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// ParseSeal reads an identifier as it stands on a seal: letters and digits, in
// which spaces, hyphens and dots do not count. The error says what does not fit.
func ParseSeal(s string) (Seal, error) {
	marks := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(s))
	if marks == "" {
		return 0, fmt.Errorf("seal %q: it has no letters or digits; give what stands on the seal, such as HLB1234567", s)
	}
	spelt, plain := Seal(0), true
	for _, c := range marks {
		i := strings.IndexRune(sealAlphabet, c)
		if i < 0 {
			return 0, fmt.Errorf("seal %q: %q is neither a letter from A to Z nor a digit; give what stands on the seal, such as HLB1234567", s, c)
		}
		plain = plain && i < 10
	}
	if plain && marks[0] != '0' && len(marks) <= sealDigits {
		for _, c := range marks {
			spelt = 10*spelt + Seal(c-'0')
		}
		return spelt, nil
	}
	if len(marks) > sealMarks {
		return 0, fmt.Errorf("seal %q: it has %d letters and digits; it takes up to %d, or %d digits alone", s, len(marks), sealMarks, sealDigits)
	}
	for _, c := range marks {
		spelt = sealBase*spelt - 1 - Seal(strings.IndexRune(sealAlphabet, c))
	}
	return spelt, nil
}

// String returns the identifier, letters in capitals, empty for a seal without one.
func (s Seal) String() string {
	switch {
	case s == 0:
		return ""
	case s > 0:
		return fmt.Sprint(int64(s))
	}
	var marks []byte
	for ; s < 0; s /= sealBase {
		if i := -(s % sealBase) - 1; i >= 0 {
			marks = append([]byte{sealAlphabet[i]}, marks...)
		}
	}
	return string(marks)
}
