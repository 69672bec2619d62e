package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"landport/board"
	"landport/evidence"
	"landport/sim"
)

// rowName words a row.
func (f *findingsOfPair) rowName(r *evidence.Row) string {
	name := board.Plain(r.Name)
	switch {
	case strings.Contains(r.Measure, "within_share"):
		if of := f.standard(); of != nil {
			return "within the standard of " + hoursOf(of)
		}
		return name
	case r.Scope == "officers":
		return name
	case strings.Contains(r.Measure, "wait_min"):
		return name + ", wait"
	case strings.Contains(r.Measure, "utilisation"):
		return name + ", busy"
	}
	return name
}

// standard is the time in which a crossing should be done, nil where the two have
// none in common.
func (f *findingsOfPair) standard() *sim.Parameter {
	find := func(of *sim.File) *sim.Parameter {
		all := of.Parameters()
		if i := slices.IndexFunc(all, func(p sim.Parameter) bool { return p.Path == "service_standard" }); i >= 0 {
			return &all[i]
		}
		return nil
	}
	base, plan := find(f.of.base), find(f.of.plan)
	if base == nil || plan == nil || base.Value != plan.Value {
		return nil
	}
	return plan
}

// hoursOf writes a duration of a scenario.
func hoursOf(p *sim.Parameter) string { return trim(p.Mean/60) + " h" }

// totalWords explain what is told of the crossing time.
func (f *findingsOfPair) totalWords() string {
	words := "Buffer time: how much more than the mean a carrier has to allow to be late only once in twenty times."
	if of := f.standard(); of != nil && of.Assumed != "" {
		words += " The standard of " + hoursOf(of) + " is assumed: " + of.Assumed + "."
	}
	if text := f.PooledWords(); text != "" {
		words += " " + text
	}
	return words
}

// partyWords explain whose time it is, of those that are no agency.
func partyWords(rows []evidence.Row) string {
	var words []string
	for _, party := range []struct{ name, has string }{
		{"carrier", "driving, and coming when called"}, {"broker", "the papers are not ready"},
		{"operator", "waiting for a lane, or for room ahead"}, {"closed hours", "waiting while nobody admits or serves"},
	} {
		if slices.ContainsFunc(rows, func(r evidence.Row) bool { return r.Name == party.name }) {
			words = append(words, party.name+": "+party.has)
		}
	}
	return sentence(strings.Join(words, "; "))
}

// because says why a figure is as it is, empty where nothing is told.
func (f *findingsOfPair) because(path string) string {
	i := slices.IndexFunc(f.Assumptions.Changes, func(c evidence.Change) bool { return c.Path == path })
	switch {
	case i < 0:
		return ""
	case f.Assumptions.Changes[i].Source != "":
		return "source: " + f.Assumptions.Changes[i].Source
	case f.Assumptions.Changes[i].Assumed != "":
		return "assumed: " + f.Assumptions.Changes[i].Assumed
	}
	return ""
}

// quantity writes a number of a row with its unit.
func quantity(r *evidence.Row, x *float64) string {
	if x == nil {
		return "–"
	}
	switch r.Unit {
	case "h":
		return duration(60 * *x)
	case "min":
		return duration(*x)
	case "share":
		return fmt.Sprintf("%.1f%%", 100**x)
	}
	if r.Scope == "cost" {
		return fmt.Sprintf("%.2f %s", *x, r.Unit)
	}
	return figure(*x)
}

// duration writes minutes as people compare them.
func duration(minutes float64) string {
	switch x := math.Abs(minutes); {
	case x < 9.95:
		return strconv.FormatFloat(minutes, 'f', 1, 64) + " min"
	case x < 99.5:
		return strconv.FormatFloat(minutes, 'f', 0, 64) + " min"
	}
	return strconv.FormatFloat(minutes/60, 'f', 1, 64) + " h"
}

// signed writes a difference.
func signed(r *evidence.Row, x float64) string {
	text := quantity(r, &x)
	if r.Unit == "share" {
		text = fmt.Sprintf("%.1f points", 100*x)
	}
	switch {
	case !strings.ContainsAny(text, "123456789"):
		return strings.TrimPrefix(text, "-")
	case x > 0:
		return "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}

func difference(r *evidence.Row) string {
	switch {
	case r.Difference == nil && (r.Base == nil || r.Plan == nil):
		return "in one only"
	case r.Difference == nil:
		return "–"
	case r.Verdict == evidence.Same:
		return "the same"
	}
	if shown, small := r.Sized(math.Abs(*r.Difference)); small {
		return shown
	}
	return signed(r, *r.Difference)
}

// sure reports whether the interval of a difference does not hold 0.
func sure(r *evidence.Row) bool {
	return slices.Contains([]evidence.Verdict{evidence.Better, evidence.Worse, evidence.More, evidence.Less}, r.Verdict)
}

// plain reports whether a difference is clear, and large enough to matter.
func plain(r *evidence.Row) bool { return sure(r) && !r.Slight() }

// slight reports whether a difference is clear, and too small to matter.
func slight(r *evidence.Row) bool { return sure(r) && r.Slight() }

// rowClass says how a row is drawn: bold where its difference is plain.
func rowClass(r *evidence.Row) string {
	if plain(r) {
		return "plain"
	}
	return ""
}

func interval(r *evidence.Row) string {
	if len(r.Interval) != 2 || r.Verdict == evidence.Same {
		return ""
	}
	low, high := signed(r, r.Interval[0]), signed(r, r.Interval[1])
	if unit := high[strings.LastIndex(high, " ")+1:]; unit != high {
		low = strings.TrimSuffix(low, " "+unit)
	}
	return low + " to " + high
}

// trim writes a number without what it does not need.
func trim(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
