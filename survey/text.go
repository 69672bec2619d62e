package survey

import (
	"fmt"
	"math"
	"strings"

	"landport/study"
)

// mostTold is how many rows aside or flags a text lists; JSON has them all.
const mostTold = 40

// Text writes the rows kept aside, and what was not read, for a terminal.
func (s *Sheet) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows: %d read, %d kept aside\n", s.Name, s.Rows, len(s.Records), len(s.Aside))
	if len(s.Tabs) > 1 {
		fmt.Fprintf(&b, "  sheet %q of %s\n", s.Tab, quoted(s.Tabs))
	}
	for _, other := range s.Besides {
		b.WriteString("  " + other + "\n")
	}
	b.WriteString("  headers in row " + fmt.Sprint(s.Header) + "\n")
	for _, h := range s.Headings {
		if h.Column != NoColumn {
			fmt.Fprintf(&b, "    %-26s %q\n", h.Column.Label(), h.Header)
		}
	}
	for _, h := range s.Headings {
		if h.Ignored {
			fmt.Fprintf(&b, "    %-26s %q\n", "ignored, as mapped", h.Header)
		}
	}
	if unread := s.Unread(); len(unread) > 0 {
		fmt.Fprintf(&b, "  not read, because it is not sure what they hold: %s\n", quoted(unread))
	}
	told := 0
	for _, kind := range []struct {
		word     string
		problems []Problem
	}{{"aside:", s.Problems()}, {"kept: ", s.Remarks}} {
		for _, alike := range Gather(kind.problems) {
			if told++; told <= mostTold {
				fmt.Fprintf(&b, "  %s %v\n", kind.word, &alike)
			}
		}
	}
	if told > mostTold {
		fmt.Fprintf(&b, "  and %d more; --format json lists them all\n", told-mostTold)
	}
	return b.String()
}

// Text writes the study as plain text for a terminal.
func (r *Report) Text() string {
	var b strings.Builder
	b.WriteString("Time release study of survey sheets\n\n")
	for _, s := range r.Sheets {
		fmt.Fprintf(&b, "  %-40s %6d %s: %d read, %d kept aside\n", s.Sheet, s.Rows, plural(s.Rows, "row"), s.Records, s.Aside)
	}
	for _, c := range r.Coverage {
		fmt.Fprintf(&b, "  %-12s %6d %s, %s\n", c.Post, c.Records, plural(c.Records, "record"), c.Words())
	}
	fmt.Fprintf(&b, "  joined across the line by plate: %d %s, of %d at exit and %d at entry\n", r.Joined.Crossings, plural(r.Joined.Crossings, "crossing"), r.Joined.Exits, r.Joined.Entries)
	fmt.Fprintf(&b, "\n%-24s %-7s %-34s %-48s %-42s %s\n", "minutes", "way", "stage", "outliers included", "without outliers", "all recorded")
	for i := range r.Times {
		t := &r.Times[i]
		fmt.Fprintf(&b, "%-24s %-7s %-34s %-48s %-42s %s\n", t.Post, t.Direction, t.Stage, t.PossibleWords(), t.WithoutWords(), t.AllWords())
	}
	b.WriteString("\nMissing\n")
	for _, m := range r.Missing {
		switch {
		case !m.OnSheet:
		case m.Missing > 0:
			fmt.Fprintf(&b, "  %-12s %-28s %5.1f%% (%d of %d)\n", m.Post, m.Column.Label(), 100*m.Share, m.Missing, m.Records)
		}
	}
	for _, post := range r.Coverage {
		if absent := r.Absent(post.Post); absent != "" {
			fmt.Fprintf(&b, "  %-12s no column for: %s\n", post.Post, absent)
		}
	}
	for _, e := range r.Early {
		fmt.Fprintf(&b, "  %-12s lodged before arrival: %d of %d\n", e.Post, e.Early, e.Lodged)
	}
	b.WriteString("\nFlagged\n")
	for i, f := range r.Flags {
		if i == mostTold {
			fmt.Fprintf(&b, "  and %d more; --format json lists them all\n", len(r.Flags)-mostTold)
			break
		}
		fmt.Fprintf(&b, "  %s row %d, %s: %s: %s\n", f.Sheet, f.Row, f.Post, f.Rule, f.Detail)
	}
	b.WriteString("\nTo know\n")
	for _, n := range r.Notes {
		b.WriteString("  " + n + "\n")
	}
	return b.String()
}

// Words says which days and hours were surveyed.
func (c *Coverage) Words() string {
	return fmt.Sprintf("days with any: %d (%s to %s), hours of the week: %d of 168", c.Days, c.From, c.To, c.Hours)
}

// Absent lists the columns that no sheet of a post has.
func (r *Report) Absent(post string) string {
	var names []string
	for _, m := range r.Missing {
		if m.Post == post && !m.OnSheet {
			names = append(names, m.Column.Label())
		}
	}
	return strings.Join(names, ", ")
}

// PossibleWords writes what may be said of all times that can be, outliers among
// them. It goes first: an outlier happened until somebody shows that it did not,
// and what cannot be, such as a stay of -30 minutes, is no time.
func (t *Times) PossibleWords() string {
	words := fmt.Sprintf("%s, n %d", Words(t.Possible), t.Possible.N)
	if t.Outliers > 0 {
		words += fmt.Sprintf(", %d %s", t.Outliers, plural(t.Outliers, "outlier"))
	}
	return words
}

// WithoutWords writes what they come to without outliers.
func (t *Times) WithoutWords() string {
	if t.Outliers == 0 {
		return "the same, no outliers"
	}
	return fmt.Sprintf("%s, n %d", Words(t.Without), t.Without.N)
}

// AllWords writes what all times come to, and how many of them cannot be.
func (t *Times) AllWords() string {
	cannot := t.Flagged - t.Outliers
	if cannot == 0 {
		return "nothing impossible or twice"
	}
	return fmt.Sprintf("%s, n %d, %d of them impossible or twice", Words(t.All), t.All.N, cannot)
}

// Words writes what may be said of a summary: below 30 the mean and the range,
// else the mean with its interval and the 95th percentile.
func Words(s study.Summary) string {
	switch {
	case s.N == 0:
		return "none"
	case s.N == 1:
		return Figure(s.Mean)
	case s.Small():
		return fmt.Sprintf("mean %s, range %s to %s", Figure(s.Mean), Figure(s.Min), Figure(s.Max))
	}
	return fmt.Sprintf("mean %s ± %s, 95th %s", Figure(s.Mean), Figure(s.CI95[1]-s.Mean), Figure(s.P95))
}

// Figure writes minutes with as many decimals as they carry meaning.
func Figure(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case math.Abs(x) < 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// plural is a word that follows a number.
func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}
