package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
)

// truck has a vehicle arrive and returns its reference.
func (p *outpost) truck(t testing.TB, plate string) string {
	t.Helper()
	return p.command(t, node.Command{Plate: plate, Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden}}).Reference
}

// size is how many entries the ledger has.
func (p *outpost) size(t testing.TB) int64 {
	t.Helper()
	head, err := p.node.Ledger().Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head.Size
}

func filled(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestNodePagesAreWellFormedAndKeepToThemselves(t *testing.T) {
	for id := range gate.PostID(2) {
		p := keep(t, id, NodeOptions{Neighbour: "https://neighbour.example/"})
		p.trade(t, 20*time.Minute)
		visit := p.truck(t, "3A-1234")
		lane := p.node.Post() + " exit lane 1"
		if page := p.get(t, "/visits/"+visit).text; !strings.Contains(page, `href="/api/v1/ledger/key"`) || !strings.Contains(page, `href="/api/v1/ledger/proofs/`) {
			t.Error("a record leads to no proof, or not to the key to check it with")
		}
		for _, test := range []struct {
			path   string
			status int
		}{
			{"/", 200}, {"/study", 200}, {"/evidence", 200}, {"/public", 200}, {"/post", 200}, {"/arrivals", 200}, {"/look", 200}, {"/visits/" + visit, 200}, {"/places/" + url.PathEscape(lane), 200},
			{"/places/nowhere", 404}, {"/visits/KH09-0000-0000", 404}, {"/find?q=3A-1234", 303}, {"/find?q=" + strings.ToLower(visit), 303}, {"/find?q=nobody", 404}, {"/playback", 404},
		} {
			got := p.get(t, test.path)
			if got.status != test.status {
				t.Errorf("%s: %d, not %d", test.path, got.status, test.status)
			}
			if test.status == 303 {
				if to := got.header.Get("Location"); to != "/visits/"+visit {
					t.Errorf("%s leads to %s", test.path, to)
				}
				continue
			}
			if err := wellFormed(got.text); err != nil {
				t.Errorf("%s: %v", test.path, err)
			}
			if found := regexp.MustCompile(`style="|<style|<script>| on[a-z]+="|(src|action)="(https?:)?//`).FindString(got.text); found != "" {
				t.Errorf("%s contains %s", test.path, found)
			}
			if !strings.Contains(got.text, "No sign-in yet: everybody who reaches this address is an operator.") || !strings.Contains(got.text, `href="https://neighbour.example/"`) {
				t.Errorf("%s lacks its banner", test.path)
			}
			if !strings.Contains(got.text, `<a href="/survey">Survey</a>`) {
				t.Errorf("%s leads to no survey", test.path)
			}
		}
	}
}

// What a form did is done once, however often it is sent, and another form's
// content under its key is not.
func TestAFormIsDoneOnce(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	path := "/visits/" + p.truck(t, "3A-1234")
	hold := filled("do", "hold", "key", "K1", "reason", "documents")
	first := p.do(t, http.MethodPost, path, hold)
	if first.status != http.StatusSeeOther || !strings.HasPrefix(first.header.Get("Location"), path+"?recorded=") {
		t.Fatalf("%d to %q", first.status, first.header.Get("Location"))
	}
	size := p.size(t)
	if again := p.do(t, http.MethodPost, path, hold); again.header.Get("Location") != first.header.Get("Location") || p.size(t) != size {
		t.Errorf("sent again it leads to %q, with %d entries after %d", again.header.Get("Location"), p.size(t), size)
	}
	if page := p.get(t, first.header.Get("Location")); !strings.Contains(page.text, "Done, recorded under No. ") {
		t.Error("the page after it does not say so")
	}
	hold.Set("reason", "security")
	if other := p.do(t, http.MethodPost, path, hold); other.status != http.StatusConflict || !strings.Contains(other.text, "sent before") || p.size(t) != size {
		t.Errorf("another act under its key: %d", other.status)
	}
}

// The record on screen tells a corrected plate and a settled anomaly with who,
// when, why and a proof; so does the post's page of what was ordered.
func TestWhoWhenWhy(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	ref := p.truck(t, "3A-1234")
	p.command(t, node.Command{Actor: "booth-3", Reference: ref, Plate: "3A-9999", Remark: "misread", Input: gate.Input{Do: gate.Correct, Reason: gate.Mistake}})
	p.command(t, node.Command{Actor: "booth-3", Reference: ref, Input: gate.Input{Do: gate.ObserveReached}})
	odd := p.odd(t)[0]
	if page := p.get(t, "/look").text; !strings.Contains(page, "told by booth-3") {
		t.Errorf("the list does not say who told it: %s", page)
	}
	p.command(t, node.Command{Actor: "chief-1", Act: node.Settle, Anomaly: odd.Seq, Remark: "a slip"})
	page := p.get(t, "/visits/"+ref).text
	for _, want := range []string{"Plate 3A-1234 noted.", "Plate corrected to 3A-9999.", "misread", "by booth-3", fmt.Sprintf("Looked into and settled: No. %d.", odd.Seq), "a slip", "by chief-1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
	rec, _, err := p.node.Record(t.Context(), ref)
	if err != nil || len(rec.Asides) != 3 {
		t.Fatalf("%+v, %v", rec.Asides, err)
	}
	for _, a := range rec.Asides {
		if !strings.Contains(page, fmt.Sprintf(`href="/api/v1/ledger/proofs/%d"`, a.Seq)) {
			t.Errorf("no proof of %s", a.Kind)
		}
	}
	if page := p.get(t, "/look").text; strings.Contains(page, "<h2>To look into</h2>") || strings.Contains(page, `<a href="/look">`) {
		t.Error("the page leads to itself")
	}
	if page := p.get(t, "/look").text; !strings.Contains(page, "Settled lately") || !strings.Contains(page, "by chief-1") {
		t.Errorf("what was settled is not told: %s", page)
	}
	p.command(t, node.Command{Actor: "booth-3", Remark: "flooded", Input: gate.Input{Do: gate.ClosePost, Reason: gate.Weather}})
	if page := p.get(t, "/post").text; !strings.Contains(page, "The post closed. Weather.") || !strings.Contains(page, "flooded") || !strings.Contains(page, "by booth-3") {
		t.Errorf("what was ordered is not told: %s", page)
	}
	if page := p.get(t, "/public").text; strings.Contains(page, "9999") || strings.Contains(page, "booth-3") {
		t.Error("drivers are told plates or who works here")
	}
}

// Who is only announced has no arrival yet.
func TestAnnouncedIsNotHere(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	came := p.command(t, node.Command{Input: gate.Input{Do: gate.Announce, Traits: lorry | border.Laden}})
	if page := p.get(t, "/visits/"+came.Reference).text; strings.Contains(page, "here for") || strings.Contains(page, "<dt>arrived</dt>") || !strings.Contains(page, "announced, not here yet") {
		t.Errorf("the page says %s", page)
	}
}

func TestWhatIsNotDoneIsSaidInASentence(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit := "/visits/" + p.truck(t, "3A-1234")
	size := p.size(t)
	for _, c := range []struct {
		path   string
		form   url.Values
		status int
		says   string
	}{
		{visit, filled("do", "unhold"), 409, "Not done: there is no such hold to lift; the visit is held for nothing. What can be done now is offered here."},
		{visit, filled("do", "move", "place", "Bavet exit yard"), 422, "this act needs a reason; choose one under Why"},
		{visit, filled("do", "hold"), 422, "this act needs a reason"},
		{visit, filled("do", "gone"), 422, "this act needs a reason"},
		{visit, filled("do", "correct", "plate", "2A-1"), 422, "this act needs a reason"},
		{visit, filled("do", "served", "outcome", "held-back"), 422, "this act needs a reason"},
		{"/places/Bavet%20exit%20lane%201", filled("do", "close-lane"), 422, "this act needs a reason"},
		{"/post", filled("do", "close-post"), 422, "this act needs a reason"},
		{"/post", filled("do", "set-hours", "opening", "Bavet", "day", "2018-03-06"), 422, "this act needs a reason"},
		{visit, filled("do", "readmit"), 409, "Not done: "},
		{visit, filled("do", "explode"), 422, `&#34;explode&#34; is nothing that can be done here`},
		{visit, filled("do", "tick"), 422, "nothing that can be done here"},
		{visit, filled("do", "hold", "reason", "first-in-line"), 422, "is no reason why people act"},
		{visit, filled("do", "move", "place", "the moon", "reason", "weather"), 422, `this post has no place &#34;the moon&#34;`},
		{visit, filled("do", "hold", "formality", "astrology"), 422, "this post has no formality"},
		{visit, filled("do", "seen", "place", "Bavet exit yard", "at", "25:61"), 422, "is not an hour and a minute such as 14:30"},
		{visit, filled("do", "seen", "place", "Bavet exit yard", "at", "10:49"), 422, "10:49 has not come yet: it is 07:00 here; leave When empty"},
		{visit, filled("do", "seen", "place", "Bavet exit yard", "at", "18:59"), 422, "18:59 has not come yet"},
		{visit, filled("do", "correct", "load_state", "heavy", "reason", "mistake"), 422, "load state takes empty, part-loaded, laden"},
		{visit, filled("do", "correct", "load_state", "empty", "load_state", "laden", "reason", "mistake"), 422, "Not done: "},
		{visit, filled("do", "served", "outcome", "great"), 422, "is no outcome of a service"},
		{visit, filled("do", "note", "remark", strings.Repeat("x", 1001)), 422, "give at most 1000"},
		{visit, filled("do", "note", "remark", "a\x00b"), 422, "not one line of text"},
		{visit, filled("do", "note", "remark", "a\xffb"), 422, "not one line of text"},
		{visit, filled("do", "note", "key", "with spaces"), 422, "idempotency key"},
		{visit, filled("do", "note", "remark", strings.Repeat("x", 1<<20)), 422, "could not be read"},
		{"/visits/KH09-0000-0000", filled("do", "hold"), 404, ""},
		{"/places/Bavet%20exit%20lane%201", filled("do", "open-lane"), 409, "it is so already"},
		{"/places/Bavet%20exit%20lane%201", filled("do", "turn-lane", "direction", "VN-KH", "reason", "by-operator"), 409, "only a tidal lane can be turned"},
		{"/places/Bavet%20exit%20lane%201", filled("do", "set-servers", "stop", "Bavet exit booth 1", "officers", "many"), 422, "is not a number of officers"},
		{"/places/Bavet%20exit%20lane%201", filled("do", "set-servers", "stop", "Bavet exit booth 1", "officers", "65"), 409, "up to 64"},
		{"/post", filled("do", "reopen-post", "reason", "by-operator"), 409, "it is so already"},
		{"/post", filled("do", "set-policy"), 422, "choose a policy"},
		{"/post", filled("do", "set-policy", "policy", "coin toss"), 422, "this post has no policy"},
		{"/post", filled("do", "confirm-clock"), 409, "the clock is not in doubt"},
		{"/arrivals", filled("do", "announce", "direction", "TH-LA"), 422, "this post has no direction"},
		{"/arrivals", filled("do", "arrived", "vehicle_type", "coach"), 422, "choose the direction"},
		{"/arrivals", filled("do", "announce", "reference", "KH01-0000-0001"), 422, "the reference: "},
		{"/arrivals", filled("do", "announce", "direction", "KH-VN", "plate", strings.Repeat("A", 41)), 422, "longer than any plate"},
		{"/look/999999", filled("do", "settle"), 409, "no anomaly of this number is left to settle"},
		{"/look/x", filled("do", "settle"), 404, "is not the number of an entry"},
	} {
		if !c.form.Has("key") {
			c.form.Set("key", "k"+strings.Map(keyLetter, c.path+c.form.Encode())[:min(60, len(c.path+c.form.Encode()))])
		}
		got := p.do(t, http.MethodPost, c.path, c.form)
		if got.status != c.status || !strings.Contains(got.text, c.says) {
			t.Errorf("%s %.60v: %d, without %q", c.path, c.form, got.status, c.says)
		}
		if err := wellFormed(got.text); err != nil {
			t.Errorf("%s %.60v: %v", c.path, c.form, err)
		}
	}
	if got := p.size(t); got != size {
		t.Errorf("the ledger grew from %d to %d entries", size, got)
	}
	if err := p.node.Ready(); err != nil {
		t.Error(err)
	}
}

func keyLetter(r rune) rune {
	if r <= ' ' || r > '~' {
		return '.'
	}
	return r
}

func TestActsOfOtherSitesAreRefused(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit := "/visits/" + p.truck(t, "")
	size := p.size(t)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}} {
		if got := p.do(t, http.MethodPost, visit, filled("do", "hold", "key", "K1"), header[0], header[1]); got.status != http.StatusForbidden || p.size(t) != size {
			t.Errorf("%s: %d", header, got.status)
		}
	}
}

