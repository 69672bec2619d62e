package node

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"landport/border"
	"landport/study"
)

// scope says which visits a row of the views is of.
type scope int

const (
	oneKind     scope = iota // of a direction, load state and vehicle type
	goodsOneWay              // goods vehicles of a direction
	allGoods                 // goods vehicles; of hours, which are read in small numbers, there are none
)

// kind is what visits are told apart by; what a scope takes together is empty.
type kind struct {
	scope                    scope
	direction, load, vehicle string
}

// viewKey is which row of the views.
type viewKey struct {
	span  study.Span
	start border.Time
	kind
}

// gained is what a page of entries adds to a row, and takes from it.
type gained struct {
	visits int64
	times  study.StageTimes
	lost   []study.Staged
}

// gains is what it adds by row.
type gains map[viewKey]*gained

func (g gains) of(key viewKey) *gained {
	if g[key] == nil {
		g[key] = &gained{}
	}
	return g[key]
}

// inOrder lists keys as they are written.
func inOrder[V any](rows map[viewKey]V) []viewKey {
	return slices.SortedFunc(maps.Keys(rows), func(a, b viewKey) int {
		return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(a.start, b.start), cmp.Compare(a.direction, b.direction),
			cmp.Compare(a.load, b.load), cmp.Compare(a.vehicle, b.vehicle), cmp.Compare(a.scope, b.scope))
	})
}

// kindsOf lists the kinds a visit counts for.
func (s *studied) kindsOf(f *study.Finished) []kind {
	way := s.layout.Directions[f.Direction]
	direction := way.Exit + "-" + way.Entry
	kinds := []kind{{direction: direction, load: border.LoadState.Of(f.Traits).String(), vehicle: border.VehicleType.Of(f.Traits).String()}}
	if f.Goods() {
		kinds = append(kinds, kind{scope: goodsOneWay, direction: direction})
	}
	return kinds
}

// gain adds a visit to the hour in which it left, and to the longer spans of
// that hour that are over already: a late reading told of it.
func (v *studyView) gain(rows gains, f *study.Finished, clock border.Time) {
	hour := study.Hour.Start(f.Left, v.zone)
	kinds := v.kindsOf(f)
	add := func(span study.Span, kinds []kind) {
		for _, k := range kinds {
			rows.of(viewKey{span, span.Key(hour, v.zone), k}).add(f)
		}
	}
	add(study.Hour, kinds)
	if f.Goods() {
		kinds = append(kinds, kind{scope: allGoods})
	}
	for _, r := range study.Rollups() {
		if r.Into.Next(hour, v.zone) <= clock {
			add(r.Into, kinds)
		}
	}
}

// add counts a visit.
func (g *gained) add(f *study.Finished) {
	g.visits++
	for _, s := range f.Times {
		g.times.Add(s.Stage, s.Time)
	}
}

// errUntaken says that a visit cannot be taken out of a row: see study.Sketch.Remove.
var errUntaken = errors.New("a visit cannot be taken out of the study's views")

// write merges what was gained into the views.
func (v *studyView) write(ctx context.Context, tx *sql.Tx, rows gains) error {
	for _, key := range inOrder(rows) {
		if err := v.merge(ctx, tx, key, rows[key]); err != nil {
			return err
		}
	}
	return nil
}

func (v *studyView) merge(ctx context.Context, tx *sql.Tx, key viewKey, row *gained) error {
	var times []byte
	var visits int64
	err := tx.QueryRowContext(ctx, `SELECT visits, times FROM study_times
WHERE post = $1 AND span = $2 AND scope = $3 AND start_us = $4 AND direction = $5 AND load = $6 AND vehicle = $7`,
		v.post, string(key.span), key.scope, int64(key.start), key.direction, key.load, key.vehicle).Scan(&visits, &times)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		var known study.StageTimes
		if err := known.MergeBinary(times); err != nil {
			return err
		}
		known.Merge(&row.times)
		row.times, row.visits = known, row.visits+visits
	}
	for _, s := range row.lost {
		if !row.times.Remove(s.Stage, s.Time) {
			return errUntaken
		}
	}
	if row.visits == 0 {
		return v.drop(ctx, tx, key)
	}
	if times, err = row.times.AppendBinary(nil); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO study_times (post, span, scope, start_us, direction, load, vehicle, visits, times)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (post, span, scope, start_us, direction, load, vehicle) DO UPDATE SET visits = excluded.visits, times = excluded.times`,
		v.post, string(key.span), key.scope, int64(key.start), key.direction, key.load, key.vehicle, row.visits, times)
	return err
}

// drop removes a row.
func (v *studyView) drop(ctx context.Context, tx *sql.Tx, key viewKey) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM study_times
WHERE post = $1 AND span = $2 AND scope = $3 AND start_us = $4 AND direction = $5 AND load = $6 AND vehicle = $7`,
		v.post, string(key.span), key.scope, int64(key.start), key.direction, key.load, key.vehicle)
	return err
}
