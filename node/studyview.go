package node

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/study"
)

//go:embed studyview/sqlite/*.sql studyview/postgres/*.sql
var studySchemas embed.FS

// studyTables are the study's views in the ledger's database.
func studyTables() ledger.Migrations {
	sub := func(dir string) fs.FS {
		files, err := fs.Sub(studySchemas, dir)
		if err != nil {
			panic(err) // it is embedded
		}
		return files
	}
	return ledger.Migrations{Room: "study", SQLite: sub("studyview/sqlite"), Postgres: sub("studyview/postgres")}
}

// archiveEvery is how many entries there are between archives of the visits
// under way: a tenth of a second's worth of replay.
const archiveEvery = 20_000

// studyView folds the ledger into the study's views. It is a follower: what it
// knows of the visits under way is in memory, and made anew from an archive and
// the entries since wherever it does not stand where the next entry does.
type studyView struct {
	ledger   *ledger.Ledger
	layout   *gate.Layout
	codec    *Codec // of the crossing that stages are of
	past     crossings
	log      *slog.Logger
	post     string
	zone     *time.Location
	digest   [sha256.Size]byte // of the layout, without which an archive cannot be read
	every    int64             // entries between archives
	stages   *study.Stages
	seq      int64 // of the last entry that is in stages
	archived int64 // and of the last that is in the archive
	behind   int64 // where stages have to be brought before anything is folded

	corrections corrections // by which stages are made
	correctedTo int64       // up to which entry they are read when the views begin; 0 for all there are
}

// errBehind ends a turn as follower whose memory has to be brought up first.
var errBehind = errors.New("the study is behind")

func newStudyView(l *ledger.Ledger, past crossings, log *slog.Logger) *studyView {
	v := &studyView{ledger: l, past: past, log: log, every: archiveEvery}
	v.follows(past.at(0))
	v.post, v.zone = v.layout.Posts[0].Name, Zone(v.layout, 0) // these stay
	return v
}

// follows has what comes be read by a crossing.
func (v *studyView) follows(c *Codec) {
	v.codec, v.layout, v.digest = c, c.layout, layoutDigest(c.layout)
}

// follow keeps the study's views up with the ledger until ctx ends. met is told
// what it fails by.
func (v *studyView) follow(ctx context.Context, met func(error) error) {
	holder := rand.Text()
	following := outage{log: v.log, task: "the study follows the ledger", steady: 2 * time.Second}
	reached := func(ctx context.Context) error { _, err := v.ledger.Head(ctx); return err }
	for ctx.Err() == nil {
		following.attempt(ctx, reached, func(ctx context.Context) error {
			return met(v.turn(ctx, holder))
		})
	}
}

// turn follows until it fails, or brings the memory up so that it can go on.
// Where it panics, what is in memory is half done, and made anew.
func (v *studyView) turn(ctx context.Context, holder string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = untold(v.log, v.seq+1, p)
			v.seq = -1
		}
	}()
	if err = v.ledger.Follow(ctx, "study", holder, v.take); errors.Is(err, errBehind) {
		err = v.catchUp(ctx, v.behind)
	}
	return err
}

// catchUp brings the memory to an entry whose visits are in the views already.
func (v *studyView) catchUp(ctx context.Context, seq int64) error {
	v.stages, v.seq, v.archived = nil, 0, 0
	v.follows(v.past.at(0))
	var layout, state []byte
	var archived, corrected int64
	if err := v.ledger.Reader().QueryRowContext(ctx, `SELECT corrected FROM study_progress`).Scan(&corrected); err != nil {
		return err
	}
	if err := v.readCorrections(ctx, corrected); err != nil {
		return err
	}
	err := v.ledger.Reader().QueryRowContext(ctx, `SELECT seq, layout, state FROM study_archive`).Scan(&archived, &layout, &state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case archived <= seq:
		v.follows(v.past.at(archived))
		if !bytes.Equal(layout, v.digest[:]) {
			v.follows(v.past.at(0))
			break
		}
		stages, err := study.RestoreStages(v.layout, state)
		if err != nil {
			v.log.Warn("an archive of the study is passed over", "seq", archived, "because", err)
			v.follows(v.past.at(0))
			break
		}
		v.stages, v.seq, v.archived = stages, archived, archived
	}
	for e, err := range v.ledger.Each(ctx, v.seq) {
		if err != nil {
			return err
		}
		if e.Seq > seq {
			break
		}
		if _, _, err := v.add(&e); err != nil {
			return err
		}
	}
	return nil
}

// add takes an entry into memory and returns the visit that left with it, if
// one did.
func (v *studyView) add(e *ledger.Entry) (visit study.Finished, left bool, err error) {
	if e.Seq == 1 {
		v.follows(v.past.at(1))
		v.stages = study.NewStages(v.layout, e.Occurred)
	}
	switch {
	case e.Kind == kindCrossing:
		next, err := readCrossing(e)
		if err != nil {
			return visit, false, err
		}
		if !next.same(v.codec) {
			v.follows(next)
			v.stages = v.stages.Carry(v.layout, e.Occurred)
		}
	case strings.HasPrefix(e.Kind, gatePrefix):
		fact, err := v.codec.Fact(e)
		if err != nil {
			return visit, false, err
		}
		if at, corrected := v.corrections.at[e.Seq]; corrected {
			fact.At = at
		}
		visit, left = v.stages.Add(&fact)
	case e.Kind == ledger.KindLost:
		v.stages.Forget()
	case e.Kind == ledger.KindRecovered:
		_, emptied, err := epochOf(e)
		if err != nil {
			return visit, false, err
		}
		if v.stages.Forget(); emptied {
			v.stages = study.NewStages(v.layout, max(e.Occurred, v.stages.Clock()))
		}
	}
	v.seq = e.Seq
	return visit, left, nil
}

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

