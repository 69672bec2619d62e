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
	for want, got := range map[string]fmt.Stringer{
		"customs": Customs, "plant-quarantine": PlantQuarantine, "animal-quarantine": AnimalQuarantine,
		"means-of-transport": MeansOfTransport, "goods": Goods, "person": Person,
		"exit": Exit, "entry": Entry, "host": Host, "visiting": Visiting,
		"unknown(8)": Agency(8), "unknown(200)": Side(200),
		"entry immigration person visiting": Formality{Immigration, Person, Entry, Visiting},
	} {
		if got.String() != want {
			t.Errorf("%#v.String() = %q; want %q", got, got.String(), want)
		}
	}
}

func TestFormalityRoundTrip(t *testing.T) {
	n := 0
	for _, agency := range Agencies() {
		for _, subject := range []Subject{MeansOfTransport, Goods, Person} {
			for _, side := range []Side{Exit, Entry} {
				for _, by := range []Officers{Host, Visiting} {
					n++
					f := Formality{agency, subject, side, by}
					if got, err := ParseFormality(f.String()); err != nil || got != f {
						t.Errorf("ParseFormality(%q) = %v, %v", f, got, err)
					}
				}
			}
		}
	}
	if n != 96 {
		t.Errorf("%d formalities; want 96", n)
	}
}

func TestFormalityErrors(t *testing.T) {
	for s, want := range map[string]string{
		"":                             "0 words",
		"exit customs goods":           "exit customs goods host",
		"leave customs goods host":     `unknown side "leave"; known are exit, entry`,
		"exit Customs goods host":      `unknown agency "Customs"`,
		"exit customs truck host":      `unknown subject "truck"; known are means-of-transport, goods, person`,
		"exit customs goods neighbour": `unknown officers "neighbour"; known are host, visiting`,
	} {
		if _, err := ParseFormality(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseFormality(%q): %v; want it to say %q", s, err, want)
		}
	}
}

func FuzzParseFormality(f *testing.F) {
	f.Add("exit customs goods host")
	f.Add("entry plant-quarantine means-of-transport visiting")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseFormality(s)
		if err == nil && got.String() != strings.Join(strings.Fields(s), " ") {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
