package sim

import (
	"math"
	"strings"
	"testing"
	"time"

	"landport/border"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(loc *time.Location, year int, month time.Month, day, hour int) border.Time {
	return border.At(time.Date(year, month, day, hour, 0, 0, 0, loc))
}

var rush = []float64{0, 0, 0, 0, 0, 1, 4, 9, 12, 11, 8, 7, 6, 6, 7, 8, 9, 7, 5, 4, 3, 2, 0, 0}

// 300 arrivals a day with peaks, by the local clock, agree with the rate hour
// by hour and weekday by weekday.
func TestThinningFollowsHoursAndWeekdays(t *testing.T) {
	loc := zone(t, "Asia/Phnom_Penh")
	rate := Rate{PerDay: 300, Hours: rush, Weekdays: []float64{2, 5, 5, 6, 6, 7, 4}, Zone: loc}
	if err := rate.Check(); err != nil {
		t.Fatal(err)
	}
	const weeks = 400
	start := instant(loc, 2018, 1, 7, 0)
	end := start.Add(weeks * 7 * border.Day)
	a := rate.Arrivals()
	s := Derive(40, 0, "arrivals")
	var hours [24]float64
	var weekdays [7]float64
	n := 0.0
	for at := a.Next(start, &s); at < end; at = a.Next(at, &s) {
		local := at.Std(loc)
		hours[local.Hour()]++
		weekdays[local.Weekday()]++
		n++
	}
	poissonBound(t, "all", n, 300*7*weeks)
	for h, w := range rush {
		poissonBound(t, "hour", hours[h], 300*7*weeks*w/109)
	}
	for d, w := range rate.Weekdays {
		poissonBound(t, "weekday", weekdays[d], 300*7*weeks*w/35)
	}
}

// Counts in disjoint stretches are Poisson: their variance is their mean.
func TestThinningIsPoisson(t *testing.T) {
	rate := Rate{PerDay: 240, Hours: rush}
	a := rate.Arrivals()
	s := Derive(41, 0, "arrivals")
	const days = 4000
	var count [days]float64
	for at := a.Next(0, &s); at < border.Time(days*border.Day); at = a.Next(at, &s) {
		count[at/border.Time(border.Day)]++
	}
	mean, variance := 0.0, 0.0
	for _, c := range count {
		mean += c / days
		variance += (c - 240) * (c - 240) / days
	}
	within(t, "mean of a day", mean, 240, 4*math.Sqrt(240./days))
	within(t, "variance of a day", variance, 240, 4*240*math.Sqrt(2./days))
}

// Whatever the weights, a standard week has seven times PerDay.
func TestExpectedOfAStandardWeek(t *testing.T) {
	for _, r := range []Rate{
		{PerDay: 120},
		{PerDay: 120, Hours: rush},
		{PerDay: 120, Weekdays: []float64{0, 1, 1, 1, 1, 1, 0}},
		{PerDay: 120, Hours: rush, Weekdays: []float64{1, 2, 3, 4, 5, 6, 7}, Zone: zone(t, "Asia/Yangon")},
		{PerDay: 120, Hours: rush, Batch: []float64{1, 0, 3}},
		{PerDay: 120, Batch: []float64{1, 0, 3}},
	} {
		a := r.Arrivals()
		from := instant(time.UTC, 2024, 3, 3, 5)
		within(t, "arrivals in a week", a.Expected(from, from.Add(7*border.Day)), 840, 1e-6)
	}
}

func TestRateOverHolidaysGrowthAndClockChanges(t *testing.T) {
	loc := zone(t, "Europe/Warsaw") // clocks change on 31 March and 27 October 2024
	rate := Rate{
		PerDay: 2400, Hours: rush, Zone: loc, GrowthPerYear: 0.2, Since: instant(loc, 2024, 1, 1, 0),
		Holidays: []border.Date{{Year: 2024, Month: time.May, Day: 1}}, HolidayFactor: 0.25,
	}
	a := rate.Arrivals()
	day := func(month time.Month, day int) float64 {
		return a.Expected(instant(loc, 2024, month, day, 0), instant(loc, 2024, month, day+1, 0))
	}
	within(t, "first day", day(1, 1), 2400, 1e-6)
	within(t, "a holiday", day(5, 1)/day(5, 2), 0.25, 0.001)
	within(t, "growth", day(12, 31)/day(1, 1), math.Pow(1.2, 365/365.25), 1e-3)
	// The hour from 2 to 3 is skipped on one day and repeated on the other.
	rate.Hours = make([]float64, 24)
	rate.Hours[2], rate.Hours[12] = 1, 1
	a = rate.Arrivals()
	within(t, "a day of 23 hours", day(3, 31)/day(3, 30), 0.5, 0.001)
	within(t, "a day of 25 hours", day(10, 27)/day(10, 26), 1.5, 0.001)

	s := Derive(42, 0, "arrivals")
	from, to := instant(loc, 2024, 1, 1, 0), instant(loc, 2025, 1, 1, 0)
	n := 0.0
	for at := a.Next(from, &s); at < to; at = a.Next(at, &s) {
		if h := at.Std(loc).Hour(); h != 2 && h != 12 {
			t.Fatalf("an arrival at %v, want hours 2 and 12 alone", at.Std(loc))
		}
		n++
	}
	poissonBound(t, "the year", n, a.Expected(from, to))
}

func TestConstantRateIsPoisson(t *testing.T) {
	rate := Rate{PerDay: 1440}
	a := rate.Arrivals()
	s := Derive(43, 0, "arrivals")
	const n = 200_000
	gaps := make([]float64, n)
	at := border.Time(0)
	for i := range gaps {
		next := a.Next(at, &s)
		gaps[i] = next.Sub(at).Minutes()
		at = next
	}
	kolmogorovSmirnov(t, gaps, func(x float64) float64 { return -math.Expm1(-x) })
}

func TestRenewalWithFixedIntervals(t *testing.T) {
	a := Renewal(Deterministic(5*border.Minute), nil)
	s := Derive(44, 0, "arrivals")
	at := border.Time(0)
	for i := range 10 {
		at = a.Next(at, &s)
		if want := border.Time(i+1) * border.Time(5*border.Minute); at != want || a.Size(&s) != 1 {
			t.Fatalf("arrival %d at %d, want one at %d", i, at, want)
		}
	}
	within(t, "arrivals in a day", a.Expected(0, border.Time(border.Day)), 288, 1e-9)
}

func TestBatches(t *testing.T) {
	rate := Rate{PerDay: 1000, Batch: []float64{5, 0, 3, 2, 0}}
	a := rate.Arrivals()
	s, size := Derive(45, 0, "arrivals"), Derive(45, 0, "batches")
	const days = 300
	var count [6]float64
	batches, n := 0.0, 0.0
	for at := a.Next(0, &s); at < border.Time(days*border.Day); at = a.Next(at, &s) {
		k := a.Size(&size)
		count[k]++
		batches++
		n += float64(k)
	}
	for k, w := range []float64{0, 0.5, 0, 0.3, 0.2, 0} {
		within(t, "share of a batch size", count[k]/batches, w, 4*math.Sqrt(w*(1-w)/batches))
	}
	within(t, "arrivals a day", n/days, 1000, 4*math.Sqrt(1000*3*days)/days)
}

func TestNobodyEverComes(t *testing.T) {
	s := Derive(46, 0, "arrivals")
	for _, r := range []Rate{{}, {PerDay: 1e-9, Hours: rush}, {PerDay: 10, GrowthPerYear: -0.999999, Since: -1 << 60}} {
		a := r.Arrivals()
		if at := a.Next(0, &s); at != border.Never {
			t.Errorf("%+v: an arrival at %d, want Never", r, at)
		}
	}
}

func TestArrivalsOfACopyAreIndependent(t *testing.T) {
	rate := Rate{PerDay: 100, Hours: rush}
	a := rate.Arrivals()
	b := a
	sa, sb := Derive(47, 0, "arrivals"), Derive(47, 0, "arrivals")
	at := border.Time(0)
	for range 1000 {
		at = a.Next(at, &sa)
	}
	other := border.Time(0)
	for range 1000 {
		other = b.Next(other, &sb)
	}
	if at != other {
		t.Errorf("the copy's 1000th arrival is at %d, want %d", other, at)
	}
}

func TestRateNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		rate Rate
		want string
	}{
		{Rate{PerDay: -1}, "-1 arrivals a day are impossible"},
		{Rate{PerDay: math.NaN()}, "NaN arrivals a day"},
		{Rate{Hours: []float64{1, 2}}, "there are 2 hour weights; give 24"},
		{Rate{Hours: make([]float64, 24)}, "all hour weights are 0"},
		{Rate{Weekdays: []float64{1, 1, 1, 1, 1, 1, -1}}, "weekday weight number 7 is -1"},
		{Rate{Weekdays: []float64{1, 1, 1, 1, 1}}, "there are 5 weekday weights; give 7"},
		{Rate{HolidayFactor: -1}, "the holiday factor -1 is impossible"},
		{Rate{GrowthPerYear: -1}, "growth of -1 a year is impossible"},
		{Rate{Batch: []float64{0, 0}}, "all batch size weights are 0"},
	} {
		if err := c.rate.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Check is %v, want it to say %q", err, c.want)
		}
	}
	if err := CheckRenewal(Deterministic(0), nil); err == nil || !strings.Contains(err.Error(), "it must be longer") {
		t.Errorf("CheckRenewal is %v, want it to refuse a mean of 0", err)
	}
	if err := CheckRenewal(Exponential(-1), nil); err == nil {
		t.Error("CheckRenewal accepts a wrong Dist")
	}
}

