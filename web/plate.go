package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"landport/board"
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
	if border.PlateKey(asked) == "" {
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownVisit, "Nobody found",
			"Nobody is found by a plate without a letter or a digit; give a reference, or the plate as it stands on the vehicle."))
		return
	}
	found, err := s.node.Traces(r.Context(), asked)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	switch len(found) {
	case 0:
		s.fail(w, r, newProblem(http.StatusNotFound, CodeUnknownVisit, "Nobody found",
			fmt.Sprintf("No visit has the reference or the plate %q, neither of those announced or here nor of those that left.", asked)))
	case 1:
		http.Redirect(w, r, visitAddress(found[0].Reference), http.StatusSeeOther) //nolint:gosec // a path of this site
	default:
		v, err := s.standing(r.Context())
		if err != nil {
			s.broken(w, r, err)
			return
		}
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

// leftWords say when a visit was here.
func leftWords(v *view, found *node.Trace) string {
	zone := v.Zone(0)
	switch {
	case found.Ended == 0 && found.ArrivedAt == 0:
		return "nobody knows when it was here"
	case found.Ended == 0:
		return "came on " + day(found.ArrivedAt, zone) + " at " + board.Clock(found.ArrivedAt, zone) + "; nobody knows when it left"
	case found.ArrivedAt == 0:
		return "announced, and over on " + day(found.Ended, zone) + " at " + board.Clock(found.Ended, zone) + " without having come"
	}
	return "left on " + day(found.Ended, zone) + " at " + board.Clock(found.Ended, zone)
}
