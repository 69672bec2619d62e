package web

import (
	"context"
	"slices"

	"landport/board"
	"landport/node"
)

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
