package node

import (
	"math/rand/v2"
	"slices"
	"testing"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// Whenever times are corrected, and whichever replica follows, the study is that
// of the facts at the instants that are right.
func TestTheStudyCountsCorrectedTimes(t *testing.T) {
	m, err := hutModel()
	if err != nil {
		t.Fatal(err)
	}
	facts := hutFacts(m)
	facts = facts[:len(facts)/3]
	for _, test := range engines(t) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, err := hutLedger(t.Context(), test.url)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close() //nolint:errcheck // the test is over
			r := rand.New(rand.NewPCG(3, 4))
			replicas := []*studyView{viewer(l, m), viewer(l, m)}
			var right []gate.Fact // by entry, at the instants that are right
			var told []int        // whose entries are facts
			for turn, page := range slices.Collect(slices.Chunk(facts, len(facts)/7+1)) {
				state(t, l, m, page)
				for i := range page {
					told = append(told, len(right)+i)
				}
				right = append(right, page...)
				if turn%2 == 1 { // between facts that were taken in and facts that were not
					follow(t, replicas[r.IntN(2)], int64(len(right)))
				}
				for range r.IntN(4) {
					i := told[r.IntN(len(told))]
					right[i].At = right[i].At.Add(border.Micros(r.IntN(int(border.Hour))) - border.Hour/2)
					corrects(t, l, int64(i)+1, right[i].At)
					right = append(right, gate.Fact{Kind: gate.Noted, At: right[len(right)-1].At})
				}
				follow(t, replicas[turn%2], int64(len(right)))
			}
			checkStudy(t, l, m, right)
			before := views(t, l)
			if after := anew(t, l, m, int64(len(right))); !slices.Equal(before, after) {
				t.Errorf("%d rows, made anew %d, or other ones", len(before), len(after))
			}
		})
	}
}

// corrects says of an entry when it was.
func corrects(t *testing.T, l *ledger.Ledger, fact int64, at border.Time) {
	t.Helper()
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		seq := b.Append(ledger.Entry{Occurred: b.Now(), Kind: kindTimeCorrected, Version: 1, Cause: fact, Data: compact(timeCorrectedData{Facts: []int64{fact}, At: at})})
		return b.Insert(t.Context(), "study_corrections (fact, seq, at_us)", 3, []any{fact, seq, int64(at)})
	}); err != nil {
		t.Fatal(err)
	}
}
