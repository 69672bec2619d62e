package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser drives a real Chromium and fails the test for whatever a page says
// on the console or asks of another host.
type browser struct {
	ctx context.Context //nolint:containedctx // it is the handle of the browser's tab
	t   *testing.T
}

// chromium is the one browser of all tests here, started by the first that needs
// it and ended by TestMain.
var chromium struct {
	ctx   context.Context //nolint:containedctx // it is the handle of the browser
	start sync.Once
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.ctx != nil {
		if err := chromedp.Cancel(chromium.ctx); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func startChromium(t *testing.T) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		allocated, _ := chromedp.NewExecAllocator(context.Background(),
			chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-sync", true),
			chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
			chromedp.Flag("hide-scrollbars", true),
		)
		ctx, _ := chromedp.NewContext(allocated)
		if err := chromedp.Do(ctx); err != nil {
			t.Fatal(err)
		}
		chromium.ctx = ctx //nolint:fatcontext // the loop ends here
		return
	}
	t.Fatal("this test needs Chromium; install it with: sudo apt-get install chromium")
}

// browse opens a window that knows nothing of the other tests': as if the
// browser had just been installed.
func browse(t *testing.T, width, height int64, options ...chromedp.EmulateViewportOption) *browser {
	t.Helper()
	chromium.start.Do(func() { startChromium(t) })
	if chromium.ctx == nil {
		t.Fatal("Chromium did not start")
	}
	ctx, closed := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(closed)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := &browser{ctx, t}
	b.do(chromedp.EmulateViewport(width, height, options...))
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// listen records complaints of pages and requests to other hosts.
func (b *browser) listen(site string) (complaints func() []string) {
	b.t.Helper()
	var mu sync.Mutex
	var all []string
	home, err := url.Parse(site)
	if err != nil {
		b.t.Fatal(err)
	}
	err = chromedp.Listen(b.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			said := "console." + string(e.Type)
			for _, arg := range e.Args {
				said += fmt.Sprintf(" %s%s", arg.Value, arg.Description)
			}
			all = append(all, said)
		case *runtime.EventExceptionThrown:
			all = append(all, fmt.Sprintf("exception: %s %s:%d", e.ExceptionDetails.Text, e.ExceptionDetails.URL, e.ExceptionDetails.LineNumber))
		case *log.EventEntryAdded:
			all = append(all, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
		case *network.EventRequestWillBeSent:
			if to, err := url.Parse(e.Request.URL); err != nil || to.Host != home.Host && to.Scheme != "data" {
				all = append(all, "request to "+e.Request.URL)
			}
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return func() []string { mu.Lock(); defer mu.Unlock(); return all }
}

// eval answers a question about the page.
func eval[T any](b *browser, question string) T {
	b.t.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](question))
	if err != nil {
		b.t.Fatalf("%s: %v", question, err)
	}
	return answer
}

// until waits for something to become true on the page.
func (b *browser) until(what, condition string) {
	b.t.Helper()
	var last error
	pause := 5 * time.Millisecond
	for began := time.Now(); time.Since(began) < 30*time.Second; pause = min(2*pause, 100*time.Millisecond) {
		answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](condition))
		if answer && err == nil {
			return
		}
		last = err // a page that is being left answers nothing; the next does
		time.Sleep(pause)
	}
	b.t.Fatalf("never happened: %s (%v)", what, last)
}

// picture keeps a screenshot in docs/img for the README when
// LANDPORT_SCREENSHOTS=1.
func (b *browser) picture(name string) {
	b.t.Helper()
	if os.Getenv("LANDPORT_SCREENSHOTS") != "1" {
		return
	}
	time.Sleep(600 * time.Millisecond) // vehicles come to rest
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("..", "docs", "img", name), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func TestInABrowser(t *testing.T) {
	for _, screen := range []struct {
		name          string
		width, height int64
		options       []chromedp.EmulateViewportOption
	}{
		{"desk", 1440, 900, nil},
		{"phone", 390, 844, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}},
	} {
		t.Run(screen.name, func(t *testing.T) {
			s := serve(t, "bavet-mocbai-2018")
			b := browse(t, screen.width, screen.height, screen.options...)
			complaints := b.listen(s.URL)

			b.do(chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
			b.until("the stream says that the playback is paused", `document.getElementById("pause").value === "resume"`)
			b.picture("board-" + screen.name + ".png")
			b.boardFits()
			b.boardMoves()
			b.vehicleOpens(screen.name)
			b.keyboardWorks()
			b.controlsWork()
			b.do(chromedp.Navigate(s.URL+"/study"), chromedp.WaitVisible(chromedp.CSS(".headline")))
			b.studyShows(s)
			b.picture("study-" + screen.name + ".png")

			for _, complaint := range complaints() {
				t.Error(complaint)
			}
		})
	}
}

// boardFits: nothing is wider than the screen, and what is touched is not
// smaller than WCAG 2.2 asks for (2.5.8: 24 pixels, or room around it).
func (b *browser) boardFits() {
	b.t.Helper()
	b.until("the page has its styles", `document.readyState === "complete"`)
	if wide := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		b.t.Errorf("the board is %d pixels wider than the screen", wide)
	}
	if small := eval[[]string](b, `[...document.querySelectorAll("button, input:not([type=hidden])")]
		.filter((e) => (e.closest("label") ?? e).getBoundingClientRect().height < 24).map((e) => e.outerHTML)`); len(small) > 0 {
		b.t.Errorf("too small to touch: %v", small)
	}
	if cut := eval[[]string](b, `[...document.querySelectorAll(".booth .label")].filter((e) => {
		const text = document.createRange();
		text.selectNodeContents(e);
		return text.getBoundingClientRect().width > e.getBoundingClientRect().width + 0.01;
	}).map((e) => e.textContent)`); len(cut) > 0 {
		b.t.Errorf("names of stops that are cut: %v", cut)
	}
	if broken := eval[[]string](b, `[...document.querySelectorAll("#board use")].map((u) => u.getAttribute("href"))
		.filter((h) => h.startsWith("#") && !document.querySelector(h + ", [id='" + h.slice(1) + "']"))`); len(broken) > 0 {
		b.t.Errorf("drawings that are not there: %v", broken)
	}
}

