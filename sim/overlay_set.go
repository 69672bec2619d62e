package sim

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"landport/border"
)

// Setting is a change of one value of a scenario.
type Setting struct {
	Path    string  // as in Parameter, such as stops[customs].service; any other field works too, such as places[lane 3].shut
	Value   string  // as in a file: 8m, {exponential: 12m}, 06:00-22:00, true
	Times   float64 // without a Value: multiplies what is there; a distribution keeps its form, a count is rounded
	Source  string  // who published the figure,
	Assumed string  // or why it is what it is; without both, that it was set to try it
}

// ParseSetting reads a setting as String writes it: a path and the value it
// takes, stops[customs].servers=6, or what it is multiplied by,
// flows[trucks].rate*=1.1.
func ParseSetting(text string) (s Setting, err error) {
	inside := false
	at := strings.IndexFunc(text, func(r rune) bool {
		inside = r == '[' || inside && r != ']'
		return r == '=' && !inside
	})
	if at < 0 {
		return s, fmt.Errorf("%q changes nothing; write a path and its value as stops[customs].servers=6, or as flows[trucks].rate*=1.1", text)
	}
	path, times := strings.CutSuffix(text[:at], "*")
	s.Path = strings.TrimSpace(path)
	value := strings.TrimSpace(text[at+1:])
	switch {
	case !times && value == "":
		if s.Path == "" {
			return s, fmt.Errorf("%q: names no path and no value; write one such as stops[customs].servers=6", text)
		}
		return s, fmt.Errorf("%q: gives %s no value", text, s.Path)
	case !times:
		s.Value = value
	default:
		if s.Times, err = strconv.ParseFloat(value, 64); err != nil || !(s.Times > 0) || math.IsInf(s.Times, 1) {
			return s, fmt.Errorf("%q: %q is not a factor above 0, such as 1.1", text, value)
		}
	}
	_, err = parsePath(s.Path)
	return s, err
}

// String writes the setting as ParseSetting reads it, without its origin.
func (s *Setting) String() string {
	if s.Value == "" {
		return s.Path + "*=" + strconv.FormatFloat(s.Times, 'g', -1, 64)
	}
	return s.Path + "=" + s.Value
}

// tried is why a value is what it is that is set without an origin.
const tried = "set to try it"

// With returns the scenario with values set, one after the other. A value that
// the file leaves out is added where it belongs; a range to fit it in stays. The
// error names what is wrong with which setting; an unknown path, those near it.
func (f *File) With(settings ...Setting) (*File, error) {
	tree := f.tree
	for _, s := range settings {
		steps, err := parsePath(s.Path)
		if err != nil {
			return nil, err
		}
		edited, err := s.edit(tree, reflect.TypeFor[File](), steps)
		if errors.Is(err, errUnknownPath) {
			return nil, f.unknown(s.Path, err)
		}
		if err != nil {
			return nil, err
		}
		tree = tree.child(edited, "")
	}
	return decode(tree, f.zones)
}

// Unfitted returns the scenario without the published times that it was fitted
// to, as an overlay leaves them out: with other values set it is not fitted to them.
func (f *File) Unfitted() (*File, error) {
	m, mapped := f.tree.Node.(*ast.MappingNode)
	if !mapped || len(f.Targets) == 0 {
		return f, nil
	}
	out := shallow(m)
	out.Values = slices.DeleteFunc(out.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == "calibration" })
	tree := f.tree
	tree.Node = out
	return decode(tree, f.zones)
}

var errUnknownPath = errors.New("unknown path")

