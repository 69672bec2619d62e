package ledger

import "sync"

// recent are the last entries that this process committed, so that followers in
// it need not read them from the database.
type recent struct {
	mu      sync.Mutex
	epoch   int       // after a recovery they may be others'
	batches [][]Entry // without gaps
	first   int64     // seq
	last    int64
}

// add takes in what a batch committed. A recovery leaves entries where they
// are; what it adds has gaps, and is passed over.
func (r *recent) add(epoch int, batch []Entry) {
	if len(batch) == 0 || batch[len(batch)-1].Seq-batch[0].Seq >= int64(len(batch)) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch first := batch[0].Seq; {
	case epoch != r.epoch || first > r.last+1:
		r.epoch, r.batches, r.first = epoch, nil, first
	case first <= r.last: // those of a later batch were faster
		return
	}
	r.batches, r.last = append(r.batches, batch), batch[len(batch)-1].Seq
	for r.last-r.first >= 2*followPage {
		oldest := r.batches[0]
		r.batches[0] = nil
		r.batches, r.first = r.batches[1:], oldest[len(oldest)-1].Seq+1
	}
}

// after returns a page of the entries after seq, nil if they are not known.
func (r *recent) after(epoch int, seq int64) (page []Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if epoch != r.epoch || seq+1 < r.first || seq >= r.last {
		return nil
	}
	page = make([]Entry, 0, min(r.last-seq, followPage))
	for _, batch := range r.batches {
		if skip := max(0, seq+1-batch[0].Seq); skip < int64(len(batch)) {
			batch = batch[skip:]
			page = append(page, batch[:min(len(batch), cap(page)-len(page))]...)
		}
	}
	return page
}
