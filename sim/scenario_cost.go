package sim

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strings"

	"golang.org/x/text/currency"

	"landport/study"
)

// costEntry is what crossing costs some visits.
type costEntry struct {
	Name      string    `yaml:"name" need:"true" doc:"Name."`
	Kind      costKind  `free:"true" yaml:"kind" doc:"What sort of cost it is; value-of-time if left out where it is per_hour."`
	Direction string    `yaml:"direction" doc:"Direction of travel; all if left out."`
	Accepts   traits    `free:"true" yaml:"accepts" doc:"Traits: on each axis named, only these; who has none there is not meant."`
	Refuses   traits    `free:"true" yaml:"refuses" doc:"Traits it does not concern."`
	Amount    moneyText `yaml:"amount" doc:"For each visit, such as 49.20 USD."`
	PerHour   moneyText `yaml:"per_hour" doc:"For each hour at the border, such as 12 USD."`
	Samples   count     `yaml:"samples" most:"1000000" doc:"Number of samples behind it: five at least of what was paid and stands in no tariff, unless its source names who published it."`
}

// moneyText is an amount with its currency.
type moneyText struct {
	amount   study.Money
	currency string
}

func (m *moneyText) read(n node) error {
	text, err := n.scalar("an amount such as 49.20 USD")
	if err != nil {
		return err
	}
	number, unit, _ := strings.Cut(text, " ")
	x, err := parseNumber(number)
	if err != nil || x > 1e9 {
		return n.errorf("%q is not an amount; write it as 49.20 USD", text)
	}
	code, err := currency.ParseISO(unit)
	if err != nil || code.String() != unit {
		return n.errorf("%q is not a currency of ISO 4217; write it as 49.20 USD", unit)
	}
	m.amount, m.currency = study.Money(math.Round(x*1e6)), unit
	return nil
}

type costKind string

func costKinds() []string {
	return []string{string(study.OfficialFee), string(study.OtherPayment), string(study.Reported), string(study.Expense), string(study.ValueOfTime)}
}

func (k *costKind) read(n node) error {
	text, err := n.word(costKinds(), "a kind of cost")
	*k = costKind(text)
	return err
}

func (c *compiler) setCosts() error {
	for _, e := range c.Costs {
		path := "costs[" + e.Name + "]"
		cost := study.Cost{Name: e.Name, Kind: study.CostKind(e.Kind), Samples: int(e.Samples), Accepts: group(e.Accepts, e.Refuses)}
		amount := c.text.has(path + ".amount")
		if cost.PerHour = c.text.has(path + ".per_hour"); cost.PerHour == amount {
			return c.text.errorf(path, "takes either amount, for each visit, or per_hour")
		}
		written, figure := e.Amount, path+".amount"
		if cost.PerHour {
			cost.Kind = cmp.Or(cost.Kind, study.ValueOfTime)
			written, figure = e.PerHour, path+".per_hour"
		} else if cost.Kind == "" || cost.Kind == study.ValueOfTime {
			return c.text.errorf(path, "amount goes with kind: %s, %s, %s or %s", study.OfficialFee, study.OtherPayment, study.Reported, study.Expense)
		}
		if e.Direction != "" {
			d, err := c.directions.the(&c.text, path+".direction", e.Direction)
			if err != nil {
				return err
			}
			cost.Direction, cost.Directed = d, true
		}
		p := c.parameter(figure)
		cost.Amount, cost.Currency, cost.Source, cost.Assumed = written.amount, written.currency, p.Source, p.Assumed
		if by := publisher.FindStringSubmatch(p.Source); by != nil {
			cost.Publisher = by[1]
		}
		if wrong := unshown(&cost, p.Line == 0 || p.Assumed == tried); wrong != "" {
			return c.text.errorf(path, "%s", wrong)
		}
		c.model.Costs = append(c.model.Costs, cost)
	}
	return nil
}

// publisher finds in a source who published a figure, and when: "a survey quoted
// by JICA (2018)".
var publisher = regexp.MustCompile(`\b(?:quoted|published) by (\S[^()]*\([^()]*\b(?:19|20)\d\d\b[^()]*\))`)

// dated finds a year in brackets, as in "Decree 123 (2016)".
var dated = regexp.MustCompile(`\([^()]*\b(?:19|20)\d\d\b[^()]*\)`)

// unshown says why an amount is not to be shown, empty where it is. What was paid
// and stands in no tariff is of study.FewestReports samples at least, whatever its
// kind is called, or was published by somebody who is named; a fee is one of a
// tariff that is named, as published or as assumed to change, and of no samples. What
// such a fee is set to, to try it, needs no tariff.
func unshown(c *study.Cost, set bool) string {
	few := c.Samples < study.FewestReports && c.Publisher == ""
	switch c.Kind {
	case study.OfficialFee:
		switch {
		case c.Samples > 0:
			return fmt.Sprintf("a fee of a tariff has no samples; what people say they paid is kind: %s or %s", study.OtherPayment, study.Reported)
		case !set && !dated.MatchString(c.Source+c.Assumed):
			return fmt.Sprintf("a fee names the tariff it stands in, with its year: source: Decree 123 (2016), or assumed: half that of Decree 123 (2016); %q does not, and what people say they paid is kind: %s or %s", c.Source+c.Assumed, study.OtherPayment, study.Reported)
		}
	case study.ValueOfTime:
		if c.Samples > 0 && few {
			return fmt.Sprintf("a value of time of %d samples could be what few people paid; give %d or more, or a source that names who published it and when, such as: a survey quoted by JICA (2018)", c.Samples, study.FewestReports)
		}
	default:
		if few {
			return fmt.Sprintf("what was paid and stands in no tariff is shown of %d samples or more only, so that nobody can be recognised; it has %d. Fewer need a source that names who published them and when, such as: a survey quoted by JICA (2018)", study.FewestReports, c.Samples)
		}
	}
	return ""
}
