package sim

import (
	"fmt"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/study"
)

// compiler turns a file's entries into a layout and a model.
type compiler struct {
	*File
	model  *Model
	layout *gate.Layout

	posts       index[gate.PostID]
	directions  index[gate.Direction]
	openings    index[gate.OpeningID]
	formalities index[int]
	places      index[gate.PlaceID]
	stops       index[gate.StopID]
	procedures  index[gate.ProcedureID]
	classes     index[int]
	holidays    []dates // by post
	written     []written
	lets        letting
}

// written says where in the file a thing of the layout was written.
type written struct{ name, path string }

// Model makes the scenario ready to run. The error, an *Error, names the first
// thing found wrong: an unknown name, impossible hours, probabilities that do
// not add up, a class that no procedure accepts, a procedure that can never
// finish, a layout that can deadlock.
func (f *File) Model() (*Model, error) {
	c := &compiler{
		File: f,
		model: &Model{
			Name: f.Name, Title: f.Title, Span: border.Micros(f.Run.Length), Warmup: border.Micros(f.Run.Warmup.span), pilot: f.Run.Warmup.auto,
			Standard: border.Micros(f.Standard), Notes: f.Notes,
		},
		layout: &gate.Layout{Name: f.Name},
		posts:  indexOf[gate.PostID]("post", "posts"), directions: indexOf[gate.Direction]("direction", "directions"),
		openings: indexOf[gate.OpeningID]("opening", "openings"), formalities: indexOf[int]("formality", "formalities"),
		places: indexOf[gate.PlaceID]("place", "places"), stops: indexOf[gate.StopID]("stop", "stops"),
		procedures: indexOf[gate.ProcedureID]("procedure", "procedures"), classes: indexOf[int]("class", "classes"),
	}
	c.model.Layout = c.layout
	for _, p := range f.parameters {
		if p.Fact() {
			continue
		}
		c.model.Parameters++
		if p.Assumed != "" {
			c.model.Assumed = append(c.model.Assumed, p.Path)
		}
	}
	for _, step := range []func() error{
		c.setPosts, c.setDirections, c.setOpenings, c.setFormalities, c.setPlaces, c.setStops, c.setProcedures,
		c.setPolicies, c.setRun, c.setServices, c.setClasses, c.setFlows, c.setOrders, c.setBreakdowns, c.setCosts, c.setTargets, c.setKnown, c.setCauses, c.checkInForce, c.check, c.checkUndone, c.checkLanes, c.compileLayout, c.tryOrders,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c.model, nil
}

func (c *compiler) setRun() error {
	start := border.Date(c.Run.Start)
	if !c.text.has("run.start") {
		start = border.Date{Year: 2018, Month: 1, Day: 1}
	}
	c.model.Start = border.At(time.Date(start.Year, start.Month, start.Day, 0, 0, 0, 0, c.layout.Posts[0].Zone))
	if !c.text.has("run.length") {
		c.model.Span = 30 * border.Day
	}
	if c.model.Span == 0 {
		return c.text.errorf("run.length", "a run of no length measures nothing; write more, such as 30d")
	}
	switch {
	case c.model.Warmup >= c.model.Span:
		return c.text.errorf("run.warmup", "the warm-up takes the whole run; make it shorter than run.length")
	case c.model.pilot && c.model.Span < leastPilot:
		return c.text.errorf("run.warmup", "a run shorter than 10d is too short to find out a warm-up; make run.length 10d or more, or write how long the warm-up is")
	case c.model.pilot:
		c.model.WarmupRule = study.ByMSER5
	case c.model.Warmup > 0:
		c.model.WarmupRule = "declared"
	}
	return nil
}

func (c *compiler) setTargets() error {
	for _, e := range c.Targets {
		path := fmt.Sprintf("calibration[%d]", len(c.model.Calibrated)+1)
		if _, err := c.posts.the(&c.text, path+".post", e.Post); err != nil {
			return err
		}
		p := c.parameter(path + ".time")
		if p.Source == "" {
			return c.text.errorf(path+".time", "a published time needs the source that published it")
		}
		c.model.Calibrated = append(c.model.Calibrated, Target{
			Post: e.Post, TimeH: border.Micros(e.Time).Hours(), Samples: int(e.Samples), Source: p.Source,
		})
	}
	return nil
}

func (c *compiler) setKnown() (err error) {
	if c.model.HeldOut, err = c.known("validation", c.HeldOut); err == nil {
		c.model.Bounds, err = c.known("bounds", c.Bounds)
	}
	return err
}

// known checks the facts of one list.
func (c *compiler) known(list string, entries []knownEntry) (out []Known, err error) {
	for i, e := range entries {
		path := fmt.Sprintf("%s[%d]", list, i+1)
		p := c.parameter(path + ".low")
		switch {
		case e.Low > e.High:
			return nil, c.text.errorf(path, "low is above high")
		case p.Source == "":
			return nil, c.text.errorf(path, "a fact needs the source that published it")
		}
		out = append(out, Known{e.Fact, e.Reading, e.Measure, float64(e.Low), float64(e.High), p.Source, e.Input})
	}
	return out, nil
}

// setCauses notes the causes; whether their settings fit the scenario shows when
// they are made.
func (c *compiler) setCauses() error {
	for _, e := range c.Causes {
		path := "causes[" + e.Name + "]"
		cause := Cause{Name: e.Name, Issue: e.Issue, Says: e.Says, Adds: int(e.Adds), Unit: e.Unit}
		if (e.Adds == 0) != (e.Unit == "") {
			return c.text.errorf(path, "says how many with adds and of what with unit, or neither")
		}
		for i, s := range e.Without {
			at := fmt.Sprintf("%s.without[%d]", path, i+1)
			if (s.Value == "") == (s.Times == 0) {
				return c.text.errorf(at, "takes either a value or times, above 0")
			}
			cause.Without = append(cause.Without, Setting{Path: s.Path, Value: string(s.Value), Times: float64(s.Times), Assumed: "without " + e.Name + ": " + e.Says})
		}
		c.model.Causes = append(c.model.Causes, cause)
	}
	return nil
}

func (c *compiler) parameter(path string) Parameter {
	for _, p := range c.parameters {
		if p.Path == path {
			return p
		}
	}
	return Parameter{}
}

// compileLayout has the gate check the layout, and finds where in the file what
// it found wrong was written.
func (c *compiler) compileLayout() error {
	err := c.layout.Compile()
	if err == nil {
		return nil
	}
	return c.text.at[c.named(err.Error())].errorf("%v", err)
}

// named returns the path of what a sentence of the gate is about: a leg or a
// step of a procedure, or the first thing it names.
func (c *compiler) named(text string) (path string) {
	for i := range c.layout.Procedures {
		p := &c.layout.Procedures[i]
		rest, ok := strings.CutPrefix(text, fmt.Sprintf("procedure %q: ", p.Name))
		var n int
		if _, err := fmt.Sscanf(rest, "leg %d:", &n); ok && err == nil {
			return fmt.Sprintf("procedures[%s].route[%d]", p.Name, n)
		}
		if _, err := fmt.Sscanf(rest, "step %d:", &n); ok && err == nil {
			return c.stepPath(p, n-1)
		}
	}
	first := len(text)
	for _, e := range c.written {
		for _, name := range []string{`"` + e.name + `"`, " " + e.name + " →"} {
			if i := strings.Index(text, name); i >= 0 && i < first {
				path, first = e.path, i
			}
		}
	}
	return path
}
