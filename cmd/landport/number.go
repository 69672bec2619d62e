package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"landport/sim"
)

// Numbers and settings on the command line, which say themselves what they take.
type (
	seed    uint64
	whole   int
	decimal float64
	percent float64 // as a share: 0.05 is 5%
	shard   struct{ part, parts int }
	setting sim.Setting
)

// UnmarshalText reads a seed.
func (s *seed) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a seed; give a whole number from 0 to %d, such as 1", text, uint64(math.MaxUint64))
	}
	*s = seed(n)
	return nil
}

// UnmarshalText reads a whole number.
func (w *whole) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a whole number; give one such as 20", text)
	}
	*w = whole(n)
	return nil
}

// UnmarshalText reads a number that may have decimals.
func (d *decimal) UnmarshalText(text []byte) error {
	x, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("%q is not a number; give one such as 30 or 0.5", text)
	}
	*d = decimal(x)
	return nil
}

// UnmarshalText reads a percentage.
func (p *percent) UnmarshalText(text []byte) error {
	number, found := strings.CutSuffix(string(text), "%")
	x, err := strconv.ParseFloat(number, 64)
	if err != nil || !found {
		return fmt.Errorf("%q is not a percentage; give one such as 5%%", text)
	}
	*p = percent(x / 100)
	return nil
}

// UnmarshalText reads one part of so many.
func (p *shard) UnmarshalText(text []byte) error {
	number, of, found := strings.Cut(string(text), "/")
	var errs [2]error
	p.part, errs[0] = strconv.Atoi(number)
	p.parts, errs[1] = strconv.Atoi(of)
	if !found || errs != [2]error{} {
		return fmt.Errorf("%q is not a shard; give one such as 2/8, the second of eight", text)
	}
	return nil
}

// UnmarshalText reads a value to set.
func (s *setting) UnmarshalText(text []byte) error {
	parsed, err := sim.ParseSetting(string(text))
	*s = setting(parsed)
	return err
}
