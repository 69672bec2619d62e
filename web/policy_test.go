package web

import (
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
)

func TestPolicyWords(t *testing.T) {
	for _, test := range []struct {
		want string
		p    gate.Policy
	}{
		{"In order of arrival; nobody passes, whatever lane is free.", gate.Policy{Strict: true}},
		{"In order of arrival; who fits a free lane may pass. Without a ready dossier nobody is called, but the place in line is kept.", gate.Policy{ReadyFirst: true}},
		{"In order of arrival; who fits a free lane may pass. Perishable: ahead of those that came up to 45 min before.", gate.Policy{
			Ageing: 45 * border.Minute, Priorities: []gate.Priority{{Accepts: border.Among(border.Perishable), Class: 1}},
		}},
		{"In order of arrival; who fits a free lane may pass. Perishable, live animals: ahead of those that came up to 1 h 30 before. Coach: ahead of those that came up to 45 min before.", gate.Policy{
			Ageing: 45 * border.Minute, Priorities: []gate.Priority{
				{Accepts: border.Among(border.Perishable), Class: 2}, {Accepts: border.Among(border.LiveAnimals), Class: 2}, {Accepts: border.Among(border.Coach), Class: 1},
			},
		}},
		{"In order of arrival; who fits a free lane may pass. Empty coach or car: ahead of those that came up to 1 h 30 before.", gate.Policy{
			Ageing: 45 * border.Minute, Priorities: []gate.Priority{{Accepts: border.Among(border.Empty | border.Coach | border.Car), Class: 2}},
		}},
		{"In order of arrival; who fits a free lane may pass. Booked vehicles come in slots of 30 min; others take what room is left.", gate.Policy{Slots: gate.Slots{Length: 30 * border.Minute}}},
	} {
		if got := policyWords(&test.p); got != test.want {
			t.Errorf("%q, not %q", got, test.want)
		}
	}
}

// The form tells policies apart in words, and says what the one in force means.
func TestPoliciesAreOfferedInWords(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	page := p.get(t, "/post").text
	for _, want := range []string{
		`type="radio" name="policy" value="` + readyFirst + `"`, "nobody is called, but the place in line is kept", "In order of arrival; nobody passes",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("it lacks %q", want)
		}
	}
}
