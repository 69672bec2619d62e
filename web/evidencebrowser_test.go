package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestStudioInABrowser(t *testing.T) {
	for _, screen := range []struct {
		name          string
		width, height int64
		options       []chromedp.EmulateViewportOption
	}{
		{"desk", 1440, 1000, nil},
		{"phone", 390, 844, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}},
	} {
		t.Run(screen.name, func(t *testing.T) {
			s := serve(t, "bavet-mocbai-2018")
			b := browse(t, screen.width, screen.height, screen.options...)
			complaints := b.listen(s.URL)

			b.do(chromedp.Navigate(s.URL + "/evidence"))
			b.chooses()
			b.turnsAndRuns()
			b.boardFits()
			b.cancels()
			b.losesTheServer()
			b.saysWhatIsWrong()
			b.opensByWrongLink(s.URL)
			b.stepsUnasked()
			b.opensByLink(s.URL)
			b.boardFits()
			b.playsTheDay(s)
			b.showsAPlan(s.URL)
			b.boardFits()
			b.tellsIntervals(screen.name == "phone")
			b.picture("studio-" + screen.name + ".png")
			b.printsTheAnswer()
			for _, complaint := range complaints() {
				if !strings.Contains(complaint, "422") && !strings.Contains(complaint, "404") { // a wrong figure is answered so, and a playback that gave way
					t.Error(complaint)
				}
			}
		})
	}
}

const answerSays = `document.getElementById("answer").innerText`

// chooses: another scenario brings its own figures.
func (b *browser) chooses() {
	b.t.Helper()
	eval[bool](b, `document.querySelector(".choose select").value = "kimthanh-hekou", true`)
	b.do(chromedp.Click(chromedp.CSS(".choose button")))
	b.until("the figures of the other scenario are there", `document.querySelector("#experiment [name=scenario]")?.value === "kimthanh-hekou" &&
		document.querySelectorAll("#experiment input[type=range]").length > 10`)
}

// turnsAndRuns: a lane more by the arrow key, a run by the Enter key.
func (b *browser) turnsAndRuns() {
	b.t.Helper()
	b.until("the page is done with its link", `!document.getElementById("answer").dataset.job && `+answerSays+`.includes("pairs of runs")`)
	const lanes = `document.querySelector("#experiment .knob input[name$='.count']")`
	before := eval[int](b, `Number(`+lanes+`.value)`)
	eval[bool](b, lanes+`.focus(), true`)
	b.do(chromedp.KeyEvent(kb.ArrowUp))
	if got := eval[int](b, `Number(`+lanes+`.value)`); got != before+1 {
		b.t.Errorf("the arrow key turned %d lanes to %d", before, got)
	}
	if !eval[bool](b, `"stale" in document.getElementById("answer").dataset && `+lanes+`.closest(".knob").classList.contains("changed") &&
		`+lanes+`.previousElementSibling.value === `+lanes+`.value`) {
		b.t.Error("the figure is not marked as changed, its slider did not follow, or the old answer stands as if it were the new one")
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the answer comes", answerSays+`.includes("What was changed") && `+answerSays+`.includes(".count")`)
	if at := eval[string](b, `matchMedia("(min-width: 56rem)").matches ? document.activeElement.name : document.activeElement.id`); !strings.HasSuffix(at, ".count") && at != "answer-title" {
		b.t.Errorf("with the answer the focus went to %q", at)
	}
	if said := eval[string](b, `document.getElementById("said").textContent`); !strings.HasPrefix(said, "The answer. ") || !strings.Contains(said, "takes") && !strings.Contains(said, "mean time") {
		b.t.Errorf("of the answer is said %q", said)
	}
	if link := eval[string](b, `location.search`); !strings.Contains(link, "count=") || strings.Contains(link, "rate") {
		b.t.Errorf("the link holds %s, not what was changed alone", link)
	}
}

func (b *browser) cancels() {
	b.t.Helper()
	eval[bool](b, `document.getElementById("r-replications").value = "300", document.getElementById("r-days").value = "40", true`)
	b.do(chromedp.Click(chromedp.CSS(".go .run")))
	b.until("it runs", `document.querySelector("#answer progress") !== null`)
	b.until("it gets on", `document.querySelector("#answer progress").value > 0`)
	b.until("the first pairs are shown as that", answerSays+`.includes("So far, after ") && `+answerSays+`.includes(" of 300 pairs of runs")`)
	b.do(chromedp.Click(chromedp.CSS("#answer .cancel button")))
	b.until("it is cancelled, and what was known is kept", answerSays+`.includes("The run was cancelled.") && `+answerSays+`.includes(" of 300 pairs of runs")`)
}

// losesTheServer: a run of which nothing is heard any more is none under way.
func (b *browser) losesTheServer() {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(".go .run")))
	b.until("it runs again", `document.querySelector("#answer progress")?.value > 0`)
	job := eval[string](b, `"/evidence/jobs/" + document.getElementById("answer").dataset.job`)
	eval[bool](b, `window.had = window.fetch, window.fetch = () => Promise.reject(new Error("gone")), true`)
	b.until("it is said", answerSays+`.includes("No connection; press Run again")`)
	if left := eval[[]string](b, `[...document.querySelectorAll("#answer :is(progress, form)")].map((e) => e.outerHTML)`); len(left) > 0 {
		b.t.Errorf("without a connection there stand %q", left)
	}
	eval[bool](b, `window.fetch = window.had, fetch("`+job+`", { method: "POST" }), true`)
}

