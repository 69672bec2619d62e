package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A time is corrected, and the record tells both, who did it and why.
func TestATimeIsCorrected(t *testing.T) {
	p := bavet(t)
	by := []string{"Landport-Actor", "chief-1"}
	visit := "/api/v1/visits/" + read[Receipt](t, p.write("/api/v1/posts/bavet/visits", `{`+truck+`}`), http.StatusCreated).Reference
	fact := func(kind string) Fact {
		t.Helper()
		facts := read[VisitRecord](t, p.ask("GET", visit, ""), http.StatusOK).Facts
		i := slices.IndexFunc(facts, func(f Fact) bool { return f.Kind == kind })
		if i < 0 {
			t.Fatalf("no fact %s among %+v", kind, facts)
		}
		return facts[i]
	}
	before := fact("arrived")
	path := visit + "/facts/" + strconv.FormatInt(before.Seq, 10) + "/correct-time"
	read[Receipt](t, p.write(path, `{"time": "2018-03-04T23:30:00Z", "reason": "mistake", "remark": "the camera's clock"}`, by...), http.StatusOK)
	if after := fact("arrived"); after.At != "2018-03-04T23:30:00.000000Z" || after.Was != before.At {
		t.Errorf("the fact %+v", after)
	}
	if c := fact("time-corrected"); c.Actor != "chief-1" || c.Cause != before.Seq || c.Remark != "the camera's clock" || !strings.Contains(string(c.Data), `"reason":"mistake"`) {
		t.Errorf("the correction %+v", c)
	}
	if rec := read[VisitRecord](t, p.ask("GET", visit, ""), http.StatusOK); rec.Stages[0].At != "2018-03-04T23:30:00.000000Z" {
		t.Errorf("the stages %+v", rec.Stages)
	}
	for _, test := range []struct {
		path, body string
		status     int
		code       string
	}{
		{path, `{"time": "2018-03-04T23:30:00Z", "reason": "mistake"}`, 409, "already-so"},
		{path, `{"time": "2018-03-06T23:30:00Z", "reason": "mistake"}`, 409, "time-order"},
		{path, `{"time": "0001-01-02T00:00:00Z", "reason": "mistake"}`, 409, "time-order"},
		{path, `{"time": "2018-03-04T23:00:00Z"}`, 422, "invalid"},
		{path, `{"reason": "mistake"}`, 422, "invalid"},
		{visit + "/facts/9999/correct-time", `{"time": "2018-03-04T23:00:00Z", "reason": "mistake"}`, 409, "unknown-fact"},
		{"/api/v1/visits/KH01-9999-9999/facts/2/correct-time", `{"time": "2018-03-04T23:00:00Z", "reason": "mistake"}`, 404, "unknown-visit"},
	} {
		if got := read[Problem](t, p.write(test.path, test.body), test.status); got.Code != test.code {
			t.Errorf("%s %s: %+v", test.path, test.body, got)
		}
	}
}
