package sim_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/sim"
)

// shelf is a library of the scenarios in it.
func shelf(files map[string]string) sim.Library {
	return sim.Library{Zones: time.LoadLocation, Base: func(_, extends string) (string, []byte, error) {
		text, ok := files[extends]
		if !ok {
			return "", nil, fmt.Errorf("unknown scenario %q", extends)
		}
		return extends + ".yaml", []byte(text), nil
	}}
}

// overlaid decodes an overlay of smallBorder.
func overlaid(text string) (*sim.File, error) {
	return shelf(map[string]string{"small": smallBorder}).Decode("over.yaml", []byte("name: over\nextends: small\n"+text))
}

func TestAnOverlayChangesWhatItSays(t *testing.T) {
	f, err := overlaid(`assumed: the plan
run: {length: 20d}
places:
  - {name: lane *, count: 3, accepts: [laden, empty]}
  - {name: hall, kind: bay, post: Moc Bai}
stops:
  - {name: scanner, service: 5m, source: the maker}
  - {name: counter, post: Moc Bai, service: 2m}
procedures:
  - {name: goods, remove: true}
  - name: all goods
    route:
      - road
      - {place: lane *, stops: [{stop: customs, formalities: export}]}
      - {place: yard, stops: [{stop: scanner, formalities: x-ray, on_referral: true}]}
      - {place: hall, stops: [counter]}
`)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Model()
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "over" || f.Extends != "small" || m.Span.Hours() != 480 || m.Warmup.Hours() != 24 {
		t.Errorf("%s extends %s, run %v warm-up %v", m.Name, f.Extends, m.Span, m.Warmup)
	}
	var places []string
	for _, p := range m.Layout.Places[1:] {
		places = append(places, p.Name)
	}
	if want := []string{"road", "lane 1", "lane 2", "lane 3", "yard", "hall"}; !slices.Equal(places, want) {
		t.Errorf("places %q, want %q", places, want)
	}
	for _, test := range []struct {
		path string
		want sim.Parameter
	}{
		{"places[lane *].count", sim.Parameter{File: "over.yaml", Line: 6, Value: "3", Assumed: "the plan"}},
		{"places[lane *].capacity", sim.Parameter{File: "small.yaml", Line: 13, Value: "1", Assumed: "for tests"}},
		{"stops[scanner].service", sim.Parameter{File: "over.yaml", Line: 9, Value: "5m", Source: "the maker"}},
		{"stops[customs].service[1].time", sim.Parameter{File: "small.yaml", Line: 18, Value: "8m", Assumed: "for tests"}},
		{"flows[trucks].rate", sim.Parameter{File: "small.yaml", Line: 29, Value: "100/day", Assumed: "for tests"}},
	} {
		got := parameterOf(t, f, test.path)
		if got.File != test.want.File || got.Line != test.want.Line || got.Value != test.want.Value || got.Source != test.want.Source || got.Assumed != test.want.Assumed {
			t.Errorf("%s: got %+v", test.path, got)
		}
	}
}

