package web

import (
	"net/http"
	"strings"
	"testing"

	"landport/gate"
	"landport/node"
)

// Who reports an arrival is told what became of it: a visit of its own under
// another reference than it brought, or one that is here already.
func TestWhatBecameOfAnArrival(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	here := p.truck(t, "2A-1111")
	left := p.truck(t, "2A-2222")
	p.command(t, node.Command{Reference: left, Input: gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}})
	for _, test := range []struct{ name, reference, plate, vehicle, want string }{
		{"another vehicle", here, "9Z-9999", "rigid-truck", "as a visit of its own: the reference " + here + " is that of another vehicle, which is announced or here"},
		{"a visit that is over", left, "2A-2222", "articulated-truck", "as a visit of its own: the reference " + left + " is that of a visit that is over"},
		{"never given", "KH01-0000-9727", "8A-8888", "articulated-truck", "as a visit of its own: the reference KH01-0000-9727 was never given"},
		{"the same", here, "2a 1111", "articulated-truck", "This vehicle is here already, so nobody new came."},
		{"new", "", "3A-3333", "articulated-truck", "Done, recorded under No. "},
	} {
		form := filled("do", "arrived", "key", test.name, "plate", test.plate, "reference", test.reference, "direction", "KH-VN", "load_state", "laden", "vehicle_type", test.vehicle)
		form.Set("key", strings.ReplaceAll(test.name, " ", "-"))
		without := p.do(t, http.MethodPost, "/arrivals", form)
		if without.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", test.name, without.status, without.text)
		}
		page := p.get(t, without.header.Get("Location"))
		if !strings.Contains(page.text, test.want) || !strings.Contains(strings.ToLower(page.text), strings.ToLower(test.plate)) && test.name != "the same" {
			t.Errorf("%s: %s does not say %q", test.name, without.header.Get("Location"), test.want)
		}
		if test.name != "new" && strings.Contains(page.text, "Done, recorded") {
			t.Errorf("%s: said to be done", test.name)
		}
	}
	if page := p.get(t, "/visits/"+here).text; !strings.Contains(page, "Somebody else came under its reference: ") {
		t.Errorf("its record does not tell of who came under its reference")
	} else if !strings.Contains(page, "Out of the ordinary: it was not expected, told as laden articulated truck.") {
		t.Errorf("its record does not tell what was told of it again")
	}
	if page := p.get(t, "/visits/"+here+"?recorded=1&anomaly=in-use&claimed=OTHERS").text; strings.Contains(page, "OTHERS") {
		t.Error("an address is taken at its word")
	}
}
