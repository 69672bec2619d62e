package survey

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"landport/border"
)

// Plan says, before a measure is taken, how it will be judged after: what is
// compared, over which days, how it is adjusted, and what difference counts. A
// plan is frozen by its hash; an assessment by another plan is refused.
type Plan struct {
	Title       string   `yaml:"title"        json:"title"`
	Measure     string   `yaml:"measure"      json:"measure"`    // what changes between before and after
	Posts       []string `yaml:"posts"        json:"posts"`      // where it changes
	Comparison  []string `yaml:"comparison"   json:"comparison"` // posts where it does not; may be none
	Stage       string   `yaml:"stage"        json:"stage"`      // a stage of a study, or "crossing"
	Direction   string   `yaml:"direction"    json:"direction"`  // such as KH-VN, or exit or entry as each post sees it; "" is both
	Before      Period   `yaml:"before"       json:"before"`
	After       Period   `yaml:"after"        json:"after"`
	Volume      string   `yaml:"volume"       json:"volume"`       // "recorded" in the sheet's column, or "arrivals": all vehicles are in the sheets
	BandsPerH   []int    `yaml:"bands_per_h"  json:"bands_per_h"`  // where bands of hourly volume begin, beside 0
	Flagged     string   `yaml:"flagged"      json:"flagged"`      // which result counts: "with" or "without" what is flagged as impossible; outliers count in both
	SmallestMin float64  `yaml:"smallest_min" json:"smallest_min"` // smallest difference worth having, in minutes
	Places      []Place  `yaml:"places"       json:"places,omitempty"`
	Groups      []Group  `yaml:"groups"       json:"groups"` // the working groups that sign
}

// Period is local days from From up to and with To.
type Period struct {
	From string `yaml:"from" json:"from"`
	To   string `yaml:"to"   json:"to"`
}

// Group is a working group that signs an assessment.
type Group struct {
	Country string `yaml:"country" json:"country"`
	Name    string `yaml:"name"    json:"name"`
	Key     string `yaml:"key"     json:"key,omitempty"` // public key of its signatures, as landport survey sign prints it
}

// Values of Plan.Volume, Plan.Flagged and Plan.Direction.
const (
	VolumeRecorded = "recorded"
	VolumeArrivals = "arrivals"
	FlaggedWith    = "with"
	FlaggedWithout = "without"
	DirectionExit  = "exit"
	DirectionEntry = "entry"
)

