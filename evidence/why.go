package evidence

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"landport/sim"
	"landport/study"
)

// Why says which cause of a crossing's time costs how much.
type Why struct {
	Scenario     string    `json:"scenario"`
	Seed         uint64    `json:"seed"`
	Replications int       `json:"replications"`
	MeasuredDays float64   `json:"measured_days"`
	Sets         int       `json:"sets"` // of causes removed together that were simulated: all there are
	Measure      string    `json:"measure"`
	Unit         string    `json:"unit"`
	Now          *float64  `json:"now"`                       // with all causes
	Without      *float64  `json:"without"`                   // with none of them
	Explained    *float64  `json:"explained"`                 // now less without
	Interval     []float64 `json:"ci95"`                      // of what is explained
	Changed      int       `json:"changed"`                   // figures that removing all of them changes
	Assumed      int       `json:"changed_assumed"`           //
	Causes       []Share   `json:"causes"`                    // in the order of the scenario
	Unstable     int       `json:"unstable_sets"`             // a line grows, so there is no mean, and no share that rests on it
	Rising       int       `json:"not_settled_sets"`          // others in which the number inside still rose
	Unsure       int       `json:"not_shown_to_settle_sets"`  // others of which the runs are too few or too short to tell
	Unsettled    string    `json:"now_not_settled,omitempty"` // why, where it is so with all causes
	Left         []Left    `json:"left,omitempty"`            // of the mean crossing time: what is left without any cause, the most first
	StandardH    *float64  `json:"standard_h"`                // the published service standard
}

// Share is what one cause costs: its Shapley value, the mean over all orders in
// which the causes can be removed of what removing it saves; below 0 where
// removing it costs. The shares of all causes add up to what is explained. Removed alone is what it saves if nothing
// else changes, removed last if all else has been mended: where the two differ
// much, causes hang together.
type Share struct {
	Cause    string    `json:"cause"`
	Issue    string    `json:"issue"` // who found it
	Without  string    `json:"without"`
	Share    *float64  `json:"share"`
	Adds     int       `json:"adds,omitempty"` // officers, lanes or the like that removing it takes
	Unit     string    `json:"unit,omitempty"` // of what
	Each     *float64  `json:"share_each"`     // the share for one of them; null where it takes none
	Interval []float64 `json:"ci95"`
	Alone    *float64  `json:"removed_alone"`
	Last     *float64  `json:"removed_last"`
	Changed  int       `json:"changed"` // figures that removing it changes
	Assumed  int       `json:"changed_assumed"`
	Rests    *Rest     `json:"rests,omitempty"` // on what is assumed; nil where it was not asked for
}

// mostCauses bounds the sets to be simulated: two to the number of causes.
const mostCauses = 12

// Explain removes a scenario's causes from it in every combination, all with
// common random numbers, and shares out the difference (Shapley, "A Value for
// n-Person Games", in Contributions to the Theory of Games II, 1953). Every
// replication has shares of its own; the intervals are Student's t over them.
// Progress counts sets.
func Explain(file *sim.File, m Measure, o sim.Options) (*Why, error) {
	causes, err := CausesOf(file)
	if err != nil {
		return nil, err
	}
	w := &Why{Scenario: file.Name, Seed: o.Seed, Replications: max(1, o.Replications), Sets: 1 << len(causes), Measure: m.String(), Unit: m.Unit(), Causes: []Share{}}
	nothing, err := changeNothing(file, causes)
	if err != nil {
		return nil, err
	}
	if o.Progress != nil {
		o.Progress(0, w.Sets)
	}
	if err := mustCope(file, m, o); err != nil {
		return nil, err
	}
	done := 0
	runs, err := each(w.Sets, o, func(set int, o sim.Options) (result, error) {
		if set&nothing != 0 { // it is as without those, which are run anyway
			return result{}, nil
		}
		without, err := remove(file, causes, set)
		if err != nil {
			return result{}, err
		}
		return try(without, []Measure{m}, o)
	}, func() {
		if done++; o.Progress != nil {
			o.Progress(done, w.Sets)
		}
	})
	if err != nil {
		return nil, err
	}
	results := make([][]float64, w.Sets) // by set of causes removed, by replication
	for set := range runs {
		t := &runs[set&^nothing]
		switch results[set] = t.values[0]; {
		case !t.all.Copes():
			w.Unstable++
		case t.all.Rises():
			w.Rising++
		case unsure(t.all):
			w.Unsure++
		}
	}
	w.Unsettled = unsettledWords(file.Name, runs[0].all)
	w.share(file, causes, results)
	now, none := runs[0].all, runs[(w.Sets-1)&^nothing].all
	w.MeasuredDays, w.StandardH = now.MeasuredDays, now.Crossing.StandardH
	if m.ofCrossing() {
		w.Left = left(now, none)
	}
	return w, nil
}

