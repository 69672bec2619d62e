package study

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Text returns the report as plain text for a terminal, lines up to about a
// hundred columns wide.
func (r *Report) Text() string {
	t := &Page{}
	t.head(r)
	t.crossing(r)
	t.posts(r)
	t.attribution(r)
	t.officers(r)
	t.costs(r)
	t.stops(r)
	t.holds(r)
	t.foot(r)
	return t.String()
}

// Page is plain text for a terminal.
type Page struct{ strings.Builder }

// Linef adds a line.
func (t *Page) Linef(format string, args ...any) { fmt.Fprintf(&t.Builder, format+"\n", args...) }

func (t *Page) head(r *Report) {
	title := r.Title
	if title == "" {
		title = r.Scenario
	}
	t.Linef("%s", title)
	t.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	runs := "1 run"
	if r.Replications != 1 {
		runs = fmt.Sprintf("%d replications", r.Replications)
	}
	t.Linef("%s: %s of %s%s, seed %d", r.Scenario, runs, days(r.MeasuredDays), r.warmup(), r.Seed)
	switch r.Kind {
	case Terminating:
		t.Linef("Terminating: measured from the empty crossing on, so the start is part of the result")
	case SteadyState:
		t.Linef("%s; the start is left out", r.steady())
	}
	if r.Parameters > 0 {
		t.Linef("%s", AssumedWords(r.AssumedParameters, r.Parameters, "parameters"))
	}
	for _, c := range r.Calibration {
		result := "no result"
		if c.ResultH != nil {
			result = fmt.Sprintf("%s, %+.0f%%", Minutes(60**c.ResultH), 100**c.Difference)
		}
		t.Wrap("", fmt.Sprintf("%s is calibrated to %.1f h, from %s (%s): here %s", c.Post, c.PublishedH, sampleWords(c.Samples), c.Source, result))
	}
	t.Linef("")
	t.Wrap(r.verdict())
	t.precision(r)
}

// steady says whether a steady state was reached, as far as that is known.
func (r *Report) steady() string {
	switch {
	case r.Grows() || r.Rises():
		return "Meant as a steady state, which was not reached"
	case r.Settled != nil:
		return "Steady state: how the crossing does in the long run"
	case r.Replications == 1:
		return "Meant as a steady state, which one run does not show; more do (--replications 4)"
	}
	return "Meant as a steady state, which these runs are too few or too short to show"
}

// verdict says whether the crossing copes, and why, after a word or two for it.
func (r *Report) verdict() (word, why string) {
	switch {
	case r.Stable == nil:
		return "NOT JUDGED: ", r.StableReason + "."
	case r.Grows():
		return "NOT STABLE: ", r.StableReason + "."
	case r.Rises():
		return "NOT SETTLED: ", r.SettledReason + "."
	case r.SettledReason != "":
		return "CANNOT TELL: ", r.SettledReason + "."
	case r.Kind == SteadyState && r.Settled == nil && r.Replications == 1:
		return "Stable as far as one run tells: ", r.StableReason + "."
	case r.Kind == SteadyState && r.Settled == nil:
		return "Stable as far as so short a time tells: ", r.StableReason + "."
	}
	return "Stable: ", r.StableReason + "."
}

// warmup says from when on the run was measured.
func (r *Report) warmup() string {
	switch {
	case r.WarmupRule == ByMSER5:
		return fmt.Sprintf(" after a warm-up of %s by MSER-5", days(r.WarmupDays))
	case r.WarmupDays > 0:
		return fmt.Sprintf(" after %s of warm-up", days(r.WarmupDays))
	}
	return ", from empty"
}

// crossing is left out, as whose time it was, when there is no mean to tell.
func (t *Page) crossing(r *Report) {
	if r.Grows() {
		return
	}
	rows := [][]string{{"Border-crossing time", "mean", "95% interval", "median", "90%", "95%", "buffer", "n"}}
	rows = append(rows, timeRow("end to end", r.Crossing.TimeH.scaled(60)))
	goods, kinds, wide := false, false, r.Crossing.TimeH.belowZero()
	for _, g := range r.Groups {
		rows = append(rows, timeRow("  "+g.Label, g.CrossingH.scaled(60)))
		goods, kinds, wide = goods || g.ofGoods(), kinds || g.Traits != "", wide || g.CrossingH.belowZero()
	}
	t.Table(rows)
	t.Wide(r.Replications, wide)
	if goods && kinds {
		t.Linef("  (n: goods vehicles; in the rows of one kind, all visits of that kind)")
	}
	if w := r.Crossing.WithinShare; w != nil && !math.IsNaN(w.Mean) {
		t.Linef("%.0f%% cross within the service standard of %s", 100*w.Mean, Minutes(60**r.Crossing.StandardH))
	}
	t.Wrap("", r.Crossing.Days.Text())
}

