package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"landport/sim"
	"landport/study"
)

// Observation is what was published or surveyed of one measure: a mean and how
// many samples stand behind it. Values are in the measure's unit.
type Observation struct {
	Measure Measure
	Mean    float64
	SD      float64 // of single values; 0 where it is not known
	Alike   bool    // single values were given that differ by no more than their rounding, which tells no SD
	Samples int
	Source  string
}

// CalibrateOptions bound the search.
type CalibrateOptions struct {
	Run    sim.Options                 // of each trial; one replication at least
	Trials int                         // sets of values to try; 0 is 150
	Tried  func(trial int, trials int) // called after each; may be nil
}

// Calibration is what fitting came to.
type Calibration struct {
	Scenario   string         `json:"scenario"`
	Seed       uint64         `json:"seed"`
	Trials     int            `json:"trials"`
	Plausible  int            `json:"plausible_trials"` // that the observations do not rule out
	Targets    []FittedTarget `json:"targets"`
	Parameters []Fitted       `json:"parameters"`
	Misfit     string         `json:"misfit,omitempty"` // why it is no fit at all
	Words      []string       `json:"words"`            // how sure it is

	coping int // trials in which the crossing copes with its traffic
}

// MisfitError is the error that what was found is no fit; its text says why.
type MisfitError string

func (m MisfitError) Error() string { return string(m) }

// FittedTarget is an observation beside what the fitted scenario gives. Fitting
// made them agree: it is no reproduction, and proves nothing.
type FittedTarget struct {
	Measure  string   `json:"measure"`
	Unit     string   `json:"unit"`
	Observed float64  `json:"observed"`
	Samples  int      `json:"samples"`
	Source   string   `json:"source,omitempty"`
	Alike    bool     `json:"alike,omitempty"` // see Observation
	Low      *float64 `json:"low"`             // the 95% interval of the mean that the samples stand for
	High     *float64 `json:"high"`
	Before   *float64 `json:"before"` // by the scenario as written
	Fitted   *float64 `json:"fitted"`
}

// Fitted is a figure that was fitted. Value and bounds are in the unit of its
// kind, for a distribution of its mean.
type Fitted struct {
	Path      string     `json:"path"`
	Unit      string     `json:"unit"`
	Bounds    [2]float64 `json:"bounds"` // within which it was searched
	Before    float64    `json:"before"`
	Value     float64    `json:"value"`
	Plausible [2]float64 `json:"plausible"`               // least and greatest of the trials that the observations do not rule out
	Boxed     string     `json:"set_by_search,omitempty"` // which end of that is where the search ended
}

// Calibrate fits the figures that a scenario marks with fit to observations,
// and returns the scenario with the values found, under a name, a title and with
// the calibration that say to what it was fitted. Where none of the sets tried
// agrees with the observations, or the nearest is out by twice, the error is a
// MisfitError, and comes with the nearest that was found.
//
// It tries sets of values: a Latin hypercube over the logarithms of the ranges
// (McKay, Beckman and Conover, Technometrics 21(2), 1979), then again in a box
// around the best, half as wide each round. The best is nearest to the
// observations, in shares of them; among those equally near, nearest to what the
// scenario says. A trial is plausible when every observation's 95% interval of
// the mean holds its result: with few samples, many are (history matching: Craig
// and others, in Bayesian Statistics 5, 1996). All trials meet the same traffic.
func Calibrate(file *sim.File, seen []Observation, o CalibrateOptions) (*Calibration, *sim.File, error) {
	c := &calibrator{file: file, seen: seen, options: o}
	for _, p := range file.Parameters() {
		if p.Fit != nil {
			c.params = append(c.params, p)
		}
	}
	switch {
	case len(c.params) == 0:
		return nil, nil, fmt.Errorf("scenario %s marks no figure to be fitted; write {value: 16m, fit: {low: 8m, high: 30m}}", file.Name)
	case len(seen) == 0:
		return nil, nil, errors.New("nothing was observed, so nothing can be fitted")
	}
	if c.options.Trials == 0 {
		c.options.Trials = 150
	}
	if err := c.search(); err != nil {
		return nil, nil, err
	}
	best := c.trials[c.best]
	if math.IsInf(best.score, 1) {
		return nil, nil, errors.New("at none of the values tried does the crossing cope with its traffic; widen the ranges, or check rate and staff")
	}
	found := c.answer(best)
	fitted, err := c.with(best.x)
	if err == nil {
		fitted, err = c.labelled(fitted)
	}
	if err != nil {
		return nil, nil, err
	}
	if found.Misfit != "" {
		return found, fitted, MisfitError(found.Misfit)
	}
	return found, fitted, nil
}

