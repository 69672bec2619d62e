package survey

import (
	"bytes"
	"strings"
	"testing"
)

func TestWhoMaySign(t *testing.T) {
	groups := []Group{{Country: "KH", Name: "one", Key: "group.kh+1+A"}, {Country: "VN", Name: "other"}}
	for _, test := range []struct {
		name, public string
		known        bool
		want         string
	}{
		{"group.kh", "group.kh+1+A", true, ""},
		{"customs", "group.kh+1+A", true, ""},
		{"group.kh", "group.kh+2+B", false, "another key for one: group.kh+1+A"},
		{"group.kh", "", true, ""},
		{"group.vn", "group.vn+3+C", true, ""},
		{"group.th", "", false, "no group of TH; its groups are one (KH), other (VN)"},
		{"observer", "observer+4+D", false, ""},
	} {
		known, err := MaySign(groups, test.name, test.public)
		if known != test.known || (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: %v, %v", test.name, test.public, known, err)
		}
	}
	if known, err := MaySign(nil, "group.th", ""); known || err != nil {
		t.Errorf("what names no groups: %v, %v", known, err)
	}
}

// The page says what the date of the plan rests on, and the sheet with the lines
// for signatures says what is signed.
func TestThePageSaysWhatIsSigned(t *testing.T) {
	p, data := assumedPlan(t, "comparison: [Densavanh]\n", "")
	in := Surveys{
		Before: week("Bavet", before, func(day, n int) (float64, int) { return 100 + float64(day+n), 12 }),
		After:  week("Bavet", after, func(day, n int) (float64, int) { return 60 + float64(day+n), 12 }),
	}
	for _, test := range []struct {
		signed []Signatory
		want   string
	}{
		{nil, "not signed by anybody: the date is what the file says"},
		{[]Signatory{{"group.kh", "group.kh+1+A"}, {"group.vn", ""}}, "Signed by group.kh (key group.kh+1+A)"},
		{[]Signatory{{"group.kh", "group.kh+1+A"}, {"group.vn", ""}}, "in the name of group.vn was not checked"},
	} {
		a, err := p.Assess(data, Frozen{Hash(data), settled, test.signed}, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		if err := a.WriteAssessment(&page, "hash of the figures"); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page.String(), test.want) {
			t.Errorf("the page has no %q", test.want)
		}
		_, signing, _ := strings.Cut(page.String(), `<section class="signing">`)
		for _, part := range []string{p.Title, a.Verdict(), Hash(data), "hash of the figures", "Vietnamese working group"} {
			if !strings.Contains(signing, part) {
				t.Errorf("where it is signed there is no %q", part)
			}
		}
	}
}
