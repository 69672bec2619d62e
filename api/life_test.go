package api

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"landport/board"
	"landport/gate"
	"landport/ledger"
	"landport/node"
)

// A truck comes, is held, served and looked up, all by names.
func TestWorkAtAVisit(t *testing.T) {
	p := bavet(t)
	r := p.write("/api/v1/posts/bavet/visits", `{`+truck+`, "reference": "vn02 0000 3370", "plate": "2A-3456", "dossier_ready": true}`)
	if at := r.Header().Get("Location"); at != "/api/v1/visits/VN02-0000-3370" {
		t.Errorf("Location %q", at)
	}
	if got := read[Receipt](t, r, http.StatusCreated); got.Sequence != 2 || got.Entries < 3 || got.Reference != "VN02-0000-3370" {
		t.Errorf("receipt %+v", got)
	}
	const visit = "/api/v1/visits/vn0200003370/"
	for _, step := range []struct {
		path, body string
		status     int
		code       string
	}{
		{visit + "hold", `{"formalities": ["export KH"], "reason": "documents", "remark": "Seal number unreadable"}`, 200, ""},
		{visit + "unhold", `{}`, 200, ""},
		{visit + "unhold", ``, 409, "not-held"},
		{visit + "recall", ``, 409, "not-called"},
		{visit + "move", `{"place": "Bavet exit lane 2", "reason": "by-operator"}`, 409, "in-service"},
		{visit + "move", `{"place": "Bavet exit lane 2"}`, 422, codeInvalid},
		{visit + "served", `{"outcome": "passed", "occurred_at": "` + string(board.Stamp(morning())) + `"}`, 200, ""},
		{visit + "served", `{"occurred_at": "2018-03-05T09:00:00Z"}`, 422, codeInvalid},
		{visit + "served", `{"occurred_at": "2018-02-01T00:00:00Z"}`, 422, codeInvalid},
		{visit + "milestone", `{"milestone": "payment or guarantee", "formalities": ["export KH"]}`, 200, ""},
		{visit + "correct", `{"traits": ["laden", "empty"], "reason": "mistake"}`, 422, codeInvalid},
		{"/api/v1/visits/KH01-0009-9943/hold", `{"reason": "documents"}`, 404, codeUnknownVisit},
		{"/api/v1/visits/KH01-0009-9944/hold", `{"reason": "documents"}`, 404, codeUnknownVisit},
		{"/api/v1/posts/bavet/visits", `{` + truck + `, "event": "announced", "reference": "VN02-0000-3370"}`, 409, "reference-in-use"},
		{"/api/v1/posts/moc-bai/visits", `{` + truck + `}`, 404, codeUnknownPost},
		{"/api/v1/posts/bavet/visits", `{"traits": ["laden"], "direction": "KH-TH"}`, 422, codeInvalid},
	} {
		r := p.write(step.path, step.body)
		if step.code == "" {
			read[Receipt](t, r, step.status)
		} else if got := read[Problem](t, r, step.status); got.Code != step.code {
			t.Errorf("%s %s: %+v", step.path, step.body, got)
		}
	}
	rec := read[VisitRecord](t, p.ask("GET", "/api/v1/visits/VN02-0000-3370", ""), http.StatusOK)
	var kinds []string
	for i, f := range rec.Facts {
		kinds = append(kinds, f.Kind)
		if i > 0 && f.Seq <= rec.Facts[i-1].Seq || f.Proof != proofPath(f.Seq) {
			t.Errorf("fact %+v", f)
		}
	}
	for _, kind := range []string{"arrived", "held", "unheld", "service-ended", "milestone"} {
		if !strings.Contains(strings.Join(kinds, " "), kind) {
			t.Errorf("no fact %s among %s", kind, kinds)
		}
	}
	if len(rec.Stages) < 3 || rec.Stages[0].Event != "arrival" {
		t.Errorf("stages %+v", rec.Stages)
	}
	if board := p.ask("GET", "/api/v1/posts/bavet/board", "").Body.String(); !strings.Contains(board, "VN02-0000-3370") || strings.Contains(board, "3456") {
		t.Errorf("the board: %s", board)
	}
}

