package sim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"landport/border"
)

// Rate says how many arrive when: a Poisson process whose rate changes with
// the local hour, the weekday, holidays and the years. Over a standard week
// (no holiday, no growth) the mean is PerDay arrivals a day whatever the
// weights are: only their proportions count.
type Rate struct {
	PerDay        float64        // arrivals a day; each one of a batch counts
	Hours         []float64      // weight of each local hour of the day, 24 or none
	Weekdays      []float64      // weight of each local day by time.Weekday, Sunday first, 7 or none
	Holidays      []border.Date  // local dates
	HolidayFactor float64        // arrivals on a holiday over those of its weekday
	GrowthPerYear float64        // 0.05 is five per cent more each year, compounded daily
	Since         border.Time    // when growth starts to count
	Zone          *time.Location // nil is UTC
	Batch         []float64      // Batch[i] is the weight of i+1 arriving at once; none is one by one
}

// Check returns nil or one sentence that says what is wrong and what would be right.
func (r *Rate) Check() error {
	if !(r.PerDay >= 0 && r.PerDay <= 1e6) {
		return fmt.Errorf("%g arrivals a day are impossible; give 0 to 1,000,000", r.PerDay)
	}
	if !(r.HolidayFactor >= 0 && r.HolidayFactor <= 1000) {
		return fmt.Errorf("the holiday factor %g is impossible; 0.5 halves a day's arrivals, 2 doubles them", r.HolidayFactor)
	}
	if !(r.GrowthPerYear > -1 && r.GrowthPerYear <= mostGrowth) {
		return fmt.Errorf("growth of %g a year is impossible; 0.05 is five per cent, and it must be above -1", r.GrowthPerYear)
	}
	return firstError(
		checkWeights("hour", r.Hours, 24),
		checkWeights("weekday", r.Weekdays, 7),
		checkBatch(r.Batch))
}

// Arrivals returns the process, before its first arrival. r has passed Check.
func (r *Rate) Arrivals() Arrivals {
	a := Arrivals{
		zone: r.Zone, holidays: r.Holidays, holidayFactor: r.HolidayFactor,
		growth: log(1 + r.GrowthPerYear), since: r.Since,
	}
	if a.zone == nil {
		a.zone = time.UTC
	}
	a.setBatch(r.Batch)
	spread(a.weekdays[:], r.Weekdays)
	spread(a.accept[:], r.Hours)
	peak := slices.Max(a.accept[:])
	for i := range a.accept {
		a.accept[i] /= peak
	}
	a.gap = float64(border.Day) * a.meanBatch / (r.PerDay * peak)
	if len(r.Hours) == 0 && len(r.Weekdays) == 0 && len(r.Holidays) == 0 && r.GrowthPerYear == 0 {
		a.law = poisson
	}
	if r.PerDay == 0 {
		a.law = never
	}
	return a
}

// Renewal returns the process whose times between arrivals are drawn from
// between, one by one or in batches as in Rate. Both have passed CheckRenewal.
func Renewal(between Dist, batch []float64) Arrivals {
	a := Arrivals{law: renewal, between: between, zone: time.UTC}
	a.setBatch(batch)
	return a
}

// CheckRenewal returns nil or one sentence that says what is wrong.
func CheckRenewal(between Dist, batch []float64) error {
	if err := firstError(between.Check(), checkBatch(batch)); err != nil {
		return err
	}
	if between.Mean() == 0 {
		return errors.New("the mean time between arrivals is 0; it must be longer")
	}
	return nil
}

// Arrivals is an arrival process. Rate.Arrivals and Renewal make one. It
// remembers the local day it was last asked about, so it serves one
// replication at a time; a copy is independent.
type Arrivals struct {
	law           law
	gap           float64 // mean time between candidates at the peak hour of a mean day, in microseconds
	accept        [24]float64
	weekdays      [7]float64
	holidays      []border.Date
	holidayFactor float64
	growth        float64 // per year, as a logarithm
	since         border.Time
	zone          *time.Location
	between       Dist
	batch         []float64 // cumulative
	meanBatch     float64
	day           localDay
}

type law uint8

const (
	thinning law = iota
	poisson
	renewal
	never
)

// localDay is a stretch of one local day in which the clock is not changed.
type localDay struct {
	from, until border.Time
	midnight    border.Time // 00:00 on the wall clock, were it not changed
	gap         float64     // mean time between candidates, +Inf when nobody comes
}

func (d *localDay) hour(t border.Time) int { return int(t.Sub(d.midnight) / border.Hour) }

// patience is how many days without an arrival are looked through.
const patience = 3653

