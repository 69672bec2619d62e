package web

import (
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// small is an experiment that takes no time: the textbook queue.
func small(change ...string) url.Values {
	v := url.Values{"scenario": {"mm5"}, "replications": {"4"}, "days": {"2"}}
	for i := 0; i < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// answered runs an experiment to its end as a form without a script does, and
// returns the page with the answer.
func (s *site) answered(t *testing.T, form url.Values) answer {
	t.Helper()
	a := s.do(t, http.MethodPost, "/evidence", form)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", a.status, a.text)
	}
	address := a.header.Get("Location")
	for {
		a = s.get(t, address)
		if a.header.Get("Refresh") == "" {
			return a
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestExperimentIsAnsweredWithoutAScript(t *testing.T) {
	s := serve(t, "mm5")
	page := s.answered(t, small("stops[counter].servers", "6"))
	formed(t, page)
	for _, part := range []string{
		"of a visit to cross, all waiting included, falls from", "mean crossing time", "counter, wait", "The two differ in 1 figure, of which assumed: 1 (100%)",
		"4 pairs of runs of 2 days, seed 1", `name="stops[counter].servers" value="6"`, "/evidence/numbers.csv?days=2",
	} {
		if !strings.Contains(page.text, part) {
			t.Errorf("the answer lacks %q", part)
		}
	}
	same := s.answered(t, small())
	if !strings.Contains(same.text, "Nothing is changed yet") {
		t.Error("an unchanged scenario is not said to be the same")
	}
}

// A planner sees by agency how long a goods vehicle waits for its officers and how busy they are.
func TestTheStudioTellsWhoseOfficersAreWaitedFor(t *testing.T) {
	s := serve(t, "mm5")
	page := s.answered(t, url.Values{"scenario": {"densavanh-laobao"}, "replications": {"2"}, "days": {"3"}})
	formed(t, page)
	for _, caption := range []string{"How long a goods vehicle waits for each agency’s officers", "How busy the officers on duty are"} {
		_, table, found := strings.Cut(page.text, caption)
		table, _, _ = strings.Cut(table, "</table>")
		if !found || !strings.Contains(table, `<th scope="row">customs LA</th>`) || !strings.Contains(table, `<th scope="row">immigration VN</th>`) {
			t.Errorf("%s: %q", caption, table)
		}
	}
}

// The numbers are those of evidence.Compare, from the link alone.
func TestNumbersByLink(t *testing.T) {
	s := serve(t, "mm5")
	form := small("stops[counter].service", "9", "seed", "7")
	var got evidence.Comparison
	s.get(t, "/evidence/numbers.json?"+form.Encode()).read(t, &got)
	file, err := shipped("mm5")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.With(sim.Setting{Path: "stops[counter].service", Value: "{exponential: 9m}"})
	if err != nil {
		t.Fatal(err)
	}
	want, err := evidence.Compare(file, plan, sim.Options{Replications: 4, Days: 2, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != len(want.Rows) || *got.Rows[0].Difference != *want.Rows[0].Difference {
		t.Errorf("%d rows, the first %v; want %d, %v", len(got.Rows), *got.Rows[0].Difference, len(want.Rows), *want.Rows[0].Difference)
	}
	report := s.get(t, "/evidence/report.html?"+form.Encode())
	if report.status != http.StatusOK || !strings.Contains(report.text, "landport report mm5 --against mm5 --set &#39;stops[counter].service*=0.9&#39; --replications 4 --days 2 --seed 7 --out report.html") || !strings.HasPrefix(report.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the report: %d, %.200s", report.status, report.text)
	}
	table, err := csv.NewReader(strings.NewReader(s.get(t, "/evidence/numbers.csv?"+form.Encode()).text)).ReadAll()
	if err != nil || len(table) != len(want.Rows)+1 || table[1][9] != fmt.Sprint(*want.Rows[0].Difference) || table[1][1] != "mm5" || !strings.HasPrefix(table[1][2], "stops[counter].service=") {
		t.Errorf("%v, %d records: %v", err, len(table), table[:min(len(table), 2)])
	}
}

func TestWrongSettingsAreSaidAtTheField(t *testing.T) {
	s := serve(t, "mm5")
	for _, c := range []struct{ name, field, value, want string }{
		{"not a number", "stops[counter].servers", "many", `"many"`},
		{"broken", "stops[counter].servers", "2.5", `"2.5"`},
		{"beyond the limit", "stops[counter].servers", "65", "64"},
		{"fewer than none", "stops[counter].servers", "-3", "not a whole number from 1 to 64"},
		{"below zero", "flows[vehicles].rate", "-3", "A number of 0 or more is needed."},
		{"no mean", "stops[counter].service", "0", "A mean above 0 is needed."},
		{"unknown path", "stops[desk].servers", "3", "there is no stops[desk]"},
		{"misspelt path", "stop[counter].servers", "3", "near are stops[counter].servers"},
		{"path that is like none", "foo[bar]", "3", "a scenario has no field foo.<"},
		{"too long", "stops[counter].servers", strings.Repeat("9", 400), "longer than 300 letters"},
		{"one pair", "replications", "1", "A whole number from 2 to 500 is needed."},
		{"a decade", "days", "3650", "A number of days up to 366 is needed."},
		{"no seed", "seed", "-1", "A whole number of 0 or more is needed."},
		{"too large", "flows[vehicles].rate", "900000", "Million arrivals"},
		{"no scenario", "scenario", "poipet", "Unknown scenario"},
	} {
		form := small(c.field, c.value)
		page := s.get(t, "/evidence?"+form.Encode())
		run := s.do(t, http.MethodPost, "/evidence", form, "HX-Request", "true")
		want := strings.NewReplacer(`"`, "&#34;").Replace(c.want)
		for _, a := range []answer{page, run} {
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(strings.ToLower(a.text), strings.ToLower(want)) {
				t.Errorf("%s: %d, without %q in %.900s", c.name, a.status, want, a.text)
			}
		}
		formed(t, page)
	}
}

func TestOneRunAtATimeAndCancelled(t *testing.T) {
	s := serve(t, "mm5")
	long := small("replications", "500", "days", "10")
	var jobs []string
	for {
		a := s.do(t, http.MethodPost, "/evidence", long)
		if a.status == http.StatusUnprocessableEntity && strings.Contains(a.text, "As many runs are under way as fit here at a time, 2, and others may have begun them;") {
			break
		}
		if a.status != http.StatusSeeOther || len(jobs) == 2 {
			t.Fatalf("%d after %d runs", a.status, len(jobs))
		}
		jobs = append(jobs, a.header.Get("Location"))
	}
	for _, test := range []struct{ address, kind string }{{"numbers.json", "application/problem+json"}, {"numbers.csv", "application/problem+json"}, {"report.html", "text/html"}} {
		a := s.get(t, "/evidence/"+test.address+"?"+long.Encode())
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !strings.HasPrefix(a.header.Get("Content-Type"), test.kind) || !strings.Contains(a.text, "As many runs are under way") {
			t.Errorf("%s while two run: %d %s, %.300s", test.address, a.status, a.header.Get("Content-Type"), a.text)
		}
	}
	for _, address := range jobs {
		if a := s.do(t, http.MethodPost, address, url.Values{}); a.status != http.StatusSeeOther {
			t.Fatalf("cancelling: %d", a.status)
		}
		if a := s.get(t, address); !strings.Contains(a.text, "The run was cancelled.") || a.header.Get("Refresh") != "" {
			t.Errorf("after cancelling: %.300s", a.text)
		}
	}
	for s.do(t, http.MethodPost, "/evidence", small()).status != http.StatusSeeOther { // until they have made room
		time.Sleep(20 * time.Millisecond)
	}
	if a := s.get(t, "/evidence/jobs/nobody"); a.status != http.StatusNotFound {
		t.Errorf("an unknown run: %d", a.status)
	}
}

func TestUnstableIsSaidInWords(t *testing.T) {
	s := serve(t, "mm5")
	page := s.answered(t, small("stops[counter].servers", "3", "days", "8"))
	if !strings.Contains(page.text, "As changed, the crossing does not cope: more arrive than are served") ||
		strings.Contains(page.text, "rises from") {
		t.Error("a crossing that does not cope is not said to be one")
	}
}

func TestWhatIfIsPlayedOnABoard(t *testing.T) {
	s := serve(t, "mm5")
	a := s.do(t, http.MethodPost, "/evidence/boards", small("scenario", "bavet-mocbai-2018", "places[Bavet exit lane *].count", "3"))
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", a.status, a.text)
	}
	base := a.header.Get("Location")
	page := s.get(t, base)
	formed(t, page)
	for _, part := range []string{"Bavet exit lane 3", "Bavet exit booth 3", "first come, first served, with one figure changed", "What if: bavet-mocbai-2018, Bavet exit lane, how many: 3 lanes instead of 2.", `href="` + base + `study"`, `action="` + base + `playback"`} {
		if !strings.Contains(page.text, part) {
			t.Errorf("the board lacks %q", part)
		}
	}
	if s.board(t).Scenario != "mm5" {
		t.Error("the live board changed")
	}
	if study := s.get(t, base+"study"); study.status != http.StatusOK {
		t.Errorf("its study: %d", study.status)
	}
	if to := s.do(t, http.MethodPost, base+"playback", url.Values{"do": {"pause"}}).header.Get("Location"); to != base {
		t.Errorf("pausing leads to %s", to)
	}
	for range boardsKept {
		s.do(t, http.MethodPost, "/evidence/boards", small())
	}
	if gone := s.get(t, base); gone.status != http.StatusNotFound || !strings.Contains(gone.text, "newer ones took its place") {
		t.Errorf("the oldest playback: %d", gone.status)
	}
	if never := s.get(t, "/evidence/boards/nobody/"); never.status != http.StatusNotFound || strings.Contains(never.text, "took its place") || !strings.Contains(never.text, "no playback at this address") {
		t.Errorf("a playback that never was: %d, %s", never.status, never.text)
	}
}

// Every figure offered can be set to what it is, in every scenario that comes
// with Landport: set so all at once, they are what they were.
func TestEveryKnobTurns(t *testing.T) {
	for _, name := range scenarios.Names() {
		f, err := shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		means := map[string]float64{}
		for _, p := range f.Parameters() {
			means[p.Path] = p.Mean
		}
		seen := map[string]bool{}
		var all []sim.Setting
		for _, g := range knobsOf(f) {
			for _, k := range g.Knobs {
				if seen[k.ID()] {
					t.Errorf("%s: two knobs have the identity %s", name, k.ID())
				}
				seen[k.ID()] = true
				set, err := k.setting()
				if err != nil {
					t.Fatalf("%s: %s: %v", name, k.Path, err)
				}
				all = append(all, set)
				if k.Slider != nil && !(k.Slider.Low < k.Slider.High && k.Slider.Step > 0) {
					t.Errorf("%s: %s slides from %g to %g by %g", name, k.Path, k.Slider.Low, k.Slider.High, k.Slider.Step)
				}
			}
		}
		turned, err := f.With(all...)
		if err != nil {
			t.Errorf("%s: a figure cannot be set to what it is: %v", name, err)
			continue
		}
		for _, p := range turned.Parameters() {
			if math.Abs(p.Mean-means[p.Path]) > 1e-4*means[p.Path] {
				t.Errorf("%s: %s is %g, set to itself %g", name, p.Path, means[p.Path], p.Mean)
			}
		}
		if len(seen) < 3 {
			t.Errorf("%s offers %d figures only", name, len(seen))
		}
	}
}

// A booth stands in each lane: a further lane brings one along.
func TestBoothsFollowTheLanes(t *testing.T) {
	f, err := shipped("kimthanh-hekou")
	if err != nil {
		t.Fatal(err)
	}
	settings := []sim.Setting{{Path: "places[Kim Thanh export lane *].count", Value: "4"}, {Path: "places[Kim Thanh import lane *].count", Value: "2"}}
	more := carried(f, settings)
	var got []string
	for _, s := range more {
		got = append(got, s.Path+"="+s.Value)
	}
	want := []string{"stops[Kim Thanh booth *].count=6", "stops[Kim Thanh customs in the lane *].count=6"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if _, err := f.With(append(settings, more...)...); err != nil {
		t.Error(err)
	}
}

func formed(t *testing.T, page answer) {
	t.Helper()
	if err := wellFormed(page.text); err != nil {
		t.Errorf("%v in %.200s", err, page.text)
	}
}

// The command that a page prints gives the same digits.
func TestTheCommandMakesTheExperimentAgain(t *testing.T) {
	s := &Server{source: serve(t, "mm5").play}
	for _, form := range []url.Values{
		small("stops[counter].service", "9", "seed", "7"),
		{"scenario": {"kimthanh-hekou"}, "places[Kim Thanh export lane *].count": {"3"}, "replications": {"2"}, "days": {"3"}},
	} {
		e := s.readExperiment(form)
		if !e.good() || len(e.settings) == 0 {
			t.Fatal(e.wrong())
		}
		var again []sim.Setting
		for _, set := range e.settings {
			parsed, err := sim.ParseSetting(set.String())
			if err != nil || !strings.Contains(e.Command(), evidence.CommandLine("--set", set.String())) {
				t.Fatalf("%v; %s lacks %s", err, e.Command(), set.Path)
			}
			again = append(again, parsed)
		}
		file, err := shipped(e.Scenario)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := file.With(again...)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range e.plan.Parameters() {
			if q := plan.Parameters()[i]; q.Path != p.Path || q.Value != p.Value {
				t.Errorf("%s is %s in the studio and %s by the command", p.Path, p.Value, q.Value)
			}
		}
	}
}

// A file that the program was started with is in the studio under its name.
func TestTheStudioHasTheCallersOwnScenario(t *testing.T) {
	file, err := shipped("mm5")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{source: serve(t, "mm5").play, own: &Own{Name: "mine.yaml", File: file}}
	if e := s.readExperiment(url.Values{}); e.Scenario != "mine.yaml" || e.names[0] != "mine.yaml" || !e.good() {
		t.Errorf("the studio opens with %s, %v", e.Scenario, e.wrong())
	}
	e := s.readExperiment(url.Values{"scenario": {"mine.yaml"}, "stops[counter].servers": {"6"}})
	if want := "landport simulate mine.yaml --against mine.yaml --set 'stops[counter].servers=6' --replications 20 --days 7 --seed 1"; e.Command() != want {
		t.Errorf("got  %s\nwant %s", e.Command(), want)
	}
	s.own.Name = `../plans/my "border".yaml`
	other, kept := s.readExperiment(url.Values{}), httptest.NewRecorder()
	download(kept, other.fileName("csv"), nil)
	if got := kept.Header().Get("Content-Disposition"); got != `attachment; filename="landport-my \"border\".csv"` {
		t.Error(got)
	}
}

// No two figures of a subject have one name: what is beside a slider is no name.
func TestEveryFigureOfASubjectHasItsOwnName(t *testing.T) {
	for _, name := range []string{"bavet-mocbai-2018", "kimthanh-hekou"} {
		file, err := shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range knobsOf(file) {
			seen := map[string]string{}
			for _, k := range g.Knobs {
				if was := seen[k.Label]; was != "" {
					t.Errorf("%s: %s and %s are both called %q", name, was, k.Path, k.Label)
				}
				seen[k.Label] = k.Path
			}
		}
	}
}
