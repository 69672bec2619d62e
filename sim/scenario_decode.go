package sim

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// decoder fills entries from the syntax tree of a scenario file. It keeps where
// every value stands, so that what is found wrong later has a position too.
type decoder struct {
	document
	parameters []Parameter
}

// node is one value of the file with what applies to it.
type node struct {
	ast.Node
	d       *decoder
	from    *origin
	path    string
	source  string
	assumed string
	fit     ast.Node // the range beside a figure in which it may be fitted
	free    bool     // its figures need no source
	limits  limits
	removed *[]removal // from the lists of what its file extends
}

// figure is a type whose value is one parameter of the scenario.
type figure interface {
	read(n node) error
}

// fill reads n into v by v's type.
func (d *decoder) fill(n node, v reflect.Value) error {
	n, err := n.explained()
	if err != nil {
		return err
	}
	d.at[n.path] = n.position()
	switch x := v.Addr().Interface().(type) {
	case *services:
		return d.services(n, x)
	case figure:
		return d.figure(n, x)
	}
	if n.fit != nil {
		return n.child(n.fit, n.join("fit")).errorf("goes beside a single figure, such as {value: 3, fit: {low: 1, high: 5}}")
	}
	switch v.Kind() {
	case reflect.String:
		text, err := n.text("text")
		if v.Type() == reflect.TypeFor[literal]() {
			text, err = n.scalar("a value")
		}
		v.SetString(text)
		return err
	case reflect.Bool:
		b, ok := n.Node.(*ast.BoolNode)
		if !ok {
			return n.errorf("%s is not true or false", n.written())
		}
		v.SetBool(b.Value)
		return nil
	case reflect.Slice:
		return d.list(n, v)
	default:
		return d.mapping(n, v)
	}
}

// figure reads a figure, or a mapping of its value and where it comes from.
func (d *decoder) figure(n node, x figure) error {
	value, p := n.value(), Parameter{Path: n.path, Source: n.source, Assumed: n.assumed}
	if err := x.read(value); err != nil {
		return err
	}
	switch {
	case n.free:
		return nil
	case n.source == "" && n.assumed == "":
		return value.errorf("nothing says where the figure comes from; add source: or assumed: beside it or around it")
	}
	at := value.position()
	p.File, p.Line, p.Value = at.file, at.line, inline(value)
	p.Kind, p.Mean = kindOf(x)
	if n.fit != nil {
		fit, err := readFit(n.child(n.fit, n.join("fit")), x)
		if err != nil {
			return err
		}
		p.Fit = fit
	}
	d.parameters = append(d.parameters, p)
	return nil
}

// value is a figure without what is said beside it.
func (n node) value() node {
	entries, _, _ := n.entries()
	if len(entries) == 1 && entries[0].key == "value" {
		return n.child(entries[0].value, n.path)
	}
	if m, ok := n.Node.(*ast.MappingNode); ok && n.fit != nil {
		m = shallow(m)
		m.Values = slices.DeleteFunc(m.Values, func(v *ast.MappingValueNode) bool { return v.Value == n.fit })
		return n.child(m, n.path)
	}
	return n
}

func (d *decoder) list(n node, v reflect.Value) error {
	plain := v.Type().Elem().Kind() == reflect.String
	seq, ok := n.Node.(*ast.SequenceNode)
	if !ok && !plain {
		return n.errorf("%s is not a list; begin each entry with a hyphen", n.written())
	}
	if !ok {
		text, err := n.text("a name or a list of names")
		v.Set(reflect.Append(v, reflect.ValueOf(text)))
		return err
	}
	lines := map[string]int{}
	for i, item := range seq.Values {
		child := n.child(item, fmt.Sprintf("%s[%d]", n.path, i+1))
		name, err := child.named()
		if err != nil {
			return err
		}
		if name != "" {
			child.path = fmt.Sprintf("%s[%s]", n.path, name)
			if first := lines[name]; first != 0 {
				return child.errorf("the name is taken by the entry of line %d", first)
			}
			lines[name] = child.position().line
		}
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.fill(child, e); err != nil {
			return err
		}
		v.Set(reflect.Append(v, e))
	}
	return nil
}

