package evidence

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"landport/sim"
	"landport/study"
)

// Validation sets facts that were held out, to which nothing was fitted, beside
// what a scenario gives.
type Validation struct {
	Scenario     string `json:"scenario"`
	Seed         uint64 `json:"seed"`
	Replications int    `json:"replications"`
	Stable       bool   `json:"stable"`
	StableReason string `json:"stable_reason"`
	Facts        []Fact `json:"facts"`
	Met          int    `json:"met"`
}

// Fact is something known of the crossing, and what the scenario says of it.
type Fact struct {
	Fact     string    `json:"fact"`
	Reading  string    `json:"reading,omitempty"` // what the source leaves open, and how it was read
	Measure  string    `json:"measure"`
	Unit     string    `json:"unit"`
	Low      float64   `json:"low"`
	High     float64   `json:"high"`
	Source   string    `json:"source"`
	Result   *float64  `json:"result"`
	Interval []float64 `json:"ci95"`
	Outcome  Outcome   `json:"outcome"`
}

// Outcome says whether a fact is met.
type Outcome string

// The outcomes.
const (
	Met    Outcome = "met"   // the mean lies within the fact's range
	Near   Outcome = "near"  // the mean does not, its 95% interval does in part
	Above  Outcome = "above" // all of the interval is higher
	Below  Outcome = "below"
	Untold Outcome = "cannot be told"
)

// Validate runs a scenario and compares it with the facts it holds out.
func Validate(file *sim.File, o sim.Options) (*Validation, error) {
	m, err := file.Model()
	if err != nil {
		return nil, err
	}
	if len(m.HeldOut) == 0 {
		return nil, fmt.Errorf("scenario %s holds out no facts; write them under validation: with a measure, low, high and source", file.Name)
	}
	measures := make([]Measure, len(m.HeldOut))
	for i, h := range m.HeldOut {
		if measures[i], err = Parse(h.Measure); err != nil {
			return nil, fmt.Errorf("%s: validation[%d]: %w", file.Name, i+1, err)
		}
	}
	values := make([][]float64, len(measures))
	all, err := sim.Each(m, o, func(_ int, r *study.Report) bool {
		for i := range measures {
			if x, ok := measures[i].Of(r); ok {
				values[i] = append(values[i], x)
			}
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	v := &Validation{Scenario: file.Name, Seed: o.Seed, Replications: all.Replications, Stable: all.Stable, StableReason: all.StableReason}
	for i, h := range m.HeldOut {
		if err := measures[i].Check(all); err != nil {
			return nil, err
		}
		f := Fact{Fact: h.Fact, Reading: h.Reading, Measure: measures[i].String(), Unit: measures[i].Unit(), Low: h.Low, High: h.High, Source: h.Source}
		if !all.Stable && !measures[i].always() {
			values[i] = nil
		}
		f.judge(study.SummarizeValues(values[i]))
		if f.Outcome == Met {
			v.Met++
		}
		v.Facts = append(v.Facts, f)
	}
	return v, nil
}

func (f *Fact) judge(s study.Summary) {
	f.Result = told(s.Mean)
	low, high := s.CI95[0], s.CI95[1]
	if math.IsNaN(low) || math.IsNaN(high) {
		low, high = s.Mean, s.Mean
	} else {
		f.Interval = []float64{low, high}
	}
	switch {
	case math.IsNaN(s.Mean):
		f.Outcome = Untold
	case s.Mean >= f.Low && s.Mean <= f.High:
		f.Outcome = Met
	case high >= f.Low && low <= f.High:
		f.Outcome = Near
	case low > f.High:
		f.Outcome = Above
	default:
		f.Outcome = Below
	}
}

// Text returns the validation as plain text for a terminal.
func (v *Validation) Text() string {
	p := &study.Page{}
	title := "Validation of " + v.Scenario
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Linef("%d replications, seed %d. No figure was fitted to these facts.", v.Replications, v.Seed)
	if !v.Stable {
		p.Wrap("NOT STABLE: ", v.StableReason+".")
	}
	p.Linef("%d of %d facts are met.", v.Met, len(v.Facts))
	for _, f := range v.Facts {
		p.Linef("")
		result := shown(f.Result, f.Unit)
		if f.Interval != nil {
			result += fmt.Sprintf(" (95%% interval %.3g to %.3g)", f.Interval[0], f.Interval[1])
		}
		p.Wrap("", fmt.Sprintf("%s: %s", strings.ToUpper(string(f.Outcome)), f.Fact))
		p.Wrap("  ", fmt.Sprintf("%s: known %s, simulated %s", f.Measure, ranged(f.Low, f.High, f.Unit), result))
		if f.Reading != "" {
			p.Wrap("  ", "Read as: "+f.Reading)
		}
		p.Wrap("  ", "Source: "+f.Source)
	}
	return p.String()
}

func ranged(low, high float64, unit string) string {
	if low == high {
		return strings.TrimSpace(fmt.Sprintf("%.4g %s", low, unit))
	}
	return strings.TrimSpace(fmt.Sprintf("%.4g to %.4g %s", low, high, unit))
}
