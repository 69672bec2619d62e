package study

import (
	"fmt"
	"math"
	"strings"

	"landport/border"
	"landport/gate"
)

// CostKind says what a cost is.
type CostKind string

// Kinds of cost. They are told apart because they are remedied differently.
const (
	OfficialFee  CostKind = "official"      // laid down in a tariff
	OtherPayment CostKind = "other"         // reported by those who paid, in no tariff
	Reported     CostKind = "reported"      // official fees and other payments together, which the source does not divide
	Expense      CostKind = "expense"       // paid for something bought while crossing, such as parking or fuel
	ValueOfTime  CostKind = "value-of-time" // what an hour at the border is worth to who spends it; nobody paid it
)

// FewestReports is how many samples an amount that was paid needs at least where
// it stands in no tariff and nobody has published it, so that nobody who reported
// one can be told from it.
const FewestReports = 5

// CostWords say what the kinds mean, and of how many samples an amount may be.
const CostWords = "An official fee is of the tariff that is named with it, as published or as assumed to change. Any other amount that was paid is of five samples or more; of fewer it is shown only as somebody published it, who is named. Undivided are official fees and other payments that the source does not tell apart. The value of time was paid by nobody."

// Money is an amount in millionths of a currency's unit.
type Money int64

// Float returns the amount in the currency's unit.
func (m Money) Float() float64 { return float64(m) / 1e6 }

// Cost is what crossing costs some visits: an amount for each visit, or for
// each hour from its arrival until it left.
type Cost struct {
	Name      string
	Kind      CostKind
	Currency  string         // ISO 4217
	Amount    Money          // for each visit, or each hour
	PerHour   bool           // the latter; always of ValueOfTime
	Direction gate.Direction // counts if Directed
	Directed  bool
	Accepts   border.Group // whom it concerns
	Samples   int          // behind the amount; 0 where it is not from a survey
	Publisher string       // who published it, where and when, if its source names that
	Source    string
	Assumed   string
}

// CostTimes is what one cost came to in a run. Amounts are in the currency's
// unit: currencies are never added up.
type CostTimes struct {
	Cost      string   `json:"cost"`
	Kind      CostKind `json:"kind"`
	Currency  string   `json:"currency"`
	NCounts   string   `json:"n_counts"`
	Amount    float64  `json:"amount"` // for each visit, or each hour
	PerHour   bool     `json:"per_hour"`
	Each      Summary  `json:"each"`    // what it came to for a visit
	PerDay    *float64 `json:"per_day"` // of all; null for the mean of fewer than 30 samples, which tells no total
	Samples   int      `json:"samples"`
	Publisher string   `json:"published_by,omitempty"`
	Source    string   `json:"source,omitempty"`
	Assumed   string   `json:"assumed,omitempty"`
}

// costMeasures are the visits that a cost concerned and the time they took.
type costMeasures struct {
	*Cost
	time series
}

// SetCosts has the Collector, which has taken in nothing so far, work out costs.
func (c *Collector) SetCosts(costs []Cost) {
	for i := range costs {
		c.costs = append(c.costs, costMeasures{Cost: &costs[i]})
	}
}

// concerns reports whether visits of a kind have the cost.
func (c *Cost) concerns(k *kind) bool {
	return c.Accepts.Has(k.traits) && (!c.Directed || c.Direction == k.direction)
}

// costTimes sums up every cost; measured is the length of all runs together.
func (c *Collector) costTimes(stable bool, measured border.Micros) []CostTimes {
	list := []CostTimes{}
	for i := range c.costs {
		k := &c.costs[i]
		n := k.time.sketch.Count()
		out := CostTimes{
			Cost: k.Name, Kind: k.Kind, Currency: k.Currency, NCounts: "released visits that it concerns",
			Amount: k.Amount.Float(), PerHour: k.PerHour, Each: nothing(n), Samples: k.Samples, Publisher: k.Publisher, Source: k.Source, Assumed: k.Assumed,
		}
		switch {
		case n == 0 || k.PerHour && !stable:
		case k.PerHour:
			out.Each = k.time.summary(border.Hour).scaled(out.Amount)
		default:
			x := out.Amount
			out.Each = Summary{Mean: x, CI95: [2]float64{x, x}, P50: x, P90: x, P95: x, Min: x, Max: x, N: n}
		}
		if measured > 0 && (k.Samples == 0 || k.Samples >= TotalSamples) {
			out.PerDay = known(out.Each.Mean * float64(n) / (measured.Hours() / 24))
		}
		list = append(list, out)
	}
	return list
}

