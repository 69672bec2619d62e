package board

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
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

// Teller tells many readers of one source what changes. Events are made once
// for all who are up to date; who begins or fell behind gets one of its own, and
// then goes along with the others.
type Teller struct {
	from   Source
	change func(*node.Board) Change

	mu   sync.Mutex
	last telling // the latest that was made for all
}

// NewTeller returns the Teller of a source. change says what of a board is told.
func NewTeller(from Source, change func(*node.Board) Change) *Teller {
	return &Teller{from: from, change: change}
}

// telling is an event: what changed between two cursors.
type telling struct {
	number    int // of the latest that was made for all
	after, to node.Cursor
	event     []byte
	made      time.Time
	changed   <-chan struct{} // closed when there is something newer
}

// serves reports whether an event brings a reader up to date who has seen what
// there was at a cursor. What it has seen already it is told again as it stands
// now.
func (t *telling) serves(at node.Cursor) bool {
	return t.after.Run == t.to.Run && at.Run == t.to.Run && t.after.Sequence <= at.Sequence && at.Sequence <= t.to.Sequence
}

// Stream tells what changes, as server-sent events named change, until the
// reader leaves or the source is done. The id of each is a cursor.
func (t *Teller) Stream(w http.ResponseWriter, r *http.Request, after node.Cursor) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", EventStream)
	w.Header().Set("Cache-Control", "no-store")
	seen := telling{to: after}
	for r.Method != http.MethodHead {
		var err error
		if seen, err = t.next(r.Context(), &seen); err != nil {
			return
		}
		if _, err := w.Write(seen.event); err != nil || out.Flush() != nil {
			return
		}
		if !pause(r, t.from.Done(), nil, time.Until(seen.made.Add(breath))) ||
			!pause(r, t.from.Done(), seen.changed, time.Until(seen.made.Add(heartbeat))) {
			return
		}
	}
}

// next is the event after the one that a reader has seen.
func (t *Teller) next(ctx context.Context, seen *telling) (telling, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if seen.event != nil {
		if t.last.number > seen.number && t.last.serves(seen.to) {
			return t.last, nil
		}
		from := t.last.to
		if time.Since(t.last.made) > 2*heartbeat { // nobody follows
			from = seen.to
		}
		if seen.to.Run == from.Run && seen.to.Sequence >= from.Sequence {
			made, err := t.tell(ctx, from)
			if err != nil {
				return made, err
			}
			made.number++
			t.last = made
			if made.serves(seen.to) {
				return made, nil
			}
		}
	}
	return t.tell(ctx, seen.to)
}

// tell makes an event of what changed after a cursor.
func (t *Teller) tell(ctx context.Context, after node.Cursor) (telling, error) {
	state, changed, err := t.from.Board(ctx, after)
	if err != nil {
		return telling{}, err
	}
	data, err := json.Marshal(t.change(&state))
	if err != nil {
		return telling{}, err
	}
	event := fmt.Appendf(nil, "id: %s\nevent: change\ndata: %s\n\n", state.Cursor, data)
	return telling{t.last.number, after, state.Cursor, event, time.Now(), changed}, nil
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
