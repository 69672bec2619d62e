package evidence

import (
	"fmt"
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
	p.Linef("%d replications of %.4g days, seed %d; %d of %d figures are assumed", l.Replications, l.MeasuredDays, l.Seed, l.Assumed, l.Figures)
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
	p.Wrap("", "This is our assumption, not a published capacity: it follows from the scenario's figures, most of which nobody published, and from what growth means (docs/method.md). Real drivers would turn elsewhere before.")
}

func (l *Limits) service(p *study.Page) {
	rows := [][]string{{"Demand", "goods vehicles a day", "mean", "95% interval", "95th percentile", "in standard", "longest queue", ""}}
	wide := false
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
			row[6], row[7] = "grows", "NOT STABLE"
		}
		rows = append(rows, row)
	}
	p.Table(rows)
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

func (b *Balance) text(p *study.Page) {
	p.Linef("")
	now := "no line grows as it is"
	if !b.Stable {
		now = grown(b.Reason)
	}
	p.Wrap("", fmt.Sprintf("Single changes at %.3g times the traffic, %s goods vehicles a day. There %s.", b.Factor, study.Number(b.Goods), now))
	rows := [][]string{{"Change", b.Measure, "difference", "95% interval", ""}}
	left := 0
	for i := range b.Changes {
		c := &b.Changes[i]
		if !c.Stable {
			left++
			continue
		}
		restores := ""
		if !b.Stable {
			restores = "restores balance"
		}
		rows = append(rows, []string{"  " + c.Change, signed(c.Result, false), signed(c.Difference, true), half(c.Interval), restores})
	}
	p.Table(rows)
	if left > 0 {
		p.Linef("  With each of the %d other single changes a line still grows.", left)
	}
	p.Wrap("", "What a lane, an officer or an hour costs is not weighed here; landport optimise does.")
}
