package web

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// Bounds of what the studio runs; landport simulate --against has none of them.
const (
	replicationsMost = 500
	daysMost         = 366
	visitsMost       = 10_000_000 // arrivals in all replications of both
	settingsMost     = 200
	textMost         = 300 // letters of one value
)

// experiment is what a link or a form asks: a scenario with some of its figures
// changed, beside the same scenario or another one as it is.
type experiment struct {
	Scenario, Against string // names; Against is empty for the scenario unchanged
	Groups            []knobGroup
	Run               [3]*asked // replications, days, seed
	Problems          []string  // that belong to no one field

	names      []string // of the scenarios to choose from
	base, plan *sim.File
	unchanged  *sim.File     // the scenario that the plan was made of by settings; nil for none
	model      *sim.Model    // of the plan
	settings   []sim.Setting // that make it of the scenario
	options    sim.Options
}

// asked is one number about how to run.
type asked struct {
	Name, Label, About, Usual, Value, Problem string
}

// readExperiment reads a link's query or a form. What is wrong is said at the
// field it is about.
func (s *Server) readExperiment(form url.Values) *experiment {
	e := &experiment{Scenario: form.Get("scenario"), Against: form.Get("against"), Run: [3]*asked{
		{Name: "replications", Label: "Pairs of runs", Usual: "20", About: "Two runs of the same random course of days, one as it is and one as changed. More pairs tell smaller differences."},
		{Name: "days", Label: "Days measured in each", Usual: "7", About: "After those in which it fills, which do not count."},
		{Name: "seed", Label: "Seed", Usual: "1", About: "Which random courses: the same number gives the same answer again."},
	}}
	e.names = s.scenarioNames()
	usual := e.names[0]
	if name := s.source.Model().Name; s.own == nil && slices.Contains(e.names, name) {
		usual = name
	}
	if e.Scenario == "" {
		e.Scenario = usual
	}
	if e.Against == e.Scenario {
		e.Against = ""
	}
	file, err := s.scenario(e.Scenario)
	if err != nil {
		e.problem(err)
		e.Scenario = usual
		if file, err = s.scenario(usual); err != nil {
			panic(err) // those that come with Landport are read by its tests
		}
	}
	e.base, e.plan = file, file
	if e.Against != "" {
		if e.base, err = s.scenario(e.Against); err != nil {
			e.problem(err)
			e.base, e.Against = file, ""
		}
	}
	if e.Against != "" {
		e.Run[0].About = "Two runs of the same random course of days, one in each of the two scenarios. More pairs tell smaller differences."
	}
	e.Groups = knobsOf(file)
	e.turn(file, form)
	e.setRun(form)
	return e
}

// Own is a scenario of whoever started the program, by the name it was given
// there, such as mine.yaml.
type Own struct {
	Name    string
	File    *sim.File
	Sources []evidence.Source // the file, and those that it extends
}

// scenarioNames are those to choose from: the caller's own, then those that come
// with Landport.
func (s *Server) scenarioNames() []string {
	if s.own == nil {
		return scenarios.Names()
	}
	return append([]string{s.own.Name}, scenarios.Names()...)
}

// scenario finds one of them.
func (s *Server) scenario(name string) (*sim.File, error) {
	if s.own != nil && s.own.Name == name {
		return s.own.File, nil
	}
	return shipped(name)
}

// shipped reads a scenario that comes with Landport.
func shipped(name string) (*sim.File, error) {
	data, err := scenarios.Read(name)
	if err != nil {
		return nil, err
	}
	return sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(name+".yaml", data)
}

func (e *experiment) problem(err error) {
	e.Problems = append(e.Problems, sentence(plainly(err)))
}

// plainly is what is wrong without where in which file: the page says that.
func plainly(err error) string {
	if e, ok := errors.AsType[*sim.Error](err); ok {
		return e.Text
	}
	return err.Error()
}

