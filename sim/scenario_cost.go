package sim

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/text/currency"

	"landport/study"
)

// costEntry is what crossing costs some visits.
type costEntry struct {
	Name      string    `yaml:"name" need:"true" doc:"Name."`
	Kind      costKind  `free:"true" yaml:"kind" doc:"What sort of cost it is; value-of-time where it is per_hour."`
	Direction string    `yaml:"direction" doc:"Direction of travel; all if left out."`
	Accepts   traits    `free:"true" yaml:"accepts" doc:"Traits: on each axis named, only these; who has none there is not meant."`
	Refuses   traits    `free:"true" yaml:"refuses" doc:"Traits it does not concern."`
	Amount    moneyText `yaml:"amount" doc:"For each visit, such as 49.20 USD."`
	PerHour   moneyText `yaml:"per_hour" doc:"What an hour at the border is worth, such as 12 USD."`
	Samples   count     `yaml:"samples" most:"1000000" doc:"Number of samples behind it."`
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
	return []string{string(study.OfficialFee), string(study.OtherPayment), string(study.Reported), string(study.ValueOfTime)}
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
		perHour, amount := c.text.has(path+".per_hour"), c.text.has(path+".amount")
		if perHour == amount {
			return c.text.errorf(path, "takes either amount, for each visit, or per_hour, the value of time")
		}
		written, figure := e.Amount, path+".amount"
		if perHour {
			if e.Kind == "" {
				cost.Kind = study.ValueOfTime
			}
			written, figure = e.PerHour, path+".per_hour"
		}
		if perHour != (cost.Kind == study.ValueOfTime) || cost.Kind == "" {
			return c.text.errorf(path, "%s goes with kind: %s", strings.TrimPrefix(figure, path+"."), goesWith(perHour))
		}
		if cost.Kind == study.OtherPayment && cost.Samples < study.FewestReports {
			return c.text.errorf(path, "payments outside a tariff are shown of %d samples or more only, so that nobody can be recognised; it has %d", study.FewestReports, cost.Samples)
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
		c.model.Costs = append(c.model.Costs, cost)
	}
	return nil
}

func goesWith(perHour bool) string {
	if perHour {
		return string(study.ValueOfTime)
	}
	return fmt.Sprintf("%s, %s or %s", study.OfficialFee, study.OtherPayment, study.Reported)
}