// The hours of a day are set by an order, which the board shows.
func TestHoursOfADay(t *testing.T) {
	p := bavet(t)
	const hours = "/api/v1/posts/bavet/hours"
	read[Receipt](t, p.write(hours, `{"opening": "Bavet", "day": "2018-03-05", "opens": "06:00", "last_admission": "01:30", "closes": "02:00", "reason": "by-agreement"}`), http.StatusOK)
	read[Receipt](t, p.write(hours, `{"opening": "Bavet", "day": "2018-03-06", "reason": "by-agreement"}`), http.StatusOK)
	opening := read[Board](t, p.ask("GET", "/api/v1/posts/bavet/board", ""), http.StatusOK).Posts[0].Openings[0]
	want := []board.Day{{Day: "2018-03-05", Opens: "06:00", Last: "01:30", Closes: "02:00"}, {Day: "2018-03-06"}}
	if !slices.Equal(opening.Set, want) || opening.Until != "2018-03-05T18:30:00.000000Z" {
		t.Errorf("the board shows %+v", opening)
	}
	for _, test := range []struct{ body, code string }{
		{`{"opening": "Bavet", "day": "2018-03-06", "reason": "by-agreement"}`, "already-so"},
		{`{"opening": "Bavet", "day": "2018-03-04", "reason": "by-agreement"}`, "day-far"},
		{`{"opening": "Bavet", "day": "2018-03-06", "opens": "06:00", "reason": "by-agreement"}`, codeInvalid},
		{`{"opening": "Bavet", "day": "2018-03-06", "opens": "6", "closes": "7", "reason": "by-agreement"}`, codeInvalid},
		{`{"opening": "Bavet", "day": "2018-02-30", "reason": "by-agreement"}`, codeInvalid},
		{`{"opening": "Hanoi", "day": "2018-03-06", "reason": "by-agreement"}`, codeInvalid},
		{`{"opening": "Bavet", "day": "2018-03-06", "opens": "06:00", "closes": "06:00", "reason": "by-agreement"}`, codeInvalid},
	} {
		r := p.write(hours, test.body)
		var got Problem
		if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil || got.Code != test.code || got.Detail == "" {
			t.Errorf("%s: %d %+v", test.body, r.Code, got)
		}
	}
	if posts := read[Posts](t, p.ask("GET", "/api/v1/posts", ""), http.StatusOK); !slices.Contains(posts.Posts[0].Openings, "Bavet") {
		t.Errorf("%+v", posts.Posts[0].Openings)
	}
}

// A number beyond all bounds is told as one, without the words of the program.
func TestANumberTooLargeIsSaidToBe(t *testing.T) {
	p := bavet(t)
	r := p.write("/api/v1/posts/bavet/places/Bavet%20exit%20yard/capacity", `{"capacity": 100000000000000000000}`)
	var got Problem
	if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if want := "body.capacity: 100000000000000000000 is larger than any number this field takes"; r.Code != http.StatusUnprocessableEntity || got.Detail != want {
		t.Errorf("%d %s; want %s", r.Code, got.Detail, want)
	}
}

