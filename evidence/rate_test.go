package evidence

import (
	"math"
	"strings"
	"testing"
)

// Amounts are converted at a dated rate that somebody gave, and not otherwise.
func TestCostsAreConvertedAtARateThatWasGiven(t *testing.T) {
	const paid = tornadoGate + `costs:
  - {name: stamps, kind: official, amount: 10 USD, source: a tariff (2018)}
  - {name: a fee, kind: official, amount: 20000 KHR, source: a tariff (2018)}
`
	file := decoded(t, strings.Replace(paid, "length: 60d", "length: 3d", 1))
	r := mustRun(t, file)
	rate, err := ParseRate("2018-03-05 1 USD = 4000 KHR, National Bank of Cambodia")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Convert(r, []Rate{rate})
	if err != nil {
		t.Fatal(err)
	}
	if c.Currency != "USD" || math.Abs(c.Total-15) > 1e-9 || len(c.From) != 2 {
		t.Errorf("%+v", c)
	}
	const says = "10.00 USD and 20000.00 KHR; together 15.00 USD, converted at 1 USD = 4000 KHR on 2018-03-05 (National Bank of Cambodia)."
	d := Dossier{File: file, Report: r, Converted: c}
	var page strings.Builder
	if err := d.WriteHTML(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(c.Text()), " "), says) || !strings.Contains(page.String(), says) {
		t.Error(c.Text())
	}
	if none, err := Convert(r, nil); none != nil || err == nil {
		t.Errorf("without a rate: %+v, %v", none, err)
	}
	other, err := ParseRate("2018-03-05 1 USD=22800 VND State Bank of Vietnam")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Convert(r, []Rate{other}); err == nil || !strings.Contains(err.Error(), "no rate from KHR to USD") {
		t.Error(err)
	}
}

func TestRatesThatAreNone(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1 USD = 4000 KHR", "its date"},
		{"2018-03-05 USD/KHR=4000 a bank", "such as \"2018-03-05 1 USD = 4000 KHR"},
		{"2018-03-05 1 USD = 4000 KHR", "source"},
		{"2018-02-30 1 USD = 4000 KHR, a bank", "no date of the calendar"},
		{"2018-03-05 1 USD = 0 KHR, a bank", "above 0"},
		{"2018-03-05 1 USD = 1 USD, a bank", "two currencies"},
	} {
		if _, err := ParseRate(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}
