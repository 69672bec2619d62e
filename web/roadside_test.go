package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	script "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"landport/survey"
)

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
