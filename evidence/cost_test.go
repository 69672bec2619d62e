package evidence

import (
	"strings"
	"testing"

	"landport/sim"
)

// What was paid, as the mean of a few samples, no plan changes: it is in no
// comparison but as a part of what time costs, and is then said to be.
func TestOnlyCostsThatAPlanMovesAreCompared(t *testing.T) {
	const paid = "{name: paid, kind: reported, accepts: laden, amount: %s USD, samples: 7, source: a}"
	for _, test := range []struct {
		name, base, plan string
		want             string // the row's name; none for no row
	}{
		{"the same payments", strings.Replace(paid, "%s", "400", 1), strings.Replace(paid, "%s", "400", 1), ""},
		{"other payments, of few samples", strings.Replace(paid, "%s", "400", 1), strings.Replace(paid, "%s", "300", 1), ""},
		{"the same fee", "{name: fee, kind: official, amount: 2 USD, assumed: a tariff (2018)}", "{name: fee, kind: official, amount: 2 USD, assumed: a tariff (2018)}", ""},
		{"another fee", "{name: fee, kind: official, amount: 2 USD, assumed: a tariff (2018)}", "{name: fee, kind: official, amount: 1 USD, assumed: a tariff (2018)}", "all costs in USD"},
		{"time that is worth something", "{name: hours, kind: value-of-time, per_hour: 5 USD, source: a}", "{name: hours, kind: value-of-time, per_hour: 5 USD, source: a}", "all costs in USD"},
		{"both", strings.Replace(paid, "%s", "400", 1) + ", {name: hours, kind: value-of-time, per_hour: 5 USD, source: a}",
			strings.Replace(paid, "%s", "400", 1) + ", {name: hours, kind: value-of-time, per_hour: 5 USD, source: a}", "all costs in USD, with means of few samples"},
	} {
		with := func(costs string) *sim.File { return decoded(t, twoGates+"costs: ["+costs+"]\n") }
		c, err := Compare(with(test.base), with(test.plan), sim.Options{Replications: 2, Days: 3, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		for _, r := range c.Rows {
			if r.Scope == "cost" {
				name = r.Name
			}
		}
		if name != test.want {
			t.Errorf("%s: the row %q, want %q", test.name, name, test.want)
		}
	}
}
