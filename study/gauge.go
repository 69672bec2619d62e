package study

import (
	"math"

	"landport/border"
	"landport/gate"
)

// gauge is one number that goes up and down: who is in a line, or in the crossing.
type gauge struct {
	level  int64
	since  border.Time // what is counted so far reaches to since; Never after the end
	at     []int64     // microseconds by cell of the level
	top    int64
	joined int64
	shared int64       // level times microseconds, of levels that share a cell
	from   border.Time // the start of what is counted
	ended  struct {    // of what has been counted to its end
		joined int64
		span   border.Micros
	}
	ends  []point
	means []float64
}

// ownCells is how many levels have a cell of their own.
const ownCells = 1 << (fine + 1)

func newGauge(w Window) gauge {
	return gauge{since: w.Start, from: w.Start, at: make([]int64, 16)}
}

// join puts one more in.
func (g *gauge) join(t border.Time) {
	if t > g.since {
		g.note(t)
	}
	g.level++
	g.joined++
	if g.level > g.top {
		g.raise()
	}
}

// leave takes one out.
func (g *gauge) leave(t border.Time) {
	if t > g.since {
		g.note(t)
	}
	g.level--
}

// raise makes room for a level not reached before.
func (g *gauge) raise() {
	if g.since == border.Never {
		return
	}
	g.top = g.level
	if cell := cellOf(border.Micros(g.level)); cell >= len(g.at) {
		g.at = append(g.at, make([]int64, cell+16-len(g.at))...)
	}
}

// note counts the time up to t.
func (g *gauge) note(t border.Time) {
	d := int64(t.Sub(g.since))
	g.since = t
	if g.level < ownCells {
		g.at[g.level] += d
		return
	}
	g.at[cellOf(border.Micros(g.level))] += d
	g.shared += g.level * d
}

// reach counts the time up to t, if it has not been.
func (g *gauge) reach(t border.Time) {
	if t > g.since {
		g.note(t)
	}
}

// end counts up to t and nothing after.
func (g *gauge) end(t border.Time) {
	g.reach(t)
	g.ended.joined, g.ended.span = g.count(), g.elapsed()
	g.since, g.from = border.Never, border.Never
}

// restart forgets what was counted before t.
func (g *gauge) restart(t border.Time) {
	g.reach(t)
	g.from, g.shared, g.joined, g.top = t, 0, 0, g.level
	clear(g.at)
}

// count is how many have joined.
func (g *gauge) count() int64 {
	if g.since == border.Never {
		return g.ended.joined
	}
	return g.ended.joined + g.joined
}

func (g *gauge) elapsed() border.Micros { return g.ended.span + g.since.Sub(g.from) }

// area is the sum of the levels times the microseconds.
func (g *gauge) area() float64 {
	sum := g.shared
	for level, d := range g.at[:min(len(g.at), ownCells)] {
		sum += int64(level) * d
	}
	return float64(sum)
}

func (g *gauge) mark(t border.Time) {
	g.reach(t)
	g.ends = append(g.ends, point{float64(g.elapsed()), g.area()})
}

func (g *gauge) finish() {
	if g.elapsed() > 0 {
		g.means = append(g.means, g.area()/float64(g.elapsed()))
	}
}

func (g *gauge) merge(o *gauge) {
	g.ended.joined += o.count()
	g.ended.span += o.elapsed() // as if one run had lasted as long as both
	g.shared += o.shared
	g.top = max(g.top, o.top)
	g.at = addCells(g.at, o.at)
	g.means = append(g.means, o.means...)
	g.ends = nil
}

func addCells(a, b []int64) []int64 {
	if len(b) > len(a) {
		a = append(a, make([]int64, len(b)-len(a))...)
	}
	for i, n := range b {
		a[i] += n
	}
	return a
}

