package web

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	printer "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// A report on paper begins with its answer and a chart of it, and is no longer
// than what it says. The figures are those of a shipped crossing.
func TestAReportOnPaper(t *testing.T) {
	read := func(name string) *sim.File {
		text, err := scenarios.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(name, text)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	file, base := read("bavet-mocbai-2018"), read("bavet-mocbai-short")
	m, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Replications: 2, Seed: 1, Days: 3}
	d := &evidence.Dossier{File: file, Command: "landport report bavet-mocbai-2018", Version: "Landport test"}
	if d.Report, err = sim.Run(m, o); err != nil {
		t.Fatal(err)
	}
	if d.Validation, err = evidence.Validate(file, o); err != nil {
		t.Fatal(err)
	}
	if d.Comparison, err = evidence.Compare(base, file, o); err != nil {
		t.Fatal(err)
	}
	var html bytes.Buffer
	if err := d.WriteHTML(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(name, html.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	const wide, high = 688, 1001 // A4 less the margins, in CSS pixels
	b := browse(t, wide, high)
	b.do(chromedp.Navigate("file://" + name))
	cssSize := true
	printed, err := chromedp.Call(b.ctx, printer.PrintToPDF, printer.PrintToPDFParams{PreferCSSPageSize: &cssSize})
	if err != nil {
		t.Fatal(err)
	}
	sheets := regexp.MustCompile(`/Type\s*/Page\b`)
	if n := len(sheets.FindAll(printed.Data, -1)); n < 4 || n > 10 {
		t.Errorf("the report has %d pages", n)
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	for _, first := range []string{"h1", "p.big", ".rows", ".rows svg:last-child", "table thead"} {
		if bottom := eval[float64](b, `document.querySelector("`+first+`").getBoundingClientRect().bottom`); bottom > high {
			t.Errorf("%s ends %.0f pixels down, where the first page has %d", first, bottom, high)
		}
	}
	if answer := eval[string](b, `document.querySelector("p.big").innerText`); !regexp.MustCompile(`takes \d+\.\d h on average`).MatchString(answer) {
		t.Errorf("the first page says %q", answer)
	}
	if widest := eval[float64](b, `Math.max(...[...document.querySelectorAll("table")].map(t => t.getBoundingClientRect().right))`); widest > wide+1 {
		t.Errorf("a table is %.0f pixels wide, where the page has %d", widest, wide)
	}
}
