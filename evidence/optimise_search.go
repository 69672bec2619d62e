package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"landport/sim"
)

// Search is a space of plans: figures that may take several values, and choices
// of which each plan has one. docs/evidence.md describes the file.
type Search struct {
	Title   string   `yaml:"title"`
	Unit    string   `yaml:"cost_unit"` // of all costs, in words
	Budget  *float64 `yaml:"budget"`    // the most that a plan may cost; none if left out
	Figures []Range  `yaml:"figures"`
	Choices []Choice `yaml:"choices"`
	Assumed string   `yaml:"assumed"` // of the budget

	name string
	text []byte // to say where something stands
}

// Range is a figure, or several that change together, with the values it may
// take: a list, or from low to high by steps, in the unit of its kind (a
// distribution's mean in minutes).
type Range struct {
	Name   string    `yaml:"name"`
	Path   string    `yaml:"path"`  // one of path
	Paths  []string  `yaml:"paths"` // and paths
	Values []float64 `yaml:"values"`
	Low    *float64  `yaml:"low"`
	High   *float64  `yaml:"high"`
	Step   float64   `yaml:"step"` // 1 if left out
	Cost   float64   `yaml:"cost"` // of one unit more than the scenario has, for each path
	Reason `yaml:",inline"`
}

// Reason says why something may go so far and no further.
type Reason struct {
	Source  string `yaml:"source"`
	Assumed string `yaml:"assumed"`
}

// Choice is a decision between options, such as the plan of lanes or the policy.
type Choice struct {
	Name    string   `yaml:"name"`
	Options []Option `yaml:"options"`
	Reason  `yaml:",inline"`
}

// Option changes any values of a scenario; none for leaving it as it is.
type Option struct {
	Name string  `yaml:"name"`
	Cost float64 `yaml:"cost"`
	Set  []Set   `yaml:"set"`
}

// Set is a value that an option changes.
type Set struct {
	Path  string  `yaml:"path"`
	Value string  `yaml:"value"`
	Times float64 `yaml:"times"`
}

// DecodeSearch reads a search space. The name is for errors.
func DecodeSearch(name string, data []byte) (*Search, error) {
	s := &Search{name: name, text: data}
	if err := yaml.UnmarshalWithOptions(data, s, yaml.Strict()); err != nil {
		return nil, wrongIn(name, err)
	}
	if len(s.Figures)+len(s.Choices) == 0 {
		return nil, fmt.Errorf("%s: nothing may change; name figures with their values, or choices with their options", name)
	}
	if s.Unit == "" {
		s.Unit = "units of cost"
	}
	return s, nil
}

// wrongIn says what is wrong in a file, and where.
func wrongIn(name string, err error) error {
	var yamls yaml.Error
	if !errors.As(err, &yamls) {
		return fmt.Errorf("%s: %w", name, err)
	}
	where, text := name, yamls.GetMessage()
	var unknown *yaml.UnknownFieldError
	var ill *yaml.TypeError
	if t := yamls.GetToken(); t != nil {
		where = fmt.Sprintf("%s:%d:%d", name, t.Position.Line, t.Position.Column)
		switch {
		case errors.As(err, &unknown):
			text = fmt.Sprintf("unknown field %q%s", t.Value, perhaps(t.Value, searchFields))
		case errors.As(err, &ill):
			text = fmt.Sprintf("%q stands where %s belongs", t.Value, asked(ill.DstType.Kind().String()))
		}
	}
	return fmt.Errorf("%s: %s", where, text)
}

// asked is the word for what a field of a kind takes.
func asked(kind string) string {
	switch kind {
	case "float64":
		return "a number"
	case "string":
		return "text"
	case "slice":
		return "a list"
	}
	return "a mapping of fields"
}

// searchFields are the fields that may stand anywhere in the file of a search.
var searchFields = []string{
	"title", "cost_unit", "budget", "figures", "choices", "source", "assumed", "name", "path", "paths", "values", "low", "high", "step", "cost", "options", "set", "value", "times",
}