// summary gives the level over time: a median is what was not exceeded half of
// the time. n counts who joined.
func (g *gauge) summary() Summary {
	if g.elapsed() == 0 {
		return nothing(g.count())
	}
	s := Summary{Max: float64(g.top), N: g.count()}
	for cell, n := range g.at {
		if n > 0 {
			s.Min = middle(cell)
			break
		}
	}
	s.P50, s.P90, s.P95 = overTime(g.at, 0.50), overTime(g.at, 0.90), overTime(g.at, 0.95)
	s.Mean, s.CI95 = estimate(g.area()/float64(g.elapsed()), g.means, g.ends, 1)
	return s
}

// overTime returns the level that was not exceeded in the share q of the time.
func overTime(at []int64, q float64) float64 {
	total := int64(0)
	for _, n := range at {
		total += n
	}
	rest, last := float64(total)*q, math.NaN()
	for cell, n := range at {
		if n == 0 {
			continue
		}
		last = middle(cell)
		if rest -= float64(n); rest <= 0 {
			break
		}
	}
	return last
}

func middle(cell int) float64 {
	least, width := cellBounds(cell)
	return float64(least + width/2)
}

// load is how busy the officers of a stop are, of those available.
type load struct {
	busy, available int64
	since           border.Time                // Never after the end
	at              [gate.MaxServers + 1]int64 // microseconds by how many were busy, while so many were available
	worked, could   int64                      // officer-microseconds before that
	percent         [101]int64
	started, ended  int64 // services, and those before the end
	ends            []point
	means           []float64
}

// start has one more officer busy.
func (l *load) start(t border.Time) {
	if t > l.since {
		l.note(t)
	}
	l.busy++
	l.started++
}

// stop has one less.
func (l *load) stop(t border.Time) {
	if t > l.since {
		l.note(t)
	}
	l.busy--
}

// staff says how many officers are available from t on.
func (l *load) staff(t border.Time, available int64) {
	if available != l.available {
		l.reach(t)
		l.available = available
	}
}

// note takes note of the time up to t.
func (l *load) note(t border.Time) {
	l.at[l.busy] += int64(t.Sub(l.since))
	l.since = t
}

// reach counts the time up to t. Officers who finish a service after hours
// count as available while they do.
func (l *load) reach(t border.Time) {
	if t > l.since {
		l.note(t)
	}
	for i, d := range l.at {
		busy := int64(i)
		if could := max(l.available, busy); could > 0 && d > 0 {
			l.worked += busy * d
			l.could += could * d
			l.percent[100*busy/could] += d
		}
	}
	clear(l.at[:])
}

// end counts up to t and nothing after.
func (l *load) end(t border.Time) {
	l.reach(t)
	l.ended, l.since = l.count(), border.Never
}

// count is how many services have started.
func (l *load) count() int64 {
	if l.since == border.Never {
		return l.ended
	}
	return l.ended + l.started
}

func (l *load) restart(t border.Time) {
	l.reach(t)
	l.worked, l.could, l.started, l.percent = 0, 0, 0, [101]int64{}
}

func (l *load) mark(t border.Time) {
	l.reach(t)
	l.ends = append(l.ends, point{float64(l.could), float64(l.worked)})
}

func (l *load) finish() {
	if l.could > 0 {
		l.means = append(l.means, float64(l.worked)/float64(l.could))
	}
}

func (l *load) merge(o *load) {
	l.worked += o.worked
	l.could += o.could
	l.ended += o.count()
	addCells(l.percent[:], o.percent[:])
	l.means = append(l.means, o.means...)
	l.ends = nil
}

// summary gives the busy share of the available officers over time, 0 to 1. n
// counts the services started.
func (l *load) summary() Summary {
	if l.could == 0 {
		return nothing(l.count())
	}
	s := Summary{N: l.count(), Min: math.NaN()}
	for i, n := range l.percent {
		if n > 0 {
			if math.IsNaN(s.Min) {
				s.Min = float64(i) / 100
			}
			s.Max = float64(i) / 100
		}
	}
	at := func(q float64) float64 { return overTime(l.percent[:], q) / 100 }
	s.P50, s.P90, s.P95 = at(0.50), at(0.90), at(0.95)
	s.Mean, s.CI95 = estimate(float64(l.worked)/float64(l.could), l.means, l.ends, 1)
	return s
}
