package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// cut takes the ledger's database away from under the node, and waits until the
// node has found out.
func (p *outpost) cut(t testing.TB) {
	t.Helper()
	if err := p.node.Ledger().Close(); err != nil {
		t.Fatal(err)
	}
	for p.node.Ready() == nil {
		time.Sleep(time.Millisecond)
	}
}

// While the database does not answer, every page that is shown says so, and
// since when what it shows stands; the time at the post does not go on.
func TestPagesSayThatTheyStand(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.truck(t, "3A-1234")
	if page := p.get(t, "/").text; !strings.Contains(page, `role="alert" hidden`) {
		t.Error("while all is well the board does not keep quiet")
	}
	p.cut(t)
	p.pass(3 * time.Hour)
	for _, path := range []string{"/", "/post", "/look", "/arrivals", "/places/" + "road Bavet – Moc Bai"} {
		a := p.get(t, strings.ReplaceAll(path, " ", "%20"))
		if a.status != http.StatusOK {
			t.Errorf("%s: %d", path, a.status)
		}
		for _, part := range []string{`role="alert"><b data-why>`, "What is shown is as it was at", ">07:00:00</time>", "Mon 5 Mar 2018"} {
			if !strings.Contains(a.text, part) {
				t.Errorf("%s lacks %q", path, part)
			}
		}
	}
	page := p.get(t, "/public")
	for _, part := range []string{`role="alert">This page cannot be renewed just now. What it says is as it was at 07:00;`, "<b>Open</b>", "As of 07:00 on Monday 5 March 2018"} {
		if page.status != http.StatusOK || !strings.Contains(page.text, part) {
			t.Errorf("the page for drivers lacks %q", part)
		}
	}
}

func TestEventsSayThatTheBoardStands(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	next := p.events(t, "")
	if _, c := next(); c.Trouble != "" {
		t.Errorf("while all is well the stream says %q", c.Trouble)
	}
	p.cut(t)
	p.pass(time.Hour)
	for range 2 {
		if _, c := next(); c.Trouble == "" || c.At != "2018-03-05T00:00:00.000000Z" {
			t.Errorf("the stream says %q as of %s", c.Trouble, c.At)
		}
	}
}

// An open page finds out by itself that what it shows is not of now: that the
// node's database is away, and that the node is.
func TestAnOpenBoardSaysThatItStands(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.truck(t, "3A-1234")
	b := browse(t, 1440, 900)
	b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
	const notice = `document.getElementById("stands")`
	b.until("the clock goes", `document.querySelector(".post [data-clock]").textContent !== "07:00:00"`)
	if !eval[bool](b, notice+".hidden") {
		t.Error("while all is well the board does not keep quiet")
	}
	p.cut(t)
	b.until("the board says that it stands", "!"+notice+".hidden")
	p.pass(time.Hour)
	for range 3 {
		if clocks := eval[string](b, `[...document.querySelectorAll("[data-clock]")].map((c) => c.textContent).join()`); clocks != "07:00:00,07:00:00" {
			t.Errorf("the clocks show %s", clocks)
		}
		time.Sleep(time.Second)
	}
	if said := eval[string](b, notice+".textContent"); !strings.Contains(said, "What is shown is as it was at 07:00:00 on Mon 5 Mar 2018") {
		t.Errorf("the board says %q", said)
	}
	p.stop()
	b.until("the board says that it is alone", notice+`.textContent.includes("lost its connection")`)
}

// What is chosen on a node's board opens beside it, over neither lanes nor
// figures.
func TestAPanelOpensBesideTheBoard(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	p.truck(t, "3A-1234")
	b := browse(t, 1440, 900)
	b.do(chromedp.Navigate(p.URL), chromedp.WaitVisible(chromedp.CSS(".vehicle")))
	for _, link := range []string{`a[href="/arrivals"]`, `a[href="/post"]`, ".part.line h3 a", ".vehicle[data-reference] a"} {
		eval[bool](b, `document.getElementById("record").replaceChildren(), document.querySelector(`+quote(link)+`).click(), true`)
		b.until(link+" opens", `document.querySelector("#record:not([hidden]) h1") !== null || document.querySelector("#record:not([hidden]) .record") !== null`)
		if under := eval[[]string](b, `(() => {
			const edge = document.getElementById("record").getBoundingClientRect();
			return [...document.querySelectorAll(".directions, .figures, .posts, .masthead nav")].filter((e) => {
				const box = e.getBoundingClientRect();
				return box.right > edge.left + 1 && box.left < edge.right - 1;
			}).map((e) => e.className);
		})()`); len(under) > 0 {
			t.Errorf("%s covers %v", link, under)
		}
		if wide := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			t.Errorf("beside %s the board is %d pixels wider than the screen", link, wide)
		}
	}
}

func TestAnOpenPageForDriversSaysThatItStands(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	b := browse(t, 390, 844)
	b.do(chromedp.Navigate(p.URL+"/public"), chromedp.WaitVisible(chromedp.CSS(".bulletin")))
	const notice = `document.getElementById("stands")`
	b.until("the script is there", `window.htmx !== undefined && document.querySelector(".bulletin")["htmx-internal-data"] !== undefined`)
	if !eval[bool](b, notice+".hidden") {
		t.Error("while all is well it does not keep quiet")
	}
	p.stop()
	eval[bool](b, `htmx.ajax("GET", "/public", ".bulletin"), true`)
	b.until("it says that it stands", "!"+notice+".hidden")
}
