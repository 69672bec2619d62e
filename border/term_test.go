package border

import (
	"strings"
	"testing"
	"time"
)

func TestTerm(t *testing.T) {
	for _, test := range []struct {
		text string
		want Term
	}{
		{"1d", Term{Days: 1}}, {"90d", Term{Days: 90}}, {"12w", Term{Days: 84}}, {"18mo", Term{Months: 18}}, {"2y", Term{Years: 2}}, {"200y", Term{Years: 200}},
	} {
		got, err := ParseTerm(test.text)
		if got != test.want || err != nil {
			t.Errorf("%s is %+v, %v", test.text, got, err)
		}
		if again, err := ParseTerm(got.String()); again != test.want || err != nil {
			t.Errorf("%s is written %s", test.text, got)
		}
	}
	for _, text := range []string{"", "y", "2", "0y", "-1y", "2 years", "1.5y", "5m", "2yy", "1y6mo", "201y", "99999999999999999999d", "2Y"} {
		if got, err := ParseTerm(text); err == nil || !strings.Contains(err.Error(), "such as 90d, 18mo or 2y") {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
}

func TestATermEndsByTheCalendar(t *testing.T) {
	for _, c := range []struct{ term, now, want string }{
		{"2y", "2026-03-05T10:30:00Z", "2024-03-05T10:30:00Z"},
		{"1y", "2024-02-29T00:00:00Z", "2023-02-28T00:00:00Z"},
		{"1mo", "2026-03-31T12:00:00Z", "2026-02-28T12:00:00Z"},
		{"18mo", "2026-03-31T12:00:00Z", "2024-09-30T12:00:00Z"},
		{"90d", "2026-03-05T00:00:00Z", "2025-12-05T00:00:00Z"},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := term.Ago(now).Format(time.RFC3339); got != c.want {
			t.Errorf("%s before %s is %s, want %s", c.term, c.now, got, c.want)
		}
	}
}