func TestAnnouncedVisitsAndPassengers(t *testing.T) {
	p := bavet(t)
	announced := read[Receipt](t, p.write("/api/v1/posts/bavet/visits", `{"event": "announced", `+truck+`}`), http.StatusCreated)
	if body := p.ask("GET", "/api/v1/visits/"+announced.Reference, "").Body.String() + p.ask("GET", "/api/v1/posts/bavet/board", "").Body.String(); strings.Contains(body, "1970") || strings.Contains(body, "arrived_at") {
		t.Errorf("who is not here yet came in 1970: %s", body)
	}
	if got := read[Receipt](t, p.write("/api/v1/visits/"+announced.Reference+"/arrived", `{"dossier_ready": false}`), http.StatusOK); got.Reference != announced.Reference {
		t.Errorf("the announced visit arrived as %+v", got)
	}
	if v := read[VisitRecord](t, p.ask("GET", "/api/v1/visits/"+announced.Reference, ""), http.StatusOK); v.Ready || v.Place == "" {
		t.Errorf("it is shown as %+v", v.VisitOnSite)
	}
	gone := p.arrive()
	read[Receipt](t, p.write("/api/v1/visits/"+gone+"/gone", `{"reason": "by-driver"}`), http.StatusOK)
	back := `"traits": ["empty", "home-use", "articulated-truck", "bilateral-permit", "regular"], "direction": "VN-KH"`
	for _, test := range []struct{ body, to string }{
		{"{" + back + `, "outward": "` + strings.ToLower(gone) + `"}`, gone},
		{"{" + back + "}", ""},
	} {
		came := read[Receipt](t, p.write("/api/v1/posts/bavet/visits", test.body), http.StatusCreated)
		if v := read[VisitRecord](t, p.ask("GET", "/api/v1/visits/"+came.Reference, ""), http.StatusOK); v.Outward != test.to || v.Lost {
			t.Errorf("%s is the return leg of %q, not %q", test.body, v.Outward, test.to)
		}
	}
	if r := read[Problem](t, p.write("/api/v1/posts/bavet/visits", "{"+back+`, "outward": "KH01-0009-9937"}`), http.StatusNotFound); r.Code != codeUnknownVisit {
		t.Errorf("the return leg of nobody: %+v", r)
	}
	coach := read[Receipt](t, p.write("/api/v1/posts/bavet/visits", `{"traits": ["coach", "no-goods", "no-permit-needed", "regular"], "direction": "KH-VN"}`), http.StatusCreated)
	if r := p.write("/api/v1/posts/bavet/passengers", `{"coach": "`+coach.Reference+`", "traits": ["on-foot", "no-permit-needed"], "place": "Bavet passenger hall"}`); r.Code > 299 {
		t.Errorf("a passenger alights: %d", r.Code)
	}
	board := read[Board](t, p.ask("GET", "/api/v1/posts/bavet/board", ""), http.StatusOK)
	if v := board.Visits[len(board.Visits)-1]; v.Vehicle != "on-foot" || v.Place != "Bavet passenger hall" {
		t.Errorf("the passenger is shown as %+v", v)
	}
}

// Who was here when entries were lost has a record without an end, and says so.
func TestAVisitWhoseEndIsLost(t *testing.T) {
	config := ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "bavet.kh"}
	p := bavetOn(t, config, "")
	reference := p.arrive()
	p.arrive()
	p.close()
	db, err := sql.Open("sqlite", strings.TrimPrefix(config.URL, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`DELETE FROM snapshots`, `DELETE FROM entries WHERE seq = 4`} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ledger.Recover(t.Context(), config, "a disk failed"); err != nil {
		t.Fatal(err)
	}
	p = bavetOn(t, config, "")
	v := read[VisitRecord](t, p.ask("GET", "/api/v1/visits/"+reference, ""), http.StatusOK)
	if !v.Lost || len(v.Facts) == 0 || v.Summary != "laden articulated truck, not here any more; how it left is not known" {
		t.Errorf("%+v", v)
	}
}

