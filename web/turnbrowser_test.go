package web

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"landport/border"
	"landport/gate"
	"landport/node"
)

// work opens the board of a post of a scenario at ten in the morning of a
// Monday there, and signs on.
func work(t *testing.T, scenario string) *shift {
	t.Helper()
	p := resumeOf(t, scenario, 0, NodeOptions{Demo: true}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 3, 0, 0, 0, time.UTC))
	b := browse(t, 1440, 900)
	complaints := b.listen(p.URL)
	t.Cleanup(func() {
		for _, complaint := range complaints() {
			t.Error(complaint)
		}
	})
	s := &shift{b, p, t, "desk", beside}
	p.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry}})
	b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
	s.signOn()
	return s
}

// tidal is a lane of Kim Thanh that can be turned.
const tidal = "Kim Thanh export lane 2"

// serving lists the directions that the tidal lane takes now.
func (s *shift) serving() (ways []string) {
	s.t.Helper()
	b, _, err := s.post.node.Board(s.t.Context(), node.Cursor{})
	if err != nil {
		s.t.Fatal(err)
	}
	l := s.post.node.Model().Layout
	for i := range l.Places {
		for d := range l.Directions {
			if l.Places[i].Name == tidal && b.Places[i].Directions>>d&1 != 0 {
				ways = append(ways, l.Directions[d].Exit+"-"+l.Directions[d].Entry)
			}
		}
	}
	return ways
}

// With four lanes side by side the names of their booths are read on a phone.
func TestFourLanesOnAPhone(t *testing.T) {
	p := resumeOf(t, "bavet-mocbai-shift", 0, NodeOptions{}, filepath.Join(t.TempDir(), "ledger.db"), time.Date(2018, 3, 5, 3, 0, 0, 0, time.UTC))
	b := browse(t, 360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".booth")))
	b.boardFits()
	b.picture("lanes-phone.png")
}

// A tidal lane is turned at its panel, and back; the panel offers the other
// direction then.
func TestATidalLaneIsTurnedInABrowser(t *testing.T) {
	s := work(t, "kimthanh-hekou")
	s.open(`a[href="/places/`+strings.ReplaceAll(tidal, " ", "%20")+`"]`, tidal)
	if got := strings.Join(s.serving(), " "); got != "VN-CN" {
		t.Fatalf("the lane takes %s", got)
	}
	s.done(s.act("Turn: entering, from China", "reason", "by-operator"), "gate.lane-turning")
	if got := strings.Join(s.serving(), " "); got != "CN-VN" {
		t.Errorf("turned, the lane takes %s", got)
	}
	s.done(s.act("Turn: leaving, to China", "reason", "weather"), "gate.lane-turning")
	if got := strings.Join(s.serving(), " "); got != "VN-CN" {
		t.Errorf("turned back, the lane takes %s", got)
	}

	// While it is not empty it turns, and that is seen; to stay as it is takes it back.
	drawn := func(class string) string {
		return `[...document.querySelectorAll('[data-place^="` + tidal + `|"]')].every((strip) => strip.classList.contains("` + class + `"))`
	}
	in := slices.IndexFunc(s.post.node.Model().Layout.Places, func(p gate.Place) bool { return p.Name == tidal })
	truck := s.post.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry, Place: gate.PlaceID(in)}}).Reference
	s.until("it is drawn there", `document.querySelector('[data-cell*="`+tidal+`"] [data-reference="`+truck+`"]') !== null`)
	s.done(s.act("Turn: entering, from China", "reason", "by-operator"), "gate.lane-turning")
	s.until("the panel says that it turns", `document.querySelector("#record").innerText.includes("It turns: entering, from China. It takes nobody until")`)
	s.until("the board draws it so", drawn("turning"))
	s.picture("node-turning.png")
	s.done(s.act("Do not turn, stay: leaving, to China", "reason", "mistake"), "gate.lane-turning")
	s.until("the panel says so no more", `!document.querySelector("#record").innerText.includes("It turns")`)
	s.until("nor does the board", "!("+drawn("turning")+")")
	if got := strings.Join(s.serving(), " "); got != "VN-CN" {
		t.Errorf("taken back, the lane takes %s", got)
	}
}

