package api

import (
	"context"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"landport/board"
	"landport/node"
)

// Types of boards, told as playbacks and pages tell them.
type (
	Instant     = board.Instant
	Board       = board.Board
	VisitOnSite = board.VisitOnSite
)

// instant describes instants in the OpenAPI document.
type instant string

// Schema is that of an instant.
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Examples: []any{"2018-03-05T01:00:00.000000Z"}}
}

func (s *server) registerBoard() {
	s.huma.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[Instant](), reflect.TypeFor[instant]())
	get(s, operation{
		path: "/api/v1/posts/{post}/board", id: "board", tag: tagPost, summary: "What is where",
		text: "All visits that are announced or present, and how places, stops and hours stand. `/api/v1/events` streams what changes. " +
			"While the node's database does not answer, `trouble` says so and all is as it was at `at`.",
		problems: []string{codeUnknownPost}, example: exampleBoard(),
	}, func(ctx context.Context, in *struct{ AtPost }) (*answer[Board], error) {
		if p := s.post(in.Post); p != nil {
			return nil, p
		}
		b, _, err := s.node.Board(ctx, node.Cursor{})
		if err != nil {
			return nil, s.broken(err)
		}
		return &answer[Board]{s.view(&b).Whole(s.node.Model(), 0)}, nil
	})
}

func (s *server) view(b *node.Board) *board.View { return &board.View{Layout: s.layout, State: b} }
