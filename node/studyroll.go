package node

import (
	"context"
	"database/sql"

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
				if err := v.rollUpOne(ctx, tx, r, start, end); err != nil {
					return err
				}
			}
			start = end
		}
	}
	return nil
}

func (v *studyView) rollUpOne(ctx context.Context, tx *sql.Tx, r study.Rollup, start, end border.Time) error {
	rows := map[viewKey]*gained{}
	for _, s := range [...]scope{oneKind, goodsOneWay, allGoods} {
		err := eachView(ctx, tx, v.post, study.Piece{Span: r.From, From: start, To: end}, s, func(w *viewRow) error {
			k := w.kind
			if k.scope = s; s == allGoods {
				k.direction = ""
			}
			key := viewKey{r.Into, r.Into.Rekey(r.From, w.start, v.zone), k}
			row := rows[key]
			if row == nil {
				row = &gained{}
				rows[key] = row
			}
			row.visits += w.visits
			return row.times.MergeBinary(w.times)
		})
		if err != nil {
			return err
		}
	}
	return v.write(ctx, tx, rows)
}
