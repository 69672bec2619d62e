package evidence

import (
	"strings"
	"testing"
)

// How much the remedy of a cause adds is no figure of the crossing: a plan that
// has no causes differs in nothing from a base that has.
func TestCausesAreNoDifference(t *testing.T) {
	base := decoded(t, strings.Replace(twoCauses, "{name: slow,", "{name: slow, adds: 1, unit: officer,", 1))
	if a := assumptionsOf(base, decoded(t, oneGate)); a.Changed+len(a.Rules) != 0 {
		t.Errorf("%+v", a)
	}
}

// Beside a gain stands what it takes, who pays for it, and which officers are
// left without work; a route is not written out.
func TestAComparisonSaysWhatAGainTakes(t *testing.T) {
	worse, share := 0.5, 0.7
	none := 0.0
	c := &Comparison{
		Base: Contender{OnDuty: 32, Lanes: 4}, Plan: Contender{OnDuty: 36, Lanes: 5},
		Rows: []Row{
			{Scope: "kind", Name: "KH to VN, coaches", Measure: "mean(crossing_h@KH-VN coach)", Unit: "h", Difference: &worse, Verdict: Worse},
			{Scope: "stop", Name: "desk", Measure: "mean(utilisation@desk)", Unit: "share", Base: &share, Plan: &none, Verdict: Less},
		},
	}
	if text := c.priceWords(); !strings.Contains(text, "36.0 officers on duty instead of 32.0, the mean over day and night, and 5 lanes instead of 4.") || !strings.Contains(text, "Longer than before take: KH to VN, coaches (") {
		t.Error(text)
	}
	if text := c.Text(); !strings.Contains(text, "36.0 officers on duty instead of 32.0") {
		t.Errorf("the terminal hides the price:\n%s", text)
	}
	if text := c.idleWords(); !strings.Contains(text, "to desk: the officers there are idle, not gone") {
		t.Error(text)
	}
	if text := (&Comparison{}).priceWords() + (&Comparison{}).idleWords(); text != "" {
		t.Errorf("of nothing it says %q", text)
	}
	if x := (&Change{Base: strings.Repeat("gate, ", 40), Plan: "desk"}); len(x.briefly()) > 60 {
		t.Error(x.briefly())
	}
	if x := (&Change{Base: "2", Plan: "3"}); x.briefly() != "2 → 3" {
		t.Error(x.briefly())
	}
}