// Every act upon the post itself shows on its board.
func TestRunningThePost(t *testing.T) {
	p := bavet(t)
	const post = "/api/v1/posts/bavet/"
	for _, step := range []struct {
		path, body string
		status     int
		code       string
	}{
		{post + "lanes/Bavet%20exit%20lane%201/close", `{"reason": "breakdown"}`, 200, ""},
		{post + "lanes/Bavet%20exit%20lane%201/close", `{"reason": "breakdown"}`, 409, "already-so"},
		{post + "lanes/road%20to%20Bavet/close", `{"reason": "breakdown"}`, 409, "not-a-lane"},
		{post + "lanes/Bavet%20exit%20lane%209/close", `{"reason": "breakdown"}`, 404, codeUnknownPlace},
		{post + "lanes/Bavet%20exit%20lane%202/turn", `{"direction": "VN-KH", "reason": "by-operator"}`, 409, "not-tidal"},
		{post + "places/Bavet%20exit%20yard/capacity", `{"capacity": 12}`, 200, ""},
		{post + "places/Bavet%20exit%20yard/accepts", `{"refused": ["dangerous"], "required": ["laden"]}`, 200, ""},
		{post + "stops/Bavet%20exit%20booth%202/servers", `{"servers": 0}`, 200, ""},
		{post + "stops/Bavet%20exit%20booth%202/servers", `{"servers": 65}`, 409, "bad-number"},
		{post + "stops/nowhere/servers", `{"servers": 1}`, 404, codeUnknownStop},
		{post + "close", `{"reason": "security"}`, 200, ""},
		{post + "reopen", `{"reason": "by-operator"}`, 200, ""},
		{post + "policy", `{"policy": "first come, first served", "reason": "by-operator"}`, 409, "already-so"},
		{post + "policy", `{"policy": "first come"}`, 422, codeInvalid},
		{post + "procedures/" + url.PathEscape("goods KH-VN, two stops") + "/suspend", `{"reason": "by-agreement"}`, 409, "no-fallback"},
		{post + "procedures/" + url.PathEscape("goods KH-VN") + "/start", ``, 404, codeUnknownProcedure},
		{"/api/v1/clock/confirm", ``, 409, "already-so"},
		{"/api/v1/anomalies/99/settle", ``, 409, "unknown-anomaly"},
	} {
		r := p.write(step.path, step.body)
		if step.code == "" {
			read[Receipt](t, r, step.status)
		} else if got := read[Problem](t, r, step.status); got.Code != step.code {
			t.Errorf("%s %s: %+v", step.path, step.body, got)
		}
	}
	board := read[Board](t, p.ask("GET", post+"board", ""), http.StatusOK)
	if board.Places[1].Open || board.Stops[1].Servers != 0 {
		t.Errorf("the board shows lane 1 as %+v and booth 2 as %+v", board.Places[1], board.Stops[1])
	}
}

// A record says who did what, when and why, with the plate that was corrected
// and the anomaly that was settled; the journal says it of the post.
func TestWhoWhenWhy(t *testing.T) {
	p := bavet(t)
	by := []string{"Landport-Actor", "booth-3"}
	ref := read[Receipt](t, p.write("/api/v1/posts/bavet/visits", `{`+truck+`, "plate": "2A-3456", "remark": "from the queue"}`, by...), http.StatusCreated).Reference
	visit := "/api/v1/visits/" + ref
	read[Receipt](t, p.write(visit+"/hold", `{"reason": "documents", "remark": "no permit"}`, by...), http.StatusOK)
	read[Receipt](t, p.write(visit+"/correct", `{"plate": "2A-9999", "reason": "mistake", "remark": "misread"}`, by...), http.StatusOK)
	read[Receipt](t, p.write(visit+"/reached", "", by...), http.StatusOK)
	odd := read[Anomalies](t, p.ask("GET", "/api/v1/anomalies", ""), http.StatusOK).Anomalies[0]
	if odd.Actor != "booth-3" || odd.Reference != ref {
		t.Errorf("the anomaly %+v", odd)
	}
	read[Receipt](t, p.write("/api/v1/anomalies/"+strconv.FormatInt(odd.Seq, 10)+"/settle", `{"remark": "a slip"}`, "Landport-Actor", "chief-1"), http.StatusOK)
	rec := read[VisitRecord](t, p.ask("GET", visit, ""), http.StatusOK)
	if rec.Plate != "2A-9999" {
		t.Errorf("the plate is %q", rec.Plate)
	}
	type told struct{ kind, actor, plate, remark string }
	got := map[told]bool{}
	for i, f := range rec.Facts {
		got[told{f.Kind, f.Actor, f.Plate, f.Remark}] = true
		if f.Proof != proofPath(f.Seq) || i > 0 && f.Seq <= rec.Facts[i-1].Seq {
			t.Errorf("fact %+v", f)
		}
		if entry, err := p.node.Ledger().Entries(t.Context(), f.Seq-1, 1); err != nil || string(entry[0].Data) != string(f.Data) {
			t.Errorf("%s says %s, its entry %s, %v", f.Kind, f.Data, entry[0].Data, err)
		}
		if strings.Contains(string(f.Data), "2A") || // a commitment has no capitals
			strings.Contains(string(f.Data), "misread") {
			t.Errorf("a personal value stands in the entry: %s", f.Data)
		}
	}
	for _, want := range []told{
		{"arrived", "booth-3", "", "from the queue"}, {"named", "booth-3", "2A-3456", ""}, {"held", "booth-3", "", "no permit"},
		{"corrected", "booth-3", "", "misread"}, {"named", "booth-3", "2A-9999", ""}, {"anomaly", "booth-3", "", ""}, {"settled", "chief-1", "", "a slip"},
	} {
		if !got[want] {
			t.Errorf("no fact %+v in %v", want, got)
		}
	}
	read[Receipt](t, p.write("/api/v1/posts/bavet/close", `{"reason": "weather", "remark": "flooded"}`, by...), http.StatusOK)
	journal := read[Journal](t, p.ask("GET", "/api/v1/posts/bavet/journal", ""), http.StatusOK).Entries
	if len(journal) != 2 || journal[0].Kind != "post-closed" || journal[0].Actor != "booth-3" || journal[0].Reason != "weather" || journal[0].Remark != "flooded" ||
		journal[1].Kind != "settled" || journal[1].Actor != "chief-1" || journal[1].Anomaly != odd.Seq || journal[1].Remark != "a slip" {
		t.Errorf("the journal %+v", journal)
	}
	for _, path := range []string{"/api/v1/posts/bavet/board", "/api/v1/anomalies", "/api/v1/posts/bavet/journal"} {
		if body := p.ask("GET", path, "").Body.String(); strings.Contains(body, "2A-") {
			t.Errorf("%s tells a plate", path)
		}
	}
}