// mustCope returns an error where a crossing does not cope, before it is run in
// every combination: there is no mean to share out.
func mustCope(file *sim.File, m Measure, o sim.Options) error {
	o.Progress = nil
	now, err := try(file, nil, o)
	if err == nil && !now.all.Copes() && !m.always() {
		return fmt.Errorf("%s of %s cannot be told, so it cannot be shared out: %s", m, file.Name, now.all.StableReason)
	}
	return err
}

// CausesOf returns the causes of a scenario, or why they cannot be told apart.
func CausesOf(file *sim.File) ([]sim.Cause, error) {
	model, err := file.Model()
	if err != nil {
		return nil, err
	}
	switch n := len(model.Causes); {
	case n == 0:
		return nil, fmt.Errorf("scenario %s names no causes; write them under causes: with what their absence would change", file.Name)
	case n > mostCauses:
		return nil, fmt.Errorf("scenario %s names %d causes; %d can be told apart at most", file.Name, n, mostCauses)
	}
	return model.Causes, nil
}

// changeNothing is the set of causes whose absence leaves the scenario as it is.
func changeNothing(file *sim.File, causes []sim.Cause) (set int, err error) {
	for i := range causes {
		without, err := remove(file, causes, 1<<i)
		if err != nil {
			return 0, err
		}
		if a := assumptionsOf(file, without); a.Changed == 0 && len(a.Rules) == 0 {
			set |= 1 << i
		}
	}
	return set, nil
}

// remove returns the scenario without a set of causes.
func remove(file *sim.File, causes []sim.Cause, set int) (*sim.File, error) {
	var settings []sim.Setting
	for i, c := range causes {
		if set>>i&1 != 0 {
			settings = append(settings, c.Without...)
		}
	}
	without, err := file.With(settings...)
	if err != nil {
		return nil, fmt.Errorf("%s without %s: %w", file.Name, names(causes, set), err)
	}
	return without, nil
}

func names(causes []sim.Cause, set int) string {
	var list []string
	for i, c := range causes {
		if set>>i&1 != 0 {
			list = append(list, c.Name)
		}
	}
	return strings.Join(list, ", ")
}

// share works out every cause's share.
func (w *Why) share(file *sim.File, causes []sim.Cause, results [][]float64) {
	n, all := len(causes), len(results)-1
	mean := func(values []float64) *float64 { return told(study.SummarizeValues(values).Mean) }
	w.Now, w.Without = mean(results[0]), mean(results[all])
	w.Explained, w.Interval = differences(results[0], results[all])
	for i, c := range causes {
		bit := 1 << i
		s := Share{Cause: c.Name, Issue: c.Issue, Without: c.Says}
		values := make([]float64, len(results[0]))
		for set, with := range results {
			if set&bit != 0 {
				continue
			}
			weight := orders(bits.OnesCount(uint(set)), n)
			for r := range values {
				values[r] += weight * (with[r] - results[set|bit][r])
			}
		}
		sum := study.SummarizeValues(values)
		s.Share, s.Interval = told(sum.Mean), bounds(sum)
		if s.Adds, s.Unit = c.Adds, c.Unit; c.Adds > 0 {
			s.Each = told(sum.Mean / float64(c.Adds))
		}
		s.Alone, _ = differences(results[0], results[bit])
		s.Last, _ = differences(results[all&^bit], results[all])
		if without, err := remove(file, causes, bit); err == nil {
			changes := assumptionsOf(file, without)
			s.Changed, s.Assumed = changes.Changed, changes.ChangedAssumed
		}
		w.Causes = append(w.Causes, s)
	}
	if without, err := remove(file, causes, all); err == nil {
		changes := assumptionsOf(file, without)
		w.Changed, w.Assumed = changes.Changed, changes.ChangedAssumed
	}
}

// orders is the share of all orders of n in which a given one comes right after
// a given set of k: k! (n-k-1)! / n!.
func orders(k, n int) float64 {
	x := 1 / float64(n)
	for i := 1; i <= k; i++ {
		x *= float64(i) / float64(n-i)
	}
	return x
}

