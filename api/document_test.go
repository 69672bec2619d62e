package api

import (
	"bytes"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"landport/gate"
)

// described is an operation as a reader of the document sees it.
type described struct {
	method, path string
	op           map[string]any
}

// opened is the document as served, and what it describes, in order.
func (p *post) document() (doc map[string]any, ops []described) {
	p.t.Helper()
	doc = read[map[string]any](p.t, p.ask("GET", "/openapi.json", ""), http.StatusOK)
	paths := doc["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			ops = append(ops, described{strings.ToUpper(method), path, item[method].(map[string]any)})
		}
	}
	return doc, ops
}

func (d *described) text(key string) string {
	s, _ := d.op[key].(string)
	return s
}

// parameters of one kind, with their examples.
func (d *described) parameters(in string) map[string]any {
	out := map[string]any{}
	list, _ := d.op["parameters"].([]any)
	for _, p := range list {
		if p := p.(map[string]any); p["in"] == in {
			out[p["name"].(string)] = p["example"]
		}
	}
	return out
}

// body is the media type of the request's body, nil if it takes none.
func (d *described) body() map[string]any {
	b, ok := d.op["requestBody"].(map[string]any)
	if !ok {
		return nil
	}
	return b["content"].(map[string]any)["application/json"].(map[string]any)
}

func TestDocumentIsComplete(t *testing.T) {
	p := bavet(t)
	doc, ops := p.document()
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi is %v", doc["openapi"])
	}
	ids := map[string]bool{}
	for _, d := range ops {
		name := d.method + " " + d.path
		if id := d.text("operationId"); id == "" || ids[id] {
			t.Errorf("%s: operationId %q", name, id)
		} else {
			ids[id] = true
		}
		if d.text("summary") == "" || d.op["tags"] == nil {
			t.Errorf("%s has no summary or no tag", name)
		}
		for _, in := range []string{"path", "query", "header"} {
			for parameter, example := range d.parameters(in) {
				if example == nil {
					t.Errorf("%s: the %s parameter %s has no example", name, in, parameter)
				}
			}
		}
		if d.method == http.MethodPost && d.parameters("header")[keyHeader] == nil {
			t.Errorf("%s takes no %s", name, keyHeader)
		}
		if body := d.body(); (d.method == http.MethodPost) != (body != nil && body["example"] != nil) {
			t.Errorf("%s: a body and its example: %v", name, body)
		}
		good, bad := 0, 0
		for status, r := range d.op["responses"].(map[string]any) {
			for media, content := range r.(map[string]any)["content"].(map[string]any) {
				content := content.(map[string]any)
				switch {
				case status < "300" && content["example"] != nil:
					good++
				case status >= "400" && media == "application/problem+json" && len(content["examples"].(map[string]any)) > 0:
					bad++
				default:
					t.Errorf("%s: %s %s has no example", name, status, media)
				}
			}
		}
		if good != 1 || bad < 2 {
			t.Errorf("%s has %d answers and %d statuses of problems", name, good, bad)
		}
	}
	if len(ops) < 50 {
		t.Errorf("only %d operations", len(ops))
	}
}

// Every order and observation of the gate can be given, but the passing of time.
func TestEveryInputHasAnOperation(t *testing.T) {
	p := bavet(t)
	_, ops := p.document()
	have := map[string]bool{"arrived-at-post": true}
	for _, d := range ops {
		have[d.text("operationId")] = true
	}
	for do := gate.ObserveArrival; do.String() != "unknown"; do++ {
		name := do.String()
		if !have[name] && !have[name+"-at-post"] && do != gate.Announce {
			t.Errorf("no operation for %s", name)
		}
	}
}

