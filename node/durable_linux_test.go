package node

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/ledger/pgtest"
	"landport/scenarios"
	"landport/sim"
)

// leastOfBare is no aim: it lies below the worst that has been measured beside
// other programs, so that only speed that was lost goes past it.
const leastOfBare = 0.3

// BenchmarkDurableInputs has so many callers at once work vehicles through a
// post of many lanes, each waiting until its command is durable. In the same
// run a bare loop then writes the very rows that came of it into empty tables of
// the same engine, in as many transactions, and computes nothing: of-bare is how
// fast the node is beside it.
//
// commit-p99-fdatasyncs is the 99th percentile of how long a transaction took,
// from its beginning to the end of its commit, and wait-p99-fdatasyncs that of a
// caller's wait; both in multiples of the mean time in which this machine
// appends as many bytes to a file as a commit adds to the database, in whole
// pages, and makes them durable.
func BenchmarkDurableInputs(b *testing.B) {
	server := pgtest.Start(b)
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		for _, callers := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/callers=%d", engine, callers), func(b *testing.B) {
				fresh := func() string {
					if engine == "SQLite" {
						return "sqlite:" + filepath.Join(b.TempDir(), "ledger.db")
					}
					return server.Database(b)
				}
				benchDurable(b, fresh, callers)
			})
		}
	}
}

//go:embed testdata/many-lanes.yaml
var manyLanes []byte

// busyPost is the post of BenchmarkDurableInputs.
func busyPost(b *testing.B) *sim.Model {
	b.Helper()
	file, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode("many-lanes.yaml", manyLanes)
	if err != nil {
		b.Fatal(err)
	}
	m, err := file.Model()
	if err != nil {
		b.Fatal(err)
	}
	post, err := m.Part(0)
	if err != nil {
		b.Fatal(err)
	}
	return post
}

func benchDurable(b *testing.B, fresh func() string, callers int) {
	b.Helper()
	url, post := fresh(), busyPost(b)
	// Eight in the morning, whenever it runs: what a post does depends on it.
	clock := NewScaledClock(time.Now, border.At(morning()), 1)
	open := func(url string) (*ledger.Ledger, *Node) {
		l, err := ledger.Open(b.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Shared: true, Clock: clock.Now})
		if err != nil {
			b.Fatal(err)
		}
		n, err := New(b.Context(), Config{Post: post, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		return l, n
	}
	l, n := open(url)
	var commits []time.Duration
	n.OnCommit(func(c Commit) { commits = append(commits, c.Whole) })
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	share := make([]int, callers)
	for i := range b.N {
		share[i%callers]++
	}
	waits := make([][]time.Duration, callers)
	used := processor(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			waits[i] = (&caller{node: n, name: fmt.Sprint("c", i, "-"), direction: gate.Direction(i % 2)}).work(b, share[i])
		})
	}
	all.Wait()
	b.StopTimer()
	took := b.Elapsed()
	used = processor(b) - used
	cancel()
	<-n.Done()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/took.Seconds(), "inputs/s")
	bare := rewrite(b, url, fresh(), open)
	once := float64(fdatasync(b, bare.bytes/int64(bare.turns)))
	part := float64(bare.used) / float64(used)
	if b.ReportMetric(part, "processor-of-bare"); part < leastOfBare && b.N >= 1000 {
		b.Errorf("speed was lost: the bare loop takes %.2f of the node's processor time; %.1f is the least it may be", part, leastOfBare)
	}
	b.ReportMetric(float64(b.N)/float64(bare.turns), "inputs/commit")
	b.ReportMetric(float64(bare.took)/float64(took), "of-bare")
	b.ReportMetric(float64(bare.entries)/float64(b.N), "facts/input")
	b.ReportMetric(float64(bare.bytes)/float64(bare.entries), "bytes/fact")
	b.ReportMetric(float64(percentile99(commits))/once, "commit-p99-fdatasyncs")
	b.ReportMetric(float64(percentile99(slices.Concat(waits...)))/once, "wait-p99-fdatasyncs")
}

func percentile99(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)*99/100]
}

// caller is a person or device at the post with some vehicles to look after, one
// after the other as they need it.
type caller struct {
	node      *Node
	name      string // begins its idempotency keys
	asked     int
	direction gate.Direction
	vehicles  []string // references, the longest here first
}

// caresFor is how many vehicles a caller has at the post. When all of them wait
// for others it sends one back, as drivers do who give up.
const caresFor = 2

// work hands in so many commands and returns how long each took.
func (c *caller) work(b *testing.B, times int) (waits []time.Duration) {
	b.Helper()
	for range times {
		command := c.next()
		began := time.Now()
		a, err := c.node.Do(context.Background(), command)
		waits = append(waits, time.Since(began))
		if err != nil && !errors.Is(err, ErrBusy) {
			b.Error(err)
			return waits
		}
		if a.Reference != "" {
			c.vehicles = append(c.vehicles, a.Reference)
		}
	}
	return waits
}

// next is what there is to report now.
func (c *caller) next() Command {
	c.asked++
	out := Command{ID: c.name + fmt.Sprint(c.asked), Actor: "o"}
	c.vehicles = slices.DeleteFunc(c.vehicles, func(reference string) bool {
		if out.Reference != "" {
			return false
		}
		phase := c.phase(reference)
		switch phase {
		case gate.PhaseCalled:
			out.Reference, out.Input.Do = reference, gate.ObserveEntered
		case gate.PhaseDriving:
			out.Reference, out.Input.Do = reference, gate.ObserveReached
		case gate.PhaseInService:
			out.Reference, out.Input.Do = reference, gate.ObserveServed
		}
		return phase == gate.PhaseEnded
	})
	switch {
	case out.Reference != "":
	case len(c.vehicles) < caresFor:
		out.Input = gate.Input{Do: gate.ObserveArrival, Traits: truck, Direction: c.direction}
	default:
		out.Reference, out.Input = c.vehicles[0], gate.Input{Do: gate.ObserveGone, Reason: gate.ByDriver}
	}
	return out
}

// phase is what a screen shows of a vehicle.
func (c *caller) phase(reference string) gate.Phase {
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	if v := c.node.screen.byReference[reference]; v != nil {
		return v.Phase
	}
	return gate.PhaseEnded
}

// processor is how much of it this process has used, which says more than time
// where others use it too. What an engine uses in a process of its own is not in it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// fdatasync is how long this machine takes to append so many bytes, in whole
// pages, and to make them durable.
func fdatasync(b *testing.B, bytes int64) time.Duration {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nobody reads it
	const page = 4096
	pages := []byte(strings.Repeat("x", int((bytes+page-1)/page*page)))
	const times = 200
	began := time.Now()
	for range times {
		if _, err := file.Write(pages); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began) / times
}