func TestAnomaliesAreSettled(t *testing.T) {
	p := bavet(t)
	reference := p.arrive()
	read[Receipt](t, p.write("/api/v1/visits/"+reference+"/reached", ""), http.StatusOK)
	found := read[Anomalies](t, p.ask("GET", "/api/v1/anomalies", ""), http.StatusOK).Anomalies
	if len(found) != 1 || found[0].Reference != reference || found[0].Reason != "not-expected" {
		t.Fatalf("anomalies %+v", found)
	}
	read[Receipt](t, p.write("/api/v1/anomalies/"+number(found[0].Seq)+"/settle", `{"remark": "Sensor"}`), http.StatusOK)
	if left := read[Anomalies](t, p.ask("GET", "/api/v1/anomalies", ""), http.StatusOK).Anomalies; len(left) != 0 {
		t.Errorf("after settling: %+v", left)
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// The same write again is answered again and not done again; another under its
// key is refused.
func TestWritesAreDoneOnce(t *testing.T) {
	p := bavet(t)
	send := func(body string) *httptest.ResponseRecorder {
		return p.ask("POST", "/api/v1/posts/bavet/visits", body, keyHeader, "once", actorHeader, "gate-3")
	}
	first := read[Receipt](t, send("{"+truck+"}"), http.StatusCreated)
	r := send("{" + truck + "}")
	if again := read[Receipt](t, r, http.StatusCreated); again != first || r.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same again: %+v, not %+v", again, first)
	}
	if other := read[Problem](t, send("{"+truck+`, "dossier_ready": false}`), http.StatusUnprocessableEntity); other.Code != codeKeyReused {
		t.Errorf("another under the same key: %+v", other)
	}
	if none := read[Problem](t, p.ask("POST", "/api/v1/posts/bavet/visits", "{"+truck+"}"), http.StatusUnprocessableEntity); none.Code != codeKeyMissing {
		t.Errorf("without a key: %+v", none)
	}
	if e := read[Entries](t, p.ask("GET", "/api/v1/ledger/entries", ""), http.StatusOK); e.Entries[1].Actor != "gate-3" || e.Size != 1+int64(first.Entries) {
		t.Errorf("the ledger has %+v", e)
	}
}

func TestHealth(t *testing.T) {
	p := bavet(t)
	p.arrive()
	if h := read[Health](t, p.ask("GET", "/readyz", ""), http.StatusOK); h.Status != "ok" || h.Post != "bavet" || h.Size == 0 {
		t.Errorf("ready: %+v", h)
	}
	read[Problem](t, p.write("/api/v1/visits/KH01-0000-0124/unhold", ""), http.StatusConflict)
	text := p.ask("GET", "/metrics", "").Body.Bytes()
	for _, line := range []string{
		"landport_entries 4\n", `landport_commands_total{outcome="done"} 1` + "\n", `landport_commands_total{outcome="not-held"} 1` + "\n",
		"landport_command_seconds_count 2\n", "landport_commit_seconds_count 2\n", "landport_queue_length 0\n", "landport_visits_present 1\n", "landport_streams 0\n", "landport_ready 1\n",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no %q among\n%s", line, text)
		}
	}
	p.stop()
	if got := read[Problem](t, p.ask("GET", "/readyz", ""), http.StatusServiceUnavailable); got.Code != codeStopped {
		t.Errorf("after the stop: %+v", got)
	}
	read[Health](t, p.ask("GET", "/healthz", ""), http.StatusOK)
	r := p.write("/api/v1/posts/bavet/visits", "{"+truck+"}")
	if got := read[Problem](t, r, http.StatusServiceUnavailable); got.Code != codeStopped || r.Header().Get("Retry-After") == "" {
		t.Errorf("a command after the stop: %+v", got)
	}
}

