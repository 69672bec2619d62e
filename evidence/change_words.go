package evidence

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"landport/border"
	"landport/sim"
)

// entryKinds are the lists of a scenario whose entries have names, and what one
// of them is called.
var entryKinds = map[string]string{
	"places": "place", "stops": "stop", "procedures": "procedure", "policies": "policy", "formalities": "formality", "openings": "hours of", "classes": "kind of visit", "flows": "flow", "posts": "post",
}

// fieldWords say what a field of an entry is.
var fieldWords = map[string]string{
	"count": "how many", "places.capacity": "room for vehicles", "places.drive": "time to drive along", "places.call_grace": "time to enter once called", "places.call_tries": "calls before it counts as a no-show",
	"places.turn_away": "turns away who finds it full", "places.pager": "drivers wait parked and are called",
	"stops.servers": "officers", "stops.service": "service time", "stops.needs_dossier": "waits for the dossier",
	"classes.dossier.ready": "share whose dossier is ready on arrival", "classes.dossier.lodged_after": "late dossiers come after",
	"flows.rate": "arrivals", "flows.every": "time between arrivals", "flows.growth_per_year": "growth a year",
	"procedures.suspended": "not in use at the start", "procedures.fallback": "taken over by",
	"policies.strict": "nobody passes the first in line", "policies.ready_first": "who has no ready dossier is not called", "policies.ageing": "waiting that makes up for one class of priority",
}

// cases finds the fields of a list without names, such as a stop's shifts.
var cases = regexp.MustCompile(`^(shifts|breaks|service)\[(\d+)\]\.(.+)$`)

// labelOf words a path of a scenario: the entry and what of it.
func labelOf(f *sim.File, path string) string {
	list, rest, inEntry := strings.Cut(path, "[")
	name, field, _ := strings.Cut(rest, "]")
	field = strings.TrimPrefix(field, ".")
	name = strings.TrimSuffix(name, " *")
	switch {
	case !inEntry:
		return spaced(path)
	case field == "":
		return strings.TrimSpace(entryKinds[list] + " " + name)
	}
	return name + ", " + cmp.Or(fieldWords[list+"."+field], fieldWords[field], caseWords(f, path, field), spaced(field))
}

// caseWords say what a shift, a break or a case of a service is about: the hours,
// or who is served. Empty for other fields.
func caseWords(f *sim.File, path, field string) string {
	m := cases.FindStringSubmatch(field)
	if m == nil {
		return ""
	}
	around := strings.TrimSuffix(path, "."+m[3])
	switch {
	case m[1] == "service" && m[3] == "time":
		return "service time" + servedWords(f, path, m[2])
	case m[1] == "service" && strings.HasPrefix(m[3], "refer[") && strings.HasSuffix(m[3], ".probability"):
		return "share sent on to " + cmp.Or(referredWords(f, path, m[2]), "more formalities") + servedWords(f, path, m[2])
	case m[1] == "service":
		return spaced(m[3]) + servedWords(f, path, m[2])
	case m[3] == "servers" && m[1] == "shifts":
		return "officers " + cmp.Or(valueAt(f, around+".hours"), "of shift "+m[2])
	case m[3] == "servers":
		return "officers on a break " + cmp.Or(valueAt(f, around+".hours"), m[2])
	}
	return ""
}

func valueAt(f *sim.File, path string) string {
	list := f.Parameters()
	if i := slices.IndexFunc(list, func(p sim.Parameter) bool { return p.Path == path }); i >= 0 {
		return list[i].Value
	}
	return ""
}

// servedWords say for whom one case of a stop's service is.
func servedWords(f *sim.File, path, number string) string {
	at, err := strconv.Atoi(number)
	for i := range f.Stops {
		s := &f.Stops[i]
		if err != nil || !strings.HasPrefix(path, "stops["+s.Name+"]") || at < 1 || at > len(s.Service) {
			continue
		}
		c := &s.Service[at-1]
		switch accepts, refuses := border.Traits(c.Accepts), border.Traits(c.Refuses); {
		case accepts != 0:
			return " of " + strings.Join(accepts.Names(), " or ")
		case refuses != 0:
			return " of all but " + strings.Join(refuses.Names(), " or ")
		case at > 1:
			return " of all others"
		}
	}
	return ""
}

// referredWords name the formalities that a case of a service adds.
func referredWords(f *sim.File, path, number string) string {
	at, err := strconv.Atoi(number)
	for i := range f.Stops {
		s := &f.Stops[i]
		if err == nil && strings.HasPrefix(path, "stops["+s.Name+"]") && at >= 1 && at <= len(s.Service) && len(s.Service[at-1].Refer) == 1 {
			return strings.Join(s.Service[at-1].Refer[0].Formalities, " and ")
		}
	}
	return ""
}

// spaced writes a field as words: priorities[1].accepts is priorities 1 accepts.
func spaced(field string) string {
	return strings.TrimSpace(strings.NewReplacer("_", " ", ".", " ", "[", " ", "]", "").Replace(field))
}

var (
	distribution = regexp.MustCompile(`^\{(\w+): (?:\{mean: ([^,}]+)(?:, ([^{}]*))?\}|([^{}]+))\}$`)
	unitOfTime   = regexp.MustCompile(`^([\d.]+)(s|m|h|d)$`)
)

