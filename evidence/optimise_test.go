package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"landport/scenarios"
	"landport/sim"
)

// busyGate is M/M/c with 50 arrivals an hour and services of 3 minutes, which
// three officers can just serve. Erlang's formula gives mean times of 0.1202 h
// with three, 0.0607 h with four and 0.0526 h with five.
const busyGate = `name: busy gate
assumed: a textbook queue
run: {length: 41d, warmup: 1d}
posts: [{name: Gate, country: KH}]
places: [{name: hall, kind: bay}]
stops: [{name: counter, servers: 3, service: {exponential: 3m}}]
flows: [{rate: 50/hour}]
`

const fewOfficers = `title: officers at the counter
cost_unit: officers
budget: 9
figures:
  - {name: officers, path: "stops[counter].servers", low: 1, high: 14, cost: 1}
choices:
  - name: counter
    options:
      - {name: as it is}
      - name: with papers in advance
        cost: 3
        set: [{path: "stops[counter].service", times: 0.8}]
`

func optimised(t *testing.T, search, goal string, change func(*OptimiseOptions)) (*Optimum, error) {
	t.Helper()
	s, err := DecodeSearch("search.yaml", []byte(search))
	if err != nil {
		t.Fatal(err)
	}
	g, err := ParseGoal(goal)
	if err != nil {
		t.Fatal(err)
	}
	o := OptimiseOptions{Run: sim.Options{Replications: 5, Seed: 2, Days: 14}, Goals: []Goal{g}, Most: 200}
	change(&o)
	return Optimise(decoded(t, busyGate), s, o)
}

func TestTheLeastOfficersThatMeetAGoalAreFound(t *testing.T) {
	for _, test := range []struct{ goal, want string }{
		{"mean(crossing_h) <= 0.15", "3"},  // 0.1202 h
		{"mean(crossing_h) <= 0.075", "4"}, // 0.0607 h
		{"mean(crossing_h) <= 0.056", "5"}, // 0.0526 h
	} {
		o, err := optimised(t, fewOfficers, test.goal, func(*OptimiseOptions) {})
		if err != nil {
			t.Fatal(err)
		}
		if o.Best == nil || o.Best.Picked[0].Value != test.want || o.Best.Picked[1].Value != "as it is" || *o.Best.BestShare < 0.9 || *o.Best.MeetsShare < 0.9 {
			t.Errorf("%s: %+v, want %s officers", test.goal, o.Best, test.want)
		}
		// One officer with papers in advance, one and two without cannot cope; two with them just might.
		if o.OverBudget != 2+5 || o.Space != 28 || o.Unstable < 3 || o.Impossible != 0 {
			t.Errorf("%+v", o)
		}
	}
}

// However few plans are tried and however dear they are, no plan is the best while
// one that costs less by a single change is shown to meet the goal too.
func TestTheBestIsTheLeastAroundIt(t *testing.T) {
	o, err := optimised(t, fewOfficers, "mean(crossing_h) <= 0.075", func(o *OptimiseOptions) { o.Most = 4 })
	if err != nil {
		t.Fatal(err)
	}
	if o.Best == nil || o.Best.Picked[0].Value != "4" || o.Best.Picked[1].Value != "as it is" {
		t.Errorf("%+v", o.Best)
	}
	if len(o.Cheaper) != 1 || o.Cheaper[0].Picked != (Picked{"officers", "3", false}) || o.Cheaper[0].Cost != -1 || o.Cheaper[0].Met || *o.Cheaper[0].Results[0].Value < 0.1 {
		t.Errorf("cheaper: %+v", o.Cheaper)
	}
	text := strings.Join(strings.Fields(o.Text()), " ")
	for _, want := range []string{
		fmt.Sprintf("Among the %d plans of the last round it is the best in", o.Compared), fmt.Sprintf("says nothing: %d of 28 possible plans were tried", o.Tried),
		"The one plan that costs less by a single change ran in the last round too, and is not shown to meet the goal", "officers: 3 −1.00 0.12",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, o.Text())
		}
	}
	if last := o.Rounds[len(o.Rounds)-1]; last.Plans != o.Compared || o.Tried < o.Compared || o.Tried >= 28 {
		t.Errorf("%d tried, %d compared, %+v", o.Tried, o.Compared, last)
	}
}

