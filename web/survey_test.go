package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"
)

// hand hands sheets in as a browser does; fields are names and values.
func hand(t *testing.T, url string, sheets map[string]string, fields ...string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, text := range sheets {
		part, err := form.CreateFormFile("sheet", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, text); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/survey", &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	return fetched(t, request)
}

// fetched returns the status and the body of an answer.
func fetched(t *testing.T, request *http.Request) (int, string) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fetched(t, request)
}

// madeUp is a sheet in which nothing is real.
const madeUp = "Post,Direction,Plate,Xe vao,Customs release,Removal\n" +
	"Bavet,exit,2A-1234,2018-03-05 08:15,2018-03-05 09:00,2018-03-05 09:10\n" +
	"Bavet,exit,2A-1235,2018-03-05 08:20,2018-03-05 08:00,2018-03-05 09:30\n" +
	"Bavett,exit,2A-1236,2018-03-05 08:25,,<b>soon</b>\n"

func TestSheetsAreReadMappedAndStudied(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	has := func(page string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(page, part) {
				t.Errorf("the page has no %q", part)
			}
		}
	}
	status, page := hand(t, s.URL, map[string]string{"assumed.csv": madeUp})
	if status != http.StatusOK {
		t.Fatal(status, page)
	}
	has(page, "3 rows: 2 read, 1 kept aside", "perhaps &#34;Bavet&#34;", "&lt;b&gt;soon&lt;/b&gt;", `value="Xe vao"`, "customs release to removal")
	if strings.Contains(page, ">to release by customs<") {
		t.Error("the arrival is not mapped yet")
	}
	// The sheet travels with the page; the person says what a column holds.
	fields := []string{"name0", "assumed.csv", "data0", base64.StdEncoding.EncodeToString([]byte(madeUp))}
	for k, column := range []string{"post", "direction", "plate", "arrival", "customs_release", "removal"} {
		header := []string{"Post", "Direction", "Plate", "Xe vao", "Customs release", "Removal"}[k]
		fields = append(fields, fmt.Sprintf("h0.%d", k), header, fmt.Sprintf("f0.%d", k), column)
	}
	_, page = hand(t, s.URL, nil, fields...)
	has(page, "to release by customs", "impossible order", "customs release at 2018-03-05 08:00 comes before arrival at 2018-03-05 08:20")
	fields[len(fields)-1] = "arrival"
	_, page = hand(t, s.URL, nil, fields...)
	has(page, "Not read.", "are both said to be arrival")

	_, page = hand(t, s.URL, map[string]string{"assumed.csv": "a,b\n1,2\n"})
	has(page, "Not read.</b> assumed.csv: no row of headers was found", `value="a"`)
	_, page = hand(t, s.URL, map[string]string{"assumed.csv": "Arrival\n08:15\n08:20\n08:25\n"})
	has(page, "3 rows: 2–4", "no post is named")
	if n := strings.Count(page, "no post is named"); n != 1 {
		t.Errorf("one thing is said %d times", n)
	}
	if status, _ := hand(t, s.URL, nil); status != http.StatusUnprocessableEntity {
		t.Errorf("no sheet: %d", status)
	}
	if status, _ := hand(t, s.URL, map[string]string{"assumed.csv": strings.Repeat("x", sheetMost+1)}); status != http.StatusUnprocessableEntity {
		t.Errorf("a large sheet: %d", status)
	}
	if status, _ := hand(t, s.URL, map[string]string{"assumed.csv": strings.Repeat("x", 9*sheetMost)}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge sheet: %d", status)
	}
	if status, _ := get(t, s.URL+"/survey/enter"); status != http.StatusNotFound {
		t.Errorf("a playback takes samples: %d", status)
	}
}

// Which sheet of a workbook is read can be chosen, and what was said of another's
// columns is not about it.
func TestASheetOfAWorkbookIsChosen(t *testing.T) {
	s := serve(t, "mm5")
	f := excelize.NewFile()
	if _, err := f.NewSheet("March"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.SetSheetRow("March", "A1", &[]any{"Post", "Arrival"}), f.SetSheetRow("March", "A2", &[]any{"Bavet", "2018-03-05 08:00"})); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("Sheet1", "A1", "Time release study"); err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	_, page := hand(t, s.URL, map[string]string{"assumed.xlsx": book.String()})
	for _, part := range []string{"1 row: 1 read", "sheet &#34;Sheet1&#34; was not read: no row of headers", `<option>Sheet1</option>`, `<option>March</option>`, `name="was0" value=""`} {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in %s", part, page)
		}
	}
	back := []string{
		"name0", "assumed.xlsx", "data0", base64.StdEncoding.EncodeToString(book.Bytes()),
		"was0", "Sheet1", "tab0", "March", "h0.0", "Time release study", "f0.0", "plate",
	}
	if _, page = hand(t, s.URL, nil, back...); !strings.Contains(page, "1 row: 1 read") {
		t.Errorf("with another sheet's columns: %s", page)
	}
	back[7] = "Sheet1"
	if _, page = hand(t, s.URL, nil, back...); !strings.Contains(page, `Not read.</b> assumed.xlsx`) || !strings.Contains(page, `<option selected>Sheet1</option>`) {
		t.Errorf("the cover: %s", page)
	}
}

