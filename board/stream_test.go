package board

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landport/node"
)

// counter is a source at which visits named by their numbers leave, one after
// the other.
type counter struct {
	mu      sync.Mutex
	run     string
	n       uint64
	changed chan struct{}
	done    chan struct{}
}

func (c *counter) Done() <-chan struct{} { return c.done }

func (c *counter) Board(_ context.Context, after node.Cursor) (b node.Board, changed <-chan struct{}, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.Cursor = node.Cursor{Run: c.run, Sequence: c.n}
	b.Whole = after.Run != c.run || after.Sequence > c.n
	for i := after.Sequence + 1; !b.Whole && i <= c.n; i++ {
		b.Gone = append(b.Gone, fmt.Sprint(i))
	}
	return b, c.changed, nil
}

// leave has so many more leave.
func (c *counter) leave(n uint64) { c.to(c.run, c.n+n) }

// to is where the source stands from now on.
func (c *counter) to(run string, n uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run, c.n = run, n
	close(c.changed)
	c.changed = make(chan struct{})
}

// reader follows a stream and takes its time over every event.
type reader struct {
	*httptest.ResponseRecorder

	slow   func(event int) time.Duration
	events int
}

// FlushError is what http.ResponseController calls.
func (r *reader) FlushError() error {
	r.events++
	time.Sleep(r.slow(r.events))
	return nil
}

// seen returns how far the reader was told, and by how many events. After each
// it must know of all that left by then and of nobody else.
func (r *reader) seen(t *testing.T) (upTo node.Cursor, events int) {
	t.Helper()
	var known []bool // by number; [0] is nobody's
	for event := range strings.SplitSeq(strings.TrimSuffix(r.Body.String(), "\n\n"), "\n\n") {
		id, rest, _ := strings.Cut(strings.TrimPrefix(event, "id: "), "\nevent: change\ndata: ")
		cursor, err := node.ParseCursor(id)
		var told struct {
			Whole bool     `json:"whole"`
			Gone  []string `json:"gone"`
		}
		if err != nil || json.Unmarshal([]byte(rest), &told) != nil {
			t.Fatalf("event %q: %v", event, err)
		}
		if told.Whole {
			known = slices.Repeat([]bool{true}, int(cursor.Sequence)+1)
		}
		for _, number := range told.Gone {
			n, err := strconv.Atoi(number)
			if err != nil {
				t.Fatal(err)
			}
			known = append(known, make([]bool, max(0, n+1-len(known)))...)
			known[n] = true
		}
		if missed := slices.Index(known, false); missed >= 0 || uint64(len(known)) != cursor.Sequence+1 {
			t.Fatalf("at %s a reader knows of those up to %d, but not of %d", cursor, len(known)-1, missed)
		}
		upTo, events = cursor, events+1
	}
	return upTo, events
}

// However readers come and dawdle, each is told everything; and events are made
// once for all who keep up.
func TestReadersShareEvents(t *testing.T) {
	for _, test := range []struct {
		name  string
		world func(c *counter, tick int)
	}{
		{"busy", func(c *counter, _ int) { c.leave(3) }},
		{"quiet", func(c *counter, tick int) { c.leave(uint64(tick % 100 / 99)) }},
		{"restarts", func(c *counter, tick int) { c.to(fmt.Sprint("e", tick/150), uint64(tick)) }},
		{"rewound", func(c *counter, tick int) { c.to("e1", uint64(tick%170)) }},
	} {
		t.Run(test.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { share(t, test.name, test.world) }) })
	}
}

func share(t *testing.T, name string, world func(c *counter, tick int)) {
	t.Helper()
	const readers, dawdlers, ticks = 200, 20, 600 // of 10 ms
	c := &counter{run: "e1", changed: make(chan struct{}), done: make(chan struct{})}
	made := 0
	teller := NewTeller(c, func(b *node.Board) Change {
		made++ // under the teller's lock
		return Change{Whole: b.Whole, Gone: b.Gone}
	})
	var all sync.WaitGroup
	list := make([]*reader, readers)
	for i := range list {
		list[i] = &reader{httptest.NewRecorder(), func(int) time.Duration { return time.Duration(i%7) * time.Millisecond }, 0}
		if i < dawdlers {
			list[i].slow = func(event int) time.Duration { return time.Duration(event%5) * 100 * time.Millisecond }
		}
		all.Go(func() {
			time.Sleep(time.Duration(i) * time.Millisecond)
			teller.Stream(list[i], httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), node.Cursor{})
		})
	}
	for tick := range ticks {
		time.Sleep(10 * time.Millisecond)
		world(c, tick)
	}
	time.Sleep(3 * heartbeat)
	close(c.done)
	all.Wait()
	end := node.Cursor{Run: c.run, Sequence: c.n}
	total := 0
	for i, r := range list {
		upTo, events := r.seen(t)
		if upTo != end {
			t.Errorf("reader %d is at %s, not %s", i, upTo, end)
		}
		if least, most := 12*time.Second/heartbeat/2, 12*time.Second/breath+2; events < int(least) || events > int(most) {
			t.Errorf("reader %d was told %d events", i, events)
		}
		total += events
	}
	if most := readers + 2*int(12*time.Second/breath) + dawdlers*40; (name == "busy" || name == "quiet") && made > most {
		t.Errorf("%d events were made for %d told, more than %d", made, total, most)
	}
}
