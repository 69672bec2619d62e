package demo

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"landport/api"
	"landport/board"
	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
	"landport/scenarios"
	"landport/sim"
)

// parts are the two posts of Bavet – Moc Bai, as the demonstration runs them.
func parts(t *testing.T) (out []*sim.Model) {
	t.Helper()
	data, err := scenarios.Read("bavet-mocbai-shift")
	if err != nil {
		t.Fatal(err)
	}
	file, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode("bavet-mocbai-shift", data)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole.Layout.Posts {
		part, err := whole.Part(gate.PostID(i))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, part)
	}
	return out
}

// serve runs a node on a ledger file and its API until ctx ends.
func serve(ctx context.Context, t *testing.T, m *sim.Model, file string, clock *node.Clock) (*node.Node, *ledger.Ledger, string) {
	t.Helper()
	l, err := ledger.Open(ctx, ledger.Config{URL: "sqlite:" + file, Origin: board.Slug(m.Layout.Posts[0].Name) + ".example", Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.New(ctx, node.Config{Post: m, Ledger: l, Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := api.New(api.Config{Node: n, Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	go n.Run(ctx)
	return n, l, server.URL
}

// Two nodes that share nothing see the same vehicles, under the names that the
// country of exit gave them, and the world does nothing that dispatch did not
// expect, but for drivers who take a wrong lane; started again, it goes on.
func TestTwoNodes(t *testing.T) {
	models := parts(t)
	dir := t.TempDir()
	began := node.OpeningScene(models[0]).Add(2 * border.Hour)
	seen, kinds, odds := map[string]bool{}, map[string]int{}, map[gate.Reason]int{}
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		clock := node.NewScaledClock(time.Now, began, 1200)
		var posts []Post
		var nodes []*node.Node
		var ledgers []*ledger.Ledger
		for _, m := range models {
			n, l, address := serve(ctx, t, m, filepath.Join(dir, m.Title+".db"), clock)
			nodes, ledgers = append(nodes, n), append(ledgers, l)
			posts = append(posts, Post{Model: m, URL: address})
		}
		w, err := New(posts, 1, clock, slog.New(slog.NewTextHandler(t.Output(), nil)))
		if err != nil {
			t.Fatal(err)
		}
		over, stop := context.WithTimeout(ctx, 8*time.Second)
		w.Run(over)
		stop()
		cancel()
		for i, n := range nodes {
			<-n.Done()
			found, err := n.Anomalies(t.Context())
			if err != nil {
				t.Error(err)
			}
			for _, odd := range found {
				odds[odd.Reason]++
			}
			head, err := ledgers[i].Head(t.Context())
			if err != nil {
				t.Error(err)
			}
			began = max(began, head.Recorded)
			for e, err := range ledgers[i].Each(t.Context(), 0) {
				if err != nil {
					t.Error(err)
					break
				}
				kinds[e.Kind]++
			}
			if err := ledgers[i].Close(); err != nil {
				t.Error(err)
			}
		}
		board, _, _ := nodes[1].Board(t.Context(), node.Cursor{})
		for _, v := range board.Visits {
			seen[v.Reference] = true
		}
	}
	for _, kind := range []string{"gate.announced", "gate.booked", "gate.called", "gate.entered"} {
		if kinds[kind] == 0 {
			t.Errorf("no fact %s, of which a shift has many", kind)
		}
	}
	strays := odds[gate.Astray] + odds[gate.OverCapacity] // and what follows from who stands in another's lane
	total := 0
	for _, n := range odds {
		total += n
	}
	if total > strays+4 {
		t.Errorf("of %d anomalies %d are of drivers who took a wrong lane: %v", total, strays, odds)
	}
	crossed := 0
	for reference := range seen {
		if strings.HasPrefix(reference, "KH") {
			crossed++
		}
	}
	if crossed == 0 {
		t.Errorf("nobody came to Moc Bai from Bavet; it saw %d visits", len(seen))
	}
}

// One driver in so many goes into a lane of its direction, wherever it was called to.
func TestADriverTakesAWrongLane(t *testing.T) {
	l := parts(t)[0].Layout
	codec, err := node.NewCodec(l)
	if err != nil {
		t.Fatal(err)
	}
	out := gate.Direction(slices.IndexFunc(l.Directions, func(d gate.Way) bool { return d.Exit == "KH" }))
	s := &side{layout: l, codec: codec, ways: map[gate.VisitID]gate.Direction{1: out}}
	lanes := map[string]bool{}
	for i := range 4 * strayEvery {
		path, body := s.request(&gate.Input{Do: gate.ObserveEntered, Visit: 1})
		if strays := (i+1)%strayEvery == 0; strays != strings.HasSuffix(path, "/seen") {
			t.Fatalf("driver %d: %s %v", i+1, path, body)
		} else if strays {
			lanes[body["place"].(string)] = true
		}
	}
	if len(lanes) < 2 || !lanes["Bavet exit lane 2"] {
		t.Errorf("they went to %v", lanes)
	}
}

// A node that cannot be reached is asked again, with the same key.
func TestWorldKeepsAsking(t *testing.T) {
	models := parts(t)
	keys := map[string]int{}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(`{"entries":[]}`))
			return
		}
		key := r.Header.Get("Idempotency-Key")
		if keys[key]++; keys[key] < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		cancel()
	}))
	defer server.Close()
	clock := node.NewScaledClock(time.Now, node.OpeningScene(models[0]).Add(4*border.Hour), 3600)
	w, err := New([]Post{{models[0], server.URL}}, 1, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w.Run(ctx)
	if len(keys) != 1 {
		t.Errorf("%d keys were used for one thing that people did", len(keys))
	}
	for key, n := range keys {
		if n != 3 {
			t.Errorf("%s was handed in %d times, not until it was taken", key, n)
		}
	}
}
