package border

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestParseHS(t *testing.T) {
	for _, test := range []struct {
		in   string
		want HS
	}{
		{"10", "10"}, {"1006", "1006"}, {"10.06", "1006"}, {"1006.30", "100630"}, {"1006 30 99", "10063099"},
		{"1006.30.99.1", "100630991"}, {"1006309910", "1006309910"}, {"9801", "9801"},
	} {
		if got, err := ParseHS(test.in); err != nil || got != test.want {
			t.Errorf("ParseHS(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
	for _, test := range []struct{ in, want string }{
		{"", "0 digits; a chapter has 2"},
		{"100", "3 digits"},
		{"1006309", "7 digits"},
		{"10063099100", "11 digits"},
		{"1OO6", "character 2 is 'O'; it must be a digit, perhaps 0"},
		{"១០០៦", "character 1 is '១'"},
		{"0001", "no chapter 00"},
		{"7701", "chapter 77 is reserved"},
	} {
		if got, err := ParseHS(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseHS(%q) = %q, %v; want it to say %q", test.in, got, err, test.want)
		}
	}
}

func TestHSDescribe(t *testing.T) {
	for _, test := range []struct {
		code HS
		want [2]string
	}{
		{"01", [2]string{"01", "Animals; live"}},
		{"0101", [2]string{"0101", "Horses, asses, mules and hinnies; live"}},
		{"010130", [2]string{"010130", "Asses; live"}},
		{"01013000", [2]string{"010130", "Asses; live"}},
		{"0101309910", [2]string{"010130", "Asses; live"}},
		{"010199", [2]string{"0101", "Horses, asses, mules and hinnies; live"}}, // no such subheading
		{"0199", [2]string{"01", "Animals; live"}},
		{"97", [2]string{"97", "Works of art; collectors' pieces and antiques"}},
		{"970690", [2]string{"970690", "Antiques; of an age exceeding 100 years but not exceeding 250 years"}},
		{"9801", [2]string{"", ""}},
		{"00", [2]string{"", ""}},
		{"", [2]string{"", ""}},
	} {
		if part, d := test.code.Describe(); string(part) != test.want[0] || d != test.want[1] {
			t.Errorf("%q.Describe() = %q, %q; want %q", string(test.code), part, d, test.want)
		}
	}
}

func TestHSSpecial(t *testing.T) {
	for _, test := range []struct {
		code HS
		want bool
	}{
		{"98", true}, {"9801", true}, {"9999991000", true}, {"97", false}, {"970690", false}, {"0199", false}, {"", false},
	} {
		if got := test.code.Special(); got != test.want {
			t.Errorf("%q.Special() = %v", string(test.code), got)
		}
	}
}

func TestHSString(t *testing.T) {
	for _, test := range []struct {
		code HS
		want string
	}{
		{"10", "10"}, {"1006", "1006"}, {"100630", "1006.30"}, {"10063099", "1006.30.99"}, {"1006309910", "1006.30.9910"},
	} {
		if got := test.code.String(); got != test.want {
			t.Errorf("%q.String() = %q; want %q", string(test.code), got, test.want)
		}
	}
}

// TestHSTable reads the embedded table as CSV: what look-up finds is what it
// says, and every code has its parents.
func TestHSTable(t *testing.T) {
	r := csv.NewReader(strings.NewReader(hsTable))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	levels := map[int]int{}
	for _, row := range rows {
		code, err := ParseHS(row[0])
		if err != nil {
			t.Fatal(err)
		}
		levels[len(code)]++
		if part, d := code.Describe(); part != code || d != row[1] || d == "" {
			t.Fatalf("%s: found %q, %q; want %q", code, part, d, row[1])
		}
		for digits := 2; digits < len(code); digits += 2 {
			if _, ok := hsLookup(row[0][:digits]); !ok {
				t.Errorf("%s has no parent of %d digits", code, digits)
			}
		}
	}
	if levels[2] != 96 || levels[4] != 1228 || levels[6] != 5612 {
		t.Errorf("%v codes by length; the Harmonized System 2022 has 96 chapters, 1228 headings, 5612 subheadings", levels)
	}
}

func FuzzParseHS(f *testing.F) {
	for _, s := range []string{"1006.30", "01", "9999999999", "１０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHS(s)
		if err != nil {
			return
		}
		if again, err := ParseHS(h.String()); err != nil || again != h {
			t.Fatalf("%q became %q, which reads %q, %v", s, h, again, err)
		}
		if part, _ := h.Describe(); !strings.HasPrefix(string(h), string(part)) {
			t.Fatalf("%s is described as %s", h, part)
		}
	})
}
