package sim_test

import (
	"strings"
	"testing"
)

const planned = `name: planned
assumed: for tests
run: {length: 3d}
posts: [{name: East, country: KH, zone: Asia/Phnom_Penh}, {name: West, country: VN}]
directions: KH-VN
flows: [{rate: 10/hour}]
places:
  - {name: road, kind: approach, post: East}
  - {name: lane *, count: 2, kind: lane, post: East, directions: KH-VN, tidal: true}
stops: [{name: s, post: East, servers: 2, service: 2m}, {name: u, post: East, service: 2m}]
procedures:
  - {name: p, fallback: q, route: [road, {place: lane *, stops: [s]}]}
  - {name: q, fallback: p, route: [road, {place: lane *, stops: [u]}]}
`

// What a plan could never do is refused before it is run.
func TestPlansThatCannotBeCarriedOut(t *testing.T) {
	for _, test := range []struct{ name, edit, orders, want string }{
		{"suspended and started", "", "{at: 06:00, do: suspend-procedure, procedure: p}, {at: 18:00, do: start-procedure, procedure: p}", ""},
		{"no fallback", ", fallback: q|", "{at: 2018-01-01 06:00, do: suspend-procedure, procedure: p}",
			"small.yaml:14:10: order 1: the gate refuses it on Monday 2018-01-01 06:00: no procedure in force would take over; start one first"},
		{"each the other's fallback", "", "{at: 2018-01-02 06:00, do: suspend-procedure, procedure: q}, {at: 07:00, do: suspend-procedure, procedure: p}",
			"small.yaml:14:10: order 1: the gate refuses it on Tuesday 2018-01-02 06:00: no procedure in force would take over; start one first"}, // p was suspended the day before
		{"one after the other", "", "{at: 2018-01-02 06:00, do: suspend-procedure, procedure: q}, {at: 2018-01-02 07:00, do: suspend-procedure, procedure: p}",
			"small.yaml:14:71: order 2: the gate refuses it on Tuesday 2018-01-02 07:00: no procedure in force would take over; start one first"},
		{"officers away for ever", "", "{at: 06:00, do: set-servers, stop: s, n: 0}",
			"small.yaml:14:10: order 1: nobody passes any more from then on, because no later order undoes it; add set-servers with n of 1 or more"},
		{"officers back", "", "{at: 06:00, do: set-servers, stop: s, n: 0}, {at: 07:00, do: set-servers, stop: s, n: 2}", ""},
		{"officers back once, then away again", "", "{at: 06:00, do: set-servers, stop: s, n: 0}, {at: 2018-01-01 07:00, do: set-servers, stop: s, n: 2}",
			"small.yaml:14:10: order 1: nobody passes any more from then on, because no later order undoes it; add set-servers with n of 1 or more"},
		{"the post closed for ever", "", "{at: 2018-01-03 06:00, do: close-post, post: East}, {at: 2018-01-02 06:00, do: reopen-post, post: East}",
			"small.yaml:14:10: order 1: nobody passes any more from then on, because no later order undoes it; add reopen-post"},
		{"every lane closed", "", "{at: 06:00, do: close-lane, place: lane *}",
			`small.yaml:14:10: order 1: nobody on procedure "p" passes any more, because no order opens a lane there again; add open-lane`},
		{"one lane closed", "", "{at: 06:00, do: close-lane, place: lane 1}", ""},
		{"every lane shut", "tidal: true|shut: true", "",
			`small.yaml:9:79: place "lane *": shut: nobody on procedure "p" passes any more, because no order opens a lane there again; add open-lane`},
		{"every lane shut until one opens", "tidal: true|shut: true", "{at: 06:00, do: open-lane, place: lane 2}", ""},
		{"everybody refused", "servers: 2, service: 2m|service: [{time: 2m, refuse: 1}]", "", ""}, // q refuses nobody
		{"everybody refused by either", "servers: 2, service: 2m|service: [{time: 2m, refuse: 1}]|name: u, post: East, service: 2m|name: u, post: East, service: [{time: 2m, refuse: 1}]", "",
			`small.yaml:10:117: stop "u": case 1: refuse: refuses everybody who comes, so that nobody is ever released; write less than 1`},
		{"a hold longer than the run", "servers: 2, service: 2m|service: [{time: 2m, hold: 0.1, hold_for: 4d}]", "",
			`small.yaml:10:73: stop "s": case 1: hold_for: is longer on average than the whole run, in which hardly anybody held would be released; write less than run.length`},
		{"a service longer than the run", "servers: 2, service: 2m|servers: 2, service: 4d", "",
			`small.yaml:10:52: stop "s": case 1: time: is longer on average than the whole run, in which hardly anybody would be served; write less than run.length`},
		{"a dossier that comes after the run", "posts:|classes: [{name: t, dossier: {ready: 0.9, lodged_after: 36500d}}]\nposts:", "",
			`small.yaml:4:57: class "t": dossier: lodged_after: is longer on average than the whole run, in which hardly any of these dossiers would become ready; write less than run.length`},
	} {
		text, edits := planned, strings.Split(test.edit, "|")
		for i := 0; i+1 < len(edits); i += 2 {
			if n := strings.Count(text, edits[i]); n == 0 {
				t.Fatalf("%s: there is no %q", test.name, edits[i])
			}
			text = strings.Replace(text, edits[i], edits[i+1], 1)
		}
		got := ""
		if _, err := modelOf(text + "orders: [" + test.orders + "]\n"); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}