func (d *decoder) mapping(n node, v reflect.Value) error {
	entries, ok, err := n.entries()
	if err != nil {
		return err
	}
	if !ok {
		return d.short(n, v)
	}
	for _, e := range entries {
		i, err := e.field(v.Type())
		if err != nil {
			return err
		}
		child := n.child(e.value, n.join(e.key))
		child.free = n.free || v.Type().Field(i).Tag.Get("free") != ""
		child.limits = limitsOf(v.Type().Field(i))
		if err := d.fill(child, v.Field(i)); err != nil {
			return err
		}
		if err := child.checkEntries(v.Field(i)); err != nil {
			return err
		}
		if tag := v.Type().Field(i).Tag; tag.Get("need") != "" && v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0 {
			return child.errorf("is empty; it needs one entry at least: %s", strings.TrimSuffix(tag.Get("doc"), "."))
		}
	}
	for i, name := range fieldNames(v.Type()) {
		if tag := v.Type().Field(i).Tag; tag.Get("need") != "" && !d.has(n.join(name)) {
			return n.errorf("lacks %s: %s", name, strings.TrimSuffix(tag.Get("doc"), "."))
		}
	}
	if e, ok := reflect.TypeAssert[*stopEntry](v.Addr()); ok {
		d.oneServer(n, e)
	}
	return nil
}

// oneServer notes the officers that a stop leaves out, one for all its shifts or in
// each, as figures that are assumed: a run reads them like those that are written.
func (d *decoder) oneServer(n node, e *stopEntry) {
	left := []string{n.path}
	if len(e.Shifts) > 0 {
		left = nil
		for i := range e.Shifts {
			left = append(left, fmt.Sprintf("%s.shifts[%d]", n.path, i+1))
		}
	}
	for _, of := range left {
		if path := of + ".servers"; !d.has(path) {
			at := n.position()
			d.parameters = append(d.parameters, Parameter{Path: path, File: at.file, Line: at.line, Kind: KindCount, Value: "1", Mean: 1, Assumed: "left out of the file, so it is one"})
		}
	}
}

// short fills the one field that a plain value stands for.
func (d *decoder) short(n node, v reflect.Value) error {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag; tag.Get("short") != "" {
			return d.fill(n.child(n.Node, n.join(tag.Get("yaml"))), v.Field(i))
		}
	}
	return n.errorf("%s is not a mapping; fields here are %s", n.written(), strings.Join(fieldNames(v.Type()), ", "))
}

// services reads one time for all, or a list of cases.
func (d *decoder) services(n node, s *services) error {
	if _, ok := n.Node.(*ast.SequenceNode); ok {
		return d.list(n, reflect.ValueOf((*[]serviceEntry)(s)).Elem())
	}
	*s = make(services, 1)
	return d.fill(n, reflect.ValueOf(&(*s)[0].Time).Elem())
}

