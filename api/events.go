package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"landport/board"
	"landport/node"
)

// Since says where a reader of events left off.
type Since struct {
	Last string `header:"Last-Event-ID" maxLength:"60" doc:"The id of the last event seen; browsers send it by themselves"`
}

func (s *server) registerEvents() {
	data, _ := json.Marshal(board.Change{ //nolint:errchkjson // plain values
		Moment: exampleMoment(), Posts: []board.PostState{}, Places: []board.PlaceState{}, Stops: []board.StopState{},
		Visits: []VisitOnSite{exampleVisit()}, Gone: []string{},
	})
	get(s, operation{
		path: "/api/v1/events", id: "events", tag: tagPost, summary: "What changes, as it happens", media: board.EventStream,
		text: "Server-sent events named `change`, each with what changed since the one before: the board's moment, posts, places and stops, the visits " +
			"that changed, and those that are gone. The first event has everything, unless Last-Event-ID says where the reader left off. " +
			"There is one at least every two seconds. While the node's database does not answer, `trouble` says so and all is as it was at `at`. The stream ends when the node stops.",
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
	s.teller.Stream(w, r, after)
}