// turn sets the knobs as asked and makes the plan.
func (e *experiment) turn(file *sim.File, form url.Values) {
	e.addOthers(file, form)
	turned := map[*knob]sim.Setting{}
	for k := range e.knobs() {
		given := strings.TrimSpace(form.Get(k.Path))
		if given == "" || same(given, k.Says) {
			continue
		}
		set, err := k.turn(given)
		switch {
		case err == nil && !k.Changed():
			continue
		case err == nil && len(e.settings) == settingsMost:
			err = fmt.Errorf("more than %d figures are changed; write an overlay and use landport simulate", settingsMost)
		case err == nil:
			_, err = file.With(set)
		}
		if err != nil {
			k.refuse(err)
			continue
		}
		turned[k] = set
		e.settings = append(e.settings, set)
	}
	e.settings = append(e.settings, carried(file, e.settings)...)
	var err error
	if e.plan, e.model, err = changed(file, e.settings); err != nil && !e.blamed(file, turned) {
		e.problem(err)
	}
	if e.plan != file {
		e.unchanged = file
	}
}

// changed is a scenario with settings; as it is where they cannot be.
func changed(file *sim.File, settings []sim.Setting) (plan *sim.File, m *sim.Model, err error) {
	plan = file
	if len(settings) > 0 {
		if plan, err = file.With(settings...); err != nil {
			return file, nil, err
		}
	}
	m, err = plan.Model()
	return plan, m, err
}

// blamed says at their fields what cannot be, of those that cannot even alone.
func (e *experiment) blamed(file *sim.File, turned map[*knob]sim.Setting) (found bool) {
	for k := range e.knobs() {
		set, ok := turned[k]
		if !ok {
			continue
		}
		alone := []sim.Setting{set}
		if _, _, err := changed(file, append(alone, carried(file, alone)...)); err != nil {
			k.refuse(err)
			found = true
		}
	}
	return found
}

// addOthers adds knobs for what a link changes beyond those that are shown.
func (e *experiment) addOthers(file *sim.File, form url.Values) {
	known := []string{"scenario", "against", "key"}
	for k := range e.knobs() {
		known = append(known, k.Path)
	}
	for _, a := range e.Run {
		known = append(known, a.Name)
	}
	others := knobGroup{Name: "Other figures", About: "as the link gave them; written as in a scenario file"}
	for path := range form {
		if !slices.Contains(known, path) && len(others.Knobs) < settingsMost {
			others.Knobs = append(others.Knobs, &knob{Path: path, Label: path})
		}
	}
	if len(others.Knobs) == 0 {
		return
	}
	slices.SortFunc(others.Knobs, func(a, b *knob) int { return strings.Compare(a.Path, b.Path) })
	for _, p := range file.Parameters() {
		for _, k := range others.Knobs {
			if k.Path == p.Path {
				k.Says, k.Value, k.Source, k.Assumed, k.other = p.Value, p.Value, p.Source, p.Assumed, p.Kind
			}
		}
	}
	e.Groups = append(e.Groups, others)
}

// same reports whether two values are, as written or as numbers.
func same(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return a == b || err1 == nil && err2 == nil && x == y
}

