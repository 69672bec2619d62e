package web

import (
	"net/http"
	"strings"
	"testing"

	"landport/gate"
	"landport/node"
)

// keepWaiting closes the lanes, so that trucks wait.
func (p *outpost) keepWaiting(t *testing.T) {
	t.Helper()
	for _, lane := range []string{"Bavet exit lane 1", "Bavet exit lane 2"} {
		p.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: p.place(t, lane), Reason: gate.ByOperator}})
	}
}

// What ends a visit has to be meant: a form that comes without the tick that says
// so comes back as it was filled in, whatever sent it. A program that orders it
// means it.
func TestWhatEndsAVisitIsAskedAgain(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.keepWaiting(t)
	for _, do := range []string{"refuse", "cancel-export"} {
		visit := p.truck(t, "")
		at, size := "/visits/"+visit, p.size(t)
		for _, over := range []string{"", "no"} {
			got := p.do(t, http.MethodPost, at, filled("do", do, "key", do+over, "reason", "documents", "remark", "papers", "over", over))
			if got.status != http.StatusUnprocessableEntity || p.size(t) != size {
				t.Fatalf("%s, over %q: %d, with %d entries after %d", do, over, got.status, p.size(t), size)
			}
			if !strings.Contains(got.text, "Not done: tick that it is meant: it leaves the way it came, and this visit is over at once.") {
				t.Errorf("%s does not ask again: %s", do, got.text)
			}
			if open := openForms(got.text); len(open) != 1 || !strings.Contains(open[0], `value="`+do+`"`) || !strings.Contains(open[0], `name="over" value="yes" required`) || !strings.Contains(open[0], `value="papers"`) {
				t.Errorf("%s: its form does not stand open as it was filled in: %v", do, open)
			}
		}
		if got := p.do(t, http.MethodPost, at, filled("do", do, "key", do+"3", "reason", "documents", "over", "yes")); got.status != http.StatusSeeOther {
			t.Errorf("%s, ticked: %d %s", do, got.status, got.text)
		}
		again := p.truck(t, "")
		if a := p.command(t, node.Command{Reference: again, Input: gate.Input{Do: gate.Refuse, Reason: gate.Documents}}); a.Refusal != "" {
			t.Errorf("a program is refused: %s", a.Detail)
		}
	}
}

// Screens have one name for what the API calls break-glass.
func TestAnEmergencyHasOneNameOnScreens(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.keepWaiting(t)
	at := "/visits/" + p.truck(t, "")
	got := p.do(t, http.MethodPost, at, filled("do", "move", "key", "M", "place", "Bavet passenger hall", "reason", "by-officer")).text
	if !strings.Contains(got, "in an emergency, given as the reason, it is moved all the same") || !strings.Contains(got, `<option value="break-glass">An emergency</option>`) {
		t.Error("the refusal does not name an emergency as the list of reasons does")
	}
	if rest := strings.ReplaceAll(got, `value="break-glass"`, ""); strings.Contains(rest, "break-glass") {
		t.Error("the code is shown")
	}
}
