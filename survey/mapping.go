package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Mapping says what the columns of a sheet hold, where their headers do not, and
// what its times mean. The zero Mapping leaves all to the headers.
type Mapping struct {
	Columns    map[string]string `yaml:"columns"     json:"columns,omitempty"`     // header in the sheet by column, such as arrival: "Vào bãi"
	Ignore     []string          `yaml:"ignore"      json:"ignore,omitempty"`      // headers that are to be left out although they look known
	Post       string            `yaml:"post"        json:"post,omitempty"`        // of rows that name none
	Posts      []Place           `yaml:"posts"       json:"posts,omitempty"`       // that Landport does not know
	Zone       string            `yaml:"zone"        json:"zone,omitempty"`        // of all times, such as Asia/Phnom_Penh; else that of each post's country
	MonthFirst bool              `yaml:"month_first" json:"month_first,omitempty"` // 03/05/2026 is 5 March
	Sheet      string            `yaml:"sheet"       json:"sheet,omitempty"`       // of a workbook; else all that have headers of a recording sheet
}

// DecodeMapping reads a mapping file. The name is for errors, which say where
// and what would be right.
func DecodeMapping(name string, data []byte) (Mapping, error) {
	var m Mapping
	if err := yaml.UnmarshalWithOptions(data, &m, yaml.Strict()); err != nil {
		return m, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

func (m *Mapping) check() error {
	taken := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		if _, err := ParseColumn(name); err != nil {
			return fmt.Errorf("columns: %w", err)
		}
		header := fold(m.Columns[name])
		if header == "" {
			return fmt.Errorf("columns: %s: the header is empty; write it as it stands in the sheet", name)
		}
		if other, twice := taken[header]; twice {
			return fmt.Errorf("columns: %q is given for %s and for %s; a header holds one of them", m.Columns[name], other, name)
		}
		taken[header] = name
	}
	for i, p := range m.Posts {
		if p.Name == "" || len(p.Country) != 2 || len(p.Facing) != 2 || p.Country == p.Facing {
			return fmt.Errorf("posts: entry %d: a post has a name, its country and the country facing it, such as {name: Bavet, country: KH, facing: VN}", i+1)
		}
	}
	if m.Post != "" {
		if _, err := PlaceOf(m.Post, m.Posts); err != nil {
			return fmt.Errorf("post: %w", err)
		}
	}
	return nil
}

// column returns what a header holds: what the mapping says, else what the
// header surely means. A column that the mapping gives to one header is no
// other's.
func (m *Mapping) column(header string) Column {
	folded := fold(header)
	if folded == "" || m.ignores(header) {
		return NoColumn
	}
	for _, c := range Columns() {
		if given, ok := m.Columns[c.String()]; ok && fold(given) == folded {
			return c
		}
	}
	c := guess(header)
	if _, taken := m.Columns[c.String()]; taken {
		return NoColumn
	}
	return c
}

// within is the mapping for one of several sheets, by their rows of headers:
// without headers that stand in another and not in this one.
func (m *Mapping) within(rows [][]string, i int) Mapping {
	stands := func(row []string, header string) bool {
		return slices.ContainsFunc(row, func(cell string) bool { return fold(cell) == fold(header) })
	}
	own := *m
	own.Columns = maps.Clone(m.Columns)
	maps.DeleteFunc(own.Columns, func(_, header string) bool {
		return !stands(rows[i], header) && slices.ContainsFunc(rows, func(row []string) bool { return stands(row, header) })
	})
	return own
}

func (m *Mapping) ignores(header string) bool {
	return slices.ContainsFunc(m.Ignore, func(h string) bool { return fold(h) == fold(header) })
}

// headings are the columns of a row of headers. Two headers for one column are
// an error, and so is a mapped header that is not there.
func (m *Mapping) headings(row []string) ([]Heading, error) {
	out := make([]Heading, len(row))
	var at [columns]int
	for i, cell := range row {
		c := m.column(cell)
		if c != NoColumn && at[c] > 0 {
			return nil, fmt.Errorf("columns %q and %q both look like %s; say with a mapping which of them it is", row[at[c]-1], cell, c)
		}
		if c != NoColumn {
			at[c] = i + 1
		}
		out[i] = Heading{Header: strings.TrimSpace(cell), Column: c, Ignored: m.ignores(cell)}
	}
	for _, c := range Columns() {
		if header, mapped := m.Columns[c.String()]; mapped && at[c] == 0 {
			return nil, fmt.Errorf("the mapping gives %q for %s, but no column has that header; the headers are %s", header, c, quoted(row))
		}
	}
	return out, nil
}

func quoted(cells []string) string {
	var out []string
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			out = append(out, fmt.Sprintf("%q", strings.TrimSpace(c)))
		}
	}
	return strings.Join(out, ", ")
}

// Heading is a column of a sheet by its header; NoColumn is not read.
type Heading struct {
	Header  string `json:"header"`
	Column  Column `json:"column"`
	Ignored bool   `json:"ignored,omitempty"` // because the mapping says so
}
