package web

import (
	"net/http"

	"landport/board"
	"landport/node"
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
	board.NewTeller(s.source, func(b *node.Board) board.Change { return s.view(*b).Change() }).Stream(w, r, after)
}

// cursor reads where the reader left off; the zero Cursor when it is new.
func (s *Server) cursor(r *http.Request) (node.Cursor, *Problem) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		return node.Cursor{}, nil
	}
	after, err := node.ParseCursor(last)
	if err != nil {
		return node.Cursor{}, newProblem(http.StatusBadRequest, CodeBadCursor, "Unreadable Last-Event-ID", "Last-Event-ID "+err.Error()+".")
	}
	return after, nil
}
