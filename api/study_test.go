package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// work has a truck arrive, be served and leave, and another turn back.
func (p *post) work() {
	p.t.Helper()
	reference := p.arrive()
	p.write("/api/v1/visits/"+p.arrive()+"/gone", `{"reason":"by-driver"}`)
	p.write("/api/v1/visits/"+reference+"/seen", `{"place":"Bavet exit lane 1"}`)
	for range 40 {
		w := p.ask("GET", "/api/v1/visits/"+reference, "")
		if strings.Contains(w.Body.String(), `"removed"`) {
			return
		}
		for _, what := range []string{"entered", "reached", "served"} {
			p.write("/api/v1/visits/"+reference+"/"+what, "{}")
		}
		p.write("/api/v1/visits/"+reference+"/left", "{}")
	}
	p.t.Fatal("the truck does not leave")
}

// studied asks until the study has followed the ledger so far.
func (p *post) studied(query string) Study {
	p.t.Helper()
	seq, _ := p.node.Seen()
	for {
		s := read[Study](p.t, p.ask("GET", "/api/v1/posts/bavet/study"+query, ""), http.StatusOK)
		if s.Sequence >= seq {
			return s
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestStudyOfAPeriod(t *testing.T) {
	p := bavet(t)
	if s := p.studied(""); s.Visits != 0 || len(s.Groups) != 0 || s.Covers == "" {
		t.Errorf("of nothing: %+v", s)
	}
	p.work()
	all := p.studied("")
	if all.Visits != 2 || all.Group != "stage" || len(all.Groups) != 1 || all.Groups[0].Group != "all" || all.Zone != "Asia/Phnom_Penh" {
		t.Fatalf("%+v", all)
	}
	stages := map[string]StudyStage{}
	for _, s := range all.Groups[0].Stages {
		stages[s.Stage] = s
	}
	for _, name := range []string{"at post", "to first service", "waiting", "active", "carrier", "closed hours", "customs KH", "customs KH, active", "not released"} {
		if s := stages[name]; s.TimeMin.N != 1 || !s.Exact {
			t.Errorf("%s: %+v", name, s)
		}
	}
	for _, test := range []struct{ query, want string }{
		{"?group=kind", "KH-VN laden articulated-truck"}, {"?group=direction", "KH-VN"}, {"?group=day", "2018-03-05"}, {"?group=hour", "08:00"},
		{"?from=2018-03-05&to=2018-03-06", "all"}, {"?from=2018-03-05T08:00:00%2B07:00", "all"},
	} {
		if s := p.studied(test.query); s.Visits != 2 || len(s.Groups) != 1 || s.Groups[0].Group != test.want {
			t.Errorf("%s: %+v", test.query, s)
		}
	}
	for _, query := range []string{"?from=2018-03-06", "?to=2018-03-05", "?from=2018-03-05T09:00:00%2B07:00&to=2018-03-05T10:00:00%2B07:00"} {
		if s := p.studied(query); s.Visits != 0 || len(s.Groups) != 0 {
			t.Errorf("%s: %+v", query, s)
		}
	}
	r := read[map[string]any](t, p.ask("GET", "/api/v1/posts/bavet/report", ""), http.StatusOK)
	if r["counts"] == nil {
		t.Errorf("the report has no counts: %v", r)
	}
	// Nothing was drawn by lot, and nobody can say that the post copes.
	for _, key := range []string{"seed", "replications"} {
		if _, ok := r[key]; ok {
			t.Errorf("what happened has a %s: %v", key, r[key])
		}
	}
	if stable, ok := r["stable"]; !ok || stable != nil || !strings.Contains(r["stable_reason"].(string), "is not over") {
		t.Errorf("a post that runs is called stable: %v, %v", stable, r["stable_reason"])
	}
}

func TestProblemsOfStudies(t *testing.T) {
	p := bavet(t)
	for _, test := range []struct{ query, want string }{
		{"?from=0001-01-01", "query.from: \"0001-01-01\" is out of range; give a year from 1971 to 9000"},
		{"?from=yesterday", "query.from: \"yesterday\" is neither a day nor an instant; write one as 2018-03-05 or 2018-03-05T08:00:00+07:00"},
		{"?to=2018-13-01", "query.to: "},
		{"?from=2018-03-05T08:30:00%2B07:00", "query.from: 2018-03-05T08:30:00+07:00 is not the beginning of an hour here; give one such as 2018-03-05T08:00:00+07:00"},
		{"?from=2018-03-05&to=2018-03-05", "the period ends at"},
		{"?from=2018-03-05&to=2018-03-04", "the period ends at"},
		{"?group=colour", "query.group"},
		{"?from=2018-03-05&until=2018-03-06", "query.until"},
		{"?from=" + strings.Repeat("9", 41), "query.from"},
		{"?from=-2018-03-05T08:00:00Z&to=99999-01-01T00:00:00Z", "faults"},
		{"?group=" + "%00" + "&from=2018-03-05T08:00:00.5%2B07:00", ""},
	} {
		w := p.ask("GET", "/api/v1/posts/bavet/study"+test.query, "")
		var problem Problem
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code/100 != 4 || problem.Code == "" || !strings.Contains(w.Body.String(), strings.ReplaceAll(test.want, `"`, `\"`)) {
			t.Errorf("%s: %d %s, want %s", test.query, w.Code, w.Body, test.want)
		}
	}
	if w := p.ask("GET", "/api/v1/posts/moc-bai/study", ""); w.Code != http.StatusNotFound {
		t.Errorf("of another post: %d", w.Code)
	}
}
