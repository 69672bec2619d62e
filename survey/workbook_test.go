package survey

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// A workbook has days as numbers, and a recorder may have typed some as text.
func TestImportAWorkbook(t *testing.T) {
	f := excelize.NewFile()
	at := time.Date(2018, 3, 5, 8, 15, 0, 0, time.UTC)
	for _, test := range []struct {
		cell string
		v    any
	}{
		{"A3", "Plate"}, {"B3", "Arrived"}, {"C3", "Gate out"}, {"A4", "2A-1234"}, {"B4", at}, {"C4", at.Add(95 * time.Minute)}, {"A5", "2A-1235"}, {"B5", "05/03/2018 8h20"}, {"C5", "9.40"},
	} {
		if err := f.SetCellValue("Sheet1", test.cell, test.v); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	s, err := Import("assumed.xlsx", file.Bytes(), Mapping{Post: "Bavet"}, nil)
	if err != nil || len(s.Records) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	for i, want := range []string{"2018-03-05 09:50", "2018-03-05 09:40"} {
		if got, _ := s.Records[i].At(Removal); got != local(t, want) {
			t.Errorf("removal %v, not %s", got.Std(indochina), want)
		}
	}
	if _, err := Import("assumed.xlsx", file.Bytes(), Mapping{Post: "Bavet", Sheet: "March"}, nil); err == nil || !strings.Contains(err.Error(), "its sheets are Sheet1") {
		t.Error(err)
	}
}

// A cover before the recording sheet, even with the word of a column in it, is not
// what is read; a person may say which sheet is.
func TestAWorkbookWithACover(t *testing.T) {
	f := excelize.NewFile()
	for _, err := range []error{
		f.SetSheetName("Sheet1", "Bìa"), f.SetSheetRow("Bìa", "A1", &[]any{"Khảo sát", "Post"}),
		errors.Join(second(f.NewSheet("Tháng 3")), f.SetSheetRow("Tháng 3", "A2", &[]any{"Post", "Arrival", "Removal"}), f.SetSheetRow("Tháng 3", "A3", &[]any{"Bavet", "05/03/2018 8h20", "9h40"})),
		errors.Join(second(f.NewSheet("Tháng 4")), f.SetSheetRow("Tháng 4", "A1", &[]any{"Xe vao"})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	s, err := Import("assumed.xlsx", file.Bytes(), Mapping{}, nil)
	if err != nil || s.Tab != "Tháng 3" || len(s.Records) != 1 || !strings.Contains(s.Text(), `sheet "Tháng 3" of "Bìa", "Tháng 3", "Tháng 4"`) {
		t.Fatalf("%+v, %v", s, err)
	}
	for _, test := range []struct{ sheet, tab, first string }{{"", "Tháng 3", "Post"}, {"Bìa", "Bìa", "Khảo sát"}, {"Tháng 4", "Tháng 4", "Xe vao"}} {
		p, err := Propose("assumed.xlsx", file.Bytes(), Mapping{Sheet: test.sheet})
		if err != nil || p.Tab != test.tab || len(p.Tabs) != 3 || p.Headings[0].Header != test.first {
			t.Errorf("%q: %+v, %v", test.sheet, p, err)
		}
	}
	if _, err := Import("assumed.xlsx", file.Bytes(), Mapping{Sheet: "Tháng 4"}, nil); err == nil || !strings.Contains(err.Error(), `of sheet "Tháng 4" (the sheets are Bìa, Tháng 3, Tháng 4) the first row has "Xe vao"`) {
		t.Error(err)
	}
}

// A workbook with a sheet for each day is read as a whole, by one mapping; what is
// not read of it is told.
func TestAWorkbookOfDays(t *testing.T) {
	f := excelize.NewFile()
	fill := func(tab string, rows ...[]any) {
		t.Helper()
		if _, err := f.NewSheet(tab); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(tab, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("Cover", []any{"Arrival", "when the vehicle stops"}, []any{"Removal", "when it leaves"})
	fill("Template", []any{"Post", "Xe vao", "Removal"})
	for day := 1; day <= 3; day++ {
		header := []any{"Post", "Xe vao", "Removal"}
		if day == 3 {
			header[1] = "Arrival"
		}
		fill(fmt.Sprintf("Day %d", day), header, []any{"Bavet", fmt.Sprintf("0%d/03/2018 8:15", day), "9:00"}, []any{"Bavet", fmt.Sprintf("0%d/03/2018 9:15", day), "10:00"})
	}
	fill("Notes", []any{"rain on Tuesday"})
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	read := func(tab string) []*Sheet {
		t.Helper()
		all, err := ImportAll("assumed.xlsx", file.Bytes(), Mapping{Sheet: tab, Columns: map[string]string{"arrival": "Xe vào"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	days, err := ImportAll("assumed.xlsx", file.Bytes(), Mapping{Columns: map[string]string{"arrival": "Xe vào"}}, nil)
	if err != nil || len(days) != 3 {
		t.Fatalf("%d sheets, %v", len(days), err)
	}
	s := New(days...)
	if len(s.Records) != 6 || s.Records[4].Sheet != "assumed.xlsx, Day 3" || len(s.Repeated) != 0 {
		t.Errorf("%d records, %+v, %v", len(s.Records), s.Records[4], s.Repeated)
	}
	notes := strings.Join(s.Study().Notes, "\n")
	for _, want := range []string{
		`sheet "Cover" was not read: it has headers, but of its 1 row none can be read; row 2: no post is named`,
		`sheet "Template" was not read: below its headers there is no row.`,
		`sheet "Notes" was not read: no row of headers was found.`,
	} {
		if !strings.Contains(notes, want) || !strings.Contains(days[0].Text(), want) {
			t.Errorf("no %q in %s", want, notes)
		}
	}
	if strings.Contains(notes, "Sheet1") {
		t.Errorf("an empty sheet is told: %s", notes)
	}
	// One sheet chosen, the next of them in the same file given again, and one twice.
	s = New(slices.Concat(read("Day 1"), read("Day 2"), read("Day 2"))...)
	if len(s.Records) != 4 || len(s.Repeated) != 1 || !strings.Contains(strings.Join(s.Besides, ""), `sheet "Day 1" alone was read, as was chosen, and not "Sheet1", "Cover"`) {
		t.Errorf("%d records, %v, %v", len(s.Records), s.Repeated, s.Besides)
	}
	if _, err := ImportAll("assumed.xlsx", file.Bytes(), Mapping{Columns: map[string]string{"arrival": "Xe vô"}}, nil); err == nil || !strings.Contains(err.Error(), `the mapping gives "Xe vô" for arrival`) {
		t.Errorf("a header that no sheet has: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