// Next returns the first arrival after one at t, or the first of all from the
// start t; border.Never when none comes within ten years.
//
// A rate that changes is thinned (Lewis and Shedler, "Simulation of
// Nonhomogeneous Poisson Processes by Thinning", Naval Research Logistics
// Quarterly 26(3), 1979): candidates come at the rate of the day's peak hour,
// and each is kept with the probability of its own hour's rate over the
// peak's. A day starts afresh at midnight, as a Poisson process may.
func (a *Arrivals) Next(t border.Time, s *Stream) border.Time {
	switch a.law {
	case poisson:
		return t.Add(roundSpan(float64(s.Exponential() * a.gap)))
	case renewal:
		return t.Add(a.between.Draw(s))
	case never:
		return border.Never
	}
	d := &a.day
	for range patience {
		if t < d.from || t >= d.until {
			a.enter(t)
		}
		for {
			wait := float64(s.Exponential() * d.gap)
			if !(wait < float64(d.until-t)) {
				break
			}
			t += border.Time(wait)
			if p := a.accept[d.hour(t)]; p == 1 || s.Float64() < p {
				return t
			}
		}
		t = d.until
	}
	return border.Never
}

// Size returns how many arrive at once.
func (a *Arrivals) Size(s *Stream) int {
	if len(a.batch) < 2 {
		return 1
	}
	u, size := s.Float64(), 1
	for size < len(a.batch) && u >= a.batch[size-1] {
		size++
	}
	return size
}

// Expected returns the mean number of arrivals from one instant to another.
func (a *Arrivals) Expected(from, to border.Time) float64 {
	switch a.law {
	case poisson:
		return float64(to-from) / a.gap * a.meanBatch
	case renewal:
		return float64(to-from) / a.between.mean * a.meanBatch
	case never:
		return 0
	}
	sum := 0.0
	b := *a
	for t := from; t < to; {
		b.enter(t)
		until := min(to, b.day.until)
		for t < until {
			h := b.day.hour(t)
			next := min(until, b.day.midnight.Add(border.Micros(h+1)*border.Hour))
			sum += float64(next-t) / b.day.gap * b.accept[h] * b.meanBatch
			t = next
		}
	}
	return sum
}

// enter makes a.day the one that holds t.
func (a *Arrivals) enter(t border.Time) {
	std := t.Std(a.zone)
	_, offset_s := std.Zone()
	offset := border.Time(offset_s) * border.Time(border.Second)
	sinceMidnight := (t + offset) % border.Time(border.Day)
	if sinceMidnight < 0 {
		sinceMidnight += border.Time(border.Day)
	}
	d := localDay{midnight: t - sinceMidnight}
	d.from, d.until = d.midnight, d.midnight.Add(border.Day)
	start, end := std.ZoneBounds()
	if !start.IsZero() {
		d.from = max(d.from, border.At(start))
	}
	if !end.IsZero() {
		d.until = min(d.until, border.At(end))
	}
	rate := a.weekdays[std.Weekday()]
	year, month, day := std.Date()
	if slices.Contains(a.holidays, border.Date{Year: year, Month: month, Day: day}) {
		rate = float64(rate * a.holidayFactor)
	}
	years := float64(d.midnight-a.since) / (365.25 * float64(border.Day))
	d.gap = a.gap / float64(rate*exp(float64(years*a.growth)))
	a.day = d
}

func (a *Arrivals) setBatch(weights []float64) {
	a.meanBatch = 1
	if len(weights) == 0 {
		return
	}
	total, sizes, below := 0.0, 0.0, 0.0
	for i, w := range weights {
		total += w
		sizes += float64(w * float64(i+1))
	}
	a.meanBatch = sizes / total
	a.batch = make([]float64, len(weights))
	for i, w := range weights {
		below += w
		a.batch[i] = below / total
	}
}

// spread fills out with weights scaled to the mean 1; no weights are equal weights.
func spread(out, weights []float64) {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	for i := range out {
		out[i] = 1
		if len(weights) > 0 {
			out[i] = weights[i] / sum * float64(len(out))
		}
	}
}

func checkBatch(weights []float64) error { return checkWeights("batch size", weights, len(weights)) }

// checkWeights wants n weights or none, of which one at least is above zero.
func checkWeights(what string, weights []float64, n int) error {
	if len(weights) == 0 {
		return nil
	}
	if len(weights) != n {
		return fmt.Errorf("there are %d %s weights; give %d, or none for equal ones", len(weights), what, n)
	}
	for i, w := range weights {
		if !(w >= 0 && w <= 1e9) {
			return fmt.Errorf("%s weight number %d is %g; it must be from 0 to 10^9", what, i+1, w)
		}
	}
	if slices.Max(weights) == 0 {
		return fmt.Errorf("all %s weights are 0; one at least must be greater", what)
	}
	return nil
}
