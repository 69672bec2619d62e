package sim

import (
	"fmt"
	"strings"

	"landport/border"
)

// Error is what is wrong in a scenario file, and where. Of several files, one
// extending the other, it names the one that says what is wrong. A value that
// File.With set has no line.
type Error struct {
	File         string
	Line, Column int
	Text         string
}

func (e *Error) Error() string {
	return position{e.File, e.Line, e.Column}.String() + ": " + e.Text
}

type position struct {
	file         string
	line, column int
}

func (p position) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column)
}

func (p position) errorf(format string, args ...any) error {
	return &Error{p.file, p.line, p.column, fmt.Sprintf(format, args...)}
}

// document knows where every value of a file stands, by its path. An entry of a
// list goes by its name, or by its number from 1.
type document struct {
	at      map[string]position
	removed []removal
}

// removal is an entry of a list that a file took out of what it extends.
type removal struct {
	list, name string
	at         position
}

// gone returns the removal of an entry, nil if none was.
func (d *document) gone(list, name string) *removal {
	for i := range d.removed {
		if r := &d.removed[i]; r.list == list && r.name == name {
			return r
		}
	}
	return nil
}

func (d *document) has(path string) bool {
	_, ok := d.at[path]
	return ok
}

// errorf returns an error about the value at path, or about the nearest value
// around it that was written.
func (d *document) errorf(path, format string, args ...any) error {
	return d.nearest(path).errorf("%s", about(path)+fmt.Sprintf(format, args...))
}

func (d *document) nearest(path string) position {
	for end := len(path); end > 0; end-- {
		if at, ok := d.at[path[:end]]; ok {
			return at
		}
	}
	return d.at[""]
}

// about words a path for a sentence: stops[customs].service becomes
// `stop "customs": service: `.
func about(path string) string {
	var b strings.Builder
	for path != "" {
		part, rest := path, ""
		if i := strings.IndexAny(path, ".["); i >= 0 {
			part, rest = path[:i], path[i:]
		}
		if strings.HasPrefix(rest, "[") {
			var name string
			name, rest, _ = strings.Cut(rest[1:], "]")
			part = singular(part) + " " + quoted(name)
		}
		b.WriteString(part + ": ")
		path = strings.TrimPrefix(rest, ".")
	}
	return b.String()
}

func quoted(name string) string {
	if strings.Trim(name, "0123456789") == "" {
		return name
	}
	return `"` + name + `"`
}

func singular(list string) string {
	switch list {
	case "route":
		return "leg"
	case "service":
		return "case"
	case "calibration":
		return "target"
	case "refer":
		return "referral"
	case "classes":
		return "class"
	}
	if s, ok := strings.CutSuffix(list, "ies"); ok {
		return s + "y"
	}
	return strings.TrimSuffix(list, "s")
}

// perhaps suggests the known name that comes nearest, if one does.
func perhaps(name string, known []string) string {
	if near := border.Nearest(name, known); near != "" {
		return fmt.Sprintf(", perhaps %q", near)
	}
	return ""
}
