package study

import (
	"math"
	"strings"
	"testing"
)

// The words of a cost tell what stands behind it; money outside a tariff and
// the value of time are never called fees.
func TestCostsAreShownByCurrency(t *testing.T) {
	each := func(x float64) Summary {
		return Summary{Mean: x, CI95: [2]float64{x, x}, P50: x, P90: x, P95: x, Min: x, Max: x, N: 10}
	}
	day := 4167.0
	worth := each(30)
	worth.CI95 = [2]float64{28, 32}
	r := &Report{Costs: []CostTimes{
		{Cost: "all payments at Bavet", Kind: Reported, Currency: "USD", Amount: 416.7, Each: each(416.7), Samples: 7},
		{Cost: "payments at Densavanh", Kind: Reported, Currency: "USD", Amount: 307.5, Each: each(307.5), Samples: 4, Publisher: "JICA (2018)", Source: "a survey quoted by JICA (2018), by the day"},
		{Cost: "parking", Kind: Expense, PerHour: true, Currency: "VND", Amount: 16666, Each: worth, Samples: 1, Publisher: "a paper (2021)", Source: "published by a paper (2021)"},
		{Cost: "stamps", Kind: OfficialFee, Currency: "USD", Amount: 416.7, Each: each(416.7), PerDay: &day},
		{Cost: "laden trucks", Kind: ValueOfTime, PerHour: true, Currency: "VND", Amount: 250000, Each: worth, Assumed: "made up"},
		{Cost: "nobody", Kind: OfficialFee, Currency: "USD", Amount: 1, Each: nothing(0)},
	}}
	var out Page
	out.costs(r)
	got := out.String()
	for _, want := range []string{
		"all payments at Bavet (fees and payments, undivided, 7 samples)  416.70 USD                       –  10",
		"4167 USD", "laden trucks (value of time, 250000 VND an hour, assumed)", "30.00 VND", "± 2.00", "parking (expense, 16666 VND an hour, 1 sample)",
		"payments at Densavanh: as published by JICA (2018), of 4 samples: a survey, by the day.", "parking: as published by a paper (2021), of 1 sample.",
		"of five samples or more; of fewer it is shown", "official fees and other payments that the source does not tell apart"} {
		if !strings.Contains(got, want) && !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("the table lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "nobody (") || math.IsNaN(day) {
		t.Errorf("a cost that concerned nobody is shown:\n%s", got)
	}
}