func TestWhoActs(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit := p.truck(t, "")
	actor := func(path string, f url.Values, cookie string) string {
		got := p.do(t, http.MethodPost, path, f, "Cookie", cookie)
		if got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", path, got.status)
		}
		entries, err := p.node.Ledger().Entries(t.Context(), p.size(t)-1, 1)
		if err != nil {
			t.Fatal(err)
		}
		return entries[0].Actor
	}
	set := p.do(t, http.MethodPost, "/operator", filled("operator", "night.a"))
	cookie, _, _ := strings.Cut(set.header.Get("Set-Cookie"), ";")
	if got := actor("/visits/"+visit, filled("do", "hold", "key", "1", "reason", "by-officer"), cookie); got != "night.a" {
		t.Errorf("%q acted, not night.a", got)
	}
	for i, cookie := range []string{"", "landport-operator=", "landport-operator=<b>", "landport-operator=" + strings.Repeat("a", 41)} {
		if got := actor("/visits/"+visit, filled("do", "note", "key", "n"+string(rune('0'+i))), cookie); got != "operator" {
			t.Errorf("with the cookie %q %q acted", cookie, got)
		}
	}
	for _, name := range []string{"", "Jane Doe", "<script>", strings.Repeat("a", 41)} {
		if got := p.do(t, http.MethodPost, "/operator", filled("operator", name)); got.status != http.StatusUnprocessableEntity || got.header.Get("Set-Cookie") != "" {
			t.Errorf("the name %q was taken: %d", name, got.status)
		}
	}
}

