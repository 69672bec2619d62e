package ledger

import (
	"context"
	"iter"
)

// eachPage is how many entries are read at once.
const eachPage = 1000

// Each yields the committed entries after seq after, as many as there are.
// While one page is gone through the next is read and checked.
func (l *Ledger) Each(ctx context.Context, after int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for next := l.page(ctx, after); ; {
			p := <-next
			if n := len(p.entries); n > 0 {
				next = l.page(ctx, p.entries[n-1].Seq)
			}
			for i := range p.entries {
				if !yield(p.entries[i], nil) {
					return
				}
			}
			if p.err != nil {
				yield(Entry{}, p.err)
			}
			if p.err != nil || len(p.entries) == 0 {
				return
			}
		}
	}
}

type page struct {
	entries []Entry
	err     error
}

// page begins to read the page after an entry.
func (l *Ledger) page(ctx context.Context, after int64) <-chan page {
	read := make(chan page, 1)
	go func() {
		entries, err := l.Entries(ctx, after, eachPage)
		read <- page{entries, err}
	}()
	return read
}