// Outliers count in the first figure; the second is without them, and what cannot
// be counts in the last alone.
func TestASurveyShowsOutliersFirst(t *testing.T) {
	s := serve(t, "mm5")
	var sheet strings.Builder
	sheet.WriteString("Post,Direction,Arrival,Customs release,Removal\n")
	for i := range 20 { // at the post for 20 to 58 minutes
		fmt.Fprintf(&sheet, "Bavet,exit,2018-03-05 %02d:00,,2018-03-05 %02d:%02d\n", i, i, 20+2*i)
	}
	sheet.WriteString("Bavet,exit,2018-03-06 08:00,,2018-03-06 23:00\n" + // an outlier
		"Bavet,exit,2018-03-07 08:00,2018-03-07 07:00,2018-03-07 09:00\n") // released before it came
	_, page := hand(t, s.URL, map[string]string{"assumed.csv": sheet.String()})
	rest := page
	for _, part := range []string{
		">outliers included</th>", ">without outliers</th>", ">all recorded</th>", ">at post</th>",
		">mean 80, range 20 to 900, n 21, 1 outlier</td>", ">mean 39, range 20 to 58, n 20</td>", "n 22, 1 of them impossible or twice</td>",
	} {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("the page lacks %q, or has it too early: %s", part, page)
		}
		rest = after
	}
	for _, part := range []string{
		"22 records, days with any: 3 (2018-03-05 to 2018-03-07), hours of the week: 22 of 168",
		">customs release</th><td>Bavet</td><td>21 of 22, 95.5%</td>", "no column for plate, load state, vehicle type, channel, recorder, volume per h, lodgement,",
		"An outlier is a time far from the middle half",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if _, page := hand(t, s.URL, map[string]string{"assumed.csv": "Post,Arrival\nBavet,2018-03-05 08:00\n"}); !strings.Contains(page, "Nothing is missing in the columns that the sheets have.") || strings.Contains(page, `class="missing"`) {
		t.Errorf("an empty table of what is missing: %s", page)
	}
}

func TestTheSurveyPageInABrowser(t *testing.T) {
	for _, screen := range []struct {
		name          string
		width, height int64
		options       []chromedp.EmulateViewportOption
	}{
		{"desk", 1440, 900, nil},
		{"phone", 390, 844, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}},
	} {
		t.Run(screen.name, func(t *testing.T) {
			s := serve(t, "bavet-mocbai-2018")
			b := browse(t, screen.width, screen.height, screen.options...)
			complaints := b.listen(s.URL)
			b.do(chromedp.Navigate(s.URL+"/survey"), chromedp.WaitVisible(chromedp.CSS(".sheets")))
			b.boardFits()
			eval[bool](b, `(() => {
				const files = new DataTransfer();
				files.items.add(new File([`+quote(madeUp)+`], "assumed.csv", {type: "text/csv"}));
				document.querySelector('[type="file"]').files = files.files;
				document.querySelector(".asked button").click();
				return true;
			})()`)
			b.until("the sheet is read", `document.readyState === "complete" && document.querySelector(".mapping + button") !== null`)
			eval[bool](b, `document.querySelector('[name="f0.3"]').value = "arrival", document.querySelector(".mapping + button").click(), true`)
			b.until("the sheet is read as mapped", `document.querySelector(".flags")?.textContent.includes("impossible order")`)
			b.boardFits()
			if cut := eval[string](b, `[...document.querySelectorAll(".times td")].find(cell => cell.getBoundingClientRect().right > innerWidth)?.textContent ?? ""`); cut != "" {
				t.Errorf("%q is beyond the screen's edge", cut)
			}
			b.picture("survey-" + screen.name + ".png")
			for _, complaint := range complaints() {
				t.Error(complaint)
			}
		})
	}
}
