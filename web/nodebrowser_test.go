package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
)

// A shift at each post: what an operator does on the board stands in the ledger
// under the operator's name.
func TestAShiftInABrowser(t *testing.T) {
	for _, screen := range []struct {
		name          string
		post          gate.PostID
		width, height int64
		options       []chromedp.EmulateViewportOption
	}{
		{"desk", 0, 1440, 900, nil},
		{"phone", 1, 390, 844, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}},
	} {
		t.Run(screen.name, func(t *testing.T) {
			p := keep(t, screen.post, NodeOptions{Demo: true, Neighbour: "http://neighbour.example/"})
			p.trade(t, 2*time.Hour)
			b := browse(t, screen.width, screen.height, screen.options...)
			complaints := b.listen(p.URL)
			b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
			s := &shift{b, p, t, screen.name, beside}
			s.signOn()
			b.picture("node-" + screen.name + ".png")
			b.boardFits()
			s.vehicles()
			s.lanes()
			s.wholePost()
			s.oddities()
			s.byKeyboard()
			b.do(chromedp.Navigate(p.URL+"/public"), chromedp.WaitVisible(chromedp.CSS(".bulletin")))
			b.boardFits()
			b.picture("drivers-" + screen.name + ".png")
			s.study()
			for _, complaint := range complaints() {
				t.Error(complaint)
			}
		})
	}
}

type shift struct {
	*browser
	post   *outpost
	t      *testing.T
	screen string
	home   string // of the panel worked in: a CSS selector
}

// Homes of panels.
const (
	beside   = "#record" // the board
	onItsOwn = ".sheet"  // page
)

// signOn has the operator go by booth-3.
func (s *shift) signOn() {
	s.t.Helper()
	const name = "booth-3"
	s.do(chromedp.SetValue(chromedp.CSS("#operator"), name), chromedp.Click(chromedp.CSS(".operator button")))
	s.until("the page knows who acts", `document.getElementById("operator")?.defaultValue === `+quote(name))
	s.do(chromedp.WaitVisible(chromedp.CSS(".vehicle")))
}

// open opens a panel by its address as a link of the page does.
func (s *shift) open(selector, heading string) {
	s.t.Helper()
	s.until(selector+" is there", `document.querySelector(`+quote(selector)+`) !== null`)
	eval[bool](s.browser, `document.querySelector(`+quote(selector)+`).click(), true`)
	s.until(heading+" opens", `!document.getElementById("record").hidden && document.querySelector("#record h1")?.textContent === `+quote(heading))
}

// act fills in the form of an act in the panel and sends it; fields are names
// and values. It returns what the page then says.
func (s *shift) act(label string, fields ...string) string {
	s.t.Helper()
	const find = `[...document.querySelectorAll("%s .act")].find((d) => d.querySelector("summary").textContent === %q)`
	act := fmt.Sprintf(find, s.home, label)
	s.until(label+" is offered", act+` !== undefined`)
	if s.home == beside {
		s.until("the script has the form", act+`.querySelector("form")["htmx-internal-data"] !== undefined`)
	}
	eval[bool](s.browser, act+`.open = true`)
	for i := 0; i < len(fields); i += 2 {
		eval[bool](s.browser, fmt.Sprintf(`((d) => {
			const choice = d.querySelector('[type=radio][name="%[2]s"][value="%[3]s"], [type=checkbox][name="%[2]s"][value="%[3]s"]');
			if (choice) choice.checked = true;
			else d.querySelector('[name="%[2]s"]').value = "%[3]s";
			return true;
		})(%[1]s)`, act, fields[i], fields[i+1]))
	}
	key := eval[string](s.browser, act+`.querySelector("[name=key]").value`)
	if wrong := eval[string](s.browser, `[...`+act+`.querySelector("form").elements].find((e) => !e.checkValidity())?.outerHTML ?? ""`); wrong != "" {
		s.t.Fatalf("the browser does not send %s: %s", label, wrong)
	}
	eval[bool](s.browser, act+`.querySelector("form button").click(), true`)
	s.until(label+" is answered", fmt.Sprintf(`!document.querySelector("%[1]s .said").hidden && !document.querySelector('%[1]s [value="%[2]s"]')`, s.home, key))
	return s.said()
}

