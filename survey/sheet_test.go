package survey

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"landport/border"
)

// sheetOf reads a sheet of testdata; all of them are made up.
func sheetOf(t testing.TB, file string) *Sheet {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Import(file, data, Mapping{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var indochina = time.FixedZone("", 7*3600)

func local(t testing.TB, s string) border.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, indochina)
	if err != nil {
		t.Fatal(err)
	}
	return border.At(at)
}

func TestImportKeepsEveryRow(t *testing.T) {
	s := sheetOf(t, "assumed-bavet.csv")
	if s.Header != 2 || s.Rows != 7 || len(s.Records) != 5 || len(s.Aside) != 2 {
		t.Fatalf("header %d, %d rows, %d records, %d aside", s.Header, s.Rows, len(s.Records), len(s.Aside))
	}
	var said []string
	for _, a := range s.Aside {
		for _, p := range a.Problems {
			said = append(said, p.String())
		}
	}
	all := strings.Join(said, "\n")
	for _, part := range []string{
		`row 7, column "Post", "Bavett": unknown post "Bavett", perhaps "Bavet"`,
		`row 9, column "Direction", "sideways"`, `row 9, column "Vehicle type", "spaceship": it is not known; write one of rigid-truck`,
		`row 9, column "Arrival", "25:00"`,
	} {
		if !strings.Contains(all, part) {
			t.Errorf("no %q in:\n%s", part, all)
		}
	}
	if len(s.Remarks) != 1 || s.Remarks[0].Row != 6 || s.Remarks[0].Column != Plate || strings.Contains(s.Remarks[0].String(), "legible") {
		t.Errorf("remarks: %v", s.Remarks)
	}
}

func TestTimesOfARow(t *testing.T) {
	s := sheetOf(t, "assumed-bavet.csv")
	night := s.Records[2]
	for _, test := range []struct {
		c    Column
		want string
	}{
		{Arrival, "2018-03-05 22:40"}, {ExaminationEnd, "2018-03-05 23:40"}, {CustomsRelease, "2018-03-06 00:20"}, {Removal, "2018-03-06 01:10"},
	} {
		if at, ok := night.At(test.c); !ok || at != local(t, test.want) {
			t.Errorf("%s is %v, not %s", test.c, at.Std(indochina), test.want)
		}
	}
	if at, ok := s.Records[4].At(Removal); !ok || at != local(t, "2018-03-06 10:30") {
		t.Errorf("a removal half an hour before the arrival is moved to %v", at.Std(indochina))
	}
}

func TestImportInVietnamese(t *testing.T) {
	s := sheetOf(t, "assumed-moc-bai.csv")
	if len(s.Aside) != 0 || len(s.Records) != 3 || !slices.Equal(s.Unread(), []string{"Ghi chú"}) {
		t.Fatalf("%d records, aside %v, unread %q", len(s.Records), s.Aside, s.Unread())
	}
	r := s.Records[2]
	arrival, _ := r.At(Arrival)
	if r.Post.Name != "Moc Bai" || r.Direction() != "VN-KH" || r.Load != border.Laden || r.Vehicle != border.ArticulatedTruck ||
		r.Channel != "yellow" || r.Recorder != "M1" || arrival != local(t, "2018-03-05 14:20") {
		t.Errorf("%+v", r)
	}
	if s.Records[1].Load != border.Empty {
		t.Errorf("khong is %v", s.Records[1].Load)
	}
}

func TestMappingSaysWhatAHeaderHolds(t *testing.T) {
	const sheet = "Xe vao,Xe ra,Arrival\n05/03/2018 08:00,05/03/2018 09:00,gate 3\n"
	m, err := DecodeMapping("map.yaml", []byte("columns: {arrival: Xe vào, removal: Xe ra}\npost: Lom Sak\nposts: [{name: Lom Sak, country: TH, facing: LA}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Import("assumed.csv", []byte(sheet), m, nil)
	if err != nil || len(s.Records) != 1 || !slices.Equal(s.Unread(), []string{"Arrival"}) {
		t.Fatalf("%+v, %v", s, err)
	}
}

func TestMappingsThatAreNoGood(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"colums: {}", "unknown field"},
		{"columns: {arrival_time: A}", `unknown column "arrival_time", perhaps "arrival"`},
		{"columns: {arrival: A, removal: a}", "for arrival and for removal"},
		{"columns: {arrival: ''}", "the header is empty"},
		{"post: Bavett", `perhaps "Bavet"`},
		{"posts: [{name: X, country: KH}]", "such as {name: Bavet"},
		{"columns: {arrival: [a]}", "1:20"},
	} {
		if _, err := DecodeMapping("map.yaml", []byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "map.yaml") {
			t.Errorf("%s: %v, not about %q", test.text, err, test.want)
		}
	}
}

func TestSheetsThatAreNoGood(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"empty", "", "the file is empty"},
		{"no headers", "a,b\n1,2\n", `the first row has "a", "b"`},
		{"two for one", "Post,Arrival date,Arrival time\n", "both look like arrival"},
		{"two quotation marks", "Post,Arrival\nBavet,\"8:15\nBavet,8:20\nBavet,\"8:25\n", "line 4, column 7: a quotation mark"},
		{"a quotation mark in the headers", "Post,\"Arrival\nBavet,8:15\n", "in row 1 a quotation mark"},
		{"not UTF-8", "Post,Arrival\nMoc B\xe0i,8:15\n", "CSV UTF-8"},
		{"an old workbook", "\xd0\xcf\x11\xe0\x00\x00", "UTF-8"},
		{"no workbook", "PK\x03\x04 and no more", "no XLSX workbook"},
	} {
		if _, err := Import("assumed.csv", []byte(test.data), Mapping{}, nil); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "assumed.csv") {
			t.Errorf("%s: %v, not about %q", test.name, err, test.want)
		}
	}
}