// A goal that is met in half of the resamples is not called shown to be met, and
// whatever is the best in the others is told of.
func TestAGoalThatIsMetByChanceIsNotShownToBeMet(t *testing.T) {
	search := func(goal string) *Optimum {
		o, err := optimised(t, fewOfficers, goal, func(o *OptimiseOptions) { o.Most, o.Run.Replications = 6, 6 })
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	four := *search("mean(crossing_h) <= 0.0565").Cheaper[0].Results[0].Value
	o := search(fmt.Sprintf("mean(crossing_h) <= %.5f", four+0.00001)) // what four officers come to in the same traffic
	sum := 0.0
	for i := range o.Finalists {
		sum += *o.Finalists[i].BestShare
	}
	for i := range o.Cheaper {
		sum += *o.Cheaper[i].BestShare
	}
	text := strings.Join(strings.Fields(o.Text()), " ")
	if *o.Best.MeetsShare > 0.9 || strings.Contains(text, "among plans shown to meet the goal") || !strings.Contains(text, "on average; in some resamples it does not") {
		t.Errorf("%g: %s", *o.Best.MeetsShare, o.Text())
	}
	if sum < 0.95 {
		t.Errorf("in %g of resamples the best is told of: %s", sum, o.Text())
	}
}

// Of what is nearly good enough and cheaper the search looks for what it takes to be
// good enough: papers in advance and an officer less cost less than an officer more,
// and neither alone does.
func TestTheSearchLooksAroundWhatIsNearlyGoodEnough(t *testing.T) {
	space := strings.NewReplacer("cost: 1}", "cost: 5}", "budget: 9", "budget: 55").Replace(fewOfficers)
	o, err := optimised(t, space, "mean(crossing_h) <= 0.07", func(o *OptimiseOptions) { o.Most = 12 })
	if err != nil {
		t.Fatal(err)
	}
	if o.Best == nil || o.Best.Picked[0].Value != "3" || o.Best.Picked[1].Value != "with papers in advance" {
		t.Error(o.Text())
	}
}

func TestTheAnswerHoldsRunnersUpAndTheFrontier(t *testing.T) {
	o, err := optimised(t, fewOfficers, "mean(crossing_h) <= 0.075", func(*OptimiseOptions) {})
	if err != nil {
		t.Fatal(err)
	}
	if now := o.Now; now.Meets || now.Cost != 0 || now.BestShare != nil && *now.BestShare > 0.01 || math.Abs(*now.Results[0].Value-0.12) > 0.02 {
		t.Errorf("%+v", now)
	}
	sum := 0.0
	for _, p := range o.Finalists {
		sum += *p.BestShare
	}
	if sum > 1+1e-9 || len(o.Finalists) < 3 || !slices.IsSortedFunc(o.Rounds[:2], func(a, b Round) int { return b.Plans - a.Plans }) || !o.Rounds[2].Around {
		t.Errorf("shares add up to %g; %+v", sum, o.Rounds)
	}
	for i := range o.Frontier[1:] {
		cheap, good := o.Frontier[i], o.Frontier[i+1]
		if cheap.Cost >= good.Cost || *cheap.Results[0].Value <= *good.Results[0].Value {
			t.Errorf("%+v and %+v are not both on the frontier", cheap, good)
		}
	}
	if text := o.Text(); !strings.Contains(text, "Best: officers: 4; it costs 1.0 more than today (officers), the least") && !strings.Contains(text, "Best: officers: 4; it costs 1 more than today (officers), the least") {
		t.Error(text)
	}
}

// Within a budget the best measure is found, with a goal or without.
func TestAMeasureIsMinimisedWithinTheBudget(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	cheap := strings.Replace(fewOfficers, "budget: 9", "budget: 2", 1)
	o, err := optimised(t, cheap, "mean(crossing_h) <= 9", func(o *OptimiseOptions) { o.Goals, o.Minimise = nil, &m })
	if err != nil {
		t.Fatal(err)
	}
	if o.Best == nil || o.Best.Picked[0].Value != "5" || o.Best.Cost != 2 {
		t.Errorf("%+v", o.Best)
	}
}

func TestTheSameSeedGivesTheSameAnswerOnOneWorkerAndTwo(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2} {
		o, err := optimised(t, fewOfficers, "mean(crossing_h) <= 0.075", func(o *OptimiseOptions) { o.Run.Workers, o.Most, o.Run.Days = workers, 15, 8 })
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(first, text) || o.Rounds[0].Plans != 8 {
			t.Errorf("%s\n%s", first, text)
		}
	}
}

