package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A seal is what stands on it, in the record as it was told.
func TestASealIsWhatStandsOnIt(t *testing.T) {
	p := bavet(t)
	visit := "/api/v1/visits/" + read[Receipt](t, p.write("/api/v1/posts/bavet/visits", `{`+truck+`}`), http.StatusCreated).Reference
	read[Receipt](t, p.write(visit+"/linked", `{"thing_kind": 1}`), http.StatusOK)
	for _, c := range []struct{ path, seal string }{{"sealed", "hlb-123 4567"}, {"unsealed", "774411"}} {
		read[Receipt](t, p.write("/api/v1/posts/bavet/things/1/"+c.path, `{"seal": "`+c.seal+`"}`), http.StatusOK)
	}
	body := strings.ReplaceAll(p.ask("GET", "/api/v1/ledger/entries?after=0", "").Body.String(), `\"`, `"`)
	for _, want := range []string{`"thing":1,"seal":"HLB1234567"`, `"thing":1,"n":774411`} {
		if !strings.Contains(body, want) {
			t.Errorf("the ledger does not say %s:\n%s", want, body)
		}
	}
	sealed := 0
	for _, f := range read[VisitRecord](t, p.ask("GET", visit, ""), http.StatusOK).Facts {
		if strings.HasSuffix(f.Kind, "sealed") {
			sealed++
		}
	}
	if sealed != 2 {
		t.Errorf("the record of whose thing it is has %d facts of seals", sealed)
	}
	for _, bad := range []string{`{"seal": "ABCDEFGHIJKLM"}`, `{"seal": "#"}`, `{"seal": 774411}`, `{}`} {
		if got := read[Problem](t, p.write("/api/v1/posts/bavet/things/1/sealed", bad), 422); len(got.Faults) == 0 || !strings.Contains(got.Faults[0].Location+got.Faults[0].Detail, "seal") {
			t.Errorf("%s: %+v", bad, got)
		}
	}
}

// Of a thing that was never linked nothing can be told: nothing is recorded, and
// the number of one is not taken for that of another.
func TestAThingThatNobodyKnows(t *testing.T) {
	p := bavet(t)
	visit := "/api/v1/visits/" + p.arrive()
	read[Receipt](t, p.write(visit+"/linked", `{"thing_kind": 1}`), http.StatusOK)
	before, _ := p.node.Seen()
	for _, c := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"/api/v1/posts/bavet/things/2/unlinked", `{}`, 409, "nothing of this number was ever linked"},
		{"/api/v1/posts/bavet/things/4294967295/sealed", `{"seal": "A1"}`, 409, "nothing of this number was ever linked"},
		{"/api/v1/posts/bavet/things/2/unsealed", `{"seal": "A1"}`, 409, "nothing of this number was ever linked"},
		{visit + "/linked", `{"thing": 2}`, 409, "nothing of this number was ever linked"},
		{"/api/v1/posts/bavet/things/4294967297/unlinked", `{}`, 422, "path.thing"}, // of which 1 is a part
		{"/api/v1/posts/bavet/things/9223372036854775807/unlinked", `{}`, 422, "path.thing"},
		{"/api/v1/posts/bavet/things/9223372036854775808/unlinked", `{}`, 422, "path.thing"},
		{"/api/v1/posts/bavet/things/99999999999999999999/unlinked", `{}`, 422, "path.thing"},
		{"/api/v1/posts/bavet/things/0/unlinked", `{}`, 422, "path.thing"},
		{visit + "/linked", `{"thing": 4294967297}`, 422, "body.thing"},
	} {
		got := read[Problem](t, p.write(c.path, c.body), c.status)
		if said := fmt.Sprint(got.Detail, got.Faults); !strings.Contains(said, c.says) || c.status == 409 && got.Code != "unknown-thing" {
			t.Errorf("%s %s: %+v", c.path, c.body, got)
		}
	}
	if after, _ := p.node.Seen(); after != before {
		t.Errorf("%d entries follow", after-before)
	}
	read[Receipt](t, p.write("/api/v1/posts/bavet/things/1/unlinked", `{}`), http.StatusOK)
}