// A quotation mark out of place costs its row, and no other.
func TestAQuotationMarkOutOfPlaceCostsARow(t *testing.T) {
	for _, torn := range []string{`Bavet,2018-03-05 "08:15`, `Bavet,"2018-03-05 08:15`, `Bavet,"2018"-03-05 08:15`, `Bavet,2018-03-05 08:15"`} {
		s, err := Import("assumed.csv", []byte("Post,Arrival\r\nBavet,2018-03-05 08:10\r\n\r\n"+torn+"\r\nBavet,\"2018-03-05 08:20\"\r\n"), Mapping{}, nil)
		if err != nil {
			t.Errorf("%s: %v", torn, err)
			continue
		}
		if s.Rows != 3 || len(s.Records) != 2 || s.Records[1].Row != 5 || len(s.Aside) != 1 || s.Aside[0].Row != 4 || !strings.Contains(s.Text(), "aside: row 4: a quotation mark is out of place") {
			t.Errorf("%s: %s", torn, s.Text())
		}
	}
}

func TestMoments(t *testing.T) {
	for _, test := range []struct{ cell, want string }{
		{"2018-03-05 08:15", "2018-03-05 08:15"}, {"2018-03-05T08:15:00Z", "2018-03-05 15:15"}, {"2018-03-05T08:15:30+0700", "2018-03-05 08:15"},
		{"5/3/2018 8:15", "2018-03-05 08:15"}, {"05.03.18 8h15", "2018-03-05 08:15"}, {"5 Mar 2018, 8:15 pm", "2018-03-05 20:15"},
		{"5/3/2561 8:15", "2018-03-05 08:15"}, {"08:15 05/03/2018", "2018-03-05 08:15"}, {"8 giờ 15 ngày 5/3/2018", "2018-03-05 08:15"},
		{"៥/៣/២០១៨ ៨:១៥", "2018-03-05 08:15"}, {"20180305 0815", ""}, {"43164.34375", "2018-03-05 08:15"}, {"5/3/2018 12:00 AM", "2018-03-05 00:00"},
		{"5/3/2018 24:00", "2018-03-06 00:00"}, {"31/2/2018 8:15", ""}, {"5/13/2018 8:15", ""}, {"3/5/2018 8:60", ""}, {"yesterday", ""}, {"5/3/1918 8:15", ""},
	} {
		m, err := spelling{}.parse(test.cell)
		switch {
		case test.want == "" && (err == nil && m.clocked):
			t.Errorf("%q is read as %v", test.cell, m.at(indochina).Std(indochina))
		case test.want != "" && (err != nil || m.at(indochina)/border.Time(border.Minute) != local(t, test.want)/border.Time(border.Minute)):
			t.Errorf("%q: %v, %v, not %s", test.cell, m, err, test.want)
		}
	}
	if m, err := (spelling{monthFirst: true}).parse("3/5/2018 8:15"); err != nil || m.at(indochina) != local(t, "2018-03-05 08:15") {
		t.Errorf("month first: %v, %v", m, err)
	}
	if m, err := (spelling{workbook: true}).parse("0.25"); err != nil || m.clock != 6*border.Hour {
		t.Errorf("a quarter of a day: %v, %v", m, err)
	}
}

// A header that a mapping ignores is no riddle, and a sheet whose times nobody
// found is refused once, not row by row.
func TestHeadersThatHoldNothing(t *testing.T) {
	m := Mapping{Post: "Bavet", Ignore: []string{"Ghi chú"}}
	s, err := Import("assumed.csv", []byte("Arrival,Ghi chu,Màu\n05/03/2018 08:00,x,y\n"), m, nil)
	if err != nil || !slices.Equal(s.Unread(), []string{"Màu"}) || !strings.Contains(s.Text(), "ignored, as mapped") {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = Import("assumed.csv", []byte("Post,Plate,Xe vao cong\nBavet,2A-1234,05/03/2018 08:00\n"), Mapping{}, nil)
	if want := `row 1: no column holds a time; name one in a mapping`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%+v, %v, not %q", s, err, want)
	}
}

