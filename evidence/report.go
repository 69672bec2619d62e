package evidence

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"landport/sim"
	"landport/study"
)

// Dossier is everything a report says of a scenario. What was not asked for is nil.
type Dossier struct {
	File       *sim.File
	Unchanged  *sim.File // the scenario before values of it were set; nil where none were
	Report     *study.Report
	Comparison *Comparison // with the scenario as the plan
	Why        *Why
	Tornado    *Tornado
	Validation *Validation // see Parts
	Converted  *Converted
	Grows      *bool    // with a tenth more traffic, as Probe says; nil where it was not tried
	Command    string   // that makes it again
	Sources    []Source // the scenario files it was made from
	Version    string   // of the program
}

// Source is a file that a report was made from, and its hash in hexadecimal.
type Source struct{ Name, SHA256 string }

// SourcesOf lists the file that a scenario is read from and those it extends.
func SourcesOf(l sim.Library, title string, data []byte) (list []Source, err error) {
	note := func(title string, data []byte) {
		list = append(list, Source{Name: title, SHA256: fmt.Sprintf("%x", sha256.Sum256(data))})
	}
	note(title, data)
	noted := l
	noted.Base = func(file, extends string) (string, []byte, error) {
		title, data, err := l.Base(file, extends)
		note(title, data)
		return title, data, err
	}
	_, err = noted.Decode(title, data)
	return list, err
}

// AddSources adds files that are not named yet.
func (d *Dossier) AddSources(list []Source) {
	for _, x := range list {
		if !slices.Contains(d.Sources, x) {
			d.Sources = append(d.Sources, x)
		}
	}
}

// WriteHTML writes the report as one file that needs no other: charts with
// their numbers beside them, every assumption, and how to make it again.
func (d *Dossier) WriteHTML(ctx context.Context, w io.Writer) error {
	return document(d).Render(ctx, w)
}

func (d *Dossier) title() string {
	title := cmp.Or(d.Report.Title, d.Report.Scenario)
	if d.Unchanged != nil {
		title += " – as changed here"
	}
	return title
}

// name is the scenario's, and that values of it were set.
func (d *Dossier) name() string {
	if d.Unchanged != nil {
		return d.Report.Scenario + asChanged
	}
	return d.Report.Scenario
}

// about says what the report is about: what was changed, and what it is set beside.
func (d *Dossier) about() (list []string) {
	if a := d.changes(); a != nil {
		const few = 6
		lines := a.Lines()
		told := lines
		if d.Comparison != nil && len(lines) > few {
			told = lines[:few]
		}
		var words []string
		for _, x := range told {
			words = append(words, x.What+": "+x.Says)
		}
		if more := len(lines) - len(told); more > 0 {
			words = append(words, fmt.Sprintf("and %d more, which stand where the two are compared", more))
		}
		list = append(list, "What was changed: "+cmp.Or(strings.Join(words, "; "), "nothing")+".")
	}
	c := d.Comparison
	switch {
	case c == nil:
	case c.Plan.Scenario == c.Base.Scenario:
		list = append(list, fmt.Sprintf("It is set beside the same scenario as it is: %s (%s).", cmp.Or(c.Base.Title, c.Base.Scenario), c.Base.Scenario))
	default:
		list = append(list, fmt.Sprintf("It is set beside: %s (%s).", cmp.Or(c.Base.Title, c.Base.Scenario), c.Base.Scenario))
	}
	return list
}

// lead is the answer in one sentence.
func (d *Dossier) lead() string {
	t := d.Report.Crossing.TimeH
	if !d.Report.Copes() {
		return "The crossing does not cope with its traffic: " + d.Report.StableReason + ". No mean time is quoted, because there is none."
	}
	here := "In this simulation"
	if d.Unchanged != nil {
		here = "As changed, in this simulation"
	}
	text := fmt.Sprintf(here+" a goods vehicle takes %s on average to cross, all waiting included%s; half take at most %s, and 95 of 100 at most %s.",
		hoursWords(t.Mean), within95(t), hoursWords(t.P50), hoursWords(t.P95))
	if w := d.Report.Crossing.WithinShare; w != nil && !math.IsNaN(w.Mean) {
		text += fmt.Sprintf(" %.0f of 100 cross within the service standard of %s%s.", 100*w.Mean, hoursWords(*d.Report.Crossing.StandardH), d.standardOrigin())
	}
	return text
}

