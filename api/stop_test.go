package api

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// A node stops while streams are open and does not wait for their readers; each
// stream comes to its end with at most one event more, and nothing of it stays.
func TestStoppingEndsStreams(t *testing.T) {
	const readers = 40
	p := bavet(t)
	p.arrive()
	var inside atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inside.Add(1)
		defer inside.Add(-1)
		p.handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	ask := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		return server.Client().Do(r)
	}
	streams := make([]*bufio.Scanner, readers)
	for i := range streams {
		answer, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close() //nolint:errcheck // it has been read
		streams[i] = bufio.NewScanner(answer.Body)
		streams[i].Buffer(nil, 1<<20)
		if id, _ := event(t, streams[i]); id == "" {
			t.Fatalf("stream %d has no first event", i)
		}
	}
	if n := inside.Load(); n != readers {
		t.Fatalf("%d streams are open, not %d", n, readers)
	}
	p.stop() // returns although nobody has read on
	for i, lines := range streams {
		more := 0
		for id, _ := event(t, lines); id != ""; id, _ = event(t, lines) {
			more++
		}
		if err := lines.Err(); err != nil || more > 1 {
			t.Errorf("stream %d ended by %v after %d events more", i, err, more)
		}
	}
	if err := server.Config.Shutdown(t.Context()); err != nil || inside.Load() != 0 {
		t.Errorf("%d streams are served although the node has stopped: %v", inside.Load(), err)
	}
	if late, err := ask(); err == nil {
		defer late.Body.Close() //nolint:errcheck // nothing is read
		t.Errorf("a stream begins after the end: %d", late.StatusCode)
	}
}
