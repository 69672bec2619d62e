package survey

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"landport/border"
)

// Sheet is what was read of one file, or of one sheet of a workbook. Records and
// Aside together are all rows that have anything in them.
type Sheet struct {
	Name     string   // of the file, with that of the sheet if it is one of several
	Tab      string   // sheet of a workbook that was read
	Tabs     []string // all of the workbook's
	Header   int      // number of the row of headers
	Headings []Heading
	Rows     int
	Records  []Record
	Aside    []Aside
	Remarks  []Problem // of records: values that were not used
	Besides  []string  // which sheets of the workbook were not read, and why; with the first that was

	sha256 string // of the file; "" if there was none
}

// Record is a row that was read: one vehicle at one post.
type Record struct {
	Sheet string // name of the file
	Row   int    // number in it
	Post  Place
	// Exit and Entry are the countries left and entered, "" where not recorded.
	Exit, Entry string
	Load        border.Traits // one of LoadState, 0 where not recorded
	Vehicle     border.Traits // one of VehicleType, 0 where not recorded
	Channel     string        // green, yellow, red, "" where not recorded
	Recorder    string
	VolumePerH  int // 0 where not recorded

	times [columns]border.Time // by column; 0 where not recorded
	plate string               // as it matches, until the halves are joined
	plain bool                 // it had a plate, joined or not
	zone  *time.Location
}

// At returns the instant in a column; ok where one was recorded.
func (r *Record) At(c Column) (at border.Time, ok bool) { return r.times[c], r.times[c] != 0 }

// Direction writes the direction of travel, "" where not recorded.
func (r *Record) Direction() string {
	if r.Exit == "" {
		return ""
	}
	return r.Exit + "-" + r.Entry
}

