package evidence

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"landport/scenarios"
	"landport/sim"
)

const twoCauses = oneGate + `causes:
  - {name: slow, issue: a test, says: services take 2 minutes, without: [{path: "stops[counter].service", times: 0.6667}]}
  - {name: crowded, says: half come, without: [{path: "flows[1].rate", times: 0.5}]}
`

// Shapley's shares add up to what is explained, and two causes that hang
// together share evenly what neither brings alone.
func TestSharesOfCausesAddUp(t *testing.T) {
	file := decoded(t, strings.Replace(twoCauses, "length: 150d", "length: 30d", 1))
	m, err := Parse("mean(crossing_h)")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Explain(file, m, sim.Options{Replications: 3, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	slow, crowded := w.Causes[0], w.Causes[1]
	if sum := *slow.Share + *crowded.Share; math.Abs(sum-*w.Explained) > 1e-9 || math.Abs(*w.Now-*w.Without-*w.Explained) > 1e-9 {
		t.Errorf("shares add up to %g, explained are %g", sum, *w.Explained)
	}
	if want := (*slow.Alone + *slow.Last) / 2; math.Abs(*slow.Share-want) > 1e-9 {
		t.Errorf("the share of two is the mean of first and last, %g, not %g", want, *slow.Share)
	}
	// M/M/1: 0.1 h now; 0.05 h with services of 2 min; 0.0667 with half the traffic; 0.04 with both.
	for _, x := range []struct {
		what      string
		got, want float64
	}{{"now", *w.Now, 0.1}, {"slow alone", *slow.Alone, 0.05}, {"crowded alone", *crowded.Alone, 0.0333}, {"explained", *w.Explained, 0.06}} {
		if math.Abs(x.got-x.want) > 0.006 {
			t.Errorf("%s: %.4f h, theory says %.4f", x.what, x.got, x.want)
		}
	}
	if slow.Changed != 1 || slow.Assumed != 1 || w.Sets != 4 {
		t.Errorf("%+v", w)
	}
	if text := w.Text(); !strings.Contains(text, "Without all of them") || !strings.Contains(text, "sets 1 figure, 1 of them assumed") {
		t.Error(text)
	}
}

// What a cause costs has one sign wherever it stands: above zero where removing it
// saves, below where it costs. The row of all is of all their figures.
func TestAShareHasOneSignEverywhere(t *testing.T) {
	text := strings.Replace(twoCauses, "length: 150d", "length: 30d", 1) + "  - {name: idle, says: a fifth more come, adds: 2, unit: yards, without: [{path: \"flows[1].rate\", times: 1.2}]}\n"
	file := decoded(t, text)
	m, _ := Parse("mean(crossing_h)")
	w, err := Explain(file, m, sim.Options{Replications: 3, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	slow, idle := w.Causes[0], w.Causes[2]
	if *slow.Share <= 0 || *idle.Share >= 0 {
		t.Fatalf("slow costs %g h, idle %g h", *slow.Share, *idle.Share)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(w.Text()) {
		if name := strings.TrimSpace(strings.SplitN(line+"     ", "  ", 3)[1]); strings.HasPrefix(line, "  ") && rows[name] == nil {
			rows[name] = strings.Fields(line)
		}
	}
	for _, s := range []Share{slow, idle} {
		if got := rows[s.Cause]; len(got) < 2 || got[1] != num(s.Share, 2) {
			t.Errorf("%s: the terminal shows %v, not %s", s.Cause, got, num(s.Share, 2))
		}
	}
	page := &strings.Builder{}
	if err := whyOf(w, "").Render(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Share{slow, idle} {
		if chart, table, _ := strings.Cut(page.String(), "</figure>"); !strings.Contains(chart, ">"+num(s.Share, 2)+"</text>") || !strings.Contains(table, ">"+num(s.Share, 2)+"</td>") {
			t.Errorf("%s is %s, and not so in the chart or the table of\n%s", s.Cause, num(s.Share, 2), page)
		}
	}
	const says = "A share above zero is what the cause costs, one below zero what mending it would add."
	if text := strings.Join(strings.Fields(w.Text()), " "); !strings.Contains(text, says) || strings.Contains(text, "plus") || strings.Count(page.String(), "below zero") != 1 {
		t.Error(text)
	}
	numbers := w.Numbers()
	if n := numbers[2]; *n.Share != *idle.Share || *n.Adds != 2 || n.Changed != 1 {
		t.Errorf("%+v", n)
	}
	if all := numbers[3]; all.Cause != "all" || all.Adds != nil || all.Changed != 2 || all.Assumed != 2 {
		t.Errorf("%+v: three causes change two figures", all)
	}
}

func TestOrdersOfRemovalAreAllCounted(t *testing.T) {
	for n := 1; n <= mostCauses; n++ {
		sum := 0.0
		choose := 1.0
		for k := range n {
			sum += choose * orders(k, n)
			choose = choose * float64(n-1-k) / float64(k+1)
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("of %d causes the orders add up to %g", n, sum)
		}
	}
}

func TestCausesThatCannotBeRemoved(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	if _, err := Explain(decoded(t, oneGate), m, sim.Options{}); err == nil || !strings.Contains(err.Error(), "names no causes") {
		t.Error(err)
	}
	wrong := decoded(t, strings.Replace(twoCauses, "stops[counter].service", "stops[desk].service", 1))
	if _, err := Explain(wrong, m, sim.Options{}); err == nil || !strings.Contains(err.Error(), "without slow") {
		t.Error(err)
	}
}

// A share moves with what is assumed: of M/M/1, where the service time is off by
// a tenth, by the differences of theory. A count of figures says nothing of that.
func TestAShareSaysHowFarItMovesWithWhatIsAssumed(t *testing.T) {
	file := decoded(t, strings.Replace(twoCauses, "length: 150d", "length: 30d", 1))
	m, _ := Parse("mean(crossing_h)")
	o := sim.Options{Replications: 3, Seed: 5}
	w, err := Explain(file, m, o)
	if err != nil {
		t.Fatal(err)
	}
	if text := w.Text(); !strings.Contains(text, "was not worked out") {
		t.Error(text)
	}
	if err := w.RestOf(file, m, RestOptions{Run: o, By: 1.1, Most: 10}); err != nil {
		t.Fatal(err)
	}
	// Mean times in hours: service s, rate r. The share of slow is the mean over both orders.
	time := func(s, r float64) float64 { return s / (1 - s*r) }
	share := func(s float64, r, sWithout float64) float64 {
		return (time(s, r) - time(s*sWithout, r) + time(s, r/2) - time(s*sWithout, r/2)) / 2
	}
	half := func(low, high float64) float64 { return (high - low) / 2 }
	service := half(share(0.05/1.1, 10, 0.6667), share(0.05*1.1, 10, 0.6667))
	rate := half(share(0.05, 10/1.1, 0.6667), share(0.05, 11, 0.6667))
	absent := half(share(0.05, 10, 0.6667*1.1), share(0.05, 10, 0.6667/1.1))
	slow := w.Causes[0].Rests
	want := math.Sqrt(service*service + rate*rate + absent*absent)
	if slow.Moved != 4 || slow.Summed != 4 || slow.Left != 1 || slow.Interval[0] > want || slow.Interval[1] < want || math.Abs(*slow.Half-want) > 0.15*want || math.Abs(*slow.Share - *slow.Half / *w.Causes[0].Share) > 1e-9 {
		t.Errorf("%+v: half %.4f, theory says %.4f", slow, *slow.Half, want)
	}
	text := strings.Join(strings.Fields(w.Text()), " ")
	for _, want := range []string{"when what is assumed is off, the share moves by about ± 0.0", "by 4 of the 5 assumed figures", "The 5 are the scenario's own 3, and for each of the 2 causes what its absence is taken to be", "crowded: half come.", "each alone"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	for line := range strings.Lines(w.Text()) {
		if utf8.RuneCountInString(line) > 101 {
			t.Errorf("too wide for a terminal: %s", line)
		}
	}
	lost := 40.0
	if got := (&Rest{Half: &lost, Share: &lost, sum: sum{interval: []float64{30, 50}}}).words("h"); !strings.HasPrefix(got, "moves by about ± 40.00 h, more than all of it (95% interval 30 to 50 h)") {
		t.Errorf("a share forty times as uncertain as it is large: %s", got)
	}
	few := RestOptions{Run: o, By: 1.1, Most: 1}
	if err := w.RestOf(file, m, few); err != nil || w.Causes[0].Rests.Moved != 1 || !strings.Contains(strings.Join(strings.Fields(w.Text()), " "), "by 1 of the 5 assumed figures") {
		t.Errorf("%v, %+v", err, w.Causes[0].Rests)
	}
	few.Run.Replications = 1
	if err := w.RestOf(file, m, few); err == nil || !strings.Contains(err.Error(), "no interval") {
		t.Errorf("one replication: %v", err)
	}
	few.Run, few.By = o, 1
	if err := w.RestOf(file, m, few); err == nil {
		t.Error("a figure is moved by nothing")
	}
}

// One officer of two is no figure that is off by a tenth, so it is not moved with
// those that are.
func TestCountsAreNotMovedByMoreThanIsAsked(t *testing.T) {
	text := strings.Replace(strings.Replace(twoCauses, "length: 150d", "length: 30d", 1), "{name: counter, service", "{name: counter, servers: 2, service", 1)
	file := decoded(t, strings.Replace(text, "10/hour", "30/hour", 1))
	m, _ := Parse("mean(crossing_h)")
	o := sim.Options{Replications: 2, Seed: 5}
	w, err := Explain(file, m, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		by          float64
		moved, left int
	}{{1.1, 4, 1}, {1.6, 4, 1}, {2, 5, 0}} {
		if err := w.RestOf(file, m, RestOptions{Run: o, By: test.by, Most: 9}); err != nil {
			t.Fatal(err)
		}
		if r := w.Causes[0].Rests; r.Moved != test.moved || r.Left != test.left {
			t.Errorf("by a factor of %g %d figures were moved and %d left, not %d and %d", test.by, r.Moved, r.Left, test.moved, test.left)
		}
	}
}

// Hours that are equal already cost nothing; where clocks are an hour apart the
// hours do, and what a remedy adds stands beside its share.
func TestDifferingHoursAreACauseOfTheirOwn(t *testing.T) {
	opened := func(name string) *sim.File {
		text, err := scenarios.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		return decoded(t, string(text))
	}
	bavet := opened("bavet-mocbai-2018")
	model, err := bavet.Model()
	if err != nil {
		t.Fatal(err)
	}
	nothing, err := changeNothing(bavet, model.Causes)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range model.Causes {
		if equal := c.Name == "differing hours"; (nothing>>i&1 != 0) != equal {
			t.Errorf("%s changes nothing: %t", c.Name, !equal)
		}
	}
	m, _ := Parse("mean(crossing_h)")
	w, err := Explain(opened("kimthanh-hekou"), m, sim.Options{Replications: 3, Seed: 1, Days: 14, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	hours, midday := w.Causes[0], w.Causes[1]
	if hours.Cause != "differing hours" || hours.Interval == nil || hours.Interval[0] <= 0 {
		t.Errorf("%+v: %g h, %v", hours.Cause, *hours.Share, hours.Interval)
	}
	if hours.Each == nil || midday.Each == nil || math.Abs(*midday.Each*float64(midday.Adds)-*midday.Share) > 1e-9 {
		t.Errorf("%+v, %+v", hours, midday)
	}
	text := strings.Join(strings.Fields(w.Text()), " ")
	for _, want := range []string{"for each added", "Adds 8 officers for an hour", "Adds 2 officers for a midday"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// Whoever waits sees at once of how much nothing is done yet.
func TestProgressBeginsAtOnce(t *testing.T) {
	m, _ := Parse("mean(crossing_h)")
	g, _ := ParseGoal("mean(crossing_h) <= 9")
	file := decoded(t, strings.Replace(twoCauses, "150d", "9d", 1))
	var begun []int
	o := sim.Options{Replications: 2, Seed: 5, Progress: func(done, total int) {
		if done < total || total == 0 {
			begun = append(begun, done)
		}
	}}
	w, err := Explain(file, m, o)
	if err != nil || len(begun) == 0 || begun[0] != 0 {
		t.Errorf("why: %d, %v", begun, err)
	}
	begun = nil
	if err := w.RestOf(file, m, RestOptions{Run: o, By: 1.05, Most: 1}); err != nil || len(begun) == 0 || begun[0] != 0 {
		t.Errorf("what it rests on: %d, %v", begun, err)
	}
	begun = nil
	s, err := DecodeSearch("search.yaml", []byte("figures: [{name: officers, path: \"stops[counter].servers\", low: 3, high: 5, cost: 1}]"))
	if err != nil {
		t.Fatal(err)
	}
	o.Days = 3
	if _, err := Optimise(decoded(t, busyGate), s, OptimiseOptions{Run: o, Goals: []Goal{g}, Most: 10}); err != nil || len(begun) == 0 || begun[0] != 0 {
		t.Errorf("optimise: %d, %v", begun, err)
	}
}
