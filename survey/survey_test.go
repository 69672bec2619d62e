package survey

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"landport/border"
	"landport/study"
)

// assumed imports a made-up sheet of rows under common headers.
func assumed(t testing.TB, name string, rows ...string) *Sheet {
	t.Helper()
	s, err := Import(name, []byte("Post,Direction,Plate,Arrival,Lodgement,Examination start,Examination end,Customs release,Removal\n"+strings.Join(rows, "\n")), Mapping{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range s.Aside {
		t.Errorf("row %d is aside: %v", a.Row, a.Problems)
	}
	return s
}

func (r *Report) times(post, direction, stage string) Times {
	for _, t := range r.Times {
		if t.Post == post && t.Direction == direction && t.Stage == stage {
			return t
		}
	}
	return Times{}
}

func TestHalvesAreJoinedByPlate(t *testing.T) {
	s := New(
		assumed(t, "assumed bavet",
			"Bavet,exit,2A-1111,2018-03-05 08:00,,,,,2018-03-05 09:00", // its other half was not recorded
			"Bavet,exit,2A-1111,2018-03-05 14:00,,,,,2018-03-05 15:00",
			"Bavet,exit,51C-123.45,2018-03-05 08:00,,,,,2018-03-05 08:30",
			"Bavet,entry,51C-123.45,2018-03-05 11:00,,,,,2018-03-05 11:40",
			"Bavet,exit,2A-1111,2018-03-07 14:00,,,,,2018-03-07 15:00", // two days later
			"Bavet,,2A-2222,2018-03-05 08:00,,,,,2018-03-05 09:00",     // no direction
		),
		assumed(t, "assumed moc bai",
			"Moc Bai,KH-VN,2A1111,2018-03-05 15:20,,,,,2018-03-05 16:00",
			"Moc Bai,entry,51C 12345,2018-03-05 08:40,,,,,2018-03-05 09:10",
			"Moc Bai,exit,51C 12345,2018-03-05 10:00,,,,,2018-03-05 10:45",
			"Moc Bai,entry,2A-2222,2018-03-05 09:20,,,,,2018-03-05 10:00",
		))
	r := s.Study()
	if want := (Joined{Exits: 5, Entries: 4, Crossings: 3}); r.Joined != want {
		t.Errorf("joined %+v, not %+v", r.Joined, want)
	}
	there := r.times("Bavet to Moc Bai", "KH-VN", StageCrossing)
	if there.All.N != 2 || there.All.Min != 70 || there.All.Max != 120 {
		t.Errorf("crossings %+v", there.All)
	}
	if back := r.times("Moc Bai to Bavet", "VN-KH", StageBetween); back.All.N != 1 || back.All.Mean != 15 {
		t.Errorf("between the posts %+v", back.All)
	}
	for i := range s.Records {
		if s.Records[i].plate != "" || s.Sheets[0].Records[0].plate != "" {
			t.Fatal("a plate is still known")
		}
	}
}

// One recorder stands at the road and one at the barrier: their rows of a vehicle
// are one stay, where each has what the other lacks.
func TestRowsOfTwoPointsCompleteEachOther(t *testing.T) {
	s := New(
		assumed(t, "road",
			"Bavet,exit,2A-1111,2018-03-05 08:00,,,,,", "Bavet,exit,2A-1111,2018-03-05 08:04,,,,,", // written down twice
			"Bavet,exit,2A-1111,2018-03-05 20:00,,,,,", // its second journey
			"Bavet,exit,2A-2222,2018-03-05 08:00,,,,,",
			"Bavet,exit,2A-3333,2018-03-05 08:00,,,,,2018-03-05 08:50", // needs no more
			"Bavet,exit,2A-4444,2018-03-05 08:00,,,,,",
			"Bavet,entry,2A-5555,2018-03-05 08:00,,,,,",
		),
		assumed(t, "customs", "Bavet,exit,2A-1111,,2018-03-05 08:20,,,2018-03-05 08:40,"),
		assumed(t, "barrier",
			"Bavet,exit,2A-1111,,,,,,2018-03-05 09:00", "Bavet,exit,2A-1111,,,,,,2018-03-05 20:30",
			"Bavet,exit,2A-3333,,,,,,2018-03-05 09:10",
			"Bavet,exit,2A-4444,,,,,,2018-03-06 08:01", // more than a day
			"Bavet,exit,2A-5555,,,,,,2018-03-05 09:00", // the other way
			"Moc Bai,entry,2A-2222,,,,,,2018-03-05 09:00",
		))
	r := s.Study()
	stays := r.times("Bavet", "KH-VN", study.StageAtPost)
	if s.Completed != 3 || len(s.Records) != 11 || stays.Possible.N != 3 || stays.Possible.Min != 30 || stays.Possible.Max != 60 {
		t.Errorf("%d completed, %d records, %+v", s.Completed, len(s.Records), stays.Possible)
	}
	if first := s.Records[0]; first.times[Removal] == 0 || first.times[CustomsRelease] == 0 || len(s.Twice) != 1 {
		t.Errorf("%+v, twice %v", first, s.Twice)
	}
	if r.Notes[0] != "3 rows without an arrival completed one of the same plate, direction and post within a day before; each two are one record." {
		t.Error(r.Notes)
	}
	for _, m := range r.Missing {
		if m.Post == "Bavet" && m.Column == Arrival && (m.Records != 10 || m.Missing != 3) {
			t.Errorf("%+v", m)
		}
	}
}

// inOrder checks that a text has these parts in this order.
func inOrder(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("the text lacks %q, or has it too early:\n%s", part, text)
			return
		}
		rest = after
	}
}

