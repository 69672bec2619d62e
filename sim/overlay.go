package sim

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// mostBases is how many scenarios may extend each other in a row.
const mostBases = 20

// tree reads the syntax tree of a scenario laid over those it extends. Those
// that led here are the chain.
func (l Library) tree(name string, data []byte, chain []string) (node, error) {
	n, err := parse(&origin{file: name}, data)
	if err != nil {
		return n, err
	}
	at, found := n.entry("extends")
	if !found {
		return n, nil
	}
	extends, err := at.scalar("the name or the file of a scenario")
	chain = append(chain, name)
	switch {
	case err != nil:
		return n, err
	case l.Base == nil:
		return n, at.errorf("%q cannot be looked up here; give the scenario whole", extends)
	case len(chain) > mostBases:
		return n, at.errorf("more than %d scenarios extend each other", mostBases)
	}
	title, text, err := l.Base(name, extends)
	if err != nil {
		return n, at.errorf("%v", err)
	}
	if slices.Contains(chain, title) {
		return n, at.errorf("the scenarios extend each other in a circle: %s", strings.Join(append(chain, title), ", "))
	}
	base, err := l.tree(title, text, chain)
	if err != nil {
		return n, err
	}
	below, mapped := base.Node.(*ast.MappingNode)
	if !mapped {
		return n, at.errorf("%q is no scenario", extends)
	}
	base.Node, err = merge(base, n, below, reflect.TypeFor[File]())
	*base.removed = append(*base.removed, *n.removed...)
	return base, err
}

// entry returns the value of one field of a mapping.
func (n node) entry(key string) (node, bool) {
	entries, _, _ := n.entries()
	for _, e := range entries {
		if e.key == key {
			return n.child(e.value, n.join(key)), true
		}
	}
	return n, false
}

// merge returns the mapping below, at base, with the fields of over laid over it,
// both the fields of a type. Neither is changed.
func merge(base, over node, below *ast.MappingNode, t reflect.Type) (ast.Node, error) {
	over, err := over.explained()
	if err != nil {
		return nil, err
	}
	entries, _, err := over.entries()
	if err != nil {
		return nil, err
	}
	if base, err = base.explained(); err != nil {
		return nil, err
	}
	out := shallow(below)
	for _, e := range entries {
		i, err := e.field(t)
		if err != nil {
			return nil, err
		}
		child := over.child(e.value, over.join(e.key))
		at := slices.IndexFunc(out.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == e.key })
		_, none := child.Node.(*ast.NullNode)
		switch {
		case none && at < 0:
			return nil, child.errorf("there is none to leave out")
		case none:
			out.Values = slices.Delete(out.Values, at, at+1)
			continue
		case at < 0:
			out.Values = append(out.Values, ast.MappingValue(e.GetToken(), e.name, child.graft()))
			continue
		}
		value, err := overlay(base.child(out.Values[at].Value, child.path), child, t.Field(i).Type)
		if err != nil {
			return nil, err
		}
		out.Values[at] = ast.MappingValue(out.Values[at].Start, e.name, value)
	}
	return out, nil
}

// overlay returns what becomes of a value of a type when another is laid over
// it. A figure is replaced whole, with where it comes from.
func overlay(base, over node, t reflect.Type) (ast.Node, error) {
	if whole(t) {
		return over.graft(), nil
	}
	switch t.Kind() {
	case reflect.Struct:
		below, mapping1 := base.Node.(*ast.MappingNode)
		_, mapping2 := over.Node.(*ast.MappingNode)
		if mapping1 && mapping2 {
			merged, err := merge(base, over, below, t)
			return base.with(merged), err
		}
	case reflect.Slice:
		seq1, list1 := base.Node.(*ast.SequenceNode)
		seq2, list2 := over.Node.(*ast.SequenceNode)
		if list1 && list2 && len(seq2.Values) > 0 && slices.Contains(fieldNames(t.Elem()), "name") {
			merged, err := mergeList(base, over, seq1, seq2, t.Elem())
			return base.with(merged), err
		}
	}
	return over.graft(), nil
}

// whole reports whether values of a type are laid over others as one.
func whole(t reflect.Type) bool {
	return t == reflect.TypeFor[services]() || reflect.PointerTo(t).Implements(reflect.TypeFor[figure]()) ||
		t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Struct
}

// mergeList lays entries over those of the same name.
func mergeList(base, over node, below, above *ast.SequenceNode, t reflect.Type) (ast.Node, error) {
	out := *below
	out.Values = slices.Clone(below.Values)
	var known []string
	for i, value := range below.Values {
		name, _ := base.item(i, value).named()
		known = append(known, name)
	}
	lines := map[string]int{}
	for i, value := range above.Values {
		item := over.item(i, value)
		name, err := item.named()
		if err != nil {
			return nil, err
		}
		if name == "" {
			return nil, item.errorf("lacks name: it says which entry of %s is meant, or what a new one is called", over.path)
		}
		if first := lines[name]; first != 0 {
			return nil, item.errorf("the name is taken by the entry of line %d", first)
		}
		lines[name] = item.position().line
		at := slices.Index(known, name)
		remove, err := item.removes()
		switch {
		case err != nil:
			return nil, err
		case remove && at < 0:
			return nil, item.errorf("there is none to remove%s", perhaps(name, known))
		case remove:
			out.Values, known = slices.Delete(out.Values, at, at+1), slices.Delete(known, at, at+1)
			*over.removed = append(*over.removed, removal{over.path, name, item.position()})
		case at < 0:
			out.Values, known = append(out.Values, item.graft()), append(known, name)
		default:
			entry, err := overlay(base.item(at, out.Values[at]), item, t)
			if err != nil {
				return nil, err
			}
			out.Values[at] = entry
		}
	}
	return &out, nil
}

// removes reports whether an entry says {name: x, remove: true}.
func (n node) removes() (bool, error) {
	at, found := n.entry("remove")
	if !found {
		return false, nil
	}
	b, ok := at.Node.(*ast.BoolNode)
	if !ok || !b.Value {
		return false, at.errorf("%s is not true; leave it out to keep the entry", at.written())
	}
	if entries, _, _ := n.entries(); len(entries) > 2 {
		return false, at.errorf("an entry that is removed has no other field than its name")
	}
	return true, nil
}

// graft returns the value with who wrote it and what that file says around it,
// to stand in the tree of another.
func (n node) graft() ast.Node {
	return &grafted{n.Node, &origin{file: n.from.file, set: n.from.set, source: n.source, assumed: n.assumed}}
}

// with returns another value with the same origin as n's.
func (n node) with(value ast.Node) ast.Node {
	n.Node = value
	return n.graft()
}
