package web

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What traffic a lane takes is set in a form; the board, the lane's page, the
// journal and the API tell it as it is now.
func TestALaneTakesOtherTraffic(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	const lane = "/places/Bavet%20exit%20lane%201"
	takes := func(key string, change ...string) url.Values {
		form := url.Values{"do": {"set-accepts"}, "key": {key}, "reason": {"by-agreement"}}
		fields := append([]string{
			"takes-vehicle_type", "rigid-truck articulated-truck", "takes-load_state", "empty part-loaded laden",
			"takes-customs_procedure", "no-goods home-use transit temporary-admission outright",
			"takes-traffic_right", "bilateral-permit corridor-permit border-pass local-only no-permit-needed", "takes-operator_status", "regular authorised",
		}, change...)
		for i := 0; i < len(fields); i += 2 {
			form[fields[i]] = strings.Fields(fields[i+1])
		}
		return form
	}
	if got := p.do(t, http.MethodPost, lane, takes("A", "takes-load_state", "empty", "cargo-refused", "dangerous")); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	for _, test := range []struct{ path, want string }{
		{lane, "Takes empty rigid truck or articulated truck, no cargo that is dangerous."},
		{"/", "empty trucks no dangerous"},
		{"/post", "Bavet exit lane 1 takes empty rigid truck or articulated truck, no cargo that is dangerous."},
	} {
		if page := p.get(t, test.path).text; !strings.Contains(page, test.want) {
			t.Errorf("%s does not say %q", test.path, test.want)
		}
	}
	for _, test := range []struct {
		form url.Values
		want string
	}{
		{takes("B", "takes-vehicle_type", ""), "choose at least one under Vehicle"},
		{takes("C", "cargo-required", "live-animals", "cargo-refused", "live-animals"), "live animals cannot be both required and refused"},
		{takes("D", "takes-load_state", "coach"), `Load takes empty part loaded laden, not "coach"`},
		{takes("E", "takes-load_state", "empty", "cargo-refused", "dangerous"), "it is so already"},
	} {
		if got := p.do(t, http.MethodPost, lane, test.form); got.status < 400 || !strings.Contains(strings.ReplaceAll(got.text, "&#34;", `"`), test.want) {
			t.Errorf("%v: %d, not %q", test.form, got.status, test.want)
		}
	}
}

// How many a place takes is set in a form, and told as it is now.
func TestAPlaceTakesFewer(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	const lane = "/places/Bavet%20exit%20lane%201"
	if got := p.do(t, http.MethodPost, lane, filled("do", "set-capacity", "key", "A", "capacity", "1", "reason", "breakdown")); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	if page := p.get(t, lane).text; !strings.Contains(page, "room for 1") {
		t.Error("the lane does not say that it has room for one")
	}
	for _, capacity := range []string{"0", "many", "-1", "99999999999999999999"} {
		if got := p.do(t, http.MethodPost, lane, filled("do", "set-capacity", "key", "B"+capacity, "capacity", capacity, "reason", "breakdown")); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, "is not a number of vehicles") {
			t.Errorf("%s: %d %s", capacity, got.status, got.text)
		}
	}
}

// A lane for several kinds of vehicle names them all.
func TestALaneForCoachesAndEmptyTrucksSaysSo(t *testing.T) {
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
	if page, want := p.get(t, "/").text, "empty, part loaded trucks, coach"; !strings.Contains(page, want) {
		t.Errorf("the board does not say %q", want)
	}
}
