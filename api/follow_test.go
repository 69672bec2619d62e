package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"landport/board"
	"landport/border"
	"landport/ledger"
)

// Whoever reads the ledger here can make its tree and hold it to checkpoints
// and proofs.
func TestTheLedgerCanBeChecked(t *testing.T) {
	p := bavet(t)
	published := p.ask("GET", "/api/v1/ledger/key", "")
	if published.Code != http.StatusOK || published.Body.String() != p.vkey+"\n" {
		t.Fatalf("the key is published as %d %s", published.Code, published.Body)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(published.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := func() ledger.Checkpoint {
		t.Helper()
		signed := p.ask("GET", "/api/v1/ledger/checkpoint", "").Body.Bytes()
		c, err := ledger.ParseCheckpoint(signed, verifier)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	p.arrive()
	early := checkpoint()
	reference := p.arrive()
	read[Receipt](t, p.write("/api/v1/visits/"+reference+"/note", `{"remark": "\"quoted\" <b> & ក"}`), http.StatusOK)
	late := checkpoint()
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) (out []tlog.Hash, _ error) {
		for _, i := range at {
			out = append(out, hashes[i])
		}
		return out, nil
	})
	for after := int64(0); after < late.Size; {
		page := read[Entries](t, p.ask("GET", "/api/v1/ledger/entries?limit=2&after="+number(after), ""), http.StatusOK)
		if len(page.Entries) == 0 || len(page.Entries) > 2 {
			t.Fatalf("a page of %d", len(page.Entries))
		}
		for _, e := range page.Entries {
			leaf := ledger.Entry{
				Seq: e.Seq, Recorded: border.Time(e.RecordedUs), Occurred: border.Time(e.OccurredUs), Post: e.Post, Actor: e.Actor,
				OnBehalfOf: e.OnBehalfOf, Command: e.CommandID, Cause: e.Cause, Kind: e.Kind, Version: e.Version, Data: []byte(e.Data),
			}
			more, err := tlog.StoredHashes(e.Seq-1, leaf.Leaf(), reader)
			if err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, more...)
			after = e.Seq
		}
	}
	for _, c := range []ledger.Checkpoint{early, late} {
		if root, err := tlog.TreeHash(c.Size, reader); err != nil || root != c.Root {
			t.Errorf("the tree of %d entries: %v, %v", c.Size, root, err)
		}
	}
	proof := p.ask("GET", proofPath(2), "").Body.Bytes()
	if _, at, err := ledger.CheckProof(proof, verifier); err != nil || at != late {
		t.Errorf("the proof of entry 2: %v, at %+v", err, at)
	}
	sizes := url.Values{"old": {number(early.Size)}, "size": {number(late.Size)}}
	consistent := read[Consistency](t, p.ask("GET", "/api/v1/ledger/consistency?"+sizes.Encode(), ""), http.StatusOK)
	tree := make(tlog.TreeProof, len(consistent.Hashes))
	for i, text := range consistent.Hashes {
		if tree[i], err = tlog.ParseHash(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := tlog.CheckTree(tree, late.Size, late.Root, early.Size, early.Root); err != nil {
		t.Error(err)
	}
	for _, path := range []string{proofPath(late.Size + 1), "/api/v1/ledger/consistency?old=1&size=1000"} {
		if got := read[Problem](t, p.ask("GET", path, ""), http.StatusNotFound); got.Code != codeUnknownEntry {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

// A reader that waits is answered as soon as there is an entry, when its time
// is over, or when the node stops.
func TestWaitingForEntries(t *testing.T) {
	p := bavet(t)
	p.arrive()
	seq, _ := p.node.Seen()
	waiting := make(chan Entries)
	path := "/api/v1/ledger/entries?wait=30&after=" + number(seq)
	wait := func() { waiting <- read[Entries](t, p.ask("GET", path, ""), http.StatusOK) }
	go wait()
	time.Sleep(20 * time.Millisecond)
	p.arrive()
	if e := <-waiting; len(e.Entries) == 0 || e.Entries[0].Seq != seq+1 {
		t.Errorf("answered %+v", e)
	}
	seq, _ = p.node.Seen()
	if e := read[Entries](t, p.ask("GET", "/api/v1/ledger/entries?after="+number(seq), ""), http.StatusOK); len(e.Entries) != 0 || e.Entries == nil || e.Epoch != 1 {
		t.Errorf("at the end: %+v", e)
	}
	for _, path := range []string{"/api/v1/ledger/entries?after=" + number(seq+1), "/api/v1/ledger/entries?wait=30&after=99999999999"} {
		beyond := read[Problem](t, p.ask("GET", path, ""), http.StatusConflict)
		if beyond.Code != codeBeyondEnd || !strings.Contains(beyond.Detail, "epoch 1, has "+number(seq)+".") {
			t.Errorf("%s: %+v", path, beyond)
		}
	}
	path = "/api/v1/ledger/entries?wait=30&after=" + number(seq)
	go wait()
	time.Sleep(20 * time.Millisecond)
	p.stop()
	if e := <-waiting; len(e.Entries) != 0 {
		t.Errorf("after the stop: %+v", e)
	}
}

// event reads the id and the data of the next event.
func event(t *testing.T, lines *bufio.Scanner) (id, data string) {
	t.Helper()
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			id = text
		}
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			data = text
		}
		if lines.Text() == "" {
			return id, data
		}
	}
	return "", ""
}

func TestEvents(t *testing.T) {
	p := bavet(t)
	server := httptest.NewServer(p.handler)
	defer server.Close()
	listen := func(ctx context.Context, last string) *bufio.Scanner {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/api/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Last-Event-ID", last)
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = answer.Body.Close() })
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != board.EventStream {
			t.Fatalf("answered %d as %s", answer.StatusCode, answer.Header.Get("Content-Type"))
		}
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		return lines
	}
	first := p.arrive()
	ctx, leave := context.WithCancel(t.Context())
	lines := listen(ctx, "")
	id, data := event(t, lines)
	if !strings.Contains(data, first) || !strings.Contains(data, `"whole":true`) {
		t.Errorf("the first event, %s: %s", id, data)
	}
	second := p.arrive()
	for !strings.Contains(data, second) {
		if id, data = event(t, lines); strings.Contains(data, first) || id == "" {
			t.Fatalf("the event after, %s: %s", id, data)
		}
	}
	leave()
	third := p.arrive()
	_, sequence, _ := strings.Cut(id, "-")
	alone := listen(t.Context(), sequence)
	if _, data := event(t, alone); !strings.Contains(data, third) || strings.Contains(data, second) {
		t.Errorf("resumed by %s, a sequence alone: %s", sequence, data)
	}
	lines = listen(t.Context(), id)
	if id, data = event(t, lines); !strings.Contains(data, third) || strings.Contains(data, second) {
		t.Errorf("resumed, %s: %s", id, data)
	}
	p.stop()
	for id != "" {
		id, _ = event(t, lines)
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream ended by %v", err)
	}
}