// knobs are all of them in order.
func (e *experiment) knobs() func(yield func(*knob) bool) {
	return func(yield func(*knob) bool) {
		for _, g := range e.Groups {
			for _, k := range g.Knobs {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// setRun reads how to run, within what the studio takes.
func (e *experiment) setRun(form url.Values) {
	replications, days, seed := e.Run[0], e.Run[1], e.Run[2]
	for _, a := range e.Run {
		if a.Value = strings.TrimSpace(form.Get(a.Name)); a.Value == "" {
			a.Value = a.Usual
		}
	}
	var err error
	if e.options.Replications, err = strconv.Atoi(replications.Value); err != nil || e.options.Replications < 2 || e.options.Replications > replicationsMost {
		replications.Problem = fmt.Sprintf("A whole number from 2 to %d is needed.", replicationsMost)
	}
	text, unclear := decimal(days.Value)
	e.options.Days, err = strconv.ParseFloat(text, 64)
	switch {
	case unclear != nil:
		days.Problem = sentence(unclear.Error())
	case err == nil && e.options.Days > 0 && e.options.Days <= daysMost:
		days.Value = text
	default:
		days.Problem = fmt.Sprintf("A number of days up to %d is needed.", daysMost)
	}
	if e.options.Seed, err = strconv.ParseUint(seed.Value, 10, 64); err != nil {
		seed.Problem = "A whole number of 0 or more is needed."
	}
	if !e.good() {
		return
	}
	if visits := e.arrivals(e.base) + e.arrivals(e.plan); !(visits <= visitsMost) {
		e.Problems = append(e.Problems, fmt.Sprintf("This would be about %.0f million arrivals; the studio takes %d million. Ask for fewer pairs or days, or use landport simulate --against.",
			math.Ceil(visits/1e6), visitsMost/1_000_000))
	}
}

// arrivals is about how many there are in all replications of base or plan.
func (e *experiment) arrivals(f *sim.File) float64 {
	days := e.options.Days + float64(e.model.Warmup)/float64(24*time.Hour/time.Microsecond)
	return perDay(f, days) * days * float64(e.options.Replications)
}

// perDay is how many arrive on a mean day of a run of so many days.
func perDay(f *sim.File, days float64) (sum float64) {
	flow := map[string][2]float64{} // arrivals a day, growth
	for _, p := range f.Parameters() {
		name, field, _ := strings.Cut(strings.TrimPrefix(p.Path, "flows["), "]")
		now := flow[name]
		switch {
		case !strings.HasPrefix(p.Path, "flows["):
			continue
		case field == ".rate":
			now[0] = p.Mean
		case field == ".every":
			now[0] = 24 * 60 / p.Mean
		case field == ".growth_per_year":
			now[1] = p.Mean
		}
		flow[name] = now
	}
	for _, x := range flow {
		sum += x[0] * math.Pow(1+x[1], days/365)
	}
	return sum
}

// good reports whether nothing is wrong.
func (e *experiment) good() bool {
	for k := range e.knobs() {
		if k.Problem != "" {
			return false
		}
	}
	return len(e.Problems) == 0 && !slices.ContainsFunc(e.Run[:], func(a *asked) bool { return a.Problem != "" })
}

// turned counts the figures that were changed.
func (e *experiment) turned() (n int) {
	for k := range e.knobs() {
		if k.Changed() {
			n++
		}
	}
	return n
}

// Query is all that makes the experiment again, and nothing that goes without
// saying.
func (e *experiment) Query() string {
	q := url.Values{"scenario": {e.Scenario}}
	if e.Against != "" {
		q.Set("against", e.Against)
	}
	for k := range e.knobs() {
		if k.Changed() {
			q.Set(k.Path, k.Value)
		}
	}
	for _, a := range e.Run {
		if a.Value != a.Usual {
			q.Set(a.Name, a.Value)
		}
	}
	return q.Encode()
}

// Command runs the experiment without a browser, to the same digits.
func (e *experiment) Command() string {
	return evidence.CommandLine(append([]string{"landport", "simulate"}, e.words()...)...)
}

// baseName is the scenario that the plan is set beside.
func (e *experiment) baseName() string { return cmp.Or(e.Against, e.Scenario) }

// words are what simulate and report are told of the experiment.
func (e *experiment) words() []string {
	words := []string{e.Scenario, "--against", e.baseName()}
	for _, s := range e.settings {
		words = append(words, "--set", s.String())
	}
	return append(words, "--replications", strconv.Itoa(e.options.Replications), "--days", trimmed(e.options.Days), "--seed", strconv.FormatUint(e.options.Seed, 10))
}

func trimmed(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Link opens the experiment.
func (e *experiment) Link() string { return "/evidence?" + e.Query() }
