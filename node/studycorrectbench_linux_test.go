package node

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
)

// BenchmarkCorrection corrects when visits were served that came at any time of a
// ledger of many entries, beside making the study anew from its first entry.
func BenchmarkCorrection(b *testing.B) {
	m := part(b, 0)
	l, err := ledger.Open(b.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(b.TempDir(), "ledger.db"), Origin: "bavet.kh", Rooms: []ledger.Migrations{studyTables()}})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the benchmark is over
	var ended []int64
	var at []border.Time
	seq := int64(0)
	fillUp(m, *mostFactsAtStart, func(facts []gate.Fact) {
		state(b, l, m, facts)
		for i := range facts {
			if seq++; facts[i].Kind == gate.ServiceEnded {
				ended, at = append(ended, seq), append(at, facts[i].At)
			}
		}
	})
	v := viewer(l, m)
	v.every = archiveEvery
	r := rand.New(rand.NewPCG(1, 1))
	began, used := time.Now(), processor(b)
	takeIn(b, v, l)
	whole, busy := time.Since(began), processor(b)-used
	var each, eachBusy time.Duration
	for b.Loop() {
		i := r.IntN(len(ended))
		corrects(b, l, at[i].Add(-border.Micros(r.IntN(int(border.Minute)))), ended[i])
		began, used = time.Now(), processor(b)
		takeIn(b, v, l)
		each, eachBusy = each+time.Since(began), eachBusy+processor(b)-used
	}
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N) }
	var room, of int64
	if err := l.Reader().QueryRowContext(b.Context(), `SELECT SUM(LENGTH(state)), COUNT(*) FROM study_archive`).Scan(&room, &of); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(room)/float64(of), "B/archive")
	b.ReportMetric(whole.Seconds(), "s/whole")
	b.ReportMetric(busy.Seconds(), "processor-s/whole")
	b.ReportMetric(per(each), "ms/correction")
	b.ReportMetric(per(eachBusy), "processor-ms/correction")
	b.ReportMetric(whole.Seconds()*1000/per(each), "corrections/whole")
}

// takeIn has the views take in all entries.
func takeIn(b *testing.B, v *studyView, l *ledger.Ledger) {
	b.Helper()
	for {
		page, err := l.Entries(b.Context(), v.seq, 4096)
		if err != nil {
			b.Fatal(err)
		}
		if len(page) == 0 {
			return
		}
		fold, err := v.take(b.Context(), page)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := l.Write(b.Context(), func(batch *ledger.Batch) error { return fold(b.Context(), batch.Tx()) }); err != nil {
			b.Fatal(err)
		}
	}
}
