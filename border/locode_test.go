package border

import (
	"strings"
	"testing"
)

func TestParseLocode(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Locode
	}{{"KHBVT", "KHBVT"}, {"kh bvt", "KHBVT"}, {"CN-PIN", "CNPIN"}, {"USSA9", "USSA9"}} {
		got, err := ParseLocode(test.in)
		if err != nil || got != test.want || got.Country() != string(test.want[:2]) {
			t.Errorf("ParseLocode(%q) = %q, %v; want %q", test.in, string(got), err, string(test.want))
		}
	}
	for _, test := range []struct{ in, want string }{
		{"", "0 characters"},
		{"KHBV", "4 characters"},
		{"KHBVTX", "6 characters"},
		{"K1BVT", "character 2 is '1'; the first two are the country's letters"},
		{"XXBVT", "XX is not an ISO 3166 country code"},
		{"KHB0T", "character 4 is '0'; places use letters and digits 2 to 9, so it may be O"},
		{"KHBV1", "so it may be I"},
		{"KHBV៥", "character 5 is '៥'"},
	} {
		if _, err := ParseLocode(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseLocode(%q): %v; want it to say %q", test.in, err, test.want)
		}
	}
}

func TestLocodeNames(t *testing.T) {
	for code, name := range locodeNames {
		if got, err := ParseLocode(code.String()); err != nil || got != code {
			t.Errorf("%s reads as %q, %v", code, got, err)
		}
		if got, known := code.Name(); !known || got != name || name == "" {
			t.Errorf("%s is %q, %v", code, got, known)
		}
	}
	if name, known := Locode("KHXYZ").Name(); known {
		t.Errorf("KHXYZ is %q", name)
	}
	if s := Locode("").String(); s != "" {
		t.Errorf("the empty code is %q", s)
	}
}

func FuzzParseLocode(f *testing.F) {
	for _, s := range []string{"KHBVT", "kh bvt", "USSA9", "KHBV1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLocode(s)
		if err != nil {
			return
		}
		if again, err := ParseLocode(l.String()); err != nil || again != l || len(l) != 5 {
			t.Fatalf("%q became %q, which reads %q, %v", s, l, again, err)
		}
	})
}
