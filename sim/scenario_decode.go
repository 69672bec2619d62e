package sim

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decoder fills entries from the syntax tree of a scenario file. It keeps where
// every value stands, so that what is found wrong later has a position too.
type decoder struct {
	document
	anchors    map[string]ast.Node
	parameters []Parameter
}

// node is one value of the file with what applies to it.
type node struct {
	ast.Node
	d       *decoder
	path    string
	source  string
	assumed string
	free    bool // its figures need no source
	limits  limits
}

// figure is a type whose value is one parameter of the scenario.
type figure interface {
	read(n node) error
}

func (d *decoder) read(data []byte, f *File) error {
	d.anchors = map[string]ast.Node{}
	data, err := d.plain(data)
	if err != nil {
		return err
	}
	tree, err := parser.ParseBytes(data, 0)
	if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		p := syntax.Token.Position
		return &Error{d.file, p.Line, p.Column, "malformed YAML: " + syntax.Message}
	}
	if err != nil {
		return &Error{d.file, 1, 1, "malformed YAML: " + err.Error()}
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return &Error{d.file, 1, 1, "is empty; a scenario has at least a name, flows and stops"}
	}
	if len(tree.Docs) > 1 {
		p := position{1, 1}
		if start := tree.Docs[1].Start; start != nil {
			p = position{start.Position.Line, start.Position.Column}
		}
		return &Error{d.file, p.line, p.column, "a second YAML document begins; a scenario is one"}
	}
	return d.fill(node{Node: tree.Docs[0].Body, d: d}, reflect.ValueOf(f).Elem())
}

// fill reads n into v by v's type.
func (d *decoder) fill(n node, v reflect.Value) error {
	if err := d.resolve(&n); err != nil {
		return err
	}
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
	switch v.Kind() {
	case reflect.String:
		text, err := n.scalar("text")
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

// resolve follows anchors and aliases.
func (d *decoder) resolve(n *node) error {
	for range 100 {
		switch x := n.Node.(type) {
		case *ast.AnchorNode:
			n.Node = x.Value
			d.anchors[x.Name.GetToken().Value] = x.Value
		case *ast.AliasNode:
			name := x.Value.GetToken().Value
			to, ok := d.anchors[name]
			if !ok || to == n.Node {
				return n.errorf("unknown anchor %q; write &%s before the value it stands for, further up", name, name)
			}
			n.Node = to
		case *ast.TagNode:
			return n.errorf("tags such as %s are not used here", x.Start.Value)
		default:
			return nil
		}
	}
	return n.errorf("anchors stand for each other in a circle; write one of them out")
}

// figure reads a figure, or a mapping of its value and where it comes from.
func (d *decoder) figure(n node, x figure) error {
	if entries, _, _ := n.entries(); len(entries) == 1 && entries[0].key == "value" {
		n.Node = entries[0].value
		if err := d.resolve(&n); err != nil {
			return err
		}
	}
	if err := x.read(n); err != nil {
		return err
	}
	switch {
	case n.free:
		return nil
	case n.source == "" && n.assumed == "":
		return n.errorf("nothing says where the figure comes from; add source: or assumed: beside it or around it")
	}
	d.parameters = append(d.parameters, Parameter{n.path, n.position().line, n.source, n.assumed})
	return nil
}

func (d *decoder) list(n node, v reflect.Value) error {
	plain := v.Type().Elem().Kind() == reflect.String
	seq, ok := n.Node.(*ast.SequenceNode)
	if !ok && !plain {
		return n.errorf("%s is not a list; begin each entry with a hyphen", n.written())
	}
	if !ok {
		text, err := n.scalar("a name or a list of names")
		v.Set(reflect.Append(v, reflect.ValueOf(text)))
		return err
	}
	lines := map[string]int{}
	for i, item := range seq.Values {
		child := n.child(item, fmt.Sprintf("%s[%d]", n.path, i+1))
		if err := d.resolve(&child); err != nil {
			return err
		}
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
	known := fieldNames(v.Type())
	for _, e := range entries {
		i := slices.Index(known, e.key)
		if i < 0 {
			return e.errorf("unknown field %q%s; fields here are %s", e.key, perhaps(e.key, known), strings.Join(known, ", "))
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
	}
	for i, name := range known {
		if tag := v.Type().Field(i).Tag; tag.Get("need") != "" && !d.has(n.join(name)) {
			return n.errorf("lacks %s: %s", name, strings.TrimSuffix(tag.Get("doc"), "."))
		}
	}
	return nil
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
	value ast.Node
}

// entries lists the fields of a mapping in the order written, but for what
// explains its figures.
func (n node) entries() (list []entry, mapped bool, err error) {
	m, mapped := n.Node.(*ast.MappingNode)
	if !mapped {
		return nil, false, nil
	}
	for _, v := range m.Values {
		e := entry{n.child(v.Key, n.path), v.Key.GetToken().Value, v.Value}
		if _, plain := v.Key.(ast.ScalarNode); !plain {
			return nil, true, e.errorf("a field name must be plain text")
		}
		if e.key != "source" && e.key != "assumed" {
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
		switch key := v.Key.GetToken().Value; key {
		case "source":
			source, err = n.child(v.Value, n.join(key)).scalar("text")
		case "assumed":
			assumed, err = n.child(v.Value, n.join(key)).scalar("text")
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

func (n node) child(value ast.Node, path string) node {
	n.Node, n.path = value, path
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
		name, err := value.scalar("a name")
		if err == nil && strings.ContainsAny(name, "[]\"\n") {
			err = value.errorf("%s cannot be a name; leave out brackets, quotation marks and line breaks", value.written())
		}
		return name, err
	}
	return "", err
}

func (n node) position() position {
	t := n.Node.GetToken()
	if m, ok := n.Node.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		t = m.Values[0].Key.GetToken()
	}
	return position{t.Position.Line, t.Position.Column}
}

func (n node) errorf(format string, args ...any) error {
	p := n.position()
	return &Error{n.d.file, p.line, p.column, about(n.path) + fmt.Sprintf(format, args...)}
}

// scalar returns the text of a plain value.
func (n node) scalar(want string) (string, error) {
	if err := n.d.resolve(&n); err != nil {
		return "", err
	}
	switch x := n.Node.(type) {
	case *ast.NullNode, *ast.MappingNode, *ast.SequenceNode:
		return "", n.errorf("%s is not %s", n.written(), want)
	case *ast.LiteralNode:
		return strings.TrimSpace(x.Value.Value), nil
	}
	text := strings.TrimSpace(n.Node.GetToken().Value)
	if i := strings.IndexFunc(text, invisible); i >= 0 {
		return "", n.errorf("has a control character; a text is what a person can see")
	}
	if text == "" {
		return "", n.errorf("is empty; it takes %s", want)
	}
	return text, nil
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
