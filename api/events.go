package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"landport/node"
)

const (
	// breath is the least time between two events of a stream; what happens
	// meanwhile is told together.
	breath = 150 * time.Millisecond
	// heartbeat is the longest: it keeps clocks right and shows a dead line.
	heartbeat = 2 * time.Second
)

// Since says where a reader of events left off.
type Since struct {
	Last string `header:"Last-Event-ID" maxLength:"60" doc:"The id of the last event seen; browsers send it by themselves"`
}

func (s *server) registerEvents() {
	data, _ := json.Marshal(Change{ //nolint:errchkjson // plain values
		Moment: exampleMoment(), Posts: []PostState{}, Places: []PlaceState{}, Stops: []StopState{}, Visits: []VisitOnSite{exampleVisit()}, Gone: []string{},
	})
	get(s, operation{
		path: "/api/v1/events", id: "events", tag: tagPost, summary: "What changes, as it happens", media: eventStream,
		text: "Server-sent events named `change`, each with what changed since the one before: the board's moment, posts, places and stops, the visits " +
			"that changed, and those that are gone. The first event has everything, unless Last-Event-ID says where the reader left off. " +
			"There is one at least every two seconds. The stream ends when the node stops.",
		example: "id: e1-1042\nevent: change\ndata: " + string(data) + "\n\n",
	}, func(_ context.Context, in *struct{ Since }) (*stream, error) {
		var after node.Cursor
		if in.Last != "" {
			var err error
			if after, err = node.ParseCursor(in.Last); err != nil {
				return nil, invalid(Fault{"header.Last-Event-ID", err.Error()})
			}
		}
		return &stream{func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			s.stream(w, r, after)
		}}, nil
	})
}

// stream tells what changes until the reader leaves or the node stops.
func (s *server) stream(w http.ResponseWriter, r *http.Request, after node.Cursor) {
	s.meters.streams.Inc()
	defer s.meters.streams.Dec()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", eventStream)
	for r.Method != http.MethodHead {
		board, changed, err := s.node.Board(r.Context(), after)
		if err != nil {
			return
		}
		v := view{&s.names, &board}
		if err := writeEvent(w, board.Cursor, v.change()); err != nil || out.Flush() != nil {
			return
		}
		after = board.Cursor
		if !s.pause(r, nil, breath) || !s.pause(r, changed, heartbeat) {
			return
		}
	}
}

// pause waits until woken or for d; false says that the stream is over.
func (s *server) pause(r *http.Request, woken <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-s.node.Done():
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
