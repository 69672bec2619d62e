package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landport/border"
	"landport/gate"
	"landport/ledger"
	"landport/node"
	"landport/sim"
)

// past is a node at which people of an earlier run did something, as those of
// the next run find it.
type past struct {
	*side
	t    *testing.T
	node *node.Node
	at   time.Time
}

func newPast(t *testing.T) *past {
	t.Helper()
	p := &past{t: t, at: time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC)}
	clock := node.NewScaledClock(func() time.Time { return p.at }, border.At(p.at), 1)
	m := parts(t)[0]
	ctx, cancel := context.WithCancel(t.Context())
	n, l, address := serve(ctx, t, m, filepath.Join(t.TempDir(), "ledger.db"), clock)
	t.Cleanup(func() {
		cancel()
		<-n.Done()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	p.node = n
	p.side = p.again(m, address, clock)
	return p
}

// again returns the people of a run that begins now.
func (p *past) again(m *sim.Model, address string, clock *node.Clock) *side {
	p.t.Helper()
	w, err := New([]Post{{m, address}}, 1, clock, slog.New(slog.NewTextHandler(p.t.Output(), nil)))
	if err != nil {
		p.t.Fatal(err)
	}
	w.sides[0].ctx = p.t.Context()
	return w.sides[0]
}

// do writes to the node and returns the visit's reference.
func (p *past) do(path string, body map[string]any) string {
	p.t.Helper()
	p.at = p.at.Add(time.Minute)
	p.asked++
	status, answer, err := p.call(http.MethodPost, path, fmt.Sprint("earlier-", p.asked), body)
	if err != nil || status/100 != 2 {
		p.t.Fatalf("%s: %d %s %v", path, status, answer, err)
	}
	var receipt struct {
		Reference string `json:"reference"`
	}
	if err := json.Unmarshal(answer, &receipt); err != nil {
		p.t.Fatal(err)
	}
	return receipt.Reference
}

// coach comes into the coach lane, and so many of its passengers alight.
func (p *past) coach(alight int) {
	p.t.Helper()
	reference := p.do(p.post+"/visits", map[string]any{"traits": []string{"coach", "regular", "bilateral-permit", "no-goods"}, "direction": "KH-VN"})
	p.do("/api/v1/visits/"+reference+"/seen", map[string]any{"place": "Bavet exit coach lane"})
	for range alight {
		p.do(p.post+"/passengers", map[string]any{"coach": reference, "traits": []string{"on-foot", "no-permit-needed"}, "place": "Bavet passenger hall"})
	}
}

// goOn has the people of a new run do what is due.
func (p *past) goOn() {
	p.t.Helper()
	p.at = p.at.Add(time.Minute)
	s := p.again(parts(p.t)[0], p.url, p.clock)
	s.resume()
	for s.world.Next() <= s.start {
		s.world.Step()
	}
}

// count returns how many entries of a kind the ledger has.
func (p *past) count(kind string) (n int) {
	p.t.Helper()
	for e, err := range p.node.Ledger().Each(p.t.Context(), 0) {
		if err != nil {
			p.t.Fatal(err)
		}
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// Passengers alight once: those of a coach whose passengers did before the world
// was started again stay where they are, those of another do then.
func TestPassengersAlightOnce(t *testing.T) {
	p := newPast(t)
	p.coach(2)
	p.goOn()
	if n := p.count("gate.alighted"); n != 2 {
		t.Errorf("of a coach that two had left %d have alighted", n)
	}
	p.coach(0)
	p.goOn()
	after := p.count("gate.alighted")
	if after <= 2 {
		t.Error("nobody alighted from a coach that nobody had left")
	}
	p.goOn()
	if n := p.count("gate.alighted"); n != after {
		t.Errorf("started a third time, %d more alight", n-after)
	}
	if n := p.count("gate.anomaly"); n != 0 {
		t.Errorf("%d anomalies", n)
	}
}

// Who was announced before the world was started again comes then, once: in its
// slot if it has one. Who came or was called off meanwhile does not, and whom
// an operator announced is the operator's to bring.
func TestWhoWasAnnouncedComes(t *testing.T) {
	p := newPast(t)
	truck := map[string]any{"event": "announced", "traits": []string{"articulated-truck", "regular", "bilateral-permit", "laden", "home-use"}, "direction": "KH-VN"}
	announced := p.do(p.post+"/visits", truck)
	came, off := p.do(p.post+"/visits", truck), p.do(p.post+"/visits", truck)
	p.do("/api/v1/visits/"+came+"/arrived", nil)
	p.do("/api/v1/visits/"+off+"/cancel", nil)
	id, _ := p.node.VisitOf(announced)
	if _, err := p.node.Do(t.Context(), node.Command{ID: "o", Actor: "operator", Input: gate.Input{Do: gate.Announce, Traits: border.ArticulatedTruck | border.Laden}}); err != nil {
		t.Fatal(err)
	}
	s := p.again(parts(t)[0], p.url, p.clock)
	s.resume()
	next, at := s.nextExpected()
	if next != id || at != s.start || len(s.expected) != 1 {
		t.Fatalf("%v comes at %d, with %v", next, at, s.expected)
	}
	s.arrive(next, at)
	if n := p.count("gate.arrived"); n != 2 || p.count("gate.anomaly") != 0 || len(s.expected) != 0 {
		t.Errorf("%d arrived, with %d anomalies, and %v are expected", n, p.count("gate.anomaly"), s.expected)
	}
	s = p.again(parts(t)[0], p.url, p.clock)
	if s.resume(); len(s.expected) > 0 {
		t.Errorf("it is expected again: %v", s.expected)
	}
	slot := s.start.Add(border.Hour)
	later := &side{run: "now", start: s.start, expected: map[gate.VisitID]border.Time{}}
	earlier := ledger.Entry{Actor: actor, Command: "earlier-1"}
	later.expect(&earlier, &gate.Fact{Kind: gate.Announced, Visit: 7, At: 1})
	later.expect(&earlier, &gate.Fact{Kind: gate.Booked, Visit: 7, N: int64(slot)})
	later.expect(&earlier, &gate.Fact{Kind: gate.Booked, Visit: 8, N: int64(slot)})
	later.expect(&ledger.Entry{Actor: actor, Command: "now-1"}, &gate.Fact{Kind: gate.Announced, Visit: 9, At: slot}) // its own, which it brings by itself
	if next, at := later.nextExpected(); next != 7 || at != slot || len(later.expected) != 1 {
		t.Errorf("%v comes at %d, with %v", next, at, later.expected)
	}
}

// What is drawn from what is long past is not done again: who left and was to
// come back has come.
func TestNobodyComesBackTwice(t *testing.T) {
	s := &side{start: border.At(time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC)), walked: map[gate.VisitID]bool{7: true}}
	before, later := s.start.Add(-border.Hour), s.start.Add(border.Hour)
	for _, c := range []struct {
		in   gate.Input
		want bool
	}{
		{gate.Input{Do: gate.ObserveArrival, At: before, Other: 3}, true},
		{gate.Input{Do: gate.ObserveArrival, At: later, Other: 3}, false},
		{gate.Input{Do: gate.ObserveArrival, At: before}, false}, // from the neighbour
		{gate.Input{Do: gate.LimitStay, At: before, Visit: 3}, true},
		{gate.Input{Do: gate.LimitStay, At: later, Visit: 3}, false},
		{gate.Input{Do: gate.ObserveAlighted, At: before, Other: 7}, true},
		{gate.Input{Do: gate.ObserveAlighted, At: before, Other: 8}, false},
		{gate.Input{Do: gate.ObserveAlighted, At: later, Other: 7}, false},
		{gate.Input{Do: gate.ObserveServed, At: before, Visit: 3}, false},
		{gate.Input{Do: gate.ObserveReached, At: before, Visit: 3}, false},
	} {
		if got := s.didBefore(&c.in); got != c.want {
			t.Errorf("%v at %d of %d: %v", c.in.Do, c.in.At, c.in.Other, got)
		}
	}
}

// While a node does not tell its past nobody does anything; then who came from
// the neighbour before does not come again.
func TestNobodyActsBeforeThePastIsKnown(t *testing.T) {
	p := newPast(t)
	before := border.MintReference("VN", 1, 33).String()
	p.do(p.post+"/visits", map[string]any{"traits": []string{"articulated-truck", "regular", "bilateral-permit", "laden", "home-use"}, "direction": "VN-KH", "reference": before})
	to, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	silent := 3
	var asked []string
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method)
		if silent--; silent >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	defer server.Close()
	s := p.again(parts(t)[0], server.URL, p.clock)
	s.inbox <- vehicle{at: p.clock.Now(), traits: border.ArticulatedTruck, direction: 1, reference: before}
	s.resume()
	if len(asked) != 4 || slices.Contains(asked, http.MethodPost) {
		t.Errorf("the node was asked by %v", asked)
	}
	s.receive()
	s.cross()
	if n := p.count("gate.anomaly"); n != 0 || len(asked) != 4 {
		t.Errorf("%d anomalies, asked %v", n, asked)
	}
}

// Who arrived from the neighbour before the world was started again does so no
// more, and lends its reference and plate to nobody who comes next.
func TestWhoCrossedBeforeIsNobodyElse(t *testing.T) {
	p := newPast(t)
	const reference = "VN01-0007-4649"
	p.do(p.post+"/visits", map[string]any{"traits": []string{"articulated-truck", "regular", "bilateral-permit", "laden", "home-use"}, "direction": "VN-KH", "reference": reference, "plate": "51C-123.45"})
	s := p.again(parts(t)[0], p.url, p.clock)
	s.resume()
	s.coming = []vehicle{{at: s.start, traits: border.ArticulatedTruck | border.Laden, direction: 1, reference: reference, plate: "51C-123.45"}}
	s.cross()
	if len(s.coming) != 0 || p.count("gate.arrived") != 1 {
		t.Fatalf("it arrived %d times, and %v are to come", p.count("gate.arrived"), s.coming)
	}
	if _, body := s.request(&gate.Input{Do: gate.ObserveArrival, Traits: border.ArticulatedTruck | border.Laden}); body["reference"] != nil || body["plate"] == "51C-123.45" {
		t.Errorf("the next who comes is reported as %v", body)
	}
}
