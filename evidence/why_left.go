package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"landport/study"
)

// Left is what one party has of the mean crossing time when no cause is left, in
// hours. What is done, a service or a drive, and what is waiting add up to what
// is left; the parties add up to the whole.
type Left struct {
	Party   string  `json:"party"`
	Now     float64 `json:"now_h"` // with all causes
	Active  float64 `json:"active_h"`
	Waiting float64 `json:"waiting_h"`
}

func (l *Left) all() float64 { return l.Active + l.Waiting }

// ofCrossing reports whether the measure is what parties' times add up to.
func (m Measure) ofCrossing() bool {
	return m.Statistic == "mean" && m.Quantity == "crossing_h" && m.Where == ""
}

// left splits what is left by party, the most first. It is nil where one of the
// two does not cope, so that there is nothing to split.
func left(now, none *study.Report) (list []Left) {
	if !now.Copes() || !none.Copes() {
		return nil
	}
	was := map[string]float64{}
	for i := range now.Attribution {
		a := &now.Attribution[i]
		was[partyName(a)] = a.TimeMin.Mean / 60
	}
	for i := range none.Attribution {
		a := &none.Attribution[i]
		l := Left{Party: partyName(a), Now: was[partyName(a)]}
		if a.ActiveMin != nil {
			l.Active = *a.ActiveMin / 60
		}
		if l.Waiting = max(0, a.TimeMin.Mean/60-l.Active); l.all() > 0 || l.Now > 0 {
			list = append(list, l)
		}
	}
	slices.SortStableFunc(list, func(a, b Left) int { return cmp.Compare(b.all(), a.all()) })
	return list
}

// leftHead heads leftRows.
var leftHead = []string{"What is left, h", "now", "left", "something is done", "waiting"}

// leftRows are the parties of what is left, and their sum.
func (w *Why) leftRows() (rows [][]string) {
	if len(w.Left) == 0 {
		return nil
	}
	row := func(l Left) []string {
		return []string{l.Party, fix(l.Now, 2), fix(l.all(), 2), fix(l.Active, 2), fix(l.Waiting, 2)}
	}
	sum := Left{Party: "all"}
	for _, l := range w.Left {
		sum.Now, sum.Active, sum.Waiting = sum.Now+l.Now, sum.Active+l.Active, sum.Waiting+l.Waiting
		rows = append(rows, row(l))
	}
	return append(rows, row(sum))
}

// leftWords say how much the causes do not explain, and of what kind it is; who
// names those that explain the rest.
func (w *Why) leftWords() (list []string) {
	if w.Now == nil || w.Without == nil || w.Explained == nil {
		return nil
	}
	text := fmt.Sprintf("Of %s the causes explain %s. The other %s they do not: so much is left when all of them are mended.",
		shown(w.Now, w.Unit), shown(w.Explained, w.Unit), shown(w.Without, w.Unit))
	if len(w.Left) > 0 {
		active, waiting, most := 0.0, 0.0, w.Left[0]
		for _, l := range w.Left {
			active, waiting = active+l.Active, waiting+l.Waiting
			if l.Waiting > most.Waiting {
				most = l
			}
		}
		text += fmt.Sprintf(" In %.2f h of that something is done, services and drives; %.2f h is waiting that no cause here names", active, waiting)
		if most.Waiting > 0 {
			text += fmt.Sprintf(", most of it the time of %s with %.2f h", most.Party, most.Waiting)
		}
		text += "."
		if w.StandardH != nil && *w.Without > *w.StandardH {
			text += fmt.Sprintf(" Mending all of these causes does not bring the mean within the service standard of %.4g h.", *w.StandardH)
		}
	}
	list = append(list, text)
	if text := w.namedWords(); text != "" {
		list = append(list, text)
	}
	return list
}

// namedWords say how much the causes come to that each source names, and those
// that none does; empty where no cause has a source.
func (w *Why) namedWords() string {
	var sources []string
	sums := map[string]float64{}
	for i := range w.Causes {
		s := &w.Causes[i]
		if s.Share == nil {
			return ""
		}
		of := s.source()
		if !slices.Contains(sources, of) {
			sources = append(sources, of)
		}
		sums[of] += *s.Share
	}
	if len(sources) == 1 && sources[0] == "" {
		return ""
	}
	var parts []string
	for _, of := range sources {
		says := "those that " + of + " names"
		if of == "" {
			says = "those that no source names of this crossing"
		}
		parts = append(parts, fmt.Sprintf("%s come to %s", says, shown(new(sums[of]), w.Unit)))
	}
	return "Of the causes " + strings.Join(parts, ", ") + "."
}

// source is who named a cause: what stands in brackets at the end of its issue.
func (s *Share) source() string {
	text, closed := strings.CutSuffix(s.Issue, ")")
	at := strings.LastIndex(text, "(")
	if !closed || at < 0 {
		return ""
	}
	return text[at+1:]
}
