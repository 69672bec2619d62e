package study

import (
	"fmt"
	"math"

	"landport/border"
)

// daily follows the mean crossing time from day to day.
type daily struct {
	early point     // goods vehicles that left while it was measured and had come before that
	last  point     // all that had left at the last end of a day
	means []float64 // microseconds, of days on which any left
	empty int64     // days on which none did
}

func (d *daily) merge(o *daily) {
	d.means = append(d.means, o.means...)
	d.empty += o.empty
}

// DailyMeans is how the mean crossing time differs from day to day. A day is 24
// hours from the start of measuring, a visit belongs to the day on which it
// left, and each day counts alike, however many left.
type DailyMeans struct {
	NCounts        string   `json:"n_counts"`
	N              int      `json:"n"`
	DaysWithout    int64    `json:"days_without"`      // on which nobody left
	MeanH          *float64 `json:"mean_h"`            // of the days' means
	DeviationH     *float64 `json:"sd_h"`              // their standard deviation; null under two days, as the range
	MinH           *float64 `json:"min_h"`             // of the best day
	MaxH           *float64 `json:"max_h"`             // of the worst day
	WorstInTwentyH *float64 `json:"worst_in_twenty_h"` // exceeded on one day in twenty; null under twenty days
}

// fewestDays are needed to tell the worst in twenty.
const fewestDays = 20

// early counts a visit that was released and had come before measuring began:
// it belongs to the day on which it leaves, and to nothing else.
func (c *Collector) early(s *stay, at border.Time) {
	if c.clock.measuring && s.traits&notGoods == 0 {
		c.daily.early.count++
		c.daily.early.total += float64(at.Sub(s.arrived))
	}
}

// dayMean notes the mean of a day that is over.
func (c *Collector) dayMean() {
	d := &c.daily
	now := d.early
	for _, k := range c.kinds.list {
		if k.goods() {
			now.count += float64(k.time.Count())
			now.total += k.time.Total()
		}
	}
	if n := now.count - d.last.count; n > 0 {
		d.means = append(d.means, (now.total-d.last.total)/n)
	} else {
		d.empty++
	}
	d.last = now
}

// dailyMeans sums the days up.
func (c *Collector) dailyMeans(stable bool) DailyMeans {
	d := &c.daily
	out := DailyMeans{NCounts: "whole days measured on which goods vehicles left", N: len(d.means), DaysWithout: d.empty}
	if !stable || out.N == 0 {
		return out
	}
	s := SummarizeValues(d.means)
	hours := func(micros float64) *float64 { return known(micros / float64(border.Hour)) }
	out.MeanH = hours(s.Mean)
	if out.N < 2 {
		return out
	}
	squares := 0.0
	for _, x := range d.means {
		squares += (x - s.Mean) * (x - s.Mean)
	}
	out.DeviationH, out.MinH, out.MaxH = hours(math.Sqrt(squares/float64(out.N-1))), hours(s.Min), hours(s.Max)
	if out.N >= fewestDays {
		out.WorstInTwentyH = hours(s.P95)
	}
	return out
}

// Text says in a sentence how the mean differs from day to day.
func (d *DailyMeans) Text() string {
	if d.DeviationH == nil {
		return fmt.Sprintf("From day to day: cannot be told from %s on which any left.", days(float64(d.N)))
	}
	hours := func(x *float64) string { return pointer(x, func(h float64) string { return Minutes(60 * h) }) }
	said := fmt.Sprintf("From day to day: the mean of a day differs by %s (standard deviation of %d days), from %s on the best to %s on the worst",
		hours(d.DeviationH), d.N, hours(d.MinH), hours(d.MaxH))
	if d.WorstInTwentyH == nil {
		said += fmt.Sprintf("; %d days are too few to tell the worst in twenty", d.N)
	} else {
		said += fmt.Sprintf("; on one day in twenty it is more than %s", hours(d.WorstInTwentyH))
	}
	if d.DaysWithout > 0 {
		said += fmt.Sprintf("; on %s nobody left", days(float64(d.DaysWithout)))
	}
	return said + "."
}
