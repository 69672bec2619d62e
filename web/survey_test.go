package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	script "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"landport/survey"
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

// cuttable serves a node's pages over a line that can be cut.
func cuttable(t *testing.T, p *outpost) (url string, cut *atomic.Bool) {
	t.Helper()
	cut = &atomic.Bool{}
	pages := NewNodeServer(p.node, NodeOptions{}, slog.New(slog.DiscardHandler))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cut.Load() {
			panic(http.ErrAbortHandler)
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, cut
}

// At the roadside the line is cut: the page opens, samples wait on the phone,
// and when the line is back each stands in the ledger once.
func TestSamplesWithoutNetwork(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	url, cut := cuttable(t, p)
	b := browse(t, 390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	b.do(chromedp.Navigate(url+"/survey/enter"), chromedp.WaitVisible(chromedp.CSS("#sample")))
	b.until("the worker has the page", `navigator.serviceWorker.controller !== null`)
	b.boardFits()
	asked, folded := eval[int](b, `document.querySelectorAll("#sample .moments .moment").length`), eval[string](b, `document.querySelector(".elsewhere:not([open])").textContent`)
	if asked != len(survey.Instants()) || !strings.Contains(folded, "police release") || strings.Contains(folded, "customs release") {
		t.Errorf("the form asks for %d times, and folds away %q", asked, folded)
	}

	cut.Store(true)
	b.do(chromedp.Navigate(url+"/survey/enter"), chromedp.WaitVisible(chromedp.CSS("#sample")))
	enter := func(plate string, more string) {
		t.Helper()
		eval[bool](b, `(() => {
			const f = document.getElementById("sample").elements;
			f.direction.value = "exit"; f.plate.value = `+quote(plate)+`; f.load_state.value = "laden";
			document.querySelector('[data-now="arrival"]').click();
			`+more+`
			return true;
		})()`)
	}
	enter("2A-1234", `document.getElementById("aside").click();`)
	b.until("it is open", `document.querySelectorAll("#open li").length === 1`)
	enter("51C-123.45", `document.querySelector('#sample [type="submit"]').click();`)
	b.until("it waits", `document.getElementById("network").dataset.waiting === "1" && document.getElementById("network").textContent.includes("No network")`)
	eval[bool](b, `document.querySelector("#open button").click(), document.querySelector('[data-now="removal"]').click(), document.querySelector('#sample [type="submit"]').click(), true`)
	b.until("two wait", `document.getElementById("network").dataset.waiting === "2"`)
	b.picture("survey-offline-phone.png")
	b.do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#sample")))
	b.until("they outlive the page", `document.querySelectorAll("#queue li").length === 2`)
	if rows, err := p.node.Samples(t.Context()); err != nil || len(rows) != 0 {
		t.Fatalf("recorded over a cut line: %v, %v", rows, err)
	}

	queue := eval[string](b, `localStorage.getItem("landport.survey.queue")`)
	cut.Store(false)
	eval[bool](b, `window.dispatchEvent(new Event("online"))`)
	b.until("they are recorded", `document.getElementById("network").dataset.sent === "2" && document.getElementById("network").dataset.waiting === "0"`)
	// The answer was lost: the phone sends them again.
	eval[bool](b, `localStorage.setItem("landport.survey.queue", `+quote(queue)+`), window.dispatchEvent(new Event("online"))`)
	b.until("they are answered again", `document.getElementById("network").dataset.sent === "4"`)
	rows, err := p.node.Samples(t.Context())
	if err != nil || len(rows) != 2 || rows[0][survey.Plate] != "51C-123.45" || rows[1][survey.Plate] != "2A-1234" || !strings.Contains(rows[1][survey.Removal], "T") {
		t.Errorf("%v, %v", rows, err)
	}
	_, data := get(t, url+"/survey/samples.csv")
	if sheet, err := survey.Import("samples.csv", []byte(data), survey.Mapping{}, nil); err != nil || len(sheet.Records) != 2 {
		t.Errorf("%+v, %v", sheet, err)
	}
}

// A person in the rain taps wrong, and the phone loses the page. Nothing is lost,
// what looks wrong is said and not forbidden, what was sent can be corrected, and
// the count of an hour reaches the samples of its vehicles.
func TestTheRoadsideFormForgives(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	url, _ := cuttable(t, p)
	b := browse(t, 390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	open := func() {
		t.Helper()
		b.do(chromedp.Navigate(url+"/survey/enter"), chromedp.WaitVisible(chromedp.CSS("#sample")))
	}
	type answer = map[string]string
	set := func(values answer) {
		t.Helper()
		for name, value := range values {
			eval[bool](b, `(() => { const f = document.getElementById("sample").elements[`+quote(name)+`]; f.value = `+quote(value)+`; f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`)
		}
	}
	has := func(want answer) {
		t.Helper()
		for name, value := range want {
			if got := eval[string](b, `document.getElementById("sample").elements[`+quote(name)+`].value`); got != value {
				t.Errorf("%s is %q, not %q", name, got, value)
			}
		}
	}
	press := func(what string) {
		t.Helper()
		eval[bool](b, `document.querySelector(`+quote(what)+`).click(), true`)
	}
	text := func(what string) string {
		t.Helper()
		return eval[string](b, `document.querySelector(`+quote(what)+`).innerText`)
	}

	open()
	hour := eval[string](b, `new Date(Date.now() - 3600000 + 7 * 3600000).toISOString().slice(0, 13)`)
	const done, now = `#sample [type="submit"]`, `[data-now="arrival"]`
	set(answer{"direction": "exit", "recorder": "B1", "plate": "x", "plate_country": "KH", "channel": "green", "removal": hour + ":05"})
	press(now)
	first := eval[string](b, `document.getElementById("sample").elements.arrival.value`)
	open()
	has(answer{"direction": "exit", "recorder": "B1", "plate": "x", "plate_country": "KH", "channel": "green", "arrival": first})
	press(now)
	if said := text(now); said != "Replace?" {
		t.Errorf("the second tap on Now does not ask: %q", said)
	}
	set(answer{"arrival": hour + ":10", "examination_start": "2031-01-01T00:00"})
	for _, want := range []string{"removal " + hour[11:] + ":05 is before arrival " + hour[11:] + ":10.", "examination start 00:00 on 2031-01-01 is still to come.", "“x” is hardly a whole number plate."} {
		if said := text("#doubts"); !strings.Contains(said, want) {
			t.Errorf("no %q in %q", want, said)
		}
	}
	set(answer{"examination_start": ""})
	press(done)
	if said := text("#said"); !strings.Contains(said, "Press Done once more") {
		t.Errorf("it says %q", said)
	}
	press(done)
	b.until("it is recorded although it looks wrong", `document.querySelectorAll("#sent li").length === 1 && document.querySelector("#sent li").textContent.includes("number plate")`)
	has(answer{"direction": "exit", "recorder": "B1", "plate": "", "arrival": ""})
	press("#sent button")
	has(answer{"plate": "x", "arrival": hour + ":10"})
	set(answer{"plate": "2A-1234", "removal": hour + ":40"})
	eval[bool](b, `(() => { const f = document.querySelector('[data-count="1"]'); f.value = "24"; f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`)
	press("#one")
	press("#one")
	open() // in the middle of it
	if said := text("#about"); !strings.Contains(said, "This corrects x") || eval[string](b, `document.querySelector('[data-count="0"]').value`) != "2" {
		t.Errorf("it says %q", said)
	}
	b.boardFits()
	press(done)
	b.until("the correction is recorded", `document.querySelector("#sent li")?.textContent.includes("2A-1234") && document.getElementById("network").dataset.waiting === "0"`)
	rows, err := p.node.Samples(t.Context())
	if err != nil || len(rows) != 1 || rows[0][survey.Plate] != "2A-1234" || rows[0][survey.VolumePerH] != "24" || rows[0][survey.Channel] != "green" || rows[0][survey.PlateCountry] != "KH" {
		t.Errorf("%v, %v", rows, err)
	}

	// Another tab finished this vehicle: the node keeps both, and says so.
	set(answer{"plate": "2A-5678"})
	press(now)
	eval[bool](b, `(() => { const [s] = JSON.parse(localStorage.getItem("landport.survey.open")); localStorage.setItem("landport.survey.queue", JSON.stringify([{...s, cells: {...s.cells, post: "Bavet", direction: "exit"}}])); dispatchEvent(new Event("online")); return true; })()`)
	b.until("the other tab's is recorded", `document.querySelectorAll("#sent li").length === 2`)
	press(done)
	if said := text("#said"); !strings.Contains(said, "finished in another tab") {
		t.Errorf("it says %q", said)
	}
	press(done)
	b.until("this one stands in its place", `document.getElementById("network").dataset.sent === "3"`)
	if rows, err := p.node.Samples(t.Context()); err != nil || len(rows) != 2 {
		t.Errorf("%v, %v", rows, err)
	}
}

// A phone at the border takes the clock of the network across the line, recorders
// mistype the post and begin in the middle of an hour. What they counted is kept
// for the hour in which they counted it, and can be mended.
func TestTheRoadsideCountKeepsItsHour(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	url, cut := cuttable(t, p)
	b := browse(t, 390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	zone := func(name string) {
		t.Helper()
		if _, err := chromedp.Call(b.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name}); err != nil {
			t.Fatal(err)
		}
	}
	do := func(steps string) {
		t.Helper()
		eval[bool](b, `(() => {
			const f = document.getElementById("sample").elements;
			const press = (what) => document.querySelector(what).click();
			const set = (field, value) => { field.value = value; field.dispatchEvent(new Event("input", {bubbles: true})); field.dispatchEvent(new Event("change", {bubbles: true})); };
			const field = (back) => document.querySelector("[data-count='" + back + "']");
			const named = (list, text) => [...document.querySelectorAll("#" + list + " button")].find((b) => b.textContent === text);
			const done = () => { press('#sample [type="submit"]'); if (!document.getElementById("said").hidden) press('#sample [type="submit"]'); };
			`+steps+`
			return true;
		})()`)
	}
	is := func(what, found, want string) {
		t.Helper()
		if got := eval[string](b, found); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in %q", what, want, got)
		}
	}
	// The clock of the page goes on from a day that the test sets.
	if _, err := chromedp.Call(b.ctx, script.AddScriptToEvaluateOnNewDocument, script.AddScriptToEvaluateOnNewDocumentParams{Source: `{
		const Real = Date;
		const ahead = () => Number(sessionStorage.getItem("ahead") ?? 0);
		window.setClock = (text) => sessionStorage.setItem("ahead", Real.parse(text) - Real.now());
		window.Date = class extends Real { constructor(...a) { if (a.length) super(...a); else super(Real.now() + ahead()); } static now() { return Real.now() + ahead(); } };
	}`}); err != nil {
		t.Fatal(err)
	}
	zone("Asia/Phnom_Penh")
	b.do(chromedp.Navigate(url+"/survey/enter"), chromedp.WaitVisible(chromedp.CSS("#sample")))
	do(`setClock("2018-03-05T10:01:00+07:00"); `)
	cut.Store(true)

	// The zone jumps between two taps, and between two counts of one hour.
	do(`set(f.post, "Bavet 1"); set(f.direction, "exit"); set(f.recorder, "B1"); for (let i = 0; i < 12; i++) press("#one"); set(f.plate, "2A-1234"); press('[data-now="arrival"]');`)
	is("a mistyped post", `document.getElementById("nowhere").textContent`, "“Bavet 1” is none of the posts that the node knows: Bavet, Moc Bai")
	zone("Asia/Shanghai")
	do(`set(f.post, "Bavet"); for (let i = 0; i < 9; i++) press("#one"); press('[data-now="removal"]');`)
	is("the phone's zone", `document.getElementById("sample").elements.arrival.value + " " + document.getElementById("sample").elements.removal.value + document.querySelector("[data-hour='0']").textContent`, "2018-03-05T10:01 2018-03-05T10:0")
	do(`set(f.post, "Bavet 1"); done();`)
	// The hour is over: what is typed is that of the label.
	do(`setClock("2018-03-05T10:59:58+07:00"); field(0).focus();`)
	is("before the hour", `document.querySelector("[data-hour='0']").textContent`, "10–11, leaving")
	do(`setClock("2018-03-05T11:00:10+07:00"); set(field(0), "13");`)
	is("the label while a number is typed", `document.querySelector("[data-hour='0']").textContent`, "10–11, leaving")
	do(`field(0).blur();`)
	b.until("the label is of the new hour", `document.querySelector("[data-hour='0']").textContent === "11–12, leaving"`)
	is("the hour before", `document.querySelector("[data-count='1']").value`, "13")

	// An earlier vehicle, and what stands for those to come.
	do(`set(f.post, "Bavet"); set(f.direction, "entry"); set(f.recorder, "B1"); set(f.plate, "51C-123.45"); press('[data-now="arrival"]'); press("#aside"); set(f.direction, "exit"); set(f.recorder, "B2"); named("open", "Go on").click();`)
	is("taken up", `document.getElementById("sample").elements.direction.value + document.querySelector("[data-hour='0']").textContent`, "entry11–12, leaving")
	do(`press("#one"); press('[data-now="removal"]'); done();`)
	is("given back", `document.getElementById("sample").elements.direction.value + document.getElementById("sample").elements.recorder.value`, "exitB2")

	// What was counted under the wrong post is not taken, and mended as a whole.
	cut.Store(false)
	do(`dispatchEvent(new Event("online"));`)
	b.until("it is not taken", `document.getElementById("network").textContent.includes("2 not taken: mend them below.")`)
	is("why", `document.getElementById("queue").textContent`, `not taken: column "post", "Bavet 1": unknown post`)
	is("nothing waits", `document.getElementById("network").textContent.includes("Nothing is waiting") + ""`, "false")
	do(`[...document.querySelectorAll("#queue li")].find((l) => l.textContent.includes("vehicles from")).querySelector("button").click();`)
	do(`document.querySelector("#queue input").value = "Bavet"; named("queue", "Send again").click();`)
	b.until("all is taken", `document.querySelectorAll("#queue li").length === 0 && document.querySelectorAll("#sent li").length === 2`)

	volume := func(plate string) (row map[survey.Column]string) {
		t.Helper()
		rows, err := p.node.Samples(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r[survey.Plate] == plate {
				row = r
			}
		}
		return row
	}
	if row := volume("2A-1234"); row[survey.VolumePerH] != "22" || row[survey.Post] != "Bavet" || row[survey.Arrival] != "2018-03-05T10:01+07:00" || !strings.HasSuffix(row[survey.Removal], "+07:00") {
		t.Errorf("12 and 9 taps, of which 13 was made, come to %v", row)
	}

	// Begun late, an hour is no hour until a person says that it was counted whole.
	do(`setClock("2018-03-05T13:40:00+07:00"); for (let i = 0; i < 2; i++) press("#one"); set(f.plate, "2A-4321"); press('[data-now="arrival"]'); done();`)
	is("asked", `document.querySelector("[data-late='0']").textContent`, "13–14 was counted from its start, not from 13:40 on")
	b.boardFits()
	do(`setClock("2018-03-05T16:00:05+07:00"); dispatchEvent(new Event("online"));`)
	b.until("it is told", `document.getElementById("counted").textContent.includes("13–14, leaving, Bavet: 2 vehicles, No.")`)
	is("not the hour's", `document.getElementById("counted").textContent`, "from 13:40 on, so not the count of the hour")
	b.until("the sample is there", `document.querySelectorAll("#sent li").length === 3`)
	if row := volume("2A-4321"); row[survey.VolumePerH] != "" {
		t.Errorf("begun late: %v", row)
	}
	do(`named("counted", "Correct").click(); document.querySelector("#counted input[type=number]").value = "7"; document.querySelector("#counted input[type=checkbox]").checked = true; named("counted", "Save").click();`)
	for range 100 {
		if volume("2A-4321")[survey.VolumePerH] != "" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if row := volume("2A-4321"); row[survey.VolumePerH] != "7" {
		t.Errorf("corrected after two hours: %v", row)
	}
	b.boardFits()
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