// DecodePlan reads a plan. The name is for errors, which say where and what
// would be right.
func DecodePlan(name string, data []byte) (*Plan, error) {
	p := &Plan{}
	if err := yaml.UnmarshalWithOptions(data, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

func (p *Plan) check() error {
	for _, field := range []struct{ name, value, example string }{
		{"title", p.Title, "Single-stop inspection at Bavet – Moc Bai"}, {"measure", p.Measure, "joint goods check in the country of entry"},
	} {
		if field.value == "" {
			return fmt.Errorf("%s is missing; write for example %s: %s", field.name, field.name, field.example)
		}
	}
	if err := p.checkPosts(); err != nil {
		return err
	}
	stages := []string{StageCrossing}
	for _, s := range Stages() {
		stages = append(stages, s.Name)
	}
	if !slices.Contains(stages, p.Stage) {
		return fmt.Errorf("stage: there is no stage %q; there are %s", p.Stage, strings.Join(stages, ", "))
	}
	if err := p.checkPeriods(); err != nil {
		return err
	}
	if err := p.checkDirection(); err != nil {
		return err
	}
	switch {
	case p.Volume != VolumeRecorded && p.Volume != VolumeArrivals:
		return fmt.Errorf("volume: %q; write recorded, if the sheets have the column, or arrivals, if they hold every vehicle", p.Volume)
	case len(p.BandsPerH) == 0 || p.BandsPerH[0] < 1 || !slices.IsSorted(p.BandsPerH) || len(slices.Compact(slices.Clone(p.BandsPerH))) != len(p.BandsPerH):
		return errors.New("bands_per_h: write where bands of vehicles an hour begin, ascending, such as [10, 20, 30]")
	case p.Flagged != FlaggedWith && p.Flagged != FlaggedWithout:
		return fmt.Errorf("flagged: %q; write with or without: whether what is flagged as impossible counts is settled beforehand", p.Flagged)
	case !(p.SmallestMin >= 0 && p.SmallestMin < 1e6):
		return errors.New("smallest_min: write the smallest difference worth having in minutes, such as 15")
	case len(p.Groups) < 2:
		return errors.New("groups: name the working groups of both sides, each with country and name")
	}
	for i, g := range p.Groups {
		if g.Name == "" || !border.KnownCountry(g.Country) {
			return fmt.Errorf("groups: entry %d: a group has a country and a name, such as {country: KH, name: Cambodian working group}", i+1)
		}
	}
	return nil
}

func (p *Plan) checkPosts() error {
	if len(p.Posts) == 0 {
		return errors.New("posts: name the posts where the measure is taken, such as [Bavet, Moc Bai]")
	}
	for _, names := range [][]string{p.Posts, p.Comparison} {
		for i := range names {
			place, err := PlaceOf(names[i], p.Places)
			if err != nil {
				return fmt.Errorf("posts: %w", err)
			}
			names[i] = place.Name // as sheets name it
		}
	}
	for _, name := range p.Comparison {
		if slices.Contains(p.Posts, name) {
			return fmt.Errorf("comparison: %s is one of the posts where the measure is taken; compare with others", name)
		}
	}
	return nil
}

func (p *Plan) checkPeriods() error {
	var ends []time.Time
	for _, e := range []struct{ name, day string }{
		{"before.from", p.Before.From}, {"before.to", p.Before.To}, {"after.from", p.After.From}, {"after.to", p.After.To},
	} {
		day, err := time.Parse(time.DateOnly, e.day)
		if err != nil {
			return fmt.Errorf("%s: %q is no day; write one such as 2027-03-01", e.name, e.day)
		}
		if len(ends) > 0 && day.Before(ends[len(ends)-1]) || len(ends) == 2 && !day.After(ends[1]) {
			return fmt.Errorf("%s: %s comes too early; before ends, then after begins", e.name, e.day)
		}
		if len(ends)%2 == 1 && day.Equal(ends[len(ends)-1]) {
			return fmt.Errorf("%s: %s is one day with its beginning; an interval needs at least two days, and seven are right", e.name, e.day)
		}
		ends = append(ends, day)
	}
	return nil
}

// checkDirection refuses a direction that one of the posts cannot have: no
// survey could ever fill that plan.
func (p *Plan) checkDirection() error {
	from, to, cut := strings.Cut(p.Direction, "-")
	switch {
	case p.Direction == "" || p.Direction == DirectionExit:
		return nil
	case p.Direction == DirectionEntry && p.Stage == StageCrossing:
		return errors.New("direction: a crossing is counted at its post of exit; write exit, and name those posts")
	case p.Direction == DirectionEntry:
		return nil
	case !cut || !border.KnownCountry(from) || !border.KnownCountry(to):
		return fmt.Errorf("direction: %q is no direction; write exit or entry, as each post sees it, or one such as KH-VN, or leave it out for both", p.Direction)
	}
	for _, name := range slices.Concat(p.Posts, p.Comparison) {
		place, err := PlaceOf(name, p.Places)
		if err != nil {
			return err
		}
		here, there := place.Country, place.Facing
		switch {
		case p.Direction != here+"-"+there && p.Direction != there+"-"+here:
			return fmt.Errorf("direction: %s lies between %s and %s, so nothing there goes %s; write exit or entry, as each post sees it, or leave it out for both", name, here, there, p.Direction)
		case p.Stage == StageCrossing && from != here:
			return fmt.Errorf("direction: %s is the way in at %s, and a crossing is counted at its post of exit; name the post across the line, or write %s-%s", p.Direction, name, here, there)
		}
	}
	return nil
}

// covers reports whether a record goes in the plan's direction.
func (p *Plan) covers(r *Record) bool {
	switch p.Direction {
	case "":
		return true
	case DirectionExit:
		return r.Post.Country == r.Exit
	case DirectionEntry:
		return r.Post.Country == r.Entry
	}
	return r.Direction() == p.Direction
}

// band names the band of an hourly volume, such as "10–19 an hour".
func (p *Plan) band(volume int) string {
	low := 0
	for _, edge := range p.BandsPerH {
		if volume < edge {
			return fmt.Sprintf("%d–%d an hour", low, edge-1)
		}
		low = edge
	}
	return fmt.Sprintf("%d and more an hour", low)
}
