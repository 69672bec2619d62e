package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"landport/evidence"
)

// writeReport writes a report, or its numbers, and returns the names of the
// files made. A workbook has a sheet for each table; of other formats each table
// is a file, the first by the name that was given and the others named after it.
func writeReport(ctx context.Context, name string, d *evidence.Dossier) (made []string, err error) {
	put := func(name string, write func(out io.Writer) error) error {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			return err
		}
		made = append(made, name)
		return os.WriteFile(name, out.Bytes(), 0o644) //nolint:gosec // a report is for everybody to read
	}
	about := [][2]string{{"command", d.Command}, {"version", d.Version}, {"scenario", d.Report.Scenario}}
	extension := filepath.Ext(name)
	switch extension {
	case ".html":
		err = put(name, func(out io.Writer) error { return d.WriteHTML(ctx, out) })
	case ".xlsx":
		err = put(name, func(out io.Writer) error {
			book := excelize.NewFile()
			for _, t := range numbersOf(d) {
				if err := t.sheet(book); err != nil {
					return err
				}
			}
			return closeBook(book, out, about)
		})
	default:
		for i, t := range numbersOf(d) {
			of := name
			if i > 0 {
				of = strings.TrimSuffix(name, extension) + "-" + strings.ToLower(t.name) + extension
			}
			if err = put(of, func(out io.Writer) error { return t.write(ctx, strings.TrimPrefix(extension, "."), out, about) }); err != nil {
				break
			}
		}
	}
	return made, err
}

// numbers is one table of a report's numbers.
type numbers struct {
	name  string
	write func(ctx context.Context, format string, out io.Writer, about [][2]string) error
	sheet func(book *excelize.File) error
}

func numbersOf(d *evidence.Dossier) []numbers {
	list := []numbers{tableOf("Study", d.Numbers())}
	if d.Comparison != nil {
		list = append(list, tableOf("Comparison", d.Comparison.Numbers()))
	}
	if d.Why != nil {
		list = append(list, tableOf("Causes", d.Why.Numbers()))
	}
	if d.Tornado != nil {
		list = append(list, tableOf("Tornado", d.Tornado.Numbers()))
	}
	return list
}

func tableOf[T any](name string, rows []T) numbers {
	fill := func(t table[T], about [][2]string) error {
		for i := range rows {
			if err := t.add(&rows[i]); err != nil {
				return err
			}
		}
		return t.close(about)
	}
	return numbers{
		name: name,
		write: func(ctx context.Context, format string, out io.Writer, about [][2]string) error {
			return fill(newTable[T](ctx, format, out), about)
		},
		sheet: func(book *excelize.File) error { return fill(addSheet[T](book, name), nil) },
	}
}
