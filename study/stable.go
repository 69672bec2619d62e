package study

import (
	"fmt"
	"math"

	"landport/border"
)

// balance checks Little's law on the sample path (Stidham, "A Last Word on
// L = λW", Operations Research 22(2), 1974): over a whole run from empty, the
// integral of the number inside equals the sum of the times spent inside, those
// still inside included. The two are counted in different ways, so a fact that
// is missed shows. Visit-microseconds are whole numbers: equal means equal.
type balance struct {
	inside  int64
	since   border.Time
	area    int64 // integral of the number inside
	stays   int64 // sum of the times
	arrived int64
	span    border.Micros // length of the runs
}

func (b *balance) change(t border.Time, n int64) {
	b.reach(t)
	b.inside += n
	b.arrived += max(0, n)
}

func (b *balance) reach(t border.Time) {
	d := t.Sub(b.since)
	b.area += b.inside * int64(d)
	b.span += d
	b.since = t
}

func (b *balance) ended(stay border.Micros) { b.stays += int64(stay) }

func (b *balance) add(o balance) {
	b.area += o.area
	b.stays += o.stays
	b.arrived += o.arrived
	b.span += o.span
}

// trend is how a number of visits developed over the periods of a run.
type trend struct {
	known       bool
	first, last float64 // mean over the first and the last third
	growth      float64 // over the whole window, were it as steady as between the two
	squares     float64 // of what each run rose by between the two
	joined      int64
}

func trendOf(g *gauge) trend {
	t := trend{joined: g.count()}
	n := len(g.ends)
	if n < 2 {
		return t
	}
	third := max(1, n/3)
	mean := func(from, to int) float64 {
		var before point
		if from > 0 {
			before = g.ends[from-1]
		}
		end := g.ends[to-1]
		return (end.total - before.total) / (end.count - before.count)
	}
	t.known, t.first, t.last = true, mean(0, third), mean(n-third, n)
	t.growth = (t.last - t.first) * float64(n) / float64(n-third)
	t.squares = t.risen()
	return t
}

// risen is the square of what one run rose by.
func (t *trend) risen() float64 { return float64((t.last - t.first) * (t.last - t.first)) }

func (t *trend) add(o trend) {
	t.first += o.first
	t.last += o.last
	t.growth += o.growth
	t.squares += o.squares
	t.joined += o.joined
}

// grows reports whether the number grew more than chance lets it. In a system
// that can just cope with what arrives, the number inside wanders like the
// difference of arrivals and departures, by the square root of the arrivals;
// three times that, and a quarter above the start, is growth.
func (t *trend) grows() bool {
	return t.known && t.growth > 3*math.Sqrt(float64(t.joined)) && t.last > 1.25*t.first
}

// Fewer runs than fewestToSettle do not show whether a number still rises.
const fewestToSettle = 4

// rises reports whether the number still rose in runs that cope: by more than a
// tenth, and more than chance lets them by Student's t in one run of a hundred.
// What a longer run would give is more then, and not known (Law, Simulation
// Modeling and Analysis, 9.5.1: the problem of the initial transient).
func (t *trend) rises(runs int) bool {
	return runs >= fewestToSettle && t.known && t.last > 1.1*t.first && t.bound(0.01, runs) > 0
}

// bound is what a run rises by, from the first third to the last, surely enough:
// at least so much but in a share p of all cases, for p above a half at most so
// much but in 1 - p. By Student's t over two runs or more.
func (t *trend) bound(p float64, runs int) float64 {
	n := float64(runs)
	mean := (t.last - t.first) / n
	variance := (t.squares - float64(n*mean*mean)) / (n - 1)
	return mean + StudentQuantile(p, runs-1)*math.Sqrt(max(0, variance)/n)
}

// mostLonger is by how much a run twice as long may lengthen times where the
// number inside is called settled.
const mostLonger = 0.2

// longer is by how much of itself the mean number inside, and with it the mean
// time (Little's law), would grow in runs twice as long, were it to rise on as it
// may have risen but in one case of twenty. What is straight and rises by r from
// the first third to the last is half a rise above the first on average, and
// another three quarters of it in twice the time.
func (t *trend) longer(runs int) float64 {
	rise := max(0, t.bound(0.95, runs))
	if rise == 0 {
		return 0
	}
	return 0.75 * rise / (t.first/float64(runs) + rise/2)
}

