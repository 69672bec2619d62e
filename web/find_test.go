package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"landport/border"
)

// found asks for visits: it returns those listed, or the one that it leads to, and
// what the page says.
func (p *outpost) found(t *testing.T, asked string) (references []string, says string) {
	t.Helper()
	got := p.get(t, "/find?q="+url.QueryEscape(asked))
	if got.status == http.StatusSeeOther {
		return []string{strings.TrimPrefix(got.header.Get("Location"), "/visits/")}, ""
	}
	if err := wellFormed(got.text); err != nil {
		t.Errorf("%q: %v", asked, err)
	}
	for _, m := range regexp.MustCompile(`href="/visits/([^"]*)"`).FindAllStringSubmatch(got.text, -1) {
		references = append(references, m[1])
	}
	return references, got.text
}

// The last letters and digits of a plate or a reference find who is announced or
// here; the whole plate comes first, and finds who left, too.
func TestTheEndOfAPlateOrAReferenceFinds(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	whole, first, second, left := p.truck(t, "1234"), p.truck(t, "2A-1234"), p.truck(t, "51C-812.34"), p.truck(t, "3A-9021")
	p.do(t, http.MethodPost, "/visits/"+left, filled("do", "gone", "key", "g", "reason", "by-driver"))
	for _, test := range []struct {
		asked string
		want  []string
		says  string
	}{
		{"1234", []string{whole, second, first}, "<b>2A-1234</b>"},
		{"A1234", []string{first}, ""},
		{"a-12 34", []string{first}, ""},
		{"812.34", []string{second}, ""},
		{"２３４", []string{second, first, whole}, "end with ２３４"},
		{strings.ToLower(first[len(first)-6:]), []string{first}, ""},
		{"2A-1234", []string{first}, ""},
		{"34", nil, "from 3 letters and digits on"},
		{"021", nil, "none has one that ends so"},
		{"3A-9021", []string{left}, ""},
	} {
		got, says := p.found(t, test.asked)
		if !slices.Equal(got, test.want) || !strings.Contains(says, test.says) {
			t.Errorf("%q finds %v, not %v; it does not say %q: %s", test.asked, got, test.want, test.says, says)
		}
	}
	if _, err := p.node.Ledger().EraseBefore(t.Context(), "", border.Never); err != nil {
		t.Fatal(err)
	}
	for _, asked := range []string{"234", "erased", "ased"} {
		if got, _ := p.found(t, asked); got != nil {
			t.Errorf("when plates are erased %q finds %v", asked, got)
		}
	}
}

// The page on which nobody is found has the field to look again, with what was
// looked for in it.
func TestNobodyFoundMayBeLookedForAgain(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for _, test := range []struct{ asked, field string }{
		{"9Z-9999", `value="9Z-9999"`},
		{" 34 ", `value="34"`},
		{`"><b>`, `value="&#34;&gt;&lt;b&gt;"`},
	} {
		got := p.get(t, "/find?q="+url.QueryEscape(test.asked))
		if err := wellFormed(got.text); err != nil {
			t.Errorf("%q: %v", test.asked, err)
		}
		form := regexp.MustCompile(`<form method="get" action="/find"[^>]*>.*?</form>`).FindString(got.text)
		if got.status != http.StatusNotFound || !strings.Contains(form, `name="q" `+test.field) {
			t.Errorf("%q: %d, the form is %q", test.asked, got.status, form)
		}
	}
}

// Of many that end alike a page is listed, and the rest counted.
func TestManyThatEndAlikeAreCounted(t *testing.T) {
	p := keep(t, 0, NodeOptions{})
	for i := range endMost + 5 {
		p.truck(t, fmt.Sprintf("2%c-0777", 'A'+i))
	}
	if got, says := p.found(t, "777"); len(got) != endMost || !strings.Contains(says, "and 5 more; give a letter or digit more of it") || !strings.Contains(says, `name="q" value="777"`) {
		t.Errorf("%d are listed: %s", len(got), says)
	}
}
