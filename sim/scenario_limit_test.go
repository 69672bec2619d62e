package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"landport/border"
	"landport/gate"
)

func TestTheDocsListEveryLimit(t *testing.T) {
	known := map[string]string{
		"size of the file":           fmt.Sprintf("%d MiB", MostBytes>>20),
		"brackets inside each other": fmt.Sprint(mostDeep),
		"places in all":              fmt.Sprint(mostPlaces),
		"stops in all":               fmt.Sprint(mostPlaces),
		"places of a leg":            "1 to 64", // as the gate says: see TestErrorsSayWhatIsWrongAndWhere
		"dates":                      fmt.Sprintf("%d to %d", firstYear, lastYear),
		"durations":                  fmt.Sprintf("%d years", Longest/(36525*border.Day)*100),
		"arrivals of a flow":         fmt.Sprintf("%d a day", mostPerDay),
		"vehicles at once (`batch`)": fmt.Sprintf("1 to %d", mostBatch),
		"`coach.passengers`":         fmt.Sprint(mostPassengers),
		"`service.again`":            fmt.Sprint(mostAgain),
		"`slots.length`":             fmt.Sprintf("%dm to 366d", leastSlot/border.Minute),
		"mean of `return.after`":     fmt.Sprintf("%dm to 100 years", leastAway/border.Minute),
		"mean of `booking.lead`":     fmt.Sprintf("%dd", mostLead/border.Day),
		"`place.call_grace`":         "366d",
		"`policy.ageing`":            "366d",
		"`slots.grace`":              "366d",
		"a name":                     fmt.Sprintf("%d letters", mostLetters),
		"`--replications`":           "1 to 10000",
		"`--days`":                   "36525",
	}
	var schema map[string]any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	maps.Copy(known, limitsIn(schema["else"], ""))
	for name, of := range schema["$defs"].(map[string]any) {
		name, _, _ = strings.Cut(name, "-")
		maps.Copy(known, limitsIn(of, name+"."))
	}
	docs := limitsInDocs(t)
	for what, limit := range known {
		if docs[what] != limit {
			t.Errorf("%s: the docs say %q, it is %q", what, docs[what], limit)
		}
	}
	for what := range docs {
		if known[what] == "" {
			t.Errorf("the docs limit %s, which nothing else does", what)
		}
	}
	if known["`stop.servers`"] != fmt.Sprintf("1 to %d", gate.MaxServers) {
		t.Errorf("a stop takes %s servers, the gate %d", known["`stop.servers`"], gate.MaxServers)
	}
}

func TestPlacesAndStopsAreCountedTogether(t *testing.T) {
	lanes := func(kind string, entries int) string {
		var b strings.Builder
		for i := range entries {
			fmt.Fprintf(&b, "  - {name: %s %d/*, count: 1000, %s}\n", kind, i, map[string]string{"place": "kind: lane", "stop": "service: 1m"}[kind])
		}
		return b.String()
	}
	const head = "name: x\nassumed: y\nflows: [{rate: 1/day}]\n"
	for _, test := range []struct{ text, want string }{
		{head + "stops: [{name: s, service: 1m}]\nplaces:\n" + lanes("place", 5), `x.yaml:10:5: place "place 4/*": makes more than 4000 places in all; a scenario takes so many`},
		{head + "stops:\n" + lanes("stop", 5), `x.yaml:9:5: stop "stop 4/*": makes more than 4000 stops in all; a scenario takes so many`},
	} {
		f, err := Decode("x.yaml", []byte(test.text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = f.Model(); err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestOptionsKeepTheLimitsOfTheDocs(t *testing.T) {
	for _, o := range []Options{{Replications: 10_000}, {Days: 36525}} {
		if err := o.Check(); err != nil {
			t.Error(err)
		}
	}
	for _, o := range []Options{{Replications: 10_001}, {Days: 36525.5}} {
		if o.Check() == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// limitsIn lists the limits of an object's fields, or of the object among the
// options that a part of the schema has.
func limitsIn(of any, prefix string) map[string]string {
	found := map[string]string{}
	part, _ := of.(map[string]any)
	options, _ := part["anyOf"].([]any)
	for _, option := range options {
		maps.Copy(found, limitsIn(option, prefix))
	}
	fields, _ := part["properties"].(map[string]any)
	for name, field := range fields {
		field, _ := field.(map[string]any)
		if most, ok := field["maxItems"]; ok {
			found["`"+prefix+name+"`"] = fmt.Sprint(most)
		}
		if most, ok := field["maximum"]; ok && field["$ref"] != nil {
			found["`"+prefix+name+"`"] = strings.TrimPrefix(fmt.Sprintf("%v to %.0f", field["minimum"], most), "<nil> to ")
		}
	}
	return found
}

// limitsInDocs reads the rows of the table of limits.
func limitsInDocs(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Limits\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]string{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, " | ")
		if len(cells) < 2 || strings.HasPrefix(line, "| what") {
			continue
		}
		limit := strings.NewReplacer(",", "", " |\n", "").Replace(cells[1])
		for what := range strings.SplitSeq(strings.TrimPrefix(cells[0], "| "), ", ") {
			rows[what] = limit
		}
	}
	return rows
}
