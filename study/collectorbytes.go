package study

import (
	"landport/border"
	"landport/border/archive"
	"landport/gate"
)

// collectorVersion is the version of the format below. Another is not read.
const collectorVersion = 4

// AppendArchive appends what a Collector measured in one run, which is finished,
// for RestoreCollector.
func (c *Collector) AppendArchive(b []byte) []byte {
	a := archive.Append(b, collectorVersion)
	c.archive(a)
	b, _ = a.Close() // writing never fails
	return b
}

// RestoreCollector returns the finished Collector that AppendArchive wrote, to
// merge and report as that one does. The layout, window, standard and costs
// must be those it had.
func RestoreCollector(l *gate.Layout, w Window, standard border.Micros, costs []Cost, archived []byte) (*Collector, error) {
	c := NewCollector(l, w, standard)
	c.SetCosts(costs)
	c.trends = make([]trend, 1+len(c.stops)+len(c.holds))
	c.atEnd = make([]int64, int(ofParties)+2*len(c.track.parties.list))
	a := archive.Read(archived, collectorVersion)
	c.archive(a)
	_, err := a.Close()
	return c, err
}

func (c *Collector) archive(a *archive.Archive) {
	archive.Int(a, &c.facts)
	archive.Int(a, &c.open)
	if archive.Int(a, &c.runs); c.runs != 1 {
		a.Fail(archive.ErrOther)
	}
	n, b := &c.counts, &c.balance
	for _, v := range []*int64{
		&n.InsideBefore, &n.Arrived, &n.Released, &n.TurnedAway, &n.TurnedBack, &n.GivenUp, &n.InsideAfter, &n.NoShows, &n.Passengers,
		&b.area, &b.stays, &b.arrived, (*int64)(&b.span), &c.daily.empty,
	} {
		archive.Int(a, v)
	}
	for i := range c.odd {
		archive.Int(a, &c.odd[i])
	}
	archive.List(a, &c.refused, func(o *RefusedOrder) { o.archive(a) })
	archiveMeans(a, &c.daily.means)
	archive.Fixed(a, c.trends, func(t *trend) {
		a.Flags(&t.known)
		archive.Float(a, &t.first)
		archive.Float(a, &t.last)
		archive.Float(a, &t.growth)
		archive.Int(a, &t.joined)
		t.squares = t.risen() // of one run
	})
	archive.Fixed(a, c.atEnd, func(n *int64) { archive.Int(a, n) })
	archive.Fixed(a, c.costs, func(*costMeasures) {})
	c.eachSeries(func(s *series) { s.archive(a) })
	c.eachAverage(func(x *average) { x.archive(a) })
	c.inside.archive(a)
	for i := range c.stops {
		c.stops[i].line.archive(a)
		c.stops[i].load.archive(a)
	}
	for i := range c.holds {
		c.holds[i].line.archive(a)
	}
}

func (s *series) archive(a *archive.Archive) {
	var sketch []byte
	if !a.Reading() {
		s.settle()
		sketch, _ = s.sketch.AppendBinary(nil) // never fails
	}
	archive.Text(a, &sketch)
	if a.Reading() {
		if rest, err := s.sketch.MergeBinary(sketch); err != nil || len(rest) > 0 {
			a.Fail(archive.ErrOther)
		}
	}
	archiveEnds(a, &s.ends)
	archiveMeans(a, &s.means)
}

func (a *average) archive(to *archive.Archive) {
	archive.Int(to, &a.n)
	archive.Int(to, &a.total)
	archiveEnds(to, &a.ends)
	archiveMeans(to, &a.means)
}

// archive archives a gauge as one that has been counted to its end.
func (g *gauge) archive(a *archive.Archive) {
	joined, span := g.count(), g.elapsed()
	archive.Int(a, &joined)
	archive.Int(a, &span)
	archive.Int(a, &g.shared)
	archive.Int(a, &g.top)
	archive.List(a, &g.at, func(n *int64) { archive.Int(a, n) })
	archiveEnds(a, &g.ends)
	archiveMeans(a, &g.means)
	if a.Reading() {
		g.since, g.from = border.Never, border.Never
		g.ended.joined, g.ended.span = joined, span
	}
}

// archive archives a load as one that has been counted to its end.
func (l *load) archive(a *archive.Archive) {
	started := l.count()
	archive.Int(a, &started)
	archive.Int(a, &l.worked)
	archive.Int(a, &l.could)
	archive.Fixed(a, l.percent[:], func(n *int64) { archive.Int(a, n) })
	archiveEnds(a, &l.ends)
	archiveMeans(a, &l.means)
	if a.Reading() {
		l.since, l.ended = border.Never, started
	}
}

func archiveEnds(a *archive.Archive, ends *[]point) {
	archive.List(a, ends, func(p *point) {
		archive.Float(a, &p.count)
		archive.Float(a, &p.total)
	})
}

func archiveMeans(a *archive.Archive, means *[]float64) {
	archive.List(a, means, func(x *float64) { archive.Float(a, x) })
}
