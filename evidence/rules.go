package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"landport/sim"
)

// rule is something that a scenario says and that is no figure: a route, what a
// lane accepts, a policy. Value is on one line.
type rule struct{ path, value string }

// rulesOf lists the rules of a crossing in the order written. What only a
// person reads, the length of runs and facts that results are set beside are none.
func rulesOf(f *sim.File) []rule {
	var scenario yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(f.YAML(), &scenario, yaml.UseOrderedMap()); err != nil {
		return nil // File.YAML writes what it has read itself
	}
	r := ruler{figures: map[string]bool{}}
	for _, p := range f.Parameters() {
		r.figures[p.Path] = true
	}
	for _, x := range scenario {
		switch key := fmt.Sprint(x.Key); key {
		case "name", "title", "extends", "run", "notes", "causes", "calibration", "validation", "bounds", "costs":
		default:
			r.add(key, x.Value)
		}
	}
	return r.rules
}

type ruler struct {
	figures map[string]bool
	rules   []rule
}

// add takes in what stands at a path, which Parameter.Path writes likewise.
func (r *ruler) add(path string, value any) {
	if r.figures[path] {
		return
	}
	switch value := value.(type) {
	case yaml.MapSlice:
		for _, x := range value {
			switch key := fmt.Sprint(x.Key); key {
			case "name", "source", "assumed", "fit", "legal_basis":
			case "route":
				r.rules = append(r.rules, rule{path + "." + key, compact(x.Value)})
			default:
				r.add(path+"."+key, x.Value)
			}
		}
	case []any:
		if !slices.ContainsFunc(value, isEntry) {
			r.rules = append(r.rules, rule{path, compact(value)})
			return
		}
		for i, x := range value {
			at := fmt.Sprint(i + 1)
			if entry, ok := x.(yaml.MapSlice); ok {
				for _, field := range entry {
					if field.Key == "name" {
						at = fmt.Sprint(field.Value)
					}
				}
			}
			r.add(path+"["+at+"]", x)
		}
	default:
		r.rules = append(r.rules, rule{path, compact(value)})
	}
}

func isEntry(x any) bool {
	_, ok := x.(yaml.MapSlice)
	return ok
}

// compact writes a value on one line.
func compact(value any) string {
	switch value := value.(type) {
	case yaml.MapSlice:
		var list []string
		for _, x := range value {
			list = append(list, fmt.Sprintf("%v: %s", x.Key, compact(x.Value)))
		}
		return "{" + strings.Join(list, ", ") + "}"
	case []any:
		var list []string
		for _, x := range value {
			list = append(list, compact(x))
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// rulesChanged lists the rules in which two scenarios differ, in the order of
// the base and then what is new. Of an entry that only one of them has, one line.
func rulesChanged(base, plan *sim.File) (list []Change) {
	here, there := rulesOf(base), rulesOf(plan)
	if a, b := firstPolicy(here), firstPolicy(there); a != b {
		list = append(list, Change{Path: "policy in force at the start", Base: a, Plan: b})
	}
	for _, x := range here {
		at := slices.IndexFunc(there, func(y rule) bool { return y.path == x.path })
		switch {
		case at < 0 && !hasEntry(there, x.path):
			list = addOnce(list, Change{Path: entryOf(x.path), Base: entryWords(here, x.path)})
		case at < 0:
			list = append(list, Change{Path: x.path, Base: x.value})
		case there[at].value != x.value:
			list = append(list, Change{Path: x.path, Base: x.value, Plan: there[at].value})
		}
	}
	for _, y := range there {
		switch {
		case slices.ContainsFunc(here, func(x rule) bool { return x.path == y.path }):
		case !hasEntry(here, y.path):
			list = addOnce(list, Change{Path: entryOf(y.path), Plan: entryWords(there, y.path)})
		default:
			list = append(list, Change{Path: y.path, Plan: y.value})
		}
	}
	for i := range list {
		x := &list[i]
		if x.What = labelOf(plan, x.Path); x.Base != "" && x.Plan != "" {
			x.says = routeWords(base, plan, x.Path)
		}
	}
	return list
}

const (
	policiesOf = "policies["
	asWritten  = "as written" // all that an entry says
)

// firstPolicy is the one in force at the start, empty where none is written.
func firstPolicy(rules []rule) string {
	for _, x := range rules {
		if name, ok := strings.CutPrefix(entryOf(x.path), policiesOf); ok {
			return strings.TrimSuffix(name, "]")
		}
	}
	return ""
}

// entryWords stand for all that an entry says; of a policy they are its rules,
// which say who goes first.
func entryWords(rules []rule, path string) string {
	of := entryOf(path)
	if !strings.HasPrefix(of, policiesOf) {
		return asWritten
	}
	var list []string
	for _, x := range rules {
		if entryOf(x.path) == of {
			list = append(list, strings.TrimPrefix(strings.TrimPrefix(x.path, of), ".")+" "+x.value)
		}
	}
	return strings.Join(list, ", ")
}

// entryOf is the entry that a rule belongs to, such as places[customs yard].
func entryOf(path string) string {
	if end := strings.Index(path, "]"); end >= 0 {
		return path[:end+1]
	}
	return path
}

func hasEntry(rules []rule, path string) bool {
	of := entryOf(path)
	return of != path && slices.ContainsFunc(rules, func(x rule) bool { return entryOf(x.path) == of })
}

func addOnce(list []Change, c Change) []Change {
	if slices.ContainsFunc(list, func(x Change) bool { return x.Path == c.Path }) {
		return list
	}
	return append(list, c)
}
