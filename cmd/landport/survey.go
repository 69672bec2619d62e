package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"landport/survey"
)

type surveyCommands struct {
	Check    surveyCheckCommand    `cmd:"" help:"Check a recording sheet and list the rows that cannot be read."`
	Study    surveyStudyCommand    `cmd:"" help:"Sum up recording sheets, with outliers and without."`
	Protocol surveyProtocolCommand `cmd:"" help:"Write a survey protocol with its recording sheets, to be printed."`
	Freeze   surveyFreezeCommand   `cmd:"" help:"Freeze the plan of an assessment before the measure begins."`
	Assess   surveyAssessCommand   `cmd:"" help:"Judge a measure before and after, by the frozen plan."`
	Sign     surveySignCommand     `cmd:"" help:"Sign a frozen plan or an assessment for a working group."`
	Verify   surveyVerifyCommand   `cmd:"" help:"Check who signed."`
	Template surveyTemplateCommand `cmd:"" help:"Print the headers of a recording sheet as CSV."`
}

// sheetFlags say how to read a sheet.
type sheetFlags struct {
	Map  string `placeholder:"FILE" aliases:"mapping" help:"Which header holds what, as YAML; without it, by the headers themselves."`
	Post string `placeholder:"NAME" help:"Post of the rows that name none."`
	Zone string `placeholder:"ZONE" help:"Time zone of all times, such as Asia/Phnom_Penh; without it, that of each post's country."`
}

// mapping reads the mapping file and what the flags say beside it.
func (f sheetFlags) mapping() (m survey.Mapping, err error) {
	if f.Map != "" {
		data, err := readText(f.Map)
		if err != nil {
			return m, misuse{err}
		}
		if m, err = survey.DecodeMapping(f.Map, data); err != nil {
			return m, misuse{err}
		}
	}
	if f.Post != "" {
		m.Post = f.Post
	}
	if f.Zone != "" {
		m.Zone = f.Zone
	}
	return m, nil
}

// read reads sheets. Plates are forgotten when they are put together.
func (f sheetFlags) read(files ...string) (sheets []*survey.Sheet, err error) {
	m, err := f.mapping()
	if err != nil {
		return nil, err
	}
	var zone *time.Location
	if m.Zone != "" {
		if zone, err = time.LoadLocation(m.Zone); err != nil || m.Zone == "Local" {
			return nil, misuse{fmt.Errorf("there is no time zone %q; write one such as Asia/Phnom_Penh", m.Zone)}
		}
	}
	for _, file := range files {
		data, errRead := readFile(file, mostSheet)
		if errRead != nil {
			err = errors.Join(err, errRead)
			continue
		}
		all, errSheet := survey.ImportAll(filepath.Base(file), data, m, zone)
		err = errors.Join(err, errSheet)
		sheets = append(sheets, all...)
	}
	if err != nil {
		return nil, misuse{err}
	}
	return sheets, nil
}

