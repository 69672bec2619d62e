package sim

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// origin is who wrote a value, and what that file says around it about the
// figures in it.
type origin struct {
	file            string
	set             bool // a Setting's, which has no lines
	source, assumed string
}

// grafted is a value that stands in the tree of another file.
type grafted struct {
	ast.Node
	*origin
}

// parse reads the syntax tree of a scenario file, with every anchor resolved.
func parse(from *origin, data []byte) (node, error) {
	start := position{from.file, 1, 1}
	if from.set {
		start = position{file: from.file}
	}
	data, err := plain(from.file, data)
	if err != nil {
		return node{}, err
	}
	tree, err := parser.ParseBytes(data, 0)
	if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		if p := syntax.Token.Position; !from.set {
			start.line, start.column = p.Line, p.Column
		}
		return node{}, start.errorf("malformed YAML: %s", plainly(syntax.Message))
	}
	if err != nil {
		return node{}, start.errorf("malformed YAML: %v", err)
	}
	if len(tree.Docs) == 0 || void(tree.Docs[0].Body) {
		return node{}, start.errorf("is empty; a scenario has at least a name, flows and stops")
	}
	if len(tree.Docs) > 1 {
		if second := tree.Docs[1].Start; second != nil && !from.set {
			start.line, start.column = second.Position.Line, second.Position.Column
		}
		return node{}, start.errorf("a second YAML document begins; a scenario is one")
	}
	n := node{Node: tree.Docs[0].Body, from: from, source: from.source, assumed: from.assumed, removed: &[]removal{}}
	return n, anchors{}.resolve(&n)
}

// void reports whether a document says nothing at all.
func void(body ast.Node) bool {
	_, null := body.(*ast.NullNode)
	return body == nil || null
}

// plainly says what is wrong where the parser names its tokens.
func plainly(message string) string {
	switch message {
	case "sequence end token ']' not found":
		return "the bracket [ that opens here is never closed; put ] after the last entry of the list"
	case "mapping end token '}' not found":
		return "the bracket { that opens here is never closed; put } after the last field"
	case "',' or '}' must be specified":
		return "a bracket { is still open here; put } after its last field, or a comma before the next"
	case "',' or ']' must be specified":
		return "a bracket [ is still open here; put ] after its last entry, or a comma before the next"
	}
	return message
}

// anchors are the values that a file gave a name, so far.
type anchors map[string]ast.Node

// resolve puts what they stand for in the place of aliases, all the way down.
func (a anchors) resolve(n *node) error {
	switch x := n.Node.(type) {
	case *ast.AnchorNode:
		n.Node = x.Value
		if err := a.resolve(n); err != nil {
			return err
		}
		a[x.Name.GetToken().Value] = n.Node
	case *ast.AliasNode:
		name := x.Value.GetToken().Value
		to, ok := a[name]
		if !ok {
			return n.errorf("unknown anchor %q; write &%s before the value it stands for, further up", name, name)
		}
		n.Node = to
	case *ast.TagNode:
		return n.errorf("tags such as %s are not used here", x.Start.Value)
	case *ast.MappingNode:
		for _, v := range x.Values {
			child := n.child(v.Value, n.join(v.Key.GetToken().Value))
			if err := a.resolve(&child); err != nil {
				return err
			}
			v.Value = child.Node
		}
	case *ast.SequenceNode:
		for i, item := range x.Values {
			child := n.item(i, item)
			if err := a.resolve(&child); err != nil {
				return err
			}
			x.Values[i] = child.Node
		}
	}
	return nil
}

// item is an entry of a list, by its name if it has one, or by its number.
func (n node) item(i int, value ast.Node) node {
	child := n.child(value, fmt.Sprintf("%s[%d]", n.path, i+1))
	if name, err := child.named(); err == nil && name != "" {
		child.path = fmt.Sprintf("%s[%s]", n.path, name)
	}
	return child
}

// shallow copies a mapping, so that its entries can be changed where it stands
// for itself only: an anchor may have brought it elsewhere too.
func shallow(m *ast.MappingNode) *ast.MappingNode {
	c := *m
	c.Values = append([]*ast.MappingValueNode(nil), m.Values...)
	return &c
}
