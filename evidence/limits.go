package evidence

import (
	"fmt"
	"math"
	"slices"

	"landport/sim"
	"landport/study"
)

// Limits says what a crossing can bear. Where a line begins to grow is found by
// multiplying the traffic: nobody publishes such a figure, and none of these is
// a fact.
type Limits struct {
	Scenario     string    `json:"scenario"`
	Title        string    `json:"title"`
	Seed         uint64    `json:"seed"`
	Replications int       `json:"replications"`
	MeasuredDays float64   `json:"measured_days"`
	Figures      int       `json:"parameters"`
	Assumed      int       `json:"assumed_parameters"`
	Flows        []string  `json:"flows"`   // whose traffic was multiplied
	PerDay       float64   `json:"per_day"` // visits of all kinds they bring as written, return legs not counted
	Goods        Goods     `json:"goods"`
	Breaking     *Breaking `json:"breaking"`
	Service      []Served  `json:"service"`
	Rooms        []Filling `json:"rooms"`
	Balance      *Balance  `json:"balance"`
}

// Breaking is the demand from which some line grows without bound: within a
// bracket, as far as runs of this length tell.
type Breaking struct {
	Low        *float64 `json:"low"`  // the greatest factor at which no line grew; null if one grew at all tried
	High       *float64 `json:"high"` // the least at which one did; null if none did at any
	LowPerDay  *float64 `json:"low_per_day"`
	HighPerDay *float64 `json:"high_per_day"`
	LowGoods   *float64 `json:"low_goods_per_day"` // goods vehicles of all flows at it, as Goods
	HighGoods  *float64 `json:"high_goods_per_day"`
	Grows      string   `json:"grows"` // what grew there
}

// Served is what the crossing does at one demand. What cannot be told, because a
// line grows, is null.
type Served struct {
	Factor    float64   `json:"factor"`
	PerDay    float64   `json:"per_day"`
	Goods     float64   `json:"goods_per_day"`
	Stable    bool      `json:"stable"`
	Reason    string    `json:"stable_reason"`
	Settled   *bool     `json:"settled"` // of a steady state: null where too few or too short runs cannot tell
	Unsettled string    `json:"not_settled,omitempty"`
	MeanH     *float64  `json:"mean_h"` // crossing time
	Interval  []float64 `json:"ci95"`
	P95H      *float64  `json:"p95_h"`
	Within    *float64  `json:"within_share"` // of the service standard
	Longest   *float64  `json:"longest_queue"`
	LongestAt string    `json:"longest_queue_at"`
}

// Parts of the limits.
const (
	PartDemand  = "demand"  // Limits.Breaking
	PartService = "service" // Limits.Service
	PartRooms   = "rooms"   // Limits.Rooms
	PartChanges = "changes" // Limits.Balance
)

// LimitsOptions say what limits to look for.
type LimitsOptions struct {
	Run     sim.Options // seven days at least; Progress counts scenarios run, and guesses how many there will be
	Parts   []string    // of those above; none is all
	Flows   []string    // whose traffic is multiplied; none is all
	Factors []float64   // of today's demand, for the table of service
	Within  float64     // how narrow the bracket of the breaking demand is to be, such as 0.02 of it
	At      *float64    // the demand at which changes are tried; nil is today's where that is too much, else a little above the breaking one
	Measure Measure     // that ranks the changes
	Rooms   []Room      // given for places that have no capacity
	Growth  *float64    // of traffic in a year, instead of the scenario's
	Days    float64     // for which places are watched; 0 is the length of the run
}

const (
	mostFactor  = 16
	leastDays   = 7 // to tell a line that grows from one that differs from day to day
	beyond      = 1.05
	triesToFind = 10 // runs that bisection takes, about
)

// Find looks for the limits of a crossing. Every run meets the same traffic, but
// for how much of it comes.
func Find(file *sim.File, o LimitsOptions) (*Limits, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	f := &finder{file: file, options: o, stable: map[float64]*study.Report{}}
	f.progress, f.options.Run.Progress = o.Run.Progress, nil
	model, err := file.Model()
	if err != nil {
		return nil, err
	}
	if _, err := f.watches(model); err != nil {
		return nil, err
	}
	_, flows, perDay, err := demand(file, o.Flows, 1)
	if err != nil {
		return nil, err
	}
	goods, err := goodsOf(file, flows)
	if err != nil {
		return nil, err
	}
	today, err := f.at(1)
	if err != nil {
		return nil, err
	}
	if today.MeasuredDays < leastDays {
		return nil, fmt.Errorf("in %.4g days a line that grows cannot be told from one that differs from day to day; measure %d days or more", today.MeasuredDays, leastDays)
	}
	l := &Limits{
		Scenario: file.Name, Title: file.Title, Seed: o.Run.Seed, Replications: max(1, o.Run.Replications), MeasuredDays: today.MeasuredDays,
		Figures: today.Parameters, Assumed: today.AssumedParameters, Flows: flows, PerDay: perDay, Goods: goods, Service: []Served{}, Rooms: []Filling{},
	}
	for _, part := range []struct {
		name string
		find func(*Limits) error
	}{{PartService, f.service}, {PartDemand, f.breaking}, {PartRooms, f.rooms}, {PartChanges, f.changes}} {
		if o.wants(part.name) {
			if err := part.find(l); err != nil {
				return nil, err
			}
		}
	}
	if f.progress != nil {
		f.progress(1, 1)
	}
	return l, nil
}