// unknown names the paths that come near one that is unknown.
func (f *File) unknown(path string, why error) error {
	var known, near []string
	for _, p := range f.parameters {
		known = append(known, p.Path)
	}
	for around := path; len(near) == 0 && around != ""; around = around[:max(0, strings.LastIndexAny(around, ".["))] {
		for _, k := range known {
			if len(near) < 5 && strings.HasPrefix(k, around) {
				near = append(near, k)
			}
		}
	}
	if nearest := border.Nearest(path, known); nearest != "" {
		near = []string{nearest}
	}
	if len(near) == 0 {
		near = known[:min(len(known), 5)]
	}
	return fmt.Errorf("%q: %w; near are %s", path, why, strings.Join(near, ", "))
}

// step is one part of a path: a field, or an entry of a list.
type step struct {
	name  string
	entry bool
}

func parsePath(path string) (steps []step, err error) {
	bad := fmt.Errorf("%q is not a path; write it as stops[customs].service", path)
	for rest := path; rest != ""; {
		switch end := strings.IndexAny(rest, ".["); {
		case rest[0] == '[':
			end = strings.IndexByte(rest, ']')
			if end < 2 {
				return nil, bad
			}
			steps, rest = append(steps, step{rest[1:end], true}), rest[end+1:]
			if rest != "" && rest[0] != '.' && rest[0] != '[' {
				return nil, bad
			}
			rest = strings.TrimPrefix(rest, ".")
		case end == 0:
			return nil, bad
		case end < 0:
			steps, rest = append(steps, step{rest, false}), ""
		default:
			steps, rest = append(steps, step{rest[:end], false}), strings.TrimPrefix(rest[end:], ".")
		}
	}
	if len(steps) == 0 || steps[0].entry {
		return nil, bad
	}
	return steps, nil
}

// edit returns what becomes of a value of a type; the node is nil for one that
// the file leaves out.
func (s *Setting) edit(n node, t reflect.Type, steps []step) (ast.Node, error) {
	if len(steps) == 0 {
		return s.put(n, t)
	}
	n, err := n.explained()
	if err != nil {
		return nil, err
	}
	switch list, isList := n.Node.(*ast.SequenceNode); {
	case steps[0].entry && isList && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		path := n.path + "[" + steps[0].name + "]"
		for i, value := range list.Values {
			if item := n.item(i, value); item.path == path {
				edited, err := s.edit(item, t.Elem(), steps[1:])
				if err != nil {
					return nil, err
				}
				out := *list
				out.Values = slices.Clone(list.Values)
				out.Values[i] = edited
				return n.with(&out), nil
			}
		}
		return nil, fmt.Errorf("%w: there is no %s", errUnknownPath, path)
	case whole(t):
		return nil, fmt.Errorf("%w: %s is one figure, to be set whole", errUnknownPath, n.path)
	case steps[0].entry || t.Kind() != reflect.Struct:
		return nil, fmt.Errorf("%w: %s has no entry %s", errUnknownPath, n.path, steps[0].name)
	}
	return s.field(n, t, steps)
}

// field edits a field of a mapping.
func (s *Setting) field(n node, t reflect.Type, steps []step) (ast.Node, error) {
	key := steps[0].name
	i := slices.Index(fieldNames(t), key)
	m, mapped := n.Node.(*ast.MappingNode)
	switch {
	case i < 0:
		return nil, fmt.Errorf("%w: %s has no field %s", errUnknownPath, cmp.Or(n.path, "a scenario"), key)
	case !mapped:
		return nil, fmt.Errorf("%w: %s is %s", errUnknownPath, n.path, n.written())
	}
	out := shallow(m)
	at := slices.IndexFunc(out.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == key && !explains(v) })
	if at >= 0 {
		edited, err := s.edit(n.child(out.Values[at].Value, n.join(key)), t.Field(i).Type, steps[1:])
		if err != nil {
			return nil, err
		}
		out.Values[at] = ast.MappingValue(out.Values[at].Start, out.Values[at].Key, edited)
		return n.with(out), nil
	}
	if len(steps) > 1 {
		return nil, fmt.Errorf("%w: %s is not written in the scenario", errUnknownPath, n.join(key))
	}
	edited, err := s.put(n.child(nil, n.join(key)), t.Field(i).Type)
	if err != nil {
		return nil, err
	}
	added := ast.MappingValue(m.GetToken(), ast.String(m.GetToken().Clone()), edited)
	added.Key.GetToken().Value = key
	out.Values = append(out.Values, added)
	return n.with(out), nil
}