// at is where the entry of a path stands, such as $.figures[0]; the name alone
// where that cannot be told.
func (s *Search) at(path string) string {
	p, err := yaml.PathString(path)
	if err != nil {
		return s.name
	}
	n, err := p.ReadNode(bytes.NewReader(s.text))
	if err != nil || n == nil || n.GetToken() == nil {
		return s.name
	}
	return fmt.Sprintf("%s:%d", s.name, n.GetToken().Position.Line)
}

// axis is one thing that may change; level one state of it.
type axis struct {
	name   string
	levels []level
	now    int  // the level that the scenario is at; -1 if none
	choice bool // levels are options, of which any may follow any
}

type level struct {
	words    string
	cost     float64
	settings []sim.Setting
}

const mostLevels = 1000

// axes makes the space ready for a scenario.
func (s *Search) axes(file *sim.File) (list []axis, err error) {
	known := map[string]sim.Parameter{}
	for _, p := range file.Parameters() {
		known[p.Path] = p
	}
	for i := range s.Figures {
		a, err := s.Figures[i].axis(file, known)
		if err != nil {
			return nil, fmt.Errorf("%s: figures[%d]: %w", s.at(fmt.Sprintf("$.figures[%d]", i)), i+1, err)
		}
		list = append(list, a)
	}
	for i := range s.Choices {
		a, err := s.Choices[i].axis(file)
		if err != nil {
			return nil, fmt.Errorf("%s: choices[%d]: %w", s.at(fmt.Sprintf("$.choices[%d]", i)), i+1, err)
		}
		list = append(list, a)
	}
	for i := range list {
		for j := range i {
			if list[i].name == list[j].name {
				return nil, fmt.Errorf("%s: two of what may change are called %q; give each a name of its own", s.name, list[i].name)
			}
		}
	}
	return list, nil
}

func (r *Range) axis(file *sim.File, known map[string]sim.Parameter) (a axis, err error) {
	paths := slices.Clone(r.Paths)
	if r.Path != "" {
		paths = append([]string{r.Path}, paths...)
	}
	if len(paths) == 0 {
		return a, errors.New("lacks path: which figure of the scenario it is")
	}
	values, err := r.values()
	if err != nil {
		return a, err
	}
	a = axis{name: r.Name, now: -1}
	if a.name == "" {
		a.name = paths[0]
	}
	for i, x := range values {
		l := level{words: strconv.FormatFloat(x, 'g', 6, 64)}
		same := true
		for _, path := range paths {
			p, found := known[path]
			if !found {
				return a, notWritten(file, path)
			}
			setting, err := settingTo(&p, x)
			if err != nil {
				return a, err
			}
			if x != p.Mean {
				same, l.settings = false, append(l.settings, setting)
			}
			l.cost += r.Cost * (x - p.Mean)
			if i == 0 && p.Kind.Unit() == "min" {
				a.name = strings.TrimSuffix(a.name, ", min") + ", min"
			}
		}
		if same {
			a.now = i
		}
		a.levels = append(a.levels, l)
	}
	return a, nil
}

// notWritten says which paths come near one that is not a figure of the scenario.
func notWritten(file *sim.File, path string) error {
	if _, err := file.With(sim.Setting{Path: path, Value: "1"}); err != nil {
		return err
	}
	return fmt.Errorf("%q is not written in %s, so that nothing says what it is now; write it there, or make it a choice with options", path, file.Name)
}

// settingTo returns the setting that gives a figure a value in its unit.
func settingTo(p *sim.Parameter, x float64) (sim.Setting, error) {
	s := sim.Setting{Path: p.Path, Assumed: tryingPlans}
	switch p.Kind {
	case sim.KindCount:
		if x != math.Round(x) {
			return s, fmt.Errorf("%s is a whole number, and cannot be %g", p.Path, x)
		}
		s.Value = strconv.FormatFloat(x, 'f', 0, 64)
	case sim.KindProbability, sim.KindNumber:
		s.Value = strconv.FormatFloat(x, 'g', 12, 64)
	case sim.KindDuration, sim.KindTime, sim.KindRate:
		if !(p.Mean > 0 && x > 0) {
			return s, fmt.Errorf("%s is %g and cannot be turned into %g; make it a choice with options", p.Path, p.Mean, x)
		}
		s.Times = x / p.Mean
	default:
		return s, fmt.Errorf("%s is no number but a %s; make it a choice with options", p.Path, p.Kind)
	}
	return s, nil
}

