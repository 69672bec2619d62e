package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"landport/border"
	"landport/ledger"
	"landport/node"
	"landport/scenarios"
	"landport/sim"

	"golang.org/x/mod/sumdb/note"
)

// post is a node on a ledger of its own, and its API.
type post struct {
	t       testing.TB
	node    *node.Node
	handler http.Handler
	stop    func()
	close   func() // stops it and closes its ledger
	keys    int
	vkey    string
}

// morning is eight o'clock on a Monday at Bavet.
func morning() border.Time { return border.At(time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC)) }

// bavet is Cambodia's side of Bavet and Moc Bai, running until the test ends.
func bavet(t testing.TB) *post {
	t.Helper()
	skey, vkey, err := note.GenerateKey(nil, "bavet.kh")
	if err != nil {
		t.Fatal(err)
	}
	return bavetOn(t, ledger.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "ledger.db"), Origin: "bavet.kh", Key: skey}, vkey)
}

// bavetOn is bavet on a ledger that there may be.
func bavetOn(t testing.TB, config ledger.Config, vkey string) *post {
	t.Helper()
	return bavetBy(t, "bavet-mocbai-2018", config, vkey)
}

// bavetBy is the post of Bavet by a scenario.
func bavetBy(t testing.TB, scenario string, config ledger.Config, vkey string) *post {
	t.Helper()
	text, err := scenarios.Read(scenario)
	if err != nil {
		t.Fatal(err)
	}
	file, err := sim.Library{Zones: time.LoadLocation, Base: scenarios.Base}.Decode(scenario, text)
	if err != nil {
		t.Fatal(err)
	}
	crossing, err := file.Model()
	if err != nil {
		t.Fatal(err)
	}
	part, err := crossing.Part(0)
	if err != nil {
		t.Fatal(err)
	}
	clock := node.NewScaledClock(time.Now, morning(), 2)
	config.Clock = clock.Now
	l, err := ledger.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	n, err := node.New(t.Context(), node.Config{Post: part, Ledger: l, Clock: clock, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := New(Config{Node: n, Key: vkey, Listen: "127.0.0.1:8080", Version: "test", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go n.Run(ctx)
	p := &post{t: t, node: n, handler: handler, vkey: vkey}
	p.stop = func() {
		cancel()
		<-n.Done()
	}
	p.close = sync.OnceFunc(func() {
		p.stop()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(p.close)
	return p
}

// ask sends a request with headers given as name, value and so on.
func (p *post) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w
}

// write sends a write under a new key.
func (p *post) write(path, body string, headers ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	p.keys++
	return p.ask(http.MethodPost, path, body, append([]string{"Idempotency-Key", fmt.Sprint("key-", p.keys), "Content-Type", "application/json"}, headers...)...)
}

// read decodes an answer that must have a status.
func read[T any](t testing.TB, r *httptest.ResponseRecorder, status int) (v T) {
	t.Helper()
	if r.Code != status {
		t.Fatalf("status %d, not %d: %s", r.Code, status, r.Body)
	}
	if err := json.Unmarshal(r.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, r.Body)
	}
	return v
}

const truck = `"traits": ["laden", "home-use", "articulated-truck", "bilateral-permit", "regular"], "direction": "KH-VN"`

func (p *post) arrive() string {
	p.t.Helper()
	return read[Receipt](p.t, p.write("/api/v1/posts/bavet/visits", "{"+truck+"}"), http.StatusCreated).Reference
}
