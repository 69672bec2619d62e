package api

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"landport/board"
	"landport/border"
	"landport/node"
	"landport/study"
)

// Report is what the node has measured since it was started. Nothing in it is
// drawn by lot, so that it has neither seed nor replications, and it is never
// over, so that nobody can say whether the post copes.
type Report struct {
	At Instant `json:"at" doc:"The node's clock"`
	study.Report
	Seed         *uint64 `json:"seed,omitempty" doc:"Of simulations; never here"`
	Replications *int    `json:"replications,omitempty" doc:"Of simulations; never here"`
	Stable       *bool   `json:"stable" doc:"Whether the post copes; null, for what happens is not over"`
	StableReason string  `json:"stable_reason" doc:"Why, in words"`
}

func reportOf(at border.Time, r *study.Report) Report {
	return Report{At: board.Stamp(at), Report: *r, Stable: r.Stable, StableReason: r.StableReason}
}

// Summary is how a study.Summary is written: null is what cannot be told.
type Summary struct {
	Mean *float64  `json:"mean"`
	CI95 []float64 `json:"ci95" doc:"95% confidence interval of the mean"`
	P50  *float64  `json:"p50"`
	P90  *float64  `json:"p90"`
	P95  *float64  `json:"p95"`
	Min  *float64  `json:"min"`
	Max  *float64  `json:"max"`
	N    int64     `json:"n"`
}

// Study is the time release study of the visits that left in a period.
type Study struct {
	Post     string       `json:"post"`
	Zone     string       `json:"zone" doc:"Of days and hours, by its IANA name"`
	Group    string       `json:"group"`
	From     Instant      `json:"from" doc:"The first hour of which anything can be known, of those asked for"`
	To       Instant      `json:"to" doc:"The end of the last"`
	Until    Instant      `json:"until" doc:"The latest instant of any fact taken in"`
	Sequence int64        `json:"sequence" doc:"The last entry taken in"`
	Covers   string       `json:"covers" doc:"Which visits these are, in words"`
	Visits   int64        `json:"visits" doc:"How many left"`
	Groups   []StudyGroup `json:"groups"`
}

// StudyGroup is what visits of one group have in common.
type StudyGroup struct {
	Group     string       `json:"group" doc:"In words: all, KH-VN laden articulated-truck, 2018-03-05, 08:00"`
	Direction string       `json:"direction,omitempty"`
	Load      string       `json:"load,omitempty"`
	Vehicle   string       `json:"vehicle,omitempty"`
	Day       string       `json:"day,omitempty" doc:"On which they left"`
	Hour      *int         `json:"hour,omitempty" doc:"Of the local day, in which they left"`
	Stages    []StudyStage `json:"stages"`
}

// StudyStage is how long visits spent in a stage.
type StudyStage struct {
	Stage   string        `json:"stage"`
	TimeMin study.Summary `json:"time_min" doc:"In minutes; n is how many visits"`
	Exact   bool          `json:"exact" doc:"Quantiles are those of the times themselves; else within 0.4%"`
}

// PeriodOf says which visits a study is of.
type PeriodOf struct {
	From  string `query:"from" maxLength:"40" doc:"The beginning: a day or the beginning of an hour; without it, as far as is known"`
	To    string `query:"to" maxLength:"40" doc:"The end, itself not in the period; without it, now"`
	Group string `query:"group" enum:"stage,direction,kind,day,hour" default:"stage" doc:"By what visits are told apart: stage is all together, kind is direction, load state and vehicle type, day and hour of the local day are those of leaving"`
}

// linesMost is how many lines a study has at most.
const linesMost = 20_000

var errTooLong = errors.New("the study is too long")

func (s *server) registerStudy() {
	s.huma.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[study.Summary](), reflect.TypeFor[Summary]())
	const start = 1520211600 * border.Time(border.Second)
	none := study.NewCollector(s.layout, study.Window{Start: start, From: start, To: border.Never, Cycle: border.Day}, 0)
	get(s, operation{
		path: "/api/v1/posts/{post}/report", id: "report", tag: tagPost, summary: "What the node has measured since it was started",
		text:     "Times, waits and lines at every stop and hold, officers' utilisation and counts, as docs/method.md explains. While the node's database does not answer, `at` stands at when it last did.",
		problems: []string{codeUnknownPost}, example: reportOf(start, none.Report(start)),
	}, func(ctx context.Context, in *struct{ AtPost }) (*answer[Report], error) {
		if p := s.post(in.Post); p != nil {
			return nil, p
		}
		r, m, err := s.node.Study(ctx)
		if err != nil {
			return nil, s.broken(err)
		}
		return &answer[Report]{reportOf(m.At, r)}, nil
	})
	get(s, operation{
		path: "/api/v1/posts/{post}/study", id: "study", tag: tagPost, summary: "The time release study of a period",
		text: "Of the visits that left the post in the period, stage by stage, in minutes; docs/method.md says what the stages are. " +
			"It is read from views that follow the ledger within a second.",
		problems: []string{codeUnknownPost, codeNotReady, codeStopped}, example: s.exampleStudy(start),
	}, s.study)
}

