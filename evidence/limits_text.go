package evidence

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"landport/study"
)

// Text returns the limits as plain text for a terminal.
func (l *Limits) Text() string {
	p := &study.Page{}
	title := "Limits of " + l.Scenario
	p.Linef("%s", title)
	p.Linef("%s", strings.Repeat("=", utf8.RuneCountInString(title)))
	p.Wrap("", l.Title)
	p.Linef("%s of %.4g days, seed %d; %s", counted(l.Replications, "replication"), l.MeasuredDays, l.Seed, study.AssumedWords(l.Assumed, l.Figures, "figures"))
	p.Wrap("Traffic: ", fmt.Sprintf("%s goods vehicles a day, return legs included; multiplied are %s, which as written bring %s visits of all kinds a day, return legs not counted.",
		study.Number(l.Goods.at(1)), listed(l.Flows), study.Number(l.PerDay)))
	l.breaking(p)
	l.service(p)
	l.rooms(p)
	if l.Balance != nil {
		l.Balance.text(p)
	}
	return p.String()
}

func (l *Limits) breaking(p *study.Page) {
	b := l.Breaking
	if b == nil {
		return
	}
	p.Linef("")
	switch {
	case b.High == nil:
		p.Wrap("", fmt.Sprintf("No line grows up to %.4g times the traffic, %s goods vehicles a day: there is no such limit, or who finds no room is turned away.", *b.Low, study.Number(*b.LowGoods)))
		return
	case b.Low == nil:
		p.Wrap("", fmt.Sprintf("A line grows even at %.4g times the traffic, %s goods vehicles a day: %s.", *b.High, study.Number(*b.HighGoods), grown(b.Grows)))
	default:
		p.Wrap("", fmt.Sprintf("More arrive than are served from between %s and %s goods vehicles a day on: %.3g to %.3g times the traffic. Just beyond, %s.",
			study.Number(*b.LowGoods), study.Number(*b.HighGoods), *b.Low, *b.High, grown(b.Grows)))
	}
	p.Wrap("", fmt.Sprintf("This is our assumption, not a published capacity: it follows from the scenario's figures (%s), and from what growth means (docs/method.md). Real drivers would turn elsewhere before.", study.AssumedWords(l.Assumed, l.Figures, "figures")))
}

func (l *Limits) service(p *study.Page) {
	rows := [][]string{{"Demand", "goods vehicles a day", "mean", "95% interval", "95th percentile", "in standard", "longest queue", ""}}
	wide, words := false, []string{}
	for i := range l.Service {
		s := &l.Service[i]
		h := func(x *float64) string {
			if x == nil {
				return "–"
			}
			return study.Minutes(60 * *x)
		}
		row := []string{fmt.Sprintf("  %.4g ×", s.Factor), study.Number(s.Goods), h(s.MeanH), "–", h(s.P95H), "–", "–", ""}
		if s.Interval != nil {
			half := (s.Interval[1] - s.Interval[0]) / 2
			row[3] = "± " + h(&half)
			wide = wide || s.Interval[0] < 0
		}
		if s.Within != nil {
			row[5] = fmt.Sprintf("%.0f%%", 100**s.Within)
		}
		if s.Longest != nil {
			row[6] = fmt.Sprintf("%s, %s", study.Number(*s.Longest), s.LongestAt)
		}
		if !s.Stable {
			row[6] = "grows"
		}
		row[7] = verdictWord(s.Stable, s.Settled, s.Unsettled)
		words = append(words, row[7])
		rows = append(rows, row)
	}
	p.Table(rows)
	explained(p, words)
	p.Wide(l.Replications, wide)
}

func (l *Limits) rooms(p *study.Page) {
	rows := [][]string{{"Full for the first time", "room", "in replications", "earliest", "median", "latest", "on"}}
	for i := range l.Rooms {
		r := &l.Rooms[i]
		day := func(x *float64) string {
			if x == nil {
				return "–"
			}
			return fmt.Sprintf("day %.4g", *x)
		}
		room := fmt.Sprint(r.Room)
		if r.Given {
			room += " (given)"
		}
		rows = append(rows, []string{"  " + r.Place, room, fmt.Sprintf("%d of %d", r.Full, r.Replications), day(r.First), day(r.Median), day(r.Last), r.Date})
	}
	p.Table(rows)
	if len(l.Rooms) > 0 {
		p.Linef("  (watched for %.4g days from the empty start; who is on the way to a place counts as there)", l.Rooms[0].Days)
	}
}

// grown is why a crossing does not cope, without what follows for its means.
func grown(reason string) string {
	reason, _, _ = strings.Cut(reason, "; a mean would")
	return reason
}

// verdictWord is the word beside a mean of a crossing that is not shown to settle.
func verdictWord(stable bool, settled *bool, unsettled string) string {
	switch {
	case !stable:
		return "NOT STABLE"
	case unsettled == "":
		return ""
	case settled != nil:
		return notSettled
	}
	return cannotTell
}

// explained says what the words beside means say, those that stand there.
func explained(p *study.Page, words []string) {
	for _, w := range []struct{ word, means string }{
		{notSettled, "the number inside still rises, so that longer runs give longer times."},
		{cannotTell, "these runs do not show that lines settle, and a mean of lines that still grow says nothing. " + moreRuns},
	} {
		if slices.Contains(words, w.word) {
			p.Wrap("  ", w.word+": "+w.means)
		}
	}
}

const (
	notSettled = "NOT SETTLED"
	cannotTell = "CANNOT TELL"
)

func (b *Balance) text(p *study.Page) {
	p.Linef("")
	now := "no line grows as it is"
	switch {
	case !b.Now.Stable:
		now = grown(b.Now.Reason)
	case b.Now.Unsettled != "":
		now += ", but it is not shown that lines settle"
	}
	p.Wrap("", fmt.Sprintf("Single changes at %.3g times the traffic, %s goods vehicles a day. There %s.", b.Factor, study.Number(b.Goods), now))
	rows := [][]string{{"Change", b.Measure, "difference", "95% interval", ""}}
	grow, restore, second, words := 0, 0, 0, []string{}
	for i := range b.Changes {
		c := &b.Changes[i]
		if !c.Stable {
			grow++
			continue
		}
		word := verdictWord(c.Stable, c.Settled, c.Unsettled)
		words = append(words, word)
		second = max(second, c.Replications)
		switch {
		case c.Restores:
			restore++
			word = "restores balance"
		case word != "" && !b.settles():
			word += ": not shown to restore balance"
		}
		rows = append(rows, []string{"  " + c.Change, signed(c.Result, false), signed(c.Difference, true), half(c.Interval), word})
	}
	p.Table(rows)
	explained(p, words)
	if second > 0 && !b.settles() {
		none := ""
		if restore == 0 {
			none = "No single change is shown to restore balance. "
		}
		p.Wrap("  ", fmt.Sprintf("%sIt counts as restored where %s of other traffic show that lines settle.", none, counted(second, "replication")))
	}
	which := map[bool]string{true: "single", false: "other single"}[len(rows) == 1]
	switch {
	case grow == 1:
		p.Linef("  With the one %s change a line still grows.", which)
	case grow > 1:
		p.Linef("  With each of the %d %s changes a line still grows.", grow, which)
	}
	p.Wrap("", "What a lane, an officer or an hour costs is not weighed here; landport optimise does.")
}

// settles reports whether without any change lines are shown to settle.
func (b *Balance) settles() bool { return b.Now.Stable && b.Now.Unsettled == "" }
