package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"landport/border"
	"landport/ledger"
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
// under way: some hundredths of a second's worth of replay. archivesMost is how
// many are kept: in a ledger of more than ten million entries they lie further
// apart.
const (
	archiveEvery = 5_000
	archivesMost = 2_048
)

// studyView folds the ledger into the study's views. It is a follower: what it
// knows of the visits under way is in memory, and made anew from an archive and
// the entries since wherever it does not stand where the next entry does.
type studyView struct {
	studied

	ledger *ledger.Ledger
	log    *slog.Logger
	post   string
	zone   *time.Location
	every  int64 // entries between archives
	most   int64 // archives
	kept   int64 // the last entry of which there is one
	behind int64 // where the memory has to be brought before anything is folded
	again  int64 // the entry at which the views have to be made from the first one on

	foreknown   int64 // up to which entry corrections were known when the views began
	correctedTo int64 // up to which they are to be known when the views begin; 0 for all there are
}

// errBehind ends a turn as follower whose memory has to be brought up first.
var errBehind = errors.New("the study is behind")

func newStudyView(l *ledger.Ledger, past crossings, log *slog.Logger) *studyView {
	v := &studyView{studied: studied{past: past}, ledger: l, log: log, every: archiveEvery, most: archivesMost}
	v.restart()
	v.post, v.zone = v.layout.Posts[0].Name, Zone(v.layout, 0) // these stay
	return v
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
	switch err = v.ledger.Follow(ctx, "study", holder, v.take); {
	case errors.Is(err, errBehind):
		return v.catchUp(ctx, v.behind)
	case errors.Is(err, errUntaken):
		return nil // and the views are begun again
	}
	return err
}

// catchUp brings the memory to an entry whose visits are in the views already.
func (v *studyView) catchUp(ctx context.Context, seq int64) (err error) {
	if err = v.ledger.Reader().QueryRowContext(ctx, `SELECT corrected FROM study_progress`).Scan(&v.foreknown); err != nil {
		return err
	}
	if v.corrected, err = readCorrections(ctx, v.ledger, max(v.foreknown, seq)); err != nil {
		return err
	}
	v.restart()
	if err = v.restore(ctx, v.ledger, v.log, seq); err != nil {
		return err
	}
	v.kept = v.seq
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

// take takes in a page of entries and returns what to add to the views. They
// are what they would be had all entries been added at once, by the corrections
// there are by then.
func (v *studyView) take(ctx context.Context, entries []ledger.Entry) (write func(context.Context, *sql.Tx) error, err error) {
	first := &entries[0]
	switch {
	case first.Seq == 1:
		if err := v.begin(ctx); err != nil {
			return nil, err
		}
	case first.Seq == v.again:
		return beginAgain, nil
	case first.Seq != v.seq+1:
		v.behind = first.Seq - 1
		return nil, errBehind
	}
	p := studyPage{rows: gains{}, changed: map[viewKey]bool{}, before: first.Occurred}
	if v.stages != nil {
		p.before = v.stages.Clock()
	}
	var c corrections
	for i := range entries {
		e := &entries[i]
		visit, left, err := v.add(e)
		if err != nil {
			return nil, err
		}
		if left {
			v.gain(p.rows, &visit, p.before)
		}
		if err := c.note(e, v.foreknown); err != nil {
			return nil, err
		}
	}
	if err := v.correct(ctx, &c, &p); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *sql.Tx) error {
		if first.Seq == 1 {
			if err := beginAnew(ctx, tx, first.Occurred, v.foreknown); err != nil {
				return err
			}
		}
		err := v.fold(ctx, tx, &p)
		if errors.Is(err, errUntaken) {
			v.again = first.Seq
		}
		return err
	}, nil
}

// begin has the views made from the first entry on, by all corrections that there
// are, unless it was said up to which entry.
func (v *studyView) begin(ctx context.Context) (err error) {
	if v.foreknown = v.correctedTo; v.foreknown == 0 {
		head, err := v.ledger.Head(ctx)
		if err != nil {
			return err
		}
		v.foreknown = head.Size
	}
	v.restart()
	v.kept, v.again = 0, 0
	v.corrected, err = readCorrections(ctx, v.ledger, v.foreknown)
	return err
}

// beginAgain has the follower be handed all entries once more.
func beginAgain(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE followers SET position = 0 WHERE name = 'study'`)
	return err
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

// studyPage is what a page of entries comes to.
type studyPage struct {
	before  border.Time // the clock ahead of it
	rows    gains
	changed map[viewKey]bool // rows of hours whose visits were corrected
	kept    []keptStudy      // earlier archives, as they are by what was corrected
}

// fold adds what a page comes to.
func (v *studyView) fold(ctx context.Context, tx *sql.Tx, p *studyPage) error {
	if err := v.write(ctx, tx, p.rows); err != nil {
		return err
	}
	if err := v.rollUpChanged(ctx, tx, p.changed, p.before); err != nil {
		return err
	}
	now := v.stages.Clock()
	if err := v.rollUp(ctx, tx, p.before, now); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `UPDATE study_progress SET seq = $1, clock_us = $2 WHERE corrected = $3`, v.seq, int64(now), v.foreknown)
	if err != nil {
		return err
	}
	if rows, err := done.RowsAffected(); err != nil || rows == 0 {
		return cmp.Or(err, errBehind) // another replica has made them anew since, by more corrections
	}
	for i := range p.kept {
		if err := p.kept[i].write(ctx, tx); err != nil {
			return err
		}
	}
	return v.archive(ctx, tx)
}

// archive keeps what is known of the visits under way, if that was long ago, and
// as many as may be of those kept before, as far apart as it takes.
func (v *studyView) archive(ctx context.Context, tx *sql.Tx) error {
	if v.seq-v.kept < v.every {
		return nil
	}
	k := keptStudy{v.seq, v.digest, v.archived()}
	if err := k.write(ctx, tx); err != nil {
		return err
	}
	v.kept = v.seq
	apart := v.every
	for v.seq/apart >= v.most {
		apart *= 2
	}
	if apart == v.every {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM study_archive WHERE seq < $1 AND seq NOT IN (SELECT MIN(seq) FROM study_archive GROUP BY seq / $2)`, v.seq, apart)
	return err
}

// keptStudy is an archive: the visits under way at an entry.
type keptStudy struct {
	seq    int64
	layout [sha256.Size]byte
	state  []byte
}

// write puts it where it belongs.
func (k *keptStudy) write(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO study_archive (seq, layout, state) VALUES ($1, $2, $3)
ON CONFLICT (seq) DO UPDATE SET layout = excluded.layout, state = excluded.state`, k.seq, k.layout[:], k.state)
	return err
}
