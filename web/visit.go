package web

import (
	"net/http"

	"landport/node"
)

func (s *Server) visitPage(w http.ResponseWriter, r *http.Request) {
	rec, ok, err := s.play.Record(r.Context(), r.PathValue("reference"))
	switch {
	case err != nil:
		s.broken(w, r, err)
	case !ok:
		s.fail(w, r, unknownVisit(r.PathValue("reference")))
	case fragment(r):
		s.render(w, r, http.StatusOK, recordPanel(s.view(node.Board{Moment: rec.Moment}), &rec))
	default:
		s.render(w, r, http.StatusOK, recordPage(s.page("", rec.Reference), s.view(node.Board{Moment: rec.Moment}), &rec))
	}
}

func (s *Server) visitAPI(w http.ResponseWriter, r *http.Request) {
	rec, ok, err := s.play.Record(r.Context(), r.PathValue("reference"))
	switch {
	case err != nil:
		s.broken(w, r, err)
	case !ok:
		s.fail(w, r, unknownVisit(r.PathValue("reference")))
	default:
		s.answer(w, r, s.view(node.Board{Moment: rec.Moment}).record(&rec))
	}
}
