package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/study"
)

// A study that panics cannot be told, and says so; the node decides on, and
// starts again.
func TestAStudyThatFailsStopsNobody(t *testing.T) {
	for _, c := range []struct {
		what  string
		spoil func(n *Node)
	}{
		{"while facts come", func(n *Node) { n.study = &study.Collector{} }},
		{"in its views", func(n *Node) {
			layout, codec := *n.codec.layout, *n.codec
			layout.Policies, codec.layout = nil, &layout
			n.crossings = crossings{{codec: &codec}}
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "bavet.kh"})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close() //nolint:errcheck // the test is over
			heard := &said{}
			clock := NewScaledClock(time.Now, border.At(morning()), 1)
			n, err := New(t.Context(), Config{Post: part(t, 0), Ledger: l, Clock: clock, Log: heard.logger()})
			if err != nil {
				t.Fatal(err)
			}
			c.spoil(n)
			ctx, cancel := context.WithCancel(t.Context())
			go n.Run(ctx)
			do(t, n, arrival("a1"))
			for n.Untold() == nil {
				if t.Context().Err() != nil {
					t.Fatal("nobody is told that the study failed")
				}
				time.Sleep(time.Millisecond)
			}
			if _, _, err := n.Study(t.Context()); !errors.Is(err, ErrUntold) {
				t.Errorf("the study is told: %v", err)
			}
			if a := do(t, n, arrival("a2")); a.Reference == "" || n.Ready() != nil {
				t.Errorf("the node does not go on: %+v, %v", a, n.Ready())
			}
			cancel()
			<-n.Done()
			heard.mu.Lock()
			if told := strings.Join(heard.lines, ""); !strings.Contains(told, "the study cannot be told any more") {
				t.Errorf("its log says %q", told)
			}
			heard.mu.Unlock()
			n, err = New(t.Context(), Config{Post: part(t, 0), Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
			if err != nil || n.Untold() != nil || n.Present() != 2 {
				t.Errorf("it starts again with %v", err)
			}
		})
	}
}

// brokenVictim runs a node that cannot show who comes, as a program does, with a
// caller and a page that look at it.
func brokenVictim(url string) {
	m, err := loadPart(0)
	var l *ledger.Ledger
	var n *Node
	if err == nil {
		l, err = ledger.Open(context.Background(), ledger.Config{URL: url, Origin: "bavet.kh"})
	}
	if err == nil {
		n, err = New(context.Background(), Config{Post: m, Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)})
	}
	if err == nil {
		n.screen.visits = nil
		go n.Run(context.Background())
		c := arrival("a1")
		c.Actor = "operator-1"
		_, err = n.Do(context.Background(), c)
		for errors.Is(err, ErrStopped) {
			_ = n.Ready() // it would hang while somebody holds the lock
		}
	}
	fmt.Fprintln(os.Stderr, "it did not end by itself:", err)
	os.Exit(0)
}

// A node that may show something wrong ends its process, which says at which
// entry and why, and holds nothing: another can begin.
func TestAPanicEndsTheProcess(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "ledger.db")
	c := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	c.Env = append(os.Environ(), victimURL+"="+url, victimName+"=broken")
	told, err := c.CombinedOutput()
	if err == nil || c.ProcessState.ExitCode() == 0 {
		t.Errorf("it ends with %v", err)
	}
	for _, want := range []string{"entry 2, gate.arrived", "assignment to entry in nil map", "landport/node.(*screen).file"} {
		if !strings.Contains(string(told), want) {
			t.Errorf("it does not say %q:\n%s", want, told)
		}
	}
	clock := NewWallClock(time.Now)
	n, l := idle(t, url, clock)
	defer l.Close() //nolint:errcheck // the test is over
	if n.Present() != 1 {
		t.Errorf("%d visits are there", n.Present())
	}
}

// A panic of Run leaves nobody waiting: neither who asks nor who follows.
func TestAPanicHoldsNothing(t *testing.T) {
	n, l := opened(t, part(t, 0), filepath.Join(t.TempDir(), "ledger.db"), NewScaledClock(time.Now, border.At(morning()), 1))
	defer l.Close() //nolint:errcheck // the test is over
	n.screen.visits = nil
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan any)
	go func() {
		defer func() { ended <- recover() }()
		n.Run(ctx)
	}()
	c := arrival("a1")
	c.Actor = "operator-1"
	if _, err := n.Do(t.Context(), c); !errors.Is(err, ErrStopped) {
		t.Errorf("the caller is told %v", err)
	}
	if why := fmt.Sprint(<-ended); !strings.HasPrefix(why, "entry 2, gate.arrived: ") {
		t.Errorf("it ends with %q", why)
	}
	if err := n.Ready(); err != nil {
		t.Error(err) // nobody holds the lock
	}
	if _, err := l.Write(t.Context(), func(b *ledger.Batch) error {
		b.Append(n.codec.Entry(&gate.Fact{Kind: gate.PolicySet, At: b.Now()}))
		return nil
	}); err != nil {
		t.Errorf("the ledger is held: %v", err)
	}
}
