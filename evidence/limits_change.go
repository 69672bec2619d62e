package evidence

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"landport/gate"
	"landport/sim"
	"landport/study"
)

// Balance says which single change of a lane, a shift or an hour lets a crossing
// cope with a demand.
type Balance struct {
	Factor  float64 `json:"factor"` // of the demand as written, at which changes were tried
	PerDay  float64 `json:"per_day"`
	Goods   float64 `json:"goods_per_day"`
	Measure string  `json:"measure"`
	Unit    string  `json:"unit"`
	Now     Look    `json:"now"`     // without any change
	Changes []Tried `json:"changes"` // those that restore balance first, then those with which no line grows, the best ahead
}

// Look is what runs at one demand showed.
type Look struct {
	Replications int      `json:"replications"`
	Stable       bool     `json:"stable"`
	Reason       string   `json:"stable_reason"`
	Settled      *bool    `json:"settled"` // of a steady state: null where too few or too short runs cannot tell
	Unsettled    string   `json:"not_settled,omitempty"`
	Result       *float64 `json:"result"`
}

// Tried is a single change and what it does. It restores balance if lines grow as
// it is, or are not shown to settle, and with the change are shown to.
type Tried struct {
	Change string   `json:"change"`
	Set    []string `json:"set"` // the figures that change, with their values
	Look
	Restores   bool      `json:"restores_balance"`
	Difference *float64  `json:"difference"` // to now, mean over the pairs
	Interval   []float64 `json:"ci95"`
}

// change is a change to be tried.
type change struct {
	words    string
	settings []sim.Setting
}

const tryingIt = "a single change, tried to find the limits"

// changes tries single changes at a demand, and ranks them.
func (f *finder) changes(l *Limits) error {
	by := 1.0
	if f.options.At != nil {
		by = *f.options.At
	} else if today, err := f.at(1); err != nil {
		return err
	} else if today.Copes() && l.Breaking != nil && l.Breaking.High != nil {
		by = *l.Breaking.High * beyond
	}
	file, err := f.loaded(by)
	if err != nil {
		return err
	}
	list, err := changesOf(file)
	if err != nil {
		return err
	}
	o := f.options.Run
	now, err := f.look(file, o)
	if err != nil {
		return err
	}
	if now.all.Copes() && !settles(now.all) {
		o = again(o)
		if now, err = f.look(file, o); err != nil {
			return err
		}
	}
	b := &Balance{
		Factor: by, PerDay: by * l.PerDay, Goods: l.Goods.at(by), Measure: f.options.Measure.String(), Unit: f.options.Measure.Unit(), Now: now.told(), Changes: []Tried{},
	}
	l.Balance = b
	for _, c := range list {
		changed, err := file.With(c.settings...)
		if err != nil {
			return fmt.Errorf("%s: %w", c.words, err)
		}
		if _, err := changed.Model(); err != nil {
			continue // lanes whose stops cannot be told apart, hours that overlap: no single change
		}
		t, err := f.look(changed, o)
		if err == nil && t.all.Copes() && !now.all.Copes() {
			t, err = f.look(changed, again(o))
		}
		if err != nil {
			return err
		}
		x := Tried{Change: c.words, Set: []string{}, Look: t.told(), Restores: settles(t.all) && !settles(now.all)}
		if now.all.Copes() { // else there is no mean to differ from, and what copes ran more often
			x.Difference, x.Interval = differences(t.values[0], now.values[0])
		}
		for _, s := range c.settings {
			x.Set = append(x.Set, s.Path+": "+s.Value)
		}
		b.Changes = append(b.Changes, x)
		f.ran()
	}
	better := float64(f.options.Measure.Better())
	slices.SortStableFunc(b.Changes, func(a, b Tried) int {
		for _, first := range []func(*Tried) bool{func(t *Tried) bool { return t.Restores }, func(t *Tried) bool { return t.Stable }} {
			if one := first(&a); one != first(&b) {
				return map[bool]int{true: -1, false: 1}[one]
			}
		}
		if a.Result == nil || b.Result == nil {
			return 0
		}
		return cmp.Compare(-better**a.Result, -better**b.Result)
	})
	return nil
}

// look runs a scenario and reads the measure that ranks changes.
func (f *finder) look(file *sim.File, o sim.Options) (looked, error) {
	t, err := try(file, []Measure{f.options.Measure}, o)
	return looked{t}, err
}

// looked is a result of that one measure.
type looked struct{ result }

func (t looked) told() Look {
	return Look{
		Replications: t.all.Replications, Stable: t.all.Copes(), Reason: t.all.StableReason, Settled: t.all.Settled, Unsettled: unsettledWords("it", t.all),
		Result: told(study.SummarizeValues(t.values[0]).Mean),
	}
}

// again is a second look, at what a first found to cope: in traffic of its own, so
// that who was lucky is not believed, and in many more replications, because few
// show neither that lines grow a little nor that they settle.
func again(o sim.Options) sim.Options {
	o.Replications, o.Seed = max(secondRuns, surely*o.Replications), o.Seed+1
	return o
}

const secondRuns = 20 // replications of a second look, the fewest

// settles reports whether no line grows, and of a steady state that it is shown to
// be one.
func settles(r *study.Report) bool { return r.Copes() && !r.Rises() && !unsure(r) }

// changesOf lists the single changes of a scenario: a server more at each stop
// and in each shift, a lane more of each group with what stands in it, an hour
// more at each post and at all.
func changesOf(file *sim.File) (list []change, err error) {
	model, err := file.Model()
	if err != nil {
		return nil, err
	}
	figures := file.Parameters()
	values := map[string]*sim.Parameter{}
	for i := range figures {
		values[figures[i].Path] = &figures[i]
	}
	return slices.Concat(moreServers(model, figures, values), moreLanes(model, figures, values), moreHours(figures)), nil
}