func TestNoPlanMeetsTheGoal(t *testing.T) {
	o, err := optimised(t, fewOfficers, "mean(crossing_h) <= 0.01", func(o *OptimiseOptions) { o.Run.Days, o.Run.Replications = 8, 2 })
	if err != nil || o.Best != nil || len(o.Finalists) == 0 || o.Finalists[0].Meets || !strings.Contains(o.Text(), "NO PLAN") {
		t.Fatalf("%+v, %v", o, err)
	}
	if slices.Contains(o.Untouched, "officers and their shifts") || slices.Contains(o.Untouched, "service times and steps") || !slices.Contains(o.Untouched, "opening hours") || !strings.Contains(o.Text(), "No plan of this space changes: lanes and rooms, opening hours") {
		t.Errorf("what the space lacks: %q\n%s", o.Untouched, o.Text())
	}
}

func TestSearchesThatCannotBeMade(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"figures: [{path: x, hihg: 3}]", `search.yaml:1:21: unknown field "hihg", perhaps "high"`},
		{"title: two\nfigures: [{path: x, low: one}]", `search.yaml:2:26: "one" stands where a number belongs`},
		{"figures: [", "search.yaml:1:"},
		{"title: nothing", "nothing may change"},
		{`figures: [{path: "stops[counter].server", values: [1]}]`, `search.yaml:1: figures[1]: "stops[counter].server": unknown path: stops[counter] has no field server; near are stops[counter].servers`},
		{`figures: [{path: "stops[counter].servers", values: [1.5]}]`, "whole number"},
		{`figures: [{path: "stops[counter].servers", low: 3, high: 1}]`, "not 1 to 1000 values"},
		{`figures: [{path: "stops[counter].servers"}]`, "lacks values"},
		{`figures: [{path: "stops[counter].servers", values: [1], low: 1}]`, "both values"},
		{`figures: [{values: [1]}]`, "lacks path"},
		{`figures: [{path: "posts[Gate].hours", values: [1]}]`, `posts[Gate].hours`},
		{`figures: [{path: "stops[counter].servers", values: [99]}]`, "no plan of the space can be run"},
		{`figures: [{path: "stops[counter].servers", values: [9], cost: 9}]` + "\nbudget: 5", "cost more than the budget"},
		{`choices: [{name: a, options: [{name: b, set: [{path: "policy", value: "1"}]}]}]`, `search.yaml:1: choices[1]: option "b"`},
		{`choices: [{name: a}]`, "lacks name or options"},
		{`choices: [{name: a, options: [{cost: 1}]}]`, "options[1] lacks name"},
		{`choices: [{name: a, options: [{name: b}]}, {name: a, options: [{name: b}]}]`, "two of what may change"},
	} {
		s, err := DecodeSearch("search.yaml", []byte(test.text))
		if err == nil {
			_, err = Optimise(decoded(t, busyGate), s, OptimiseOptions{Run: sim.Options{Replications: 2}, Goals: []Goal{{Measure: Measure{"mean", "crossing_h", ""}}}, Most: 10})
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.text, err, test.want)
		}
	}
}

// Resamples of a handful of replications are the same few over and over: they
// say nothing of how sure anything is.
func TestFewReplicationsSayNothingOfHowSureItIs(t *testing.T) {
	for _, test := range []struct {
		replications int
		told         bool
	}{{2, false}, {4, false}, {5, true}} {
		o, err := optimised(t, "figures: [{name: officers, path: \"stops[counter].servers\", low: 4, high: 5, cost: 1}]", "mean(crossing_h) <= 0.15", func(o *OptimiseOptions) { o.Run.Replications, o.Run.Days = test.replications, 30 })
		if err != nil {
			t.Fatal(err)
		}
		if told := o.Best.BestShare != nil && o.Best.MeetsShare != nil; told != test.told {
			t.Errorf("%d replications: shares are told: %t", test.replications, told)
		}
		text := strings.Join(strings.Fields(o.Text()), " ")
		if strings.Contains(text, "Among all 2 possible plans it is the best in 100% of resamples") != test.told || strings.Contains(text, "are too few to say how sure that is; give 5 or more") == test.told || strings.Contains(text, "is best") != test.told {
			t.Errorf("%d replications:\n%s", test.replications, text)
		}
	}
}

