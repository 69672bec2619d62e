package sim_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
