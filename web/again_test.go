package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Who is refused finds the form open and as it was filled in.
func TestWhatWasTypedStandsInARefusedForm(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.truck(t, "3A-1234")
	for _, c := range []struct {
		path string
		form []string
		open string   // the summary of the form
		has  []string // what stands in it
	}{
		{"/arrivals", []string{"do", "announce", "plate", `51C-"1234"`, "direction", "VN-KH", "reference", "KH01-0000-0001", "load_state", "empty", "remark", "by phone <3"},
			"Announcement", []string{`name="plate" value="51C-&#34;1234&#34;"`, `value="VN-KH" selected`, `name="reference" value="KH01-0000-0001"`, `value="empty" selected`, `name="remark" value="by phone &lt;3"`}},
		{"/arrivals", []string{"do", "arrived", "plate", "2A-1", "direction", "VN-KH", "vehicle_type", "unknown", "dossier", "unready", "at", "25:61"},
			"Arrival", []string{`name="plate" value="2A-1"`, `value="VN-KH" selected`, `value="unknown" selected`, `value="unready" selected`}},
		{"/arrivals", []string{"do", "arrived", "plate", "2A-1", "vehicle_type", "coach"}, "Arrival", []string{`name="plate" value="2A-1"`, `value="coach" selected`}},
		{"/post", []string{"do", "close-post", "remark", "storm"}, "Close the post", []string{`name="remark" value="storm"`}},
		{"/post", []string{"do", "set-policy", "policy", readyFirst}, "Change policy", []string{`value="` + readyFirst + `" required checked`}},
		{"/places/Bavet%20exit%20lane%201", []string{"do", "set-servers", "stop", "Bavet exit booth 1", "officers", "many", "remark", "one is ill"},
			"Set officers", []string{`name="officers" value="many"`, `name="remark" value="one is ill"`}},
	} {
		form := filled(append(c.form, "key", "again")...)
		got := p.do(t, http.MethodPost, c.path, form)
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %v: %d", c.path, c.form, got.status)
		}
		open := openForms(got.text)
		if len(open) != 1 || !strings.Contains(open[0], "<summary>"+c.open+"</summary>") {
			t.Errorf("%s %v: %d forms are open", c.path, c.form, len(open))
			continue
		}
		for _, part := range c.has {
			if !strings.Contains(open[0], part) {
				t.Errorf("%s %v: its form lacks %q", c.path, c.form, part)
			}
		}
		if rest := strings.Replace(got.text, open[0], "", 1); strings.Contains(rest, form.Get("remark")) && form.Get("remark") != "" {
			t.Errorf("%s %v: %q stands in another form", c.path, c.form, form.Get("remark"))
		}
	}
	if open := openForms(p.do(t, http.MethodGet, "/post", nil).text); len(open) > 0 {
		t.Errorf("open before anything was refused: %d forms", len(open))
	}
}

func openForms(page string) (open []string) {
	return regexp.MustCompile(`(?s)<details class="act"[^>]* open>.*?</details>`).FindAllString(page, -1)
}