// What the document says of answers is true of them, and of its own examples.
func TestAnswersAreAsDescribed(t *testing.T) {
	p := bavet(t)
	reference := p.arrive()
	_ = read[Receipt](t, p.write("/api/v1/visits/"+reference+"/entered", ""), http.StatusOK) // an anomaly
	raw := p.ask("GET", "/openapi.json", "").Body.Bytes()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	valid := func(pointer string, value any) {
		t.Helper()
		schema, err := compiler.Compile("openapi.json#" + pointer)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Error(err)
		}
	}
	contents, ops := p.document()
	problems := contents["components"].(map[string]any)["examples"].(map[string]any)
	for _, d := range ops {
		at := "/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(d.path) + "/" + strings.ToLower(d.method)
		if body := d.body(); body != nil {
			valid(at+"/requestBody/content/application~1json/schema", body["example"])
		}
		for status, r := range d.op["responses"].(map[string]any) {
			for media, content := range r.(map[string]any)["content"].(map[string]any) {
				at := at + "/responses/" + status + "/content/" + strings.ReplaceAll(media, "/", "~1") + "/schema"
				content := content.(map[string]any)
				if content["example"] != nil {
					valid(at, content["example"])
				}
				examples, _ := content["examples"].(map[string]any)
				for code, e := range examples {
					if e.(map[string]any)["$ref"] != "#/components/examples/"+code {
						t.Errorf("%s: the problem %s is %v", d.path, code, e)
					}
					valid(at, problems[code].(map[string]any)["value"])
				}
				if d.method == http.MethodGet && media == "application/json" && status == "200" {
					path := strings.NewReplacer("{post}", "bavet", "{reference}", reference).Replace(d.path)
					if d.path == "/api/v1/ledger/consistency" {
						path += "?old=1&size=2"
					}
					if d.path == "/api/v1/visits" {
						path += "?plate=2A-3456"
					}
					valid(at, read[any](t, p.ask("GET", path, ""), http.StatusOK))
				}
			}
		}
	}
}

// The examples can be sent as they stand: what they lack is a visit.
func TestExamplesAreTaken(t *testing.T) {
	p := bavet(t)
	_, ops := p.document()
	for _, d := range ops {
		if d.path == "/api/v1/events" {
			continue
		}
		body := ""
		if b := d.body(); b != nil {
			body = indented(b["example"])
		}
		r := p.write(address(&d, nil), body)
		if d.method == http.MethodGet {
			r = p.ask(d.method, address(&d, nil), "")
		}
		switch r.Code {
		case http.StatusOK, http.StatusCreated, http.StatusNotFound, http.StatusConflict:
		case http.StatusUnprocessableEntity: // the examples' day may be over
			if problem := read[Problem](t, r, r.Code); len(problem.Faults) != 1 || problem.Faults[0].Location != "body.occurred_at" {
				t.Errorf("%s %s: the example is answered %+v", d.method, d.path, problem)
			}
		default:
			t.Errorf("%s %s: the example is answered %d", d.method, d.path, r.Code)
		}
	}
}

// Everything on the page comes from the node itself.
func TestReferencePage(t *testing.T) {
	p := bavet(t)
	page := p.ask("GET", "/docs", "").Body.Bytes()
	_, ops := p.document()
	for _, d := range ops {
		if !bytes.Contains(page, []byte(`id="`+d.text("operationId")+`"`)) {
			t.Errorf("/docs does not show %s", d.path)
		}
	}
	for _, foreign := range []string{"http://", "https://", "<script", "style=", "//cdn"} {
		if bytes.Contains(page, []byte(foreign)) {
			t.Errorf("/docs holds %s", foreign)
		}
	}
	if r := p.ask("GET", "/docs/style.css", ""); r.Code != http.StatusOK || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/css") {
		t.Errorf("the style is answered %d", r.Code)
	}
	for _, k := range kindsOfProblem {
		if r := p.ask("GET", "/problems/"+k.Code, ""); r.Code != http.StatusOK {
			t.Errorf("/problems/%s is answered %d", k.Code, r.Code)
		}
	}
	if r := p.ask("GET", "/problems/not-held", ""); r.Code != http.StatusOK {
		t.Errorf("a refusal's page is answered %d", r.Code)
	}
	if r := p.ask("GET", "/problems/nonsense", ""); r.Code != http.StatusNotFound {
		t.Errorf("no problem's page is answered %d", r.Code)
	}
}

// Fields that no row takes would be described nowhere.
func TestEveryFieldIsTaken(t *testing.T) {
	p := bavet(t)
	_, ops := p.document()
	taken := map[string]bool{}
	for _, d := range ops {
		if body := d.body(); body != nil {
			for name := range body["schema"].(map[string]any)["properties"].(map[string]any) {
				taken[name] = true
			}
		}
	}
	for name := range huma.NewMapRegistry("#/", huma.DefaultSchemaNamer).Schema(reflect.TypeFor[Fields](), false, "").Properties {
		if !taken[name] {
			t.Errorf("no operation takes %s", name)
		}
	}
}
