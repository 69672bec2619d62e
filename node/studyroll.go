package node

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"landport/border"
	"landport/study"
)

// rollUp makes the views of the spans that ended after an instant and up to
// another from those of the shorter ones. A span that has ended gains seldom.
func (v *studyView) rollUp(ctx context.Context, tx *sql.Tx, after, upTo border.Time) error {
	for _, r := range study.Rollups() {
		for start := r.Into.Start(after, v.zone); ; {
			end := r.Into.Next(start, v.zone)
			if end > upTo {
				break
			}
			if end > after {
				if err := v.rollUpOne(ctx, tx, r, start, end, nil); err != nil {
					return err
				}
			}
			start = end
		}
	}
	return nil
}

// rollUpChanged makes those rows anew of spans that were over at an instant which
// are made of rows of hours that have changed.
func (v *studyView) rollUpChanged(ctx context.Context, tx *sql.Tx, hours map[viewKey]bool, over border.Time) error {
	for _, r := range study.Rollups() {
		rows, starts := map[viewKey]bool{}, map[border.Time]bool{}
		for key := range hours {
			if r.Into.Next(key.start, v.zone) > over {
				continue
			}
			starts[r.Into.Start(key.start, v.zone)] = true
			row := viewKey{r.Into, r.Into.Key(key.start, v.zone), key.kind}
			if rows[row] = true; row.scope == goodsOneWay {
				row.kind = kind{scope: allGoods}
				rows[row] = true
			}
		}
		for _, row := range inOrder(rows) {
			if err := v.drop(ctx, tx, row); err != nil {
				return err
			}
		}
		for _, start := range slices.Sorted(maps.Keys(starts)) {
			if err := v.rollUpOne(ctx, tx, r, start, r.Into.Next(start, v.zone), rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// rollUpOne makes the rows of a span: all, or those among some.
func (v *studyView) rollUpOne(ctx context.Context, tx *sql.Tx, r study.Rollup, start, end border.Time, among map[viewKey]bool) error {
	rows := gains{}
	for _, s := range [...]scope{oneKind, goodsOneWay, allGoods} {
		err := eachView(ctx, tx, v.post, study.Piece{Span: r.From, From: start, To: end}, s, func(w *viewRow) error {
			k := w.kind
			if k.scope = s; s == allGoods {
				k.direction = ""
			}
			key := viewKey{r.Into, r.Into.Rekey(r.From, w.start, v.zone), k}
			if among != nil && !among[key] {
				return nil
			}
			row := rows.of(key)
			row.visits += w.visits
			return row.times.MergeBinary(w.times)
		})
		if err != nil {
			return err
		}
	}
	return v.write(ctx, tx, rows)
}
