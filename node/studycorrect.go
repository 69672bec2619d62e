package node

import (
	"bytes"
	"context"
	"slices"

	"landport/border"
	"landport/ledger"
	"landport/study"
)

// The study counts a fact at the instant that it is corrected to. Whose times
// that changes depends on all who were there, so the entries are gone through
// again from the archive ahead of the fact on, as they were told and as they are
// right, until both come to the same: who left otherwise is taken out of the views
// and counted anew, and archives on the way are written as they are right.

// readCorrections reads when facts were that are told otherwise by entries up to
// one.
func readCorrections(ctx context.Context, l *ledger.Ledger, upTo int64) (map[int64]border.Time, error) {
	rows, err := l.Reader().QueryContext(ctx, `SELECT fact, at_us FROM study_corrections WHERE seq <= $1 ORDER BY seq`, upTo)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	at := map[int64]border.Time{}
	for rows.Next() {
		var fact int64
		var is border.Time
		if err := rows.Scan(&fact, &is); err != nil {
			return nil, err
		}
		at[fact] = is
	}
	return at, rows.Err()
}

// corrections are those of a page of entries.
type corrections struct {
	first int64   // the entry of the first of them
	facts []int64 // the entries that they correct
}

// note notes an entry that is one and was not known before.
func (c *corrections) note(e *ledger.Entry, known int64) error {
	if e.Kind != kindTimeCorrected || e.Seq <= known {
		return nil
	}
	d, err := retimings(e)
	if len(c.facts) == 0 {
		c.first = e.Seq
	}
	c.facts = append(c.facts, d.Facts...)
	return err
}

// correct has the page and the memory be as they are by corrections in the page.
func (v *studyView) correct(ctx context.Context, c *corrections, p *studyPage) error {
	if len(c.facts) == 0 {
		return nil
	}
	slices.Sort(c.facts)
	r := retold{view: v, page: p, facts: slices.Compact(c.facts), right: studied{past: v.past}}
	var err error
	if r.told, err = readCorrections(ctx, v.ledger, c.first-1); err != nil {
		return err
	}
	if r.right.corrected, err = readCorrections(ctx, v.ledger, v.seq); err != nil {
		return err
	}
	if r.archives, err = v.archives(ctx); err != nil {
		return err
	}
	r.right.restart()
	for len(r.facts) > 0 && r.right.seq < v.seq {
		if err := r.right.restore(ctx, v.ledger, v.log, r.facts[0]-1); err != nil {
			return err
		}
		if err := r.tell(ctx); err != nil {
			return err
		}
	}
	if r.right.seq == v.seq {
		v.stages = r.right.stages
	}
	return nil
}

// archives lists the entries of which there are archives.
func (v *studyView) archives(ctx context.Context) (seqs []int64, err error) {
	rows, err := v.ledger.Reader().QueryContext(ctx, `SELECT seq FROM study_archive ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// retold goes through entries again for a page in which some are corrected.
type retold struct {
	view     *studyView
	page     *studyPage
	facts    []int64 // the entries that are corrected, as far as they are ahead
	archives []int64 // the entries of which there are archives
	right    studied
	was      *studied // as it was told, while that comes to something else
	told     map[int64]border.Time
}

// sameEvery is after how many entries it is looked whether both come to the same.
const sameEvery = 500

// tell goes on until both come to the same and the next fact is behind another
// archive, or to the end of the page.
func (r *retold) tell(ctx context.Context) error {
	for e, err := range r.view.ledger.Each(ctx, r.right.seq) {
		switch {
		case err != nil:
			return err
		case e.Seq > r.view.seq:
			return nil
		case len(r.facts) > 0 && e.Seq == r.facts[0]:
			r.facts = r.facts[1:]
			if err := r.part(); err != nil {
				return err
			}
		}
		if err := r.add(&e); err != nil {
			return err
		}
		if e.Seq%sameEvery == 0 && r.same() && r.skips() {
			return nil
		}
	}
	return nil
}

// part has what was told come to something else from here on.
func (r *retold) part() (err error) {
	if r.was == nil {
		r.was, err = r.right.copied()
	}
	if err == nil {
		r.was.corrected = r.told
	}
	return err
}

// same reports whether both come to the same from here on.
func (r *retold) same() bool {
	if r.was != nil && bytes.Equal(r.was.archived(), r.right.archived()) {
		r.was = nil
	}
	return r.was == nil
}

// skips reports whether there is an archive ahead of the next fact, or none to come.
func (r *retold) skips() bool {
	next, _ := slices.BinarySearch(r.archives, r.right.seq+1)
	return len(r.facts) == 0 || next < len(r.archives) && r.archives[next] < r.facts[0]
}

// add takes an entry into both, and who leaves otherwise out of the views and in
// again.
func (r *retold) add(e *ledger.Entry) error {
	right, left, err := r.right.add(e)
	if err != nil {
		return err
	}
	if _, kept := slices.BinarySearch(r.archives, e.Seq); kept {
		r.page.kept = append(r.page.kept, keptStudy{e.Seq, r.right.digest, r.right.archived()})
	}
	if r.was == nil {
		return nil
	}
	was, _, err := r.was.add(e)
	if err != nil || !left || was.Left == right.Left && slices.Equal(was.Times, right.Times) {
		return err
	}
	for _, key := range r.hourOf(&was) {
		row := r.page.rows.of(key)
		row.visits--
		row.lost = append(row.lost, was.Times...)
	}
	for _, key := range r.hourOf(&right) {
		r.page.rows.of(key).add(&right)
	}
	return nil
}

// hourOf lists the rows of the hour in which a visit left, which change.
func (r *retold) hourOf(f *study.Finished) (keys []viewKey) {
	for _, k := range r.right.kindsOf(f) {
		key := viewKey{study.Hour, study.Hour.Start(f.Left, r.view.zone), k}
		r.page.changed[key] = true
		keys = append(keys, key)
	}
	return keys
}
