package node

import (
	"context"
	"database/sql"

	"landport/border"
)

// The study counts a fact at the instant that it is corrected to. The views sum
// visits up, and no visit can be taken out of them: a correction has them made
// anew from the first entry on, by all corrections there are by then.

// corrections are when facts were that are told otherwise, by their entries.
type corrections struct {
	at   map[int64]border.Time
	upTo int64 // the entry up to which there are no others
}

// readCorrections reads those up to an entry.
func (v *studyView) readCorrections(ctx context.Context, upTo int64) error {
	found := corrections{map[int64]border.Time{}, upTo}
	rows, err := v.ledger.Reader().QueryContext(ctx, `SELECT fact, at_us FROM study_corrections WHERE seq <= $1 ORDER BY seq`, upTo)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err says it
	for rows.Next() {
		var fact int64
		var at border.Time
		if err := rows.Scan(&fact, &at); err != nil {
			return err
		}
		found.at[fact] = at
	}
	v.corrections = found
	return rows.Err()
}

// begin reads those by which the views are made from the first entry on: all that
// there are, unless it was said up to which entry.
func (v *studyView) begin(ctx context.Context) error {
	upTo := v.correctedTo
	if upTo == 0 {
		head, err := v.ledger.Head(ctx)
		if err != nil {
			return err
		}
		upTo = head.Size
	}
	v.stages, v.seq, v.archived = nil, 0, 0
	return v.readCorrections(ctx, upTo)
}

// beginAgain has the follower be handed all entries once more.
func beginAgain(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE followers SET position = 0 WHERE name = 'study'`)
	return err
}