// A driver is called again, and once more; the board goes on. A form that is
// refused is mended and sent again: what it said stands in it.
func TestADriverIsCalledAgainInABrowser(t *testing.T) {
	s := work(t, "bavet-mocbai-shift")
	s.open(`a[href="/arrivals"]`, "Arrivals")
	said := s.act("Arrival", "plate", "???", "direction", s.way(0), "vehicle_type", "coach", "load_state", "unknown", "dossier", "unready", "remark", "red one")
	if !strings.HasPrefix(said, "Not done: ") {
		t.Fatalf("of a plate without a letter it says %q", said)
	}
	s.until("its form is open", `document.querySelector("#record .act[open] [name=remark]")?.value === "red one"`)
	s.done(s.act("Arrival", "plate", "3A-9876"), "gate.arrived")
	if v := s.of(s.heading()); v.Traits != border.Coach || v.Ready || v.Direction != 0 {
		t.Errorf("mended, %s came, ready %v, direction %d", v.Traits, v.Ready, v.Direction)
	}
	calls := func() (count int) {
		rec, _, err := s.post.node.Record(t.Context(), s.heading())
		if err != nil {
			t.Fatal(err)
		}
		for i := range rec.Facts {
			if rec.Facts[i].Kind == gate.Called {
				count++
			}
		}
		return count
	}
	s.open(`a[href="/arrivals"]`, "Arrivals")
	s.done(s.act("Arrival", "plate", "3A-9877", "direction", s.way(0), "vehicle_type", "articulated-truck", "load_state", "empty"), "gate.arrived")
	for before := calls(); before < 3; before++ {
		s.done(s.act("Call again"), "gate.called")
		if got := calls(); got != before+1 {
			t.Fatalf("called %d times after %d", got, before)
		}
	}
	s.done(s.act("Entered"), "gate.entered")
	s.open(`a[href="/post"]`, "Bavet")
}

// A procedure is started; who comes then follows it, and falls back when it is
// suspended with those under way.
func TestAProcedureIsSuspendedInABrowser(t *testing.T) {
	s := work(t, "densavanh-laobao")
	const single, two = "goods VN-LA, single stop", "goods VN-LA, two stops"
	s.open(`a[href="/post"]`, "Densavanh")
	s.done(s.act("Start a procedure", "procedure", single), "gate.procedure-started")
	l := s.post.node.Model().Layout
	follows := func(reference string) string { return l.Procedures[s.of(reference).Procedure].Name }
	lane := slices.IndexFunc(l.Places, func(p gate.Place) bool { return p.Name == "Densavanh entry lane" })
	s.post.command(t, node.Command{Input: gate.Input{Do: gate.CloseLane, Place: gate.PlaceID(lane)}}) // so that who comes waits before it
	arrive := func() string {
		return s.post.command(t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Direction: 1, Traits: lorry | border.Laden}}).Reference
	}
	truck := arrive()
	if got := follows(truck); got != single {
		t.Fatalf("who comes follows %s", got)
	}
	s.done(s.act("Suspend a procedure", "procedure", single, "under-way", "fall-back", "reason", "by-agreement"), "gate.procedure-suspended")
	if got := follows(truck); got != two {
		t.Errorf("who was under way follows %s", got)
	}
	s.do(chromedp.Navigate(s.post.URL+"/visits/"+truck), chromedp.WaitVisible(chromedp.CSS(".facts")))
	if text := eval[string](s.browser, `document.querySelector(".facts").innerText`); !strings.Contains(text, "Its procedure was suspended; it now follows "+two+".") {
		t.Errorf("its record does not say so: %s", text)
	}
	if got := follows(arrive()); got != two {
		t.Errorf("who comes after follows %s", got)
	}
}