// Whatever a column is called in Landport's own words is recognised.
func TestOwnWordsAreRecognised(t *testing.T) {
	for _, c := range Columns() {
		for _, header := range append([]string{c.String(), c.Label(), strings.ToUpper(c.Label())}, columnRules[c].phrases...) {
			if got := guess(header); got != c {
				t.Errorf("%q is taken for %v, not for %v", header, got, c)
			}
		}
	}
}

func TestRowsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.SampledFrom([]string{"", "Bavet", "Moc Bai", "8:15", "05/03/2018", "05/03/2018 8:15", "KH-VN", "exit", "laden", "2A-1234", "x;y", "\"", "-", "43164.3"})
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 0, 8), 0, 12).Draw(t, "rows")
		text, filled := "Post,Direction,Plate,Load,Arrival,Removal,Date\n", 0
		for _, row := range rows {
			if !blank(row) {
				filled++
			}
			for i, c := range row {
				if i > 0 {
					text += ","
				}
				text += `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			text += "\n"
		}
		s, err := Import("assumed.csv", []byte(text), Mapping{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Rows != filled || len(s.Records)+len(s.Aside) != s.Rows {
			t.Fatalf("%d rows of %d, %d records, %d aside", s.Rows, filled, len(s.Records), len(s.Aside))
		}
		for _, a := range s.Aside {
			if len(a.Problems) == 0 {
				t.Fatalf("row %d is aside without a reason", a.Row)
			}
		}
	})
}

func FuzzImport(f *testing.F) {
	for _, file := range []string{"assumed-bavet.csv", "assumed-moc-bai.csv"} {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Import("fuzz", data, Mapping{}, nil)
		if err == nil && len(s.Records)+len(s.Aside) != s.Rows {
			t.Errorf("%d rows, %d records, %d aside", s.Rows, len(s.Records), len(s.Aside))
		}
	})
}

// What separates is told by the headers, whatever stands in the rows.
func TestTheHeadersTellTheSeparator(t *testing.T) {
	many := "B1" + strings.Repeat(";", 40)
	data := FromRows([]map[Column]string{{Post: "Bavet", Arrival: "2018-03-05 08:15", Recorder: many}})
	if !bytes.Contains(data, []byte(`"`+many+`"`)) {
		t.Errorf("semicolons stand without quotation marks: %s", data)
	}
	for _, text := range []string{
		string(data), "Post,Arrival,Recorder\nBavet,2018-03-05 08:15," + many + "\n", strings.Repeat("a;b\n", 5) + "Post,Arrival,Recorder\nBavet,2018-03-05 08:15," + many + "\n",
		"Post;Arrival;Recorder\nBavet;2018-03-05 08:15;\"" + many + "\"\n", "Post\tArrival\tRecorder\nBavet\t2018-03-05 08:15\t" + many + "\n",
	} {
		s, err := Import("assumed.csv", []byte(text), Mapping{}, nil)
		if err != nil || len(s.Records) != 1 || s.Records[0].Recorder != many {
			t.Errorf("%q is read as %+v, %v", text, s, err)
		}
	}
}

func TestASeparatorOfUnknownHeaders(t *testing.T) {
	p, err := Propose("assumed.csv", []byte("Cổng;Biển;Giờ, phút\n1;2;3\n"), Mapping{})
	if err != nil || len(p.Headings) != 3 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestVolumesAreCounts(t *testing.T) {
	for _, test := range []struct {
		given string
		want  int
	}{{"24", 24}, {"២៤", 24}, {" 4 ", 4}, {"-4", 0}, {"−4", 0}, {"~4", 0}, {"4 5", 0}, {"0", 0}} {
		s, err := Import("volume.csv", []byte("Post,Arrival,Removal,Volume per h\nBavet,2018-03-05 08:00,2018-03-05 09:00,"+test.given+"\n"), Mapping{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.want > 0 && (len(s.Records) != 1 || s.Records[0].VolumePerH != test.want) {
			t.Errorf("%q: %+v", test.given, s)
		}
		if test.want == 0 && (len(s.Aside) != 1 || !strings.Contains(s.Aside[0].Problems[0].Reason, "it is no count")) {
			t.Errorf("%q is taken for a count: %+v", test.given, s)
		}
	}
}

// What was typed in at the roadside and looks like a formula runs in no
// spreadsheet, and is read back as it was typed.
func TestFormulasAreGuarded(t *testing.T) {
	for _, typed := range []string{"=HYPERLINK(1)", "+84", "-1", "@x", "'=1", "''-2", "'B1", "B1", "x=1"} {
		data := FromRows([]map[Column]string{{Post: "Bavet", Direction: "vào", Arrival: "2018-03-05 08:15", Recorder: typed}})
		for cell := range strings.SplitSeq(strings.Split(string(data), "\n")[1], ",") {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("%s is handed out as %s", typed, cell)
			}
		}
		s, err := Import("assumed.csv", data, Mapping{}, nil)
		if err != nil || len(s.Records) != 1 || s.Records[0].Recorder != typed || s.Records[0].Direction() != "VN-KH" {
			t.Errorf("%s is read back as %+v, %v", typed, s, err)
		}
	}
}
