package main

import "landport/evidence"

// rates are those at which currencies may be converted.
type rates struct {
	Rate []rate `sep:"none" placeholder:"RATE" help:"Convert what crossing costs, such as \"2018-03-05 1 USD = 4000 KHR, National Bank of Cambodia\": date, rate, source; may be given again. The total is in the currency of the 1. Left out: nothing is converted."`
}

func (r rates) list() (all []evidence.Rate) {
	for _, x := range r.Rate {
		all = append(all, evidence.Rate(x))
	}
	return all
}

// rate is one on the command line.
type rate evidence.Rate

// UnmarshalText reads it.
func (r *rate) UnmarshalText(text []byte) error {
	x, err := evidence.ParseRate(string(text))
	*r = rate(x)
	return err
}
