package sim_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"landport/sim"
)

var update = flag.Bool("update", false, "write generated files instead of comparing with them")

const schemaPath = "../scenarios/schema.json"

func TestSchemaIsFresh(t *testing.T) {
	if *update {
		if err := os.WriteFile(schemaPath, sim.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, sim.Schema()) {
		t.Errorf("%s is stale; write it anew with: go test ./sim -run Schema -update", schemaPath)
	}
}

func TestScenariosMeetTheSchema(t *testing.T) {
	schema := compileSchema(t, schemaDocument(t))
	for _, path := range scenarioFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, data)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSchemaRefusesWhatDecodeRefuses(t *testing.T) {
	schema := compileSchema(t, schemaDocument(t))
	const good = "name: x\nsource: y\nflows: [{rate: 1/day}]\nstops: [{name: s, service: 5m}]\n"
	if err := schema.Validate(asJSON(t, []byte(good))); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"service: 5m", "servis: 5m"},
		{"service: 5m", "service: 5 minutes"},
		{"service: 5m", "service: {exponential: 5}"},
		{"service: 5m", "service: 5m, servers: -1"},
		{"service: 5m", "service: 5m, agency: custom"},
		{"service: 5m", "service: [{again: 0.5}]"},
		{"service: 5m", "service: [{time: 5m, again: 1.5}]"},
		{"rate: 1/day", "rate: 1"},
		{"rate: 1/day", "rate: 1/day, by_weekday: {monday: 1}"},
		{"name: x", "title: x"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if schema.Validate(asJSON(t, []byte(bad))) == nil {
			t.Errorf("the schema accepts %q", change[1])
		}
		if _, err := sim.Decode("x.yaml", []byte(bad), nil); err == nil {
			t.Errorf("Decode accepts %q", change[1])
		}
	}
}

func compileSchema(t *testing.T, doc any) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as an editor does.
func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	text, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// scenarioFiles lists the shipped scenarios and those of the tests.
func scenarioFiles(t testing.TB) []string {
	t.Helper()
	shipped, err := filepath.Glob("../scenarios/*.yaml")
	if err != nil || len(shipped) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	tests, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(tests) == 0 {
		t.Fatalf("no test scenarios: %v", err)
	}
	return append(shipped, tests...)
}

// What runs, no editor marks as wrong: values of every field of a scenario are
// exchanged for others, and those that Decode takes the schema takes too.
func TestSchemaTakesWhatDecodeTakes(t *testing.T) {
	schema := compileSchema(t, schemaDocument(t))
	text, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	others := []any{
		123, 0.5, -0.05, -1, true, false, "123", "0.5", "true", " 8m", "8m ", ".5h", "5.h", "0.0001ms", "1e1/day", "+5/day", "5  /  day", "0x1p-2/day", "0x10",
		"6:00", "06:00 ", "x", "", nil, []any{}, []any{1, "a"}, map[string]any{}, map[string]any{"value": "8m"}, map[string]any{"value": 0.5},
	}
	whole := asJSON(t, text)
	taken, n := 0, 0
	exchange(whole, func(set func(any), was any) {
		for i, other := range others {
			if n++; (n+i)%17 != 0 { // fields of one kind are many
				continue
			}
			set(other)
			written, err := json.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := sim.Decode("x.yaml", written, time.LoadLocation); err == nil {
				taken++
				var v any
				if err := json.Unmarshal(written, &v); err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("Decode takes %#v for %#v, the schema does not: %v", other, was, err)
				}
			}
		}
		set(was)
	})
	if taken < 100 {
		t.Errorf("Decode took %d of %d", taken, n)
	}
}

// exchange calls at with every value inside a document, however deep, in order.
func exchange(v any, at func(set func(any), was any)) {
	switch v := v.(type) {
	case []any:
		for i := range v {
			at(func(x any) { v[i] = x }, v[i])
			exchange(v[i], at)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at(func(x any) { v[key] = x }, v[key])
			exchange(v[key], at)
		}
	}
}
