package web

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/board"
	"landport/border"
	"landport/node"
	"landport/scenarios"
	"landport/sim"
	"landport/study"
)

func model(t testing.TB, name string) *sim.Model {
	t.Helper()
	data, err := scenarios.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(name, data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// site is a running server with a paused playback.
type site struct {
	*httptest.Server
	play *node.Playback
	stop context.CancelFunc // of the playback
}

// serve plays a scenario, halted half past ten on the day after the warm-up's.
func serve(t testing.TB, name string) *site {
	t.Helper()
	m := model(t, name)
	ctx, stop := context.WithCancel(t.Context())
	play := node.NewPlayback(m, 1, 60, time.Now)
	go play.Run(ctx)
	s := &site{httptest.NewServer(NewServer(play, slog.New(slog.DiscardHandler), NodeOptions{Listen: "gate.example:8080"}, nil)), play, stop}
	t.Cleanup(func() { stop(); s.Close() })
	halted := m.Start.Add(min(m.Warmup+border.Day, m.Span/2) + 10*border.Hour + 30*border.Minute)
	if err := errors.Join(play.Pause(ctx, true), play.Jump(ctx, halted)); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	return s
}

// settle waits until a jump is done.
func (s *site) settle(t testing.TB) {
	t.Helper()
	for {
		b, changed, err := s.play.Board(t.Context(), node.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		if !b.Seeking {
			return
		}
		<-changed
	}
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	text   string
}

func (s *site) do(t testing.TB, method, path string, body url.Values, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

func (s *site) get(t testing.TB, path string, header ...string) answer {
	t.Helper()
	return s.do(t, http.MethodGet, path, nil, header...)
}

// read decodes an answer in JSON.
func (a answer) read(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.text), v); err != nil {
		t.Fatalf("%v in %.200s", err, a.text)
	}
}

func (s *site) board(t testing.TB) board.Board {
	t.Helper()
	var b board.Board
	s.get(t, "/api/v1/board").read(t, &b)
	return b
}

func TestPagesAreWellFormedAndKeepToThemselves(t *testing.T) {
	for _, name := range scenarios.Names() {
		s := serve(t, name)
		visit := s.board(t).Visits[0].Reference
		for _, test := range []struct {
			path   string
			status int
		}{
			{"/", 200}, {"/study", 200}, {"/evidence", 200}, {"/visits/" + visit, 200}, {"/visits/KH01-0000-0000", 404}, {"/nothing", 404},
		} {
			got := s.get(t, test.path)
			if got.status != test.status || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s %s: %d, %s", name, test.path, got.status, got.header.Get("Content-Type"))
			}
			if err := wellFormed(got.text); err != nil {
				t.Errorf("%s %s: %v", name, test.path, err)
			}
			if found := regexp.MustCompile(`style="|<style|<script>| on[a-z]+="|(src|href|action)="(https?:)?//`).FindString(got.text); found != "" {
				t.Errorf("%s %s contains %s", name, test.path, found)
			}
			if policy := got.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("%s %s: Content-Security-Policy %q", name, test.path, policy)
			}
			ids := regexp.MustCompile(` (id|data-cell)="[^"]+"`).FindAllString(got.text, -1)
			slices.Sort(ids)
			if len(ids) != len(slices.Compact(slices.Clone(ids))) {
				t.Errorf("%s %s: an id or cell is there twice", name, test.path)
			}
		}
	}
}

