package web

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"landport/border"
	"landport/gate"
	"landport/sim"
)

// knob is one figure of a scenario that can be set. Its text is a number in its
// unit, of a distribution its mean, or what the file would say.
type knob struct {
	Path, Label, Unit string
	Kind              sim.Kind // "" for yes or no
	Says              string   // the scenario's text
	Value             string   // as asked
	Slider            *slider  // nil for what is no number
	Source, Assumed   string
	With              []string // counts that follow it: one booth to a lane
	Problem           string   // what is wrong with the value, in a sentence

	mean float64
	form bool // a distribution, which keeps its form

	other sim.Kind // of a figure that a link adds, which is written as in a file
}

// slider is what a hand moves within; the field beside it takes other numbers.
type slider struct{ Low, High, Step float64 }

// knobGroup are the knobs of one subject.
type knobGroup struct {
	Name, About string
	Knobs       []*knob
}

// Changed reports whether the knob was turned.
func (k *knob) Changed() bool { return k.Value != k.Says }

// ID is the knob's in the page.
func (k *knob) ID() string {
	return "k-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, k.Path)
}

// knobsOf lists the figures of a scenario that people turn, by subject, from all
// that it has; those that another one carries along are left out.
func knobsOf(f *sim.File) []knobGroup {
	groups := []knobGroup{
		{Name: "Lanes and yards", About: "how many there are, and how many vehicles each holds"},
		{Name: "Officers and shifts", About: "how many serve at once, and when"},
		{Name: "Service times", About: "means; how much they vary stays"},
		{Name: "Hours", About: "such as 06:00-22:00, 00:00-24:00 or closed"},
		{Name: "Policy", About: "whom to call next"},
		{Name: "Traffic", About: "who arrives"},
		{Name: "Dossiers", About: "when the papers are ready"},
	}
	l := labels{file: f, hours: map[string]string{}}
	for _, p := range f.Parameters() {
		if p.Kind == sim.KindHours {
			l.hours[p.Path] = p.Value
		}
	}
	tied := followers(f)
	for _, p := range f.Parameters() {
		if slices.ContainsFunc(tied, func(t follower) bool { return t.path == p.Path }) {
			continue
		}
		if group, k := l.knob(&p); k != nil {
			for _, t := range tied {
				if slices.Contains(t.places, p.Path) {
					k.With = append(k.With, t.name)
				}
			}
			groups[group].Knobs = append(groups[group].Knobs, k)
		}
	}
	slices.SortStableFunc(groups[0].Knobs, func(a, b *knob) int { // how many there are comes first
		return strings.Compare(b.Path[strings.LastIndex(b.Path, "."):], a.Path[strings.LastIndex(a.Path, "."):])
	})
	if len(f.Policies) > 0 {
		groups[4].Knobs = append(orders(f), groups[4].Knobs...)
	}
	return slices.DeleteFunc(groups, func(g knobGroup) bool { return len(g.Knobs) == 0 })
}

// orders are the two switches of the policy in force, which are no figures.
func orders(f *sim.File) []*knob {
	p := f.Policies[0]
	yes := func(field, label string, now bool) *knob {
		says := strconv.FormatBool(now)
		return &knob{Path: "policies[" + p.Name + "]." + field, Label: label, Says: says, Value: says}
	}
	return []*knob{
		yes("strict", "Nobody passes the first in line, whatever lane is free", p.Strict),
		yes("ready_first", "Who has no ready dossier is not called, and keeps the place in line", p.ReadyFirst),
	}
}

// labels words the figures of a scenario.
type labels struct {
	file  *sim.File
	hours map[string]string // by path
}

