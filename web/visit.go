package web

import (
	"net/http"
	"strconv"

	"landport/border"
	"landport/node"
)

func (s *Server) visitAPI(w http.ResponseWriter, r *http.Request) {
	reference := referenceOf(r)
	rec, ok, err := s.source.Record(r.Context(), reference)
	switch {
	case err != nil:
		s.broken(w, r, err)
	case !ok:
		s.fail(w, r, noVisit(reference))
	default:
		s.answer(w, r, s.view(node.Board{Moment: rec.Moment}).record(&rec))
	}
}

// referenceOf returns the reference asked for, which a person may write in any
// case, with or without hyphens. At a crossing of no known country visits have
// plain numbers.
func referenceOf(r *http.Request) string {
	asked := r.PathValue("reference")
	if reference, err := border.ParseReference(asked); err == nil {
		return reference.String()
	}
	return asked
}

// noVisit says why nothing was found: the reference was misread, or the visit
// is gone.
func noVisit(reference string) *Problem {
	_, number := strconv.ParseUint(reference, 10, 64)
	if _, err := border.ParseReference(reference); err != nil && number != nil {
		return newProblem(http.StatusNotFound, CodeBadReference, "Not a crossing reference", err.Error())
	}
	return unknownVisit(reference)
}
