package border

import (
	"slices"
	"strings"
	"testing"
)

func TestCountryCodes(t *testing.T) {
	codes := strings.Fields(countryCodes)
	if len(codes) != 249 || !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != 249 {
		t.Errorf("%d codes; ISO 3166-1 has 249, each once", len(codes))
	}
	known := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			if KnownCountry(code) != slices.Contains(codes, code) {
				t.Errorf("KnownCountry(%q) = %v", code, KnownCountry(code))
			}
			if KnownCountry(code) {
				known++
			}
		}
	}
	if known != 249 {
		t.Errorf("%d known", known)
	}
	for _, s := range []string{"", "K", "kh", "KHM", " K", "H ", "EU", "UK", "XX"} {
		if KnownCountry(s) {
			t.Errorf("%q is known", s)
		}
	}
}

func TestParseCountry(t *testing.T) {
	for _, test := range []struct{ in, want string }{{"KH", "KH"}, {" vn ", "VN"}, {"Fr", "FR"}} {
		if got, err := ParseCountry(test.in); err != nil || got != test.want {
			t.Errorf("ParseCountry(%q) = %q, %v", test.in, got, err)
		}
	}
	for _, test := range []struct{ in, want string }{{"", "such as KH"}, {"UK", `unknown country "UK"`}, {"vietnam", "VIETNAM is VN"}, {"KHM", "KHM is KH"}} {
		if _, err := ParseCountry(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseCountry(%q): %v; want it to say %q", test.in, err, test.want)
		}
	}
}

func TestCountryName(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{"KH", "Cambodia"}, {"VN", "Viet Nam"}, {"LA", "Lao PDR"}, {"TH", "Thailand"}, {"MM", "Myanmar"}, {"CN", "China"}, {"FR", "FR"},
	} {
		if got := CountryName(test.code); got != test.want {
			t.Errorf("CountryName(%q) = %q; want %q", test.code, got, test.want)
		}
	}
}

func FuzzParseCountry(f *testing.F) {
	f.Add("kh")
	f.Add("Ⅵ")
	f.Fuzz(func(t *testing.T, s string) {
		code, err := ParseCountry(s)
		if err == nil && !KnownCountry(code) {
			t.Fatalf("%q became %q", s, code)
		}
	})
}
