package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/node"
)

func TestEveryFactHasWords(t *testing.T) {
	l := model(t, "bavet-mocbai-2018").Layout
	ofThePost := []gate.Kind{
		gate.NoFact, gate.HoursChanged, gate.StaffChanged, gate.ServersSet, gate.CapacitySet, gate.AcceptsSet, gate.LaneOpened,
		gate.LaneClosed, gate.LaneTurning, gate.LaneTurned, gate.PostClosed, gate.PostReopened, gate.ProcedureStarted,
		gate.ProcedureSuspended, gate.PolicySet, gate.HoursSet,
	}
	for k := gate.Kind(0); k.String() != "unknown"; k++ {
		rec := node.Record{Visit: node.Visit{ID: 1}, Facts: []node.Entry{{Fact: gate.Fact{Kind: k, Visit: 1, Place: 1, Stop: 1, N: 2}}}}
		if told := tell(l, &rec); len(told) == 0 != slices.Contains(ofThePost, k) {
			t.Errorf("%s is told as %v", k, told)
		}
	}
	for r := gate.Reason(1); r.String() != "unknown"; r++ {
		n := narrator{layout: l, visit: 1}
		if n.because(&gate.Fact{Kind: gate.Called, Visit: 1, Reason: r, N: 3}) == "" {
			t.Errorf("the reason %s has no words", r)
		}
	}
	for p := gate.Phase(0); p.String() != "unknown"; p++ {
		if board.Doing(l, &node.Visit{Phase: p}) == "" {
			t.Errorf("the phase %s has no words", p)
		}
	}
}

