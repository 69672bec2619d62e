package web

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/gate"
)

// A driver who waits to be called is called out of turn from a form: with a
// reason, to a lane that is kept for it or where there is room.
func TestAnOperatorCallsOutOfTurn(t *testing.T) {
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
	for _, lane := range []string{"Bavet exit lane 1", "Bavet exit lane 2"} {
		order := filled("do", "close-lane", "key", "C"+lane[len(lane)-1:], "reason", "by-operator")
		if got := p.do(t, http.MethodPost, "/places/"+strings.ReplaceAll(lane, " ", "%20"), order); got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d, %s", lane, got.status, got.text)
		}
	}
	arrival := filled("do", "arrived", "key", "A1", "direction", "KH-VN", "vehicle_type", "articulated-truck", "load_state", "laden")
	at := p.do(t, http.MethodPost, "/arrivals", arrival).header.Get("Location")
	visit, _, _ := strings.Cut(at, "?")
	page := p.get(t, visit).text
	for _, words := range []string{"Call out of turn", "where dispatch would call it", "exit lane 1 (closed: only who is called here by name)"} {
		if !strings.Contains(page, words) {
			t.Errorf("%s does not offer %q", visit, words)
		}
	}
	if strings.Contains(page, "exit coach lane (closed") {
		t.Error("a laden truck is offered the lane for coaches and empty trucks")
	}
	for _, c := range []struct {
		key, place, reason string
		status             int
		says               string
	}{
		{"K1", "", "by-officer", http.StatusConflict, "there is no room for it now"},
		{"K2", "Bavet exit coach lane", "by-officer", http.StatusConflict, "it is no lane for this visit"},
		{"K3", "Bavet exit lane 2", "by-officer", http.StatusSeeOther, ""},
		{"K4", "Bavet exit lane 1", "by-officer", http.StatusConflict, "one under call can be called again"},
	} {
		got := p.do(t, http.MethodPost, visit, filled("do", "call", "key", c.key, "place", c.place, "reason", c.reason))
		if got.status != c.status || !strings.Contains(got.text, c.says) {
			t.Errorf("to %q: %d, %s", c.place, got.status, got.text)
		}
	}
	if v := p.visits(t)[0]; v.Phase != gate.PhaseCalled {
		t.Errorf("it is %v", v.Phase)
	}
	page = p.get(t, visit).text
	for _, words := range []string{"Called to Bavet exit lane 2.", "Call again", "by operator"} {
		if !strings.Contains(page, words) {
			t.Errorf("the record lacks %q", words)
		}
	}
}

// Where no lane turns and nobody is called, the post's page says why.
func TestAPostSaysWhatItLacks(t *testing.T) {
	for _, test := range []struct{ scenario, want string }{
		{"bavet-mocbai-2018", "No lane of this post can be turned, and its drivers go forward by themselves"},
		{"bavet-mocbai-mid", "No lane of this post can be turned: "},
	} {
		p := resumeOf(t, test.scenario, 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
		if page := p.get(t, "/post").text; !strings.Contains(page, test.want) {
			t.Errorf("the page of %s lacks %q", test.scenario, test.want)
		}
	}
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
	if page := p.get(t, "/post").text; strings.Contains(page, "go forward by themselves") || strings.Contains(page, "can be turned:") {
		t.Error("a post that lacks nothing says that it does")
	}
}