func TestAnOverlayOfAnOverlay(t *testing.T) {
	files := map[string]string{
		"small": smallBorder,
		"short": "name: short\nextends: small\nassumed: first plan\nstops: [{name: customs, servers: 2}]\nplaces: [{name: lane *, count: 3}]",
	}
	f, err := shelf(files).Decode("mid.yaml", []byte("name: mid\nextends: short\nassumed: second plan\nstops: [{name: customs, servers: 5}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p := parameterOf(t, f, "stops[customs].servers"); p.Value != "5" || p.Assumed != "second plan" || p.File != "mid.yaml" {
		t.Errorf("%+v", p)
	}
	if p := parameterOf(t, f, "places[lane *].count"); p.Value != "3" || p.Assumed != "first plan" || p.File != "short.yaml" {
		t.Errorf("%+v", p)
	}
}

func TestAnOverlaySaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a figure without origin", "places: [{name: yard, capacity: 9}]",
			`over.yaml:3:33: place "yard": capacity: nothing says where the figure comes from; add source: or assumed: beside it or around it`},
		{"a bad value", "assumed: x\nplaces:\n  - {name: yard, capacity: many}",
			`over.yaml:5:28: place "yard": capacity: "many" is not a whole number from 0 to 1048576`},
		{"an unknown field", "places: [{name: yard, colour: red}]",
			`over.yaml:3:23: place "yard": unknown field "colour"; fields here are name, count, kind, post, capacity, each_way, directions, tidal, shut, accepts, refuses, opening, single_file, pager, call_grace, call_tries, turn_away, drive`},
		{"a misspelt entry", "places: [{name: yad, capacity: 9, assumed: x}]",
			`over.yaml:3:10: place "yad": lacks kind: What it is`},
		{"an entry without name", "places: [{capacity: 9, assumed: x}]",
			`over.yaml:3:10: place 1: lacks name: it says which entry of places is meant, or what a new one is called`},
		{"a name twice", "places: [{name: yard}, {name: yard}]",
			`over.yaml:3:24: place "yard": the name is taken by the entry of line 3`},
		{"nothing to remove", "places: [{name: yad, remove: true}]",
			`over.yaml:3:10: place "yad": there is none to remove, perhaps "yard"`},
		{"removed and changed", "places: [{name: yard, remove: true, capacity: 5}]",
			`over.yaml:3:31: place "yard": remove: an entry that is removed has no other field than its name`},
		{"removed or not", "places: [{name: yard, remove: false}]",
			`over.yaml:3:31: place "yard": remove: "false" is not true; leave it out to keep the entry`},
		{"nothing to leave out", "service_standard: null",
			`over.yaml:3:19: service_standard: there is none to leave out`},
		{"something still needed", "places: [{name: yard, remove: true}]",
			`over.yaml:3:10: place "yard" is removed, but small.yaml:25:17 still names it (procedure "goods": leg 3: place); change that too`},
		{"an unknown base", "", `over.yaml:2:10: extends: unknown scenario "smal"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "name: over\nextends: small\n" + c.text
			if c.name == "an unknown base" {
				text = strings.Replace(text, "small", "smal", 1)
			}
			f, err := shelf(map[string]string{"small": smallBorder}).Decode("over.yaml", []byte(text))
			if err == nil {
				_, err = f.Model()
			}
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestExtendingEndsSomewhere(t *testing.T) {
	files := map[string]string{"a": "extends: b", "b": "extends: a"}
	const want = `b.yaml:1:10: extends: the scenarios extend each other in a circle: a.yaml, b.yaml, a.yaml`
	if _, err := shelf(files).Decode("a.yaml", []byte(files["a"])); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	const alone = `a.yaml:1:10: extends: "b" cannot be looked up here; give the scenario whole`
	if _, err := sim.Decode("a.yaml", []byte(files["a"]), nil); err == nil || err.Error() != alone {
		t.Errorf("got  %v\nwant %s", err, alone)
	}
}

func TestTheMergedFileIsTheSameScenario(t *testing.T) {
	for _, f := range everyFile(t) {
		text := f.YAML()
		again, err := sim.Decode(f.Name+".yaml", text, time.LoadLocation)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if a, b := origins(f), origins(again); !slices.Equal(a, b) {
			t.Errorf("%s: figures differ:\n%s", f.Name, differences(a, b))
		}
		m1, err1 := f.Model()
		m2, err2 := again.Model()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if !reflect.DeepEqual(m1.Layout, m2.Layout) || !reflect.DeepEqual(m1.Classes, m2.Classes) || !reflect.DeepEqual(m1.Services, m2.Services) {
			t.Errorf("%s: the merged file is another scenario", f.Name)
		}
		if string(again.YAML()) != string(text) {
			t.Errorf("%s: writing twice differs", f.Name)
		}
	}
}

// Who takes out what is still in use is told where it stands, and by whom.
func TestWhatIsRemovedAndStillNamed(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"stops: [{name: scanner, remove: true}]\n",
			`over.yaml:3:9: stop "scanner" is removed, but small.yaml:25:38 still names it (procedure "goods": leg 3: stop 1: stop); change that too`},
		{"classes: [{name: truck, remove: true}, {name: van, traits: laden, assumed: x}]\n",
			`over.yaml:3:11: class "truck" is removed, but small.yaml:29:44 still names it (flow "trucks": classes); change that too`},
		{"formalities:\n  - {name: x-ray, remove: true}\n",
			`over.yaml:4:5: formality "x-ray" is removed, but small.yaml:25:60 still names it (procedure "goods": leg 3: stop 1: formalities); change that too`},
	} {
		f, err := overlaid(test.text)
		if err == nil {
			_, err = f.Model()
		}
		if err == nil || err.Error() != test.want {
			t.Errorf("%s got  %v\nwant %s", test.text, err, test.want)
		}
	}
}