// The reason of an act upon the post stands in its fact, as it is: a remark is
// added only where somebody wrote one.
func TestNoReasonIsLost(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	const lane = "/places/Bavet%20exit%20lane%201"
	for i, c := range []struct {
		path string
		form url.Values
		kind string
	}{
		{lane, filled("do", "close-lane"), "gate.lane-closed"},
		{lane, filled("do", "open-lane"), "gate.lane-opened"},
		{lane, filled("do", "set-servers", "stop", "Bavet exit booth 1", "officers", "2"), "gate.servers-set"},
		{"/post", filled("do", "set-policy", "policy", readyFirst), "gate.policy-set"},
		{"/post", filled("do", "close-post"), "gate.post-closed"},
		{"/post", filled("do", "reopen-post"), "gate.post-reopened"},
	} {
		form := regexp.MustCompile(`value="` + c.form.Get("do") + `"/?>(?s:.*?)</form>`).FindString(p.get(t, c.path).text)
		do, _ := gate.ParseDo(c.form.Get("do"))
		if asked := regexp.MustCompile(`name="reason"( required)?`).FindStringSubmatch(form); asked == nil || (asked[1] != "") != do.NeedsReason() {
			t.Errorf("%s: the form asks for no reason, or insists where it need not: %s", c.form, form)
		}
		c.form.Set("key", fmt.Sprint("r", i))
		c.form.Set("reason", "breakdown")
		size := p.size(t)
		if got := p.do(t, http.MethodPost, c.path, c.form); got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", c.form, got.status, got.text)
		}
		entries, err := p.node.Ledger().Entries(t.Context(), size, 9)
		if err != nil || entries[0].Kind != c.kind || !strings.Contains(string(entries[0].Data), `"reason":"breakdown"`) ||
			slices.ContainsFunc(entries, func(e ledger.Entry) bool { return e.Kind == "node.remarked" }) {
			t.Errorf("%s: %+v, %v", c.form, entries, err)
		}
	}
}