func (b *browser) saysWhatIsWrong() {
	b.t.Helper()
	eval[bool](b, `document.getElementById("r-replications").value = "1", true`)
	b.do(chromedp.Click(chromedp.CSS(".go .run")))
	if by := eval[string](b, `document.querySelector("#experiment .knob input.number").getAttribute("aria-describedby")`); !strings.Contains(by, "-wrong ") {
		b.t.Errorf("what is wrong with a figure does not describe it: %s", by)
	}
	b.until("it is said at the field", `document.getElementById("r-replications-wrong").textContent.includes("from 2 to 500") &&
		document.getElementById("r-replications").getAttribute("aria-invalid") === "true"`)
}

// opensByLink: the link alone makes the same again.
func (b *browser) opensByLink(site string) {
	b.t.Helper()
	link := small("stops[counter].servers", "6")
	b.do(chromedp.Navigate(site + "/evidence?" + link.Encode()))
	const done = `!document.getElementById("answer").dataset.job && ` + answerSays + `.includes("falls from")`
	b.until("the answer comes by itself", done)
	first := eval[string](b, answerSays)
	b.standsAtTheTop()
	shared, err := url.Parse(eval[string](b, `document.getElementById("link").value`))
	if err != nil || shared.Query().Encode() != link.Encode() {
		b.t.Fatalf("the link to share is %v, %v", shared, err)
	}
	b.do(chromedp.Navigate(shared.String()))
	b.until("it comes again", done)
	if again := eval[string](b, answerSays); again != first {
		b.t.Errorf("the link gave\n%s\nand then\n%s", first, again)
	}
}

// opensByWrongLink: on a phone what is wrong is not below all the figures.
func (b *browser) opensByWrongLink(site string) {
	b.t.Helper()
	b.do(chromedp.Navigate(site + "/evidence?scenario=bavet-mocbai-2018&foo%5Bbar%5D=3"))
	b.until("it is said", answerSays+`.includes("a scenario has no field foo.")`)
	b.standsAtTheTop()
}

// stepsUnasked: what an arrow key writes is no number that may be thousands.
func (b *browser) stepsUnasked() {
	b.t.Helper()
	const rate = `document.querySelector("#experiment input.number[name$='.rate']")`
	eval[bool](b, rate+`.closest("details").open = true, `+rate+`.value = "1.125", `+rate+`.focus(), true`)
	b.do(chromedp.KeyEvent(kb.ArrowUp))
	if got := eval[string](b, rate+`.value`); !strings.HasSuffix(got, ".1250") {
		b.t.Errorf("an arrow key turned 1.125 to %s", got)
	}
}

// standsAtTheTop: the answer is seen without scrolling, on a phone from its top,
// or the page has no more below it.
func (b *browser) standsAtTheTop() {
	b.t.Helper()
	const seen = `(() => {
		const top = document.getElementById("answer").getBoundingClientRect().top;
		return matchMedia("(min-width: 56rem)").matches ? top < innerHeight / 2 : document.activeElement.id === "answer-title" &&
			(Math.abs(top) < 2 || scrollY + innerHeight > document.documentElement.scrollHeight - 2);
	})()`
	b.until("the answer is at the top", seen)
}