// settled says whether the number inside had settled while it was measured. It
// is nil where that is not shown: a test that finds no rise shows none where its
// power is low, so a rise that matters has to be excluded (Schuirmann, 1987). The
// reason is empty in a single run, and in one too short to have thirds.
func (c *Collector) settled() (*bool, string) {
	if c.runs < 2 || !c.trends[0].known {
		return nil, ""
	}
	t, n := &c.trends[0], float64(c.runs)
	if t.rises(c.runs) {
		return new(bool), fmt.Sprintf("the number of visits inside still rises, from %.0f on average in the first third of the time measured to %.0f in the last, "+
			"in %d runs more than chance would have it; measured for longer, with a longer warm-up, times are longer", t.first/n, t.last/n, c.runs)
	}
	if longer := t.longer(c.runs); longer > mostLonger {
		return nil, fmt.Sprintf("%d runs are too few or too short to tell whether lines grow: %.0f visits are inside on average in the first third of the time measured and %.0f in the last. "+
			"That may be chance, and may as well be lines that make times %.0f%% longer in runs twice as long, or grow without end. More runs tell, and longer ones", c.runs, t.first/n, t.last/n, 100*longer)
	}
	settled := true
	return &settled, ""
}

// Growing reports whether more and more visits are inside, as far as the
// periods of the run that are over show: waiting for all to leave is vain then.
func (c *Collector) Growing() bool {
	t := trendOf(&c.inside)
	return t.grows()
}

// judge says whether the crossing copes with what arrives, and why; nil where
// that cannot be told. It looks at the trends of the crossing, its stops and its
// holds, and where something grows it names what grew most beyond chance, and
// what those inside wait for.
func (c *Collector) judge() (stable *bool, reason string) {
	runs := float64(max(1, c.runs))
	arrived, left, inside := float64(c.counts.Arrived)/runs, float64(c.gone())/runs, ""
	if words := c.insideWords(); words != "" {
		inside = "; " + words
	}
	worst := c.worst()
	switch {
	case c.runs == 0:
		return nil, "too early to tell whether lines grow, for what is measured is not over"
	case worst >= 0:
		what, blamed, t := "the number of visits inside", c.growthWords(), &c.trends[worst]
		switch l, i := c.track.layout, worst-1; {
		case i >= len(l.Stops):
			what = "the queue in " + l.Places[i-len(l.Stops)].Name
		case i >= 0:
			what, blamed, inside = "the line at "+l.Stops[i].Name, "more arrive than are served", ""
		}
		return new(false), fmt.Sprintf("%s: %s grew from %.0f on average in the first third of the run to %.0f in the last, "+
			"while %.0f visits arrived in a run and %.0f left%s; a mean would only tell how long the run was",
			blamed, what, t.first/runs, t.last/runs, arrived, left, inside)
	case c.open > 0 && c.window.To != border.Never:
		return new(false), fmt.Sprintf("%.0f of %.0f visits that arrived had still not left long after the time measured%s; the times of the others alone would flatter the crossing",
			float64(c.open)/runs, arrived, inside)
	case c.counts.Arrived == 0:
		return nil, "nobody arrived while it was measured, so nothing can be told"
	case !c.trends[0].known:
		// Lines from day to day have not been seen, but nobody measured was left
		// behind, so that the figures are those of all who came: it coped so long.
		return new(true), fmt.Sprintf("all who arrived left, in a run too short to tell whether lines grow from day to day: %.0f visits arrived, %.0f left, %.0f were still inside and were followed until they left",
			arrived, left, float64(c.counts.InsideAfter)/runs)
	}
	return new(true), fmt.Sprintf("no line grows over the run: %.0f visits arrived in a run and %.0f left", arrived, left)
}

// worst is the trend that grew most beyond chance, -1 if none did. A line says
// more than the crossing as a whole, which has it inside.
func (c *Collector) worst() int {
	worst, excess := -1, 0.0
	for i := range c.trends {
		t := &c.trends[i]
		if !t.grows() {
			continue
		}
		e := t.growth / math.Sqrt(float64(t.joined))
		if worst <= 0 || e > excess {
			worst, excess = i, e
		}
	}
	return worst
}

func (c *Collector) gone() int64 {
	return c.counts.Released + c.counts.TurnedAway + c.counts.TurnedBack + c.counts.GivenUp
}
