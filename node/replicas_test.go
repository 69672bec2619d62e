package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"landport/gate"
	"landport/ledger"
)

// replica is a running node on a shared database.
func replica(t *testing.T, url string) *Node {
	t.Helper()
	n, _ := replicaUntil(t, url)
	return n
}

// replicaUntil is a replica that runs until the test ends, or stop is called.
func replicaUntil(t *testing.T, url string) (n *Node, stop func()) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	n, err = New(t.Context(), Config{Post: part(t, 0), Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	stop = sync.OnceFunc(func() {
		cancel()
		<-n.Done()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return n, stop
}

// turned is an order to make a visit's dossier ready or not, and done whether
// the gate did: it refuses what is so already.
type turned struct {
	visit int
	ready bool
}

// dossiers is what one replica alone would do: each visit's dossier is ready
// when it arrives, and turns when the order is not refused.
func dossiers() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
			for _, op := range history {
				visit := op.Input.(turned).visit
				for len(parts) <= visit {
					parts = append(parts, nil)
				}
				parts[visit] = append(parts[visit], op)
			}
			return parts
		},
		Init: func() any { return true },
		Step: func(state, input, output any) (bool, any) {
			ready := input.(turned).ready
			return output.(bool) == (state.(bool) != ready), ready
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %v", input, output) },
	}
}

// Two replicas decide as one would: whatever callers of both saw could have
// happened one after the other.
func TestReplicasDecideAsOne(t *testing.T) {
	url := cluster.Start(t).Database(t)
	nodes := []*Node{replica(t, url), replica(t, url)}
	var visits []string
	for i := range 3 {
		visits = append(visits, do(t, nodes[0], arrival(fmt.Sprint("a", i))).Reference)
	}
	waitFor(t, nodes[1], visits)
	began := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	var all sync.WaitGroup
	for caller := range 6 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(caller), 1))
			for i := range 40 {
				asked := turned{r.IntN(len(visits)), r.IntN(2) == 0}
				c := Command{ID: fmt.Sprintf("c%d-%d", caller, i), Actor: "o", Reference: visits[asked.visit], Input: gate.Input{Do: gate.SetUnready}}
				if asked.ready {
					c.Input.Do = gate.SetReady
				}
				from := time.Since(began)
				a, err := nodes[(caller+i)%2].Do(context.Background(), c)
				until := time.Since(began)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: caller, Input: asked, Call: int64(from), Output: a.Refusal == "", Return: int64(until)})
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(history) != 240 || !porcupine.CheckOperations(dossiers(), history) {
		t.Errorf("%d orders were answered as no single node would have", len(history))
	}
	broken := append([]porcupine.Operation(nil), history...)
	broken[120].Output = !broken[120].Output.(bool)
	if porcupine.CheckOperations(dossiers(), broken) {
		t.Error("the checker takes a wrong history for right")
	}
}

// waitFor waits until a replica has heard of visits.
func waitFor(t *testing.T, n *Node, references []string) {
	t.Helper()
	for _, r := range references {
		for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
			if _, ok := n.VisitOf(r); ok {
				break
			}
			if time.Since(began) > 10*time.Second {
				t.Fatalf("a replica has not heard of %s", r)
			}
		}
	}
}

// Whoever hands in the same command until it is answered has it done once, even
// if the database goes away in between.
func TestDatabaseThatComesBack(t *testing.T) {
	server := cluster.Start(t)
	url := server.Database(t)
	n := replica(t, url)
	over := make(chan struct{})
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]Answer{}
	put := func(id string) bool {
		for began := time.Now(); time.Since(began) < 60*time.Second; time.Sleep(20 * time.Millisecond) {
			c := arrival(id)
			c.Actor = "o"
			a, err := n.Do(context.Background(), c)
			if err == nil {
				mu.Lock()
				answers[id] = a
				mu.Unlock()
				return true
			}
			if !errors.Is(err, ErrNotReady) && !errors.Is(err, ErrBusy) {
				t.Error(err)
				return false
			}
		}
		t.Errorf("%s was never answered", id)
		return false
	}
	for caller := range 4 {
		all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-over:
					return
				default:
					if !put(fmt.Sprintf("c%d-%d", caller, i)) {
						return
					}
				}
			}
		})
	}
	for range 3 {
		time.Sleep(300 * time.Millisecond)
		server.Restart(t)
	}
	time.Sleep(500 * time.Millisecond)
	close(over)
	all.Wait()
	if err := n.Ready(); err != nil {
		t.Errorf("the database is back, but %v", err)
	}
	counts := map[string]int{}
	for e, err := range n.Ledger().Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == "gate.arrived" {
			counts[e.Command]++
		}
	}
	for id := range answers {
		if counts[id] != 1 {
			t.Errorf("%s was answered; the ledger has %d arrivals of it", id, counts[id])
		}
	}
	if len(answers) < 20 || len(counts) != len(answers) {
		t.Errorf("%d commands were answered, the ledger has %d", len(answers), len(counts))
	}
}
