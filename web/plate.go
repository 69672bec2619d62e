package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"landport/border"
	"landport/node"
)

// find goes to the visit of a reference or a plate, and asks which if several
// have the plate.
func (s *Server) find(w http.ResponseWriter, r *http.Request) {
	asked := strings.TrimSpace(r.URL.Query().Get("q"))
	if reference, err := border.ParseReference(asked); err == nil {
		http.Redirect(w, r, visitAddress(reference.String()), http.StatusSeeOther) //nolint:gosec // a path of this site
		return
	}
	v, err := s.standing(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	found, err := s.plated(r.Context(), v, asked)
	switch {
	case err != nil:
		s.broken(w, r, err)
	case len(found) == 0:
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownVisit, "Nobody found",
			fmt.Sprintf("No visit that is announced or here has the reference or the plate %q.", asked)))
	case len(found) == 1:
		http.Redirect(w, r, visitAddress(found[0].Reference), http.StatusSeeOther) //nolint:gosec // a path of this site
	default:
		s.show(w, r, &panel{"/find", "Several with this plate", foundBody(v, found), false}, notice{})
	}
}

// plated lists the visits that are announced or here under a plate, in any
// spelling.
func (s *Server) plated(ctx context.Context, v *view, plate string) (out []*node.Visit, err error) {
	if plate == "" {
		return nil, nil
	}
	commitments, err := s.node.Ledger().Search(ctx, "plate", plate)
	for i := range v.State.Visits {
		if visit := &v.State.Visits[i]; visit.Plate != "" && slices.Contains(commitments, visit.Plate) {
			out = append(out, visit)
		}
	}
	return out, err
}

// alike lists who else than a visit is announced or here under its plate.
func (s *Server) alike(ctx context.Context, v *view, rec *node.Record, plate string) ([]*node.Visit, error) {
	found, err := s.plated(ctx, v, plate)
	same := func(visit *node.Visit) bool { return visit.Reference == rec.Reference }
	if !slices.ContainsFunc(found, same) { // it has left
		return nil, err
	}
	return slices.DeleteFunc(found, same), err
}
