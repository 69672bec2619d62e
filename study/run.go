package study

import "landport/border"

// boundaries are the instants at which a Collector has something to do besides
// taking in facts: measuring begins and ends, days and periods are over.
type boundaries struct {
	next      border.Time
	day, end  border.Time // the next end of a day and of a period
	period    border.Micros
	left      int // periods to come
	measuring bool
}

func newBoundaries(w Window) boundaries {
	return boundaries{next: w.From, day: border.Never, end: border.Never}
}

// reach does what is due up to t.
func (c *Collector) reach(t border.Time) {
	b := &c.clock
	for at := b.next; at <= t && at != border.Never; at = b.next {
		if at == c.window.From && !b.measuring {
			c.begin(at)
		}
		if at == b.day {
			c.endDay()
			b.day = b.day.Add(border.Day)
		}
		if at == b.end {
			c.endPeriod(at)
			b.end = b.end.Add(b.period)
			if b.left--; b.left == 0 {
				b.end = border.Never
			}
		}
		b.next = min(b.day, b.end, c.window.To)
		if at == c.window.To {
			c.stopMeasuring()
		}
	}
}

// begin starts measuring.
func (c *Collector) begin(at border.Time) {
	b := &c.clock
	b.measuring, b.day = true, at.Add(border.Day)
	if b.left, b.period = c.window.periods(); b.left > 0 {
		b.end = at.Add(b.period)
	}
	c.counts.InsideBefore = c.inside.level
	for i := range c.posts {
		c.posts[i].today = 0
	}
	c.eachGauge(func(g *gauge) { g.restart(at) })
	for i := range c.stops {
		c.stops[i].load.restart(at)
	}
}

// stopMeasuring ends the window: who arrives from now on is not measured, and
// neither are lines and officers.
func (c *Collector) stopMeasuring() {
	c.clock.measuring, c.clock.next = false, border.Never
	c.eachGauge(func(g *gauge) { g.end(c.window.To) })
	for i := range c.stops {
		c.stops[i].load.end(c.window.To)
	}
	c.counts.InsideAfter = c.inside.level
	for i := range c.posts {
		p := &c.posts[i]
		if p.days.sketch.Count() == 0 && c.window.To != border.Never {
			// Less than a day was measured: its rate stands for one.
			p.days.sketch.Add(border.Micros(float64(p.today) * float64(border.Day) / float64(c.window.To.Sub(c.window.From))))
		}
	}
}

func (c *Collector) endDay() {
	c.dayMean()
	for i := range c.posts {
		p := &c.posts[i]
		p.days.sketch.Add(border.Micros(p.today))
		p.today = 0
	}
}

func (c *Collector) endPeriod(at border.Time) {
	c.markGathered()
	c.pad(int64(c.crossing.ends[len(c.crossing.ends)-1].count))
	c.eachObserved((*series).mark)
	c.eachAverage((*average).mark)
	c.eachGauge(func(g *gauge) { g.mark(at) })
	for i := range c.stops {
		c.stops[i].load.mark(at)
	}
}

// pad counts zero for parties that had no time of some of n goods vehicles.
func (c *Collector) pad(n int64) {
	for party := 1; party < len(c.whose); party++ {
		c.whose[party].sketch.AddN(0, n-c.whose[party].sketch.Count())
		c.active[party].n = n
	}
}

func (c *Collector) eachSeries(do func(*series)) {
	c.eachGathered(do)
	c.eachObserved(do)
}

// eachObserved visits the series that are kept as facts come in.
func (c *Collector) eachObserved(do func(*series)) {
	do(&c.wait)
	for i := range c.whose {
		do(&c.whose[i])
	}
	for i := range c.posts {
		do(&c.posts[i].crossing)
		do(&c.posts[i].days)
	}
	for i := range c.stops {
		do(&c.stops[i].wait)
		do(&c.stops[i].service)
	}
	for i := range c.holds {
		do(&c.holds[i].wait)
	}
}

func (c *Collector) eachAverage(do func(*average)) {
	do(&c.within)
	do(&c.waited)
	for i := range c.active {
		do(&c.active[i])
	}
}

// eachGauge visits that of the crossing, then those of stops and of holds.
func (c *Collector) eachGauge(do func(*gauge)) {
	do(&c.inside)
	for i := range c.stops {
		do(&c.stops[i].line)
	}
	for i := range c.holds {
		do(&c.holds[i].line)
	}
}

// Open returns how many measured visits are still inside.
func (c *Collector) Open() int64 { return c.open }

// Finish ends the run at an instant. The Collector takes no more facts then,
// only Merge and Report.
func (c *Collector) Finish(at border.Time) {
	c.settle(at)
	c.eachSeries((*series).finish)
	c.eachAverage((*average).finish)
	c.eachGauge(func(g *gauge) {
		g.finish()
		c.trends = append(c.trends, trendOf(g))
	})
	for i := range c.stops {
		c.stops[i].load.finish()
	}
	c.atEnd = make([]int64, int(ofParties)+2*len(c.track.parties.list))
	for i := range c.track.stays {
		if s := &c.track.stays[i]; s.id != 0 && s.doing != absent && !s.passenger {
			c.balance.ended(at.Sub(s.arrived))
			c.atEnd[c.track.awaits(s)]++
		}
	}
	c.balance.reach(at)
	c.runs++
}

// settle brings every measure up to an instant.
func (c *Collector) settle(at border.Time) {
	c.reach(at)
	if c.clock.measuring {
		c.counts.InsideAfter = c.inside.level
	}
	c.gather()
	c.pad(c.crossing.sketch.Count())
	c.eachObserved((*series).settle)
	c.eachGauge(func(g *gauge) { g.reach(at) })
	for i := range c.stops {
		c.stops[i].load.reach(at)
	}
}

// Merge adds the finished runs of o, a Collector of the same layout and window.
// Merged in the order of their numbers, replications give the same report
// whichever of them ran first.
func (c *Collector) Merge(o *Collector) {
	c.facts += o.facts
	c.runs += o.runs
	c.open += o.open
	c.counts.add(o.counts)
	c.odd.add(&o.odd)
	c.balance.add(o.balance)
	c.daily.merge(&o.daily)
	for i := range o.refused {
		c.Refuse(o.refused[i].Number, o.refused[i].Last, o.refused[i].Times)
	}
	for i := range c.trends {
		c.trends[i].add(o.trends[i])
	}
	c.atEnd = addCells(c.atEnd, o.atEnd)
	var theirs []*series
	o.eachSeries(func(s *series) { theirs = append(theirs, s) })
	c.eachSeries(func(s *series) {
		s.merge(theirs[0])
		theirs = theirs[1:]
	})
	var averages []*average
	o.eachAverage(func(a *average) { averages = append(averages, a) })
	c.eachAverage(func(a *average) {
		a.merge(averages[0])
		averages = averages[1:]
	})
	c.inside.merge(&o.inside)
	for i := range c.stops {
		c.stops[i].line.merge(&o.stops[i].line)
		c.stops[i].load.merge(&o.stops[i].load)
	}
	for i := range c.holds {
		c.holds[i].line.merge(&o.holds[i].line)
	}
}