func (t *Page) posts(r *Report) {
	rows := [][]string{{"At each post", "mean", "95% interval", "median", "90%", "95%", "buffer", "n", "a day"}}
	wide := false
	for _, p := range r.Posts {
		rows = append(rows, append(timeRow("  "+p.Post, p.CrossingH.scaled(60)), Number(p.ThroughputPerDay.Mean)))
		wide = wide || p.CrossingH.belowZero()
	}
	t.Table(rows)
	t.Wide(r.Replications, wide)
}

func (t *Page) attribution(r *Report) {
	if r.Grows() {
		return
	}
	rows := [][]string{{"Whose time it was", "mean", "95% interval", "median", "90%", "95%", "share", "done"}}
	wide := false
	for _, a := range r.Attribution {
		if a.TimeMin.N == 0 || a.TimeMin.Max == 0 {
			continue
		}
		name := a.Party
		if a.Agency != "" {
			name = strings.TrimSpace(a.Agency + " " + a.Country)
		}
		s := a.TimeMin
		wide = wide || s.belowZero()
		rows = append(rows, []string{
			"  " + name, Minutes(s.Mean), interval(s), Minutes(s.P50), Minutes(s.P90), Minutes(s.P95), percent(a.Share), pointer(a.ActiveMin, Minutes),
		})
	}
	t.Table(rows)
	t.Wide(r.Replications, wide)
	if len(rows) > 1 {
		t.Linef("  (done: the part of the mean in which something was done; the rest is waiting)")
	}
}

// ofGoods reports whether the group is called one of goods vehicles: a textbook's
// visits are not.
func (g GroupTimes) ofGoods() bool { return strings.HasSuffix(g.Label, "goods vehicles") }

// officers shows how busy each agency's officers are and how long a goods vehicle waits for them.
func (t *Page) officers(r *Report) {
	rows := [][]string{{"Officers", "on duty", "busy", "a vehicle waits", "for each officer", "of the crossing", "is served"}}
	for _, o := range r.Officers {
		if o.Utilisation == nil {
			continue
		}
		rows = append(rows, []string{
			"  " + strings.TrimSpace(o.Agency+" "+o.Country), pointer(o.OnDuty, Number), percent(o.Utilisation),
			pointer(o.WaitMin, Minutes), pointer(o.WaitEachMin, Minutes), percent(o.WaitShare), pointer(o.ServiceMin, Minutes),
		})
	}
	t.Table(rows)
	if len(rows) > 1 {
		note := "on duty: mean over day and night; busy: with all whom they serve"
		if slices.ContainsFunc(r.Groups, GroupTimes.ofGoods) {
			note += "; a vehicle: of goods"
		}
		t.Linef("  (%s)", note)
	}
}

func (t *Page) stops(r *Report) {
	rows := [][]string{{"At each stop", "wait", "95% of waits", "service", "in line", "most", "busy", "n"}}
	for _, s := range r.Stops {
		if s.ServiceMin.N == 0 {
			continue
		}
		rows = append(rows, []string{
			"  " + s.Stop, Minutes(s.WaitMin.Mean), within(s.WaitMin), Minutes(s.ServiceMin.Mean),
			Number(s.QueueLength.Mean), Number(s.QueueLength.Max), percent(known(s.Utilisation.Mean)), fmt.Sprint(s.ServiceMin.N),
		})
	}
	t.Table(rows)
}

func (t *Page) holds(r *Report) {
	rows := [][]string{{"Where vehicles wait", "wait", "95% of waits", "queue", "longest", "n"}}
	for _, h := range r.Holds {
		rows = append(rows, []string{
			"  " + h.Hold, Minutes(h.WaitMin.Mean), within(h.WaitMin), Number(h.QueueLength.Mean), Number(h.QueueLength.Max), fmt.Sprint(h.WaitMin.N),
		})
	}
	t.Table(rows)
}

func (t *Page) foot(r *Report) {
	c := r.Counts
	t.Linef("")
	t.Wrap("", fmt.Sprintf("%d arrived, %d were released, %d turned back, %d found no room, %d lost their turn, %d never kept their booking; %d were inside before and %d after.",
		c.Arrived, c.Released, c.TurnedBack, c.TurnedAway, c.GivenUp, c.NoShows, c.InsideBefore, c.InsideAfter))
	t.odd(r)
	exact := "holds exactly"
	if !r.Little.Exact {
		exact = "IS BROKEN"
	}
	if l := &r.Little; l.L != nil && l.WH != nil {
		exact += fmt.Sprintf(" over all %s of a run, warm-up included: %.4g inside = %.4g an hour × %.4g h", days(l.Days), *l.L, *l.LambdaPerH, *l.WH)
	}
	t.Wrap("", "Little's law "+exact)
	if len(r.Notes) > 0 {
		t.Linef("")
	}
	for _, n := range r.Notes {
		t.Wrap("Note: ", n)
	}
	if r.ElapsedS > 0 {
		t.Linef("")
		t.Linef("%d facts in %.2f s", r.Facts, r.ElapsedS)
	}
}

