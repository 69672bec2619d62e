package node

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/study"
)

// StudyGroup says by what visits are told apart in a study.
type StudyGroup string

// Groups. ByKind has visits of all kinds; the others goods vehicles alone.
const (
	ByStage     StudyGroup = "stage" // all together
	ByDirection StudyGroup = "direction"
	ByKind      StudyGroup = "kind" // direction, load state and vehicle type
	ByDay       StudyGroup = "day"  // of leaving
	ByHour      StudyGroup = "hour" // of the local day in which they left
)

// StudyGroups lists them.
func StudyGroups() []StudyGroup { return []StudyGroup{ByStage, ByDirection, ByKind, ByDay, ByHour} }

// Covers says, in words, which visits a study by the group is of.
func (g StudyGroup) Covers() string {
	if g == ByKind {
		return "visits that left in the period, coaches' passengers not counted"
	}
	return "goods vehicles (all but coaches, cars, motorbikes and persons on foot) that left in the period"
}

// ParseInstant reads a day in a zone, which begins at midnight, or an instant.
func ParseInstant(given string, zone *time.Location) (border.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, given, zone)
	if err != nil {
		at, err = time.Parse(time.RFC3339, given)
	}
	if err == nil && (at.Year() < 1971 || at.Year() > 9000) {
		return 0, fmt.Errorf("%.40q is out of range; give a year from 1971 to 9000", given)
	}
	if err != nil {
		return 0, fmt.Errorf("%.40q is neither a day nor an instant; write one as 2018-03-05 or 2018-03-05T08:00:00%s", given, time.Unix(0, 0).In(zone).Format("Z07:00"))
	}
	return border.At(at), nil
}

// StudyQuery asks for the stages of visits that left from From on and before To.
type StudyQuery struct {
	From, To border.Time // whole hours of local time; 0 and border.Never are as far as is known
	Group    StudyGroup
}

// Check reports, in a sentence, what is wrong with the query of a post in a zone.
func (q StudyQuery) Check(zone *time.Location) error {
	for _, at := range [...]border.Time{q.From, q.To} {
		if at != 0 && at != border.Never && study.Hour.Start(at, zone) != at {
			return fmt.Errorf("%s is not the beginning of an hour here; give one such as %s",
				at.Std(zone).Format(time.RFC3339Nano), study.Hour.Start(at, zone).Std(zone).Format(time.RFC3339))
		}
	}
	if q.To <= q.From {
		return fmt.Errorf("the period ends at %s, before it begins at %s, or has no hour", q.To.Std(zone).Format(time.RFC3339), q.From.Std(zone).Format(time.RFC3339))
	}
	if !slices.Contains(StudyGroups(), q.Group) {
		return fmt.Errorf("there is no group %q", q.Group)
	}
	return nil
}

// StudyCover is what a study covers.
type StudyCover struct {
	From, To border.Time // the part of the period of which anything can be known; as long as no hour if there is none
	Sequence int64       // the last entry taken in
	Until    border.Time // the latest instant of any fact taken in
	Visits   int64       // that left in the period, of the kinds asked for
}

// StudyGroupKey is a group of visits; what the query does not group by is empty.
type StudyGroupKey struct {
	Direction string
	Load      string
	Vehicle   string
	Start     border.Time // of the day
	Hour      int         // of the day, from 0 to 23
}

// Kind names the direction, load state and vehicle type: KH-VN laden
// articulated-truck.
func (k StudyGroupKey) Kind() string {
	return strings.Join(slices.DeleteFunc([]string{k.Direction, k.Load, k.Vehicle}, func(s string) bool { return s == "" }), " ")
}

// StudyLine is what is known of one stage of a group of visits.
type StudyLine struct {
	StudyGroupKey

	Stage string
	Times *study.Sketch
}

// Study reads a post's study from the views in a ledger's database and visits
// its lines: groups in order, in each the stages in theirs. The views are those
// of one moment, and the times of a line good until visit returns.
func Study(ctx context.Context, l *ledger.Ledger, layout *gate.Layout, q StudyQuery, visit func(StudyLine) error) (cover StudyCover, err error) {
	tx, err := l.Reader().BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return cover, err
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	r := studyReading{
		query: q, zone: Zone(layout, 0), visit: visit, groups: map[StudyGroupKey]*study.StageTimes{},
		places: map[string]int{},
	}
	for i, name := range study.NewStages(layout, 0).Names() {
		r.places[name] = i
	}
	if err := r.survey(ctx, tx); err != nil || r.cover.To <= r.cover.From {
		return r.cover, err
	}
	spans := []study.Span{study.Year, study.Month, study.Day}
	switch q.Group {
	case ByDay:
		spans = spans[2:]
	case ByHour:
		spans = []study.Span{study.HoursOfYear, study.HoursOfMonth}
	}
	of := allGoods
	switch q.Group {
	case ByKind:
		of = oneKind
	case ByDirection:
		of = goodsOneWay
	}
	for _, p := range study.Pieces(r.cover.From, r.cover.To, r.cover.Until, r.zone, spans...) {
		if err := eachView(ctx, tx, layout.Posts[0].Name, p, of, r.add); err != nil {
			return r.cover, err
		}
	}
	return r.cover, r.flush()
}

