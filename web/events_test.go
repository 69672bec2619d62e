package web

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"landport/board"
	"landport/border"
	"landport/node"
)

// events reads a stream: the id and the change of each event.
func (s *site) events(t *testing.T, last string) func() (string, board.Change) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	})
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("events are %s", got)
	}
	lines := bufio.NewReader(response.Body)
	return func() (id string, c board.Change) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return "", board.Change{}
			}
			if rest, ok := strings.CutPrefix(line, "id: "); ok {
				id = strings.TrimSpace(rest)
			}
			if rest, ok := strings.CutPrefix(line, "data: "); ok {
				if err := json.Unmarshal([]byte(rest), &c); err != nil {
					t.Fatal(err)
				}
				return id, c
			}
		}
	}
}

func TestEventsResumeWhereTheReaderLeftOff(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	id, first := s.events(t, "")()
	if !first.Whole || len(first.Visits) == 0 || id == "" {
		t.Fatalf("a new reader gets whole %v, %d visits, id %q", first.Whole, len(first.Visits), id)
	}
	known := map[string]bool{}
	for _, v := range first.Visits {
		known[v.Reference] = true
	}
	b, _, err := s.play.Board(t.Context(), node.Cursor{})
	if err := errors.Join(err, s.play.Jump(t.Context(), b.At.Add(border.Hour))); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	bare := id[strings.Index(id, "-")+1:]
	for _, last := range []string{id, bare} {
		_, change := s.events(t, last)()
		if change.Whole || change.Sequence <= first.Sequence || len(change.Gone) == 0 {
			t.Errorf("resumed at %s: whole %v, sequence %d after %d, %d gone", last, change.Whole, change.Sequence, first.Sequence, len(change.Gone))
		}
		now := map[string]bool{}
		for r := range known {
			now[r] = true
		}
		for _, v := range change.Visits {
			now[v.Reference] = true
		}
		for _, r := range change.Gone {
			delete(now, r)
		}
		if want := s.board(t).Visits; len(now) != len(want) {
			t.Errorf("resumed at %s the reader knows %d visits of %d", last, len(now), len(want))
		}
	}
	if _, other := s.events(t, "another-"+bare)(); !other.Whole {
		t.Error("a reader from another run was not given the whole board")
	}
}

func TestEventsEndWithThePlayback(t *testing.T) {
	s := serve(t, "mm5")
	next := s.events(t, "")
	next()
	s.stop()
	for {
		if id, _ := next(); id == "" {
			return
		}
	}
}

func TestEventsMoveVehicles(t *testing.T) {
	s := serve(t, "bavet-mocbai-2018")
	if err := errors.Join(s.play.SetSpeed(t.Context(), 3600), s.play.Pause(t.Context(), false)); err != nil {
		t.Fatal(err)
	}
	next := s.events(t, "")
	_, first := next()
	place := map[string]string{}
	for _, v := range first.Visits {
		place[v.Reference] = v.Place
	}
	for {
		id, change := next()
		if id == "" {
			t.Fatal("the stream ended before anything moved")
		}
		for _, v := range change.Visits {
			if was, known := place[v.Reference]; known && was != v.Place {
				return
			}
		}
	}
}
