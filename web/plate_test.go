package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// Whoever comes under a plate that is here already is shown with the other, and
// a search asks which is meant.
func TestAPlateThatIsHereTwiceIsSaid(t *testing.T) {
	const said = "The same plate is announced or here more than once"
	p := keep(t, 0, NodeOptions{})
	first := p.truck(t, "2A 1234")
	if page := p.get(t, "/visits/"+first).text; strings.Contains(page, said) {
		t.Error("one alone is said to be there twice")
	}
	got := p.do(t, http.MethodPost, "/arrivals", filled("do", "arrived", "key", "second", "direction", "KH-VN", "plate", "2a.1234", "vehicle_type", "articulated-truck", "load_state", "laden"))
	if got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.text)
	}
	second, _, _ := strings.Cut(got.header.Get("Location"), "?")
	for _, test := range []struct{ at, other string }{{second, "/visits/" + first}, {"/visits/" + first, second}} {
		if page := p.get(t, test.at).text; !strings.Contains(page, said) || !strings.Contains(page, `href="`+test.other+`"`) {
			t.Errorf("%s does not lead to %s", test.at, test.other)
		}
	}
	found := p.get(t, "/find?q=2A-1234")
	if found.status != http.StatusOK || !strings.Contains(found.text, `href="/visits/`+first+`"`) || !strings.Contains(found.text, `href="`+second+`"`) {
		t.Errorf("a search finds %d %s", found.status, found.text)
	}
	if err := wellFormed(found.text); err != nil {
		t.Error(err)
	}
	p.do(t, http.MethodPost, "/visits/"+first, filled("do", "gone", "key", "third", "reason", "mistake"))
	if page := p.get(t, second).text; strings.Contains(page, said) {
		t.Error("one alone is said to be there twice after the other left")
	}
}

// A plate that was misread is corrected by itself, and the vehicle found by the
// new one in any spelling.
func TestAPlateIsCorrected(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit := "/visits/" + p.truck(t, "3A-1234")
	for _, of := range []string{"", "laden"} {
		p.done++
		plate := fmt.Sprint("3A-777", p.done)
		form := filled("do", "correct", "key", plate, "plate", plate, "load_state", of, "reason", "mistake")
		if got := p.do(t, http.MethodPost, visit, form); got.status != http.StatusSeeOther {
			t.Fatalf("%d %s", got.status, got.text)
		}
		if page := p.get(t, visit).text; !strings.Contains(page, plate) || !strings.Contains(page, "laden articulated truck") {
			t.Error("the record does not show the vehicle under its new plate")
		}
		spelt := strings.ToLower(strings.ReplaceAll(plate, "-", " "))
		if got := p.get(t, "/find?q="+url.QueryEscape(spelt)); got.header.Get("Location") != visit {
			t.Errorf("%s is not found by %q: %d", visit, spelt, got.status)
		}
	}
	if got := p.get(t, "/find?q=3A-1234"); got.status != http.StatusNotFound {
		t.Errorf("by the plate that was wrong: %d", got.status)
	}
	if size := p.size(t); p.do(t, http.MethodPost, visit, filled("do", "correct", "key", "none", "reason", "mistake")).status != http.StatusUnprocessableEntity || p.size(t) != size {
		t.Error("a correction of nothing was taken")
	}
}

// An erased remark or plate is told as such; facts and proofs stand.
func TestErasedValues(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit := p.truck(t, "3A-1234")
	p.do(t, http.MethodPost, "/visits/"+visit, filled("do", "hold", "key", "1", "reason", "by-officer", "remark", "Sok was rude"))
	if page := p.get(t, "/visits/"+visit).text; !strings.Contains(page, "Sok was rude") || !strings.Contains(page, "3A-1234") {
		t.Fatal("the record lacks what operators may see")
	}
	if _, err := p.node.Ledger().EraseBefore(t.Context(), "", border.Never); err != nil {
		t.Fatal(err)
	}
	page := p.get(t, "/visits/"+visit).text
	if strings.Contains(page, "Sok") || strings.Contains(page, "3A-1234") || strings.Count(page, "erased") != 3 || !strings.Contains(page, "/api/v1/ledger/proofs/") {
		t.Error("the record does not tell what was erased")
	}
}

// A plate finds who left, too: one visit at once, of several all, the latest first.
func TestAPlateFindsWhoLeft(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	first := p.truck(t, "3A-0204")
	p.do(t, http.MethodPost, "/visits/"+first, filled("do", "gone", "key", "g1", "reason", "by-driver"))
	if got := p.get(t, "/find?q=3a0204"); got.header.Get("Location") != "/visits/"+first {
		t.Errorf("who left is not found: %d %s", got.status, got.text)
	}
	second := p.truck(t, "3A-0204")
	page := p.get(t, "/find?q=3A-0204").text
	if a, b := strings.Index(page, "/visits/"+second), strings.Index(page, "/visits/"+first); a < 0 || b < a || !strings.Contains(page, "left on") {
		t.Errorf("the list is %s", page)
	}
	if err := wellFormed(page); err != nil {
		t.Error(err)
	}
}

