package sim

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// YAML writes the scenario as one file that extends no other and has no
// anchors: decoding it gives the same scenario, and every figure has the source
// or assumption that it has here. Comments are left out.
func (f *File) YAML() []byte {
	w := writer{figures: map[string]bool{}, around: map[string]bool{}}
	for _, p := range f.parameters {
		w.figures[p.Path] = true
		for around := p.Path; around != ""; around = around[:max(0, strings.LastIndexAny(around, ".["))] {
			w.around[around] = true
		}
	}
	n, _ := f.tree.explained()
	w.fields(n, w.entries(n, origin{}), 0, "")
	return []byte(w.text.String())
}

// writer writes a tree in which every value is one that Decode took.
type writer struct {
	text    strings.Builder
	figures map[string]bool // paths of figures
	around  map[string]bool // paths of what has figures in it
}

// field is an entry to be written: a value, or a text about the figures.
type field struct {
	key   string
	value node
	text  string
}

// entries lists what to write of a mapping: first where its figures come from,
// unless what stands around it says the same.
func (w *writer) entries(n node, said origin) (out []field) {
	if w.around[n.path] || n.path == "" {
		switch {
		case n.source != said.source && n.source != "":
			out = append(out, field{key: "source", text: n.source})
		case n.assumed != said.assumed && n.assumed != "":
			out = append(out, field{key: "assumed", text: n.assumed})
		}
	}
	entries, _, _ := n.entries()
	for _, e := range entries {
		if e.key == "extends" && n.path == "" {
			continue
		}
		child, _ := n.child(e.value, n.join(e.key)).explained()
		out = append(out, field{key: e.key, value: child})
	}
	if n.fit != nil {
		out = append(out, field{key: "fit", value: n.child(n.fit, n.join("fit"))})
	}
	return out
}

// fields writes a mapping in block style. What stands before its first field,
// a hyphen or nothing, is written already.
func (w *writer) fields(n node, fields []field, indent int, first string) {
	for i, f := range fields {
		if i > 0 || first == "" {
			w.text.WriteString(strings.Repeat(" ", indent))
		}
		w.text.WriteString(quote(f.key) + ":")
		if f.value.Node == nil {
			w.text.WriteString(" " + quote(f.text) + "\n")
			continue
		}
		w.block(f.value, origin{source: n.source, assumed: n.assumed}, indent+2)
	}
}

// width is how long a line may get that could be broken.
const width = 120

// block writes a value after its key: on the same line if it fits.
func (w *writer) block(n node, said origin, indent int) {
	line := w.line(n, said)
	list, isList := n.Node.(*ast.SequenceNode)
	_, isMap := n.Node.(*ast.MappingNode)
	if w.figures[n.path] || !isList && !isMap || len(line)+indent < width {
		w.text.WriteString(" " + line + "\n")
		return
	}
	w.text.WriteString("\n")
	if isMap {
		w.fields(n, w.entries(n, said), indent, "")
		return
	}
	for i, value := range list.Values {
		item, _ := n.item(i, value).explained()
		w.text.WriteString(strings.Repeat(" ", indent) + "- ")
		line := w.line(item, said)
		if _, isMap := item.Node.(*ast.MappingNode); isMap && len(line)+indent >= width {
			w.fields(item, w.entries(item, said), indent+2, "-")
			continue
		}
		w.text.WriteString(line + "\n")
	}
}

// line writes a value in flow style.
func (w *writer) line(n node, said origin) string {
	if w.figures[n.path] {
		return w.figure(n, said)
	}
	var parts []string
	switch x := n.Node.(type) {
	case *ast.MappingNode:
		for _, f := range w.entries(n, said) {
			text := quote(f.text)
			if f.value.Node != nil {
				text = w.line(f.value, origin{source: n.source, assumed: n.assumed})
			}
			parts = append(parts, quote(f.key)+": "+text)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case *ast.SequenceNode:
		for i, value := range x.Values {
			item, _ := n.item(i, value).explained()
			parts = append(parts, w.line(item, said))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return inline(n)
}

// figure writes a figure with where it comes from, unless that is said.
func (w *writer) figure(n node, said origin) string {
	value, parts := n.value(), []string{}
	switch {
	case n.source != "" && n.source != said.source:
		parts = append(parts, "source: "+quote(n.source))
	case n.assumed != "" && n.assumed != said.assumed:
		parts = append(parts, "assumed: "+quote(n.assumed))
	}
	if n.fit != nil {
		parts = append(parts, "fit: "+inline(n.child(n.fit, n.path)))
	}
	if len(parts) == 0 {
		return inline(value)
	}
	return fmt.Sprintf("{value: %s, %s}", inline(value), strings.Join(parts, ", "))
}

// inline writes a value on one line, without what is said about its figures.
func inline(n node) string { return flow(n, func(text string) string { return text }) }

// flow writes a value on one line, with every plain value changed.
func flow(n node, change func(string) string) string {
	var parts []string
	switch x := n.Node.(type) {
	case *ast.MappingNode:
		entries, _, _ := n.entries()
		for _, e := range entries {
			parts = append(parts, quote(e.key)+": "+flow(n.child(e.value, n.path), change))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case *ast.SequenceNode:
		for _, value := range x.Values {
			parts = append(parts, flow(n.child(value, n.path), change))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	text, _ := n.scalar("")
	return quote(change(text))
}

// quote writes a text so that YAML reads the same, within brackets too.
func quote(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case text == "" || text == "~" || strings.EqualFold(text, "null"),
		strings.ContainsAny(text, `,[]{}"'#&*!|>%@`+"`\\"), strings.ContainsAny(text[:1], "-?:="),
		strings.Contains(text, ": "), strings.HasSuffix(text, ":"):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return text
}