// timeRow shows a summary in minutes. Of fewer than 30 it shows the range,
// because percentiles of so few say less than they seem to.
func timeRow(name string, s Summary) []string {
	if s.Small() && s.N > 0 && !math.IsNaN(s.Mean) {
		return []string{name, Minutes(s.Mean), interval(s), Minutes(s.P50), "from " + Minutes(s.Min), "to " + Minutes(s.Max), "", fmt.Sprint(s.N)}
	}
	return []string{name, Minutes(s.Mean), interval(s), Minutes(s.P50), Minutes(s.P90), Minutes(s.P95), Minutes(s.BufferTime()), fmt.Sprint(s.N)}
}

// within shows what 95 of 100 do not exceed, or of fewer than 30 the range.
func within(s Summary) string {
	if s.Small() && s.N > 0 && !math.IsNaN(s.Mean) {
		return Minutes(s.Min) + " to " + Minutes(s.Max)
	}
	if math.IsNaN(s.P95) || s.P95 == 0 {
		return Minutes(s.P95)
	}
	return "≤ " + Minutes(s.P95)
}

// scaled returns the summary in a unit so many times smaller.
func (s Summary) scaled(by float64) Summary {
	s.Mean, s.CI95 = s.Mean*by, [2]float64{s.CI95[0] * by, s.CI95[1] * by}
	s.P50, s.P90, s.P95, s.Min, s.Max = s.P50*by, s.P90*by, s.P95*by, s.Min*by, s.Max*by
	return s
}

const none = "–" // cannot be told

// Minutes shows a time with the digits it deserves, a dash for one that cannot be told.
func Minutes(minutes float64) string {
	if minutes < 0 && minutes > -0.05 {
		minutes = 0 // what differs by a rounding is no less than nothing
	}
	switch {
	case math.IsNaN(minutes):
		return none
	case minutes == 0:
		return "0"
	case math.Abs(minutes) < 9.95:
		return fmt.Sprintf("%.1f min", minutes)
	case math.Abs(minutes) < 99.5:
		return fmt.Sprintf("%.0f min", minutes)
	case math.Abs(minutes) < 48*60:
		return fmt.Sprintf("%.1f h", minutes/60)
	}
	return fmt.Sprintf("%.1f d", minutes/60/24)
}

func interval(s Summary) string {
	low, high := s.CI95[0], s.CI95[1]
	if math.IsNaN(low) || math.IsNaN(high) {
		return none
	}
	half := (high - low) / 2
	if s.Mean == 0 && half == 0 {
		return ""
	}
	return "± " + precision(half)
}

// precision shows half an interval, in minutes or hours, to two digits.
func precision(minutes float64) string {
	if minutes >= 99.5 {
		return fmt.Sprintf("%.1f h", minutes/60)
	}
	return fmt.Sprintf("%.2g min", minutes)
}

// Number shows a number, a dash for one that cannot be told.
func Number(x float64) string {
	switch {
	case math.IsNaN(x):
		return none
	case x == math.Trunc(x) || x >= 99.95:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f", x)
}

func percent(x *float64) string {
	if x == nil {
		return none
	}
	return fmt.Sprintf("%.0f%%", 100**x)
}

func pointer(x *float64, show func(float64) string) string {
	if x == nil {
		return none
	}
	return show(*x)
}

func days(n float64) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%.4g days", n)
}

// Table sets rows under a heading: names to the left, figures to the right. A
// heading alone is left out.
func (t *Page) Table(rows [][]string) {
	if len(rows) < 2 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	t.Linef("")
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString(cell + pad)
			} else {
				b.WriteString("  " + pad + cell)
			}
		}
		t.Linef("%s", strings.TrimRight(b.String(), " "))
	}
}

// Wrap writes a paragraph after a label, broken at 96 columns.
func (t *Page) Wrap(label, paragraph string) {
	const width = 96
	line, indent := label, strings.Repeat(" ", utf8.RuneCountInString(label))
	empty := true
	for word := range strings.FieldsSeq(paragraph) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			t.Linef("%s", line)
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	t.Linef("%s", line)
}
