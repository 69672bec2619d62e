package web

import (
	"bytes"
	"regexp"
	"testing"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
	"landport/survey"
)

// A report on paper begins with its answer and a chart of it, fills its pages,
// and cuts nothing that belongs together. The figures are those of a shipped
// crossing, on a day.
func TestAReportOnPaper(t *testing.T) {
	base, plan := decoded(t, "paper-base", "bavet-mocbai-2018"), decoded(t, "paper-plan", "bavet-mocbai-short")
	of, err := evidence.Parse("mean(crossing_h)")
	if err != nil {
		t.Fatal(err)
	}
	o := sim.Options{Replications: 2, Seed: 1}
	why := evidence.Dossier{File: base}
	if why.Why, err = evidence.Explain(base, of, o); err != nil {
		t.Fatal(err)
	}
	if why.Tornado, err = evidence.Vary(base, of, evidence.TornadoOptions{Run: o, By: 1.05, Most: 12}); err != nil {
		t.Fatal(err)
	}
	if why.Validation, err = evidence.Validate(base, o); err != nil {
		t.Fatal(err)
	}
	against := evidence.Dossier{File: plan}
	if against.Comparison, err = evidence.Compare(base, plan, o); err != nil {
		t.Fatal(err)
	}
	b := browse(t, pageWide, pageHigh)
	for _, d := range []*evidence.Dossier{&why, &against} {
		d.Command, d.Version = "landport report", "Landport test"
		m, err := d.File.Model()
		if err != nil {
			t.Fatal(err)
		}
		if d.Report, err = sim.Run(m, o); err != nil {
			t.Fatal(err)
		}
		var html bytes.Buffer
		if err := d.WriteHTML(t.Context(), &html); err != nil {
			t.Fatal(err)
		}
		b.shows(html.Bytes())
		p := b.prints()
		if p.pages < 5 || p.pages > 14 {
			t.Errorf("%s has %d pages", d.File.Name, p.pages)
		}
		p.check(t)
		for _, first := range []string{"h1", "p.big", ".rows", ".rows svg:last-child", "table thead"} {
			if bottom := eval[float64](b, `document.querySelector("`+first+`").getBoundingClientRect().bottom`); bottom > pageHigh {
				t.Errorf("%s ends %.0f pixels down, where the first page has %d", first, bottom, pageHigh)
			}
		}
		if answer := eval[string](b, `document.querySelector("p.big").innerText`); !regexp.MustCompile(`takes \d+\.\d h on average`).MatchString(answer) {
			t.Errorf("the first page says %q", answer)
		}
	}
}

// decoded is a shipped crossing, run for a day.
func decoded(t *testing.T, name, extends string) *sim.File {
	t.Helper()
	f, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(name, []byte("name: "+name+"\nextends: "+extends+"\nrun: {length: 1d, warmup: 0d}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A protocol on paper: each recording sheet is a page of its own on which no
// heading runs into another.
func TestAProtocolOnPaper(t *testing.T) {
	p := survey.Protocol{ShiftH: 8, CV: 0.8, DesignEffect: 2, MissingMost: 0.1, PerDay: 225, Start: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)}
	for _, name := range []string{"Bavet", "Moc Bai"} {
		place, err := survey.PlaceOf(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Posts = append(p.Posts, place)
	}
	var html bytes.Buffer
	if err := p.WriteProtocol(&html); err != nil {
		t.Fatal(err)
	}
	const sheetWide = 1054 // A4 landscape less the sheet's margins, in CSS pixels
	b := browse(t, sheetWide, 720)
	b.shows(html.Bytes())
	if wrong := eval[[]string](b, `[...document.querySelectorAll(".grid th")].filter(h => [...h.children].some(c => {
		const a = h.getBoundingClientRect(), z = c.getBoundingClientRect();
		return z.left < a.left || z.right > a.right || z.top < a.top || z.bottom > a.bottom;
	}) || h.scrollWidth > h.clientWidth + 1).map(h => h.textContent)`); len(wrong) > 0 {
		t.Errorf("headings run over their cells: %q", wrong)
	}
	printout := b.prints()
	if printout.smallest < 8 {
		t.Errorf("letters of %.1f points", printout.smallest)
	}
	const words, sheets = 2, 4
	if printout.pages != words+sheets {
		t.Errorf("%d pages: %d of words and %d sheets were expected", printout.pages, words, sheets)
	}
	if page := printout.pageOf("Recording sheet: Bavet, KH → VN"); page != words+1 {
		t.Errorf("the first sheet is on page %d", page)
	}
}
