package web

import (
	"net/http"

	"landport/node"
)

func (s *Server) boardPage(w http.ResponseWriter, r *http.Request) {
	now, _, err := s.source.Board(r.Context(), node.Cursor{})
	if err != nil {
		s.broken(w, r, err)
		return
	}
	v := s.view(now)
	if s.node == nil {
		s.render(w, r, http.StatusOK, boardView(s.page("board", ""), v))
		return
	}
	odd, older, err := s.oddities(r.Context(), v, oddMost)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, postView(s.pageFor(r, "board", ""), v, odd, older, s.clockDoubt()))
}

func (s *Server) boardAPI(w http.ResponseWriter, r *http.Request) {
	now, _, err := s.source.Board(r.Context(), node.Cursor{})
	if err != nil {
		s.broken(w, r, err)
		return
	}
	v := s.view(now)
	s.answer(w, r, v.Whole(v.model, v.seed))
}

// turningClass marks a lane that turns, both where it is driven now and where it
// will be.
func (v *view) turningClass(s Strip) string {
	if d, turns := v.TurnsTo(s.Place); turns && (d == s.Direction || v.Serves(s.Place, s.Direction)) {
		return "turning"
	}
	return ""
}
