package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"landport/border"
	"landport/node"
)

// order takes the controls of the playback: do=pause, resume, speed or jump.
func (s *Server) order(w http.ResponseWriter, r *http.Request) {
	err := s.carryOut(r)
	switch {
	case errors.Is(err, node.ErrStopped):
		s.broken(w, r, err)
	case err != nil:
		s.fail(w, r, newProblem(http.StatusUnprocessableEntity, CodeBadOrder, "Order not understood", sentence(err.Error())))
	case fragment(r):
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Redirect(w, r, s.base+"/", http.StatusSeeOther)
	}
}

func (s *Server) carryOut(r *http.Request) error {
	ctx := r.Context()
	switch do := r.FormValue("do"); do {
	case "pause":
		return s.play.Pause(ctx, true)
	case "resume":
		return s.play.Pause(ctx, false)
	case "speed":
		speed, err := strconv.ParseFloat(r.FormValue("speed"), 64)
		if err != nil {
			return fmt.Errorf("%q is not a pace; 60 plays a minute in a second", r.FormValue("speed"))
		}
		return s.play.SetSpeed(ctx, speed)
	case "jump":
		zone := node.Zone(s.play.Model().Layout, 0)
		to, err := time.ParseInLocation("2006-01-02T15:04", r.FormValue("to"), zone)
		if err != nil {
			return fmt.Errorf("%q is not a day and an hour such as %s", r.FormValue("to"),
				s.play.Model().Start.Std(zone).Format("2006-01-02T15:04"))
		}
		return s.play.Jump(ctx, border.At(to))
	default:
		return fmt.Errorf("%q is not an order; it takes pause, resume, speed or jump", do)
	}
}