// Problem says what is wrong with a cell. Value is empty for plates, which are
// not repeated.
type Problem struct {
	Row    int    `json:"row"`
	Column Column `json:"column"`
	Header string `json:"header"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

func (p *Problem) String() string {
	if p.Header == "" {
		return fmt.Sprintf("row %d: %s", p.Row, p.Words())
	}
	return fmt.Sprintf("row %d, %s", p.Row, p.Words())
}

// Words says what is wrong without the row, for those who see no rows.
func (p *Problem) Words() string {
	switch {
	case p.Header == "":
		return p.Reason
	case p.Value == "":
		return fmt.Sprintf("column %q: %s", p.Header, p.Reason)
	}
	return fmt.Sprintf("column %q, %q: %s", p.Header, p.Value, p.Reason)
}

// Aside is a row that was not read, with all that is wrong with it.
type Aside struct {
	Row      int       `json:"row"`
	Problems []Problem `json:"problems"`
}

// ErrNoHeader is wrapped where no row of headers was found.
var ErrNoHeader = errors.New("no row of headers was found")

// Import reads a file that holds one sheet; of a workbook, the first that
// ImportAll reads.
func Import(name string, data []byte, m Mapping, zone *time.Location) (*Sheet, error) {
	sheets, err := ImportAll(name, data, m, zone)
	if err != nil {
		return nil, err
	}
	return sheets[0], nil
}

// ImportAll reads a file: CSV, or XLSX with each of its sheets that has the headers
// of a recording sheet and a row that can be read, or with that which the mapping
// names. CSV and XLSX are told apart by their bytes. zone is that of times that
// name none, nil for that of each post's country. An error means that nothing was
// read, and says why; whatever is wrong with a row is in its Sheet.
func ImportAll(name string, data []byte, m Mapping, zone *time.Location) ([]*Sheet, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	grids, err := readGrids(name, data, &m)
	if err != nil {
		return nil, err
	}
	headers := make([][]string, len(grids))
	for i := range grids {
		if at, found := grids[i].header(&m); found {
			headers[i] = grids[i].rows[at]
		}
	}
	var sheets, idle []*Sheet // idle ones have no row that can be read
	var besides []string
	var failed error
	for i := range grids {
		g := &grids[i]
		s, err := g.sheet(name, Hash(data), m.within(headers, i), zone)
		switch {
		case err != nil:
			if failed == nil || errors.Is(failed, ErrNoHeader) && !errors.Is(err, ErrNoHeader) {
				failed = err
			}
			if !slices.ContainsFunc(g.rows, func(row []string) bool { return !blank(row) }) {
				break // nothing to be read, and nothing to be told
			}
			if errors.Is(err, ErrNoHeader) {
				err = ErrNoHeader
			}
			besides = append(besides, fmt.Sprintf("%s: sheet %q was not read: %s.", name, g.tab, strings.TrimPrefix(err.Error(), name+", ")))
		case len(s.Records) == 0:
			idle = append(idle, s)
			besides = append(besides, fmt.Sprintf("%s: sheet %q was not read: %s.", name, g.tab, s.idle()))
		default:
			sheets = append(sheets, s)
		}
	}
	switch {
	case len(sheets) == 0 && len(idle) == 0:
		return nil, failed
	case len(sheets) == 0:
		return idle, nil
	case m.Sheet != "" && len(grids[0].tabs) > 1:
		others := slices.DeleteFunc(slices.Clone(grids[0].tabs), func(tab string) bool { return tab == m.Sheet })
		besides = []string{fmt.Sprintf("%s: sheet %q alone was read, as was chosen, and not %s.", name, m.Sheet, quoted(others))}
	}
	sheets[0].Besides = besides
	return sheets, nil
}

// idle says why none of a sheet's rows was read.
func (s *Sheet) idle() string {
	if len(s.Aside) == 0 {
		return "below its headers there is no row"
	}
	return fmt.Sprintf("it has headers, but of its %d %s none can be read; %v", s.Rows, plural(s.Rows, "row"), &s.Aside[0].Problems[0])
}

// sheet reads the rows below the headers.
func (g *grid) sheet(name, sha256 string, m Mapping, zone *time.Location) (*Sheet, error) {
	g.monthFirst = m.MonthFirst
	at, found := g.header(&m)
	if !found {
		first := "the file is empty"
		for _, row := range g.rows {
			if !blank(row) {
				first = "the first row has " + quoted(row)
				break
			}
		}
		if len(g.torn) > 0 {
			first += fmt.Sprintf(", and in row %d %s", g.line[g.torn[0]], tornReason)
		}
		if len(g.tabs) > 1 {
			first = fmt.Sprintf("of sheet %q (the sheets are %s) ", g.tab, strings.Join(g.tabs, ", ")) + first
		}
		return nil, fmt.Errorf("%s: %w: %s; a recording sheet begins with headers such as Post, Direction, Plate, Arrival, Removal; say with a mapping what yours hold", name, ErrNoHeader, first)
	}
	s := &Sheet{Name: name, Tab: g.tab, Tabs: g.tabs, Header: g.line[at], sha256: sha256}
	if len(g.tabs) > 1 {
		s.Name += ", " + g.tab
	}
	var err error
	if s.Headings, err = m.headings(g.rows[at]); err != nil {
		return nil, fmt.Errorf("%s, row %d: %w", name, s.Header, err)
	}
	if !slices.ContainsFunc(Instants(), s.Has) {
		return nil, fmt.Errorf("%s, row %d: no column holds a time; name one in a mapping, such as columns: {arrival: ...}; the headers are %s", name, s.Header, quoted(g.rows[at]))
	}
	for i, row := range g.rows[at+1:] {
		if slices.Contains(g.torn, at+1+i) {
			s.Rows++
			line := g.line[at+1+i]
			s.Aside = append(s.Aside, Aside{line, []Problem{{Row: line, Reason: tornReason}}})
			continue
		}
		if blank(row) {
			continue
		}
		s.Rows++
		r := reader{sheet: s, mapping: &m, spelling: g.spelling, row: g.line[at+1+i], zone: zone}
		r.read(row)
		if len(r.bad) > 0 {
			s.Aside = append(s.Aside, Aside{r.row, r.bad})
			continue
		}
		s.Records = append(s.Records, r.record)
		s.Remarks = append(s.Remarks, r.remarks...)
	}
	return s, nil
}

// Has reports whether the sheet has a column.
func (s *Sheet) Has(c Column) bool {
	for _, h := range s.Headings {
		if h.Column == c {
			return true
		}
	}
	return false
}

// Problems lists what is wrong with the rows kept aside.
func (s *Sheet) Problems() (all []Problem) {
	for _, a := range s.Aside {
		all = append(all, a.Problems...)
	}
	return all
}

// Unread lists the headers that no column was found for, those that a mapping
// ignores apart.
func (s *Sheet) Unread() (headers []string) {
	for _, h := range s.Headings {
		if h.Column == NoColumn && h.Header != "" && !h.Ignored {
			headers = append(headers, h.Header)
		}
	}
	return headers
}

// Proposal is what a file's columns are taken for, so that a person can say
// otherwise.
type Proposal struct {
	Tab      string   // sheet of a workbook that this is of
	Tabs     []string // all of the workbook's
	Headings []Heading
}

// Propose returns the headers of a sheet with what each is taken for: those of
// the row of headers, or of the first row if none was found; of a workbook, of the
// sheet that the mapping names or the first with the headers of a recording sheet.
// Of two headers for one column the first has it.
func Propose(name string, data []byte, m Mapping) (p Proposal, err error) {
	grids, err := readGrids(name, data, &m)
	if err != nil {
		return p, err
	}
	g := &grids[max(0, slices.IndexFunc(grids, func(g grid) bool { return g.recording(&m) }))]
	p.Tab, p.Tabs = g.tab, g.tabs
	at, found := g.header(&m)
	for i := 0; !found && i < len(g.rows); i++ {
		if !blank(g.rows[i]) {
			at, found = i, true
		}
	}
	if !found {
		return p, fmt.Errorf("%s is empty", name)
	}
	var taken [columns]bool
	for _, cell := range g.rows[at] {
		h := Heading{Header: strings.TrimSpace(cell), Column: m.column(cell)}
		if taken[h.Column] {
			h.Column = NoColumn
		}
		taken[h.Column] = h.Column != NoColumn
		p.Headings = append(p.Headings, h)
	}
	return p, nil
}

// FromRows writes cells by column as a sheet that Import reads: rows that were
// typed in and never stood in a file. What a spreadsheet would take for a formula
// has an apostrophe before it, which Import takes off.
func FromRows(rows []map[Column]string) []byte {
	var b bytes.Buffer
	write := func(cell func(Column) string) {
		for i, c := range Columns() {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quotedCell(cell(c)))
		}
		b.WriteByte('\n')
	}
	write(Column.Label)
	for _, row := range rows {
		write(func(c Column) string { return guarded(row[c]) })
	}
	return b.Bytes()
}

// quotedCell writes a cell as CSV. One with a semicolon stands in quotation marks
// too, for programs that take it for a separator.
func quotedCell(cell string) string {
	if strings.ContainsAny(cell, ",;\"\r\n\t") || strings.TrimSpace(cell) != cell {
		return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return cell
}

// formula tells a cell that a spreadsheet would run, however many apostrophes
// stand before it already.
func formula(cell string) bool {
	bare := strings.TrimLeft(cell, "'")
	return bare != "" && strings.ContainsRune("=+-@\t\r", rune(bare[0]))
}

func guarded(cell string) string {
	if formula(cell) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if formula(cell) {
		return strings.TrimPrefix(cell, "'")
	}
	return cell
}
