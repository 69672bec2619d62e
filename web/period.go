package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"landport/board"
	"landport/border"
	"landport/node"
	"landport/study"
)

// periodPage is the study of a node's visits in a period, as its address asks.
func (s *Server) periodPage(w http.ResponseWriter, r *http.Request) {
	v, err := s.standing(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	f := v.inquire(r.URL.Query())
	if f.Wrong == nil {
		err = f.read(r.Context(), s.node)
	}
	if err != nil {
		s.broken(w, r, err)
		return
	}
	status := http.StatusOK
	if f.Wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	if fragment(r) {
		s.render(w, r, status, periodFigures(f))
		return
	}
	s.render(w, r, status, periodView(s.page("study", "Study"), f))
}

// inquiry is a study of a period that was asked for, and what was found.
type inquiry struct {
	*view
	from, to string // as they were written, in the address
	query    node.StudyQuery
	stage    string // in which groups are compared
	Wrong    error  // with what was asked for

	cover  node.StudyCover
	all    []timed // the stages of all visits together
	groups []timed // the groups, in the stage
}

// timed is how long a group of visits, or all of them, spent in a stage.
type timed struct {
	key   node.StudyGroupKey
	stage string
	times study.Summary // in minutes
	exact bool
}

const (
	// daysAsked is how many days, today included, are shown when nothing else
	// was asked for.
	daysAsked = 7
	// linesMost is how many groups a page has at most.
	linesMost = 400
)

var errTooLong = errors.New("the study is too long for a page")

// inquire reads an address.
func (v *view) inquire(asked url.Values) *inquiry {
	f := &inquiry{
		view: v, from: printable(asked.Get("from")), to: printable(asked.Get("to")), stage: asked.Get("stage"),
		query: node.StudyQuery{To: border.Never, Group: node.StudyGroup(asked.Get("group"))},
	}
	if !asked.Has("from") && !asked.Has("to") {
		f.from, f.to = v.date(1-daysAsked), v.date(1)
	}
	if f.query.Group == "" {
		f.query.Group = node.ByStage
	}
	if f.stage == "" {
		f.stage = study.StageAtPost
	}
	for _, end := range []struct {
		given string
		to    *border.Time
	}{{f.from, &f.query.From}, {f.to, &f.query.To}} {
		if end.given == "" {
			continue
		}
		var err error
		if *end.to, err = node.ParseInstant(end.given, v.Zone(0)); err != nil && f.Wrong == nil {
			f.Wrong = err
		}
	}
	if f.Wrong == nil {
		f.Wrong = f.query.Check(v.Zone(0))
	}
	if f.Wrong == nil && !slices.Contains(f.stages(), f.stage) {
		f.Wrong = fmt.Errorf("there is no stage %.60q; there are %s", f.stage, strings.Join(f.stages(), ", "))
	}
	return f
}

// printable is what can stand on a page of something that was sent.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// read finds out what is known of the period.
func (f *inquiry) read(ctx context.Context, n *node.Node) error {
	cover, err := n.StudyOf(ctx, f.query, func(l node.StudyLine) error {
		at := timed{l.StudyGroupKey, l.Stage, study.Summarize(l.Times, border.Minute), l.Times.Exact()}
		if f.query.Group == node.ByStage {
			f.all = append(f.all, at)
			return nil
		}
		if l.Stage == f.stage {
			f.groups = append(f.groups, at)
		}
		if len(f.groups) > linesMost {
			return errTooLong
		}
		return nil
	})
	f.cover = cover
	if errors.Is(err, errTooLong) {
		f.Wrong = fmt.Errorf("by %s this period has more than %d lines, too many for a page; choose a shorter one, or take it as a file", f.query.Group, linesMost)
		return nil
	}
	return err
}

func (f *inquiry) stages() []string { return study.NewStages(f.Layout, 0).Names() }

// date is a day so many from today on the post's clock, as addresses have it.
func (v *view) date(ahead int) string {
	from, _ := v.localDay(ahead)
	return from.Std(v.Zone(0)).Format(time.DateOnly)
}

// localDay returns when a day begins and ends on the post's clock, so many days
// from today.
func (v *view) localDay(ahead int) (from, until border.Time) {
	local := v.State.At.Std(v.Zone(0))
	day := func(n int) border.Time {
		return border.At(time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, local.Location()))
	}
	return day(ahead), day(ahead + 1)
}

// quickly is a period that is chosen with one click.
type quickly struct {
	Name   string
	Href   string
	Chosen bool
}

func (f *inquiry) choices() (out []quickly) {
	for _, c := range []struct {
		name     string
		from, to string
	}{
		{"today", f.date(0), f.date(1)},
		{"yesterday", f.date(-1), f.date(0)},
		{"last 7 days", f.date(-6), f.date(1)},
		{"last 30 days", f.date(-29), f.date(1)},
		{"all", "", ""},
	} {
		out = append(out, quickly{c.name, f.address(c.from, c.to, f.query.Group), f.from == c.from && f.to == c.to})
	}
	return out
}

// address is that of the same study of another period or group.
func (f *inquiry) address(from, to string, group node.StudyGroup) string {
	q := url.Values{"from": {from}, "to": {to}, "group": {string(group)}}
	if f.stage != study.StageAtPost && group != node.ByStage {
		q.Set("stage", f.stage)
	}
	return "/study?" + q.Encode()
}