// done checks that an act was recorded as a kind of entry by this operator, and
// returns the entry.
func (s *shift) done(said, kind string) ledger.Entry {
	s.t.Helper()
	var seq int64
	if _, err := fmt.Sscanf(said, "Done, recorded under No. %d.", &seq); err != nil {
		s.t.Fatalf("the page says %q", said)
	}
	entries, err := s.post.node.Ledger().Entries(s.t.Context(), seq-1, 1)
	if err != nil || len(entries) == 0 {
		s.t.Fatalf("entry %d: %v", seq, err)
	}
	if e := entries[0]; e.Kind != kind || e.Actor != "booth-3" {
		s.t.Errorf("entry %d is %s by %q, not %s by booth-3: %s", seq, e.Kind, e.Actor, kind, e.Data)
	}
	return entries[0]
}

// way names a direction of the post as forms do.
func (s *shift) way(d int) string {
	w := s.post.node.Model().Layout.Directions[d]
	return w.Exit + "-" + w.Entry
}

// said is what the panel says of the latest act.
func (s *shift) said() string {
	s.t.Helper()
	return eval[string](s.browser, `document.querySelector("`+s.home+` .said").textContent`)
}

func (s *shift) heading() string {
	return eval[string](s.browser, `document.querySelector("`+s.home+` h1").textContent`)
}

// of returns a visit by its reference.
func (s *shift) of(reference string) node.Visit {
	s.t.Helper()
	for _, v := range s.post.visits(s.t) {
		if v.Reference == reference {
			return v
		}
	}
	s.t.Fatalf("%s is not here", reference)
	return node.Visit{}
}

func (s *shift) vehicles() {
	s.t.Helper()
	l := s.post.node.Model().Layout
	s.open(`a[href="/arrivals"]`, "Arrivals")
	s.done(s.act("Announcement", "plate", "51C-1234", "direction", s.way(0), "vehicle_type", "articulated-truck", "load_state", "laden"), "gate.announced")
	expected := s.heading()
	if v := s.of(expected); v.Phase != gate.PhaseAnnounced || v.Plate == "" {
		s.t.Errorf("announced: %+v", v)
	}
	s.done(s.act("Arrived"), "gate.arrived")
	if v := s.of(expected); v.Phase == gate.PhaseAnnounced {
		s.t.Error("it has not arrived")
	}
	if plate := eval[string](s.browser, `document.querySelector(".numberplate").textContent`); plate != "51C-1234" {
		s.t.Errorf("its plate is shown as %q", plate)
	}

	s.open(`a[href="/arrivals"]`, "Arrivals")
	s.done(s.act("Arrival", "plate", "3A-9876", "direction", s.way(0), "vehicle_type", "articulated-truck", "load_state", "empty", "dossier", "unready", "remark", "tarpaulin torn"), "gate.arrived")
	ref := s.heading()
	held := s.done(s.act("Hold", "reason", "documents", "remark", "no permit seen"), "gate.held")
	if v := s.of(ref); !v.Held || v.Ready || !strings.Contains(string(held.Data), `"reason":"documents"`) {
		s.t.Errorf("held: %+v, %s", v, held.Data)
	}
	s.picture("node-record-" + s.screen + ".png")
	for _, part := range []string{"no permit seen", "tarpaulin torn", "by booth-3", "held by an agency"} {
		if text := eval[string](s.browser, `document.getElementById("record").innerText`); !strings.Contains(text, part) {
			s.t.Errorf("the record lacks %q: %s", part, text)
		}
	}
	s.done(s.act("Release hold"), "gate.unheld")
	s.done(s.act("Dossier ready"), "gate.ready")
	if v := s.of(ref); v.Held || !v.Ready {
		s.t.Errorf("released: %+v", v)
	}
	yard := slices.IndexFunc(l.Places, func(p gate.Place) bool {
		return p.Kind == gate.Bay && strings.HasSuffix(p.Name, "yard") && s.leads(ref, p.Name)
	})
	moved := s.done(s.act("Move", "place", l.Places[yard].Name, "reason", "break-glass"), "gate.relocated")
	if v := s.of(ref); v.Place != gate.PlaceID(yard) {
		s.t.Errorf("moved to %s: %s", l.Places[v.Place].Name, moved.Data)
	}
	fixed := s.done(s.act("Correct", "load_state", "laden", "reason", "mistake"), "gate.corrected")
	if !strings.Contains(string(fixed.Data), `"laden"`) {
		s.t.Errorf("corrected: %s", fixed.Data)
	}
	s.done(s.act("Note", "remark", "driver told"), "gate.noted")
}

