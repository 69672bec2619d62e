package node

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"landport/bench/draws"
	"landport/gate"
	"landport/ledger"
	"landport/ledger/pgtest"
)

var kills = flag.Int("kills", 240, "how many times each kill test ends a node by SIGKILL")

// Variables by which a test runs its own program as a node to be killed.
const (
	victimURL  = "LANDPORT_VICTIM_URL"
	victimName = "LANDPORT_VICTIM_NAME"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		switch os.Getenv(victimName) {
		case "study":
			studyVictim(url)
		case "broken":
			brokenVictim(url)
		}
		victim(url, os.Getenv(victimName))
	}
	draws.Fix()
	code := m.Run()
	if err := cluster.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// cluster is the one PostgreSQL of all tests here.
var cluster pgtest.Shared

// engines are empty databases of both kinds, one for each test.
func engines(t *testing.T) []struct{ name, url string } {
	t.Helper()
	return []struct{ name, url string }{
		{"SQLite", "sqlite:" + filepath.Join(t.TempDir(), "ledger.db")},
		{"PostgreSQL", cluster.Start(t).Database(t)},
	}
}

// victim runs a node whose callers hand in commands as fast as they are
// answered, and prints every answer, until it is killed.
func victim(url, name string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	m, err := loadPart(0)
	fail(err)
	ctx := context.Background()
	l, err := ledger.Open(ctx, ledger.Config{URL: url, Origin: "bavet.kh", Shared: true})
	fail(err)
	n, err := New(ctx, Config{Post: m, Ledger: l, Clock: NewWallClock(time.Now), Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	fail(err)
	var say sync.Mutex
	const callers = 4
	for caller := range callers {
		go func() {
			r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), uint64(caller)))
			var names []string
			for i := 0; ; i++ {
				c := arrival(fmt.Sprintf("%s-%d-%d", name, caller, i))
				c.Actor = name
				if len(names) > 0 && r.IntN(3) > 0 {
					c.Reference = names[r.IntN(len(names))]
					c.Input = gate.Input{Do: []gate.Do{gate.Hold, gate.Unhold, gate.ObserveServed, gate.ObserveGone}[r.IntN(4)], Reason: gate.ByOfficer}
					c.Remark = "looked at twice"
				} else {
					c.Plate = fmt.Sprintf("3A-%04d", r.IntN(10_000))
				}
				a, err := n.Do(ctx, c)
				if _, gone := errors.AsType[*UnknownReference](err); gone {
					continue
				}
				fail(err)
				if a.Reference != "" {
					names = append(names[max(0, len(names)-20):], a.Reference)
				}
				say.Lock()
				_, _ = fmt.Fprintf(os.Stdout, "%s %d %d\n", c.ID, a.Sequence, a.Entries)
				say.Unlock()
			}
		}()
	}
	// What Run does, and now and then where the state stands, to be compared
	// with a replay.
	for i := 0; ; i++ {
		batch, _ := n.next(ctx)
		if err := n.again(ctx); err != nil {
			n.putOff(batch, err)
		} else {
			n.carryOut(ctx, batch)
		}
		if d := n.state.Digest(); i%8 == 0 && n.applied > 0 && !n.stale {
			say.Lock()
			_, _ = fmt.Fprintf(os.Stdout, "digest %d %s\n", n.applied, hex.EncodeToString(d[:]))
			say.Unlock()
		}
	}
}

// kill runs a victim for a while, ends it by SIGKILL, and returns what it had
// answered by then: lines that were written whole.
func kill(t *testing.T, url, name string, after time.Duration) (answers []string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	c.Env = append(os.Environ(), victimURL+"="+url, victimName+"="+name)
	var said strings.Builder
	c.Stderr = &said
	out, err := c.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := c.Start(); err != nil {
		t.Error(err)
		return nil
	}
	lines := bufio.NewReader(out)
	began := false
	for {
		line, err := lines.ReadString('\n')
		if !began && err == nil {
			began = true
			time.AfterFunc(after, func() { _ = c.Process.Kill() })
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
				t.Error(err)
			}
			break
		}
		answers = append(answers, strings.TrimSuffix(line, "\n"))
	}
	_ = c.Wait()
	if !began {
		t.Errorf("a node did not come up: %s", said.String())
	}
	return answers
}

