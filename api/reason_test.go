package api

import (
	"net/http"
	"strings"
	"testing"
)

// Who keeps, moves or turns away a visit, or changes the post for all who come,
// says why; devices that observe need not.
func TestEveryActSaysWhy(t *testing.T) {
	p := bavet(t)
	visit, post := "/api/v1/visits/"+p.arrive()+"/", "/api/v1/posts/bavet/"
	before, _ := p.node.Seen()
	for _, c := range []struct{ path, body string }{
		{visit + "hold", `{"formalities": ["export KH"]}`},
		{visit + "hold", ``},
		{visit + "refuse", `{}`},
		{visit + "move", `{"place": "Bavet exit lane 2"}`},
		{visit + "correct", `{"plate": "2A-9999"}`},
		{visit + "gone", ``},
		{post + "lanes/Bavet%20exit%20lane%201/close", ``},
		{post + "lanes/Bavet%20exit%20lane%201/turn", `{"direction": "VN-KH"}`},
		{post + "close", `{}`},
		{post + "reopen", ``},
		{post + "policy", `{"policy": "first come, first served"}`},
		{post + "hours", `{"opening": "Bavet", "day": "2018-03-05"}`},
	} {
		status, code := http.StatusUnprocessableEntity, codeInvalid
		if c.body == "" {
			status, code = http.StatusBadRequest, codeUnreadable
		}
		if got := read[Problem](t, p.write(c.path, c.body), status); got.Code != code || !strings.Contains(got.Detail, "say why") ||
			!strings.Contains(got.Detail, "documents, examination, security") || got.Faults[0].Location != "body.reason" {
			t.Errorf("%s %s: %+v", c.path, c.body, got)
		}
	}
	if after, _ := p.node.Seen(); after != before {
		t.Error("something was recorded without a reason")
	}
	read[Receipt](t, p.write(visit+"hold", `{"reason": "documents"}`), http.StatusOK)
	read[Receipt](t, p.write(visit+"seen", `{"place": "Bavet exit lane 2"}`), http.StatusOK)
}

// The document requires a reason wherever the gate does.
func TestTheDocumentSaysWhatNeedsAReason(t *testing.T) {
	for _, r := range append(observationRows[:], orderRows[:]...) {
		if strings.Contains(r.takes, "reason!") != r.do.NeedsReason() {
			t.Errorf("%s takes %q", r.do, r.takes)
		}
	}
}