// leads reports whether a place is offered to move the visit to.
func (s *shift) leads(ref, place string) bool {
	return s.of(ref).Reference != "" && eval[bool](s.browser, fmt.Sprintf(`document.querySelector('#record option[value=%q]') !== null`, place))
}

func (s *shift) lanes() {
	s.t.Helper()
	name := s.post.node.Post() + " exit lane 2"
	s.open(`a[href="/places/`+strings.ReplaceAll(name, " ", "%20")+`"]`, name)
	s.done(s.act("Close", "reason", "breakdown"), "gate.lane-closed")
	s.until("the lane is drawn closed", `document.querySelector('[data-place^="`+name+`"]').classList.contains("shut")`)
	s.done(s.act("Open"), "gate.lane-opened")
	s.until("the lane is drawn open", `!document.querySelector('[data-place^="`+name+`"]').classList.contains("shut")`)
	s.done(s.act("Set officers", "officers", "0"), "gate.servers-set")
	if said := s.act("Set officers", "officers", "1"); !strings.HasPrefix(said, "Done") {
		s.t.Errorf("officers: %s", said)
	}
}

func (s *shift) wholePost() {
	s.t.Helper()
	s.open(`a[href="/post"]`, s.post.node.Post())
	s.done(s.act("Close the post", "reason", "weather", "remark", "storm"), "gate.post-closed")
	s.until("the board says so", `document.querySelector(".post .opening [data-words]").textContent === "closed by order"`)
	s.done(s.act("Open the post again", "reason", "by-operator"), "gate.post-reopened")
	s.until("the board says so", `document.querySelector(".post .opening [data-words]").textContent.startsWith("open until")`)
	s.done(s.act("Change hours", "opens", "05:30", "last-admission", "23:00", "closes", "23:30", "reason", "by-agreement"), "gate.hours-set")
	s.until("the board says so", `document.querySelector(".post .opening [data-words]").textContent === "open until 23:00"`)
	s.until("the panel says so", `document.querySelector("#record .hours").textContent.includes("Mon 5 Mar: 05:30 to 23:30, last admission 23:00, by order")`)
	s.done(s.act("Change policy", "policy", readyFirst, "reason", "by-agreement"), "gate.policy-set")
	s.until("the panel says so", `document.querySelector("#record .state b").textContent === "ready dossier first"`)
	if eval[bool](s.browser, `document.querySelector("#record").textContent.includes("Start a procedure")`) {
		s.t.Error("a procedure is offered to be started although all are in force")
	}
}

// study: a period is chosen with a click or in the form, and the address says
// what is shown.
func (s *shift) study() {
	s.t.Helper()
	s.post.studied(s.t)
	s.do(chromedp.Navigate(s.post.URL+"/study"), chromedp.WaitVisible(chromedp.CSS(".headline")))
	s.boardFits()
	s.picture("node-study-" + s.screen + ".png")
	if lone := eval[[]string](s.browser, `["broker", "operator", "customs"].filter((party) => {
		const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		swatch.setAttribute("class", "swatch " + party);
		document.body.appendChild(document.createElement("section")).append(swatch);
		return getComputedStyle(swatch).display.replace("inline-block", "inline") !== "inline" || swatch.remove();
	})`); len(lone) > 0 {
		s.t.Errorf("the swatches of %v stand on a line of their own", lone)
	}
	eval[bool](s.browser, `document.querySelector(".periods a").click(), true`)
	s.until("today is chosen", `document.querySelector(".periods [aria-current]")?.textContent === "today" && location.search.includes("from=2018-03-05&")`)
	eval[bool](s.browser, `document.getElementById("group").value = "kind", document.querySelector(".period button").click(), true`)
	s.until("kinds are told apart", `location.search.includes("group=kind") && document.querySelectorAll(".spreads tbody tr").length > 2`)
	s.boardFits()
	s.picture("node-study-kind-" + s.screen + ".png")
}

