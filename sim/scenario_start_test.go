package sim_test

import (
	"strings"
	"testing"

	"landport/border"
	"landport/sim"
)

// closedAtNight is a post with one stop, open for an hour a day.
const closedAtNight = `name: night
assumed: for tests
run: {start: 2024-01-01, length: 10d}
posts: [{name: A, country: KH, hours: "06:00-07:00"}, {name: B, country: VN}]
directions: KH-VN
flows: [{rate: 2/hour}]
stops: [{name: s, post: A, service: 2m}]
`

// The smallest scenario keeps its hours: it means the same as one that writes
// down the road on which vehicles wait.
func TestWhoComesToAClosedStopWaits(t *testing.T) {
	road := strings.Replace(closedAtNight, "stops:", "places: [{name: road to A, kind: approach, post: A}]\nstops:", 1)
	var mean [2]float64
	for i, text := range []string{closedAtNight, road} {
		r, err := sim.Run(mustModel(t, text), sim.Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		mean[i] = r.Crossing.TimeH.Mean
		for _, a := range r.Attribution {
			if a.Party == "closed hours" && (a.Share == nil || *a.Share < 0.8) {
				t.Errorf("closed hours have %v of the time; want most", a.Share)
			}
		}
	}
	if mean[0] < 6 || mean[0] != mean[1] {
		t.Errorf("the mean is %.2f h, with the road written down %.2f h; want the same, about half a day", mean[0], mean[1])
	}
}

// What an order closes is not passed either.
func TestWhoComesToAStopThatIsClosedByOrderWaits(t *testing.T) {
	text := strings.Replace(closedAtNight, `, hours: "06:00-07:00"`, "", 1)
	m := mustModel(t, text+"orders: [{at: 2024-01-02 00:00, do: close-post, post: A}, {at: 2024-01-03 00:00, do: reopen-post, post: A}]\n")
	r, err := sim.Run(m, sim.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if longest := border.Micros(r.Crossing.TimeH.Max * float64(border.Hour)); longest < 12*border.Hour {
		t.Errorf("nobody waits longer than %.1f h for the post to be reopened; want about a day", longest.Hours())
	}
}

func TestAScenarioNeedsSomewhereToWait(t *testing.T) {
	const remedy = ": they have nowhere to wait until it opens; put a place of kind approach before it on the route"
	for _, test := range []struct{ flow, places, orders, want string }{
		{"", "{name: lane *, count: 2, kind: lane}", "", ""},
		{"", "{name: lane *, count: 2, kind: lane, opening: day}", "", `small.yaml:6:10: place "lane *": vehicles come straight to it, and its hours are over when some come` + remedy},
		{"", "{name: lane *, count: 2, kind: lane, shut: true}", "", `small.yaml:6:10: place "lane *": vehicles come straight to it, and it is shut at the start` + remedy},
		{"", "{name: lane *, count: 2, kind: lane}", "{at: 06:00, do: close-lane, place: lane *}", `small.yaml:6:10: place "lane *": vehicles come straight to it, and an order closes it` + remedy},
		{"", "{name: lane *, count: 2, kind: lane}", "{at: 06:00, do: close-post, post: Post}", `small.yaml:6:10: place "lane *": vehicles come straight to it, and an order closes it` + remedy},
		{"", "{name: lane *, count: 2, kind: lane}", "{at: 06:00, do: close-lane, place: lane 1}", ""},
		{"", "{name: road, kind: approach}, {name: lane *, count: 2, kind: lane, opening: day}", "", ""},
		{"arrives_at: lane 2, ", "{name: road, kind: approach}, {name: lane *, count: 2, kind: lane, opening: day}", "",
			`small.yaml:6:40: place "lane *": vehicles come straight to it, and its hours are over when some come` + remedy},
		{"by_hour: {00-06: 0, 06-22: 1, 22-24: 0}, ", "{name: lane *, count: 2, kind: lane, opening: day}", "", ""},
		{"by_hour: {00-05: 0, 05-22: 1, 22-24: 0}, ", "{name: lane, kind: lane, opening: day}", "", `small.yaml:6:10: place "lane": vehicles come straight to it, and its hours are over when some come` + remedy},
		{"", "{name: by day, kind: lane, opening: day}, {name: by night, kind: lane, opening: night}]\nprocedures: [{name: p, route: [{place: [by day, by night], stops: [s]}]}", "", ""},
	} {
		got := ""
		if _, err := modelOf("name: lanes\nassumed: for tests\nposts: [{name: Post, country: KH}]\nopenings: [{name: day, hours: 06:00-22:00}, {name: night, hours: 22:00-06:00}]\n" +
			"flows: [{" + test.flow + "rate: 10/hour}]\nplaces: [" + test.places + "]\nstops: [{name: s, service: 2m}]\norders: [" + test.orders + "]\n"); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s%s %s:\n got %s\nwant %s", test.flow, test.places, test.orders, got, test.want)
		}
	}
}

func mustModel(t *testing.T, text string) *sim.Model {
	t.Helper()
	m, err := modelOf(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