// valueWords write a value of a file: times with their unit as people write it, a
// distribution as its mean and how it spreads.
func valueWords(value string) string {
	if m := distribution.FindStringSubmatch(value); m != nil {
		text := timeWords(cmp.Or(m[2], m[4])) + " on average (" + m[1]
		if m[3] != "" {
			text += ", " + strings.ReplaceAll(m[3], ":", "")
		}
		return text + ")"
	}
	switch value {
	case "true":
		return "yes"
	case "false":
		return "no"
	}
	if list, is := strings.CutPrefix(value, "["); is && !strings.ContainsAny(list, "[{") {
		return strings.TrimSuffix(list, "]")
	}
	return timeWords(value)
}

func timeWords(value string) string {
	if m := unitOfTime.FindStringSubmatch(value); m != nil {
		return m[1] + " " + map[string]string{"s": "s", "m": "min", "h": "h", "d": "days"}[m[2]]
	}
	if rate, found := strings.CutSuffix(value, "/day"); found {
		return rate + " a day"
	}
	if rate, found := strings.CutSuffix(value, "/hour"); found {
		return rate + " an hour"
	}
	return value
}

// words are the values of base and plan. What two distributions have in common
// is left out.
func (c *Change) words() string {
	a, b := distribution.FindStringSubmatch(c.Base), distribution.FindStringSubmatch(c.Plan)
	if a != nil && b != nil && a[1] == b[1] && a[3] == b[3] {
		return timeWords(cmp.Or(a[2], a[4])) + " → " + timeWords(cmp.Or(b[2], b[4])) + " on average"
	}
	if a, b := shareWords(c.Path, c.Base), shareWords(c.Path, c.Plan); a != "" && b != "" {
		return a + " → " + b
	}
	none := "none"
	if strings.HasSuffix(c.Path, ".accepts") {
		none = "all"
	}
	return cmp.Or(valueWords(c.Base), none) + " → " + cmp.Or(valueWords(c.Plan), none)
}

// shareWords write a probability as a percentage, empty for what is none.
func shareWords(path, value string) string {
	x, err := strconv.ParseFloat(value, 64)
	if err != nil || !(strings.HasSuffix(path, ".probability") || strings.HasSuffix(path, ".ready")) {
		return ""
	}
	return strconv.FormatFloat(100*x, 'g', 4, 64) + "%"
}

// Line is one difference between two scenarios, for people; the path is where the
// file says it.
type Line struct{ What, Says, Path string }

// Lines are the differences in words. What an entry that only one of the two has
// says stands in one line.
func (a *Assumptions) Lines() (lines []Line) {
	grouped := map[string]bool{} // entries that are new or taken out
	for _, x := range a.Rules {
		if x.whole() {
			grouped[x.Path] = true
		}
	}
	for _, x := range a.Changes {
		if !grouped[entryOf(x.Path)] {
			lines = append(lines, Line{x.What, x.words(), x.Path})
		}
	}
	for _, x := range a.Rules {
		if x.whole() {
			lines = append(lines, Line{x.What, a.entrySays(&x), x.Path})
		} else {
			lines = append(lines, Line{x.What, x.briefly(), x.Path})
		}
	}
	return lines
}

// whole reports whether the change is of a whole entry that is new or taken out.
func (c *Change) whole() bool {
	return entryOf(c.Path) == c.Path && strings.HasSuffix(c.Path, "]") && (c.Base == "" || c.Plan == "")
}

// entrySays tells of an entry that it is new or taken out, and its figures.
func (a *Assumptions) entrySays(rule *Change) string {
	_, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(rule.Path, "]"), " *"), "[")
	says, value := "new", rule.Plan
	if rule.Plan == "" {
		says, value = "taken out", rule.Base
	}
	var list []string
	if value != asWritten {
		list = append(list, spaced(value))
	}
	for _, x := range a.Changes {
		if entryOf(x.Path) == rule.Path {
			value := cmp.Or(x.Plan, x.Base)
			value = cmp.Or(shareWords(x.Path, value), valueWords(value))
			list = append(list, strings.TrimPrefix(x.What, name+", ")+" "+value)
		}
	}
	if len(list) == 0 {
		return says
	}
	return says + ": " + strings.Join(list, "; ")
}

// routeWords say which places and stops a route goes by that it did not, and the
// other way round.
func routeWords(base, plan *sim.File, path string) string {
	before, after := routeOf(base, path), routeOf(plan, path)
	if before == nil || after == nil {
		return ""
	}
	only := func(a, b []string) (list []string) {
		for _, x := range a {
			if !slices.Contains(b, x) && !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
		return list
	}
	var words []string
	if list := only(after, before); len(list) > 0 {
		words = append(words, "now by "+strings.Join(list, ", "))
	}
	if list := only(before, after); len(list) > 0 {
		words = append(words, "no longer by "+strings.Join(list, ", "))
	}
	if len(words) == 0 {
		return "by the same places and stops, in another order or with other formalities"
	}
	return strings.Join(words, "; ")
}

// routeOf lists the places and stops of the procedure whose route a path is, nil
// for another path.
func routeOf(f *sim.File, path string) (names []string) {
	for i := range f.Procedures {
		p := &f.Procedures[i]
		if path != "procedures["+p.Name+"].route" {
			continue
		}
		for _, leg := range p.Route {
			for _, x := range leg.Place {
				names = append(names, strings.TrimSuffix(x, " *"))
			}
			for _, step := range leg.Stops {
				for _, x := range step.Stop {
					names = append(names, strings.TrimSuffix(x, " *"))
				}
			}
		}
	}
	return names
}

// changeWords name a few of the changes.
func changeWords(changes []Change) string {
	const few = 4
	var list []string
	for _, x := range changes[:min(few, len(changes))] {
		list = append(list, fmt.Sprintf("%s: %s", cmp.Or(x.What, x.Path), x.briefly()))
	}
	if more := len(changes) - few; more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, "; ")
}