const tryingPlans = "a plan that a search tried"

func (r *Range) values() ([]float64, error) {
	if len(r.Values) > 0 {
		if r.Low != nil || r.High != nil {
			return nil, errors.New("has both values and low or high; give one of the two")
		}
		return r.Values, nil
	}
	step := r.Step
	if step == 0 {
		step = 1
	}
	switch {
	case r.Low == nil || r.High == nil:
		return nil, errors.New("lacks values, or low and high")
	case !(step > 0) || *r.Low > *r.High || (*r.High-*r.Low)/step > mostLevels:
		return nil, fmt.Errorf("from %g to %g by %g are not 1 to %d values", *r.Low, *r.High, step, mostLevels)
	}
	var list []float64
	for i := 0; ; i++ {
		x := *r.Low + float64(i)*step
		if x > *r.High+step/1e6 {
			return list, nil
		}
		list = append(list, x)
	}
}

func (c *Choice) axis(file *sim.File) (a axis, err error) {
	a = axis{name: c.Name, now: -1, choice: true}
	if c.Name == "" || len(c.Options) == 0 {
		return a, errors.New("lacks name or options")
	}
	for i, o := range c.Options {
		if o.Name == "" {
			return a, fmt.Errorf("options[%d] lacks name", i+1)
		}
		l := level{words: o.Name, cost: o.Cost}
		for _, s := range o.Set {
			l.settings = append(l.settings, sim.Setting{Path: s.Path, Value: s.Value, Times: s.Times, Assumed: tryingPlans})
		}
		if _, err := file.With(l.settings...); err != nil {
			return a, fmt.Errorf("option %q: %w", o.Name, err)
		}
		if len(o.Set) == 0 && o.Cost == 0 {
			a.now = i
		}
		a.levels = append(a.levels, l)
	}
	return a, nil
}

// measuresOf are the kinds of measures a border can take, by how the paths begin
// or end that they change.
var measuresOf = [...]struct {
	kind         string
	begins, ends []string
}{
	{"officers and their shifts", []string{"stops["}, []string{".servers", ".shifts", ".breaks", ".hours"}},
	{"service times and steps", []string{"stops[", "procedures"}, []string{".service", ".time", "]", ".route", "procedures"}},
	{"lanes and rooms", []string{"places["}, []string{".count", ".capacity"}},
	{"opening hours", []string{"posts[", "openings"}, nil},
	{"lanes turned, opened or closed by the hour", []string{"orders"}, nil},
	{"whom to call", []string{"policies"}, nil},
	{"slots and bookings", []string{"classes["}, []string{".booking", ".probability", ".lead", ".no_show", ".lateness", ".earliness"}},
	{"papers ready on arrival", []string{"classes["}, []string{".ready", ".lodged_after", ".dossier"}},
}

// untouched lists the kinds of measures that no level of any axis takes.
func untouched(axes []axis) (kinds []string) {
	kinds = []string{}
	for _, m := range measuresOf {
		takes := func(s sim.Setting) bool {
			return slices.ContainsFunc(m.begins, func(b string) bool { return strings.HasPrefix(s.Path, b) }) &&
				(m.ends == nil || slices.ContainsFunc(m.ends, func(e string) bool { return strings.HasSuffix(s.Path, e) }))
		}
		if !slices.ContainsFunc(axes, func(a axis) bool {
			return slices.ContainsFunc(a.levels, func(l level) bool { return slices.ContainsFunc(l.settings, takes) })
		}) {
			kinds = append(kinds, m.kind)
		}
	}
	return kinds
}
