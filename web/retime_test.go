package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// An operator corrects when a visit that has left had come; its page tells both
// times, who corrected it and why.
func TestATimeIsCorrectedOnThePage(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	a := p.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: border.Car}})
	p.command(t, node.Command{Reference: a.Reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	rec, _, err := p.node.Record(t.Context(), a.Reference)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rec.Facts, func(e node.Entry) bool { return e.Kind == gate.Arrived })
	page, seq := visitAddress(a.Reference), fmt.Sprint(rec.Facts[i].Sequence)
	if text := p.get(t, page).text; !strings.Contains(text, `<option value="`+seq+`">5 Mar 07:00:00 Arrived at `) || strings.Contains(text, "<del>") {
		t.Error("the page does not offer to correct when it arrived")
	}
	correct := func(key, fact, at, why string) answer {
		return p.do(t, http.MethodPost, page, filled("do", "correct-time", "key", key, "fact", fact, "time", at, "reason", why, "remark", "read off the receipt"))
	}
	if got := correct("A", seq, "2018-03-05T06:15", "mistake"); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	text := p.get(t, page).text
	for _, want := range []string{
		"<time>06:15:00</time>", "<del>07:00:00</del>", "The time of No. " + seq + " was corrected to 5 Mar 06:15:00; it had been 5 Mar 07:00:00: a mistake.",
		"by operator", "read off the receipt",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for i, test := range []struct{ fact, at, why, want string }{
		{"", "2018-03-05T06:10:00", "mistake", "choose which time is wrong"},
		{seq, "yesterday", "mistake", "is not a day and a clock such as 2018-03-05T08:30:00"},
		{seq, "2018-03-05T06:10:00", "", "say why the time is corrected"},
		{seq, "2018-03-07T06:10:00", "mistake", "can be of "},
		{"9999", "2018-03-05T06:10:00", "mistake", "is no fact of this visit"},
	} {
		if got := correct(fmt.Sprint("B", i), test.fact, test.at, test.why); got.status < 400 || !strings.Contains(got.text, test.want) {
			t.Errorf("%+v: %d, not %q", test, got.status, test.want)
		}
	}
}
