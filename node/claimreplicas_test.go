package node

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"landport/border"
	"landport/gate"
)

// came is an arrival with a plate, or a departure, under a reference; "" is none.
type came struct {
	reference, plate string
	leaves           bool
}

// nobody is what is answered of a reference that is of no visit.
const nobody = "nobody"

// register is what one replica alone would know: how many numbers were given, and
// of every reference that is a visit's whether it is here, and its plate.
type register struct {
	serial uint64
	here   map[string]bool
	plate  map[string]string
}

// step is what becomes of the register, and what is answered: the reference under
// which a visit came or is here already, "" if it leaves.
func (r register) step(c came) (register, string) {
	here, known := r.here[c.reference]
	switch {
	case c.leaves && !known:
		return r, nobody
	case here && !c.leaves && r.plate[c.reference] == c.plate:
		return r, c.reference
	case known && !here && c.leaves:
		return r, ""
	}
	r.here, r.plate = maps.Clone(r.here), maps.Clone(r.plate)
	if c.leaves {
		r.here[c.reference] = false
		return r, ""
	}
	r.serial++
	name := c.reference
	if ref, err := border.ParseReference(name); err != nil || ref.Country == "KH" || known {
		name = border.MintReference("KH", 1, r.serial).String()
	}
	r.here[name], r.plate[name] = true, c.plate
	return r, name
}

func registers() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return register{here: map[string]bool{}, plate: map[string]string{}} },
		Step: func(state, input, output any) (bool, any) {
			next, answer := state.(register).step(input.(came))
			return answer == output.(string), next
		},
		Equal:             reflect.DeepEqual,
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %v", input, output) },
	}
}

// Whoever claims which reference at which replica, every visit has one of its
// own, all replicas agree whose it is, and one that starts anew agrees too.
func TestReplicasAgreeWhoseReferenceItIs(t *testing.T) {
	url := cluster.Start(t).Database(t)
	var nodes [2]atomic.Pointer[Node]
	first, stop := replicaUntil(t, url)
	nodes[0].Store(first)
	nodes[1].Store(replica(t, url))
	began := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	round := func(round uint64) {
		var all sync.WaitGroup
		for caller := range 4 {
			all.Go(func() {
				r := rand.New(rand.NewPCG(uint64(caller), round))
				for i := range 25 {
					asked := came{leaves: r.IntN(4) == 0, plate: []string{"2A-1111", "9Z-9999"}[r.IntN(2)]}
					switch r.IntN(3) {
					case 0:
						asked.reference = border.MintReference("KH", 1, 1+r.Uint64N(80)).String()
					case 1:
						asked.reference = border.MintReference("VN", 1, 1+r.Uint64N(6)).String()
					}
					if asked.leaves && asked.reference == "" {
						asked.reference = border.MintReference("KH", 1, 1+r.Uint64N(10)).String()
					}
					id := fmt.Sprintf("r%d-c%d-%d", round, caller, i)
					c := plated(id, asked.reference, asked.plate)
					if asked.leaves {
						c = gone(id, asked.reference)
					}
					c.Actor = "o"
					from := time.Since(began)
					a, err := nodes[(caller+i)%2].Load().Do(context.Background(), c)
					until := time.Since(began)
					answer := a.Reference
					if _, unknown := errors.AsType[*UnknownReference](err); unknown {
						answer, err = nobody, nil
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: caller, Input: asked, Call: int64(from), Output: answer, Return: int64(until)})
					mu.Unlock()
				}
			})
		}
		all.Wait()
	}
	round(1)
	stop()
	nodes[0].Store(replica(t, url))
	round(2)
	if len(history) != 200 || !porcupine.CheckOperations(registers(), history) {
		t.Errorf("%d commands were answered as no single node would have", len(history))
	}
	fresh := replica(t, url)
	whose := map[gate.VisitID]string{}
	for _, op := range history {
		reference := op.Output.(string)
		if reference == "" || reference == nobody {
			continue
		}
		want, _, _ := fresh.Record(t.Context(), reference)
		if other, twice := whose[want.ID]; twice && other != reference || want.Reference != reference {
			t.Errorf("%s is of visit %d, which is %s, and %s", reference, want.ID.Serial(), want.Reference, other)
		}
		whose[want.ID] = reference
		for i := range nodes {
			n := nodes[i].Load()
			waitUntil(t, n, fresh)
			got, ok, err := n.Record(t.Context(), reference)
			if !ok || err != nil || got.ID != want.ID || got.Phase != want.Phase || got.Claimed != want.Claimed || !slices.Equal(got.ClaimedBy, want.ClaimedBy) {
				t.Errorf("replica %d has %s as %+v, %v, another as %+v", i, reference, got, err, want)
			}
		}
	}
	if len(whose) < 60 {
		t.Errorf("only %d visits", len(whose))
	}
}

// waitUntil waits until a replica has seen all that another has.
func waitUntil(t *testing.T, n, other *Node) {
	t.Helper()
	want, _ := other.Seen()
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if seen, _ := n.Seen(); seen >= want {
			return
		}
		if time.Since(began) > 10*time.Second {
			t.Fatal("a replica has not heard of the last entry")
		}
	}
}