func TestImpossibleOrdersAreFlaggedAndKept(t *testing.T) {
	r := New(assumed(t, "assumed",
		"Bavet,exit,2A-1111,2018-03-05 08:00,,,,2018-03-05 08:20,2018-03-05 08:30",
		"Bavet,exit,2A-1112,2018-03-05 09:00,,,,2018-03-05 08:50,2018-03-05 09:50",                 // released before it came
		"Bavet,exit,2A-1113,2018-03-05 10:00,2018-03-04 16:00,,,2018-03-05 10:30,2018-03-05 10:40", // lodged the day before: fine
		"Bavet,exit,2A-1114,2018-03-05 10:00,,,,,2018-03-05 09:00",
	)).Study()
	if n := countRule(r.Flags, ImpossibleOrder); n != 2 || r.Flags[0].Row != 3 || !strings.Contains(r.Flags[0].Detail, "customs release at 2018-03-05 08:50 comes before arrival") {
		t.Errorf("flags: %+v", r.Flags)
	}
	at := r.times("Bavet", "KH-VN", "at post")
	if len(r.Times) != 3 {
		t.Errorf("one direction is told once: %+v", r.Times)
	}
	if at.All.N != 4 || at.Possible.N != 2 || at.Flagged != 2 || at.Outliers != 0 || at.Possible.Mean != 35 || at.All.Min != -60 {
		t.Errorf("at post: %+v", at)
	}
	// The impossible stay of -60 minutes is never the first figure, nor unmarked.
	inOrder(t, r.Text(), "mean 35, range 30 to 40, n 2 ", "the same, no outliers ", "range -60 to 50, n 4, 2 of them impossible or twice",
		"2 by impossible order, 0 recorded twice, 0 outliers. The first two kinds count under “all recorded” alone, outliers also under “outliers included”.")
	if len(r.Early) != 1 || r.Early[0] != (Early{Post: "Bavet", Early: 1, Lodged: 1}) {
		t.Errorf("early: %+v", r.Early)
	}
}

func TestOutliersByFencesOnTheLogarithm(t *testing.T) {
	var rows []string
	for i := range 20 { // 20 to 58 minutes, Q1 = 29.5, Q3 = 48.5
		rows = append(rows, fmt.Sprintf("Bavet,exit,2A-%04d,2018-03-05 %02d:00,,,,,2018-03-05 %02d:%02d", 1000+i, i, i, 20+2*i))
	}
	rows = append(rows, "Bavet,exit,2A-2000,2018-03-06 08:00,,,,,2018-03-06 23:00", "Bavet,exit,2A-2001,2018-03-06 08:00,,,,,2018-03-06 09:30")
	r := New(assumed(t, "assumed", rows...)).Study()
	at := r.times("Bavet", "KH-VN", "at post")
	if len(r.Flags) != 1 || r.Flags[0].Rule != Outlier || r.Flags[0].Row != 22 || !strings.Contains(r.Flags[0].Detail, "at post took 900 min") {
		t.Errorf("flags: %+v", r.Flags)
	}
	// With the two long ones the quartiles are 30.5 and 51.5.
	k := math.Pow(51.5/30.5, 1.5)
	if at.All.N != 22 || at.Without.N != 21 || at.HighMin == nil || math.Abs(*at.HighMin-(51.5*k+1)) > 0.01 || math.Abs(*at.LowMin-(30.5/k-1)) > 0.01 {
		t.Errorf("%+v, fences %v %v", at, *at.LowMin, *at.HighMin)
	}
	if at.Possible.N != 22 || at.Possible != at.All || at.Outliers != 1 || at.Flagged != 1 {
		t.Errorf("the outlier does not count: %+v", at)
	}
	inOrder(t, r.Text(), "outliers included ", "without outliers ", "all recorded\n",
		"mean 80, range 20 to 900, n 22, 1 outlier ", "mean 41, range 20 to 90, n 21 ", "nothing impossible or twice\n")
	asJSON, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, string(asJSON), `"possible_min":{"mean":80`, `"n":22}`, `"without_flagged_min":{"mean":41`, `"n":21}`, `"all_min":{"mean":80`, `"n":22}`, `"flagged":1,"outliers":1`)
	if few := New(assumed(t, "assumed", rows[12:]...)).Study(); len(few.Flags) != 2 {
		t.Errorf("of ten: %+v", few.Flags)
	}
	if few := New(assumed(t, "assumed", rows[14:]...)).Study(); len(few.Flags) != 0 || few.Times[0].HighMin != nil {
		t.Errorf("eight times are too few for fences: %+v", few.Flags)
	}
}