// oddities: what nobody ordered is looked into and settled with a remark.
func (s *shift) oddities() {
	s.t.Helper()
	before := len(s.post.odd(s.t))
	stray := s.post.command(s.t, node.Command{Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry}})
	s.post.command(s.t, node.Command{Reference: stray.Reference, Input: gate.Input{Do: gate.ObserveServed}})
	s.until("the list shows it", fmt.Sprintf(`document.querySelectorAll(".oddities li").length > %d`, before))
	count := len(s.post.odd(s.t))
	s.settleFirst()
	s.until("it is gone from the list", fmt.Sprintf(`document.querySelectorAll(".oddities li").length === %d`, count-1))
	if left := s.post.odd(s.t); len(left) != count-1 {
		s.t.Errorf("%d are left of %d", len(left), count)
	}
}

// settleFirst settles what stands first in the list beside the board.
func (s *shift) settleFirst() {
	s.t.Helper()
	s.until("the script has the form", `document.querySelector("#look .oddities form")?.["htmx-internal-data"] !== undefined`)
	eval[bool](s.browser, `(() => {
		const first = document.querySelector("#look .oddities li");
		first.querySelector("details").open = true;
		first.querySelector("[name=remark]").value = "seen to";
		first.querySelector("form button").click();
		return true;
	})()`)
}

// byKeyboard: a vehicle is opened, and a note taken, without a pointer.
func (s *shift) byKeyboard() {
	s.t.Helper()
	reference := eval[string](s.browser, `(() => {
		const link = document.querySelector(".vehicle a");
		link.focus();
		return link.parentElement.dataset.reference;
	})()`)
	s.do(chromedp.KeyEvent(kb.Enter))
	s.until("the record has the focus", `document.activeElement.textContent === `+quote(reference))
	s.tabTo("the button", `document.activeElement.tagName === "SUMMARY" && document.activeElement.textContent === "Note"`)
	s.do(chromedp.KeyEvent(kb.Enter))
	s.until("the form opens", `document.activeElement.closest("details")?.open === true`)
	s.tabTo("the remark", `document.activeElement.name === "remark"`)
	s.comesMeanwhile()
	if !eval[bool](s.browser, `document.activeElement.name === "remark"`) {
		s.t.Error("who comes takes the focus from what is being written")
	}
	s.do(chromedp.KeyEvent("by hand"), chromedp.KeyEvent(kb.Enter))
	s.until("it is done", `document.querySelector("#record .said")?.textContent.startsWith("Done, ")`)
	s.done(eval[string](s.browser, `document.activeElement.textContent`), "gate.noted")
	s.do(chromedp.KeyEvent(kb.Escape))
	s.until("the vehicle has the focus again", `document.activeElement.closest(".vehicle")?.dataset.reference === `+quote(reference))
}

// comesMeanwhile has a vehicle arrive, and waits until the board shows it.
func (s *shift) comesMeanwhile() {
	s.t.Helper()
	const shown = `[...document.querySelectorAll("[data-more]")].reduce((n, e) => n + (parseInt(e.dataset.more.slice(1)) || 0), document.querySelectorAll(".vehicle[data-reference]").length)`
	before := eval[int](s.browser, shown)
	s.post.command(s.t, node.Command{Plate: "3A-0001", Input: gate.Input{Do: gate.ObserveArrival, Traits: lorry | border.Laden}})
	s.until("the board shows who came", fmt.Sprintf("%s > %d", shown, before))
}

func (s *shift) tabTo(what, condition string) {
	s.t.Helper()
	for range 40 {
		if eval[bool](s.browser, condition) {
			return
		}
		s.do(chromedp.KeyEvent(kb.Tab))
	}
	s.t.Fatalf("Tab does not reach %s", what)
}