// differences returns the mean of a less b over the replications, with its interval.
func differences(a, b []float64) (*float64, []float64) {
	s := study.SummarizeValues(less(a, b))
	return told(s.Mean), bounds(s)
}

func bounds(s study.Summary) []float64 {
	if low, high := told(s.CI95[0]), told(s.CI95[1]); low != nil && high != nil {
		return []float64{*low, *high}
	}
	return nil
}

// Text returns the answer as plain text for a terminal, as a waterfall from now
// down to what is left without any cause.
func (w *Why) Text() string {
	p := &study.Page{}
	title := fmt.Sprintf("Why %s is what it is in %s", w.Measure, w.Scenario)
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Linef("%d causes removed in all %d combinations, %d replications of %.4g days each with the same traffic, seed %d", len(w.Causes), w.Sets, w.Replications, w.MeasuredDays, w.Seed)
	if words := w.settling(); words != "" {
		p.Wrap("Note: ", words)
	}
	rows := [][]string{{"", w.Unit, "95% interval", "for each added", "removed alone", "removed last"}}
	rows = append(rows, []string{"Now", signed(w.Now, false), "", "", "", ""})
	for _, s := range w.Causes {
		rows = append(rows, []string{"  " + s.Cause, num(s.Share, 2), half(s.Interval), num(s.Each, 3), num(s.Alone, 2), num(s.Last, 2)})
	}
	rows = append(rows, []string{"Without all of them", signed(w.Without, false), "", "", "", ""})
	p.Table(rows)
	p.Linef("")
	for _, s := range w.Causes {
		p.Wrap("  ", fmt.Sprintf("%s: %s%s; %s.", s.named(), s.Without, s.takes(), s.rests(w.Unit)))
	}
	for _, words := range w.leftWords() {
		p.Linef("")
		p.Wrap("", words)
	}
	if rows := w.leftRows(); len(rows) > 0 {
		p.Table(append([][]string{leftHead}, rows...))
	}
	p.Linef("")
	p.Wrap("", w.restMethod())
	p.Linef("")
	p.Wrap("", w.sharesWords())
	return p.String()
}

// settling says in how many combinations a line grows, or may; empty where all are
// shown to settle.
func (w *Why) settling() string {
	var list []string
	if w.Unsettled != "" {
		list = append(list, w.Unsettled)
	}
	if w.Unstable > 0 {
		list = append(list, fmt.Sprintf("In %d of the %d combinations a line grows. They have no mean, so no share that rests on them can be told.", w.Unstable, w.Sets))
	}
	if w.Rising > 0 {
		list = append(list, fmt.Sprintf("In %d of the %d combinations the number of visits inside still rises: measured for longer, times there are longer, and shares are others.", w.Rising, w.Sets))
	}
	if w.Unsure > 0 {
		list = append(list, fmt.Sprintf("Of %d of the %d combinations it cannot be told whether their lines settle: these runs are too few or too short. The shares are those of the time measured; more runs (--replications) and longer ones (--days) tell.", w.Unsure, w.Sets))
	}
	return strings.Join(list, " ")
}

// sharesWords say what a share is, and what it is not.
func (w *Why) sharesWords() string {
	return "A cause's share is the mean of what removing it saves over all orders in which the causes could be removed; the shares add up. A share above zero is what the cause costs, one below zero what mending it would add. Where removed alone and removed last differ much, causes hang together, and no single share is what mending that cause alone would bring. How much of each remedy there is, is a choice: compare causes by what one officer or lane added saves, where they add the same."
}

// named is the cause with who found it.
func (s *Share) named() string {
	if s.Issue == "" {
		return s.Cause
	}
	return s.Cause + " (" + s.Issue + ")"
}

// takes says how much of what mending a cause takes.
func (s *Share) takes() string {
	if s.Adds == 0 {
		return ". Adds no officer, lane or room"
	}
	return fmt.Sprintf(". Adds %d %s", s.Adds, s.Unit)
}

func signed(x *float64, sign bool) string {
	switch {
	case x == nil:
		return "–"
	case sign:
		return minus(fmt.Sprintf("%+.2f", *x))
	}
	return minus(fmt.Sprintf("%.2f", *x))
}

func half(interval []float64) string {
	if interval == nil {
		return "–"
	}
	return fmt.Sprintf("± %.2f", (interval[1]-interval[0])/2)
}