// put returns the value that takes the place of n.
func (s *Setting) put(n node, t reflect.Type) (ast.Node, error) {
	from := &origin{file: s.Path, set: true, source: s.Source, assumed: s.Assumed}
	if s.Source == "" && s.Assumed == "" {
		from.assumed = tried
	}
	text := s.Value
	if text == "" {
		switch {
		case n.Node == nil:
			return nil, fmt.Errorf("%s is not written in the scenario, so nothing can be multiplied; give its value", s.Path)
		case !(s.Times > 0) || math.IsInf(s.Times, 1):
			return nil, fmt.Errorf("%s: neither a value nor a factor above 0 is given", s.Path)
		}
		if list, ok := n.Node.(*ast.SequenceNode); ok && t == reflect.TypeFor[services]() {
			return s.cases(n, list)
		}
	}
	fit := ""
	if n.Node != nil {
		var err error
		if n, err = n.explained(); err != nil {
			return nil, err
		}
		if n.fit != nil {
			fit = inline(n.child(n.fit, n.path))
		}
		n = n.value()
	}
	if text == "" {
		var err error
		if text, err = scaled(n, t, s.Times); err != nil {
			return nil, err
		}
	}
	if fit != "" {
		text = fmt.Sprintf("{value: %s, fit: %s}", text, fit)
	}
	value, err := parse(from, []byte(text))
	if err != nil {
		return nil, err
	}
	return value.graft(), nil
}

// cases multiplies the times of every case of a stop.
func (s *Setting) cases(n node, list *ast.SequenceNode) (ast.Node, error) {
	out := *list
	out.Values = slices.Clone(list.Values)
	for i, value := range list.Values {
		edited, err := s.edit(n.item(i, value), reflect.TypeFor[serviceEntry](), []step{{name: "time"}})
		if err != nil {
			return nil, err
		}
		out.Values[i] = edited
	}
	return n.with(&out), nil
}

// scaled writes a figure of a type multiplied by a factor.
func scaled(n node, t reflect.Type, by float64) (string, error) {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 12, 64) }
	scalar := func(scale func(text string) (string, error)) (string, error) {
		text, err := n.scalar("a figure")
		if err != nil {
			return "", err
		}
		return scale(text)
	}
	switch t {
	case reflect.TypeFor[duration](), reflect.TypeFor[timing](), reflect.TypeFor[services]():
		return flow(n, func(text string) string {
			if us, err := parseSpan(text); err == nil {
				return number(float64(us)*by/float64(border.Minute)) + "m"
			}
			return text
		}), nil
	case reflect.TypeFor[rate]():
		return scalar(func(text string) (string, error) {
			amount, unit, _ := strings.Cut(text, "/")
			x, err := parseNumber(strings.TrimSpace(amount))
			return number(x*by) + "/" + strings.TrimSpace(unit), err
		})
	case reflect.TypeFor[count]():
		return scalar(func(text string) (string, error) {
			x, err := parseNumber(text)
			return strconv.FormatFloat(math.Round(x*by), 'f', 0, 64), err
		})
	case reflect.TypeFor[probability](), reflect.TypeFor[factor]():
		return scalar(func(text string) (string, error) {
			x, err := parseNumber(text)
			return number(x * by), err
		})
	case reflect.TypeFor[growth]():
		return scalar(func(text string) (string, error) {
			x, err := strconv.ParseFloat(text, 64)
			return number(x * by), err
		})
	}
	return "", fmt.Errorf("%s is not a duration, a time, a rate, a count, a probability or a number, so it cannot be multiplied", n.path)
}