func TestRecordedTwice(t *testing.T) {
	s := New(assumed(t, "assumed",
		"Bavet,exit,2A-1111,2018-03-05 08:00,,,,,2018-03-05 09:00",
		"Bavet,exit,2A 1111,2018-03-05 08:04,,,,,2018-03-05 09:00",
		"Bavet,exit,2A 1111,2018-03-05 12:00,,,,,2018-03-05 13:00",
		"Moc Bai,entry,2A 1111,2018-03-05 09:05,,,,,2018-03-05 10:00",
	))
	if r := s.Study(); countRule(r.Flags, RecordedTwice) != 1 || r.Flags[0].Row != 3 || len(s.Crossings) != 1 || s.Crossings[0].Exit != 0 {
		t.Errorf("%+v, %+v", r.Flags, s.Crossings)
	}
}

func TestMissingRatesArePublished(t *testing.T) {
	r := New(sheetOf(t, "assumed-bavet.csv"), sheetOf(t, "assumed-moc-bai.csv")).Study()
	got := map[string]Missing{}
	for _, m := range r.Missing {
		got[m.Post+" "+m.Column.String()] = m
	}
	for _, test := range []struct {
		key  string
		want Missing
	}{
		{"Bavet examination_start", Missing{"Bavet", ExaminationStart, true, 5, 1, 0.2}},
		{"Bavet plate", Missing{"Bavet", Plate, true, 5, 1, 0.2}},
		{"Bavet channel", Missing{"Bavet", Channel, false, 5, 5, 1}},
		{"Moc Bai customs_release", Missing{"Moc Bai", CustomsRelease, true, 3, 1, 1.0 / 3}},
	} {
		if got[test.key] != test.want {
			t.Errorf("%s: %+v, not %+v", test.key, got[test.key], test.want)
		}
	}
	if r.Sheets[0] != (SheetCount{"assumed-bavet.csv", 7, 5, 2}) {
		t.Errorf("%+v", r.Sheets)
	}
	text := r.Text()
	for _, part := range []string{"7 rows: 5 read, 2 kept aside", "examination start             20.0% (1 of 5)", "impossible order", "Moc Bai", "too few", "no column for: channel"} {
		if !strings.Contains(text, part) {
			t.Errorf("the text has no %q:\n%s", part, text)
		}
	}
}

// Times are told by the posts' own clocks, compared as instants.
func TestPostsInTwoZones(t *testing.T) {
	s := New(assumed(t, "assumed",
		"Kim Thanh,exit,29C-123.45,2018-03-05 08:00,,,,,2018-03-05 09:00",
		"Hekou,entry,29C-123.45,2018-03-05 10:10,,,,,2018-03-05 11:00",
	))
	if r := s.Study(); r.times("Kim Thanh to Hekou", "VN-CN", StageCrossing).All.Mean != 120 {
		t.Errorf("%+v", r.Times)
	}
	if at, _ := s.Records[1].At(Arrival); at.Sub(s.Records[0].times[Removal]) != 10*border.Minute {
		t.Error("the clocks of Viet Nam and China are an hour apart")
	}
}

func TestOneIsSaidAsOne(t *testing.T) {
	text := New(assumed(t, "assumed", "Bavet,exit,2A-1111,2018-03-05 08:00,,,,,2018-03-05 09:00", "Moc Bai,entry,2A 1111,2018-03-05 09:05,,,,,2018-03-05 10:00")).Study().Text()
	if !strings.Contains(text, "1 record, ") || !strings.Contains(text, "1 crossing, of 1 at exit and 1 at entry") {
		t.Error(text)
	}
}

// A file given again is said once, and its rows count once, with plates or not.
func TestASheetGivenTwiceCountsOnce(t *testing.T) {
	rows := []string{"Bavet,exit,2A-1111,2018-03-05 08:00,,,,,2018-03-05 09:00", "Bavet,exit,,2018-03-05 08:00,,,,,2018-03-05 09:00"}
	s := New(assumed(t, "monday", rows...), assumed(t, "copy of monday", rows...), assumed(t, "tuesday", rows[0]))
	if len(s.Records) != 3 || len(s.Sheets) != 2 || len(s.Repeated) != 1 || len(s.Twice) != 1 {
		t.Errorf("%d records of %d sheets, %v", len(s.Records), len(s.Sheets), s.Repeated)
	}
	if r := s.Study(); r.Notes[0] != "monday was given twice, the second time as copy of monday; its rows count once." {
		t.Error(r.Notes)
	}
}