// fieldNames lists the fields of an entry in order; they come first in its type.
func fieldNames(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		if name := field.Tag.Get("yaml"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// entry is one field of a mapping; its own position is that of its name.
type entry struct {
	node
	key   string
	name  ast.MapKeyNode
	value ast.Node
}

// field finds a field in the type of an entry.
func (e *entry) field(t reflect.Type) (int, error) {
	known := fieldNames(t)
	i := slices.Index(known, e.key)
	if i < 0 {
		return i, e.errorf("unknown field %q%s; fields here are %s", e.key, perhaps(e.key, known), strings.Join(known, ", "))
	}
	return i, nil
}

// entries lists the fields of a mapping in the order written, but for what
// explains its figures.
func (n node) entries() (list []entry, mapped bool, err error) {
	m, mapped := n.Node.(*ast.MappingNode)
	if !mapped {
		return nil, false, nil
	}
	for _, v := range m.Values {
		e := entry{n.child(v.Key, n.path), v.Key.GetToken().Value, v.Key, v.Value}
		e.from = n.child(v.Value, n.path).from
		if _, plain := v.Key.(ast.ScalarNode); !plain {
			return nil, true, e.errorf("a field name must be plain text")
		}
		if !explains(v) {
			list = append(list, e)
		}
	}
	return list, true, nil
}

// explained returns n with what its mapping says about its figures.
func (n node) explained() (node, error) {
	m, mapped := n.Node.(*ast.MappingNode)
	if !mapped {
		return n, nil
	}
	source, assumed := "", ""
	var err error
	for _, v := range m.Values {
		switch key := v.Key.GetToken().Value; {
		case !explains(v):
		case key == "source":
			source, err = n.child(v.Value, n.join(key)).words()
		case key == "assumed":
			assumed, err = n.child(v.Value, n.join(key)).words()
		default:
			n.fit = v.Value
		}
		if err != nil {
			return n, err
		}
	}
	if source != "" && assumed != "" {
		return n, n.errorf("says both source and assumed; give the figures that are assumed a mapping of their own")
	}
	if source != "" || assumed != "" {
		n.source, n.assumed = source, assumed
	}
	return n, nil
}

// explains reports whether an entry of a mapping says something about its
// figures. A class in a table of shares may be called fit.
func explains(v *ast.MappingValueNode) bool {
	switch v.Key.GetToken().Value {
	case "source", "assumed":
		return true
	case "fit":
		_, mapped := v.Value.(*ast.MappingNode)
		return mapped
	}
	return false
}

func (n node) child(value ast.Node, path string) node {
	n.Node, n.path, n.fit = value, path, nil
	if g, ok := value.(*grafted); ok {
		n.Node, n.from, n.source, n.assumed = g.Node, g.origin, g.source, g.assumed
	}
	return n
}

func (n node) join(name string) string {
	if n.path == "" {
		return name
	}
	return n.path + "." + name
}

// named returns the text of a mapping's name field, if it has one.
func (n node) named() (string, error) {
	entries, _, err := n.entries()
	for _, e := range entries {
		if e.key != "name" {
			continue
		}
		value := n.child(e.value, n.join("name"))
		name, err := value.text("a name")
		if err == nil && strings.ContainsAny(name, "[]\"\n") {
			err = value.errorf("%s cannot be a name; leave out brackets, quotation marks and line breaks", value.written())
		}
		if letters := utf8.RuneCountInString(name); err == nil && letters > mostLetters {
			err = value.errorf("has %d letters; a name has at most %d", letters, mostLetters)
		}
		return name, err
	}
	return "", err
}

func (n node) position() position {
	if n.from.set {
		return position{file: n.from.file}
	}
	t := n.Node.GetToken()
	if m, ok := n.Node.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		t = m.Values[0].Key.GetToken()
	}
	return position{n.from.file, t.Position.Line, t.Position.Column}
}

func (n node) errorf(format string, args ...any) error {
	return n.position().errorf("%s", about(n.path)+fmt.Sprintf(format, args...))
}

// scalar returns the text of a plain value.
func (n node) scalar(want string) (string, error) {
	switch x := n.Node.(type) {
	case *ast.NullNode, *ast.MappingNode, *ast.SequenceNode:
		return "", n.errorf("%s is not %s", n.written(), want)
	case *ast.LiteralNode:
		return strings.TrimSpace(x.Value.Value), nil
	}
	written := n.Node.GetToken().Value
	text := strings.TrimSpace(written)
	if inQuotes(n.Node) && text != written {
		return "", n.errorf("%s begins or ends with a space; leave it out", n.written())
	}
	if i := strings.IndexFunc(text, invisible); i >= 0 {
		return "", n.errorf("has a control character; a text is what a person can see")
	}
	if text == "" {
		return "", n.errorf("is empty; it takes %s", want)
	}
	return text, nil
}

// text returns a plain value that is not true or false: a name may be a number.
func (n node) text(want string) (string, error) {
	if _, yes := n.Node.(*ast.BoolNode); yes {
		return "", n.errorf("%s is true or false, and not %s; put it in quotation marks if it is meant as a word", n.written(), want)
	}
	return n.scalar(want)
}

// words returns a text that says something.
func (n node) words() (string, error) {
	switch n.Node.(type) {
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return "", n.errorf("%s does not say where a figure comes from; write it in words", n.written())
	}
	return n.scalar("text")
}

// number returns the text of a plain value that is no text.
func (n node) number(want string) (string, error) {
	if inQuotes(n.Node) {
		return "", n.errorf("%s is text; write %s, without quotation marks", n.written(), want)
	}
	return n.scalar(want)
}

// inQuotes reports whether a value stands in quotation marks.
func inQuotes(x ast.Node) bool {
	kind := x.GetToken().Type
	return kind == token.SingleQuoteType || kind == token.DoubleQuoteType
}

// written says what stands in the file, for errors.
func (n node) written() string {
	switch n.Node.(type) {
	case *ast.NullNode:
		return "nothing"
	case *ast.MappingNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Node.GetToken().Value)
}
