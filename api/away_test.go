package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cut takes the ledger's database away from under the node, and waits until the
// node has found out.
func (p *post) cut() {
	p.t.Helper()
	if err := p.node.Ledger().Close(); err != nil {
		p.t.Fatal(err)
	}
	for p.node.Ready() == nil {
		time.Sleep(time.Millisecond)
	}
}

// While the database does not answer, every read says of when its answer is or
// is put off, with a problem that the document declares.
func TestReadsWhileTheDatabaseIsAway(t *testing.T) {
	p := bavet(t)
	reference := p.arrive()
	_, ops := p.document()
	p.cut()
	plain := map[string]bool{"/api/v1/posts": true, "/api/v1/ledger/key": true, "/healthz": true, "/metrics": true}
	asked := 0
	for _, d := range ops {
		if d.method != http.MethodGet || d.path == "/api/v1/events" {
			continue
		}
		asked++
		at := strings.NewReplacer("{post}", "bavet", "{reference}", reference, "{seq}", "1").Replace(d.path)
		if d.path == "/api/v1/ledger/consistency" {
			at += "?old=1&size=1"
		}
		if d.path == "/api/v1/visits" {
			at += "?plate=2A-3456"
		}
		r := p.ask(http.MethodGet, at, "")
		if d.op["responses"].(map[string]any)[strconv.Itoa(r.Code)] == nil {
			t.Errorf("%s: %d is not declared", at, r.Code)
		}
		switch {
		case plain[d.path]:
			if r.Code != http.StatusOK {
				t.Errorf("%s: %d %s", at, r.Code, r.Body)
			}
		case r.Code == http.StatusOK:
			var said struct{ At string }
			if err := json.Unmarshal(r.Body.Bytes(), &said); err != nil || said.At == "" {
				t.Errorf("%s answers without saying of when: %s", at, r.Body)
			}
		case r.Code != http.StatusServiceUnavailable || r.Header().Get("Retry-After") == "":
			t.Errorf("%s: %d %s", at, r.Code, r.Body)
		}
	}
	if asked < 12 {
		t.Errorf("only %d reads", asked)
	}
	board := func() Board { return read[Board](t, p.ask("GET", "/api/v1/posts/bavet/board", ""), http.StatusOK) }
	first := board()
	if first.Trouble == "" || len(first.Visits) != 1 {
		t.Errorf("the board says %q of %d visits", first.Trouble, len(first.Visits))
	}
	time.Sleep(10 * time.Millisecond)
	if again := board(); again.At != first.At {
		t.Errorf("its clock goes on, from %s to %s", first.At, again.At)
	}
}
