package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"landport/border"
	"landport/node"
	"landport/study"
)

// studyRow is a line of an exported study. What the group does not tell is
// empty, and what cannot be told too.
type studyRow struct {
	Post      string   `parquet:"post,dict"`
	Direction *string  `parquet:"direction,optional,dict"`
	Load      *string  `parquet:"load_state,optional,dict"`
	Vehicle   *string  `parquet:"vehicle_type,optional,dict"`
	Day       *string  `parquet:"day,optional,dict"` // ISO 8601
	Hour      *int32   `parquet:"hour,optional"`     // of the local day
	Stage     string   `parquet:"stage,dict"`
	Visits    int64    `parquet:"visits"`
	Mean      *float64 `parquet:"mean_min,optional"`
	P50       *float64 `parquet:"p50_min,optional"`
	P90       *float64 `parquet:"p90_min,optional"`
	P95       *float64 `parquet:"p95_min,optional"`
	Min       *float64 `parquet:"least_min,optional"`
	Max       *float64 `parquet:"greatest_min,optional"`
	Exact     bool     `parquet:"exact"` // quantiles are those of the times themselves
}

func studyRowOf(post string, by node.StudyGroup, line *node.StudyLine, zone *time.Location) *studyRow {
	s := study.Summarize(line.Times, border.Minute)
	row := &studyRow{
		Post: post, Stage: line.Stage, Visits: s.N, Exact: line.Times.Exact(),
		Mean: known(s.Mean), P50: known(s.P50), P90: known(s.P90), P95: known(s.P95), Min: known(s.Min), Max: known(s.Max),
	}
	switch by {
	case node.ByDirection:
		row.Direction = &line.Direction
	case node.ByKind:
		row.Direction, row.Load, row.Vehicle = &line.Direction, &line.Load, &line.Vehicle
	case node.ByDay:
		row.Day = new(line.Start.Std(zone).Format(time.DateOnly))
	case node.ByHour:
		row.Hour = new(int32(line.Hour))
	}
	return row
}

// known is a number to a ten-thousandth, nil if it cannot be told.
func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return new(math.Round(x*10_000) / 10_000)
}

// columns are the names of a row's columns, as Parquet has them.
func columns[T any]() (names []string) {
	for _, field := range parquet.SchemaOf(new(T)).Fields() {
		names = append(names, field.Name())
	}
	return names
}

// cells are a row's values in the order of the columns, nil where there is none.
func cells[T any](row *T) (list []any) {
	v := reflect.ValueOf(row).Elem()
	for _, cell := range v.Fields() {
		if cell.Kind() == reflect.Pointer {
			if cell.IsNil() {
				list = append(list, nil)
				continue
			}
			cell = cell.Elem()
		}
		list = append(list, cell.Interface())
	}
	return list
}

// table writes rows in one of the formats, holding few of them.
type table[T any] struct {
	add   func(*T) error
	close func(about [][2]string) error // about the whole, for formats that have a place for it
}

func newTable[T any](ctx context.Context, format string, out io.Writer) table[T] {
	switch format {
	case "xlsx":
		return newSheet[T](out)
	case "parquet":
		return newParquet[T](ctx, out)
	default:
		return newCSV[T](out)
	}
}

func newCSV[T any](out io.Writer) table[T] {
	w := csv.NewWriter(out)
	first := true
	row := func(r *T) error {
		if first {
			first = false
			if err := w.Write(columns[T]()); err != nil || r == nil {
				return err
			}
		}
		if r == nil {
			return nil
		}
		var fields []string
		for _, cell := range cells(r) {
			switch cell := cell.(type) {
			case nil:
				fields = append(fields, "")
			case float64:
				fields = append(fields, strconv.FormatFloat(cell, 'f', -1, 64))
			default:
				fields = append(fields, fmt.Sprint(cell))
			}
		}
		return w.Write(fields)
	}
	return table[T]{add: row, close: func([][2]string) error {
		if err := row(nil); err != nil { // the columns, if there was no row
			return err
		}
		w.Flush()
		return w.Error()
	}}
}

// groupRows is how many rows of Parquet are held at most.
const groupRows = 50_000

func newParquet[T any](ctx context.Context, out io.Writer) table[T] {
	version, revision := built(ctx)
	version = strings.Trim(version, "()") // of (devel): readers take what stands in parentheses for the build
	w := parquet.NewGenericWriter[T](out, parquet.Compression(&parquet.Snappy), parquet.CreatedBy("landport", version, revision))
	held := 0
	return table[T]{
		add: func(r *T) error {
			if _, err := w.Write([]T{*r}); err != nil {
				return err
			}
			if held++; held < groupRows {
				return nil
			}
			held = 0
			return w.Flush()
		},
		close: func(about [][2]string) error {
			for _, a := range about {
				w.SetKeyValueMetadata(a[0], a[1])
			}
			return w.Close()
		},
	}
}

func newSheet[T any](out io.Writer) table[T] {
	book := excelize.NewFile()
	t := addSheet[T](book, "Study")
	flush := t.close
	t.close = func(about [][2]string) error {
		if err := flush(nil); err != nil {
			return err
		}
		return closeBook(book, out, about)
	}
	return t
}

// addSheet adds a sheet to a workbook; the first takes the place of the one that
// every workbook begins with. Its close writes nothing about the whole.
func addSheet[T any](book *excelize.File, name string) table[T] {
	fail := func(err error) table[T] {
		return table[T]{add: func(*T) error { return err }, close: func([][2]string) error { return err }}
	}
	const begun = "Sheet1"
	if at, err := book.GetSheetIndex(begun); err != nil {
		return fail(err)
	} else if at < 0 {
		if _, err := book.NewSheet(name); err != nil {
			return fail(err)
		}
	} else if err := book.SetSheetName(begun, name); err != nil {
		return fail(err)
	}
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return fail(err)
	}
	line := 0
	write := func(cells []any) error {
		if line++; line > excelize.TotalRows {
			return misuse{fmt.Errorf("a spreadsheet takes no more than %d lines; ask for a shorter period, or for csv or parquet", excelize.TotalRows-1)}
		}
		return stream.SetRow("A"+strconv.Itoa(line), cells)
	}
	var head []any
	for _, name := range columns[T]() {
		head = append(head, name)
	}
	if err := write(head); err != nil {
		return fail(err)
	}
	return table[T]{add: func(r *T) error { return write(cells(r)) }, close: func([][2]string) error { return stream.Flush() }}
}

// closeBook writes a workbook, and on a sheet of its own what there is to say
// about the whole.
func closeBook(book *excelize.File, out io.Writer, about [][2]string) error {
	if _, err := book.NewSheet("About"); err != nil {
		return err
	}
	for i, a := range about {
		if err := book.SetSheetRow("About", fmt.Sprintf("A%d", i+1), &[]string{a[0], a[1]}); err != nil {
			return err
		}
	}
	if err := book.Write(out); err != nil {
		return err
	}
	return book.Close()
}