// Whenever a node is killed, every command that it answered is in the ledger
// once and whole, and nothing else is there by halves.
func TestKilledNodes(t *testing.T) {
	server := cluster.Start(t)
	for _, c := range []struct {
		name     string
		url      string
		replicas int
	}{
		{"SQLite", "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), 1},
		{"PostgreSQL", server.Database(t), 1},
		{"PostgreSQL, two replicas", server.Database(t), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(c.replicas)))
			var mu sync.Mutex
			var answers []string
			for round := range *kills / (3 * c.replicas) {
				var all sync.WaitGroup
				for replica := range c.replicas {
					after := time.Duration(r.IntN(150)) * time.Millisecond
					all.Go(func() {
						said := kill(t, c.url, fmt.Sprintf("r%d-%d", round, replica), after)
						mu.Lock()
						answers = append(answers, said...)
						mu.Unlock()
					})
				}
				all.Wait()
				if t.Failed() {
					return
				}
			}
			checkAnswers(t, c.url, answers)
		})
	}
}

func checkAnswers(t *testing.T, url string, answers []string) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Origin: "bavet.kh", Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test is over
	if r, err := ledger.Verify(t.Context(), url, nil, nil, nil); err != nil || len(r.Damage) > 0 {
		t.Fatalf("the ledger does not verify: %+v, %v", r, err)
	}
	m := part(t, 0)
	codec, err := NewCodec(m.Layout)
	if err != nil {
		t.Fatal(err)
	}
	// Replay everything, and note which entries followed from which command. A
	// digest is of everybody present: it is worked out where one was told.
	var state *gate.State
	told, digests, first, count := map[int64]bool{}, map[int64]string{}, map[string]int64{}, map[string]int{}
	for _, line := range answers {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "digest" {
			seq, _ := strconv.ParseInt(words[1], 10, 64)
			told[seq] = true
		}
	}
	for e, err := range l.Each(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if state == nil {
			state = gate.NewState(m.Layout, e.Occurred)
		}
		if strings.HasPrefix(e.Kind, gatePrefix) {
			f, err := codec.Fact(&e)
			if err != nil {
				t.Fatal(err)
			}
			state.Apply(&f)
		}
		if told[e.Seq] {
			d := state.Digest()
			digests[e.Seq] = hex.EncodeToString(d[:])
		}
		if e.Command == "" {
			continue
		}
		if count[e.Command] == 0 {
			first[e.Command] = e.Seq
		}
		if e.Seq != first[e.Command]+int64(count[e.Command]) {
			t.Errorf("the entries of %s do not stand together", e.Command)
		}
		count[e.Command]++
	}
	commands, compared := 0, 0
	for _, line := range answers {
		words := strings.Fields(line)
		if len(words) != 3 {
			continue // cut off
		}
		seq, _ := strconv.ParseInt(words[1], 10, 64)
		if words[0] == "digest" {
			if compared++; digests[seq] != words[2] {
				t.Errorf("at entry %d a node stood elsewhere than the replay", seq)
			}
			continue
		}
		commands++
		entries, _ := strconv.Atoi(words[2])
		if o, ok, err := l.Outcome(t.Context(), words[0]); err != nil || !ok || o.First != seq || o.Entries != entries {
			t.Errorf("%s was answered with %d entries from %d; on record are %+v, %v, %v", words[0], entries, seq, o, ok, err)
		}
		if first[words[0]] != seq || count[words[0]] != entries {
			t.Errorf("%s was answered with %d entries from %d; the ledger has %d from %d", words[0], entries, seq, count[words[0]], first[words[0]])
		}
	}
	if commands < 10 || compared == 0 {
		t.Errorf("only %d answers and %d digests to compare", commands, compared)
	}
	t.Logf("%d answers, %d digests compared", commands, compared)
}