// standardOrigin says that a standard is assumed, where it is.
func (d *Dossier) standardOrigin() string {
	for _, p := range d.File.Parameters() {
		if p.Path == "service_standard" && p.Assumed != "" {
			return ", which is assumed"
		}
	}
	return ""
}

// against is the answer of a comparison in one sentence, empty where times
// cannot be compared.
func (d *Dossier) against() string {
	if d.Comparison == nil {
		return ""
	}
	for i := range d.Comparison.Rows {
		r := &d.Comparison.Rows[i]
		if r.Measure != "mean(crossing_h)" || r.Difference == nil || r.Base == nil {
			continue
		}
		if r.Verdict == Same || r.Verdict == Unclear {
			return fmt.Sprintf("That is no clear difference from %s, with %s (difference %s, 95%% interval %s).", d.Comparison.baseName(), r.show(r.Base), r.signed(r.Difference), r.interval())
		}
		size, than := math.Abs(*r.Difference), "less"
		if *r.Difference > 0 {
			than = "more"
		}
		shown, _ := r.Sized(size)
		return fmt.Sprintf("That is %s %s than in %s, which has %s (95%% interval of the difference %s).", shown, than, d.Comparison.baseName(), r.show(r.Base), r.interval())
	}
	return ""
}

func within95(s study.Summary) string {
	if math.IsNaN(s.CI95[0]) || math.IsNaN(s.CI95[1]) {
		return ""
	}
	return fmt.Sprintf(" (95%% interval %.2f to %.2f)", s.CI95[0], s.CI95[1])
}

func hoursWords(h float64) string {
	if math.IsNaN(h) {
		return "a time that cannot be told"
	}
	return fmt.Sprintf("%.1f h", h)
}

// precision says how well the mean is known, and what it would take to know it
// better; empty where that cannot be told.
func (d *Dossier) precision() string {
	s, replications := d.Report.Crossing.TimeH, d.Report.Replications
	half := (s.CI95[1] - s.CI95[0]) / 2
	if math.IsNaN(half) || math.IsNaN(s.Mean) || s.Mean == 0 || replications < 2 {
		return ""
	}
	return fmt.Sprintf("Precision: after %d replications the mean is known within ±%.2g%% (95%% interval); four times as many would about halve that. It says how well the simulation is known, and nothing of whether its figures are right.",
		replications, 100*half/math.Abs(s.Mean))
}

// experiment says what was run.
func (d *Dossier) experiment() string {
	r := d.Report
	warmup := "from an empty crossing"
	if r.WarmupDays > 0 {
		warmup = fmt.Sprintf("after %.4g days of warm-up", r.WarmupDays)
	}
	return fmt.Sprintf("%d replications of %.4g days %s, seed %d; %s.%s",
		r.Replications, r.MeasuredDays, warmup, r.Seed, study.AssumedWords(r.AssumedParameters, r.Parameters, "figures"), d.paidWords())
}

// paidWords say that no figure with a source makes a time, where all of them are
// payments.
func (d *Dossier) paidWords() string {
	sourced := d.figures(false)
	if len(sourced) == 0 || slices.ContainsFunc(sourced, func(p sim.Parameter) bool { return !strings.HasPrefix(p.Path, "costs[") }) {
		return ""
	}
	return " Those are payments: every figure that makes a time is assumed."
}

// runsWords say of a part of the report that has runs of its own, of the mean
// crossing time, which those are, and why its time now differs from that on the
// first page.
func (d *Dossier) runsWords(now *float64, replications int, days float64) string {
	text := fmt.Sprintf("From %d replications of %.4g days", replications, days)
	whole := d.Report.Crossing.TimeH
	if replications >= d.Report.Replications || days != d.Report.MeasuredDays {
		return fmt.Sprintf("%s: now %s.", text, shown(now, "h"))
	}
	return fmt.Sprintf("%s, the first of the %d that the %s at the beginning of this report are the mean of: now %s. The two differ by chance alone. All that is set beside each other here meets the same traffic, and every interval is over these %d replications.",
		text, d.Report.Replications, shown(&whole.Mean, "h"), shown(now, "h"), replications)
}

