package web

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
)

// Hours are set for a day in a form; drivers are told the day's new ones.
func TestHoursAreChangedInAForm(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, c := range []struct {
		form []string
		want string
	}{
		{[]string{"day", "2018-03-05", "opens", "06:00", "last-admission", "23:30", "closes", "00:00"}, "06:00 to 24:00, last admission 23:30"},
		{[]string{"day", "2018-03-06"}, "closed all day"},
		{[]string{"day", "2018-03-05", "opens", "06:00", "last-admission", "04:30", "closes", "05:00", "closes-on", "next"}, "06:00 to 05:00 on Tue, last admission 04:30"},
	} {
		form := filled(append([]string{"do", "set-hours", "key", c.want, "opening", "Bavet", "reason", "by-agreement"}, c.form...)...)
		form.Set("key", strings.NewReplacer(" ", "", ",", "").Replace(c.want))
		if got := p.do(t, http.MethodPost, "/post", form); got.status != http.StatusSeeOther {
			t.Errorf("%v: %d, %s", c.form, got.status, got.text)
		}
		if page := p.get(t, "/public").text; !strings.Contains(page, c.want) && !slices.Contains(c.form, "next") { // drivers are told day by day
			t.Errorf("drivers are not told %q", c.want)
		}
		if page := p.get(t, "/post").text; !strings.Contains(page, c.want+", by order") {
			t.Errorf("the post's page does not say %q", c.want)
		}
	}
	for _, test := range []struct {
		want string
		form []string
	}{
		{"is not a day", []string{"day", "tomorrow"}},
		{"give when it opens and when it closes", []string{"day", "2018-03-07", "opens", "06:00"}},
		{"hours can be set for today", []string{"day", "2018-03-04", "opens", "06:00", "closes", "07:00"}},
		{"05:00 is not after 06:00: if it closes on the day after, choose that under Closes on", []string{"day", "2018-03-07", "opens", "06:00", "closes", "05:00"}},
		{"is more than a day", []string{"day", "2018-03-07", "opens", "06:00", "closes", "07:00", "closes-on", "next"}},
		{"no opening", []string{"day", "2018-03-07", "opening", "Hanoi"}},
	} {
		form := filled(append([]string{"do", "set-hours", "key", "K" + test.want[:2], "reason", "by-agreement"}, test.form...)...)
		if form.Get("opening") == "" {
			form.Set("opening", "Bavet")
		}
		if got := p.do(t, http.MethodPost, "/post", form); got.status < 400 || !strings.Contains(got.text, test.want) {
			t.Errorf("%v: %d, not %q", form, got.status, test.want)
		}
	}
}

// An hour and a minute are of the last twelve hours, over midnight too; nothing
// becomes yesterday's unasked.
func TestWhenIsOfTheLastTwelveHours(t *testing.T) {
	zone := time.FixedZone("", 7*3600)
	p := keep(t, 0, NodeOptions{})
	layout := p.node.Model().Layout
	for _, c := range []struct{ now, given, want string }{
		{"20:13", "23:59", ""},
		{"20:13", "20:15", ""},
		{"20:13", "20:14", "Mon 20:13"},
		{"20:13", "20:12", "Mon 20:12"},
		{"20:13", "08:13", "Mon 08:13"},
		{"20:13", "08:12", ""},
		{"00:20", "23:50", "Sun 23:50"},
		{"00:20", "12:20", "Sun 12:20"},
		{"00:20", "12:19", ""},
		{"23:59", "00:01", ""},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", "2018-03-05 "+c.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		form := formReader{r: &http.Request{Form: url.Values{}, PostForm: filled("at", c.given)}, layout: layout}
		at := form.when(border.At(now))
		if got := at.Std(zone).Format("Mon 15:04"); (form.err == nil) != (c.want != "") || form.err == nil && got != c.want {
			t.Errorf("%s told at %s is %s, %v; want %q", c.given, c.now, got, form.err, c.want)
		}
	}
}

// A clock that went back stops deadlines until somebody says it is right.
func TestAClockInDoubt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.db")
	p := resume(t, 0, NodeOptions{}, file, time.Date(2018, 3, 5, 3, 0, 0, 0, time.UTC))
	p.truck(t, "")
	p.stop()
	p = resume(t, 0, NodeOptions{}, file, time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
	for _, path := range []string{"/", "/look", "/post"} {
		if page := p.get(t, path).text; !strings.Contains(page, "behind the last entry; deadlines stand still") {
			t.Errorf("%s does not tell that the clock is in doubt", path)
		}
	}
	if got := p.do(t, http.MethodPost, "/post", filled("do", "confirm-clock", "key", "1")); got.status != http.StatusSeeOther || p.node.Ready() != nil {
		t.Errorf("confirming the clock: %d, %v", got.status, p.node.Ready())
	}
}