// The record of a visit that has left offers what can still be done about it: a
// remark, and its plate put right.
func TestARecordOfAVisitThatLeftCanBeAmended(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	reference := p.truck(t, "2A-1111")
	path := "/visits/" + reference
	p.command(t, node.Command{Reference: reference, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	offered := p.get(t, path).text
	for _, want := range []string{`value="note"`, `value="correct"`, `name="plate"`} {
		if !strings.Contains(offered, want) {
			t.Errorf("its record offers no %s", want)
		}
	}
	for _, no := range []string{`value="hold"`, `value="move"`, `name="vehicle_type"`} {
		if strings.Contains(offered, no) {
			t.Errorf("its record offers %s", no)
		}
	}
	p.do(t, http.MethodPost, path, filled("do", "note", "key", "N1", "remark", "seen on the camera"))
	p.do(t, http.MethodPost, path, filled("do", "correct", "key", "C1", "plate", "9Z-9999", "reason", "mistake"))
	page := p.get(t, path).text
	for _, want := range []string{"seen on the camera", "Plate corrected to 9Z-9999.", "Noted: a mistake."} {
		if !strings.Contains(page, want) {
			t.Errorf("its record does not say %q: %s", want, page)
		}
	}
	if hold := p.do(t, http.MethodPost, path, filled("do", "hold", "key", "H1", "reason", "documents")); hold.status != http.StatusConflict || !strings.Contains(hold.text, "the visit has left") {
		t.Errorf("a hold is answered %d %s", hold.status, hold.text)
	}
}

// Nobody can be told apart by what has no letter and no digit: it is not taken for
// a plate, and finds nobody.
func TestWhatIsNoPlate(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	visit, size := "/visits/"+p.truck(t, "7A-7777"), p.size(t)
	for i, plate := range []string{"?", "...", "😀"} {
		arrived := filled("do", "arrived", "key", fmt.Sprint("A", i), "plate", plate, "direction", "KH-VN", "load_state", "laden")
		corrected := filled("do", "correct", "key", fmt.Sprint("C", i), "plate", plate, "reason", "mistake")
		for _, got := range []answer{p.do(t, http.MethodPost, "/arrivals", arrived), p.do(t, http.MethodPost, visit, corrected)} {
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, "Not done: plate: it has no letter and no digit; leave it out if it cannot be read, and say so in a remark.") {
				t.Errorf("%q: %d %s", plate, got.status, got.text)
			}
		}
		if got := p.get(t, "/find?q="+url.QueryEscape(plate)); got.status != http.StatusNotFound || !strings.Contains(got.text, "Nobody is found by a plate without a letter or a digit") {
			t.Errorf("%q finds %d %s", plate, got.status, got.text)
		}
	}
	if p.size(t) != size {
		t.Error("something was recorded")
	}
}

// Who comes under the reference of a visit that is over has a record of its own;
// each leads to the other, and the list of what to look into to the latter.
func TestRecordsOfAReferenceThatWasClaimed(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	first := p.truck(t, "7A-7777")
	p.do(t, http.MethodPost, "/visits/"+first, filled("do", "gone", "key", "g1", "reason", "by-driver"))
	p.do(t, http.MethodPost, "/visits/"+first, filled("do", "served", "key", "s1"))
	got := p.do(t, http.MethodPost, "/arrivals", filled("do", "arrived", "key", "a1", "direction", "KH-VN", "reference", first, "vehicle_type", "articulated-truck", "load_state", "laden"))
	again, _, _ := strings.Cut(strings.TrimPrefix(got.header.Get("Location"), "/visits/"), "?")
	if got.status != http.StatusSeeOther || again == first {
		t.Fatalf("%d, at %q: %s", got.status, again, got.text)
	}
	for _, test := range []struct{ at, says, leads string }{
		{"/visits/" + first, "7A-7777", "/visits/" + again}, {"/visits/" + again, "the reference of another visit", "/visits/" + first},
		{"/look", "It claimed " + first, "/visits/" + again}, {"/look", "Was reported after it had left", "/visits/" + first},
	} {
		page := p.get(t, test.at).text
		if !strings.Contains(page, test.says) || !strings.Contains(page, `href="`+test.leads+`"`) {
			t.Errorf("%s does not say %q or does not lead to %s", test.at, test.says, test.leads)
		}
		if err := wellFormed(page); err != nil {
			t.Error(err)
		}
	}
}