// What a plan takes out of the time by having it pass before the arrival is said.
func TestWhatIsMovedOffTheClockIsSaid(t *testing.T) {
	file := decoded(t, strings.Replace(busyGate, "flows: [{rate: 50/hour}]", `directions: KH-VN
classes: [{name: truck, traits: [laden, rigid-truck], dossier: {ready: 0.5, lodged_after: {exponential: 1h}}}]
flows: [{rate: 30/hour}]`, 1))
	for _, test := range []struct {
		name, set, want string
	}{
		{"papers", `{path: "classes[truck].dossier.ready", value: 1}`, "more dossiers are ready on arrival (truck)"},
		{"slots", `{path: "classes[truck].booking", value: "{probability: 0.7, lead: 14h}"}`, "more book and wait for their slot elsewhere (truck)"},
		{"brokers", `{path: "classes[truck].dossier.lodged_after", times: 0.1}`, ""},
		{"fewer ready", `{path: "classes[truck].dossier.ready", value: 0.1}`, ""},
	} {
		s, err := DecodeSearch("search.yaml", []byte("choices: [{name: "+test.name+", options: [{name: changed, set: ["+test.set+"]}]}]"))
		if err != nil {
			t.Fatal(err)
		}
		g, _ := ParseGoal("mean(crossing_h) <= 90")
		o, err := Optimise(file, s, OptimiseOptions{Run: sim.Options{Replications: 2, Seed: 2, Days: 3}, Goals: []Goal{g}, Most: 10})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(o.Text()), " ")
		if strings.Contains(text, "moved off the clock") != (test.want != "") || !strings.Contains(text, test.want) {
			t.Errorf("%s: %q\n%s", test.name, o.Moved, o.Text())
		}
	}
}

// The space that the documentation shows fits the scenario it is about.
func TestTheSpaceInTheDocumentationIsGood(t *testing.T) {
	text, err := os.ReadFile("../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\ntitle:")
	block, _, _ := strings.Cut("title:"+rest, "```")
	s, err := DecodeSearch("docs/evidence.md", []byte(block))
	if err != nil {
		t.Fatal(err)
	}
	scenario, err := scenarios.Read("bavet-mocbai-2018")
	if err != nil {
		t.Fatal(err)
	}
	axes, err := s.axes(decoded(t, string(scenario)))
	if err != nil || len(axes) != 3 {
		t.Fatalf("%+v, %v", axes, err)
	}
	for _, a := range axes {
		if a.now != 0 || len(a.levels) < 2 {
			t.Errorf("%s: %+v", a.name, a)
		}
	}
}

