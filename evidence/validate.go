package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"landport/sim"
	"landport/study"
)

// Validation sets facts that were held out, to which nothing was fitted, beside
// what a scenario gives; those that are called so, but rest in part or in whole
// on what it was fitted to; and those within which it has to stay, though that
// proves nothing.
type Validation struct {
	Scenario     string `json:"scenario"`
	Seed         uint64 `json:"seed"`
	Replications int    `json:"replications"`
	Stable       bool   `json:"stable"`
	StableReason string `json:"stable_reason"`
	Facts        []Fact `json:"facts"`            // held out
	Met          int    `json:"met"`              // of them
	InPart       []Fact `json:"held_out_in_part"` // see InPart
	Fitted       []Fact `json:"fitted"`           // see NotHeldOut
	Bounds       []Fact `json:"bounds"`           // see Bounded
	Given        []Fact `json:"given"`            // see Given: an input was set to them

	calibration []study.Calibration // what the scenario was fitted to, beside what came out
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
	if len(file.HeldOut)+len(file.Bounds) == 0 {
		return nil, fmt.Errorf("scenario %s holds out no facts; write them under validation: with a measure, low, high and source", file.Name)
	}
	_, v, err := runPublished(file, o, func() bool { return true })
	return v, err
}

// runPublished runs a scenario and sets what it says was published beside what it
// gives: what it was fitted to, and the facts it holds out, of which there may be
// none. It is asked after each replication whether to go on.
func runPublished(file *sim.File, o sim.Options, on func() bool) (*study.Report, *Validation, error) {
	m, err := file.Model()
	if err != nil {
		return nil, nil, err
	}
	known := slices.Concat(m.HeldOut, m.Bounds)
	measures := make([]Measure, len(known))
	for i := range known {
		if measures[i], err = Parse(known[i].Measure); err != nil {
			return nil, nil, fmt.Errorf("%s: %q: %w", file.Name, known[i].Fact, err)
		}
	}
	t, err := observeWhile(m, measures, o, on)
	if err != nil {
		return nil, nil, err
	}
	t.quotable(measures)
	v := &Validation{
		Scenario: file.Name, Seed: o.Seed, Replications: t.all.Replications, Stable: t.all.Copes(), StableReason: t.all.StableReason,
		Facts: []Fact{}, InPart: []Fact{}, Fitted: []Fact{}, Bounds: []Fact{}, Given: []Fact{}, calibration: t.all.Calibration,
	}
	for i, k := range known {
		f := Fact{Fact: k.Fact, Reading: k.Reading, Measure: measures[i].String(), Unit: measures[i].Unit(), Low: k.Low, High: k.High, Source: k.Source}
		f.judge(study.SummarizeValues(t.values[i]))
		if !v.Stable && (f.Outcome == Met || f.Outcome == Near) {
			f.Outcome = Untold
		}
		v.sort(f, heldOut(m, measures[i]), &k, i < len(m.HeldOut))
	}
	return t.all, v, nil
}

// sort puts a fact where it belongs.
func (v *Validation) sort(f Fact, label Label, k *sim.Known, held bool) {
	switch {
	case !held && k.Input != "":
		f.Reading = strings.TrimPrefix(f.Reading+"; set to it was "+k.Input, "; ")
		v.Given = append(v.Given, f)
		return
	case !held:
		v.Bounds = append(v.Bounds, f)
		return
	}
	switch label {
	case NotHeldOut:
		v.Fitted = append(v.Fitted, f)
	case InPart:
		v.InPart = append(v.InPart, f)
	default:
		v.Facts = append(v.Facts, f)
		if f.Outcome == Met {
			v.Met++
		}
	}
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

// missed says by how much a fact is missed, of the nearer end of its range; empty
// where it is met, or cannot be told.
func (f *Fact) missed() string {
	if f.Result == nil || *f.Result >= f.Low && *f.Result <= f.High {
		return ""
	}
	bound := f.Low
	if *f.Result > f.High {
		bound = f.High
	}
	text := "by " + ranged(math.Abs(*f.Result-bound), math.Abs(*f.Result-bound), f.Unit)
	if bound != 0 && f.Unit != "share" {
		text += fmt.Sprintf(", %.0f%%", 100*math.Abs(*f.Result/bound-1))
	}
	return text
}

// outcome is whether a fact is met, and by how much it is not.
func (f *Fact) outcome() string {
	text := string(f.Outcome)
	if by := f.missed(); by != "" {
		text += " " + by
	}
	return text
}

// missedWords say where to look for why facts that were held out are not met; empty
// where all are.
func (v *Validation) missedWords() string {
	if v.Met == len(v.Facts) {
		return ""
	}
	return "What is missed the model does not reproduce, by as much as stands beside it. Why, the reading says as far as it is known; what the model leaves out may be a part of it: officers who hurry or are called in when lines are long, and drivers who turn to another crossing."
}

const inPartWords = "Held out in part: figures were fitted to the time at one post, which is a part of these. Whether they are met says something of the rest only."

const fittedWords = "Not held out, although the scenario lists them so: figures were fitted to these measures, or to the times that they are made of. Whether they are met validates nothing."

const boundsWords = "Bounds, within which the result has to stay, though that proves nothing: they are too coarse."

const givenWords = "Given: an input was set to them, so a run that copes cannot fail them. They show that what was put in comes out, and nothing else."

// Text returns the validation as plain text for a terminal.
func (v *Validation) Text() string {
	p := &study.Page{}
	title := "Validation of " + v.Scenario
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Linef("%d replications, seed %d.", v.Replications, v.Seed)
	if !v.Stable {
		p.Wrap("NOT STABLE: ", v.StableReason+". Nothing is called met in a run that does not cope.")
	}
	if len(v.Facts) > 0 {
		p.Linef("Held out, with no figure fitted to them: %d of %d facts are met.", v.Met, len(v.Facts))
		write(p, v.Facts)
		if words := v.missedWords(); words != "" {
			p.Linef("")
			p.Wrap("", words)
		}
	}
	for _, more := range v.apart() {
		if len(more.facts) > 0 {
			p.Linef("")
			p.Wrap("", more.words)
			write(p, more.facts)
		}
	}
	return p.String()
}

// notCounted are facts that validate nothing, and why.
type notCounted struct {
	words string
	facts []Fact
}

func (v *Validation) apart() []notCounted {
	return []notCounted{{inPartWords, v.InPart}, {fittedWords, v.Fitted}, {boundsWords, v.Bounds}, {givenWords, v.Given}}
}

func write(p *study.Page, facts []Fact) {
	for _, f := range facts {
		p.Linef("")
		result := shown(f.Result, f.Unit)
		if f.Interval != nil {
			result += fmt.Sprintf(" (95%% interval %s)", ranged(f.Interval[0], f.Interval[1], f.Unit))
		}
		p.Wrap("", fmt.Sprintf("%s: %s", strings.Replace(f.outcome(), string(f.Outcome), strings.ToUpper(string(f.Outcome)), 1), f.Fact))
		p.Wrap("  ", fmt.Sprintf("%s: known %s, simulated %s", f.Measure, ranged(f.Low, f.High, f.Unit), result))
		if f.Reading != "" {
			p.Wrap("  ", "Reading: "+f.Reading)
		}
		p.Wrap("  ", "Source: "+f.Source)
	}
}