func (o *LimitsOptions) wants(part string) bool {
	return len(o.Parts) == 0 || slices.Contains(o.Parts, part)
}

func (o *LimitsOptions) check() error {
	for _, part := range o.Parts {
		if known := []string{PartDemand, PartService, PartRooms, PartChanges}; !slices.Contains(known, part) {
			return fmt.Errorf("there is no part %q%s; there are %s", part, perhaps(part, known), listed(known))
		}
	}
	factors := slices.Clone(o.Factors)
	if o.At != nil {
		factors = append(factors, *o.At)
	}
	for _, x := range factors {
		if !(x >= 0.01 && x <= mostFactor) {
			return fmt.Errorf("%g times today's demand is out of reach; give from 0.01 to %d", x, mostFactor)
		}
	}
	if !(o.Within >= 0.001 && o.Within <= 1) {
		return fmt.Errorf("a bracket cannot be within %g; give from 0.001 to 1, such as 0.02", o.Within)
	}
	return nil
}

// finder looks for limits.
type finder struct {
	file     *sim.File
	options  LimitsOptions
	stable   map[float64]*study.Report // by factor of demand
	progress func(done, total int)
	done     int
}

// loaded returns the scenario with its demand multiplied.
func (f *finder) loaded(by float64) (*sim.File, error) {
	settings, _, _, err := demand(f.file, f.options.Flows, by)
	if err != nil || by == 1 {
		return f.file, err
	}
	return f.file.With(settings...)
}

// at runs the scenario at a multiple of its demand, once.
func (f *finder) at(by float64) (*study.Report, error) {
	if r := f.stable[by]; r != nil {
		return r, nil
	}
	file, err := f.loaded(by)
	if err != nil {
		return nil, err
	}
	t, err := try(file, nil, f.options.Run)
	if err != nil {
		return nil, err
	}
	f.stable[by] = t.all
	f.ran()
	return t.all, nil
}

// ran counts a scenario.
func (f *finder) ran() {
	if f.done++; f.progress != nil {
		f.progress(f.done, max(f.done+1, triesToFind+len(f.options.Factors)))
	}
}

// breaking finds the demand at which a line begins to grow: doubling or halving
// until it is passed, then bisecting on a logarithmic scale.
func (f *finder) breaking(l *Limits) error {
	b := &Breaking{}
	l.Breaking = b
	low, high := 0.0, math.Inf(1)
	for by := 1.0; by >= 1.0/mostFactor && by <= mostFactor && (low == 0 || math.IsInf(high, 1)); {
		r, err := f.at(by)
		switch {
		case err != nil:
			return err
		case r.Copes():
			low, by = by, 2*by
		default:
			high, by, b.Grows = by, by/2, r.StableReason
		}
	}
	for low > 0 && !math.IsInf(high, 1) && high > low*(1+f.options.Within) {
		by := math.Sqrt(low * high)
		r, err := f.at(by)
		switch {
		case err != nil:
			return err
		case r.Copes():
			low = by
		default:
			high, b.Grows = by, r.StableReason
		}
	}
	if low > 0 {
		b.Low, b.LowPerDay, b.LowGoods = told(low), told(low*l.PerDay), told(l.Goods.at(low))
	}
	b.High, b.HighPerDay, b.HighGoods = told(high), told(high*l.PerDay), told(l.Goods.at(high))
	return nil
}

// service runs the crossing at a row of demands.
func (f *finder) service(l *Limits) error {
	for _, by := range f.options.Factors {
		r, err := f.at(by)
		if err != nil {
			return err
		}
		s := Served{
			Factor: by, PerDay: by * l.PerDay, Goods: l.Goods.at(by), Stable: r.Copes(), Reason: r.StableReason, Settled: r.Settled, Unsettled: unsettledWords("it", r),
			MeanH: told(r.Crossing.TimeH.Mean), Interval: bounds(r.Crossing.TimeH), P95H: told(r.Crossing.TimeH.P95),
		}
		if w := r.Crossing.WithinShare; w != nil {
			s.Within = told(w.Mean)
		}
		for _, line := range lines(r) {
			if most := told(line.of.Max); most != nil && (s.Longest == nil || *most > *s.Longest) {
				s.Longest, s.LongestAt = most, line.name
			}
		}
		l.Service = append(l.Service, s)
	}
	return nil
}

// lines lists the lines at all stops and in all places of waiting.
func lines(r *study.Report) (parts []part) {
	for _, of := range known("queue_length").parts {
		parts = append(parts, of(r)...)
	}
	return parts
}