var shiftFigure = regexp.MustCompile(`^stops\[(.+)\]\.shifts\[\d+\]\.servers$`)

// moreServers leaves out stops of which there is one for each lane: their
// servers come with lanes.
func moreServers(m *sim.Model, figures []sim.Parameter, values map[string]*sim.Parameter) (list []change) {
	shifts := map[string]bool{}
	for i := range figures {
		p := &figures[i]
		match := shiftFigure.FindStringSubmatch(p.Path)
		if match == nil {
			continue
		}
		shifts[match[1]] = true
		c := change{words: "one more at " + match[1], settings: []sim.Setting{oneMore(p.Path, p)}}
		if hours := values[strings.TrimSuffix(p.Path, "servers")+"hours"]; hours != nil {
			c.words += ", " + hours.Value
		}
		if whole := values["stops["+match[1]+"].servers"]; whole != nil && whole.Mean <= p.Mean {
			c.settings = append(c.settings, oneMore(whole.Path, whole))
		}
		list = append(list, c)
	}
	for _, s := range m.Layout.Stops[1:] {
		path := "stops[" + s.Name + "].servers"
		if s.Servers >= gate.MaxServers || shifts[s.Name] || patternOf(s.Name, "stops", figures) != "" {
			continue
		}
		list = append(list, change{"one more at " + s.Name, []sim.Setting{{Path: path, Value: strconv.Itoa(int(s.Servers) + 1), Assumed: tryingIt}}})
	}
	return list
}

// moreLanes adds a lane to each group that is written with a count.
func moreLanes(m *sim.Model, figures []sim.Parameter, values map[string]*sim.Parameter) (list []change) {
	for i := range figures {
		name, ok := between(figures[i].Path, "places[", "].count")
		if !ok {
			continue
		}
		c, lanes := change{words: "one more " + strings.TrimSpace(strings.ReplaceAll(name, "*", "")), settings: []sim.Setting{oneMore(figures[i].Path, &figures[i])}}, false
		var with []string
		for _, p := range m.Layout.Procedures {
			for _, step := range p.Steps {
				for at, place := range p.Legs[step.Leg].Places {
					x := &m.Layout.Places[place]
					if x.Kind != gate.Lane || !named(name, x.Name) {
						continue
					}
					lanes = true
					if pattern := patternOf(m.Layout.Stops[step.Stops[at]].Name, "stops", figures); pattern != "" && !slices.Contains(with, pattern) {
						with = append(with, pattern)
					}
				}
			}
		}
		for _, pattern := range with {
			path := "stops[" + pattern + "].count"
			c.settings = append(c.settings, oneMore(path, values[path]))
		}
		if lanes {
			list = append(list, c)
		}
	}
	return list
}

// moreHours closes each post an hour later, and all of them.
func moreHours(figures []sim.Parameter) (list []change) {
	all := change{words: "all posts open an hour longer"}
	for i := range figures {
		name, ok := between(figures[i].Path, "posts[", "].hours")
		later := hourLater(figures[i].Value)
		if !ok || later == figures[i].Value {
			continue
		}
		s := sim.Setting{Path: figures[i].Path, Value: later, Assumed: tryingIt}
		list = append(list, change{name + " open an hour longer", []sim.Setting{s}})
		all.settings = append(all.settings, s)
	}
	if len(list) > 1 {
		list = append(list, all)
	}
	return list
}

func oneMore(path string, p *sim.Parameter) sim.Setting {
	return sim.Setting{Path: path, Value: strconv.Itoa(int(p.Mean) + 1), Assumed: tryingIt}
}

func between(text, before, after string) (string, bool) {
	text, one := strings.CutPrefix(text, before)
	text, two := strings.CutSuffix(text, after)
	return text, one && two
}

// patternOf returns the name with an asterisk that a name was made of, empty if
// it stands for itself.
func patternOf(name, list string, figures []sim.Parameter) string {
	for i := range figures {
		if pattern, ok := between(figures[i].Path, list+"[", "].count"); ok && named(pattern, name) {
			return pattern
		}
	}
	return ""
}

// named reports whether a pattern with an asterisk makes a name.
func named(pattern, name string) bool {
	before, after, found := strings.Cut(pattern, "*")
	number, ok := between(name, before, after)
	if _, err := strconv.Atoi(number); !found || !ok || err != nil {
		return false
	}
	return true
}

var (
	span       = regexp.MustCompile(`(\d\d):(\d\d)-(\d\d):(\d\d)`)
	andOneMore = regexp.MustCompile(`^, *\d\d:\d\d-`)
)

// hourLater writes hours that end an hour later, at midnight at most; of several
// spans a day the last.
func hourLater(hours string) string {
	var b strings.Builder
	done := 0
	for _, at := range span.FindAllStringSubmatchIndex(hours, -1) {
		b.WriteString(hours[done:at[0]])
		done = at[1]
		hour, _ := strconv.Atoi(hours[at[6]:at[7]])
		minute := hours[at[8]:at[9]]
		switch {
		case hour == 24 || andOneMore.MatchString(hours[done:]):
			b.WriteString(hours[at[0]:at[1]])
			continue
		case hour == 23:
			minute = "00"
		}
		fmt.Fprintf(&b, "%s-%02d:%s", hours[at[0]:at[5]], hour+1, minute)
	}
	return b.String() + hours[done:]
}
