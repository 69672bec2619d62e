package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"

	"landport/gate"
	"landport/node"
)

// aboutLook is what has to be looked into.
func (s *Server) aboutLook(r *http.Request, c *node.Command) (*panel, *Problem, error) {
	if given := r.PathValue("seq"); given != "" {
		var err error
		if c.Anomaly, err = strconv.ParseInt(given, 10, 64); err != nil {
			problem := newProblem(http.StatusNotFound, CodeUnknownPath, "No such number", fmt.Sprintf("%q is not the number of an entry.", given))
			return nil, problem, nil //nolint:nilerr // the problem tells it
		}
	}
	v, err := s.standing(r.Context())
	if err != nil {
		return nil, nil, err
	}
	beside, most := besideBoard(r), math.MaxInt
	if beside {
		most = oddMost
	}
	odd, older, err := s.oddities(r.Context(), v, most)
	if err != nil {
		return nil, nil, err
	}
	settled, err := s.settled(r.Context(), v, beside)
	if err != nil {
		return nil, nil, err
	}
	return &panel{Address: "/look", Heading: "To look into", Body: lookBody(v, odd, older, s.clockDoubt(), beside, settled), Bare: beside}, nil, nil
}

// besideBoard reports whether the script asks for the list beside the board,
// where there is room for the latest alone.
func besideBoard(r *http.Request) bool { return r.Header.Get("HX-Target") == "look" }

// clockDoubt is what has to be looked into about the clock. What else keeps a
// node from working stands above every page.
func (s *Server) clockDoubt() error {
	if err := s.node.Ready(); clockInDoubt(err) {
		return err
	}
	return nil
}

// oddity is an anomaly in words.
type oddity struct {
	node.Anomaly
	Text string
	Act  act
}

// oddMost is how many anomalies stand beside the board.
const oddMost = 12

// announcedMost is how many that are yet to come stand beside the board.
const announcedMost = 6

// oddities lists the latest anomalies first, and counts those left out.
func (s *Server) oddities(ctx context.Context, v *view, most int) (out []oddity, older int, err error) {
	all, err := s.node.Anomalies(ctx)
	for _, a := range slices.Backward(all[max(0, len(all)-most):]) {
		settle := newAct(gate.Note, "Settled", remarkField())
		settle.Do = doSettle
		text := v.oddWords(&a.Fact)
		if a.Claimed != "" {
			text += " It claimed " + a.Claimed + "."
		}
		out = append(out, oddity{a, text, settle})
	}
	return out, len(all) - len(out), err
}

// settled lists what was settled lately; beside the board there is no room for it.
func (s *Server) settled(ctx context.Context, v *view, beside bool) ([]deed, error) {
	if beside {
		return nil, nil
	}
	return s.deeds(ctx, v, settles)
}

// anomalyWords say what the world did.
func anomalyWords(r gate.Reason) string {
	words := map[gate.Reason]string{
		gate.Full: "came although there was no room", gate.NoProcedure: "no procedure is for this vehicle; it goes by another until somebody sees to it",
		gate.NoLane: "no lane takes this vehicle", gate.NotExpected: "came where it was not expected",
		gate.OverCapacity: "more vehicles than the place holds", gate.NotInService: "told as served without being in service",
		gate.NotCalled: "drove forward without being called", gate.UnknownVisit: "nobody knew of this vehicle",
		gate.CannotRefer: "was referred to a stop that lies behind it", gate.CallMissed: "did not come when called",
		gate.BookingMissed: "missed its booking", gate.Astray: "is where it should not be",
		gate.KindUnknown: "came, and nobody said what kind of vehicle it is",
		gate.PlaceGone:   "somebody has to say where it stands; it was in a place that is no longer part of the post",
		gate.TooEarly:    "was told of a time before what is known of it",
		gate.HasLeft:     "was reported after it had left", gate.NoCoach: "is no coach, and a passenger alighted from it",
		gate.NotMinted: "came under a reference that was never given", gate.UsedBefore: "came under the reference of a visit that is over",
		gate.InUse:       "came under the reference of another vehicle, which is announced or here",
		gate.NotOpen:     "came straight to where nobody is taken in now: it is closed, or serves the other direction",
		gate.EntriesLost: "entries of the ledger were lost, and the board began empty: whoever stood here has to be reported as arrived, with the place; settle this when all are",
	}
	if w, ok := words[r]; ok {
		return w
	}
	return "out of the ordinary"
}
