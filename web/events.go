package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"landport/node"
)

const (
	// breath is the least time between two events of a stream; what happens
	// meanwhile is told together.
	breath = 150 * time.Millisecond
	// heartbeat is the longest: it keeps clocks right and shows a dead line.
	heartbeat = 2 * time.Second
)

// events streams what changes. Each event's id is a cursor; a reader that comes
// back with it (Last-Event-ID) is told what it missed, or the whole board when
// that is no longer known. A bare sequence number is taken as one of this run.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	after, problem := s.cursor(r)
	if problem != nil {
		problem.write(w)
		return
	}
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	ctx := r.Context()
	for {
		board, changed, err := s.source.Board(ctx, after)
		if err != nil {
			return
		}
		if err := writeEvent(w, &board, s.view(board).change()); err != nil || out.Flush() != nil {
			return
		}
		after = board.Cursor
		if !pause(r, s.source.Done(), nil, breath) || !pause(r, s.source.Done(), changed, heartbeat) {
			return
		}
	}
}

// pause waits until woken or for d; false says that the stream is over.
func pause(r *http.Request, done, woken <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-done:
		return false
	case <-woken:
	case <-timer.C:
	}
	return true
}

func writeEvent(w http.ResponseWriter, board *node.Board, change changeJSON) error {
	data, err := json.Marshal(change)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %s\nevent: change\ndata: %s\n\n", board.Cursor, data) //nolint:gosec // a stream of JSON, not a page
	return err
}

// cursor reads where the reader left off; the zero Cursor when it is new.
func (s *Server) cursor(r *http.Request) (node.Cursor, *Problem) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		return node.Cursor{}, nil
	}
	if n, err := strconv.ParseUint(last, 10, 64); err == nil {
		board, _, err := s.source.Board(r.Context(), node.Cursor{})
		if err != nil {
			return node.Cursor{}, broken(err)
		}
		return node.Cursor{Run: board.Run, Sequence: n}, nil
	}
	after, err := node.ParseCursor(last)
	if err != nil {
		return node.Cursor{}, newProblem(http.StatusBadRequest, CodeBadCursor, "Unreadable Last-Event-ID", "Last-Event-ID "+err.Error()+".")
	}
	return after, nil
}
