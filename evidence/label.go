package evidence

import (
	"fmt"
	"slices"
	"strings"

	"landport/gate"
	"landport/sim"
	"landport/study"
)

// Label says what a published figure is to a scenario.
type Label string

// The labels.
const (
	Calibrated Label = "calibrated"       // figures of the scenario were chosen so that it comes out
	HeldOut    Label = "held out"         // nothing was chosen by it, so that it validates
	InPart     Label = "held out in part" // figures were fitted to a part of what it is made of
	NotHeldOut Label = "not held out"     // figures were fitted to the same measure, whatever the scenario calls it
	Bounded    Label = "bounded"          // the result has to stay within it, which is too coarse to prove anything
	Given      Label = "given"            // a figure of the crossing, taken as it was published, or a result that an input was set to
)

// PublishedFigure is a published figure that a scenario holds.
type PublishedFigure struct {
	Label   Label  `json:"label"`
	Figure  string `json:"figure"` // what is given, by its path; else the measure
	Value   string `json:"value"`
	Samples int    `json:"samples,omitempty"`
	Fact    string `json:"fact,omitempty"`
	Reading string `json:"reading,omitempty"`
	Source  string `json:"source"`
}

// PublishedFigures lists what a scenario holds that somebody published, each
// with what it is to the scenario. Everything else in it is assumed.
func PublishedFigures(file *sim.File) ([]PublishedFigure, error) {
	m, err := file.Model()
	if err != nil {
		return nil, err
	}
	list := []PublishedFigure{}
	for _, t := range m.Calibrated {
		list = append(list, PublishedFigure{Label: Calibrated, Figure: timeAt(t.Post).String(), Value: fmt.Sprintf("%g h", t.TimeH), Samples: t.Samples, Source: t.Source})
	}
	for _, known := range []struct {
		label Label
		facts []sim.Known
	}{{HeldOut, m.HeldOut}, {Bounded, m.Bounds}} {
		for _, k := range known.facts {
			of, err := Parse(k.Measure)
			if err != nil {
				return nil, fmt.Errorf("%s: %q: %w", file.Name, k.Fact, err)
			}
			label := known.label
			if label == HeldOut {
				label = heldOut(m, of)
			} else if k.Input != "" {
				label = Given
			}
			list = append(list, PublishedFigure{Label: label, Figure: of.String(), Value: ranged(k.Low, k.High, of.Unit()), Fact: k.Fact, Reading: k.Reading, Source: k.Source})
		}
	}
	samples := map[string]int{}
	for _, c := range m.Costs {
		samples["costs["+c.Name+"]"] = c.Samples
	}
	for _, p := range crossing(file) {
		around, isCount := strings.CutSuffix(p.Path, ".samples")
		if p.Source == "" || isCount && samples[around] > 0 {
			continue
		}
		of, _, _ := strings.Cut(p.Path, "].")
		list = append(list, PublishedFigure{Label: Given, Figure: p.Path, Value: p.Value, Samples: samples[of+"]"], Source: p.Source})
	}
	return list, nil
}

// PublishedText lists published figures for a terminal.
func PublishedText(list []PublishedFigure) string {
	p := &study.Page{}
	if len(list) == 0 {
		p.Linef("Nothing in it was published; all of it is assumed.")
	}
	for i, f := range list {
		if i > 0 {
			p.Linef("")
		}
		head := fmt.Sprintf("%s: %s = %s", strings.ToUpper(string(f.Label)), f.Figure, f.Value)
		if f.Samples > 0 {
			head += ", " + samples(f.Samples)
		}
		p.Wrap("", head)
		for _, more := range []struct{ what, text string }{{"Fact: ", f.Fact}, {"Reading: ", f.Reading}, {"Source: ", f.Source}} {
			if more.text != "" {
				p.Wrap("  ", more.what+more.text)
			}
		}
	}
	return p.String()
}

// heldOut tells how far figures of a scenario were fitted to what a measure is
// of: the time at a post that it is calibrated to, by any statistic; and the
// time across, also of a kind, which is made of the times at all posts.
func heldOut(m *sim.Model, of Measure) Label {
	if of.Quantity != "crossing_h" {
		return HeldOut
	}
	posts := m.Layout.Posts
	if i := slices.IndexFunc(posts, func(p gate.Post) bool { return p.Name == of.Where }); i >= 0 {
		posts = posts[i : i+1]
	}
	fitted := 0
	for _, t := range m.Calibrated {
		if slices.ContainsFunc(posts, func(p gate.Post) bool { return p.Name == t.Post }) {
			fitted++
		}
	}
	switch fitted {
	case 0:
		return HeldOut
	case len(posts):
		return NotHeldOut
	}
	return InPart
}

// timeAt is the mean time at a post.
func timeAt(post string) Measure {
	return Measure{Statistic: "mean", Quantity: "crossing_h", Where: post}
}
