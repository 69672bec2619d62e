package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"landport/gate"
	"landport/node"
)

// A shift on pages of their own, as links, bookmarks and Find lead to them:
// what is pressed there is done and said, with and without scripts.
func TestAShiftOnPagesOfTheirOwn(t *testing.T) {
	for _, test := range []struct {
		name          string
		width, height int64
		scriptless    bool
		options       []chromedp.EmulateViewportOption
	}{
		{"desk", 1440, 900, false, nil},
		{"phone", 390, 844, false, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}},
		{"without scripts", 1440, 900, true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := keep(t, 0, NodeOptions{Demo: true})
			truck := p.truck(t, "2A-1111")
			for len(p.odd(t)) < oddMost+3 { // more than stand beside the board
				p.command(t, node.Command{Reference: truck, Input: gate.Input{Do: gate.ObserveServed}})
			}
			b := browse(t, test.width, test.height, test.options...)
			complaints := b.listen(p.URL)
			if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: test.scriptless}); err != nil {
				t.Fatal(err)
			}
			b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
			s := &shift{b, p, t, "pages-" + test.name, onItsOwn}
			s.signOn()
			s.found(truck)
			s.pages()
			s.settles()
			for _, complaint := range complaints() {
				if !strings.HasSuffix(complaint, "(Unprocessable Entity) "+p.URL+"/arrivals") { // of the bad reference
					t.Error(complaint)
				}
			}
		})
	}
}

// found: who looks for a plate comes to the visit, holds it and releases it.
func (s *shift) found(reference string) {
	s.t.Helper()
	s.do(chromedp.SetValue(chromedp.CSS("#q"), "2A-1111"), chromedp.Click(chromedp.CSS(".find button")), chromedp.WaitVisible(chromedp.CSS(".sheet")))
	s.until("its page opens", `location.pathname === `+quote(visitAddress(reference)))
	s.done(s.act("Hold", "reason", "documents", "remark", "no permit seen"), "gate.held")
	s.until("its page says so", `document.querySelector(".sheet .flag")?.textContent.includes("held by an agency")`)
	s.boardFits()
	s.picture("page-record-" + s.screen + ".png")
	if !s.of(reference).Held {
		s.t.Error("it is not held")
	}
	s.done(s.act("Release hold"), "gate.unheld")
	if s.of(reference).Held {
		s.t.Error("it is held still")
	}
}

// pages: an arrival, a lane and the post, each opened by its address.
func (s *shift) pages() {
	s.t.Helper()
	to := func(path string) {
		s.t.Helper()
		s.do(chromedp.Navigate(s.post.URL+path), chromedp.WaitVisible(chromedp.CSS(".sheet")))
		s.boardFits()
	}
	to("/arrivals")
	s.picture("page-arrivals-" + s.screen + ".png")
	s.done(s.act("Arrival", "plate", "3A-9876", "direction", s.way(0), "vehicle_type", "articulated-truck", "load_state", "laden"), "gate.arrived")
	if plate := eval[string](s.browser, `document.querySelector(".numberplate").textContent`); plate != "3A-9876" {
		s.t.Errorf("the page after its arrival shows the plate %q", plate)
	}
	to("/arrivals")
	if said := s.act("Arrival", "plate", "3A-9877", "direction", s.way(1), "vehicle_type", "coach", "load_state", "unknown", "reference", "nonsense"); !strings.HasPrefix(said, "Not done: the reference") {
		s.t.Errorf("of a bad reference the page says %q", said)
	}
	s.done(s.act("Arrival", "reference", ""), "gate.arrived") // the form stands as it was filled in
	if said := eval[string](s.browser, `document.querySelector("h1 ~ *:not(.said)").parentElement.innerText`); !strings.Contains(said, "3A-9877") || !strings.Contains(strings.ToLower(said), "coach") {
		s.t.Errorf("tried again, another vehicle came: %s", said)
	}
	lane := s.post.node.Post() + " exit lane 2"
	to("/places/" + url.PathEscape(lane))
	s.done(s.act("Close", "reason", "breakdown"), "gate.lane-closed")
	s.done(s.act("Open"), "gate.lane-opened")
	to("/post")
	s.done(s.act("Close the post", "reason", "weather"), "gate.post-closed")
	s.until("the page says so", `document.querySelector(".sheet .hours").textContent.includes("closed by order")`)
	s.done(s.act("Open the post again", "reason", "by-operator"), "gate.post-reopened")
}

// settles: the page of what to look into has the older ones, too, and settles
// them.
func (s *shift) settles() {
	s.t.Helper()
	before := len(s.post.odd(s.t))
	if before <= oddMost {
		s.t.Fatalf("%d anomalies all stand beside the board", before)
	}
	s.do(chromedp.Navigate(s.post.URL), chromedp.WaitVisible(chromedp.CSS(".oddities")))
	eval[bool](s.browser, `[...document.querySelectorAll("#look a")].find((a) => a.textContent === "and `+fmt.Sprint(before-oddMost)+` older").click(), true`)
	s.until("the page has all", fmt.Sprintf(`document.querySelectorAll(".sheet .oddities li").length === %d`, before))
	s.picture("page-look-" + s.screen + ".png")
	for left := before - 1; left >= before-2; left-- {
		eval[bool](s.browser, `(() => {
			const oldest = [...document.querySelectorAll(".sheet .oddities li")].at(-1);
			oldest.querySelector("details").open = true;
			oldest.querySelector("[name=remark]").value = "seen to";
			oldest.querySelector("form button").click();
			return true;
		})()`)
		s.until("it is gone from the page", fmt.Sprintf(`document.querySelectorAll(".sheet .oddities li").length === %d`, left))
		s.until("the page says so", `location.pathname === "/look" && document.querySelector(".sheet .said").textContent.startsWith("Done, recorded under No. ")`)
	}
	if left := len(s.post.odd(s.t)); left != before-2 {
		s.t.Errorf("%d are left of %d", left, before)
	}
}
