package ledger

import (
	"slices"
	"sync"
)

// recent are the last entries that this process committed, so that followers in
// it need not read them from the database.
type recent struct {
	mu      sync.Mutex
	epoch   int     // after a recovery they may be others'
	entries []Entry // without gaps
}

// add takes in what a batch committed. A recovery leaves entries where they
// are; what it adds has gaps, and is passed over.
func (r *recent) add(epoch int, entries []Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entries = entries[max(0, len(entries)-followPage):]
	if len(entries) == 0 || entries[len(entries)-1].Seq-entries[0].Seq >= int64(len(entries)) {
		return
	}
	n, last := len(r.entries), int64(0)
	if n > 0 {
		last = r.entries[n-1].Seq
	}
	switch {
	case epoch != r.epoch || entries[0].Seq > last+1:
		r.epoch, r.entries = epoch, nil
	case entries[0].Seq <= last: // those of a later batch were faster
		return
	case n >= 2*followPage:
		r.entries = slices.Clone(r.entries[n-followPage:])
	}
	r.entries = append(r.entries, entries...)
}

// after returns a page of the entries after seq, nil if they are not known.
func (r *recent) after(epoch int, seq int64) []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.entries) == 0 || epoch != r.epoch {
		return nil
	}
	from := seq + 1 - r.entries[0].Seq
	if from < 0 || from >= int64(len(r.entries)) {
		return nil
	}
	page := r.entries[from:]
	return slices.Clip(page[:min(len(page), followPage)])
}