// knob words a figure, nil if it is none that people turn here, and says which
// group it belongs to.
func (l *labels) knob(p *sim.Parameter) (group int, k *knob) {
	list, rest, _ := strings.Cut(p.Path, "[")
	name, field, _ := strings.Cut(rest, "]")
	field = strings.TrimPrefix(field, ".")
	k = &knob{Path: p.Path, Kind: p.Kind, Source: p.Source, Assumed: p.Assumed, mean: p.Mean}
	thing := strings.TrimSuffix(name, " *")
	switch list + "." + field {
	case "places.count":
		k.Label, k.Unit = thing+", how many", l.many(name)
	case "places.capacity":
		k.Label, k.Unit = thing, "vehicles"
		if thing != name {
			k.Label += ", room in each"
		}
	case "stops.count":
		group, k.Label, k.Unit = 1, thing, "booths or counters"
	case "posts.hours", "openings.hours":
		group, k.Label = 3, thing
	case "posts.last_admission", "openings.last_admission":
		group, k.Label, k.Unit = 3, thing+", last admission before closing", "min"
	case "flows.rate":
		group, k.Label, k.Unit = 5, thing, "a day"
	case "flows.every":
		group, k.Label, k.Unit = 5, thing+", between arrivals", "min"
	case "flows.growth_per_year":
		group, k.Label, k.Unit = 5, thing+", growth", "of itself a year"
	case "classes.dossier.ready":
		group, k.Label, k.Unit = 6, thing+", ready on arrival", "%"
	case "classes.dossier.lodged_after":
		group, k.Label, k.Unit = 6, thing+", late ones come after", "min, mean"
	default:
		switch {
		case list == "policies":
			group, k.Label, k.Unit = 4, strings.ReplaceAll(strings.ReplaceAll(field, "_", " "), ".", ", "), unitOf(p.Kind)
		case list == "stops" && field != "":
			group = l.stop(k, thing, name, field)
		default:
			return 0, nil
		}
		if k.Label == "" {
			return 0, nil
		}
	}
	k.measure(p)
	return group, k
}

// stop words a figure of a stop.
func (l *labels) stop(k *knob, thing, name, field string) (group int) {
	around := strings.TrimSuffix(strings.TrimSuffix(k.Path, ".servers"), ".hours")
	switch {
	case field == "servers":
		k.Label, k.Unit = thing, "officers"
		if thing != name {
			k.Label += ", at each"
		}
	case strings.HasPrefix(field, "shifts[") && strings.HasSuffix(field, ".servers"):
		k.Label, k.Unit = thing+", "+l.hours[around+".hours"], "officers"
	case strings.HasPrefix(field, "breaks[") && strings.HasSuffix(field, ".servers"):
		k.Label, k.Unit = thing+", break "+l.hours[around+".hours"], "officers away"
	case strings.HasPrefix(field, "shifts["), strings.HasPrefix(field, "breaks["):
		kind, number, _ := strings.Cut(strings.TrimSuffix(field, ".hours"), "[")
		k.Label = thing + ", " + strings.TrimSuffix(kind, "s") + " " + strings.TrimSuffix(number, "]")
	case field == "service":
		k.Label, k.Unit = thing, "min"
	case strings.HasPrefix(field, "service[") && strings.HasSuffix(field, "].time"):
		k.Label, k.Unit = thing+l.served(name, field), "min"
		return 2
	}
	if field == "service" {
		return 2
	}
	return 1
}

// served says whom one case of a stop's service is for.
func (l *labels) served(stop, field string) string {
	at, err := strconv.Atoi(field[len("service["):strings.Index(field, "]")])
	if err != nil {
		return ""
	}
	for i := range l.file.Stops {
		cases := l.file.Stops[i].Service
		if l.file.Stops[i].Name != stop || at < 1 || at > len(cases) {
			continue
		}
		c := cases[at-1]
		switch accepts, refuses := border.Traits(c.Accepts), border.Traits(c.Refuses); {
		case accepts != 0:
			return ", " + strings.Join(accepts.Names(), " or ")
		case refuses != 0:
			return ", not " + strings.Join(refuses.Names(), " or ")
		case at > 1:
			return ", all others"
		}
	}
	return ""
}

// many is what several of a place are.
func (l *labels) many(name string) string {
	for i := range l.file.Places {
		if l.file.Places[i].Name == name && gate.PlaceKind(l.file.Places[i].Kind) == gate.Lane {
			return "lanes"
		}
	}
	return "of them"
}

func unitOf(kind sim.Kind) string {
	switch kind {
	case sim.KindDuration, sim.KindTime:
		return "min"
	case sim.KindRate:
		return "a day"
	case sim.KindProbability:
		return "%"
	}
	return ""
}

