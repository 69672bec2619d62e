package border

import (
	"fmt"
	"strings"
	"testing"
)

// TestFormalityNames pins the numbers: they are stored in ledgers.
func TestFormalityNames(t *testing.T) {
	for i, want := range []string{"customs", "immigration", "plant-quarantine", "animal-quarantine", "health", "transport", "police", "operator"} {
		if got, err := ParseAgency(want); err != nil || int(got) != i || got.String() != want {
			t.Errorf("agency %d: %v, %v; want %s", i, got, err, want)
		}
	}
	if len(Agencies()) != 8 || Agencies()[7] != Operator {
		t.Errorf("Agencies() = %v", Agencies())
	}
	for _, test := range []struct {
		want string
		got  fmt.Stringer
	}{
		{"customs", Customs}, {"plant-quarantine", PlantQuarantine}, {"animal-quarantine", AnimalQuarantine},
		{"means-of-transport", MeansOfTransport}, {"goods", Goods}, {"person", Person},
		{"exit", Exit}, {"entry", Entry}, {"host", Host}, {"visiting", Visiting},
		{"unknown(8)", Agency(8)}, {"unknown(200)", Side(200)},
	} {
		if test.got.String() != test.want {
			t.Errorf("%#v.String() = %q; want %q", test.got, test.got.String(), test.want)
		}
	}
}

func TestFormalityPartsRoundTrip(t *testing.T) {
	for _, a := range Agencies() {
		if got, err := ParseAgency(a.String()); err != nil || got != a {
			t.Errorf("ParseAgency(%q) = %v, %v", a, got, err)
		}
	}
	for _, v := range []Subject{MeansOfTransport, Goods, Person} {
		if got, err := ParseSubject(v.String()); err != nil || got != v {
			t.Errorf("ParseSubject(%q) = %v, %v", v, got, err)
		}
	}
	for _, v := range []Side{Exit, Entry} {
		if got, err := ParseSide(v.String()); err != nil || got != v {
			t.Errorf("ParseSide(%q) = %v, %v", v, got, err)
		}
	}
	for _, v := range []Officers{Host, Visiting} {
		if got, err := ParseOfficers(v.String()); err != nil || got != v {
			t.Errorf("ParseOfficers(%q) = %v, %v", v, got, err)
		}
	}
}

func TestFormalityPartErrors(t *testing.T) {
	_, agency := ParseAgency("Customs")
	_, subject := ParseSubject("truck")
	_, side := ParseSide("")
	_, officers := ParseOfficers("neighbour")
	for _, test := range []struct {
		want string
		err  error
	}{
		{`unknown agency "Customs"; known are customs, immigration, `, agency},
		{`unknown subject "truck"; known are means-of-transport, goods, person`, subject},
		{`unknown side ""; known are exit, entry`, side},
		{`unknown officers "neighbour"; known are host, visiting`, officers},
	} {
		if test.err == nil || !strings.HasPrefix(test.err.Error(), test.want) {
			t.Errorf("error %v; want %q", test.err, test.want)
		}
	}
}

func FuzzParseAgency(f *testing.F) {
	f.Add("customs")
	f.Add("plant-quarantine")
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := ParseAgency(s); err == nil && a.String() != s {
			t.Fatalf("%q became %q", s, a)
		}
	})
}
