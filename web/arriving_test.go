package web

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// An arrival asserts nothing that nobody chose: direction, vehicle and load have
// to be, and all else begins as not known.
func TestAnArrivalAssertsNothingByItself(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	page := p.get(t, "/arrivals").text
	selects := regexp.MustCompile(`(?s)<select id="[^"]*" name="([^"]*)"( required)?>(.*?)</select>`).FindAllStringSubmatch(page, -1)
	var asked []string
	for _, s := range selects {
		first, _, _ := strings.Cut(s[3], "</option>")
		if s[2] != "" {
			asked = append(asked, s[1])
			if !strings.Contains(first, `value="" selected>choose`) {
				t.Errorf("%s begins with %s", s[1], first)
			}
		} else if !strings.Contains(first, "selected") {
			t.Errorf("%s begins with something else than %s", s[1], first)
		}
		if chosen := strings.Count(s[3], " selected"); chosen != 1 {
			t.Errorf("%s has %d chosen", s[1], chosen)
		}
	}
	slices.Sort(asked)
	if got := strings.Join(slices.Compact(asked), " "); got != "direction load_state vehicle_type" {
		t.Errorf("it asks %s", got)
	}
	if strings.Contains(page, " checked") {
		t.Error("cargo is chosen beforehand")
	}
	form := filled("do", "arrived", "key", "A", "direction", "KH-VN", "vehicle_type", "coach", "load_state", "unknown", "customs_procedure", "", "traffic_right", "", "operator_status", "", "dossier", "ready")
	if got := p.do(t, http.MethodPost, "/arrivals", form); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	if v := p.visits(t)[0]; v.Traits != border.Coach {
		t.Errorf("it came as %s", v.Traits)
	}
}

// Who is ahead stands first among those that are in a place.
func TestThoseInAPlaceAreListedInLine(t *testing.T) {
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 2, 0, 0, 0, time.UTC))
	for i := range 2 {
		p.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: p.place(t, fmt.Sprintf("Bavet exit lane %d", i+1)), Reason: gate.ByOperator}})
	}
	p.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: p.place(t, "Bavet exit coach lane"), Reason: gate.ByOperator}})
	var came []string
	for _, reference := range []string{"", "VN01-0000-1123", ""} {
		in := gate.Input{Do: gate.ObserveArrival, Traits: lorry, Place: p.place(t, "Bavet waiting zone")}
		came = append(came, p.command(t, node.Command{Reference: reference, Input: in}).Reference)
		p.pass(time.Minute)
	}
	page := p.get(t, "/places/Bavet%20waiting%20zone").text
	_, list, _ := strings.Cut(page, "Here now")
	var listed []string
	for _, m := range regexp.MustCompile(`href="/visits/([^"]*)"`).FindAllStringSubmatch(list, -1) {
		listed = append(listed, m[1])
	}
	if !slices.Equal(listed, came) {
		t.Errorf("listed %v, came %v", listed, came)
	}
}

func (p *outpost) place(t *testing.T, name string) gate.PlaceID {
	t.Helper()
	i := slices.IndexFunc(p.node.Model().Layout.Places, func(place gate.Place) bool { return place.Name == name })
	if i < 0 {
		t.Fatalf("no place %q", name)
	}
	return gate.PlaceID(i)
}

// A lane that turns says so, and why it takes nobody; what is offered is to let
// it stay as it is.
func TestALaneThatTurnsSaysSo(t *testing.T) {
	p := resumeOf(t, "kimthanh-hekou", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 3, 0, 0, 0, time.UTC))
	const words = "It turns: entering, from China. It takes nobody until everybody has left who is in it or was called to it."
	p.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden, Place: p.place(t, tidal)}})
	at := "/places/" + strings.ReplaceAll(tidal, " ", "%20")
	turn := func(key, to string) {
		t.Helper()
		if got := p.do(t, http.MethodPost, at, filled("do", "turn-lane", "key", key, "direction", to, "reason", "by-operator")); got.status != http.StatusSeeOther {
			t.Fatalf("%d: %s", got.status, got.text)
		}
	}
	says := func(when string, turning bool) {
		t.Helper()
		page := p.get(t, at).text
		if strings.Contains(page, words) != turning || strings.Contains(page, "<summary>Do not turn, stay: leaving, to China</summary>") != turning || strings.Contains(page, "<summary>Turn: entering, from China</summary>") == turning {
			t.Errorf("%s: the panel", when)
		}
		strips := regexp.MustCompile(`class="strip lane[^"]* turning" data-place="`+tidal+`\|`).FindAllString(p.get(t, "/").text, -1)
		if len(strips) != map[bool]int{true: 2}[turning] {
			t.Errorf("%s: the board draws %d strips that turn", when, len(strips))
		}
	}
	says("before", false)
	turn("T1", "CN-VN")
	says("turning", true)
	turn("T2", "VN-CN")
	says("taken back", false)
}

// A refusal says beforehand that it is final, and the record does not give two
// reasons for it.
func TestARefusalSaysThatItIsFinal(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, lane := range []string{"Bavet exit lane 1", "Bavet exit lane 2"} { // so that it waits
		p.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: p.place(t, lane), Reason: gate.ByOperator}})
	}
	at := "/visits/" + p.truck(t, "")
	page := p.get(t, at).text
	for _, words := range []string{"It leaves the way it came, and this visit is over at once. Who comes back arrives anew.", `name="over" value="yes" required`, "hold it first if it is to stay"} {
		if !strings.Contains(page, words) {
			t.Errorf("the forms lack %q", words)
		}
	}
	if got := p.do(t, http.MethodPost, at, filled("do", "refuse", "key", "R", "reason", "documents", "over", "yes")); got.status != http.StatusSeeOther {
		t.Fatalf("%d: %s", got.status, got.text)
	}
	_, facts, _ := strings.Cut(p.get(t, at).text, `class="facts"`)
	if !strings.Contains(facts, "Refused: documents.") || !strings.Contains(facts, "Turned back, as it was refused.") || strings.Contains(facts, "n officer ordered it") {
		t.Errorf("the record: %s", facts)
	}
}