// here is the study's own address.
func (f *inquiry) here() string { return f.address(f.from, f.to, f.query.Group) }

// download is where a program, or a browser, gets the same figures.
func (f *inquiry) download() string {
	q := url.Values{"group": {string(f.query.Group)}}
	for name, given := range map[string]string{"from": f.from, "to": f.to} {
		if given != "" {
			q.Set(name, given)
		}
	}
	return "/api/v1/posts/" + board.Slug(f.Layout.Posts[0].Name) + "/study?" + q.Encode()
}

// open reports whether the period goes on.
func (f *inquiry) open() bool { return f.query.To > f.State.At }

// groupWords says by what visits are told apart.
func groupWords(g node.StudyGroup) string {
	return map[node.StudyGroup]string{
		node.ByStage: "all together, stage by stage", node.ByDirection: "direction", node.ByKind: "direction, load and vehicle",
		node.ByDay: "day on which they left", node.ByHour: "hour of the day in which they left",
	}[g]
}

// instant writes an instant by the post's clock.
func (v *view) instant(t border.Time) string {
	return day(t, v.Zone(0)) + ", " + board.Clock(t, v.Zone(0))
}

// left says who left, and when.
func (f *inquiry) left() string {
	one, many := "goods vehicle", "goods vehicles"
	if f.query.Group == node.ByKind {
		one, many = "visit", "visits"
	}
	n := fmt.Sprintf("%d %s", f.cover.Visits, many)
	switch f.cover.Visits {
	case 0:
		n = "No " + one
	case 1:
		n = "One " + one
	}
	return fmt.Sprintf("%s left from %s to %s.", n, f.instant(f.cover.From), f.instant(min(f.cover.To, max(f.State.At, f.cover.From))))
}

// total is the time at the post of all visits; false if nobody was released.
func (f *inquiry) total() (timed, bool) {
	if len(f.all) > 0 && f.all[0].stage == study.StageAtPost {
		return f.all[0], true
	}
	return timed{}, false
}

// ofAll are the stages that are not a party's, as drawn.
func (f *inquiry) ofAll() (out []spread) {
	for _, l := range f.all {
		if slices.Contains([]string{study.StageAtPost, study.StageFirstService, study.StageWaiting, study.StageActive, study.StageNotReleased}, l.stage) {
			out = append(out, spread{Name: l.stage, Times: l.times})
		}
	}
	return out
}

// ofParties are whose time it was.
func (f *inquiry) ofParties() *portions {
	total, _ := f.total()
	var all []study.Attribution
	active := map[string]float64{}
	for _, l := range f.all {
		active[l.stage] = l.times.Mean
	}
	for _, l := range f.all {
		named := slices.ContainsFunc(f.ofAll(), func(s spread) bool { return s.Name == l.stage })
		if named || strings.HasSuffix(l.stage, study.Active("")) {
			continue
		}
		a := study.Attribution{Party: l.stage, TimeMin: l.times}
		if agency, country, ok := strings.Cut(l.stage, " "); ok && border.KnownCountry(country) {
			a.Party, a.Agency, a.Country = "agency", agency, country
		}
		if mean, ok := active[study.Active(l.stage)]; ok {
			a.ActiveMin = &mean
		}
		a.Share = new(known(l.times.Mean * float64(l.times.N) / (total.times.Mean * float64(total.times.N))))
		all = append(all, a)
	}
	return f.parties(all)
}

// ofGroups are the groups in the stage they are compared in.
func (f *inquiry) ofGroups() (out []spread) {
	for _, l := range f.groups {
		s := spread{Name: l.key.Direction, Times: l.times}
		switch f.query.Group {
		case node.ByKind:
			s.Name = strings.TrimSpace(l.key.Direction + " " + board.Plain(strings.TrimSpace(l.key.Load+" "+l.key.Vehicle)))
		case node.ByDay:
			s.Name = day(l.key.Start, f.Zone(0))
			local := l.key.Start.Std(f.Zone(0))
			s.Href = f.address(local.Format(time.DateOnly), local.AddDate(0, 0, 1).Format(time.DateOnly), node.ByHour)
		case node.ByHour:
			s.Name = fmt.Sprintf("%02d:00 to %02d:00", l.key.Hour, l.key.Hour+1)
		}
		out = append(out, s)
	}
	return out
}

// approximate reports whether any figure shown is not that of the times themselves.
func (f *inquiry) approximate() bool {
	return slices.ContainsFunc(slices.Concat(f.all, f.groups), func(l timed) bool { return !l.exact })
}

// inUnit returns spreads in the unit in which they are read best, from minutes.
func inUnit(minutes []spread) (unit string, out []spread) {
	if widest(minutes) < 10*60 {
		return "Minutes", minutes
	}
	for _, s := range minutes {
		s.Times = inHours(s.Times)
		out = append(out, s)
	}
	return "Hours", out
}

func inHours(minutes study.Summary) study.Summary {
	s := minutes
	for _, x := range []*float64{&s.Mean, &s.CI95[0], &s.CI95[1], &s.P50, &s.P90, &s.P95, &s.Min, &s.Max} {
		*x /= 60
	}
	return s
}
