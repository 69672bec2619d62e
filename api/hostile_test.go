package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// address fills in an operation's path: examples, and what is given instead.
func address(d *described, instead map[string]string) string {
	path := d.path
	for name, example := range d.parameters("path") {
		value := fmt.Sprint(example)
		if given, ok := instead[name]; ok {
			value = given
		}
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	query := url.Values{}
	for name, example := range d.parameters("query") {
		value := fmt.Sprint(example)
		if given, ok := instead[name]; ok {
			value = given
		}
		query.Set(name, value)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// hostileTexts are no name, number, key or reference.
var hostileTexts = []string{
	"\x00", "a\x00b", "\xff\xfe", "\xed\xa0\x80", strings.Repeat("A", 5000), "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd",
	"-1", "1.5", "99999999999999999999", "1e9", "\u202eKH", "é́", "{}", "\r\nX: y", "KH01-0000-0199", "%00", "nothing such",
}

// hostileValues are wrong for any field but a few; see wrongFor.
var hostileValues = []string{
	`true`, `"x\u0000y"`, `"` + strings.Repeat("A", 5000) + `"`, `-1`, `1.5`, `1e300`, `9223372036854775808`, `{}`, `{"a":{"b":[]}}`, `[[]]`, `[1]`,
	`["\u0000"]`, `"2A-\ud800"`, `["laden\udc00"]`, `"\udc00\ud800"`, `[` + strings.Repeat(`"laden",`, 999) + `"laden"]`, `["no such"]`, `"2018-13-45T99:99:99Z"`, `"0001-01-01T00:00:00Z"`,
}

// wrongFor reports whether a hostile value is wrong for a field.
func wrongFor(field, value string) bool {
	switch field {
	case "remark", "plate":
		return !strings.HasPrefix(value, `"0001`) && !strings.HasPrefix(value, `"2018`)
	case "dossier_ready", "fall_back":
		return value != "true"
	}
	return true
}

var hostileBodies = []string{
	"{", "[]", "null", `"x"`, "1", "{}}", `{"no_such_field": 1}`, "\xff", "{\"remark\": \"\xff\"}", strings.Repeat("[", 20_000),
	`{"remark": "` + strings.Repeat("A", bodyMost) + `"}`, "<xml/>", "remark=x",
}

// What can be read in two ways, or is not what is seen, is refused in words.
func TestTreacherousText(t *testing.T) {
	p := bavet(t)
	const visits = "/api/v1/posts/bavet/visits"
	size := func() (n int64) { n, _ = p.node.Seen(); return n }
	before := size()
	for _, c := range []struct {
		body   string
		status int
		says   string
	}{
		{`{` + truck + `, "plate": "2A-1", "plate": "2A-2"}`, 400, `"plate" stands there twice`},
		{`{` + truck + `, "plate": "2A-1", "pl\u0061te": "2A-2"}`, 400, `"plate" stands there twice`},
		{`{"traits": ["laden"], "Traits": ["empty"], "direction": "KH-VN"}`, 422, `body.Traits: unexpected property`},
		{`{"TRAITS": ["laden"], "Direction": "KH-VN"}`, 422, `body.TRAITS: unexpected property`},
		{`{` + truck + `, "\u017feal": 7}`, 422, `body.ſeal: unexpected property`},
		{`{` + truck + `, "mil\u0065\u017ftone": "x"}`, 422, `body.mileſtone: unexpected property`},
		{`{` + truck + `, "plate": "A\ud800"}`, 400, `body: \ud800 is half of a character`},
		{`{` + truck + `, "plate": "A\uDC00\uD800"}`, 400, `body: \uDC00 is half of a character`},
		{`{` + truck + `, "plate": "A\ud800\u0041"}`, 400, `body: \ud800 is half of a character`},
		{`{` + truck + `, "plate": "A\\\ud800"}`, 400, `body: \ud800 is half of a character`},
		{`{` + truck + `, "pl\udfffate": "A"}`, 400, `body: \udfff is half of a character`},
		{`{"traits": [], "direction": "KH-VN"}`, 422, "body.traits"},
		{`{` + truck + `, "plate": "2A-\u202e3456"}`, 422, "body.plate: it holds U+202E"},
		{`{` + truck + `, "plate": "2A\u200b3456"}`, 422, "body.plate: it holds U+200B"},
		{`{` + truck + `, "plate": "2A\u00853456"}`, 422, "body.plate: it holds U+0085"},
		{`{` + truck + `, "plate": "   "}`, 422, "body.plate: it is blank"},
		{`{` + truck + `, "plate": "?"}`, 422, "body.plate: it has no letter and no digit"},
		{`{` + truck + `, "plate": "- · -"}`, 422, "body.plate: it has no letter and no digit"},
		{`{` + truck + `, "plate": "😀"}`, 422, "body.plate: it has no letter and no digit"},
		{`{` + truck + `, "event": "announced", "plate": "..."}`, 422, "body.plate: it has no letter and no digit"},
		{`{` + truck + `, "remark": "paid \u2066in full"}`, 422, "body.remark: it holds U+2066"},
	} {
		if got := read[Problem](t, p.write(visits, c.body), c.status); !strings.Contains(got.Detail, c.says) {
			t.Errorf("%s: %q does not say %q", c.body, got.Detail, c.says)
		}
	}
	if size() != before {
		t.Error("something was recorded")
	}
	for _, body := range []string{
		`{` + truck + `, "plate": "京A·12345"}`, `{` + truck + `, "plate": "ភ្នំពេញ 2A-3456", "remark": "ភ្នំ\u200bពេញ,\nsecond line"}`,
		`{` + truck + `, "plate": "2A-1234", "remark": "\ud83d\ude9b, \\ud800 and \ud83d\uDE9B"}`,
	} {
		read[Receipt](t, p.write(visits, body), http.StatusCreated)
	}
	visit := "/api/v1/visits/" + p.arrive()
	for _, test := range []struct{ path, says string }{
		{visit + "/refer|{\"formalities\": []}", "name the formality"},
		{visit + "/unhold|", "held for nothing"},
		{visit + "/recall|", "only one that was called"},
		{visit + "/call|{\"reason\": \"by-officer\"}", "only one that waits where drivers are called"},
		{visit + "/readmit|", "turn it back instead"},
		{visit + "/give-back|", "only one that is announced"},
		{visit + "/ready|", "nothing was recorded"},
		{"/api/v1/posts/bavet/reopen|{\"reason\": \"weather\"}", "nothing was recorded"},
		{"/api/v1/posts/bavet/policy|{\"policy\": \"" + p.node.Model().Layout.Policies[0].Name + "\", \"reason\": \"weather\"}", "nothing was recorded"},
		{"/api/v1/anomalies/1/settle|", "one of those that are listed"},
		{"/api/v1/clock/confirm|", "nothing to confirm"},
	} {
		path, body, _ := strings.Cut(test.path, "|")
		r := p.write(path, body)
		if r.Code != http.StatusConflict && r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), test.says) {
			t.Errorf("%s: %d %s", path, r.Code, r.Body)
		}
	}
}

// attack sends bad requests and holds the API to what it promises of them.
type attack struct {
	*post

	size int64
	sent int
}

func (a *attack) head() int64 {
	a.t.Helper()
	head, err := a.node.Ledger().Head(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return head.Size
}

// send expects one of the statuses; none is any of 400 to 499.
func (a *attack) send(what string, r *httptest.ResponseRecorder, statuses ...int) {
	a.t.Helper()
	a.sent++
	body := r.Body.Bytes()
	var p Problem
	switch {
	case r.Code < 400 || r.Code > 499 || len(statuses) > 0 && !slices.Contains(statuses, r.Code):
		a.t.Errorf("%.200s: answered %d %.300s", what, r.Code, body)
	case r.Header().Get("Content-Type") != "application/problem+json":
		a.t.Errorf("%.200s: answered as %s", what, r.Header().Get("Content-Type"))
	case json.Unmarshal(body, &p) != nil || p.Code == "" || p.Detail == "" || p.Title == "" || p.Status != r.Code || p.Type != "/problems/"+p.Code:
		a.t.Errorf("%.200s: no problem: %.300s", what, body)
	case len(body) > 8<<10:
		a.t.Errorf("%.200s: a problem of %d bytes", what, len(body))
	}
	if size := a.head(); size != a.size {
		a.t.Errorf("%.200s: the ledger has %d entries more", what, size-a.size)
		a.size = size
	}
}

// Every operation of the document, with every part of a request gone wrong, is
// answered with a problem of the sender's, and nothing changes.
func TestHostileRequests(t *testing.T) {
	p := bavet(t)
	reference := p.arrive()
	unheard := read[Receipt](t, p.write("/api/v1/visits/"+reference+"/reached", ""), http.StatusOK)
	here := map[string]string{"reference": reference, "seq": fmt.Sprint(unheard.Sequence)}
	a := &attack{post: p}
	a.size = a.head()
	_, ops := p.document()
	for _, d := range ops {
		a.strangeAddresses(&d, here)
		if d.method == http.MethodPost {
			a.strangeHeaders(&d, here)
			a.strangeBodies(&d, here)
		}
		if d.path == "/api/v1/events" {
			for _, text := range hostileTexts {
				a.send("GET /api/v1/events after "+text, p.ask("GET", d.path, "", "Last-Event-ID", text))
			}
		}
	}
	if a.sent < 4500 {
		t.Errorf("only %d requests", a.sent)
	}
}

func (a *attack) strangeAddresses(d *described, here map[string]string) {
	a.t.Helper()
	for _, in := range []string{"path", "query"} {
		for name := range d.parameters(in) {
			if name == "plate" {
				continue // any text is looked for: see TestVisitsByTheirPlate
			}
			for _, text := range hostileTexts {
				instead := maps.Clone(here)
				instead[name] = text
				a.send(d.method+" "+d.path+" with "+in+"."+name+" "+text, a.request(d, instead, "{}"))
			}
		}
	}
	if d.method != http.MethodGet {
		return
	}
	for _, query := range []string{"no_such=1", "%zz=1", "a=%ff", "a=%00", "limit=1;after=2"} {
		if d.path == "/api/v1/ledger/consistency" {
			query += "&old=1&size=1"
		}
		path, _, _ := strings.Cut(address(d, here), "?")
		a.send("GET "+path+"?"+query, a.ask(d.method, path+"?"+query, ""))
	}
}

func (a *attack) request(d *described, instead map[string]string, body string, headers ...string) *httptest.ResponseRecorder {
	if d.method == http.MethodGet {
		return a.ask(d.method, address(d, instead), "", headers...)
	}
	return a.write(address(d, instead), body, headers...)
}

func (a *attack) strangeHeaders(d *described, here map[string]string) {
	a.t.Helper()
	example := indented(d.body()["example"])
	for _, text := range append([]string{"", "two words", strings.Repeat("k", 201), "schlüssel"}, hostileTexts...) {
		if text == "%00" || text == "-1" || text == "1.5" || text == "{}" || text == "1e9" || text == "99999999999999999999" ||
			text == "KH01-0000-0199" || text == "../../etc/passwd" || text == "<script>alert(1)</script>" {
			continue // good keys, if odd ones
		}
		a.send(d.path+" with key "+text, a.ask("POST", address(d, here), example, keyHeader, text), 400, 422)
	}
	for _, text := range []string{"\x00", "\xff\xfe", strings.Repeat("A", 65), "Sok Dara", "<b>", "-", "né"} {
		a.send(d.path+" by "+text, a.request(d, here, example, actorHeader, text), 400, 422)
	}
	for _, text := range []string{"text/plain", "application/xml", "multipart/form-data; boundary=x", ";+", "\x00"} {
		a.send(d.path+" as "+text, a.request(d, here, example, "Content-Type", text), 400, 415)
	}
}

func (a *attack) strangeBodies(d *described, here map[string]string) {
	a.t.Helper()
	for _, body := range hostileBodies {
		a.send(d.path+" with "+body, a.request(d, here, body), 400, 413, 422)
	}
	schema := d.body()["schema"].(map[string]any)
	required, _ := schema["required"].([]any)
	if len(required) > 0 {
		a.send(d.path+" without a body", a.request(d, here, ""), 400, 422)
	}
	for name := range schema["properties"].(map[string]any) {
		example := maps.Clone(d.body()["example"].(map[string]any))
		delete(example, "occurred_at") // the example's day may be over
		for _, other := range []string{strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:], strings.ReplaceAll(name, "s", "ſ")} {
			if other == name {
				continue
			}
			value := indented(example[name])
			a.send(d.path+" with "+other+" besides", a.request(d, here, strings.Replace(indented(example), "{", `{"`+other+`": `+cmp.Or(value, "1")+`, `, 1)), 400, 422)
			a.send(d.path+" with "+other, a.request(d, here, `{"`+other+`": `+cmp.Or(value, "1")+`}`), 400, 422)
		}
		if name == "event" || slices.Contains(required, any(name)) {
			a.send(d.path+" with "+name+" null", a.request(d, here, `{"`+name+`": null}`), 400, 422, 409)
		}
		for _, value := range hostileValues {
			if wrongFor(name, value) {
				example[name] = json.RawMessage(value)
				// An instant or a number that is none of this post's may be the gate's to refuse.
				a.send(d.path+" with "+name+" "+value, a.request(d, here, indented(example)), 400, 409, 413, 422)
			}
		}
	}
}

// asWritten reports whether a body says in one way only what was taken: fields by
// their own names, each once, and no character that is not in it.
func asWritten(body string) bool {
	if strings.TrimSpace(body) == "" {
		return true
	}
	of := reflect.TypeFor[Fields]()
	tokens := json.NewDecoder(strings.NewReader(body))
	if _, err := tokens.Token(); err != nil {
		return false
	}
	seen := map[string]bool{}
	for tokens.More() {
		key, err := tokens.Token()
		name, _ := key.(string)
		known := slices.ContainsFunc(reflect.VisibleFields(of), func(f reflect.StructField) bool {
			return strings.Split(f.Tag.Get("json"), ",")[0] == name
		})
		var value json.RawMessage
		if err != nil || !known || seen[name] || tokens.Decode(&value) != nil {
			return false
		}
		seen[name] = true
		var decoded any
		if json.Unmarshal(value, &decoded) != nil || strings.Contains(fmt.Sprint(decoded), "\ufffd") && !strings.Contains(body, "\ufffd") && !strings.Contains(strings.ToLower(body), `\ufffd`) {
			return false
		}
	}
	return true
}

// Whatever comes, it is answered, never with 5xx, and what is answered with 4xx
// changed nothing.
func FuzzRequests(f *testing.F) {
	f.Add("GET", "/api/v1/posts", "", "key", "text/plain")
	f.Add("POST", "/api/v1/posts/bavet/visits", "{"+truck+"}", "key-1", "application/json")
	f.Add("POST", "/api/v1/visits/KH01-0000-0124/hold", `{"reason": "documents"}`, "key-2", "application/json")
	f.Add("POST", "/api/v1/posts/bavet/lanes/Bavet%20exit%20lane%201/close", `{}`, "key-3", "")
	f.Add("GET", "/api/v1/ledger/entries?after=1&limit=5", "", "", "")
	f.Add("POST", "/api/v1/posts/bavet/visits", `{"traits": ["laden", "empty"], "direction": "KH-VN"}`, "key-4", "application/json")
	f.Add("POST", "/api/v1/posts/bavet/visits", `{"traits": ["laden"], "Traits": ["empty"], "direction": "KH-VN"}`, "key-5", "application/json")
	f.Add("POST", "/api/v1/posts/bavet/visits", `{"TRAITS": ["laden"], "Direction": "KH-VN"}`, "key-6", "application/json")
	f.Add("POST", "/api/v1/posts/bavet/visits", `{"traits": ["laden"], "direction": "KH-VN", "plate": "A\ud800"}`, "key-7", "application/json")
	f.Add("POST", "/api/v1/posts/bavet/visits", `{"traits": ["laden"], "direction": "KH-VN", "plate": "?"}`, "key-8", "application/json")
	f.Add("PUT", "/%2e%2e/", "\xff", "\x00", "a+b;c")
	p := bavet(f)
	a := &attack{post: p}
	f.Fuzz(func(t *testing.T, method, path, body, key, media string) {
		at, err := url.Parse(path)
		if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(at.Path, "/api/v1/events") || method == "" ||
			strings.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'Z' }) || at.Query().Has("wait") {
			return // a stream and a wait end when the reader leaves
		}
		a.t = t
		before := a.head()
		r := httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader(body))
		r.URL = at
		r.Header.Set(keyHeader, key)
		r.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("answered %d: %s", w.Code, w.Body)
		}
		if w.Code >= 400 && a.head() != before {
			t.Errorf("answered %d, and the ledger has %d entries more", w.Code, a.head()-before)
		}
		if w.Code < 300 && method == http.MethodPost && !asWritten(body) {
			t.Errorf("answered %d: %s", w.Code, body)
		}
	})
}