func (b *browser) boardMoves() {
	b.t.Helper()
	const where = `JSON.stringify([...document.querySelectorAll("[data-cell]")].flatMap((c) =>
		[...c.children].map((v) => [v.dataset.reference, c.dataset.cell])).sort())`
	before, clock := eval[string](b, where), eval[string](b, `document.querySelector("[data-clock]").textContent`)
	if len(before) < 1000 {
		b.t.Fatalf("few vehicles are drawn: %s", before)
	}
	b.do(chromedp.Click(chromedp.CSS("#pause")), chromedp.Click(chromedp.CSS(`.speeds [value="600"]`)))
	b.until("vehicles move", where+" !== "+quote(before))
	b.until("the clock runs", `document.querySelector("[data-clock]").textContent !== `+quote(clock))
	b.until("600 is pressed", `document.querySelector('.speeds [value="600"]').ariaPressed === "true"`)
	b.do(chromedp.Click(chromedp.CSS("#pause")))
	b.until("it is paused", `document.getElementById("pause").value === "resume"`)
}

func (b *browser) vehicleOpens(screen string) {
	b.t.Helper()
	const inYard = `[data-cell^="KH-VN|Moc Bai entry yard"] .vehicle a`
	reference := eval[string](b, `document.querySelector('`+inYard+`').parentElement.dataset.reference`)
	b.do(chromedp.Click(chromedp.CSS(inYard)), chromedp.WaitVisible(chromedp.CSS("#record h1")))
	if got := eval[string](b, `document.querySelector("#record h1").textContent`); got != reference {
		b.t.Errorf("opened %s, the record is of %s", reference, got)
	}
	facts := eval[string](b, `document.querySelector("#record .facts").innerText`)
	for _, part := range []string{"Arrived at road to Bavet", "Service began at Bavet exit booth", "Why: "} {
		if !strings.Contains(facts, part) {
			b.t.Errorf("the record lacks %q: %s", part, facts)
		}
	}
	b.picture("record-" + screen + ".png")
	b.do(chromedp.Click(chromedp.CSS("#record .close")), chromedp.WaitNotVisible(chromedp.CSS("#record")))
}

// keyboardWorks: Tab reaches a vehicle, an arrow the next, Enter opens it,
// Escape closes it, and the focus comes back.
func (b *browser) keyboardWorks() {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS(".jump button")))
	const focused = `document.activeElement.closest(".vehicle")?.dataset.reference ?? ""`
	for range 10 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[string](b, focused) != "" {
			break
		}
	}
	first := eval[string](b, focused)
	if first == "" {
		b.t.Fatal("Tab does not reach a vehicle")
	}
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	second := eval[string](b, focused)
	if second == "" || second == first {
		b.t.Errorf("the arrow went from %s to %q", first, second)
	}
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#record h1")))
	if got := eval[string](b, `document.activeElement.textContent`); got != second {
		b.t.Errorf("Enter on %s put the focus on %q", second, got)
	}
	b.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible(chromedp.CSS("#record")))
	if got := eval[string](b, focused); got != second {
		b.t.Errorf("Escape gave the focus to %q, not back to %s", got, second)
	}
}

func (b *browser) controlsWork() {
	b.t.Helper()
	eval[bool](b, `document.getElementById("to").value = "2018-03-14T08:00", true`)
	b.do(chromedp.Click(chromedp.CSS(".jump button")))
	b.until("the clock shows the hour jumped to", `[...document.querySelectorAll("[data-clock]")].every((c) => c.textContent === "08:00:00")`)
	if got := eval[string](b, `document.querySelector("[data-date]").textContent`); got != "Wed 14 Mar 2018" {
		b.t.Errorf("the date is %q", got)
	}
}

func (b *browser) studyShows(s *site) {
	b.t.Helper()
	const visits = `document.querySelector(".spreads .total td:last-child").textContent`
	before := eval[string](b, visits)
	if before == "0" || eval[int](b, `document.querySelectorAll(".spreads svg.spread rect").length`) < 5 {
		b.t.Errorf("the study shows %s crossings and few distributions", before)
	}
	if wide := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		b.t.Errorf("the study is %d pixels wider than the screen", wide)
	}
	if err := s.play.Jump(b.ctx, s.play.Model().Start.Add(s.play.Model().Span/2)); err != nil {
		b.t.Fatal(err)
	}
	b.until("the figures follow the facts", visits+" !== "+quote(before))
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