// A hold names the agency, what it is for and the reason.
func TestAHoldSaysWhoseAndWhy(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, test := range []struct{ form, want string }{
		{"do=hold&key=a&reason=documents&formality=export+KH", "Held by customs for export KH: documents."},
		{"do=hold&key=b&reason=security", "Held: security."},
		{"do=refuse&key=c&reason=documents&formality=leave+KH&over=yes", "Refused by immigration for leave KH: documents."},
	} {
		visit := "/visits/" + p.truck(t, "3A-1234")
		given, err := url.ParseQuery(test.form)
		if err != nil {
			t.Fatal(err)
		}
		p.do(t, http.MethodPost, visit, filled("do", "interrupted", "key", given.Get("key")+"i"))
		if got := p.do(t, http.MethodPost, visit, given); got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", test.form, got.status, got.text)
		}
		if page := p.get(t, visit).text; !strings.Contains(page, test.want) {
			t.Errorf("%s: the record does not say %q", test.form, test.want)
		}
	}
}

// Who fits no procedure goes by one of others', and its record says so; so it is
// said of whom nobody told what it is.
func TestWhoFitsNoProcedureIsSaidToGoByAnother(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, test := range []struct {
		kind string
		want []string
	}{
		{"train", []string{"none is for it; it goes by goods KH-VN", "No procedure is for this vehicle; it goes by another until somebody sees to it"}},
		{"", []string{"<dd>goods KH-VN", "Came to road to Bavet, and nobody said what kind of vehicle it is."}},
		{"articulated-truck", []string{"<dd>goods KH-VN", ""}},
	} {
		before := len(p.odd(t))
		got := p.do(t, http.MethodPost, "/arrivals", filled("do", "arrived", "key", "k"+test.kind, "direction", "KH-VN", "vehicle_type", test.kind, "traffic_right", "bilateral-permit"))
		at, _, _ := strings.Cut(got.header.Get("Location"), "?")
		if page := p.get(t, at).text; !strings.Contains(page, test.want[0]) {
			t.Errorf("%q: the record does not say %q", test.kind, test.want[0])
		}
		if n := len(p.odd(t)) - before; (n > 0) != (test.want[1] != "") || n > 0 && !strings.Contains(p.get(t, "/look").text, test.want[1]) {
			t.Errorf("%q: %d anomalies, none saying %q", test.kind, n, test.want[1])
		}
	}
}

