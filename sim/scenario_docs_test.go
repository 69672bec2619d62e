package sim_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"landport/sim"
)

const docsPath = "../docs/scenarios.md"

func TestTheDocsNameEveryFieldAndWord(t *testing.T) {
	text := readDocs(t)
	named := func(word string) bool { return strings.Contains(text, "`"+word+"`") }
	seen := 0
	walkSchema(t, func(fields []string, words []any) {
		for _, f := range fields {
			if seen++; !named(f) {
				t.Errorf("%s does not describe the field `%s`", docsPath, f)
			}
		}
		for _, w := range words {
			if seen++; !named(w.(string)) {
				t.Errorf("%s does not name `%s`", docsPath, w)
			}
		}
	})
	if seen < 150 {
		t.Errorf("the schema has %d fields and words; the test looks at too little", seen)
	}
}

func TestEveryFieldHasAnExample(t *testing.T) {
	examples := strings.Join(yamlBlocks(t), "\n")
	inline := strings.Join(regexp.MustCompile("`[^`\n]+`").FindAllString(readDocs(t), -1), "\n")
	walkSchema(t, func(fields []string, _ []any) {
		for _, f := range fields {
			if !regexp.MustCompile(`\b` + f + `:`).MatchString(examples + inline) {
				t.Errorf("%s shows no example of `%s`", docsPath, f)
			}
		}
	})
}

func TestTheExamplesMeetTheSchema(t *testing.T) {
	whole := schemaDocument(t)
	delete(whole["else"].(map[string]any), "required") // an example shows one part of a file
	schema := compileSchema(t, whole)
	for _, block := range yamlBlocks(t) {
		if err := schema.Validate(asJSON(t, []byte(block))); err != nil {
			t.Errorf("%s\n%v", block, err)
		}
	}
}

// What the docs show can be read, and what is a whole scenario can be run.
func TestTheExamplesAreScenarios(t *testing.T) {
	whole := 0
	for _, block := range yamlBlocks(t) {
		has := func(field string) bool {
			return strings.HasPrefix(block, field+":") || strings.Contains(block, "\n"+field+":")
		}
		text := block
		for _, part := range []struct{ field, frame string }{
			{"name", "name: x"}, {"flows", "flows: [{rate: 1/day}]"}, {"stops", "stops: [{name: s, service: 1m}]"}, {"assumed", "assumed: an example"},
		} {
			if !has(part.field) && !has("extends") && !(part.field == "assumed" && has("source")) {
				text += part.frame + "\n"
			}
		}
		f, err := sim.Library{Zones: time.LoadLocation, Base: shipped}.Decode("example.yaml", []byte(text))
		if err == nil && (text == block || has("extends")) {
			whole++
			_, err = f.Model()
		}
		if err != nil {
			t.Errorf("%s\n%v", block, err)
		}
	}
	if whole < 2 {
		t.Errorf("%d of the examples are whole scenarios", whole)
	}
}

// shipped finds a scenario that comes with Landport.
func shipped(_, extends string) (string, []byte, error) {
	text, err := os.ReadFile("../scenarios/" + extends + ".yaml")
	return extends + ".yaml", text, err
}

func readDocs(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// yamlBlocks lists the examples of the docs that are more than a comment.
func yamlBlocks(t *testing.T) (blocks []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readDocs(t), -1) {
		if !strings.HasPrefix(m[1], "#") {
			blocks = append(blocks, m[1])
		}
	}
	if len(blocks) < 10 {
		t.Fatalf("%s has %d examples", docsPath, len(blocks))
	}
	return blocks
}

func schemaDocument(t *testing.T) (doc map[string]any) {
	t.Helper()
	if err := json.Unmarshal(sim.Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// walkSchema calls see with the fields and the words of every part of the schema.
func walkSchema(t *testing.T, see func(fields []string, words []any)) {
	t.Helper()
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			properties, _ := v["properties"].(map[string]any)
			var fields []string
			for f := range properties {
				fields = append(fields, f)
			}
			words, _ := v["enum"].([]any)
			see(fields, words)
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(schemaDocument(t))
}
