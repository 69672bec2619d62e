package evidence_test

import (
	"strings"
	"testing"

	"landport/evidence"
	"landport/sim"
)

// What the shipped comparisons of limits show. Their figures are assumed, so
// only directions and orders of size are said here.

func laidOver(t *testing.T, base, plan string) *evidence.Comparison {
	t.Helper()
	c := compared(t, shipped(t, base), shipped(t, plan), sim.Options{Replications: 3, Days: 14, Seed: 1, Workers: 2})
	if c.Assumptions.Changed == 0 || c.Assumptions.ChangedAssumed != c.Assumptions.Changed {
		t.Errorf("%s changes %d figures and says of %d that they are assumed", plan, c.Assumptions.Changed, c.Assumptions.ChangedAssumed)
	}
	return c
}

// Pingxiang was designed for 800-1,000 vehicle trips a day: in ten hours as many
// can be served, the 1,200-1,500 that were seen cannot, in sixteen hours they can.
func TestPingxiangBeyondItsDesign(t *testing.T) {
	m, err := evidence.Parse("mean(crossing_h)")
	if err != nil {
		t.Fatal(err)
	}
	o := evidence.LimitsOptions{Run: sim.Options{Replications: 2, Days: 14, Seed: 1, Workers: 2}, Parts: []string{evidence.PartDemand}, Within: 0.05, Measure: m}
	short, err := evidence.Find(shipped(t, "pingxiang-ten-hours"), o)
	if err != nil {
		t.Fatal(err)
	}
	if b := short.Breaking; *b.LowPerDay < 800 || *b.HighPerDay > 1200 || short.PerDay != 1350 {
		t.Errorf("in ten hours lines grow from %g to %g a day on", *b.LowPerDay, *b.HighPerDay)
	}
	c := laidOver(t, "pingxiang-design", "pingxiang-ten-hours")
	if !c.Base.Stable || c.Plan.Stable {
		t.Errorf("the design copes: %v; with what was seen: %v", c.Base.Stable, c.Plan.Stable)
	}
	c = laidOver(t, "pingxiang-ten-hours", "pingxiang")
	if c.Base.Stable || !c.Plan.Stable {
		t.Errorf("with the traffic seen, ten hours do: %v; sixteen: %v", c.Base.Stable, c.Plan.Stable)
	}
}

// Of two lanes for exports a third in the morning helps exports much, and harms
// imports little or not.
func TestALaneTurnedByTheHour(t *testing.T) {
	c := laidOver(t, "kimthanh-peaks", "kimthanh-tidal")
	if !c.Stable {
		t.Fatalf("%s; %s", c.Base.StableReason, c.Plan.StableReason)
	}
	if r := rowOf(t, c, "mean(crossing_h@VN-CN laden)"); r.Verdict != evidence.Better || *r.Relative > -0.15 {
		t.Errorf("exports: %s, %+.0f%%", r.Verdict, 100**r.Relative)
	}
	if r := rowOf(t, c, "mean(crossing_h@CN-VN laden)"); *r.Relative > 0.1 {
		t.Errorf("imports: %s, %+.0f%%", r.Verdict, 100**r.Relative)
	}
}

// Where traffic is as one-sided as that of the shuttles, 1,353 to 107, three
// lanes of five clear the 400 a day that are stated and two do not; a fourth by
// day makes them quicker and costs the few that go out little.
func TestLanesForTrafficThatMostlyGoesOneWay(t *testing.T) {
	c := laidOver(t, "kimthanh-shuttles", "kimthanh-shuttles-tidal")
	if !c.Stable {
		t.Fatalf("%s; %s", c.Base.StableReason, c.Plan.StableReason)
	}
	if r := rowOf(t, c, "mean(wait_min@Kim Thanh arrival road)"); r.Verdict != evidence.Better || *r.Relative > -0.2 {
		t.Errorf("imports wait for a lane: %s, %+.0f%%", r.Verdict, 100**r.Relative)
	}
	if r := rowOf(t, c, "mean(crossing_h@VN-CN laden)"); *r.Relative > 0.05 {
		t.Errorf("exports: %s, %+.0f%%", r.Verdict, 100**r.Relative)
	}
	const swapped = "name: swapped\nextends: kimthanh-shuttles\nassumed: the wrong split\norders: [{at: 00:10, do: turn-lane, place: Kim Thanh import lane 3, direction: VN-CN}]\n"
	wrong, err := decoded(t, "swapped.yaml", swapped).Model()
	if err != nil {
		t.Fatal(err)
	}
	if r, err := sim.Run(wrong, sim.Options{Replications: 3, Days: 28, Seed: 1, Workers: 2}); err != nil || r.Copes() || !strings.Contains(r.StableReason, "Hekou approach") {
		t.Errorf("two lanes for imports and three for exports cope: %s, %v", r.StableReason, err)
	}
}

func TestAWindowForEmptyTrucks(t *testing.T) {
	c := laidOver(t, "kimthanh-hekou", "kimthanh-empties")
	for _, direction := range []string{"VN-CN", "CN-VN"} {
		if r := rowOf(t, c, "mean(crossing_h@"+direction+" empty)"); r.Verdict != evidence.Better || *r.Relative > -0.2 {
			t.Errorf("empty trucks %s: %s, %+.0f%%", direction, r.Verdict, 100**r.Relative)
		}
		if r := rowOf(t, c, "mean(crossing_h@"+direction+" laden)"); r.Verdict == evidence.Worse {
			t.Errorf("laden trucks %s: %s", direction, r.Verdict)
		}
	}
}

func TestAScannerThatKeepsOfficeHours(t *testing.T) {
	c := laidOver(t, "kimthanh-hekou", "kimthanh-scanner")
	for _, stop := range []string{"Hekou examination", "Kim Thanh examination"} {
		if r := rowOf(t, c, "mean(wait_min@"+stop+")"); r.Verdict != evidence.Worse || *r.Difference < 60 {
			t.Errorf("%s: %s, %+.0f min", stop, r.Verdict, *r.Difference)
		}
	}
	if r := rowOf(t, c, "mean(party_min@closed hours)"); r.Verdict != evidence.Worse {
		t.Errorf("closed hours: %s", r.Verdict)
	}
}
