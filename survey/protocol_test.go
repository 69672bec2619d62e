package survey

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func bavetMocBai() Protocol {
	return Protocol{Posts: []Place{places[0], places[1]}, ShiftH: 8, CV: 0.8, DesignEffect: 2, MissingMost: 0.1, PerDay: 225}
}

func TestSizes(t *testing.T) {
	p := bavetMocBai()
	// (1.96·0.8/0.1)²·2/0.9 = 546.4
	if s := p.Sizes()[1]; s != (Size{HalfWidth: 0.10, Needed: 547, PerDay: 79, Every: 2}) {
		t.Errorf("%+v", s)
	}
	if s := p.Sizes()[2]; s.Needed != 2186 || s.PerDay != 313 || s.Every != 1 {
		t.Errorf("more than there are: %+v", s)
	}
	p.CV, p.DesignEffect, p.PerDay = 0.1, 1, 0
	if s := p.Sizes()[0]; s.Needed != 30 || s.Every != 0 {
		t.Errorf("the least sample: %+v", s)
	}
}

func TestProtocolsThatAreNoGood(t *testing.T) {
	for _, test := range []struct {
		want   string
		change func(*Protocol)
	}{
		{"name both", func(p *Protocol) { p.Posts = p.Posts[:1] }},
		{"do not face each other", func(p *Protocol) { p.Posts[1] = places[2] }},
		{"do not fill a day", func(p *Protocol) { p.ShiftH = 7 }},
		{"variation", func(p *Protocol) { p.CV = 0 }},
		{"design effect", func(p *Protocol) { p.DesignEffect = 0.5 }},
		{"cannot be missing", func(p *Protocol) { p.MissingMost = 1 }},
		{"no vehicle", func(p *Protocol) { p.PerDay = -1 }},
	} {
		p := bavetMocBai()
		test.change(&p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, not about %q", err, test.want)
		}
	}
	if p := bavetMocBai(); p.Check() != nil {
		t.Error(p.Check())
	}
}

func TestProtocolIsOneFile(t *testing.T) {
	p := bavetMocBai()
	p.Start = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	var one, all bytes.Buffer
	if err := p.WriteProtocol(&one); err != nil {
		t.Fatal(err)
	}
	p.EveryShift = true
	if err := p.WriteProtocol(&all); err != nil {
		t.Fatal(err)
	}
	for _, outside := range []string{"src=", "href=", "url(", "@import"} {
		if strings.Contains(one.String(), outside) {
			t.Errorf("the page asks for something by %s", outside)
		}
	}
	for _, part := range []string{"Monday 1 March 2027", "Sun 7 March 2027", "recorder of VN", "(assumed; replace it", "one in 2", "more than there are"} {
		if !strings.Contains(one.String(), part) {
			t.Errorf("the page has no %q", part)
		}
	}
	const sheet = "Recording sheet: "
	if n, every := strings.Count(one.String(), sheet), strings.Count(all.String(), sheet); n != 4 || every != 4*7*3 {
		t.Errorf("%d and %d recording sheets", n, every)
	}
}

// What is printed and typed in again is read without a mapping.
func TestTemplateIsRecognised(t *testing.T) {
	var b bytes.Buffer
	if err := WriteTemplate(&b); err != nil {
		t.Fatal(err)
	}
	s, err := Import("assumed.csv", b.Bytes(), Mapping{}, nil)
	if err != nil || len(s.Headings) != len(Columns()) || len(s.Unread()) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// Sheet, protocol and form ask for the same instants, and each is explained.
func TestEveryInstantIsExplained(t *testing.T) {
	p := bavetMocBai()
	var page bytes.Buffer
	if err := p.WriteProtocol(&page); err != nil {
		t.Fatal(err)
	}
	for _, c := range Instants() {
		if clockPoints[c].When == "" || clockPoints[c].Who == "" {
			t.Errorf("nothing says when the clock is read for %v", c)
		}
		if n := strings.Count(page.String(), "<th><span>"+c.Label()+"</span></th>"); n != 4 {
			t.Errorf("%v is on %d of 4 sheets", c, n)
		}
	}
	if got := strings.Join(p.hours(shift{From: "16:00", FromH: 16}), " "); got != "16–17 17–18 18–19 19–20 20–21 21–22 22–23 23–24" {
		t.Errorf("the hours of a shift are %s", got)
	}
}
