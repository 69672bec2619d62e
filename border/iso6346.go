package border

import (
	"fmt"
	"strings"
)

// Container is a freight container's identification after ISO 6346 in its
// plain form: owner code (three letters), equipment category (U, J or Z),
// serial number (six digits) and check digit, such as CSQU3054383.
type Container string

const containerExample = "CSQU 305438 3"

// ParseContainer reads a container number in any case, with or without spaces,
// hyphens, dots and slashes. The error names the character that is wrong and
// what it should be.
func ParseContainer(s string) (Container, error) {
	plain := compactCode(s)
	fail := func(format string, args ...any) (Container, error) {
		return "", fmt.Errorf("container number %q: %s", s, fmt.Sprintf(format, args...))
	}
	for i, r := range []rune(plain) {
		switch {
		case i < 4 && (r < 'A' || r > 'Z'):
			return fail("character %d is %q; it must be a letter, as in %s", i+1, r, containerExample)
		case i == 3 && r != 'U' && r != 'J' && r != 'Z':
			return fail("character 4 is %q; it must be U (container), J (detachable equipment) or Z (trailer or chassis)", r)
		case i >= 4 && i < 11 && (r < '0' || r > '9'):
			return fail("character %d is %q; it must be a digit%s", i+1, r, digitMeant(r))
		}
	}
	if n := len([]rune(plain)); n != 11 {
		return fail("it has %d characters; four letters and seven digits are needed, as in %s", n, containerExample)
	}
	if want := ContainerCheckDigit(plain[:10]); plain[10] != want {
		return fail("the check digit (digit 7) is %c; for %s it should be %c, unless another character was misread",
			plain[10], plain[:10], want)
	}
	return Container(plain), nil
}

// ContainerCheckDigit returns the check digit for four capital letters and six
// digits. Each character's value (letters 10 to 38, leaving out multiples of
// 11) is weighted by 2 to the power of its position; the sum modulo 11 modulo
// 10 is the digit (ISO 6346:2022, annex A).
func ContainerCheckDigit(first10 string) byte {
	sum := 0
	for i, r := range []byte(first10) {
		value := int(r - '0')
		if r >= 'A' {
			value = int(r-'A') + 10
			value += (value - 1) / 10 // leaves out 11, 22 and 33
		}
		sum += value << i
	}
	return '0' + byte(sum%11%10)
}

// Owner returns the owner's code, registered with the Bureau International des Containers.
func (c Container) Owner() string { return string(c[:3]) }

// Category returns U for a freight container, J for detachable equipment, Z for a trailer or chassis.
func (c Container) Category() byte { return c[3] }

// String returns the number as it is painted, such as "CSQU 305438 3".
func (c Container) String() string {
	if len(c) != 11 {
		return string(c)
	}
	return string(c[:4] + " " + c[4:10] + " " + c[10:])
}

// compactCode drops what people put between the characters of a code and
// folds its case.
func compactCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\u00a0', '-', '‐', '‑', '–', '.', '/', '_':
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

// digitMeant names the digit a look-alike letter stands for, if any.
func digitMeant(r rune) string {
	const letters, digits = "OQDILZSGB", "000112568"
	if i := strings.IndexRune(letters, r); i >= 0 {
		return fmt.Sprintf(", perhaps %c", digits[i])
	}
	return ""
}
