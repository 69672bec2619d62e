package board

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"landport/node"
)

// EventStream is the media type of server-sent events.
const EventStream = "text/event-stream"

const (
	// breath is the least time between two events of a stream; what happens
	// meanwhile is told together.
	breath = 150 * time.Millisecond
	// heartbeat is the longest: it keeps clocks right and shows a dead line.
	heartbeat = 2 * time.Second
)

// Source is what a stream tells of: a playback or a node.
type Source interface {
	Board(ctx context.Context, after node.Cursor) (node.Board, <-chan struct{}, error)
	Done() <-chan struct{}
}

// Stream tells what changes, as server-sent events named change, until the
// reader leaves or the source is done. The id of each is a cursor. change says
// what of a board is told.
func Stream(w http.ResponseWriter, r *http.Request, from Source, after node.Cursor, change func(*node.Board) Change) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", EventStream)
	w.Header().Set("Cache-Control", "no-store")
	for r.Method != http.MethodHead {
		state, changed, err := from.Board(r.Context(), after)
		if err != nil {
			return
		}
		if err := writeEvent(w, state.Cursor, change(&state)); err != nil || out.Flush() != nil {
			return
		}
		after = state.Cursor
		if !pause(r, from.Done(), nil, breath) || !pause(r, from.Done(), changed, heartbeat) {
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

func writeEvent(w http.ResponseWriter, at node.Cursor, change Change) error {
	data, err := json.Marshal(change)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %s\nevent: change\ndata: %s\n\n", at, data)
	return err
}