// reach is how many times an observation, or the fitted result, may be the other
// and still be called within reach of the figures. The interval of a mean of two
// or three samples is so wide that it holds anything: it alone is no fit.
const reach = 2

// misfit tells why the best set is no fit, if so: all sets are ruled out, or it
// is nowhere near what was observed.
func (c *Calibration) misfit() string {
	var off, far []string
	for _, t := range c.Targets {
		off = append(off, fmt.Sprintf("%s was observed as %.3g %s, which stands for %.3g to %.3g, and comes out as %s", t.Measure, t.Observed, t.Unit, *t.Low, *t.High, shown(t.Fitted, t.Unit)))
		if t.Fitted == nil || *t.Fitted < t.Observed/reach || *t.Fitted > t.Observed*reach {
			far = append(far, fmt.Sprintf("%s was observed as %.3g %s, and comes out as %s at the nearest", t.Measure, t.Observed, t.Unit, shown(t.Fitted, t.Unit)))
		}
	}
	switch {
	case c.Plausible == 0:
		return fmt.Sprintf("nothing fits: what was observed rules out all %d sets of values tried; at the nearest, %s; widen the ranges under fit, try more sets, or look for what else the scenario has wrong",
			c.Trials, strings.Join(off, ", and "))
	case len(far) > 0:
		return fmt.Sprintf("out of reach of the figures marked fit: %s; check the observations and their unit, widen the ranges under fit, or look for what else the scenario has wrong", strings.Join(far, ", and "))
	}
	return ""
}

type calibrator struct {
	file    *sim.File
	seen    []Observation
	options CalibrateOptions
	params  []sim.Parameter
	trials  []trial
	best    int
	written []float64 // results of the scenario as it is
}

// trial is one set of values: x are logarithms over the ranges, from 0 to 1.
type trial struct {
	x         []float64
	results   []float64 // by observation, NaN where it cannot be told
	margin    []float64 // half the 95% interval of each observation
	score     float64
	plausible bool
}

const rounds = 5

func (c *calibrator) search() error {
	start := make([]float64, len(c.params))
	for i, p := range c.params {
		start[i] = min(1, max(0, math.Log(p.Mean/p.Fit.Low)/math.Log(p.Fit.High/p.Fit.Low)))
	}
	if err := c.try(start, start); err != nil {
		return err
	}
	c.written = c.trials[0].results
	stream := sim.Derive(c.options.Run.Seed, 0, "calibration")
	low, width := make([]float64, len(start)), 1.0
	for round := range rounds {
		n := (c.options.Trials - len(c.trials)) / (rounds - round)
		if round == 0 {
			n = c.options.Trials / 3
		}
		for _, u := range hypercube(&stream, n, len(start)) {
			x := make([]float64, len(start))
			for i := range x {
				x[i] = low[i] + width*u[i]
			}
			if err := c.try(x, start); err != nil {
				return err
			}
		}
		width /= 2
		for i, centre := range c.trials[c.best].x {
			low[i] = min(1-width, max(0, centre-width/2))
		}
	}
	return nil
}

// hypercube returns n points of the unit cube: on every axis one in each n-th.
func hypercube(s *sim.Stream, n, axes int) [][]float64 {
	points := make([][]float64, n)
	for i := range points {
		points[i] = make([]float64, axes)
	}
	for axis := range axes {
		for i := range points {
			points[i][axis] = (float64(i) + s.Float64()) / float64(n)
		}
		for i := n - 1; i > 0; i-- {
			j := int(s.Below(uint64(i + 1)))
			points[i][axis], points[j][axis] = points[j][axis], points[i][axis]
		}
	}
	return points
}

// value is a figure's value at a place of its range.
func value(p *sim.Parameter, x float64) float64 {
	return p.Fit.Low * math.Pow(p.Fit.High/p.Fit.Low, x)
}

