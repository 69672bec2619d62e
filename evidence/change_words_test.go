package evidence_test

import (
	"slices"
	"testing"

	"landport/evidence"
	"landport/sim"
)

// What was changed is told in words, with the path of the file beside it: to
// whoever decides about officers a path is a riddle.
func TestWhatWasChangedIsToldInWords(t *testing.T) {
	base := shipped(t, "bavet-mocbai-2018")
	o := sim.Options{Replications: 2, Seed: 1, Days: 1}
	for _, test := range []struct{ path, value, what, says string }{
		{"stops[Bavet entry customs].shifts[1].servers", "6", "Bavet entry customs, officers 06:00-22:00", "4 → 6"},
		{"stops[Bavet exit customs].service[2].time", "{lognormal: {mean: 12m, cv: 0.8}}", "Bavet exit customs, service time of all others", "16 min → 12 min on average"},
		{"stops[Bavet exit customs].service[2].time", "{exponential: 12m}", "Bavet exit customs, service time of all others", "16 min on average (lognormal, cv 0.8) → 12 min on average (exponential)"},
		{"stops[Moc Bai entry customs].service[2].refer[1].probability", "0.22", "Moc Bai entry customs, share sent on to import examination VN of all others", "20% → 22%"},
		{"classes[fresh goods].dossier.ready", "0.9", "fresh goods, share whose dossier is ready on arrival", "80% → 90%"},
		{"places[Bavet exit coach lane].accepts", "[coach, rigid-truck]", "Bavet exit coach lane, accepts", "coach → coach, rigid-truck"},
		{"places[Bavet entry yard].capacity", "90", "Bavet entry yard, room for vehicles", "60 → 90"},
	} {
		plan, err := base.With(sim.Setting{Path: test.path, Value: test.value})
		if err != nil {
			t.Fatal(err)
		}
		c, err := evidence.Compare(base, plan, o)
		if err != nil {
			t.Fatal(err)
		}
		want := evidence.Line{What: test.what, Says: test.says, Path: test.path}
		if lines := c.Assumptions.Lines(); !slices.Contains(lines, want) {
			t.Errorf("%+v is not in %+v", want, lines)
		}
	}
}

func TestEntriesThatAreNewStandInOneLine(t *testing.T) {
	c, err := evidence.Compare(shipped(t, "bavet-mocbai-2018"), shipped(t, "bavet-mocbai-long"), sim.Options{Replications: 2, Seed: 1, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	lines := c.Assumptions.Lines()
	for _, want := range []evidence.Line{
		{What: "stop Bavet joint immigration", Says: "new: officers 2; service time 3 min on average (lognormal, cv 0.6)", Path: "stops[Bavet joint immigration]"},
		{What: "formality leave VN at Bavet", Says: "new", Path: "formalities[leave VN at Bavet]"},
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("%+v is not in %+v", want, lines)
		}
	}
}