// parties are those who had a part of the time, the most first.
func (d *Dossier) parties() (out []study.Attribution) {
	for _, a := range d.Report.Attribution {
		if a.Share != nil && *a.Share > 0 {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b study.Attribution) int { return cmp.Compare(*b.Share, *a.Share) })
	return out
}

// officersThere are those of agencies that had anybody on duty.
func officersThere(r *study.Report) (out []study.OfficerTimes) {
	for _, o := range r.Officers {
		if o.Utilisation != nil {
			out = append(out, o)
		}
	}
	return out
}

// assumed lists the figures that nobody published, sourced those that somebody did.
func (d *Dossier) figures(assumed bool) (out []sim.Parameter) {
	for _, p := range crossing(d.File) {
		if (p.Assumed != "") == assumed {
			out = append(out, p)
		}
	}
	return out
}

func because(p sim.Parameter) string {
	if p.Assumed != "" {
		return p.Assumed
	}
	return p.Source
}

// drop is one step of a waterfall: what stands before it, and what it takes away.
type drop struct {
	name     string
	from, to float64
	whole    bool
}

// waterfall goes down from now to what is left without any cause.
func (w *Why) waterfall() (out []drop) {
	if w.Now == nil || w.Without == nil {
		return nil
	}
	at := *w.Now
	out = append(out, drop{"now", 0, at, true})
	for _, s := range w.Causes {
		if s.Share == nil {
			return nil
		}
		out = append(out, drop{s.Cause, at, at - *s.Share, false})
		at -= *s.Share
	}
	return append(out, drop{"without all of them", 0, *w.Without, true})
}

// highest is the most that a waterfall reaches.
func highest(drops []drop) float64 {
	top := 1e-9
	for _, d := range drops {
		top = max(top, d.from, d.to)
	}
	return top
}

// fill is black for a whole, blue for a fall and brown for a rise.
func (d *drop) fill() string {
	switch {
	case d.whole:
		return "#15181b"
	case d.to <= d.from:
		return "#1b4f9c"
	}
	return "#9a4a0c"
}

func readingWords(f Fact) string {
	if f.Reading == "" {
		return ""
	}
	return "Reading: " + f.Reading + ". "
}

// rests says what the absence of a cause is, and how far the share moves with
// what is assumed where that was asked for.
func (s *Share) rests(unit string) string {
	what := fmt.Sprintf("sets %s, %d of them assumed", counted(s.Changed, "figure"), s.Assumed)
	if s.Changed == 0 {
		what = "sets a rule, assumed"
	}
	if s.Rests != nil {
		what += "; when what is assumed is off, the share " + s.Rests.words(unit)
		if left := s.Rests.leftOut(); left != "" {
			what += "; " + left
		}
	}
	return what
}

// restMethod says how it was found out how far shares move, empty where it was not.
func (w *Why) restMethod() string {
	for i := range w.Causes {
		if r := w.Causes[i].Rests; r != nil {
			return "How far a share moves with what is assumed, by two orders of removal: " + r.method()
		}
	}
	return "How far a share moves when what is assumed is off was not worked out: --assumed 8 does. A count of assumed figures says nothing of it."
}

func joinWords(list []string) string {
	if len(list) == 0 {
		return "nobody"
	}
	return strings.Join(list, "; ")
}

func num(x *float64, digits int) string {
	if x == nil || math.IsNaN(*x) {
		return "–"
	}
	return minus(fmt.Sprintf("%.*f", digits, *x))
}

// minus writes a number with a minus sign for a hyphen, and nothing without a sign.
func minus(number string) string {
	if !strings.ContainsAny(number, "123456789") {
		return strings.TrimLeft(number, "+-")
	}
	return strings.Replace(number, "-", "−", 1)
}

func percent(x *float64) string {
	if x == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100**x)
}

func fix(x float64, digits int) string { return num(&x, digits) }

// scaled is a length on a chart whose greatest value fills the width.
func scaled(x, most float64) string {
	const width = 420
	if math.IsNaN(x) {
		return "0"
	}
	return fmt.Sprintf("%.1f", max(0, x)/most*width)
}