// gained is what a page of entries adds to a row.
type gained struct {
	visits int64
	times  study.StageTimes
}

// kindsOf lists the kinds a visit counts for.
func (v *studyView) kindsOf(f *study.Finished) []kind {
	way := v.layout.Directions[f.Direction]
	direction := way.Exit + "-" + way.Entry
	kinds := []kind{{direction: direction, load: border.LoadState.Of(f.Traits).String(), vehicle: border.VehicleType.Of(f.Traits).String()}}
	if f.Goods() {
		kinds = append(kinds, kind{scope: goodsOneWay, direction: direction})
	}
	return kinds
}

// take takes in a page of entries and returns what to add to the views. They
// are what they would be had all entries been added at once. At the correction
// of a time by which they were not made they begin anew.
func (v *studyView) take(ctx context.Context, entries []ledger.Entry) (write func(context.Context, *sql.Tx) error, err error) {
	first := &entries[0]
	switch {
	case first.Seq == 1:
		if err := v.begin(ctx); err != nil {
			return nil, err
		}
	case first.Seq != v.seq+1:
		v.behind = first.Seq - 1
		return nil, errBehind
	}
	before := first.Occurred
	if v.stages != nil {
		before = v.stages.Clock()
	}
	rows := map[viewKey]*gained{}
	for i := range entries {
		if e := &entries[i]; e.Kind == kindTimeCorrected && e.Seq > v.corrections.upTo {
			return beginAgain, nil
		}
		visit, left, err := v.add(&entries[i])
		if err != nil {
			return nil, err
		}
		if left {
			v.gain(rows, &visit, before)
		}
	}
	return func(ctx context.Context, tx *sql.Tx) error {
		if first.Seq == 1 {
			if err := beginAnew(ctx, tx, first.Occurred, v.corrections.upTo); err != nil {
				return err
			}
		}
		return v.fold(ctx, tx, rows, before)
	}, nil
}

// beginAnew drops the views of a ledger whose first entry is of an instant. They
// are made by the corrections up to an entry.
func beginAnew(ctx context.Context, tx *sql.Tx, begin border.Time, corrected int64) error {
	for _, statement := range []string{`DELETE FROM study_times`, `DELETE FROM study_archive`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE study_progress SET seq = 0, clock_us = 0, begin_us = $1, corrected = $2`, int64(begin), corrected)
	return err
}

// fold adds what a page gained, whose entries begin after an instant.
func (v *studyView) fold(ctx context.Context, tx *sql.Tx, rows map[viewKey]*gained, before border.Time) error {
	if err := v.write(ctx, tx, rows); err != nil {
		return err
	}
	now := v.stages.Clock()
	if err := v.rollUp(ctx, tx, before, now); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `UPDATE study_progress SET seq = $1, clock_us = $2 WHERE corrected = $3`, v.seq, int64(now), v.corrections.upTo)
	if err != nil {
		return err
	}
	if rows, err := done.RowsAffected(); err != nil || rows == 0 {
		return cmp.Or(err, errBehind) // another replica has made them anew since, by more corrections
	}
	return v.archive(ctx, tx)
}

// gain adds a visit to the hour in which it left, and to the longer spans of
// that hour that are over already: a late reading told of it.
func (v *studyView) gain(rows map[viewKey]*gained, f *study.Finished, clock border.Time) {
	hour := study.Hour.Start(f.Left, v.zone)
	kinds := v.kindsOf(f)
	add := func(span study.Span, kinds []kind) {
		for _, k := range kinds {
			key := viewKey{span, span.Key(hour, v.zone), k}
			row := rows[key]
			if row == nil {
				row = &gained{}
				rows[key] = row
			}
			row.visits++
			for _, s := range f.Times {
				row.times.Add(s.Stage, s.Time)
			}
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

// write merges what was gained into the views.
func (v *studyView) write(ctx context.Context, tx *sql.Tx, rows map[viewKey]*gained) error {
	keys := make([]viewKey, 0, len(rows))
	for key := range rows {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b viewKey) int {
		return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(a.start, b.start), cmp.Compare(a.direction, b.direction),
			cmp.Compare(a.load, b.load), cmp.Compare(a.vehicle, b.vehicle), cmp.Compare(a.scope, b.scope))
	})
	for _, key := range keys {
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
	if times, err = row.times.AppendBinary(nil); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO study_times (post, span, scope, start_us, direction, load, vehicle, visits, times)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (post, span, scope, start_us, direction, load, vehicle) DO UPDATE SET visits = excluded.visits, times = excluded.times`,
		v.post, string(key.span), key.scope, int64(key.start), key.direction, key.load, key.vehicle, row.visits, times)
	return err
}

// archive keeps what is known of the visits under way, if that was long ago.
func (v *studyView) archive(ctx context.Context, tx *sql.Tx) error {
	if v.seq-v.archived < v.every {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO study_archive (one, seq, layout, state) VALUES (1, $1, $2, $3)
ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, layout = excluded.layout, state = excluded.state`, v.seq, v.digest[:], v.stages.AppendArchive(nil))
	v.archived = v.seq
	return err
}
