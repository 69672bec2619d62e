package evidence_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/evidence"
	"landport/scenarios"
	"landport/sim"
)

// counter is a small border: laden trucks and empty ones, a lane for each.
const counter = `name: counter
assumed: for tests
run: {length: 12d, warmup: 2d}
posts: [{name: East, country: KH}, {name: West, country: VN}]
directions: KH-VN
places:
  - {name: road, kind: approach, post: East}
  - {name: laden lane, kind: lane, post: East, accepts: laden, capacity: 1}
  - {name: empty lane, kind: lane, post: East, accepts: empty, capacity: 1}
stops:
  - {name: laden counter, post: East, service: {exponential: 10m}}
  - {name: empty counter, post: East, service: {exponential: 5m}}
procedures:
  - name: goods
    route:
      - road
      - {place: [laden lane, empty lane], stops: [{stop: [laden counter, empty counter]}]}
classes: [{name: laden truck, traits: [laden, rigid-truck]}, {name: empty truck, traits: [empty, rigid-truck]}]
flows:
  - {name: laden trucks, rate: 115/day, classes: {laden truck: 1}}
  - {name: empty trucks, rate: 200/day, classes: {empty truck: 1}}
`

func decoded(t testing.TB, name, text string) *sim.File {
	t.Helper()
	base := func(file, extends string) (string, []byte, error) {
		if extends == "counter" {
			return "counter.yaml", []byte(counter), nil
		}
		return scenarios.Base(file, extends)
	}
	f, err := sim.Library{Zones: time.LoadLocation, Base: base}.Decode(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func shipped(t testing.TB, name string) *sim.File {
	t.Helper()
	text, err := scenarios.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, name, string(text))
}

func compared(t testing.TB, base, plan *sim.File, o sim.Options) *evidence.Comparison {
	t.Helper()
	c, err := evidence.Compare(base, plan, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rowOf(t testing.TB, c *evidence.Comparison, measure string) evidence.Row {
	t.Helper()
	i := slices.IndexFunc(c.Rows, func(r evidence.Row) bool { return r.Measure == measure })
	if i < 0 {
		t.Fatalf("there is no row %s", measure)
	}
	return c.Rows[i]
}

func TestAPlanThatHelpsOneKindSaysSo(t *testing.T) {
	const plan = "name: quicker\nextends: counter\nstops: [{name: laden counter, service: {exponential: 8m}, assumed: a second look is left out}]\n"
	c := compared(t, decoded(t, "counter.yaml", counter), decoded(t, "quicker.yaml", plan), sim.Options{Replications: 6, Seed: 1})
	if !c.Stable || c.Base.Scenario != "counter" || c.Plan.Scenario != "quicker" {
		t.Errorf("%+v", c)
	}
	laden, empty := rowOf(t, c, "mean(crossing_h@KH-VN laden)"), rowOf(t, c, "mean(crossing_h@KH-VN empty)")
	if laden.Verdict != evidence.Better || *laden.Difference >= 0 || laden.Interval[1] >= 0 || laden.Pairs != 6 {
		t.Errorf("laden: %+v", laden)
	}
	if empty.Verdict != evidence.Same || *empty.Difference != 0 {
		t.Errorf("the lane beside it sees other traffic: %+v", empty)
	}
	if busy := rowOf(t, c, "mean(utilisation@laden counter)"); busy.Verdict != evidence.Less {
		t.Errorf("officers who need less time are %+v", busy)
	}
	if !slices.Contains(c.Winners, "KH to VN, laden") || !slices.Contains(c.Unclear, "KH to VN, empty") || len(c.Losers) > 0 {
		t.Errorf("winners %q, losers %q, unclear %q", c.Winners, c.Losers, c.Unclear)
	}
	if busy := regexp.MustCompile(`laden counter, busy .* −[0-9.]+ points +± [0-9.]+ points `); !busy.MatchString(c.Text()) {
		t.Errorf("a difference of shares and its interval are both in points:\n%s", c.Text())
	}
	want := evidence.Change{Path: "stops[laden counter].service", What: "laden counter, service time", Base: "{exponential: 10m}", Plan: "{exponential: 8m}", Assumed: "a second look is left out"}
	if a := c.Assumptions; a.Changed != 1 || a.ChangedAssumed != 1 || a.Changes[0] != want {
		t.Errorf("%+v", a)
	}
	back := compared(t, decoded(t, "quicker.yaml", plan), decoded(t, "counter.yaml", counter), sim.Options{Replications: 6, Seed: 1})
	if row := rowOf(t, back, laden.Measure); row.Verdict != evidence.Worse || math.Abs(*row.Difference+*laden.Difference) > 1e-12 {
		t.Errorf("the other way round: %+v", row)
	}
}

// Where vehicles stand in line before a counter, they wait for its officers.
func TestAPlanTellsWhatItDoesToTheWaitForOfficers(t *testing.T) {
	const plan = "name: quicker\nextends: counter\nplaces: [{name: laden lane, capacity: 50, assumed: long}]\nstops: [{name: laden counter, service: {exponential: %s}, assumed: a second look}]\n"
	base, quicker := decoded(t, "base.yaml", fmt.Sprintf(plan, "10m")), decoded(t, "quicker.yaml", fmt.Sprintf(plan, "8m"))
	c := compared(t, base, quicker, sim.Options{Replications: 6, Seed: 1})
	if wait := rowOf(t, c, "mean(officer_wait_min@customs KH)"); wait.Scope != "officers" || wait.Verdict != evidence.Better || wait.Unit != "min" {
		t.Errorf("the wait for officers who need less time is %+v", wait)
	}
	if busy := rowOf(t, c, "mean(utilisation@customs KH)"); busy.Scope != "officers" || busy.Verdict != evidence.Less {
		t.Errorf("officers of both counters are %+v", busy)
	}
	if waits := regexp.MustCompile(`customs KH, wait of a goods vehicle .* better`); !waits.MatchString(c.Text()) {
		t.Errorf("the text does not tell how long a vehicle waits for officers:\n%s", c.Text())
	}
}

func TestPairsTellMoreThanTwoRunsWould(t *testing.T) {
	const plan = "name: quicker\nextends: counter\nstops: [{name: laden counter, service: {exponential: 9m}, assumed: x}]\n"
	base, quicker := decoded(t, "counter.yaml", counter), decoded(t, "quicker.yaml", plan)
	width := func(seed uint64) float64 {
		r, err := base.Model()
		if err != nil {
			t.Fatal(err)
		}
		report, err := sim.Run(r, sim.Options{Replications: 10, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return report.Crossing.TimeH.CI95[1] - report.Crossing.TimeH.CI95[0]
	}
	row := rowOf(t, compared(t, base, quicker, sim.Options{Replications: 10, Seed: 1}), "mean(crossing_h)")
	if paired := row.Interval[1] - row.Interval[0]; paired > 0.8*width(1) {
		t.Errorf("the paired difference is known to %.3f h, the base alone to %.3f h", paired, width(1))
	}
}

func TestNoMeanOfACrossingThatDoesNotCope(t *testing.T) {
	const plan = "name: slower\nextends: counter\nstops: [{name: laden counter, service: {exponential: 18m}, assumed: x}]\n"
	c := compared(t, decoded(t, "counter.yaml", counter), decoded(t, "slower.yaml", plan), sim.Options{Replications: 3, Seed: 1, Days: 30})
	if c.Stable || !c.Base.Stable || c.Plan.Stable {
		t.Fatalf("base %+v, plan %+v", c.Base, c.Plan)
	}
	for _, measure := range []string{"mean(crossing_h)", "mean(crossing_h@KH-VN laden)", "mean(wait_min@laden counter)"} {
		if row := rowOf(t, c, measure); row.Plan != nil || row.Difference != nil || row.Verdict != evidence.Unknown {
			t.Errorf("%+v", row)
		}
	}
	if row := rowOf(t, c, "mean(utilisation@laden counter)"); row.Verdict != evidence.More {
		t.Errorf("%+v", row)
	}
	if len(c.Winners)+len(c.Losers) > 0 {
		t.Errorf("winners %q, losers %q", c.Winners, c.Losers)
	}
	for _, want := range []string{"NOT STABLE: slower: more arrive than are served", "No times are compared"} {
		if !strings.Contains(c.Text(), want) {
			t.Errorf("the text does not say %q:\n%s", want, c.Text())
		}
	}
}

func TestTheSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	base, plan := shipped(t, "bavet-mocbai-2018"), shipped(t, "bavet-mocbai-short")
	var first []byte
	for _, workers := range []int{1, 3} {
		var steps []int
		o := sim.Options{Replications: 3, Seed: 5, Days: 2, Workers: workers, Progress: func(done, total int) { steps = append(steps, done, total) }}
		text, err := json.Marshal(compared(t, base, plan, o))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(text, first) {
			t.Errorf("%d workers compare otherwise than one", workers)
		}
		if want := []int{1, 6, 2, 6, 3, 6, 4, 6, 5, 6, 6, 6}; !slices.Equal(steps, want) {
			t.Errorf("progress %v, want %v", steps, want)
		}
	}
}

func TestAScenarioIsTheSameAsItself(t *testing.T) {
	f := decoded(t, "counter.yaml", counter)
	c := compared(t, f, f, sim.Options{Replications: 2, Seed: 1, Days: 3})
	for _, row := range c.Rows {
		if row.Verdict != evidence.Same {
			t.Errorf("%+v", row)
		}
	}
	if c.Assumptions.Changed != 0 || len(c.Rows) < 10 {
		t.Errorf("%d rows, %+v", len(c.Rows), c.Assumptions)
	}
	if _, err := evidence.Compare(f, f, sim.Options{Replications: 1}); err == nil {
		t.Error("one pair has an interval")
	}
}

func TestEachPhaseIsFasterThanTheLast(t *testing.T) {
	phases := []string{"bavet-mocbai-2018", "bavet-mocbai-short", "bavet-mocbai-mid", "bavet-mocbai-long"}
	for i, name := range phases[1:] {
		c := compared(t, shipped(t, phases[i]), shipped(t, name), sim.Options{Replications: 4, Seed: 1, Days: 21, Workers: 2})
		if !c.Stable || c.Plan.Growing > 0 {
			t.Errorf("%s: %+v", name, c.Plan)
		}
		if row := rowOf(t, c, "mean(crossing_h)"); row.Verdict != evidence.Better {
			t.Errorf("%s: %+v", name, row)
		}
		for _, change := range c.Assumptions.Changes {
			if change.Plan != "" && change.Assumed == "" {
				t.Errorf("%s: %s says %q without calling it assumed", name, change.Path, change.Plan)
			}
		}
	}
}

func TestTrafficThatDiffersIsSaid(t *testing.T) {
	o := sim.Options{Replications: 2, Seed: 1, Days: 2}
	base := decoded(t, "counter.yaml", counter)
	more := compared(t, base, decoded(t, "more.yaml", "name: more\nextends: counter\nflows: [{name: laden trucks, rate: 120/day, assumed: x}]\n"), o)
	if text := more.Text(); more.SameTraffic || strings.Contains(text, "meet the same traffic.") || !strings.Contains(text, "laden trucks, arrivals: ") || !strings.Contains(text, " → 120 a day") {
		t.Errorf("%v\n%s", more.SameTraffic, text)
	}
	slower := compared(t, base, decoded(t, "slower.yaml", "name: slower\nextends: counter\nstops: [{name: laden counter, service: {exponential: 11m}, assumed: x}]\n"), o)
	if !slower.SameTraffic || !strings.Contains(slower.Text(), "meet the same traffic.") {
		t.Error(slower.Text())
	}
	other := compared(t, base, shipped(t, "mm5"), o)
	if text := other.Text(); other.OneCrossing || !strings.Contains(text, "no flow in common") || rowOf(t, other, "mean(crossing_h)").Verdict == evidence.Better || len(other.Winners)+len(other.Losers) > 0 {
		t.Error(text)
	}
}