type surveyCheckCommand struct {
	File       string `arg:"" name:"file" help:"A sheet: CSV or XLSX."`
	sheetFlags `embed:""`
	Format     string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (surveyCheckCommand) Help() string {
	return `Examples:

  landport survey check bavet-monday.csv
  landport survey check bao-cao.xlsx --map map.yaml --post "Moc Bai" --format json

A mapping names the header of each column that is not recognised:

  columns: {arrival: Vào bãi, removal: Ra bãi}
  post: Moc Bai

Rows read and rows kept aside are all rows. docs/survey.md lists the columns.

Exit codes: 0 all rows read, 1 rows were kept aside, 2 the sheet cannot be read.`
}

// checkedSheet is a sheet as programs get it.
type checkedSheet struct {
	Sheet     string           `json:"sheet"`
	HeaderRow int              `json:"header_row"`
	Columns   []survey.Heading `json:"columns"`
	Rows      int              `json:"rows"`
	Records   int              `json:"records"`
	Aside     []survey.Aside   `json:"aside"`
	Remarks   []survey.Problem `json:"remarks"`
	Besides   []string         `json:"besides,omitempty"` // sheets of the workbook that were not read, and why
	More      []checkedSheet   `json:"more,omitempty"`    // the workbook's further sheets
}

func checked(s *survey.Sheet) checkedSheet {
	return checkedSheet{
		Sheet: s.Name, HeaderRow: s.Header, Columns: s.Headings, Rows: s.Rows, Records: len(s.Records),
		Aside: append([]survey.Aside{}, s.Aside...), Remarks: append([]survey.Problem{}, s.Remarks...), Besides: s.Besides,
	}
}

func (s surveyCheckCommand) Run(c console) error {
	sheets, err := s.read(s.File)
	if err != nil {
		return err
	}
	first, text := checked(sheets[0]), sheets[0].Text()
	rows, aside := sheets[0].Rows, len(sheets[0].Aside)
	for _, sheet := range sheets[1:] {
		first.More = append(first.More, checked(sheet))
		text += sheet.Text()
		rows, aside = rows+sheet.Rows, aside+len(sheet.Aside)
	}
	if s.Format == "json" {
		err = c.answer(first)
	} else {
		err = c.sayf("%s", text)
	}
	if err == nil && aside > 0 {
		err = fmt.Errorf("%d of %d rows of %s were kept aside", aside, rows, filepath.Base(s.File))
	}
	return err
}

type surveyStudyCommand struct {
	Files      []string `arg:"" name:"file" help:"Sheets of both posts: CSV or XLSX."`
	sheetFlags `embed:""`
	Format     string `enum:"text,json" default:"text" help:"How to answer: text or json."`
}

func (surveyStudyCommand) Help() string {
	return `Examples:

  landport survey study bavet.csv moc-bai.xlsx
  landport survey study week/*.csv --map map.yaml --format json

The halves of a crossing are joined by number plate; then plates are forgotten.
Impossible orders, rows recorded twice and outliers are flagged, never dropped:
each figure is given with outliers first, then without them, then with all that
was recorded. docs/survey.md gives the rules.`
}

func (s surveyStudyCommand) Run(c console) error {
	sheets, err := s.read(s.Files...)
	if err != nil {
		return err
	}
	report := survey.New(sheets...).Study()
	if s.Format == "json" {
		return c.answer(report)
	}
	return c.sayf("%s", report.Text())
}

type surveyTemplateCommand struct{}

func (surveyTemplateCommand) Help() string {
	return `Example:

  landport survey template > sheet.csv`
}

func (surveyTemplateCommand) Run(c console) error { return survey.WriteTemplate(c.out) }

type surveyProtocolCommand struct {
	Post         []string `required:"" placeholder:"NAME" help:"The crossing's two posts, one by one."`
	Map          string   `placeholder:"FILE" aliases:"mapping" help:"A mapping that names posts Landport does not know."`
	Start        string   `placeholder:"DAY" help:"Local day of the first shift, such as 2027-03-01; without it, a line to fill in."`
	ShiftH       int      `default:"8" help:"Hours of a shift (default 8)."`
	CV           float64  `name:"cv" default:"0.8" help:"Standard deviation of the times over their mean (default 0.8, assumed)."`
	CVSource     string   `name:"cv-source" placeholder:"TEXT" help:"Where --cv is from; without it the protocol says that it is assumed."`
	DesignEffect float64  `default:"2" help:"How much more variance than independent samples have (default 2, assumed)."`
	MissingMost  float64  `default:"0.1" help:"Share of a field that may be missing (default 0.1)."`
	PerDay       int      `placeholder:"N" help:"Vehicles a day in one direction at one post, to say which of them to record."`
	EveryShift   bool     `help:"A recording sheet for each shift, not one to copy."`
	Out          string   `default:"-" placeholder:"FILE" help:"Where to write; - is standard output."`
}

func (surveyProtocolCommand) Help() string {
	return `Example:

  landport survey protocol --post Bavet --post "Moc Bai" --start 2027-03-01 --per-day 225 --out protocol.html

One HTML file that needs nothing else: open it in a browser and print it.`
}

func (s surveyProtocolCommand) Run(c console) error {
	m, err := sheetFlags{Map: s.Map}.mapping()
	if err != nil {
		return err
	}
	p := survey.Protocol{
		ShiftH: s.ShiftH, CV: s.CV, CVSource: s.CVSource, DesignEffect: s.DesignEffect, MissingMost: s.MissingMost, PerDay: s.PerDay, EveryShift: s.EveryShift,
	}
	for _, name := range s.Post {
		place, err := survey.PlaceOf(name, m.Posts)
		if err != nil {
			return misuse{err}
		}
		p.Posts = append(p.Posts, place)
	}
	if s.Start != "" {
		if p.Start, err = time.Parse(time.DateOnly, s.Start); err != nil {
			return misuse{fmt.Errorf("--start: %q is no day; write one such as 2027-03-01", s.Start)}
		}
	}
	if err := p.Check(); err != nil {
		return misuse{err}
	}
	return writeOut(c, s.Out, p.WriteProtocol)
}

// writeOut writes a file whole or not at all, or to standard output.
func writeOut(c console, name string, fill func(io.Writer) error) error {
	if name == "-" {
		return fill(c.out)
	}
	var page bytes.Buffer
	if err := fill(&page); err != nil {
		return err
	}
	return os.WriteFile(name, page.Bytes(), 0o600)
}