func TestNextAllocatesNothing(t *testing.T) {
	rate := Rate{PerDay: 100, Hours: rush, Zone: zone(t, "Asia/Bangkok"), Batch: []float64{1, 1}}
	a := rate.Arrivals()
	s := Derive(48, 0, "arrivals")
	at := border.Time(0)
	if n := testing.AllocsPerRun(1000, func() { at = a.Next(at, &s); a.Size(&s) }); n != 0 {
		t.Errorf("%g allocations per arrival, want 0", n)
	}
}

// poissonBound fails when a count is further from its mean than a Poisson
// count is about once in 15,000 times.
func poissonBound(t *testing.T, what string, got, mean float64) {
	t.Helper()
	within(t, what+" count", got, mean, 4*math.Sqrt(mean))
}

func BenchmarkNext(b *testing.B) {
	rate := Rate{PerDay: 300, Hours: rush, Zone: zone(b, "Asia/Phnom_Penh")}
	a := rate.Arrivals()
	s := Derive(1, 0, "arrivals")
	at := border.Time(0)
	for b.Loop() {
		at = a.Next(at, &s)
	}
}

// Traffic may fall from year to year, as a scenario writes it.
func TestTrafficMayFall(t *testing.T) {
	m := modelFrom(t, "name: x\nassumed: y\nrun: {length: 731d}\nflows: [{rate: 100/day, growth_per_year: -0.05}]\nstops: [{name: s, service: 1m}]\n")
	a, year := &m.Flows[0].Arrivals, border.Micros(365.25*24)*border.Hour
	first, second := a.Expected(m.Start, m.Start.Add(year)), a.Expected(m.Start.Add(year), m.Start.Add(2*year))
	within(t, "the second year over the first", second/first, 0.95, 1e-3)
	if first >= 36525 {
		t.Errorf("%.0f in the first year, though the traffic of its first day would make 36525", first)
	}
}
