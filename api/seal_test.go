package api

import (
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
