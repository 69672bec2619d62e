package evidence

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"landport/study"
)

// say puts into words how sure the fit is.
func (c *Calibration) say() {
	add := func(format string, args ...any) { c.Words = append(c.Words, fmt.Sprintf(format, args...)) }
	if c.Misfit != "" {
		add("This is no fit: %s.", c.Misfit)
	}
	if 20*c.Plausible >= 19*c.coping {
		add("The observations say nothing about the figures: of %d sets of values tried with which the crossing copes, from end to end of what was searched, %d agree with them. "+
			"What was fitted is the nearest to them, and no likelier than the rest; more samples are needed.", c.coping, c.Plausible)
	}
	fewest := slices.MinFunc(c.Targets, func(a, b FittedTarget) int { return a.Samples - b.Samples }).Samples
	for _, t := range c.Targets {
		add("%s: the mean of %s, %.3g %s, stands for anything from %.2g to %.2g %s; the fitted scenario gives %s.",
			t.Measure, samples(t.Samples), t.Observed, t.Unit, *t.Low, *t.High, t.Unit, shown(t.Fitted, t.Unit))
	}
	for _, t := range c.Targets {
		if t.Alike {
			add("%s: the %d times differ by no more than they are rounded to, and vehicles differ by more: if they are one figure written several times, give it once. Their spread is not known; that of the simulation was taken.",
				t.Measure, t.Samples)
		}
	}
	if len(c.Parameters) > len(c.Targets) {
		add("%s were fitted to %s: many sets of values fit as well; of those the one nearest to what was written was taken.",
			counted(len(c.Parameters), "figure"), counted(len(c.Targets), "observation"))
	}
	if fewest < 30 {
		add("With so few samples a range is all that can be said: %d of %d sets of values tried are not ruled out, and each figure may be anywhere in its range of what is not ruled out.", c.Plausible, c.Trials)
	}
	for i := range c.Parameters {
		f := &c.Parameters[i]
		if f.Boxed != "" {
			add("%s: %s of the range, %s, is where the search ended and not what the observations tell; only what was searched, %s, is known to be allowed.",
				f.Path, f.Boxed, ranged(f.Plausible[0], f.Plausible[1], f.Unit), ranged(f.Bounds[0], f.Bounds[1], f.Unit))
		}
	}
	add("The scenario was fitted to these figures, so that it agrees with them proves nothing. What it is worth shows on facts that were held out: landport validate.")
}

// boxed names the ends of a figure's range at which the search ended: nothing was
// tried beyond, or the end lies within a tenth of that of what was searched. Low
// and high are those of what is not ruled out, all on the scale of the search.
func (c *calibrator) boxed(figure int, low, high float64) string {
	const near = 0.1
	least, most := 1.0, 0.0
	for _, t := range c.trials {
		least, most = min(least, t.x[figure]), max(most, t.x[figure])
	}
	switch down, up := low <= max(least, near), high >= min(most, 1-near); {
	case down && up:
		return "either end"
	case down:
		return "the lower end"
	case up:
		return "the upper end"
	}
	return ""
}

func samples(n int) string {
	if n == 0 {
		return "an unstated number of samples"
	}
	return counted(n, "sample")
}

// counted is a number of things, by the name of one.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func shown(x *float64, unit string) string {
	if x == nil {
		return "nothing that can be told"
	}
	return ranged(*x, *x, unit)
}

// ranged writes a number in its unit, or from where to where it goes.
func ranged(low, high float64, unit string) string {
	if unit == "share" {
		low, high, unit = 100*low, 100*high, "%"
	}
	text := digits(low)
	if low != high {
		text += " to " + digits(high)
	}
	return strings.TrimSpace(text + " " + unit)
}

// digits writes a number with three digits that count, or as a whole number.
func digits(x float64) string {
	if math.Abs(x) >= 100 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// Text returns the calibration as plain text for a terminal.
func (c *Calibration) Text() string {
	p := &study.Page{}
	title := "Calibration of " + c.Scenario
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Linef("%d sets of values tried, seed %d; %d are not ruled out by what was observed", c.Trials, c.Seed, c.Plausible)
	rows := [][]string{{"Observed", "mean", "samples", "stands for", "as written", "fitted"}}
	for _, t := range c.Targets {
		number := func(x *float64) string {
			if x == nil {
				return "–"
			}
			return fmt.Sprintf("%.2f", *x)
		}
		rows = append(rows, []string{
			"  " + t.Measure, fmt.Sprintf("%.4g %s", t.Observed, t.Unit), fmt.Sprint(t.Samples),
			number(t.Low) + " to " + number(t.High), number(t.Before), number(t.Fitted),
		})
	}
	p.Table(rows)
	rows = [][]string{{"Fitted", "unit", "searched", "as written", "fitted", "not ruled out"}}
	for _, f := range c.Parameters {
		rows = append(rows, []string{
			"  " + f.Path, f.Unit, fmt.Sprintf("%.3g to %.3g", f.Bounds[0], f.Bounds[1]), fmt.Sprintf("%.3g", f.Before),
			fmt.Sprintf("%.3g", f.Value), fmt.Sprintf("%.3g to %.3g", f.Plausible[0], f.Plausible[1]),
		})
	}
	p.Table(rows)
	p.Linef("")
	for _, w := range c.Words {
		p.Wrap("", w)
	}
	return p.String()
}
