package ledger

import (
	"context"
	"database/sql"
	"errors"
	"sort"

	"landport/border"
)

// Recorded returns when a personal value was recorded, and the last entry that
// was recorded before: the value's own is among those that follow, of the same
// instant. Not ok if the value was erased or never was.
func (l *Ledger) Recorded(ctx context.Context, commitment string) (at border.Time, after int64, ok bool, err error) {
	err = l.db.read.QueryRowContext(ctx, `SELECT recorded_us FROM personal WHERE commitment = $1`, commitment).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, l.db.told(ctx, err)
	}
	head, err := l.Head(ctx)
	if err != nil {
		return 0, 0, false, err
	}
	// No entry was recorded before the one ahead of it.
	after = int64(sort.Search(int(head.Size), func(i int) bool {
		if err != nil {
			return true
		}
		var recorded border.Time
		err = l.db.read.QueryRowContext(ctx, `SELECT recorded_us FROM entries WHERE seq = $1`, i+1).Scan(&recorded)
		return recorded >= at
	}))
	return at, after, err == nil, l.db.told(ctx, err)
}
