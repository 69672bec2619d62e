package evidence

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"landport/sim"
)

const oneGate = `name: one gate
assumed: a textbook queue, in which ten arrive an hour and a service of 4 minutes makes a mean time of 0.2 hours
run: {length: 150d, warmup: 1d}
posts: [{name: Gate, country: KH}]
stops: [{name: counter, service: {value: {exponential: 3m}, fit: {low: 2m, high: 5.5m}}}]
flows: [{rate: 10/hour}]
`

const twoGates = `name: two gates
assumed: a tandem of textbook queues
run: {length: 20d, warmup: 1d}
posts: [{name: A, country: KH}, {name: B, country: VN}]
directions: KH-VN
formalities:
  - {name: leave, agency: customs, country: KH, subject: goods, side: exit}
  - {name: enter, agency: customs, country: VN, subject: goods, side: entry}
places:
  - {name: A yard, kind: bay, post: A}
  - {name: B yard, kind: bay, post: B}
stops:
  - {name: A counter, post: A, service: {value: {exponential: 3m}, fit: {low: 2m, high: 5.5m}}}
  - {name: B counter, post: B, service: {exponential: 3m}}
procedures:
  - name: goods
    direction: KH-VN
    route:
      - {place: A yard, stops: [{stop: A counter, formalities: leave}]}
      - {place: B yard, stops: [{stop: B counter, formalities: enter}]}
classes: [{name: truck, traits: [laden, rigid-truck]}]
flows: [{rate: 10/hour}]
calibration:
  - {post: A, time: 0.1h, samples: 9, source: theory}
  - {post: B, time: 0.1h, samples: 9, source: theory}
validation:
  - {fact: across, measure: mean(crossing_h), low: 0.1, high: 1, source: theory}
  - {fact: passing, measure: throughput_per_day(B), low: 100, high: 300, source: theory}
`

