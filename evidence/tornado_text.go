package evidence

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"landport/study"
)

// Text returns the tornado as plain text for a terminal.
func (t *Tornado) Text() string {
	p := &study.Page{}
	title := fmt.Sprintf("What assumptions move %s in %s", t.Measure, t.Scenario)
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Linef("now %s; each figure alone divided and multiplied by %g; %d replications of %.4g days with the same traffic, seed %d",
		shown(t.Now, t.Unit), t.By, t.Replications, t.MeasuredDays, t.Seed)
	scale := t.reach()
	rows := [][]string{{"Assumed figure", "value", "lower", t.Unit, "higher", t.Unit, "half", "95% interval", ""}}
	for i := range t.Bars {
		b := &t.Bars[i]
		row := []string{"  " + b.Path, brief(b.Value)}
		for _, e := range []*End{b.Lower, b.Higher} {
			row = append(row, brief(e.value()), e.moved())
		}
		rows = append(rows, append(row, b.half(), half(b.Interval), b.drawn(scale)))
	}
	p.Table(rows)
	p.Linef("")
	for _, words := range t.words() {
		p.Wrap("", words)
	}
	for _, f := range t.Fixed {
		if f.Why != "" {
			p.Wrap("  ", fmt.Sprintf("%s cannot be moved alone: %s", f.Path, f.Why))
		}
	}
	return p.String()
}

// reach is the greatest difference at any end, at least a little.
func (t *Tornado) reach() float64 {
	reach := 1e-9
	for i := range t.Bars {
		for _, e := range t.Bars[i].ends() {
			if e.Difference != nil {
				reach = max(reach, math.Abs(*e.Difference))
			}
		}
	}
	return reach
}

// byOne reports whether a line grows where there is one officer or lane fewer.
func (b *Bar) byOne() bool {
	now, err := strconv.Atoi(b.Value)
	return err == nil && b.Lower != nil && b.Lower.Grows && b.Lower.Value == strconv.Itoa(now-1)
}

func (e *End) value() string {
	if e == nil {
		return "–"
	}
	return shortened(e.Value)
}

// shortened is a value without what of a distribution stays as it is, and with as
// many decimals as anybody compares.
func shortened(value string) string {
	if m := writtenMean.FindStringSubmatch(value); m != nil {
		value = "mean " + m[1]
	}
	return longDecimals.ReplaceAllStringFunc(value, func(number string) string {
		x, _ := strconv.ParseFloat(number, 64)
		if x < 1 {
			return fmt.Sprintf("%.3g", x)
		}
		return fmt.Sprintf("%.2f", x)
	})
}

// writtenMean finds the mean of a distribution.
var writtenMean = regexp.MustCompile(`^\{[a-z]+: \{mean: ([^,}]+)`)

// longDecimals finds numbers of more decimals than anybody compares.
var longDecimals = regexp.MustCompile(`[0-9]+\.[0-9]{5,}`)

// moved is what the end does to the result.
func (e *End) moved() string {
	switch {
	case e == nil:
		return "–"
	case e.Grows:
		return "grows"
	}
	return signed(e.Difference, true)
}

// words say how much of the result rests on what is assumed.
func (t *Tornado) words() (list []string) {
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if t.Unsettled != "" {
		add("%s", t.Unsettled)
	}
	moved := len(t.Bars) + len(t.Screened)
	add("%d of the scenario's %d figures are assumed; %d of them can be moved alone; %d cannot.", t.Assumed, t.Figures, moved, len(t.Fixed))
	if len(t.Screened) > 0 {
		add("The %d shown moved the result most in a short run of one replication, with two thirds of the places kept for figures that move by the factor; the other %d moved it less.", len(t.Bars), len(t.Screened))
	}
	if t.Unstable > 0 {
		add("At one end of %d of them more arrive than are served, or too nearly for a mean: whether the crossing copes at all rests on those.", t.Unstable)
	}
	if unsure, ends := t.unsure(); unsure > 0 {
		add("At %d of the %d ends shown it cannot be told whether lines settle: these runs are too few or too short. What such a figure does may be more than is shown; more runs and longer ones tell.", unsure, ends)
	}
	add("Half is half of the higher end less the lower. It is clear where its interval over the replications does not hold 0.")
	if words := t.steps(); words != "" {
		add("%s", words)
	}
	add("%s", t.worth())
	counts := 0
	for i := range t.Bars {
		if t.Bars[i].byOne() {
			counts++
		}
	}
	if counts > 0 {
		add("Of %d of the figures one fewer is too few, and there is no smaller step.", counts)
	}
	if 2*(t.Unstable-counts) > len(t.Bars) {
		add("This crossing is near its limit; with a factor nearer to 1 more can be told.")
	}
	return list
}

// unsure counts the ends of the bars at which a mean is told, and of them those that
// are not shown to settle.
func (t *Tornado) unsure() (unsure, ends int) {
	for i := range t.Bars {
		for _, e := range t.Bars[i].ends() {
			if e.Grows {
				continue
			}
			if ends++; e.Unsure {
				unsure++
			}
		}
	}
	return unsure, ends
}

// drawn is a bar of characters around now, from the lower result to the higher.
func (b *Bar) drawn(scale float64) string {
	const half = 10
	least, greatest := 0, 0
	for _, e := range b.ends() {
		if e.Difference == nil {
			continue
		}
		at := int(math.Round(half * *e.Difference / scale))
		least, greatest = min(least, at), max(greatest, at)
	}
	return strings.Repeat(" ", half+least) + strings.Repeat("█", -least) + "|" + strings.Repeat("█", greatest) + strings.Repeat(" ", half-greatest)
}

// brief shortens a long value.
func brief(value string) string {
	const most = 34
	if utf8.RuneCountInString(value) <= most {
		return value
	}
	return string([]rune(value)[:most-1]) + "…"
}

func listed(names []string) string { return strings.Join(names, ", ") }