type studyReading struct {
	query  StudyQuery
	zone   *time.Location
	visit  func(StudyLine) error
	places map[string]int // of stages among the others
	cover  StudyCover
	groups map[StudyGroupKey]*study.StageTimes
	last   StudyGroupKey
	into   *study.StageTimes // of last
	spare  *study.StageTimes // of a day that was visited
}

// survey finds out what can be known.
func (r *studyReading) survey(ctx context.Context, tx *sql.Tx) error {
	var begin border.Time
	c := &r.cover
	if err := tx.QueryRowContext(ctx, `SELECT seq, clock_us, begin_us FROM study_progress`).Scan(&c.Sequence, &c.Until, &begin); err != nil {
		return err
	}
	if c.From, c.To = r.query.From, r.query.From; c.Sequence == 0 {
		return nil
	}
	c.From = max(r.query.From, study.Hour.Start(begin, r.zone))
	c.To = max(c.From, min(r.query.To, study.Hour.Next(c.Until, r.zone)))
	return nil
}

// add takes in a row of the views.
func (r *studyReading) add(w *viewRow) error {
	r.cover.Visits += w.visits
	if key := r.key(w); r.into == nil || key != r.last {
		if r.query.Group == ByDay {
			if err := r.flush(); err != nil { // no more of the day before will come
				return err
			}
		}
		if r.last, r.into = key, r.groups[key]; r.into == nil {
			if r.into, r.spare = r.spare, nil; r.into == nil {
				r.into = &study.StageTimes{}
			}
			r.groups[key] = r.into
		}
	}
	return r.into.MergeBinary(w.times)
}

func (r *studyReading) key(w *viewRow) (k StudyGroupKey) {
	switch r.query.Group {
	case ByDirection:
		k.Direction = w.direction
	case ByKind:
		k.Direction, k.Load, k.Vehicle = w.direction, w.load, w.vehicle
	case ByDay:
		k.Start = study.Day.Start(w.start, r.zone)
	case ByHour:
		k.Hour = w.span.HourOfDay(w.start, r.zone)
	}
	return k
}

// flush visits the lines of the groups there are.
func (r *studyReading) flush() error {
	keys := slices.SortedFunc(maps.Keys(r.groups), func(a, b StudyGroupKey) int {
		return cmp.Or(strings.Compare(a.Direction, b.Direction), strings.Compare(a.Load, b.Load), strings.Compare(a.Vehicle, b.Vehicle),
			cmp.Compare(a.Start, b.Start), cmp.Compare(a.Hour, b.Hour))
	})
	for _, key := range keys {
		var lines []StudyLine
		r.groups[key].Each(func(stage string, times *study.Sketch) { lines = append(lines, StudyLine{key, stage, times}) })
		slices.SortStableFunc(lines, func(a, b StudyLine) int { return cmp.Compare(r.place(a.Stage), r.place(b.Stage)) })
		for _, line := range lines {
			if err := r.visit(line); err != nil {
				return err
			}
		}
	}
	clear(r.groups)
	if r.spare, r.into = r.into, nil; r.spare != nil {
		r.spare.Reset()
	}
	return nil
}

// place is where a stage stands among the others; those of stops that the post
// no longer has come last.
func (r *studyReading) place(stage string) int {
	if at, found := r.places[stage]; found {
		return at
	}
	return len(r.places)
}

// StudyOf is Study of the node's own post.
func (n *Node) StudyOf(ctx context.Context, q StudyQuery, visit func(StudyLine) error) (StudyCover, error) {
	return Study(ctx, n.ledger, n.model.Layout, q, visit)
}

// viewRow is one row of the views, good until the next is read.
type viewRow struct {
	viewKey

	visits int64
	times  sql.RawBytes
}

// eachView visits the rows of a piece of a period that a scope is made up of,
// in order of their start.
func eachView(ctx context.Context, tx *sql.Tx, post string, p study.Piece, of scope, visit func(*viewRow) error) error {
	if of == allGoods && p.Span == study.Hour {
		of = goodsOneWay
	}
	rows, err := tx.QueryContext(ctx, `SELECT start_us, direction, load, vehicle, visits, times FROM study_times
WHERE post = $1 AND span = $2 AND scope = $3 AND start_us >= $4 AND start_us < $5
ORDER BY start_us, direction, load, vehicle`, post, string(p.Span), of, int64(p.From), int64(p.To))
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	row := viewRow{viewKey: viewKey{span: p.Span, kind: kind{scope: of}}}
	for rows.Next() {
		if err := rows.Scan(&row.start, &row.direction, &row.load, &row.vehicle, &row.visits, &row.times); err != nil {
			return err
		}
		if err := visit(&row); err != nil {
			return fmt.Errorf("the study's view of %s %s %s %s at %d: %w", row.span, row.direction, row.load, row.vehicle, row.start, err)
		}
	}
	return rows.Err()
}
