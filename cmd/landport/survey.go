package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"landport/survey"
)

type surveyCommands struct {
	Check    surveyCheckCommand    `cmd:"" help:"Check a recording sheet and list the rows that cannot be read."`
	Study    surveyStudyCommand    `cmd:"" help:"Sum up recording sheets, with and without what is flagged."`
	Template surveyTemplateCommand `cmd:"" help:"Print the headers of a recording sheet as CSV."`
}

// sheetFlags say how to read a sheet.
type sheetFlags struct {
	Map  string `placeholder:"FILE" help:"Which header holds what, as YAML; without it, by the headers themselves."`
	Post string `placeholder:"NAME" help:"Post of the rows that name none."`
	Zone string `placeholder:"ZONE" help:"Time zone of all times, such as Asia/Phnom_Penh; without it, that of each post's country."`
}

// read reads sheets. Plates are forgotten when they are put together.
func (f sheetFlags) read(files ...string) (sheets []*survey.Sheet, err error) {
	var m survey.Mapping
	if f.Map != "" {
		data, err := os.ReadFile(f.Map)
		if err != nil {
			return nil, misuse{err}
		}
		if m, err = survey.DecodeMapping(f.Map, data); err != nil {
			return nil, misuse{err}
		}
	}
	if f.Post != "" {
		m.Post = f.Post
	}
	if f.Zone != "" {
		m.Zone = f.Zone
	}
	var zone *time.Location
	if m.Zone != "" {
		if zone, err = time.LoadLocation(m.Zone); err != nil || m.Zone == "Local" {
			return nil, misuse{fmt.Errorf("there is no time zone %q; write one such as Asia/Phnom_Penh", m.Zone)}
		}
	}
	for _, file := range files {
		data, errRead := os.ReadFile(file)
		if errRead != nil {
			err = errors.Join(err, errRead)
			continue
		}
		sheet, errSheet := survey.Import(filepath.Base(file), data, m, zone)
		if errSheet != nil {
			err = errors.Join(err, errSheet)
			continue
		}
		sheets = append(sheets, sheet)
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
}

func (s surveyCheckCommand) Run(c console) error {
	sheets, err := s.read(s.File)
	if err != nil {
		return err
	}
	sheet := sheets[0]
	if s.Format == "json" {
		err = c.answer(checkedSheet{
			sheet.Name, sheet.Header, sheet.Headings, sheet.Rows, len(sheet.Records),
			append([]survey.Aside{}, sheet.Aside...), append([]survey.Problem{}, sheet.Remarks...),
		})
	} else {
		err = c.sayf("%s", sheet.Text())
	}
	if n := len(sheet.Aside); err == nil && n > 0 {
		err = fmt.Errorf("%d of %d rows of %s were kept aside", n, sheet.Rows, sheet.Name)
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
each figure is given with them and without. docs/survey.md gives the rules.`
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
