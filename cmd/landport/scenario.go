package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// source finds a scenario by its name, or in a file.
func source(name string) (title string, data []byte, err error) {
	if !isFile(name) {
		data, err = scenarios.Read(name)
		return name + ".yaml", data, err
	}
	data, err = readFile(name, sim.MostBytes)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no file %s; landport scenario list shows what needs no file", name)
	}
	return name, data, err
}

// base finds the scenario that a file extends: one that comes with Landport, or
// a file beside it.
func base(file, extends string) (title string, data []byte, err error) {
	if isFile(extends) && !filepath.IsAbs(extends) {
		if extends = filepath.ToSlash(filepath.Join(filepath.Dir(file), extends)); !filepath.IsAbs(extends) {
			extends = "./" + extends
		}
	}
	return source(extends)
}

// isFile reports whether a name is a file's, not that of something that comes
// with Landport.
func isFile(name string) bool { return strings.ContainsAny(name, `./\`) }

// open reads a scenario and makes it ready to run.
func open(name string) (*sim.File, *sim.Model, error) {
	title, data, err := source(name)
	if err != nil {
		return nil, nil, misuse{err}
	}
	file, err := sim.Library{Zones: time.LoadLocation, Base: base}.Decode(title, data)
	if err != nil {
		return nil, nil, misuse{err}
	}
	model, err := file.Model()
	if err != nil {
		return nil, nil, misuse{err}
	}
	return file, model, nil
}

// changes are values of a scenario that the command line changes.
type changes struct {
	Set []setting `sep:"none" placeholder:"PATH=VALUE" help:"Change a value of the scenario, such as stops[customs].servers=6 or flows[trucks].rate*=1.1; may be given again. landport scenario show --format json lists the paths."`
}

// open reads a scenario and changes it.
func (c changes) open(name string) (*sim.File, *sim.Model, error) {
	file, model, err := open(name)
	if err != nil || len(c.Set) == 0 {
		return file, model, err
	}
	if file, err = file.With(c.settings()...); err == nil {
		model, err = file.Model()
	}
	if err != nil {
		return nil, nil, misuse{err}
	}
	return file, model, nil
}

// unfitted is open, but a scenario of which values are set says no longer that it
// is calibrated.
func (c changes) unfitted(name string) (*sim.File, *sim.Model, error) {
	file, model, err := c.open(name)
	if err != nil || len(c.Set) == 0 {
		return file, model, err
	}
	if file, err = file.Unfitted(); err != nil {
		return nil, nil, err
	}
	model, err = file.Model()
	return file, model, err
}

func (c changes) settings() (list []sim.Setting) {
	for _, s := range c.Set {
		list = append(list, sim.Setting(s))
	}
	return list
}

type listCommand struct {
	Format string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (listCommand) Help() string {
	return `Example:

  landport scenario list --format json`
}

type listed struct {
	Scenario string `json:"scenario"`
	Title    string `json:"title"`
}

func (l listCommand) Run(c console) error {
	var all []listed
	for _, name := range scenarios.Names() {
		_, model, err := open(name)
		if err != nil {
			return err
		}
		all = append(all, listed{name, model.Title})
	}
	if l.Format == "json" {
		return c.answer(all)
	}
	width := 0
	for _, s := range all {
		width = max(width, len(s.Scenario))
	}
	for _, s := range all {
		if err := c.sayf("%-*s  %s\n", width, s.Scenario, s.Title); err != nil {
			return err
		}
	}
	return nil
}

type showCommand struct {
	Scenario string `arg:"" name:"name|file" help:"A scenario that comes with Landport, or a file of your own."`
	Merged   bool   `help:"Print one file that extends no other: the scenario with those it extends, without their comments."`
	Facts    bool   `help:"List what somebody published of it, and whether it was calibrated to that, holds it out, is bounded by it or takes it as given."`
	Format   string `enum:"text,json" default:"text" help:"How to answer: text is the file as written, json its figures with their sources."`
}

func (showCommand) Help() string {
	return `Examples:

  landport scenario show mm5 > mine.yaml
  landport scenario show bavet-mocbai-2018 --format json
  landport scenario show bavet-mocbai-mid --merged
  landport scenario show bavet-mocbai-2018 --facts`
}

type parameter struct {
	Path    string   `json:"path"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Kind    sim.Kind `json:"kind"`
	Value   string   `json:"value"`
	Unit    string   `json:"unit,omitempty"` // of the numbers below
	Mean    *float64 `json:"mean"`
	Fit     *fit     `json:"fit,omitempty"`
	Source  string   `json:"source,omitempty"`
	Assumed string   `json:"assumed,omitempty"`
}

type fit struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func parameterOf(p *sim.Parameter) parameter {
	out := parameter{
		Path: p.Path, File: p.File, Line: p.Line, Kind: p.Kind, Value: p.Value, Unit: p.Kind.Unit(), Mean: known(p.Mean),
		Source: p.Source, Assumed: p.Assumed,
	}
	if p.Fit != nil {
		out.Fit = &fit{p.Fit.Low, p.Fit.High}
	}
	return out
}

func (s showCommand) Run(c console) error {
	_, data, err := source(s.Scenario)
	if err != nil {
		return misuse{err}
	}
	if s.Format == "text" && !s.Merged && !s.Facts {
		_, err := c.out.Write(data)
		return err
	}
	file, model, err := open(s.Scenario)
	if err != nil {
		return err
	}
	facts, err := evidence.PublishedFigures(file)
	if err != nil {
		return misuse{err}
	}
	switch {
	case s.Format == "text" && s.Facts:
		return c.sayf("%s", evidence.PublishedText(facts))
	case s.Format == "text":
		_, err := c.out.Write(file.YAML())
		return err
	}
	figures := []parameter{}
	for _, p := range file.Parameters() {
		figures = append(figures, parameterOf(&p))
	}
	return c.answer(struct {
		Scenario   string                     `json:"scenario"`
		Title      string                     `json:"title"`
		Notes      []string                   `json:"notes"`
		Facts      []evidence.PublishedFigure `json:"facts"`
		Parameters []parameter                `json:"parameters"`
	}{model.Name, model.Title, model.Notes, facts, figures})
}

type checkCommand struct {
	Scenario string `arg:"" name:"name|file" help:"A scenario that comes with Landport, or a file of your own."`
	Format   string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (checkCommand) Help() string {
	return `Examples:

  landport scenario check mine.yaml
  landport scenario check bavet-mocbai-2018 --format json

A scenario that is not good is told in one sentence with line and column; the exit code is 2.`
}

func (k checkCommand) Run(c console) error {
	_, model, err := open(k.Scenario)
	if err != nil {
		return err
	}
	if k.Format == "json" {
		return c.answer(struct {
			Scenario   string   `json:"scenario"`
			Parameters int      `json:"parameters"`
			Assumed    []string `json:"assumed_parameters"`
		}{model.Name, model.Parameters, append([]string{}, model.Assumed...)})
	}
	return c.sayf("%s is good: %d parameters, %d of them assumed.\n", model.Name, model.Parameters, len(model.Assumed))
}