func FuzzSearch(f *testing.F) {
	f.Add([]byte(fewOfficers))
	f.Add([]byte("figures: [{path: a, values: [1]}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := DecodeSearch("search.yaml", data)
		if err != nil {
			return
		}
		file, err := sim.Decode("x.yaml", []byte(busyGate), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = s.axes(file)
	})
}

// Rounds are shorter the more plans are in them, but judge each by two weeks; those
// are one replication where a run may be as long.
func TestRoundsAreBrief(t *testing.T) {
	for _, test := range []struct {
		replications int
		days, share  float64
		wantRuns     int
		wantDays     float64
	}{
		{6, 49, 1.0 / 32, 1, 14},
		{6, 49, 1.0 / 8, 1, 14},
		{6, 49, 1.0 / 4, 2, 14},
		{6, 49, 1.0 / 2, 3, 25},
		{6, 7, 1.0 / 32, 2, 7},
		{20, 1, 1.0 / 4, 14, 1},
		{2, 1, 1.0 / 2, 2, 1},
		{100, 2, 1.0 / 2, 50, 2},
	} {
		o := shorter(sim.Options{Replications: test.replications, Seed: 3}, test.days, test.share)
		if o.Replications != test.wantRuns || o.Days != test.wantDays || o.Seed != 3 {
			t.Errorf("%g of %d runs of %g days is %d of %g", test.share, test.replications, test.days, o.Replications, o.Days)
		}
	}
}

// Every round brings new traffic; the last counts alone.
func TestRoundsBringNewTraffic(t *testing.T) {
	o, err := optimised(t, fewOfficers, "mean(crossing_h) <= 0.075", func(o *OptimiseOptions) { o.Run.Days, o.Run.Replications = 8, 2 })
	if err != nil {
		t.Fatal(err)
	}
	var seeds []uint64
	for _, r := range o.Rounds {
		seeds = append(seeds, r.Seed)
	}
	if len(seeds) < 4 || !slices.Equal(seeds, []uint64{2, 3, 4, 5}[:len(seeds)]) || o.Seed != 2 {
		t.Errorf("rounds with seeds %d", seeds)
	}
	g, err := ParseGoal("mean(crossing_h) <= 0.075")
	if err != nil {
		t.Fatal(err)
	}
	space, err := DecodeSearch("search.yaml", []byte(fewOfficers))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSearcher(decoded(t, busyGate), space, OptimiseOptions{Run: sim.Options{Replications: 2, Seed: 2, Days: 8}, Goals: []Goal{g}, Most: 200})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.gather(); err != nil {
		t.Fatal(err)
	}
	alive, err := s.halve()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(alive[0].values[0]); n != 2*len(s.out.Rounds) {
		t.Errorf("after %d rounds of two replications a plan is judged by %d", len(s.out.Rounds), n)
	}
}

// Each step of a frontier is compared, run by run, with the last cheaper one
// that could be told apart: small steps that no run tells are no improvement.
func TestStepsThatCannotBeToldApartSaySo(t *testing.T) {
	plan := func(values ...float64) *candidate { return &candidate{stable: true, values: [][]float64{values}} }
	s := &searcher{measures: []Measure{{Statistic: "mean", Quantity: "crossing_h"}}}
	steps := s.steps([]*candidate{plan(9, 8, 10), plan(7.9, 7, 8.9), plan(7.8, 7.2, 8.7), plan(7.7, 6.9, 8.9), plan(6, 5, 7)})
	want := []string{"-", "apart", "alike", "alike", "apart"}
	for i, p := range steps {
		got := "-"
		if p.ToldApart != nil {
			got = map[bool]string{true: "apart", false: "alike"}[*p.ToldApart]
		}
		if got != want[i] {
			t.Errorf("step %d: %s, not %s", i+1, got, want[i])
		}
	}
}

// The mean of a plan that is not shown to settle says nothing: on a frontier it is
// neither told apart nor what others are told apart from, and takes nobody's place.
func TestAFrontierRestsOnPlansThatSettle(t *testing.T) {
	plan := func(cost, mean float64, doubt string) *candidate {
		return &candidate{stable: true, doubt: doubt, cost: cost, means: []float64{mean}, values: [][]float64{{mean, mean - 1, mean + 1.1}}}
	}
	s := &searcher{measures: []Measure{{Statistic: "mean", Quantity: "crossing_h"}}}
	front := s.frontier([]*candidate{plan(0, 9, "so short a time"), plan(1, 4, "so short a time"), plan(2, 6, ""), plan(3, 7, ""), plan(4, 5, "so short a time"), plan(5, 2, "")})
	var costs []float64
	for _, c := range front {
		costs = append(costs, c.cost)
	}
	if !slices.Equal(costs, []float64{0, 1, 2, 5}) {
		t.Fatalf("on the frontier are those of cost %g", costs)
	}
	for i, p := range s.steps(front) {
		if (p.ToldApart != nil) != (i == 3) || i == 3 && !*p.ToldApart {
			t.Errorf("step %d: %+v", i+1, p)
		}
	}
}

// A plan in which nothing changes is the scenario as it is, and stands there once.
func TestTheScenarioAsItIsStandsThereOnce(t *testing.T) {
	o, err := optimised(t, "figures: [{name: officers, path: \"stops[counter].servers\", low: 3, high: 5, cost: 1}]", "mean(crossing_h) <= 9", func(*OptimiseOptions) {})
	if err != nil {
		t.Fatal(err)
	}
	if text := o.Text(); strings.Count(text, "as it is") != 2 || strings.Count(text, "\n   ") < 3 || o.Now.Rank != 1 {
		t.Errorf("rank %d:\n%s", o.Now.Rank, text) // of finalists and of the frontier
	}
}
