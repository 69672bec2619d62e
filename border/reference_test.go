package border

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReference(t *testing.T) {
	for _, test := range []struct {
		want string
		r    Reference
	}{
		{"KH07-0012-3410", Reference{"KH", 7, 1234}},
		{"KH01-0000-0027", Reference{"KH", 1, 0}},
		{"VN99-9999-9991", Reference{"VN", 99, 999999}},
		{"LA00-1000-0004-0", Reference{"LA", 0, 1000000}},
		{"CN12-1844-6744-0737-0955-1615-43", Reference{"CN", 12, math.MaxUint64}},
	} {
		if got := MintReference(test.r.Country, test.r.Post, test.r.Serial).String(); got != test.want {
			t.Errorf("%+v is %s; want %s", test.r, got, test.want)
		}
	}
	if n := len(MintReference("KH", 99, 999999).String()); n != 14 {
		t.Errorf("%d characters; want 14", n)
	}
}

func TestMintReferenceRefusesWhatCannotBe(t *testing.T) {
	for _, r := range []Reference{{"XX", 1, 1}, {"kh", 1, 1}, {"KH", -1, 1}, {"KH", 100, 1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was minted", r)
				}
			}()
			MintReference(r.Country, r.Post, r.Serial)
		}()
	}
}

func TestParseReferenceIsForgiving(t *testing.T) {
	want := Reference{"KH", 7, 1234}
	for _, s := range []string{"KH07-0012-3410", "kh07 0012 3410", "KH0700123410", " k h 0 7 00 12 34 10 ", "KHo7-oo12-34l0", "KH.07/0012–3410"} {
		if got, err := ParseReference(s); err != nil || got != want {
			t.Errorf("ParseReference(%q) = %+v, %v", s, got, err)
		}
	}
}

func TestParseReferenceSaysWhereItFails(t *testing.T) {
	for _, test := range []struct{ s, want string }{
		{"", "0 letters and digits; it needs at least 12, 12 more"},
		{"KH07-0012-341", "1 more"},
		{"0H07-0012-3410", "character 1 is '0'; a reference begins with the two letters"},
		{"KH07-0O1X-3410", "character 8 is 'X'; after the country there are digits alone"},
		{"KH07-0012-៣410", "character 9 is '៣'"},
		{"XX07-0012-3410", "XX, the first two characters, is no country"},
		{"KH07-0012-3412", "are 12; for KH07001234 they should be 10"},
		{"KH07-0021-3410", "are 10; for KH07002134 they should be"},
		{"KH07-" + strings.Repeat("1", 24), "too many"},
	} {
		if _, err := ParseReference(test.s); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseReference(%q): %v; want it to say %q", test.s, err, test.want)
		}
	}
	for _, body := range []string{"KH070001234", "KH0799999999999999999999"} {
		s := fmt.Sprintf("%s%02d", body, referenceCheck(body))
		if _, err := ParseReference(s); err == nil || !strings.Contains(err.Error(), "ever minted") {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func drawReference(t *rapid.T) Reference {
	serial := rapid.OneOf(rapid.Uint64Range(0, 999999), rapid.Uint64()).Draw(t, "serial")
	return MintReference(rapid.SampledFrom(strings.Fields(countryCodes)).Draw(t, "country"),
		rapid.IntRange(0, 99).Draw(t, "post"), serial)
}

func TestReferenceRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReference(t)
		if got, err := ParseReference(r.String()); err != nil || got != r {
			t.Fatalf("%s reads as %+v, %v; want %+v", r, got, err, r)
		}
	})
}

// misheard calls visit with every string that differs from plain in one
// character or in the order of two neighbours.
func misheard(plain string, visit func(wrong string)) {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for i := range len(plain) {
		for _, c := range []byte(alphabet) {
			if c != plain[i] {
				visit(plain[:i] + string(c) + plain[i+1:])
			}
		}
		if i > 0 && plain[i] != plain[i-1] {
			visit(plain[:i-1] + string([]byte{plain[i], plain[i-1]}) + plain[i+1:])
		}
	}
}

// TestEveryMisreadingOfAReferenceIsNoticed tries every wrong character and
// every swap of neighbours on many references, at every length. Letters that
// stand for a digit they are taken for are no misreading.
func TestEveryMisreadingOfAReferenceIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReference(t)
		misheard(compactCode(r.String()), func(wrong string) {
			if got, err := ParseReference(wrong); err == nil && got != r {
				t.Fatalf("%s was read as %s and taken for %s", r, wrong, got)
			}
		})
	})
}

// TestCheckDigitsNoticeEverySingleError covers every case there is: the change
// a wrong character or a swap makes to the number does not depend on the rest,
// so each place with each pair of characters is tried once, at every place of
// the longest reference.
func TestCheckDigitsNoticeEverySingleError(t *testing.T) {
	zeros := strings.Repeat("0", postDigits+maxSerialDigits+checkDigits)
	notices := func(a, b string) {
		if mod97(a) == mod97(b) {
			t.Errorf("%s and %s have one remainder", a, b)
		}
	}
	for i := range zeros {
		for a := '0'; a <= '9'; a++ {
			for b := a + 1; b <= '9'; b++ {
				notices(zeros[:i]+string(a)+zeros[i+1:], zeros[:i]+string(b)+zeros[i+1:])
				if i > 0 {
					notices(zeros[:i-1]+string(a)+string(b)+zeros[i+1:], zeros[:i-1]+string(b)+string(a)+zeros[i+1:])
				}
			}
		}
	}
	for length := 2; length <= len(zeros); length++ {
		for a := 'A'; a <= 'Z'; a++ {
			for b := a + 1; b <= 'Z'; b++ {
				notices(string(a)+"A"+zeros[:length], string(b)+"A"+zeros[:length])
				notices("A"+string(a)+zeros[:length], "A"+string(b)+zeros[:length])
				notices(string(a)+string(b)+zeros[:length], string(b)+string(a)+zeros[:length])
			}
		}
	}
}

// TestMod97 holds a published value: the IBAN GB82 WEST 1234 5698 7654 32,
// moved round as ISO 13616 says, leaves 1.
func TestMod97(t *testing.T) {
	if got := mod97("WEST12345698765432GB82"); got != 1 {
		t.Errorf("remainder %d; want 1", got)
	}
}

func FuzzParseReference(f *testing.F) {
	for _, s := range []string{"KH07-0012-3410", "kho7 oo12 34l0", "KH07-0012-3412", "VN99-9999-9991"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseReference(s)
		if err != nil {
			return
		}
		if again, err := ParseReference(r.String()); err != nil || again != r {
			t.Fatalf("%q became %s, which reads %+v, %v", s, r, again, err)
		}
		if MintReference(r.Country, r.Post, r.Serial) != r {
			t.Fatalf("%q became %+v, which cannot be minted", s, r)
		}
	})
}
