package ledger

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever batches come in whichever order, what is handed out follows what was
// asked after, without gaps, and is of the epoch asked for.
func TestRecentEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r recent
		epoch, size := 1, int64(0)
		var late []Entry
		for range rapid.IntRange(1, 30).Draw(t, "batches") {
			var batch []Entry
			for range rapid.SampledFrom([]int64{1, 3, followPage / 3, 3 * followPage}).Draw(t, "entries") {
				size++
				batch = append(batch, Entry{Seq: size, Version: epoch})
			}
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0: // another replica's
			case 1:
				late = batch
			case 2: // a recovery: some entries are lost
				epoch++
				size -= rapid.Int64Range(0, size-1).Draw(t, "lost")
				late = nil
			default:
				r.add(epoch, batch)
				if late != nil {
					r.add(epoch, late)
					late = nil
				}
			}
			after := rapid.Int64Range(max(0, size-2*followPage), size).Draw(t, "after")
			page := r.after(epoch, after)
			for i, e := range page {
				if e.Seq != after+1+int64(i) || e.Version != epoch {
					t.Fatalf("after %d of epoch %d, place %d is entry %d of epoch %d", after, epoch, i, e.Seq, e.Version)
				}
			}
			if len(page) > followPage || r.last-r.first >= 2*followPage {
				t.Fatalf("a page of %d entries, %d to %d are kept", len(page), r.first, r.last)
			}
		}
	})
}