func decoded(t *testing.T, text string) *sim.File {
	t.Helper()
	f, err := sim.Decode("test.yaml", []byte(text), time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Calibration finds the service time of an M/M/1 queue from its mean time, and
// says how little seven samples tell.
func TestCalibrationFindsAKnownFigure(t *testing.T) {
	file := decoded(t, oneGate)
	seen := func(samples int) []Observation {
		m, err := Parse("mean(crossing_h@Gate)")
		if err != nil {
			t.Fatal(err)
		}
		return []Observation{{Measure: m, Mean: 0.2, Samples: samples, Source: "theory"}}
	}
	few, fitted, err := Calibrate(file, seen(7), CalibrateOptions{Trials: 40, Run: sim.Options{Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	p := few.Parameters[0]
	if math.Abs(p.Value-4) > 0.15 {
		t.Errorf("the service was found to take %.2f min, want 4 within 0.15", p.Value)
	}
	if p.Plausible[0] > 3.5 || p.Plausible[1] < 4.3 {
		t.Errorf("seven samples leave %.2f to %.2f min, which is too sure", p.Plausible[0], p.Plausible[1])
	}
	many, _, err := Calibrate(file, seen(2000), CalibrateOptions{Trials: 40, Run: sim.Options{Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if few, many := p.Plausible[1]-p.Plausible[0], many.Parameters[0].Plausible[1]-many.Parameters[0].Plausible[0]; many > few/2 {
		t.Errorf("2,000 samples leave %.2f min open, seven leave %.2f", many, few)
	}
	again := decoded(t, string(fitted.YAML()))
	for _, f := range again.Parameters() {
		if f.Fit != nil && (math.Abs(f.Mean-p.Value) > 1e-6 || !strings.Contains(f.Assumed, "fitted to 0.2 h")) {
			t.Errorf("the scenario written has %g min (%s), fitted were %g", f.Mean, f.Assumed, p.Value)
		}
	}
	model, err := again.Model()
	if err != nil || len(model.Calibrated) != 1 || model.Calibrated[0] != (sim.Target{Post: "Gate", TimeH: 0.2, Samples: 7, Source: "theory"}) {
		t.Errorf("the scenario written is said to be calibrated to %+v, %v", model.Calibrated, err)
	}
	if again.Name != "one gate-fitted" || again.Title != "one gate; fitted to theory" {
		t.Errorf("the scenario written is called %q, %q", again.Name, again.Title)
	}
	for _, want := range []string{"With so few samples", "proves nothing"} {
		if text := few.Text(); !strings.Contains(text, want) {
			t.Errorf("the text does not say %q:\n%s", want, text)
		}
	}
}

func TestCalibrationRefusesWhatCannotBeFitted(t *testing.T) {
	plain := decoded(t, strings.Replace(oneGate, "{value: {exponential: 3m}, fit: {low: 2m, high: 5.5m}}", "3m", 1))
	if _, _, err := Calibrate(plain, []Observation{{}}, CalibrateOptions{}); err == nil || !strings.Contains(err.Error(), "marks no figure") {
		t.Error(err)
	}
	hopeless := decoded(t, strings.Replace(oneGate, "rate: 10/hour", "rate: 100/hour", 1))
	m, _ := Parse("mean(crossing_h@Gate)")
	_, _, err := Calibrate(hopeless, []Observation{{Measure: m, Mean: 1, Samples: 5}}, CalibrateOptions{Trials: 10, Run: sim.Options{Days: 3}})
	if err == nil || !strings.Contains(err.Error(), "does the crossing cope") {
		t.Error(err)
	}
}

// What no set of values agrees with is not a fit, and a range that fills the
// search says nothing of the observations.
func TestCalibrationSaysWhatTheObservationsDoNotTell(t *testing.T) {
	file := decoded(t, strings.Replace(oneGate, "length: 150d", "length: 30d", 1))
	m, _ := Parse("mean(crossing_h@Gate)")
	fit := func(o Observation) (*Calibration, error) {
		o.Measure = m
		c, _, err := Calibrate(file, []Observation{o}, CalibrateOptions{Trials: 20, Run: sim.Options{Seed: 1}})
		return c, err
	}
	if _, err := fit(Observation{Mean: 12, SD: 0.06, Samples: 3}); err == nil || !strings.Contains(err.Error(), "nothing fits: what was observed rules out all 20 sets") {
		t.Errorf("12 h, which the search cannot reach: %v", err)
	}
	if c, err := fit(Observation{Mean: 0.2, SD: 5, Samples: 2}); err != nil || !strings.Contains(c.Text(), "either end of the range") {
		t.Errorf("two samples that tell nothing: %v", err)
	}
}

// A mean that the interval of two samples allows, and no set of values comes
// near, is no fit; and where samples rule nothing out, that is said first.
func TestWhatIsOutOfReachIsNoFit(t *testing.T) {
	file := decoded(t, strings.Replace(oneGate, "length: 150d", "length: 30d", 1))
	m, _ := Parse("mean(crossing_h@Gate)")
	options := CalibrateOptions{Trials: 20, Run: sim.Options{Seed: 1}}
	c, fitted, err := Calibrate(file, []Observation{{Measure: m, Mean: 450, SD: 70.7, Samples: 2}}, options)
	var misfit MisfitError
	if !errors.As(err, &misfit) || !strings.Contains(err.Error(), "out of reach of the figures marked fit: mean(crossing_h@Gate) was observed as 450 h, and comes out as ") {
		t.Errorf("450 h: %v", err)
	}
	if fitted == nil || c == nil || !strings.HasPrefix(c.Words[0], "This is no fit: out of reach") {
		t.Errorf("what was found comes with it, marked: %+v", c)
	}
	c, _, err = Calibrate(file, []Observation{{Measure: m, Mean: 0.2, Samples: 1}}, options)
	if err != nil || c.Misfit != "" || !strings.HasPrefix(c.Words[0], "The observations say nothing about the figures: of ") || strings.Contains(c.Text(), "1 observations") {
		t.Errorf("one sample: %v\n%s", err, c.Text())
	}
	c, _, err = Calibrate(file, []Observation{{Measure: m, Mean: 0.2, Samples: 2000}}, options)
	if err != nil || strings.Contains(c.Text(), "say nothing") {
		t.Errorf("2,000 samples: %v\n%s", err, c.Text())
	}
}

// Where the spread is the simulation's, whose vehicles are many, the interval is
// the normal's; where it is that of the samples themselves, Student's.
func TestTheIntervalIsThatOfTheSpread(t *testing.T) {
	file := decoded(t, strings.Replace(oneGate, "length: 150d", "length: 30d", 1))
	m, _ := Parse("mean(crossing_h@Gate)")
	half := func(o Observation) float64 {
		o.Measure = m
		c, _, err := Calibrate(file, []Observation{o}, CalibrateOptions{Trials: 20, Run: sim.Options{Seed: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if alike := strings.Contains(c.Text(), "differ by no more than they are rounded to"); alike != o.Alike {
			t.Errorf("%+v: said to be alike: %t\n%s", o, alike, c.Text())
		}
		return *c.Targets[0].High - o.Mean
	}
	one := half(Observation{Mean: 0.2, Samples: 1})
	if spread := one / 1.96; spread < 0.2 || spread > 0.35 { // of an exponential time of mean 0.2, by its 95th percentile and median
		t.Errorf("one sample stands for %.3f h to either side", one)
	}
	for _, test := range []struct {
		o    Observation
		want float64
	}{
		{Observation{Mean: 0.2}, one},                                         // an unstated number may be one
		{Observation{Mean: 0.2, Samples: 4}, one / 2},                         //
		{Observation{Mean: 0.2, Samples: 4, Alike: true}, one / 2},            // their spread tells nothing
		{Observation{Mean: 0.2, SD: 0.05, Samples: 4}, 3.18245 * 0.05 / 2},    // t of 3 degrees
		{Observation{Mean: 0.2, SD: 0.05, Samples: 100}, 1.98422 * 0.05 / 10}, // t of 99
	} {
		if got := half(test.o); math.Abs(got-test.want) > 0.1*test.want {
			t.Errorf("%+v stands for %.4f h to either side, not %.4f", test.o, got, test.want)
		}
	}
}

// A post that was calibrated to and is not observed now is held out, and what
// rests in part on a fitted post is neither held out nor fitted.
func TestAPostThatIsNotObservedIsHeldOut(t *testing.T) {
	file := decoded(t, twoGates)
	m, _ := Parse("mean(crossing_h@A)")
	_, fitted, err := Calibrate(file, []Observation{{Measure: m, Mean: 0.2, Samples: 7, Source: "survey"}}, CalibrateOptions{Trials: 10, Run: sim.Options{Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	again := decoded(t, string(fitted.YAML()))
	facts, err := PublishedFigures(again)
	if err != nil {
		t.Fatal(err)
	}
	want := []PublishedFigure{
		{Label: Calibrated, Figure: "mean(crossing_h@A)", Value: "0.2 h"},
		{Label: InPart, Figure: "mean(crossing_h)", Value: "0.1 to 1 h"},
		{Label: HeldOut, Figure: "mean(throughput_per_day@B)", Value: "100 to 300 a day"},
		{Label: HeldOut, Figure: "mean(crossing_h@B)"},
	}
	if len(facts) != len(want) {
		t.Fatalf("%+v", facts)
	}
	for i, f := range facts {
		if w := want[i]; f.Label != w.Label || f.Figure != w.Figure || w.Value != "" && f.Value != w.Value {
			t.Errorf("%+v, want %+v", f, w)
		}
	}
	v, err := Validate(again, sim.Options{Replications: 2, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.InPart) != 1 || len(v.Facts) != 2 || len(v.Fitted) != 0 || v.Facts[1].Measure != "mean(crossing_h@B)" || v.Facts[1].Source != "theory" {
		t.Errorf("%+v", v)
	}
	if text := v.Text(); !strings.Contains(text, "Held out in part") || !strings.Contains(text, "of 2 facts are met") {
		t.Error(text)
	}
}

func TestObservationsAreReadFromATable(t *testing.T) {
	file := decoded(t, oneGate)
	list, others, err := ReadObservations("a.csv", strings.NewReader("post,time_h,samples,source\nGate,3.7,7,somebody\nOther,2.8,6,\n"), file)
	if err != nil || len(others) != 1 || others[0] != `line 3 "Other"` || len(list) != 1 || list[0].Mean != 3.7 || list[0].Samples != 7 || list[0].SD != 0 {
		t.Errorf("%+v, others %q, %v", list, others, err)
	}
	list, _, err = ReadObservations("a.csv", strings.NewReader("\ufeffPost, time_h\nGate,1\nGate,2\nGate,3\n"), file)
	if err != nil || len(list) != 1 || list[0].Mean != 2 || list[0].Samples != 3 || list[0].Source != "a.csv" || math.Abs(list[0].SD-1) > 1e-9 {
		t.Errorf("single vehicles: %+v, %v", list, err)
	}
	for _, test := range []struct {
		times []string
		alike bool
	}{
		{[]string{"3.7", "3.7", "3.7"}, true},
		{[]string{"3.7", "3.8", "3.7"}, true}, // one rounding apart
		{[]string{"3.7", "3.9"}, false},
		{[]string{"3.75", "3.8"}, false}, // written to a hundredth
		{[]string{"3.7"}, false},
	} {
		list, _, err := ReadObservations("a.csv", strings.NewReader("post,time_h\nGate,"+strings.Join(test.times, "\nGate,")), file)
		if err != nil || list[0].Alike != test.alike || list[0].Alike && list[0].SD != 0 || list[0].Samples != len(test.times) {
			t.Errorf("%v: %+v, %v", test.times, list, err)
		}
	}
	for _, test := range []struct{ table, want string }{
		{"", "it is empty"},
		{"post,hours\nGate,1\n", "names no column time_h"},
		{"post,time_h\nGate,soon\n", `a.csv:2: "soon" is not a time in hours`},
		{"post,time_h\nNorth,1\n", "has no row of a post of one gate; its posts are Gate"},
		{"post,time_h,samples\nGate,1,many\n", `"many" is not a number of samples`},
		{"post,time_h,samples\nGate,1,7\nGate,2,7\n", "Gate has a mean already"},
		{"post,time_h\nGate,3,7\n", "a.csv:2: 3 fields where line 1 names 2 columns; write decimals with a point, such as 3.7, or separate all columns with semicolons"},
		{"post,time_h\nGate,\"3\n", "a.csv: parse error on line 2"},
		{"post,time_h\nGate,0.001\n", "a.csv:2: 0.001 h is no time at a post; write hours, from a minute, 0.017, up to a year"},
		{"post,time_h\nGate,9000\n", "9000 h is no time at a post"},
	} {
		if _, _, err := ReadObservations("a.csv", strings.NewReader(test.table), file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.table, err, test.want)
		}
	}
}

// Facts held out are judged by the interval, and what is not met says so.
func TestValidationJudgesFacts(t *testing.T) {
	file := decoded(t, oneGate+`validation:
  - {fact: a, measure: mean(crossing_h@Gate), low: 0.05, high: 0.15, source: s}
  - {fact: b, measure: mean(crossing_h@Gate), low: 2, high: 3, source: s}
  - {fact: c, measure: mean(crossing_h@Gate), low: 0.01, high: 0.02, source: s}
`)
	v, err := Validate(file, sim.Options{Replications: 4, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if v.Met != 1 || v.Facts[0].Outcome != Met || v.Facts[1].Outcome != Below || v.Facts[2].Outcome != Above {
		t.Errorf("%+v", v.Facts)
	}
	if text := v.Text(); !strings.Contains(text, "1 of 3 facts are met") || !strings.Contains(text, "BELOW by 1.9 h, 95%: b") {
		t.Error(text)
	}
	fitted := decoded(t, string(file.YAML())+"calibration: [{post: Gate, time: 0.1h, samples: 9, source: s}]\n")
	v, err = Validate(fitted, sim.Options{Replications: 2, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if v.Met != 0 || len(v.Facts) != 0 || len(v.Fitted) != 3 || !strings.Contains(v.Text(), "Not held out, although") {
		t.Errorf("a fact of what was fitted is said to validate:\n%s", v.Text())
	}
	if _, err := Validate(decoded(t, oneGate), sim.Options{}); err == nil || !strings.Contains(err.Error(), "holds out no facts") {
		t.Error(err)
	}
}
