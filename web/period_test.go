package web

import (
	"fmt"
	"html"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/node"
	"landport/study"
)

// studied waits until the study has followed the ledger so far.
func (p *outpost) studied(t testing.TB) {
	t.Helper()
	seq, _ := p.node.Seen()
	for {
		cover, err := p.node.StudyOf(t.Context(), node.StudyQuery{To: border.Never, Group: node.ByStage}, func(node.StudyLine) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if cover.Sequence >= seq {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// said is a page as it is read, without its marks and the gaps between them.
func said(page string) string {
	text := regexp.MustCompile(`(<[^>]*>|\s)+`).ReplaceAllString(page, " ")
	return html.UnescapeString(text)
}

func TestStudyOfAPeriodOnAPage(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.trade(t, 3*time.Hour)
	p.studied(t)
	const monday = "?from=2018-03-05&to=2018-03-06"
	for _, test := range []struct {
		path string
		want []string
	}{
		{"/study", []string{"goods vehicles left from Mon 5 Mar 2018, 07:00 to Mon 5 Mar 2018, 10:00.", "The record begins on Mon 5 Mar 2018, 07:00.", "How long it took", "to first service", "Whose time it was", "customs KH"}},
		{"/study" + monday, []string{"How long it took", "goods vehicles (all but coaches, cars, motorbikes and persons on foot)"}},
		{"/study" + monday + "&group=kind", []string{"By direction, load and vehicle: at post", "visits left from", "KH-VN laden articulated truck", "VN-KH empty articulated truck"}},
		{"/study" + monday + "&group=day", []string{"Mon 5 Mar 2018"}},
		{"/study" + monday + "&group=hour", []string{"08:00 to 09:00", "09:00 to 10:00"}},
		{"/study?from=&group=direction", []string{"KH-VN", "VN-KH"}},
		{"/study?from=2018-03-06", []string{"Nothing is known of this period. It begins after Mon 5 Mar 2018,"}},
		{"/study?from=2018-02-01&to=2018-03", []string{"This cannot be shown: \"2018-03\" is neither a day nor an instant"}},
		{"/study?to=2018-03-01", []string{"It ends before the record begins, on Mon 5 Mar 2018, 07:00."}},
		{"/study" + monday + "&group=direction&stage=customs+KH", []string{"By direction: customs KH"}},
		{"/study?from=2018-03-05T08:00:00%2B07:00&to=2018-03-05T09:00:00%2B07:00", []string{"left from Mon 5 Mar 2018, 08:00 to Mon 5 Mar 2018, 09:00."}},
		{"/study" + monday + "&group=direction&stage=nothing", []string{"This cannot be shown: there is no stage \"nothing\"; there are at post, to first service"}},
		{"/study?group=colour", []string{"This cannot be shown: there is no group \"colour\""}},
		{"/study?from=2018-03-06&to=2018-03-05", []string{"This cannot be shown: the period ends at"}},
		{"/study?from=2018-03-05T08:30:00%2B07:00", []string{"is not the beginning of an hour here; give one such as 2018-03-05T08:00:00+07:00"}},
		{"/study?from=" + url.QueryEscape("'\"><script>alert(1)</script>") + "&to=%ff%00", []string{"This cannot be shown:"}},
	} {
		got := p.get(t, test.path)
		text := said(got.text)
		wrong := strings.Contains(text, "This cannot be shown")
		if want := map[bool]int{false: http.StatusOK, true: http.StatusUnprocessableEntity}[wrong]; got.status != want {
			t.Errorf("%s: %d, not %d", test.path, got.status, want)
		}
		if err := wellFormed(got.text); err != nil {
			t.Errorf("%s: %v", test.path, err)
		}
		for _, part := range test.want {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %q: %s", test.path, part, text)
			}
		}
	}
}

// What the page tells is what the views hold, and its links lead to more of it.
func TestStudyPageTellsWhatTheViewsHold(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.trade(t, 2*time.Hour)
	p.studied(t)
	visits := map[string]int64{}
	_, err := p.node.StudyOf(t.Context(), node.StudyQuery{To: border.Never, Group: node.ByDirection}, func(l node.StudyLine) error {
		if l.Stage == study.StageAtPost {
			visits[l.Direction] = l.Times.Count()
		}
		return nil
	})
	if err != nil || len(visits) != 2 {
		t.Fatal(visits, err)
	}
	page := p.get(t, "/study?from=2018-03-05&group=direction").text
	for direction, n := range visits {
		row := regexp.MustCompile(`<th scope="row">` + direction + `</th>[\s\S]*?</tr>`).FindString(page)
		if !strings.Contains(row, fmt.Sprintf("<td>%d</td></tr>", n)) {
			t.Errorf("%s had %d visits: %s", direction, n, row)
		}
	}
	if link := `href="/study?from=2018-03-04&amp;group=direction&amp;to=2018-03-05">yesterday</a>`; !strings.Contains(page, link) {
		t.Errorf("yesterday is not offered as %s", link)
	}
	if link := `href="/api/v1/posts/bavet/study?from=2018-03-05&amp;group=direction" download="study.json"`; !strings.Contains(page, link) {
		t.Errorf("the figures are not offered as %s", link)
	}
	days := p.get(t, "/study?from=2018-03-05&to=2018-03-06&group=day").text
	if link := `href="/study?from=2018-03-05&amp;group=hour&amp;to=2018-03-06"`; !strings.Contains(days, link) {
		t.Errorf("the day does not lead to its hours by %s", link)
	}
}

// A period that is over is not asked for again by the page's script; one that
// goes on is.
func TestStudyPageFollowsAPeriodThatGoesOn(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, test := range []struct {
		path    string
		follows bool
	}{{"/study?from=2018-03-05", true}, {"/study?to=2018-03-05", false}, {"/study", true}} {
		if page := p.get(t, test.path).text; strings.Contains(page, `hx-trigger="every 10s"`) != test.follows {
			t.Errorf("%s: follows the facts: %v, not %v", test.path, !test.follows, test.follows)
		}
	}
	part := p.get(t, "/study", "HX-Request", "true").text
	if !strings.HasPrefix(part, `<div id="figures"`) {
		t.Errorf("the script is sent %.60s", part)
	}
}

func TestSpreadsInTheUnitTheyAreReadIn(t *testing.T) {
	of := func(most float64) []spread {
		return []spread{{Times: study.Summary{Mean: 60, P95: math.NaN(), Max: most, N: 3}}}
	}
	if unit, out := inUnit(of(599)); unit != "Minutes" || out[0].Times.Mean != 60 {
		t.Errorf("ten hours less a minute: %s, %v", unit, out)
	}
	if unit, out := inUnit(of(600)); unit != "Hours" || out[0].Times.Mean != 1 || out[0].Times.Max != 10 || out[0].Times.N != 3 {
		t.Errorf("ten hours: %s, %v", unit, out)
	}
}

func TestTicksAreWhatPeopleCountIn(t *testing.T) {
	for _, test := range []struct {
		most float64
		want string
	}{{6, "[0 1 2 3 4 5 6]"}, {14, "[0 3 6 9 12]"}, {95, "[0 20 40 60 80]"}, {300, "[0 60 120 180 240 300]"}, {3000, "[0 500 1000 1500 2000 2500 3000]"}} {
		if got := fmt.Sprint(ticks(test.most)); got != test.want {
			t.Errorf("up to %v: %s, not %s", test.most, got, test.want)
		}
	}
}
