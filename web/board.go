package web

import (
	"net/http"

	"landport/node"
)

func (s *Server) boardPage(w http.ResponseWriter, r *http.Request) {
	board, _, err := s.source.Board(r.Context(), node.Cursor{})
	if err != nil {
		s.broken(w, r, err)
		return
	}
	v := s.view(board)
	if s.node == nil {
		s.render(w, r, http.StatusOK, boardView(s.page("board", ""), v))
		return
	}
	odd, older := s.oddities(oddMost)
	s.render(w, r, http.StatusOK, postView(s.pageFor(r, "board", ""), v, odd, older, s.node.Ready()))
}

func (s *Server) boardAPI(w http.ResponseWriter, r *http.Request) {
	board, _, err := s.source.Board(r.Context(), node.Cursor{})
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.answer(w, r, s.view(board).json())
}
