package survey

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Outcomes are what stands beside time: what was found and what was collected,
// from the administrations' own books, and what the working groups hold
// against the result.
type Outcomes struct {
	Source           string        `yaml:"source"            json:"source"`
	Before           Outcome       `yaml:"before"            json:"before"`
	After            Outcome       `yaml:"after"             json:"after"`
	ComparisonBefore *Outcome      `yaml:"comparison_before" json:"comparison_before,omitempty"`
	ComparisonAfter  *Outcome      `yaml:"comparison_after"  json:"comparison_after,omitempty"`
	Reservations     []Reservation `yaml:"reservations"      json:"reservations"`
}

// Outcome is what the books say of one period.
type Outcome struct {
	Vehicles     int              `yaml:"vehicles"      json:"vehicles"`      // all that crossed
	Examinations int              `yaml:"examinations"  json:"examinations"`  // of goods or vehicle
	Detections   int              `yaml:"detections"    json:"detections"`    // examinations that found an offence
	RevenueMinor map[string]int64 `yaml:"revenue_minor" json:"revenue_minor"` // duties and fees by ISO 4217 code, in minor units
}

// Reservation is what a working group holds against the result.
type Reservation struct {
	Country string `yaml:"country" json:"country"`
	Text    string `yaml:"text"    json:"text"`
}

// DecodeOutcomes reads outcomes. The name is for errors.
func DecodeOutcomes(name string, data []byte) (*Outcomes, error) {
	o := &Outcomes{}
	if err := yaml.UnmarshalWithOptions(data, o, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	if o.Source == "" {
		return nil, fmt.Errorf("%s: source is missing; say whose books the figures are from", name)
	}
	for _, period := range []struct {
		name string
		*Outcome
	}{{"before", &o.Before}, {"after", &o.After}, {"comparison_before", o.ComparisonBefore}, {"comparison_after", o.ComparisonAfter}} {
		if period.Outcome != nil {
			if err := period.check(); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, period.name, err)
			}
		}
	}
	for i, r := range o.Reservations {
		if r.Country == "" || r.Text == "" {
			return nil, fmt.Errorf("%s: reservations: entry %d has a country and a text", name, i+1)
		}
	}
	return o, nil
}

func (o *Outcome) check() error {
	switch {
	case o.Vehicles < 1:
		return errors.New("vehicles is missing; write how many crossed")
	case o.Examinations < 0 || o.Examinations > o.Vehicles:
		return fmt.Errorf("%d examinations of %d vehicles cannot be", o.Examinations, o.Vehicles)
	case o.Detections < 0 || o.Detections > o.Examinations:
		return fmt.Errorf("%d detections in %d examinations cannot be", o.Detections, o.Examinations)
	}
	return nil
}

// Ratio is a rate after over the rate before.
type Ratio struct {
	Before float64     `json:"before"`
	After  float64     `json:"after"`
	Ratio  *float64    `json:"ratio"` // null where nothing was counted before or after
	CI95   *[2]float64 `json:"ci95"`
}

// RatioOf compares two counts, each of so many. The interval is that of a ratio
// of Poisson rates on the logarithm, exp(ln(r) ± 1.96·√(1/a+1/b)) (Rothman,
// Greenland and Lash, Modern Epidemiology, 3rd edition, 2008, chapter 14).
func RatioOf(before, ofBefore, after, ofAfter int) Ratio {
	if ofBefore == 0 || ofAfter == 0 {
		return Ratio{}
	}
	r := Ratio{Before: float64(before) / float64(ofBefore), After: float64(after) / float64(ofAfter)}
	if before == 0 || after == 0 {
		return r
	}
	ratio := r.After / r.Before
	spread := math.Exp(1.96 * math.Sqrt(1/float64(before)+1/float64(after)))
	r.Ratio, r.CI95 = &ratio, &[2]float64{ratio / spread, ratio * spread}
	return r
}

// currencies lists those in which anything was collected.
func (o *Outcomes) currencies() []string {
	all := map[string]bool{}
	for _, period := range []Outcome{o.Before, o.After} {
		for code := range period.RevenueMinor {
			all[code] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
