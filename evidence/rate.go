package evidence

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"landport/study"
)

// Rate is what a unit of one currency was worth in another on a day, as the user
// says. Landport knows no rates, and converts nothing without one.
type Rate struct {
	Date   string  `json:"date"` // such as 2018-03-05
	Of     string  `json:"of"`   // ISO 4217, such as USD
	In     string  `json:"in"`   // such as KHR
	Value  float64 `json:"value"`
	Source string  `json:"source"`
}

var rateText = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}),? 1 ([A-Z]{3}) ?= ?([0-9.]+) ([A-Z]{3}),? (\S.*)$`)

// ParseRate reads "2018-03-05 1 USD = 4000 KHR, National Bank of Cambodia". A pair
// such as USD/KHR is not read: to some it is riels to the dollar, to others dollars
// to the riel.
func ParseRate(text string) (Rate, error) {
	m := rateText.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Rate{}, fmt.Errorf(`%q is not a rate; write its date, currencies, value and source, such as "2018-03-05 1 USD = 4000 KHR, National Bank of Cambodia"`, text)
	}
	if _, err := time.Parse(time.DateOnly, m[1]); err != nil {
		return Rate{}, fmt.Errorf("%q is of no date of the calendar; write it as 2018-03-05", text)
	}
	value, err := strconv.ParseFloat(m[3], 64)
	if err != nil || !(value > 0) || math.IsInf(value, 1) || m[2] == m[4] {
		return Rate{}, fmt.Errorf("%q: a rate is above 0 and of two currencies, such as 1 USD = 4000 KHR", text)
	}
	return Rate{Date: m[1], Of: m[2], In: m[4], Value: value, Source: m[5]}, nil
}

// String names the rate with its date and source.
func (r Rate) String() string {
	return fmt.Sprintf("1 %s = %s %s on %s (%s)", r.Of, strconv.FormatFloat(r.Value, 'f', -1, 64), r.In, r.Date, r.Source)
}

// Converted is all that crossing costs a goods vehicle, in one currency.
type Converted struct {
	Currency string  `json:"currency"`
	Total    float64 `json:"total"`
	Rates    []Rate  `json:"rates"` // by which the others were converted
	From     []Sum   `json:"from"`  // what it is made of
}

// Sum is what crossing costs a goods vehicle in one currency, unconverted.
type Sum struct {
	Currency string  `json:"currency"`
	Amount   float64 `json:"amount"`
}

// Convert adds up the costs of a report in the currency that the rates are of or
// in. Without a rate for each of the other currencies there is no total: an error
// says which one lacks.
func Convert(r *study.Report, rates []Rate) (*Converted, error) {
	if len(rates) == 0 {
		return nil, errors.New("nothing is converted without a rate")
	}
	c := &Converted{Currency: rates[0].Of, Rates: []Rate{}, From: []Sum{}}
	for _, p := range costs(r) {
		amount := told(p.of.Mean)
		if amount == nil {
			return nil, fmt.Errorf("what crossing costs in %s cannot be told, so nothing is converted", p.name)
		}
		c.From = append(c.From, Sum{p.name, *amount})
		if p.name == c.Currency {
			c.Total += *amount
			continue
		}
		rate, by := rateOf(rates, p.name, c.Currency)
		if rate == nil {
			return nil, fmt.Errorf("there is no rate from %s to %s, so nothing is converted; give one with its date and source, or leave out --rate", p.name, c.Currency)
		}
		c.Total += *amount * by
		c.Rates = append(c.Rates, *rate)
	}
	return c, nil
}

func rateOf(rates []Rate, from, to string) (*Rate, float64) {
	for i := range rates {
		switch r := &rates[i]; {
		case r.In == from && r.Of == to:
			return r, 1 / r.Value
		case r.Of == from && r.In == to:
			return r, r.Value
		}
	}
	return nil, 0
}

// Text shows each currency by itself first, then the total with its rates.
func (c *Converted) Text() string {
	p := &study.Page{}
	p.Linef("")
	p.Wrap("", c.words())
	return p.String()
}

func (c *Converted) words() string {
	var own, rates []string
	for _, s := range c.From {
		own = append(own, fmt.Sprintf("%.2f %s", s.Amount, s.Currency))
	}
	for _, r := range c.Rates {
		rates = append(rates, r.String())
	}
	if len(own) == 0 {
		return "No costs are known, so nothing is converted."
	}
	text := "A goods vehicle pays and loses " + strings.Join(own, " and ")
	if len(rates) == 0 {
		return text + ", which needs no rate."
	}
	return fmt.Sprintf("%s; together %.2f %s, converted at %s.", text, c.Total, c.Currency, strings.Join(rates, "; "))
}