func TestACoachsPassengersAreToldTogether(t *testing.T) {
	l := model(t, "bavet-mocbai-2018").Layout
	const coach, stop = 1, 1
	start := border.At(time.Date(2018, 3, 13, 1, 0, 0, 0, time.UTC)) // 08:00 at Bavet
	facts := []gate.Fact{{Kind: gate.Entered, Visit: coach, Place: 4}, {Kind: gate.ServiceStarted, Visit: coach, Stop: stop}}
	for _, kind := range []gate.Kind{gate.Alighted, gate.Boarded} {
		for passenger := range 3 {
			facts = append(facts, gate.Fact{Kind: kind, Visit: gate.VisitID(2 + passenger), Other: coach})
		}
	}
	facts = append(facts, gate.Fact{Kind: gate.ServiceEnded, Visit: coach, Stop: stop}, gate.Fact{Kind: gate.Alighted, Visit: 9, Other: coach})
	rec := node.Record{Visit: node.Visit{ID: coach}}
	for i, f := range facts {
		f.At = start.Add(border.Micros(i) * border.Minute)
		rec.Facts = append(rec.Facts, node.Entry{Sequence: uint64(i + 1), Fact: f})
	}
	var got []string
	for _, told := range tell(l, &rec) {
		got = append(got, board.Clock(told.At, node.Zone(l, told.Post))+" +"+span(told.After)+" "+told.Text)
	}
	want := []string{
		"08:00 +0 s Entered Bavet exit coach lane.",
		"08:01 +1 min Service began at Bavet exit booth 1.",
		"08:02 +1 min 3 passengers alighted.",
		"08:05 +1 min 3 passengers are back aboard, the last at 08:07.",
		"08:08 +1 min Service ended at Bavet exit booth 1: passed.",
		"08:09 +1 min A passenger alighted.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A record says whose return leg it is, and that nobody knows how a visit ended
// whose entries were lost.
func TestRecordsSayWhatIsKnown(t *testing.T) {
	const lost, back = "how and when it left is not known", `The return leg of <a href="/visits/KH01-0000-0124"`
	for _, c := range []struct {
		visit    node.Visit
		outward  string
		has, not []string
	}{
		{node.Visit{}, "", nil, []string{lost, back, "not known"}},
		{node.Visit{}, "KH01-0000-0124", []string{back}, []string{lost}},
		{node.Visit{Lost: true, ArrivedAt: 1}, "", []string{lost, "<dd>not known</dd>", "how it left is not known"}, []string{back, "left the crossing"}},
	} {
		c.visit.ID = 1
		rec := node.Record{Visit: c.visit, Outward: c.outward, Facts: []node.Entry{{Sequence: 1, Fact: gate.Fact{Kind: gate.Arrived, Visit: 1, Place: 1}}}}
		l := model(t, "bavet-mocbai-2018").Layout
		var page strings.Builder
		if err := recordPanel(&view{View: board.View{Layout: l}, names: l}, &rec, detail{}).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		for _, text := range c.has {
			if !strings.Contains(page.String(), text) {
				t.Errorf("%+v %s: no %q in %s", c.visit, c.outward, text, page.String())
			}
		}
		for _, text := range c.not {
			if strings.Contains(page.String(), text) {
				t.Errorf("%+v %s: %q in %s", c.visit, c.outward, text, page.String())
			}
		}
	}
}

// A record of very many facts is a page that can be read: the latest of them.
func TestALongRecordIsCutShort(t *testing.T) {
	l := model(t, "bavet-mocbai-2018").Layout
	for _, test := range []struct {
		n   int
		cut bool
	}{{recordMost, false}, {recordMost + 1, true}, {18 * recordMost, true}} {
		rec := node.Record{}
		rec.ID, rec.Reference = 1, "KH01-0000-0124"
		for i := range test.n {
			rec.Facts = append(rec.Facts, node.Entry{Sequence: uint64(i + 1), Fact: gate.Fact{Kind: gate.Arrived, Visit: 1, Place: 1, At: border.Time(i+1) * border.Time(border.Second)}})
		}
		var page strings.Builder
		if err := recordPanel(&view{View: board.View{Layout: l}, names: l}, &rec, detail{}).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprintf(`The %d facts before are left out here; <a href="/api/v1/visits/KH01-0000-0124">`, test.n-recordMost)
		if strings.Contains(page.String(), said) != test.cut || page.Len() > 1000*recordMost || !strings.Contains(page.String(), fmt.Sprintf("No. %d ", test.n)) {
			t.Errorf("of %d facts it is %d bytes, cut short: %v", test.n, page.Len(), !test.cut)
		}
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct {
		d    border.Micros
		want string
	}{
		{0, "0 s"}, {59 * border.Second, "59 s"}, {42 * border.Minute, "42 min"}, {65 * border.Minute, "1 h 05"},
		{47*border.Hour + 59*border.Minute, "47 h 59"}, {72 * border.Hour, "3 days"},
	} {
		if got := span(test.d); got != test.want {
			t.Errorf("%d µs reads %q, want %q", test.d, got, test.want)
		}
	}
	for _, test := range []struct {
		traits border.Traits
		want   string
	}{
		{0, "vehicle"}, {border.Laden | border.ArticulatedTruck, "laden articulated truck"}, {border.OnFoot | border.NoGoods, "person on foot"},
		{border.Coach, "coach"}, {border.PartLoaded | border.Van, "part loaded van"},
	} {
		if got := board.What(test.traits); got != test.want {
			t.Errorf("%s reads %q, want %q", test.traits, got, test.want)
		}
	}
}

// What took less than ten minutes is told to the second.
func TestSpansOfARecord(t *testing.T) {
	for _, test := range []struct {
		d    border.Micros
		want string
	}{
		{58 * border.Second, "58 s"}, {358 * border.Second, "5 min 58 s"}, {466 * border.Second, "7 min 46 s"},
		{10 * border.Minute, "10 min"}, {65 * border.Minute, "1 h 05"},
	} {
		if got := exactSpan(test.d); got != test.want {
			t.Errorf("%d s are told as %q, not %q", test.d/border.Second, got, test.want)
		}
	}
}
