package node

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
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
		fillUp(m, entries, func(facts []gate.Fact) { state(b, l, m, facts) })
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

// BenchmarkVerifyViews holds the tables of a ledger of many entries, some of them
// of commands, against the entries.
func BenchmarkVerifyViews(b *testing.B) {
	m := part(b, 0)
	url := "sqlite:" + filepath.Join(b.TempDir(), "ledger.db")
	l, err := ledger.Open(b.Context(), ledger.Config{URL: url, Origin: "bavet.kh"})
	if err != nil {
		b.Fatal(err)
	}
	codec, err := NewCodec(m.Layout)
	if err != nil {
		b.Fatal(err)
	}
	fillUp(m, *mostFactsAtStart, func(facts []gate.Fact) { reported(b, l, codec, facts) })
	n, err := New(b.Context(), Config{Post: m, Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx) })
	for behind := true; behind; time.Sleep(100 * time.Millisecond) {
		if err := l.Reader().QueryRowContext(ctx, `SELECT s.seq < h.size FROM study_progress s, head h`).Scan(&behind); err != nil {
			b.Fatal(err)
		}
	}
	cancel()
	running.Wait()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if differences, err := VerifyViews(b.Context(), url, m.Layout); err != nil || len(differences) > 0 {
			b.Fatal(differences, err)
		}
	}
	b.ReportMetric(float64(*mostFactsAtStart)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// reported writes facts into a ledger, those that end a drive or a service as what
// followed from commands.
func reported(b *testing.B, l *ledger.Ledger, codec *Codec, facts []gate.Fact) {
	b.Helper()
	if _, err := l.Write(b.Context(), func(batch *ledger.Batch) error {
		for i := range facts {
			e, seq := codec.Entry(&facts[i]), batch.Head().Size+int64(i)+1
			if facts[i].Kind == gate.Reached || facts[i].Kind == gate.ServiceEnded {
				e.Command = fmt.Sprint("c", seq)
				batch.Done(e.Command, ledger.Outcome{First: seq, Entries: 1, Answer: (&Answer{Sequence: seq, Entries: 1}).json()})
			}
			batch.Append(e)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
}

// fillUp writes what a simulated post does, until there are so many entries.
func fillUp(m *sim.Model, entries int64, write func([]gate.Fact)) {
	w := sim.NewWorld(m, 1, 0)
	for written := int64(0); written < entries; {
		var facts []gate.Fact
		for len(facts) < 20_000 {
			facts = append(facts, w.Step()...)
		}
		facts = facts[:min(int64(len(facts)), entries-written)]
		write(facts)
		written += int64(len(facts))
	}
}
