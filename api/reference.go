package api

import (
	"bytes"
	_ "embed" // the pages below
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"landport/gate"
)

//go:embed reference.html
var referencePage string

//go:embed reference.css
var referenceStyle []byte

// manual is the OpenAPI document as a page.
type manual struct {
	Title, Version, Text string
	Groups               []group
	Problems             []kindOfProblem
}

type group struct {
	Name       string
	Operations []entry
}

type entry struct {
	*huma.Operation

	Fields  []field
	Request string // example
	Answers []answered
}

type field struct {
	Name, Type, Text string
	Required         bool
}

type answered struct{ Status, Text, Media, Example string }

// exemplify completes the document: every parameter gets an example, and what
// is answered may be added to by later versions.
func (s *server) exemplify(doc *huma.OpenAPI) {
	for _, op := range operations(doc) {
		for _, p := range op.Parameters {
			p.Example = s.examples[p.Name]
		}
	}
	schemas := doc.Components.Schemas
	for name, schema := range schemas.Map() {
		schema.AdditionalProperties = nil
		of := schemas.TypeFromRef("#/components/schemas/" + name)
		for _, f := range reflect.VisibleFields(of) {
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			property := schema.Properties[field]
			switch t := f.Type; {
			case property == nil:
			case property.Ref != "" && t.Kind() == reflect.Pointer: // a reference alone cannot be null
				schema.Properties[field] = &huma.Schema{OneOf: []*huma.Schema{property, {Type: "null"}}}
			case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Float64:
				property.Nullable = false // written as [], not null
			}
		}
	}
}

// operations lists what the document describes, by its groups.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var out []*huma.Operation
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op != nil {
				out = append(out, op)
			}
		}
	}
	groups := []string{tagPost, tagVisits, tagSeen, tagOrders, tagRunning, tagSurvey, tagLedger, tagServer}
	slices.SortFunc(out, func(a, b *huma.Operation) int {
		if by := slices.Index(groups, a.Tags[0]) - slices.Index(groups, b.Tags[0]); by != 0 {
			return by
		}
		return strings.Compare(a.Method+a.Path, b.Method+b.Path)
	})
	return out
}

// publishReference serves the pages for people.
func (s *server) publishReference(doc *huma.OpenAPI) error {
	pages, err := template.New("").Funcs(template.FuncMap{"plain": unmarked}).Parse(referencePage)
	if err != nil {
		return err
	}
	page := manual{Title: doc.Info.Title, Version: doc.Info.Version, Text: doc.Info.Description, Problems: kindsOfProblem[:]}
	for _, op := range operations(doc) {
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Name != op.Tags[0] {
			page.Groups = append(page.Groups, group{Name: op.Tags[0]})
		}
		g := &page.Groups[len(page.Groups)-1]
		g.Operations = append(g.Operations, describeEntry(op))
	}
	var docs bytes.Buffer
	if err := pages.ExecuteTemplate(&docs, "reference", page); err != nil {
		return err
	}
	s.mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) { writePage(w, docs.Bytes()) })
	s.mux.HandleFunc("GET /docs/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(referenceStyle)
	})
	s.mux.HandleFunc("GET /problems/{code}", func(w http.ResponseWriter, r *http.Request) {
		kind, ok := explain(r.PathValue("code"))
		var b bytes.Buffer
		if !ok || pages.ExecuteTemplate(&b, "problem", kind) != nil {
			newProblem(codeUnknownPath, "There is no problem of this code; /docs lists them.").write(w)
			return
		}
		writePage(w, b.Bytes())
	})
	return nil
}

func writePage(w http.ResponseWriter, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page)
}

func describeEntry(op *huma.Operation) entry {
	e := entry{Operation: op}
	if op.RequestBody != nil {
		media := op.RequestBody.Content["application/json"]
		e.Request = indented(media.Example)
		for name, schema := range media.Schema.Properties {
			e.Fields = append(e.Fields, field{name, typeOf(schema), schema.Description, slices.Contains(media.Schema.Required, name)})
		}
		slices.SortFunc(e.Fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	}
	for status, r := range op.Responses {
		a := answered{Status: status, Text: unmarked(r.Description)}
		for media, content := range r.Content {
			if a.Media = media; content.Example != nil {
				a.Example = indented(content.Example)
			}
		}
		e.Answers = append(e.Answers, a)
	}
	slices.SortFunc(e.Answers, func(a, b answered) int { return strings.Compare(a.Status, b.Status) })
	return e
}

// Value is a parameter's example, as it would be written in an address.
func (e entry) Value(p *huma.Param) string { return fmt.Sprint(p.Example) }

// unmarked is a text without its Markdown.
func unmarked(s string) string { return strings.ReplaceAll(s, "`", "") }

// typeOf says in a word what a schema takes.
func typeOf(schema *huma.Schema) string {
	of := schema
	if schema.Type == huma.TypeArray {
		of = schema.Items
	}
	word := of.Type
	if of.Format == "date-time" {
		word = of.Format
	}
	if len(of.Enum) > 0 {
		values := make([]string, len(of.Enum))
		for i, v := range of.Enum {
			values[i] = fmt.Sprint(v)
		}
		word = strings.Join(values, ", ")
	}
	if of != schema {
		return "list of " + word
	}
	return word
}

// indented writes an example: text as it is, everything else as JSON.
func indented(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return ""
	}
	return string(data)
}

// explain says what a code of problems means.
func explain(code string) (kindOfProblem, bool) {
	for _, k := range kindsOfProblem {
		if k.Code == code {
			return k, true
		}
	}
	refusals := []string{"unknown-anomaly", "reference-in-use", "reference-used", "reference-not-minted", "unknown-fact", "time-order", "has-left"} // the node's own
	for c := gate.CodeUnknownOrder; c.String() != "unknown"; c++ {
		refusals = append(refusals, c.String())
	}
	return kindOfProblem{
		code, http.StatusConflict, "Refused",
		"The post is not in a state that allows this order. Nothing was done; the problem's detail says why, and what would be allowed.",
	}, slices.Contains(refusals, code)
}
