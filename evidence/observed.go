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
// and standard deviation are taken. Where no source is told, the table is it.
// A table whose first line has semicolons is separated by them, with a comma or
// a point for decimals. Rows of other posts than the scenario's are left out and
// named by line and post.
func ReadObservations(name string, r io.Reader, file *sim.File) (list []Observation, others []string, err error) {
	model, err := file.Model()
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReader(r)
	table := csv.NewReader(in)
	table.TrimLeadingSpace = true
	decimals := strings.NewReplacer()
	const longHead = 4096
	if begin, _ := in.Peek(longHead); bytes.Contains(bytes.SplitN(begin, []byte("\n"), 2)[0], []byte(";")) {
		table.Comma, decimals = ';', strings.NewReplacer(",", ".")
	}
	head, err := table.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w; the first line names the columns: post,time_h,samples,source", name, unexpected(err))
	}
	column := func(want string) int {
		return slices.IndexFunc(head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), want)
		})
	}
	post, hours, count, source := column("post"), column("time_h"), column("samples"), column("source")
	if post < 0 || hours < 0 {
		return nil, nil, fmt.Errorf("%s: line 1 names no column %s; it takes post and time_h, and may have samples and source", name, map[bool]string{true: "post", false: "time_h"}[post < 0])
	}
	single := map[string][]float64{}
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		at := func(column int) string {
			if column < 0 {
				return ""
			}
			return strings.TrimSpace(row[column])
		}
		line, _ := table.FieldPos(0)
		x, err := strconv.ParseFloat(decimals.Replace(at(hours)), 64)
		if err != nil || !(x > 0 && x < 24*366) {
			return nil, nil, fmt.Errorf("%s:%d: %q is not a time in hours", name, line, at(hours))
		}
		of := slices.IndexFunc(model.Layout.Posts, func(p gate.Post) bool { return strings.EqualFold(p.Name, at(post)) })
		if of < 0 {
			others = append(others, fmt.Sprintf("line %d %q", line, at(post)))
			continue
		}
		n := 1
		if text := at(count); text != "" {
			if n, err = strconv.Atoi(text); err != nil || n < 1 {
				return nil, nil, fmt.Errorf("%s:%d: %q is not a number of samples", name, line, text)
			}
		}
		m := timeAt(model.Layout.Posts[of].Name)
		switch i := slices.IndexFunc(list, func(o Observation) bool { return o.Measure == m }); {
		case i < 0:
			list = append(list, Observation{Measure: m, Mean: x, Samples: n, Source: cmp.Or(at(source), path.Base(name))})
		case n > 1 || list[i].Samples != len(single[m.Where]):
			return nil, nil, fmt.Errorf("%s:%d: %s has a mean already; give one mean, or every vehicle in a row of its own", name, line, m.Where)
		default:
			list[i].Samples++
		}
		if n == 1 {
			single[m.Where] = append(single[m.Where], x)
		}
	}
	if len(list) == 0 {
		return nil, others, fmt.Errorf("%s has no row of a post of %s; its posts are %s", name, file.Name, postNames(model))
	}
	for i := range list {
		if values := single[list[i].Measure.Where]; len(values) > 1 {
			list[i].Mean, list[i].SD = meanAndDeviation(values)
		}
	}
	return list, others, nil
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
