package ledger

import (
	"context"
	"iter"
	"runtime"
)

// eachPage is how many entries are read at once.
const eachPage = 1000

// Each yields the committed entries after seq after, as many as there are.
// While one page is gone through the next are read and checked, on as many
// cores as there are.
func (l *Ledger) Each(ctx context.Context, after int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var ahead []<-chan page // in order
		for next, most := after, 1; ; {
			for ; len(ahead) < most; next += eachPage {
				ahead = append(ahead, l.readPage(ctx, next))
			}
			p := <-ahead[0]
			ahead = ahead[1:]
			for i := range p.entries {
				if !yield(p.entries[i], nil) {
					return
				}
			}
			after += int64(len(p.entries))
			switch {
			case p.err != nil:
				yield(Entry{}, p.err)
				return
			case len(p.entries) == 0:
				return
			case len(p.entries) == eachPage: // there may be many
				most = min(1+runtime.GOMAXPROCS(0), 3)
			default: // it was the last, or entries are missing
				ahead, next, most = nil, after, 1
			}
		}
	}
}

type page struct {
	entries []Entry
	err     error
}

func (l *Ledger) readPage(ctx context.Context, after int64) <-chan page {
	read := make(chan page, 1)
	go func() {
		entries, err := l.Entries(ctx, after, eachPage)
		read <- page{entries, err}
	}()
	return read
}
