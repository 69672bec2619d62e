package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	printer "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A4 less the margins, in CSS pixels.
const (
	pageWide = 688
	pageHigh = 1001
)

// shows opens a document that needs no other, as it is printed.
func (b *browser) shows(html []byte) {
	b.t.Helper()
	name := filepath.Join(b.t.TempDir(), "page.html")
	if err := os.WriteFile(name, html, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + name))
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		b.t.Fatal(err)
	}
}

// printout says where on which page the elements of a document are.
type printout struct {
	pages    int
	elements []printed
	smallest float64 // letters, in points
	beyond   float64 // CSS pixels that something is wider than the page
}

type printed struct {
	ID     string  `json:"id"`
	Is     string  `json:"is"`     // its tag
	Text   string  `json:"text"`   // what it begins with
	High   float64 `json:"high"`   // CSS pixels
	Figure int     `json:"figure"` // that it is in, from 1; 0 for none
	page   int     // from 1; 0 where the PDF does not have it
	top    float64 // points from the sheet's lower edge
}

// addresses gives each element that cannot be cut an address, and a link to it: then
// a PDF tells where it is.
const addresses = `(() => {
	const figures = [...document.querySelectorAll("figure")];
	const list = document.createElement("nav");
	list.style.display = "none";
	const all = [...document.querySelectorAll("h1, h2, p, tr, li, dt, dd, svg.chart")].map((e, i) => {
		e.id = "mark" + i;
		list.append(Object.assign(document.createElement("a"), {href: "#mark" + i, innerText: i}));
		return {id: e.id, is: e.localName, text: e.textContent.trim().slice(0, 40), high: e.getBoundingClientRect().height, figure: 1 + figures.indexOf(e.closest("figure"))};
	});
	document.body.prepend(list);
	return all;
})()`

// smallestLetter is in points.
const smallestLetter = `(() => {
	let smallest = 99;
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, n => n.data.trim() && !n.parentElement.closest("nav, style") ? 1 : 2);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, scale = e instanceof SVGGraphicsElement ? e.getScreenCTM().a : 1;
		smallest = Math.min(smallest, scale * parseFloat(getComputedStyle(e).fontSize));
	}
	return smallest * 0.75;
})()`

var (
	pdfPage  = regexp.MustCompile(`(\d+) 0 obj\s*<<\s*/Type\s*/Page\b`)
	pdfPlace = regexp.MustCompile(`/(mark\d+)\s*\[(\d+) 0 R\s*/XYZ\s+[\d.-]+\s+([\d.-]+)`)
)

// prints makes a PDF of the document and reads it.
func (b *browser) prints() *printout {
	b.t.Helper()
	p := &printout{elements: eval[[]printed](b, addresses), smallest: eval[float64](b, smallestLetter)}
	p.beyond = eval[float64](b, `Math.max(...[...document.querySelectorAll("table")].map(t => t.getBoundingClientRect().right))`) - pageWide
	cssSize := true
	made, err := chromedp.Call(b.ctx, printer.PrintToPDF, printer.PrintToPDFParams{PreferCSSPageSize: &cssSize})
	if err != nil {
		b.t.Fatal(err)
	}
	page := map[string]int{}
	for _, object := range pdfPage.FindAllSubmatch(made.Data, -1) {
		p.pages++
		page[string(object[1])] = p.pages
	}
	index := map[string]int{}
	for i, e := range p.elements {
		index[e.ID] = i
	}
	for _, at := range pdfPlace.FindAllSubmatch(made.Data, -1) {
		e := &p.elements[index[string(at[1])]]
		e.page = page[string(at[2])]
		if e.top, err = strconv.ParseFloat(string(at[3]), 64); err != nil {
			b.t.Fatal(err)
		}
	}
	return p
}

// pageOf finds an element by what it begins with, 0 where there is none.
func (p *printout) pageOf(text string) int {
	for _, e := range p.elements {
		if strings.HasPrefix(e.Text, text) {
			return e.page
		}
	}
	return 0
}

// check holds what every document on paper keeps to.
func (p *printout) check(t *testing.T) {
	t.Helper()
	if p.smallest < 8 {
		t.Errorf("letters of %.1f points", p.smallest)
	}
	if p.beyond > 1 {
		t.Errorf("a table is %.0f pixels wider than the page", p.beyond)
	}
	const sheet, margin = 842.0, 16 / 25.4 * 72
	lowest := make([]float64, p.pages+1) // where the last element of each page ends
	for i := range lowest {
		lowest[i] = sheet
	}
	figures := map[int]printed{}
	for i, e := range p.elements {
		if e.page == 0 {
			t.Fatalf("the PDF has no place for %s %q", e.Is, e.Text)
		}
		lowest[e.page] = min(lowest[e.page], e.top-0.75*e.High)
		if e.Is == "h2" && (i+1 == len(p.elements) || p.elements[i+1].page != e.page) {
			t.Errorf("the heading %q stands on page %d without what follows", e.Text, e.page)
		}
		if first, seen := figures[e.Figure]; e.Figure > 0 && seen && first.page != e.page {
			t.Errorf("the chart that begins with %q on page %d ends on page %d with %q", first.Text, first.page, e.page, e.Text)
		} else if !seen {
			figures[e.Figure] = e
		}
	}
	for i := 1; i < p.pages; i++ {
		if left := (lowest[i] - margin) / (sheet - 2*margin); left > 0.5 {
			t.Errorf("%.0f of 100 of page %d is empty", 100*left, i)
		}
	}
}