// costs shows what crossing costs, each currency by itself.
func (t *Page) costs(r *Report) {
	rows := [][]string{{"What it costs", "each", "95% interval", "a day", "n"}}
	for _, c := range r.Costs {
		if c.Each.N == 0 || math.IsNaN(c.Each.Mean) {
			continue
		}
		half := ""
		if c.PerHour && !math.IsNaN(c.Each.CI95[1]) {
			half = "± " + money((c.Each.CI95[1]-c.Each.CI95[0])/2)
		}
		rows = append(rows, []string{
			fmt.Sprintf("  %s (%s)", c.Cost, c.says()), money(c.Each.Mean) + " " + c.Currency, half,
			c.ADay(), fmt.Sprint(c.Each.N),
		})
	}
	t.Table(rows)
	if len(rows) == 1 {
		return
	}
	for i := range r.Costs {
		if c := &r.Costs[i]; c.Publisher != "" && c.Each.N > 0 {
			t.Wrap("  ", c.Cost+": "+c.RestsOn()+".")
		}
	}
	t.Wrap("  ", CostWords)
}

// TotalSamples is from how many samples on their mean is multiplied by all who pass.
const TotalSamples = 30

// ADay tells in words what a cost comes to in a day, a dash where nothing does.
func (c *CostTimes) ADay() string {
	if c.PerDay == nil {
		return "–"
	}
	return money(*c.PerDay) + " " + c.Currency
}

// Words name the kind for people.
func (k CostKind) Words() string {
	switch k {
	case Reported:
		return "fees and payments, undivided"
	case OtherPayment:
		return "payments in no tariff"
	case OfficialFee:
		return "official fee"
	}
	return strings.ReplaceAll(string(k), "-", " ")
}

// says tells what stands behind a cost.
func (c *CostTimes) says() string {
	words := []string{c.Kind.Words()}
	if c.PerHour {
		words = append(words, fmt.Sprintf("%s %s an hour", money(c.Amount), c.Currency))
	}
	if c.Assumed != "" {
		words = append(words, "assumed")
	} else if c.Samples > 0 {
		words = append(words, sampleWords(c.Samples))
	}
	return strings.Join(words, ", ")
}

// RestsOn says where the amount is from: as published by whom, of how many
// samples, what is assumed, or the source.
func (c *CostTimes) RestsOn() string {
	switch {
	case c.Publisher != "":
		text := fmt.Sprintf("as published by %s, of %s", c.Publisher, sampleWords(c.Samples))
		if c.Samples == 0 {
			text = "as published by " + c.Publisher
		}
		before, after, _ := strings.Cut(c.Source, c.Publisher)
		for _, by := range []string{"quoted by", "published by"} {
			before = strings.TrimSuffix(strings.TrimSpace(before), by)
		}
		if rest := strings.Trim(strings.TrimSpace(before)+after, " ,;"); rest != "" {
			text += ": " + rest
		}
		return text
	case c.Assumed != "" && c.Samples > 0:
		return sampleWords(c.Samples) + ", assumed: " + c.Assumed
	case c.Assumed != "":
		return "assumed: " + c.Assumed
	case c.Samples > 0:
		return sampleWords(c.Samples) + ": " + c.Source
	}
	return c.Source
}

// money shows an amount with the digits it deserves.
func money(x float64) string {
	if math.Abs(x) >= 1000 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// measured is the length of what was measured up to an instant, all runs together.
func (c *Collector) measured(at border.Time) border.Micros {
	return max(0, min(at, c.window.To).Sub(c.window.From)) * border.Micros(max(1, c.runs))
}