// What the node says of a command is told by its own code.
func TestProblemsOfCommands(t *testing.T) {
	for _, c := range []struct {
		err    error
		code   string
		status int
		again  bool
	}{
		{node.ErrBusy, codeBusy, 429, true},
		{node.ErrReused, codeKeyReused, 422, false},
		{errors.Join(node.ErrNotReady, errors.New("the database is away")), codeNotReady, 503, true},
		{node.ErrStopped, codeStopped, 503, true},
		{&node.UnknownReference{Reference: "KH01-0000-0124"}, codeUnknownVisit, 404, false},
		{&node.BadCommand{Field: "remark", Detail: "it has 1200 bytes; give at most 1000"}, codeInvalid, 422, false},
	} {
		p := problemOf(c.err)
		if p == nil || p.Code != c.code || p.Status != c.status || (p.GetHeaders().Get("Retry-After") != "") != c.again {
			t.Errorf("%v is told as %+v", c.err, p)
		}
	}
}

func TestGuard(t *testing.T) {
	p := bavet(t)
	from := func(site string) *httptest.ResponseRecorder {
		return p.write("/api/v1/posts/bavet/visits", "{"+truck+"}", "Sec-Fetch-Site", site)
	}
	if got := read[Problem](t, from("cross-site"), http.StatusForbidden); got.Code != codeCrossOrigin {
		t.Errorf("from another site: %+v", got)
	}
	read[Receipt](t, from("same-origin"), http.StatusCreated)
	server := httptest.NewServer(p.handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "rebound.example"
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	var got Problem
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || answer.StatusCode != http.StatusMisdirectedRequest || got.Code != codeWrongHost {
		t.Errorf("by another name: %v, %+v", err, got)
	}
	for _, c := range []struct{ method, path, allow string }{
		{"GET", "/api/v1/clock/confirm", "POST"}, {"DELETE", "/api/v1/posts", "GET, HEAD"}, {"POST", "/openapi.json", "GET, HEAD"},
	} {
		r := p.ask(c.method, c.path, "")
		if got := read[Problem](t, r, http.StatusMethodNotAllowed); got.Code != codeWrongMethod || r.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %+v, allowed %q", c.method, c.path, got, r.Header().Get("Allow"))
		}
	}
	for _, root := range Roots() {
		if strings.Contains(root, " ") || !strings.HasPrefix(root, "/") {
			t.Errorf("root %q", root)
		}
	}
}

func TestSlugs(t *testing.T) {
	for _, test := range []struct{ name, want string }{{"Bavet", "bavet"}, {"Moc Bai", "moc-bai"}, {"  Dong Dang – Youyi  Guan ", "dong-dang-youyi-guan"}} {
		if got := board.Slug(test.name); got != test.want {
			t.Errorf("%q is %q", test.name, got)
		}
	}
	if gate.ByDriver.String() != reasons()[0] {
		t.Error("reasons of people begin elsewhere")
	}
}