func (b *browser) playsTheDay(s *site) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(".go .play")))
	b.until("a board of its own plays", `location.pathname.startsWith("/evidence/boards/") && document.querySelectorAll(".vehicle[data-reference]").length > 0`)
	if got := eval[int](b, `document.querySelectorAll("[data-stop=counter] .officers i").length`); got != 6 {
		b.t.Errorf("%d officers at the counter, not 6", got)
	}
	b.do(chromedp.Click(chromedp.CSS(".vehicle[data-reference] a")), chromedp.WaitVisible(chromedp.CSS("#record h1")), chromedp.Click(chromedp.CSS("#record .close")))
	b.do(chromedp.Click(chromedp.CSS("#pause")))
	b.until("it is paused", `document.getElementById("pause").value === "resume"`)
	for range boardsKept {
		s.do(b.t, http.MethodPost, "/evidence/boards", small())
	}
	b.until("a playback that gave way is said to have ended", `document.getElementById("standing").textContent.includes("this playback has ended")`)
	b.do(chromedp.Click(chromedp.CSS(".banner a")))
	b.until("the studio is back", `location.pathname === "/evidence" && document.querySelector("[name='stops[counter].servers']")?.value === "6"`)
}

// showsAPlan: Bavet – Moc Bai with a lane more at each gate.
func (b *browser) showsAPlan(site string) {
	b.t.Helper()
	link := url.Values{"scenario": {"bavet-mocbai-2018"}, "replications": {"10"}, "days": {"14"}}
	for _, gate := range []string{"Bavet exit", "Moc Bai entry", "Moc Bai exit", "Bavet entry"} {
		link.Set("places["+gate+" lane *].count", "3")
	}
	b.do(chromedp.Navigate(site + "/evidence?" + link.Encode()))
	b.until("the plan has its answer", `!document.getElementById("answer").dataset.job && `+answerSays+`.includes("falls from")`)
}

// printsTheAnswer: on paper the answer comes first, with every column, and of the
// figures those that were changed alone.
func (b *browser) printsTheAnswer() {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(pageWide, pageHigh))
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		b.t.Fatal(err)
	}
	if gone := eval[[]string](b, `[...document.querySelectorAll("#answer :is(th, td)")].filter((e) => !e.checkVisibility()).map((e) => e.outerHTML)`); len(gone) > 0 {
		b.t.Errorf("columns that are not on paper: %q", gone)
	}
	if shown := eval[[]string](b, `[...document.querySelectorAll("#experiment .knob, #experiment [type=range], #experiment button, .choose")]
		.filter((e) => e.checkVisibility()).map((e) => e.dataset.path ?? e.outerHTML)`); len(shown) != 4 || !strings.HasSuffix(shown[0], " lane *].count") {
		b.t.Errorf("on paper are %q, not the four figures that were changed", shown)
	}
	p := b.prints()
	if p.pages > 5 || p.beyond > 0 {
		b.t.Errorf("%d pages, %.0f pixels wider than the paper", p.pages, p.beyond)
	}
	if at := p.pageOf("The mean time of a goods vehicle"); at != 1 {
		b.t.Errorf("the answer is on page %d", at)
	}
}

// tellsIntervals: beside or below every difference that has one stands its
// interval, within the screen and clear of the other figures of its row.
func (b *browser) tellsIntervals(stacked bool) {
	b.t.Helper()
	const intervals = `[...document.querySelectorAll("#answer .pairs td.extra")].filter((e) => e.textContent !== "")`
	if n := eval[int](b, intervals+`.length`); n < 20 {
		b.t.Errorf("the answer has %d intervals", n)
	}
	if wrong := eval[[]string](b, fmt.Sprintf(`(() => {
		const place = (e) => {
			const text = document.createRange();
			text.selectNodeContents(e);
			const { left, right, top, bottom } = text.getBoundingClientRect();
			return { left, right, top: top + 4, bottom: bottom - 4 }; // letters alone, without the room that a font leaves
		};
		const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
		return `+intervals+`.filter((e) => {
			const at = place(e), others = [...e.parentElement.children].filter((o) => o !== e).map(place);
			const below = at.top >= others.at(-1).bottom;
			return !e.checkVisibility() || at.left === at.right || at.left < 0 || at.right > innerWidth || below !== %v || others.some((o) => meet(at, o));
		}).map((e) => e.parentElement.innerText);
	})()`, stacked)); len(wrong) > 0 {
		b.t.Errorf("intervals that are not shown, or stand where they should not: %q", wrong)
	}
}
