package survey

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"landport/study"
)

// grid is a sheet as it was written: cells by row.
type grid struct {
	rows [][]string
	line []int // by row: its number in the file, from 1
	torn []int // rows, by index, that a quotation mark out of place makes unreadable
	tab  string
	tabs []string // of a workbook, in its order
	spelling
}

// Limits of what is read. A post that sees a thousand vehicles a day fills
// 14,000 rows in a week at both sides of the line.
const (
	mostBytes = 16 << 20
	mostRows  = 200_000
	mostCells = 200 // in a row
)

// readGrids reads a CSV file, separated by comma, semicolon or tab, or the sheets
// of an XLSX workbook: that which the mapping names, or else all.
func readGrids(name string, data []byte, m *Mapping) ([]grid, error) {
	if len(data) > mostBytes {
		return nil, fmt.Errorf("%s has %d MB; a sheet has at most %d MB: give the survey in several files", name, len(data)>>20, mostBytes>>20)
	}
	read := func() ([]grid, error) {
		g, err := readCSV(data, m)
		return []grid{g}, err
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		read = func() ([]grid, error) { return readWorkbook(data, m) }
	}
	grids, err := read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rows := 0
	for _, g := range grids {
		rows += len(g.rows)
		if rows > mostRows {
			return nil, fmt.Errorf("%s has %d rows and more; a file has at most %d: give the survey in several", name, rows, mostRows)
		}
		for i, row := range g.rows {
			if len(row) > mostCells {
				return nil, fmt.Errorf("%s, row %d: it has %d cells; a row has at most %d", name, g.line[i], len(row), mostCells)
			}
		}
	}
	return grids, nil
}

func readCSV(data []byte, m *Mapping) (g grid, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return g, errors.New("its text is not UTF-8; save it as \"CSV UTF-8\", or give the workbook (.xlsx) itself")
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return g, errors.New("it is neither CSV nor an XLSX workbook")
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	reader.Comma = separator(data, m)
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if at, ok := errors.AsType[*csv.ParseError](err); ok {
			if g, ok := readLines(data, reader.Comma); ok {
				return g, nil
			}
			return g, fmt.Errorf("line %d, column %d: %s", at.Line, at.Column, tornReason)
		}
		if err != nil {
			return g, err
		}
		at, _ := reader.FieldPos(0)
		g.rows, g.line = append(g.rows, row), append(g.line, at)
	}
}

const tornReason = "a quotation mark is out of place: text with quotation marks stands between two of them, and each inside is doubled"

// readLines reads each line for itself, so that a quotation mark out of place
// costs one row and not the sheet. It is not safe where two lines have an odd
// number of quotation marks: what lies between may be one cell.
func readLines(data []byte, comma rune) (g grid, safe bool) {
	odd := 0
	for i, text := range strings.Split(string(data), "\n") {
		odd += strings.Count(text, `"`) % 2
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord, reader.Comma = -1, comma
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			g.torn, row = append(g.torn, len(g.rows)), nil
		}
		g.rows, g.line = append(g.rows, row), append(g.line, i+1)
	}
	return g, odd <= 1
}

// separator is what splits one of the first lines into most headers, as text below
// them may hold any of the three; where no header is known, what there is most of.
func separator(data []byte, m *Mapping) rune {
	head := data[:min(len(data), 4096)]
	best, most, known := ',', 0, 0
	for _, comma := range [...]rune{',', ';', '\t'} {
		g, _ := readLines(head, comma)
		_, headers := g.best(m)
		n := bytes.Count(head, []byte(string(comma)))
		if headers > known || headers == known && n > most {
			best, most, known = comma, n, headers
		}
	}
	return best
}

func readWorkbook(data []byte, m *Mapping) (grids []grid, err error) {
	// All in memory: larger parts would be unpacked into temporary files.
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: 16 * mostBytes, UnzipXMLSizeLimit: 16 * mostBytes})
	if err != nil {
		return nil, fmt.Errorf("it is no XLSX workbook that can be read (%w); open it in a spreadsheet and save it anew, without a password", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	tabs := f.GetSheetList()
	read := tabs
	if m.Sheet != "" {
		if !slices.Contains(tabs, m.Sheet) {
			return nil, fmt.Errorf("it has no sheet %q; its sheets are %s", m.Sheet, strings.Join(tabs, ", "))
		}
		read = []string{m.Sheet}
	}
	for _, tab := range read {
		g, err := readTab(f, tab)
		if err != nil {
			return nil, err
		}
		g.tabs = tabs
		grids = append(grids, g)
	}
	return grids, nil
}

func readTab(f *excelize.File, tab string) (g grid, err error) {
	g.tab, g.workbook = tab, true
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		g.since1904 = *props.Date1904
	}
	if g.rows, err = f.GetRows(tab); err != nil {
		return g, fmt.Errorf("sheet %q cannot be read: %w", tab, err)
	}
	for i := range g.rows {
		g.line = append(g.line, i+1)
	}
	return g, nil
}

// recording reports whether there is a row of headers, with one of a time.
func (g *grid) recording(m *Mapping) bool {
	at, found := g.header(m)
	return found && slices.ContainsFunc(g.rows[at], func(cell string) bool { return m.column(cell).Code() != study.NoEvent })
}

// header finds the row of headers: of the first twenty, the one with most
// columns recognised or named by the mapping.
func (g *grid) header(m *Mapping) (at int, found bool) {
	at, known := g.best(m)
	return at, known > 0
}

// best returns also how many columns are known.
func (g *grid) best(m *Mapping) (at, most int) {
	for i, row := range g.rows[:min(len(g.rows), 20)] {
		known := 0
		for _, cell := range row {
			if m.column(cell) != NoColumn || m.ignores(cell) {
				known++
			}
		}
		if known > most {
			at, most = i, known
		}
	}
	return at, most
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}
