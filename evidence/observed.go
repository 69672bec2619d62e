package evidence

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"landport/gate"
	"landport/sim"
	"landport/study"
)

// ReadObservations reads times at posts from a CSV table with the columns post
// and time_h, and optionally samples and source. A row with samples is a
// published mean; rows without it are single vehicles, of which each post's mean
// and standard deviation are taken; where they differ by no more than their
// rounding they tell no deviation. Where no source is told, the table is it.
// A table whose first line has semicolons is separated by them, with a comma or
// a point for decimals. Rows of other posts than the scenario's are left out and
// named by line and post.
func ReadObservations(name string, r io.Reader, file *sim.File) (list []Observation, others []string, err error) {
	model, err := file.Model()
	if err != nil {
		return nil, nil, err
	}
	table, err := newTimeTable(name, r)
	if err != nil {
		return nil, nil, err
	}
	singles := map[string]*singleTimes{}
	for {
		row, err := table.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		of := slices.IndexFunc(model.Layout.Posts, func(p gate.Post) bool { return strings.EqualFold(p.Name, row.post) })
		if of < 0 {
			others = append(others, fmt.Sprintf("line %d %q", row.line, row.post))
			continue
		}
		m := timeAt(model.Layout.Posts[of].Name)
		single := singles[m.Where]
		switch i := slices.IndexFunc(list, func(o Observation) bool { return o.Measure == m }); {
		case i < 0:
			single = &singleTimes{}
			singles[m.Where] = single
			list = append(list, Observation{Measure: m, Mean: row.hours, Samples: row.samples, Source: cmp.Or(row.source, path.Base(name))})
		case row.samples > 1 || list[i].Samples != len(single.hours):
			return nil, nil, fmt.Errorf("%s:%d: %s has a mean already; give one mean, or every vehicle in a row of its own", name, row.line, m.Where)
		default:
			list[i].Samples++
		}
		if row.samples == 1 {
			single.add(&row)
		}
	}
	if len(list) == 0 {
		return nil, others, fmt.Errorf("%s has no row of a post of %s; its posts are %s", name, file.Name, postNames(model))
	}
	for i := range list {
		singles[list[i].Measure.Where].tell(&list[i])
	}
	return list, others, nil
}

// timeTable reads the rows of a table of times.
type timeTable struct {
	name                      string
	csv                       *csv.Reader
	decimals                  *strings.Replacer
	columns                   int
	post, time, count, source int // columns; below 0 where there is none
}

// timeRow is one of its rows.
type timeRow struct {
	line         int
	post, source string
	hours        float64
	decimals     int // with which the hours are written
	samples      int
}

func newTimeTable(name string, r io.Reader) (*timeTable, error) {
	in := bufio.NewReader(r)
	t := &timeTable{name: name, csv: csv.NewReader(in), decimals: strings.NewReplacer()}
	t.csv.TrimLeadingSpace, t.csv.FieldsPerRecord = true, -1
	const longHead = 4096
	if begin, _ := in.Peek(longHead); bytes.Contains(bytes.SplitN(begin, []byte("\n"), 2)[0], []byte(";")) {
		t.csv.Comma, t.decimals = ';', strings.NewReplacer(",", ".")
	}
	head, err := t.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w; the first line names the columns: post,time_h,samples,source", name, unexpected(err))
	}
	column := func(want string) int {
		return slices.IndexFunc(head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), want)
		})
	}
	t.columns, t.post, t.time, t.count, t.source = len(head), column("post"), column("time_h"), column("samples"), column("source")
	for _, needed := range []struct {
		name string
		at   int
	}{{"post", t.post}, {"time_h", t.time}} {
		if needed.at < 0 {
			return nil, fmt.Errorf("%s: line 1 names no column %s; it takes post and time_h, and may have samples and source", name, needed.name)
		}
	}
	return t, nil
}

// next returns the next row, io.EOF after the last.
func (t *timeTable) next() (row timeRow, err error) {
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return row, err
	} else if err != nil {
		return row, fmt.Errorf("%s: %w", t.name, err)
	}
	row.line, _ = t.csv.FieldPos(0)
	if len(cells) != t.columns {
		return row, fmt.Errorf("%s:%d: %d fields where line 1 names %d columns; write decimals with a point, such as 3.7, or separate all columns with semicolons", t.name, row.line, len(cells), t.columns)
	}
	cell := func(column int) string {
		if column < 0 {
			return ""
		}
		return strings.TrimSpace(cells[column])
	}
	row.post, row.source, row.samples = cell(t.post), cell(t.source), 1
	text := t.decimals.Replace(cell(t.time))
	if row.hours, err = strconv.ParseFloat(text, 64); err != nil {
		return row, fmt.Errorf("%s:%d: %q is not a time in hours", t.name, row.line, cell(t.time))
	}
	if !(row.hours >= shortestH && row.hours <= longestH) {
		return row, fmt.Errorf("%s:%d: %s h is no time at a post; write hours, from a minute, 0.017, up to a year", t.name, row.line, text)
	}
	_, fraction, _ := strings.Cut(text, ".")
	row.decimals = len(fraction)
	if text := cell(t.count); text != "" {
		if row.samples, err = strconv.Atoi(text); err != nil || row.samples < 1 {
			return row, fmt.Errorf("%s:%d: %q is not a number of samples", t.name, row.line, text)
		}
	}
	return row, nil
}

// Times at a post that are taken to be one.
const shortestH, longestH = 1.0 / 60, 24 * 366

// singleTimes are those of single vehicles at one post.
type singleTimes struct {
	hours    []float64
	decimals int // the most that one is written with
}

func (s *singleTimes) add(row *timeRow) {
	s.hours, s.decimals = append(s.hours, row.hours), max(s.decimals, row.decimals)
}

// tell sets an observation's mean, and the deviation if there is one to tell.
// Values that are no further apart than the last decimal they are written with
// may all be the same: their deviation is that of the rounding.
func (s *singleTimes) tell(o *Observation) {
	if len(s.hours) < 2 {
		return
	}
	o.Mean, o.SD = meanAndDeviation(s.hours)
	const inexact = 1e-9 // of the difference of two decimals
	if rounding := math.Pow10(-s.decimals); slices.Max(s.hours)-slices.Min(s.hours) <= rounding*(1+inexact) {
		o.SD, o.Alike = 0, true
	}
}

// Published lists the times that a scenario names under calibration.
func Published(file *sim.File) ([]Observation, error) {
	model, err := file.Model()
	if err != nil {
		return nil, err
	}
	var list []Observation
	for _, t := range model.Calibrated {
		list = append(list, Observation{Measure: timeAt(t.Post), Mean: t.TimeH, Samples: t.Samples, Source: t.Source})
	}
	return list, nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty")
	}
	return err
}

func postNames(m *sim.Model) string {
	var names []string
	for _, p := range m.Layout.Posts {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// meanAndDeviation returns the mean of values and their standard deviation.
func meanAndDeviation(values []float64) (mean, deviation float64) {
	mean = study.SummarizeValues(values).Mean
	for _, x := range values {
		deviation += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(deviation / float64(len(values)-1))
}
