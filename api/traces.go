package api

import (
	"context"

	"landport/board"
	"landport/border"
	"landport/node"
)

// Traces are the visits that went by a plate.
type Traces struct {
	At     Instant `json:"at" doc:"The node's clock"`
	Visits []Trace `json:"visits" doc:"The latest first, fifty at most"`
}

// Trace is a visit found by its plate.
type Trace struct {
	VisitOnSite

	Plate string  `json:"plate" doc:"As it was noted"`
	Ended Instant `json:"ended_at,omitempty" doc:"When it left, or was cancelled; left out while it is announced or here, and if nobody knows"`
}

func (s *server) registerTraces() {
	example := Traces{"2018-03-05T01:05:00.000000Z", []Trace{{VisitOnSite: exampleVisit(), Plate: "2A-3456"}}}
	get(s, operation{
		path: "/api/v1/visits", id: "visits", tag: tagVisits, summary: "Visits by their plate", example: example,
		text: "In any spelling of the plate: those announced, those here, and those that left, however long ago. " +
			"Nobody is found under a plate that was corrected since, or erased.",
		problems: []string{codeNotReady, codeStopped},
	}, func(ctx context.Context, in *struct {
		Plate string `query:"plate" required:"true" minLength:"1" maxLength:"40" example:"2A-3456" doc:"In any spelling"`
	},
	) (*answer[Traces], error) {
		if border.PlateKey(in.Plate) == "" {
			return nil, invalid(Fault{"query.plate", "it has no letter and no digit; give the plate as it stands on the vehicle"})
		}
		found, err := s.node.Traces(ctx, in.Plate)
		if err != nil {
			return nil, s.broken(err)
		}
		out, view := Traces{board.Stamp(s.node.Clock().Now()), []Trace{}}, s.view(&node.Board{})
		for i := range found {
			t := Trace{VisitOnSite: view.Visit(&found[i].Visit)}
			if found[i].Ended != 0 {
				t.Ended = board.Stamp(found[i].Ended)
			}
			if t.Plate, err = s.node.Reveal(ctx, found[i].Plate); err != nil {
				return nil, s.broken(err)
			}
			out.Visits = append(out.Visits, t)
		}
		return &answer[Traces]{out}, nil
	})
}
