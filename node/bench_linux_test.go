package node

import (
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"landport/gate"
	"landport/ledger"
	"landport/sim"
)

// mostFactsAtStart is up to how many facts BenchmarkStart has a node begin with.
var mostFactsAtStart = flag.Int64("facts", 1_000_000, "how many facts BenchmarkStart goes up to")

// BenchmarkStart opens a node on a ledger of many entries: from a snapshot, and
// replaying everything.
func BenchmarkStart(b *testing.B) {
	for entries := int64(100_000); entries <= *mostFactsAtStart; entries *= 10 {
		m := part(b, 0)
		l, err := ledger.Open(b.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(b.TempDir(), "ledger.db"), Origin: "bavet.kh"})
		if err != nil {
			b.Fatal(err)
		}
		c := Config{Post: m, Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)}
		fillUp(b, l, m, entries)
		n, err := New(b.Context(), c) // makes the index
		if err != nil {
			b.Fatal(err)
		}
		start := func(b *testing.B) {
			b.Helper()
			for b.Loop() {
				if _, err := New(b.Context(), c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/start")
		}
		b.Run(fmt.Sprintf("facts=%d/replay", entries), start)
		n.keepSnapshot(b.Context(), 1)
		b.Run(fmt.Sprintf("facts=%d/snapshot", entries), start)
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// fillUp writes what a simulated post does into a ledger, until it has so many
// entries.
func fillUp(b *testing.B, l *ledger.Ledger, m *sim.Model, entries int64) {
	b.Helper()
	w := sim.NewWorld(m, 1, 0)
	for written := int64(0); written < entries; {
		var facts []gate.Fact
		for len(facts) < 20_000 {
			facts = append(facts, w.Step()...)
		}
		facts = facts[:min(int64(len(facts)), entries-written)]
		state(b, l, m, facts)
		written += int64(len(facts))
	}
}