// wellFormed checks that elements close in the order they were opened.
func wellFormed(page string) error {
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestBoardAPIShowsWhatThePageShows(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	b := s.board(t)
	page := s.get(t, "/").text
	if b.Scenario != "bavet-mocbai-2018" || b.Seed != 1 || !b.Paused || len(b.Posts) != 2 || len(b.Visits) == 0 {
		t.Fatalf("board of %s, seed %d, paused %v, %d posts, %d visits", b.Scenario, b.Seed, b.Paused, len(b.Posts), len(b.Visits))
	}
	if got := b.Posts[0]; got.Local != "2018-03-13T10:30:00" || got.Openings[0].Level != "open" || got.Openings[0].Words != "open until 22:00" {
		t.Errorf("Bavet at %s: %+v", got.Local, got.Openings)
	}
	drawn := map[string]int{}
	for _, v := range b.Visits {
		if v.Place == "" {
			continue
		}
		cell := v.Direction + "|" + v.Place + "|" + v.Stop
		if v.Stop != "" && (v.State == "in-service" || v.State == "awaiting-passengers") {
			cell += "|served"
		}
		if !strings.Contains(page, `data-cell="`+cell+`"`) {
			t.Errorf("%s stands in %s, which is not drawn", v.Reference, cell)
		}
		if drawn[cell]++; drawn[cell] == 1 && !strings.Contains(page, `href="/visits/`+v.Reference+`"`) && v.State != "waiting" {
			t.Errorf("%s is not drawn", v.Reference)
		}
	}
	waiting := 0
	for _, v := range b.Visits {
		if v.Direction == "KH-VN" && slices.Contains([]string{"waiting", "called", "at-stop", "awaiting-dossier"}, v.State) && strings.HasPrefix(v.Stop+v.Place, "Bavet") || v.Place == "road to Bavet" {
			waiting++
		}
	}
	if got := b.Posts[0].Directions[0]; got.Waiting != waiting || got.LongestWaitMin <= 0 || got.ReleasedToday == 0 {
		t.Errorf("%d wait at Bavet, the post says %+v", waiting, got)
	}
}

func TestNamesOverTheBarFit(t *testing.T) {
	for _, test := range []struct {
		name string
		want bool
	}{{"customs", true}, {"plant-quarantine", false}} {
		if b := (bar{Width: 20, Party: study.Attribution{Agency: test.name}}); b.roomy() != test.want {
			t.Errorf("%s over a fifth of the bar: %v", test.name, b.roomy())
		}
	}
}

func TestATextbooksQueueIsInNoCountry(t *testing.T) {
	s := serve(t, "mm5")
	visit := "/visits/" + s.board(t).Visits[0].Reference
	for _, test := range []struct{ path, want string }{{"/", "counter"}, {visit, "counter"}, {"/study", "<th>visits</th>"}} {
		page := regexp.MustCompile(` [a-z-]+="[^"]*"`).ReplaceAllString(s.get(t, test.path).text, "") // but in keys
		if found := regexp.MustCompile(`XA|XB|customs|goods vehicles`).FindString(page); found != "" || !strings.Contains(page, test.want) {
			t.Errorf("%s speaks of %q, and should of %q", test.path, found, test.want)
		}
	}
}

func TestLongQueuesAreDrawnInPart(t *testing.T) {
	s := serve(t, "pingxiang")
	v := (&Server{source: s.play, plan: NewSchematic(s.play.Model().Layout)}).view(node.Board{Standing: node.Standing{Places: make([]node.PlaceState, 99)}})
	for i := range drawn + 123 {
		v.cells["cell"] = append(v.cells["cell"], &node.Visit{Order: int64(i)})
	}
	if shown, more := v.line("cell"); len(shown) != drawn || moreText(more) != "+123 more" {
		t.Errorf("%d drawn, %s", len(shown), moreText(more))
	}
}

func TestVisitTellsItsFactsAndWhy(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	var rec recordJSON
	for _, v := range s.board(t).Visits {
		if v.Place == "Moc Bai entry yard" {
			s.get(t, "/api/v1/visits/"+v.Reference).read(t, &rec)
			break
		}
	}
	if rec.Reference == "" || len(rec.Facts) < 8 {
		t.Fatalf("a truck in the yard has a record of %d facts", len(rec.Facts))
	}
	if first := rec.Facts[0]; !strings.HasPrefix(first.Text, "Arrived at road to Bavet: ") || first.AfterS != 0 {
		t.Errorf("its first fact is %+v", first)
	}
	why := 0
	for _, f := range rec.Facts {
		if f.Why != "" {
			why++
		}
	}
	if why < 4 {
		t.Errorf("dispatch is explained %d times on the way to the last yard", why)
	}
	fragment := s.get(t, "/visits/"+rec.Reference, "HX-Request", "true").text
	if !strings.HasPrefix(strings.TrimSpace(fragment), "<article") || !strings.Contains(fragment, rec.Facts[0].Text) {
		t.Errorf("the panel is %.80s…", fragment)
	}
}

func TestOrders(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	form := func(pairs ...string) url.Values {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for _, c := range []struct {
		order  url.Values
		status int
		then   func(b board.Board) bool
	}{
		{form("do", "speed", "speed", "600"), 303, func(b board.Board) bool { return b.Speed == 600 }},
		{form("do", "resume"), 303, func(b board.Board) bool { return !b.Paused }},
		{form("do", "pause"), 303, func(b board.Board) bool { return b.Paused }},
		{form("do", "jump", "to", "2018-03-14T08:00"), 303, func(b board.Board) bool { return b.Posts[0].Local == "2018-03-14T08:00:00" }},
		{form("do", "jump", "to", "2018-03-06T08:00"), 303, func(b board.Board) bool { return b.Posts[0].Local == "2018-03-06T08:00:00" }},
		{form("do", "jump", "to", "2017-01-01T08:00"), 422, nil},
		{form("do", "jump", "to", "tomorrow"), 422, nil},
		{form("do", "speed", "speed", "0"), 422, nil},
		{form("do", "speed", "speed", "fast"), 422, nil},
		{form("do", "fly"), 422, nil},
		{form(), 422, nil},
	} {
		got := s.do(t, http.MethodPost, "/playback", c.order)
		s.settle(t)
		if got.status != c.status || c.then != nil && !c.then(s.board(t)) {
			t.Errorf("%v: %d, then %+v %s", c.order, got.status, s.board(t).Moment, got.text)
		}
	}
	if got := s.do(t, http.MethodPost, "/playback", form("do", "pause"), "HX-Request", "true"); got.status != http.StatusNoContent {
		t.Errorf("the page's own order: %d", got.status)
	}
	if got := s.do(t, http.MethodPost, "/playback", form("do", "resume"), "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("an order from another site: %d", got.status)
	}
}

func TestAssets(t *testing.T) {
	s := serve(t, "mm5")
	for _, test := range []struct{ file, kind string }{
		{"style.css", "text/css; charset=utf-8"}, {"board.js", "text/javascript; charset=utf-8"},
		{"htmx.min.js", "text/javascript; charset=utf-8"}, {"icon.svg", "image/svg+xml"},
	} {
		got := s.get(t, "/assets/"+test.file)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != test.kind || got.text == "" {
			t.Errorf("%s: %d, %s, %d bytes", test.file, got.status, got.header.Get("Content-Type"), len(got.text))
		}
		if again := s.get(t, "/assets/"+test.file, "If-None-Match", got.header.Get("ETag")); again.status != http.StatusNotModified {
			t.Errorf("%s unchanged: %d", test.file, again.status)
		}
	}
	if got := s.get(t, "/assets/secret"); got.status != http.StatusNotFound {
		t.Errorf("an asset that is not there: %d", got.status)
	}
}

func TestStudyTellsSmallSamplesByTheirRange(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	var report struct {
		At       board.Instant `json:"at"`
		Stable   any           `json:"stable"`
		Crossing struct {
			TimeH struct {
				Mean *float64 `json:"mean"`
				N    int64    `json:"n"`
			} `json:"time_h"`
		} `json:"crossing"`
	}
	report.Stable = "not told"
	s.get(t, "/api/v1/study").read(t, &report)
	if report.Stable != nil {
		t.Errorf("a run that is not over is called stable: %v", report.Stable)
	}
	if report.Crossing.TimeH.Mean == nil || report.Crossing.TimeH.N < 30 || report.At == "" {
		t.Fatalf("after a day and a half: %+v", report)
	}
	page := s.get(t, "/study").text
	for _, part := range []string{"Where the time goes", "Whose time it was", "How reliable it was", "customs KH", "Bavet exit customs", "Not judged:</b> too early to tell"} {
		if !strings.Contains(page, part) {
			t.Errorf("the study page lacks %q", part)
		}
	}
	small := regexp.MustCompile(`<th scope="row">VN to KH, perishable</th>[\s\S]*?</tr>`).FindString(page)
	if !strings.Contains(small, " to ") || strings.Contains(small, "median") {
		t.Errorf("18 visits are told as %s", small)
	}
	if err := s.play.Jump(t.Context(), s.play.Model().Start.Add(border.Hour)); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	if page := s.get(t, "/study").text; !strings.Contains(page, "No crossing has been completed yet") {
		t.Error("with nothing measured, the study does not say so")
	}
}
