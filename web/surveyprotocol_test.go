package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAProtocolIsMadeOnThePage(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	const sound = "?post=Bavet&post=Moc+Bai&country=&country=&start=2027-03-01&shift=12&per_day=225&cv=0.6&cv_source=assumed&design_effect=2&missing_most=0.1"
	for _, test := range []struct {
		query  string
		status int
		parts  []string
	}{
		{"", http.StatusOK, []string{`name="cv" value="0.8"`, `<option selected>8</option>`, `<option value="Lao Bao">`}},
		{sound, http.StatusOK, []string{"Monday 1 March 2027", "12:00–24:00", "is 0.6 (assumed)", "one in 5", "Recording sheet: Moc Bai, KH → VN"}},
		{sound + "&every_shift=1", http.StatusOK, []string{"Sun 7 March 2027"}},
		{strings.Replace(sound, "Moc+Bai", "Lao+Bao", 1), http.StatusUnprocessableEntity, []string{"do not face each other", `value="Bavet"`, `value="0.6"`}},
		{strings.Replace(sound, "Moc+Bai", "", 1), http.StatusUnprocessableEntity, []string{"Name both posts"}},
		{strings.Replace(sound, "Moc+Bai", "Moonside", 1), http.StatusUnprocessableEntity, []string{"&#34;Moonside&#34; is not known here; write its country too"}},
		{strings.Replace(strings.Replace(sound, "Moc+Bai", "Xa+Mat", 1), "country=&country=", "country=&country=vn", 1), http.StatusOK, []string{"Bavet – Xa Mat"}},
		{strings.Replace(sound, "shift=12", "shift=7", 1), http.StatusUnprocessableEntity, []string{"do not fill a day"}},
		{strings.Replace(sound, "cv=0.6", "cv=much", 1), http.StatusUnprocessableEntity, []string{"&#34;much&#34; is no number"}},
	} {
		status, page := get(t, s.URL+"/survey/protocol"+test.query)
		if status != test.status {
			t.Errorf("%s: %d", test.query, status)
		}
		for _, part := range test.parts {
			if !strings.Contains(page, part) {
				t.Errorf("%s: no %q", test.query, part)
			}
		}
	}
	if _, page := get(t, s.URL+"/survey"); !strings.Contains(page, `href="/survey/protocol"`) || !strings.Contains(page, "landport survey freeze") {
		t.Error("the survey page leads to no protocol, or does not say where the assessment is")
	}
	if defaults := protocolDefaults("Moc Bai"); strings.Join(defaults["post"], " ") != "Moc Bai Bavet" {
		t.Errorf("a node of Moc Bai begins with %v", defaults)
	}

	b := browse(t, 390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch)
	complaints := b.listen(s.URL)
	b.do(chromedp.Navigate(s.URL+"/survey/protocol"), chromedp.WaitVisible(chromedp.CSS(".survey form")))
	b.boardFits()
	b.do(chromedp.Navigate(s.URL + "/survey/protocol" + sound))
	b.until("its own styles are let in", `getComputedStyle(document.querySelector(".sheet")).breakBefore === "page"`)
	if out := eval[string](b, `document.documentElement.scrollWidth <= 390 ? "" : [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 390 && !e.closest(".scroll")).map((e) => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40)).join("; ")`); out != "" {
		t.Errorf("beyond the right edge of a phone: %s", out)
	}
	for _, complaint := range complaints() {
		t.Error(complaint)
	}
}