// Where a vehicle can be moved is said before somebody tries.
func TestMovesSayWhatIsNotOnTheWay(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit := p.truck(t, "")
	if page := p.get(t, "/visits/"+visit).text; !strings.Contains(page, "passenger hall (not on its way: in an emergency only)") || strings.Contains(page, "exit yard (not on its way") {
		t.Error("a truck's record does not say where its procedure does not lead")
	}
	for _, test := range []struct {
		reason string
		status int
	}{{"by-officer", http.StatusConflict}, {"break-glass", http.StatusSeeOther}} {
		p := keep(t, 0, NodeOptions{})
		visit := p.truck(t, "")
		if got := p.do(t, http.MethodPost, "/visits/"+visit, filled("do", "move", "key", "M", "place", "Bavet passenger hall", "reason", test.reason)); got.status != test.status {
			t.Errorf("%s: %d, %s", test.reason, got.status, got.text)
		}
	}
}

// Many may be announced for the days to come: beside the board stand a few.
func TestTheAnnouncedDoNotCoverTheBoard(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for i := range announcedMost + 3 {
		form := filled("do", "announce", "key", fmt.Sprint("N", i), "direction", "KH-VN", "vehicle_type", "articulated-truck", "load_state", "laden")
		if got := p.do(t, http.MethodPost, "/arrivals", form); got.status != http.StatusSeeOther {
			t.Fatalf("%d: %s", got.status, got.text)
		}
	}
	if page := p.get(t, "/").text; strings.Count(page, "not here yet") != announcedMost || !strings.Contains(page, ">and 3 more</a>") {
		t.Errorf("beside the board stand %d of those announced", strings.Count(page, "not here yet"))
	}
	if page := p.get(t, "/look").text; strings.Count(page, "not here yet") != announcedMost+3 || strings.Contains(page, "and 3 more") {
		t.Errorf("on their page stand %d of those announced", strings.Count(page, "not here yet"))
	}
}

// odd is what nobody has settled.
func (p *outpost) odd(t *testing.T) []node.Anomaly {
	t.Helper()
	odd, err := p.node.Anomalies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return odd
}