func (c *calibrator) with(x []float64) (*sim.File, error) {
	settings := make([]sim.Setting, len(x))
	for i := range x {
		p := &c.params[i]
		settings[i] = sim.Setting{Path: p.Path, Times: value(p, x[i]) / p.Mean, Assumed: c.because()}
	}
	return c.file.With(settings...)
}

// because says of a fitted figure where it comes from.
func (c *calibrator) because() string {
	var seen []string
	for _, s := range c.seen {
		seen = append(seen, fmt.Sprintf("%.4g %s of %s (%s, %s)", s.Mean, s.Measure.Unit(), s.Measure, samples(s.Samples), cmp.Or(s.Source, "no source given")))
	}
	return "fitted to " + strings.Join(seen, " and ")
}

// labelled has a fitted scenario say to what it was fitted, and nothing of what
// the one that it was made from was calibrated to.
func (c *calibrator) labelled(fitted *sim.File) (*sim.File, error) {
	var targets, sources []string
	for _, s := range c.seen {
		source := cmp.Or(s.Source, "no source given")
		targets = append(targets, fmt.Sprintf("{post: %q, time: %.4gh, samples: %d, source: %q}", s.Measure.Where, s.Mean, s.Samples, source))
		if !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	to := strings.Join(sources, " and ")
	notes := []string{strconv.Quote(fmt.Sprintf("Made from %s by fitting marked figures to %s. What the further notes say of calibration is about %s.", c.file.Name, to, c.file.Name))}
	for _, n := range fitted.Notes {
		notes = append(notes, strconv.Quote(n))
	}
	facts, err := c.facts(fitted)
	if err != nil {
		return nil, err
	}
	return fitted.With(
		sim.Setting{Path: "name", Value: strconv.Quote(c.file.Name + "-fitted")},
		sim.Setting{Path: "title", Value: strconv.Quote(cmp.Or(c.file.Title, c.file.Name) + "; fitted to " + to)},
		sim.Setting{Path: "notes", Value: "[" + strings.Join(notes, ", ") + "]"},
		sim.Setting{Path: "calibration", Value: "[" + strings.Join(targets, ", ") + "]"},
		sim.Setting{Path: "validation", Value: "[" + strings.Join(facts, ", ") + "]"},
	)
}

// facts are what the fitted scenario holds out: what the one that it was made
// from does, and the times this was calibrated to and nobody observed now, each
// as the 95% interval of the mean that its samples stand for.
func (c *calibrator) facts(fitted *sim.File) (list []string, err error) {
	m, err := fitted.Model()
	if err != nil {
		return nil, err
	}
	known := m.HeldOut
	run, err := observe(fitted, nil, c.options.Run)
	if err != nil {
		return nil, err
	}
	for _, t := range m.Calibrated {
		of := timeAt(t.Post)
		if slices.ContainsFunc(c.seen, func(o Observation) bool { return o.Measure == of }) {
			continue
		}
		s, _ := of.summary(run.all)
		half := simulatedMargin(s, t.Samples)
		known = append(known, sim.Known{
			Fact: fmt.Sprintf("the mean time at %s is %.4g h, of %s", t.Post, t.TimeH, samples(t.Samples)),
			Reading: fmt.Sprintf("as the 95%% interval that such a mean stands for, single times spread as in the simulation; %s was calibrated to this time, and what no new observation moved keeps near its figures",
				c.file.Name),
			Measure: of.String(), Low: max(0, math.Round(100*(t.TimeH-half))/100), High: math.Round(100*(t.TimeH+half)) / 100, Source: t.Source,
		})
	}
	for _, k := range known {
		reading := ""
		if k.Reading != "" {
			reading = fmt.Sprintf("reading: %q, ", k.Reading)
		}
		list = append(list, fmt.Sprintf("{fact: %q, %smeasure: %q, low: %g, high: %g, source: %q}", k.Fact, reading, k.Measure, k.Low, k.High, k.Source))
	}
	return list, nil
}

func (c *calibrator) try(x, start []float64) error {
	file, err := c.with(x)
	if err != nil {
		return err
	}
	seen, err := observe(file, nil, c.options.Run)
	if err != nil {
		return err
	}
	t := trial{x: x, plausible: true}
	for i := range c.seen {
		if err := c.observe(&t, seen.all, &c.seen[i]); err != nil {
			return err
		}
	}
	for i := range x {
		t.score += nearness * (x[i] - start[i]) * (x[i] - start[i])
	}
	c.trials = append(c.trials, t)
	if t.score < c.trials[c.best].score {
		c.best = len(c.trials) - 1
	}
	if c.options.Tried != nil {
		c.options.Tried(len(c.trials), c.options.Trials)
	}
	return nil
}

// nearness is what a distance from the written values counts beside a squared
// relative error: enough to choose among fits that are alike, no more.
const nearness = 1e-4

// observe adds to a trial how far an observation is from its report.
func (c *calibrator) observe(t *trial, r *study.Report, seen *Observation) error {
	if err := seen.Measure.Check(r); err != nil {
		return err
	}
	result, ok := seen.Measure.Of(r)
	margin := 0.0
	if !ok {
		result, t.score, t.plausible = math.NaN(), math.Inf(1), false
	} else {
		s, _ := seen.Measure.summary(r)
		margin = seen.margin(s)
		off := result/seen.Mean - 1
		t.score += off * off
		t.plausible = t.plausible && math.Abs(result-seen.Mean) <= margin
	}
	t.results, t.margin = append(t.results, result), append(t.margin, margin)
	return nil
}

// margin is half the 95% interval of an observation's mean. Where the deviation
// is that of the samples themselves, it is Student's t of so many. Where none is
// known, single values spread as in the simulation: that of a set of values is
// part of what is being tried, and is known from thousands of vehicles, so that
// the quantile is the normal one (Montgomery and Runger, Applied Statistics and
// Probability for Engineers, 6th edition, 2014, sections 8-1 and 8-2).
func (o *Observation) margin(simulated study.Summary) float64 {
	if o.SD > 0 {
		n := max(o.Samples, 2)
		return study.StudentQuantile(0.975, n-1) * o.SD / math.Sqrt(float64(n))
	}
	return simulatedMargin(simulated, o.Samples)
}

// simulatedMargin is half the 95% interval of the mean of n values that spread
// as simulated ones do; an unknown number may be one. The standard deviation is
// the 95th percentile less the median, in those of a normal distribution; of
// exponential times that is 1.4 times the true one.
func simulatedMargin(s study.Summary, n int) float64 {
	const z95, z975 = 1.645, 1.96 // of the normal distribution
	return z975 * (s.P95 - s.P50) / z95 / math.Sqrt(float64(max(n, 1)))
}

func (c *calibrator) answer(best trial) *Calibration {
	out := &Calibration{Scenario: c.file.Name, Seed: c.options.Run.Seed, Trials: len(c.trials), Targets: []FittedTarget{}, Parameters: []Fitted{}, Words: []string{}}
	for i := range c.trials {
		if c.trials[i].plausible {
			out.Plausible++
		}
		if !math.IsInf(c.trials[i].score, 1) {
			out.coping++
		}
	}
	for i := range c.seen {
		s := &c.seen[i]
		half := best.margin[i]
		out.Targets = append(out.Targets, FittedTarget{
			Measure: s.Measure.String(), Unit: s.Measure.Unit(), Observed: s.Mean, Samples: s.Samples, Source: s.Source, Alike: s.Alike,
			Low: told(max(0, s.Mean-half)), High: told(s.Mean + half), Before: told(c.written[i]), Fitted: told(best.results[i]),
		})
	}
	for i := range c.params {
		p := &c.params[i]
		f := Fitted{Path: p.Path, Unit: p.Kind.Unit(), Bounds: [2]float64{p.Fit.Low, p.Fit.High}, Before: p.Mean, Value: value(p, best.x[i])}
		low, high := best.x[i], best.x[i]
		for _, t := range c.trials {
			if t.plausible {
				low, high = min(low, t.x[i]), max(high, t.x[i])
			}
		}
		f.Plausible = [2]float64{value(p, low), value(p, high)}
		f.Boxed = c.boxed(i, low, high)
		out.Parameters = append(out.Parameters, f)
	}
	out.Misfit = out.misfit()
	out.say()
	return out
}