func (s *server) exampleStudy(at border.Time) Study {
	var times study.Sketch
	for _, minutes := range []border.Micros{95, 130, 210} {
		times.Add(minutes * border.Minute)
	}
	return Study{
		Post: s.slug, Zone: node.Zone(s.layout, 0).String(), Group: string(node.ByStage), From: board.Stamp(at), To: board.Stamp(at.Add(border.Day)),
		Until: board.Stamp(at.Add(border.Day)), Sequence: 1042, Covers: node.ByStage.Covers(), Visits: 3,
		Groups: []StudyGroup{{Group: "all", Stages: []StudyStage{{study.StageAtPost, study.Summarize(&times, border.Minute), true}}}},
	}
}

func (s *server) study(ctx context.Context, in *struct {
	AtPost
	PeriodOf
},
) (*answer[Study], error) {
	if p := s.post(in.Post); p != nil {
		return nil, p
	}
	zone := node.Zone(s.layout, 0)
	q := node.StudyQuery{To: border.Never, Group: node.StudyGroup(in.Group)}
	var wrong []Fault
	read := func(name, given string, to *border.Time) {
		if given == "" {
			return
		}
		at, err := node.ParseInstant(given, zone)
		if err != nil {
			wrong = append(wrong, Fault{"query." + name, err.Error()})
		}
		*to = at
	}
	read("from", in.From, &q.From)
	read("to", in.To, &q.To)
	if wrong != nil {
		return nil, invalid(wrong...)
	}
	if err := (node.StudyQuery{From: q.From, To: border.Never, Group: q.Group}).Check(zone); err != nil {
		return nil, invalid(Fault{"query.from", err.Error()})
	}
	if err := q.Check(zone); err != nil {
		return nil, invalid(Fault{"query.to", err.Error()})
	}
	out := Study{Post: s.slug, Zone: zone.String(), Group: in.Group, Covers: q.Group.Covers(), Groups: []StudyGroup{}}
	lines, last := 0, node.StudyGroupKey{}
	cover, err := s.node.StudyOf(ctx, q, func(line node.StudyLine) error {
		if lines++; lines > linesMost {
			return errTooLong
		}
		if lines == 1 || line.StudyGroupKey != last {
			last = line.StudyGroupKey
			out.Groups = append(out.Groups, studyGroup(q.Group, line.StudyGroupKey, zone))
		}
		g := &out.Groups[len(out.Groups)-1]
		g.Stages = append(g.Stages, StudyStage{line.Stage, study.Summarize(line.Times, border.Minute), line.Times.Exact()})
		return nil
	})
	switch {
	case errors.Is(err, errTooLong):
		return nil, invalid(Fault{"query.from", fmt.Sprintf("a study of this period by %s has more than %d lines; ask for a shorter one, or use landport export", q.Group, linesMost)})
	case err != nil:
		return nil, s.broken(err)
	}
	out.From, out.To, out.Until = board.Stamp(cover.From), board.Stamp(cover.To), board.Stamp(cover.Until)
	out.Sequence, out.Visits = cover.Sequence, cover.Visits
	return &answer[Study]{out}, nil
}

func studyGroup(by node.StudyGroup, key node.StudyGroupKey, zone *time.Location) StudyGroup {
	g := StudyGroup{Group: "all", Direction: key.Direction, Load: key.Load, Vehicle: key.Vehicle}
	switch by {
	case node.ByDirection:
		g.Group = key.Direction
	case node.ByKind:
		g.Group = key.Kind()
	case node.ByDay:
		g.Day = key.Start.Std(zone).Format(time.DateOnly)
		g.Group = g.Day
	case node.ByHour:
		g.Hour, g.Group = new(key.Hour), fmt.Sprintf("%02d:00", key.Hour)
	}
	return g
}