// measure sets a knob to what the scenario says.
func (k *knob) measure(p *sim.Parameter) {
	k.form = p.Kind == sim.KindTime && strings.ContainsAny(p.Value, "{[")
	if math.IsNaN(p.Mean) {
		k.Says, k.Value = p.Value, p.Value
		return
	}
	number := p.Mean
	if p.Kind == sim.KindProbability {
		number *= 100
	}
	k.Says = strconv.FormatFloat(number, 'g', 6, 64)
	k.Value = k.Says
	k.Slider = reach(p, number)
}

// reach is how far a slider goes: as far as the figure may be fitted, or to
// about three times of it.
func reach(p *sim.Parameter, now float64) *slider {
	switch {
	case p.Kind == sim.KindProbability:
		return &slider{0, 100, 1}
	case lanes(p.Path):
		return &slider{1, math.Min(lanesMost, math.Max(8, 3*now)), 1}
	case p.Kind == sim.KindCount:
		return &slider{math.Min(1, now), math.Max(8, 3*now), 1}
	case p.Fit != nil:
		return &slider{p.Fit.Low, p.Fit.High, 0.5}
	}
	step := math.Pow(10, math.Floor(math.Log10(math.Max(now, 0.1)))-1)
	return &slider{0, math.Max(step*10, math.Ceil(3*now/step)*step), step}
}

// setting is the change of the scenario that the knob's value stands for.
func (k *knob) setting() (sim.Setting, error) {
	set := sim.Setting{Path: k.Path, Value: k.Value}
	number, ok := k.number()
	if ok && k.other == sim.KindProbability && strings.HasSuffix(k.Value, "%") {
		set.Value = strconv.FormatFloat(number/100, 'f', -1, 64)
	}
	if !ok || k.Kind == sim.KindCount {
		return set, nil // it is written as in a file
	}
	written := func(unit string) string { return strconv.FormatFloat(number, 'f', -1, 64) + unit }
	switch k.Kind {
	case sim.KindRate:
		set.Value = written("/day")
	case sim.KindDuration:
		set.Value = written("m")
	case sim.KindProbability:
		set.Value = strconv.FormatFloat(number/100, 'f', -1, 64)
	case sim.KindTime:
		set.Value = written("m")
		if k.form && k.mean > 0 {
			if number == 0 {
				return set, errors.New("a mean above 0 is needed")
			}
			set.Value, set.Times = "", number/k.mean
		}
	}
	return set, nil
}

// follower is the count of a stop that stands once in each lane: it has to
// follow the number of lanes.
type follower struct {
	path, name string
	places     []string // paths of their counts
}

// followers finds them in the routes.
func followers(f *sim.File) []follower {
	var out []follower
	for _, p := range f.Procedures {
		for _, leg := range p.Route {
			var lanes []string
			for _, place := range leg.Place {
				if strings.HasSuffix(place, "*") {
					lanes = append(lanes, "places["+place+"].count")
				}
			}
			for _, step := range leg.Stops {
				for _, stop := range step.Stop {
					if strings.HasSuffix(stop, "*") && len(lanes) > 0 {
						out = follow(out, stop, lanes)
					}
				}
			}
		}
	}
	return out
}

func follow(all []follower, stop string, lanes []string) []follower {
	path := "stops[" + stop + "].count"
	at := slices.IndexFunc(all, func(t follower) bool { return t.path == path })
	if at < 0 {
		at, all = len(all), append(all, follower{path: path, name: strings.TrimSuffix(stop, " *")})
	}
	for _, lane := range lanes {
		if !slices.Contains(all[at].places, lane) {
			all[at].places = append(all[at].places, lane)
		}
	}
	return all
}

// carried are the counts that follow the settings: as many more booths as lanes.
func carried(f *sim.File, settings []sim.Setting) (out []sim.Setting) {
	now := map[string]float64{}
	for _, p := range f.Parameters() {
		now[p.Path] = p.Mean
	}
	for _, t := range followers(f) {
		if _, known := now[t.path]; !known || slices.ContainsFunc(settings, func(s sim.Setting) bool { return s.Path == t.path }) {
			continue
		}
		more := 0.0
		for _, s := range settings {
			if n, err := strconv.ParseFloat(s.Value, 64); err == nil && slices.Contains(t.places, s.Path) {
				more += n - now[s.Path]
			}
		}
		if more != 0 {
			out = append(out, sim.Setting{Path: t.path, Value: strconv.FormatFloat(now[t.path]+more, 'f', -1, 64), Assumed: "one in each lane"})
		}
	}
	return out
}
